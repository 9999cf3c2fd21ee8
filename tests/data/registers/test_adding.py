"""Later deliveries: the same decisions as one run over everything, the same counts; keys that are told again."""

from __future__ import annotations

from typing import Any

import numpy as np
import orjson
import pyarrow as pa
import pytest
from django.db import connections

from tests import hamlet
from zhongshu.bench.resolve_later import agreement
from zhongshu.data.databases import OWNER
from zhongshu.data.registers import adding, blocks, features, learnt, loading, relearning
from zhongshu.data.registers.linking import link
from zhongshu.data.registers.profiles import values
from zhongshu.data.registers.subjects import PERSON, subject_of

HOUSEHOLDS = 60


def rows(sql: str, *given: Any) -> list[tuple[Any, ...]]:
    with connections[OWNER].cursor() as cursor:
        cursor.execute(sql, list(given))
        found: list[tuple[Any, ...]] = cursor.fetchall()
        return found


def later(table: pa.Table, tenth: int = 3) -> tuple[pa.Table, pa.Table]:
    """A register's records without one in ten, and those."""
    chosen = np.arange(table.num_rows) % 10 == tenth
    return table.filter(pa.array(~chosen)), table.filter(pa.array(chosen))


@pytest.fixture(scope="module")
def town(database: str) -> dict[str, pa.Table]:
    """Nine tenths of what a hamlet's departments tell are loaded and counted; the last tenth came later."""
    told = {name: table.drop(["id"]) for name, table in hamlet.told(HOUSEHOLDS).items()}
    for subject in ("house", "person", "organisation"):
        adding.take(subject, later(told[subject])[0])
    blocks.recount()
    for subject in ("house", "person", "organisation"):
        adding.take(subject, later(told[subject])[1])
    return told


def ordered(told: pa.Table) -> pa.Table:
    """In the order in which they were loaded."""
    return pa.concat_tables(later(told))


@pytest.mark.parametrize("subject", ["person", "organisation"])
def test_later_records_go_where_one_run_over_all_would_put_them(town: dict[str, pa.Table], subject: str) -> None:
    told = ordered(town[subject]).append_column("id", pa.array(np.arange(town[subject].num_rows)))
    whole = link(features.of(told, subject), subject, threads=1).cluster
    held = np.array([row[0] for row in rows(f"SELECT entity FROM {subject_of(subject).records} ORDER BY id")])
    fresh = np.arange(len(held)) >= later(town[subject])[0].num_rows
    assert agreement(held, whole, fresh) >= 0.98


def test_houses_are_still_one_for_each_address(town: dict[str, pa.Table]) -> None:
    assert rows("SELECT count(*) FROM house") == [(2 * HOUSEHOLDS,)]


def test_counts_moved_with_the_records_are_those_of_a_full_count(town: dict[str, pa.Table]) -> None:
    asked = "SELECT place, measure, band, count FROM block_count WHERE count > 0 ORDER BY 1, 2, 3"
    moved = rows(asked)
    blocks.recount()
    assert moved == rows(asked)


def test_doubtful_pairs_say_why(town: dict[str, pa.Table]) -> None:
    found = rows("SELECT score, reasons::text FROM identity_pair WHERE subject = 'person'")
    said = [(score, orjson.loads(reasons)) for score, reasons in found]
    assert said
    assert all([name for name, _, _ in one] == ["prior", "number", "name", "born", "phone", "home"] for _, one in said)
    weights = [(score, sum(bits for _, _, bits in one)) for score, one in said]
    assert all(abs(score - 1 / (1 + 2**-bits)) < 0.1 for score, bits in weights)


def test_a_register_that_is_learnt_again_has_the_same_marks_and_counts(town: dict[str, pa.Table]) -> None:
    marks = " UNION ".join(
        f"SELECT entity, {n}, k{n} FROM person_record WHERE valid_to IS NULL AND k{n} IS NOT NULL" for n in range(1, 7)
    )
    marks += " ORDER BY 1, 2, 3"
    counts = "SELECT field, term, count FROM linking_term WHERE field LIKE 'person.%%' ORDER BY 1, 2"
    before = rows(marks), rows(counts)
    held = rows("SELECT count(*) FROM person_record WHERE valid_to IS NULL")[0][0]
    rows("UPDATE person_record SET k1 = NULL, k2 = NULL, k3 = NULL, k4 = NULL, k5 = NULL, k6 = NULL RETURNING id")
    assert relearning.again("person") == held
    assert (rows(marks), rows(counts)) == before
    assert rows("SELECT records FROM linking_model WHERE subject = 'person'") == [(held,)]
    assert relearning.again("house") == rows("SELECT count(*) FROM house_record WHERE valid_to IS NULL")[0][0]


def test_a_key_told_again_ends_the_earlier_record_and_keeps_the_person(town: dict[str, pa.Table]) -> None:
    record, entity, dataset, key = rows(
        "SELECT id, entity, dataset, key FROM person_record WHERE valid_to IS NULL AND dataset = 'pupils' ORDER BY 1"
    )[0]
    told = town["person"]
    mine = np.array(told["dataset"].to_pylist()) == dataset
    mine &= np.array(told["key"].to_pylist()) == key
    again = told.filter(pa.array(mine))
    again = again.set_column(again.column_names.index("name"), "name", pa.array(["欧阳全改"]))
    again = again.set_column(again.column_names.index("id_number"), "id_number", pa.array([""]))
    done = adding.take("person", again)
    assert (done.records, done.entities) == (1, 0)
    assert rows("SELECT valid_to IS NULL FROM person_record WHERE id = %s", record) == [(False,)]
    assert rows("SELECT entity FROM person_record WHERE name = '欧阳全改'") == [(entity,)]
    name = next(one for one in values(PERSON, entity) if one.item.name == "name")
    assert "欧阳全改" in [name.best.value, *(one.value for one in name.others)]


def test_an_empty_register_learns_first(town: dict[str, pa.Table]) -> None:
    loading.empty()
    done = adding.take("house", later(town["house"])[0])
    assert rows("SELECT count(*) FROM house") == [(done.entities,)]
    assert "count" not in done.seconds


def test_what_two_random_records_are_is_less_likely_the_more_there_are(database: str) -> None:
    model = learnt.Model({learnt.CHANCE: 0.01}, {"name": 90})
    learnt.keep("organisation", model, 100)
    terms = {"name": pa.table({"term": [7], "count": [10]})}
    grown = learnt.more("organisation", learnt.kept("organisation") or model, terms, 100)
    assert grown.settings[learnt.CHANCE] == pytest.approx(0.005)
    assert grown.totals["name"] == 100
    assert grown.terms["name"].to_pylist() == [{"term": 7, "count": 10}]
