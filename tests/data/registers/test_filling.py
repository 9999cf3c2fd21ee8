"""A city in parts: each value as the database's own statement has it, people put together across parts."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pytest
from django.db import connections

from tests import hamlet
from zhongshu.bench.resolve import score
from zhongshu.data.databases import OWNER
from zhongshu.data.registers import adding, blocks, choosing, filling, indexes, learnt, loading, numbers, settling
from zhongshu.data.registers.copying import copy
from zhongshu.data.registers.subjects import SUBJECTS, Subject

HOUSEHOLDS = 60
DATASETS = ("population", "household_register", "pupils", "disabled", "tenancy", "property")
RESIDENCE = "place, person, house, since, until, relation, reason, mode, dataset, as_of"


def rows(sql: str, *given: Any) -> list[tuple[Any, ...]]:
    with connections[OWNER].cursor() as cursor:
        cursor.execute(sql, list(given))
        found: list[tuple[Any, ...]] = cursor.fetchall()
        return found


def run(sql: str) -> None:
    with connections[OWNER].cursor() as cursor:
        cursor.execute(sql)


@pytest.fixture
def empty(database: str) -> Iterator[None]:
    loading.empty()
    run("DELETE FROM data_sourcerank")
    yield
    run("DELETE FROM data_sourcerank")
    loading.empty()


def shuffled(subject: str, dice: np.random.Generator) -> pa.Table:
    """What a hamlet tells, with its values thrown about: sources, days, gaps, boxes; and entities at random."""
    table = hamlet.told(HOUSEHOLDS)[subject].drop(["id", "truth"])
    count = table.num_rows
    days = [date(2020, 1, 1) + timedelta(days=int(day)) for day in dice.integers(0, 40, count)]
    thrown = {
        "dataset": pa.array(dice.choice(DATASETS, count)),
        "key": pa.array([f"k{n}" for n in range(count)]),
        "as_of": pa.array(days),
        "verified": pa.array([one + timedelta(days=9) for one in days], mask=dice.random(count) < 0.7),
        "entity": pa.array(np.unique(dice.integers(0, count // 4, count), return_inverse=True)[1] + 1),
        "id": pa.array(dice.permutation(count) + 1),
    }
    for name in ("name", "id_number", "phone", "kind", "owner", "credit_code", "fire"):
        held = table[name].to_pylist() if name in table.column_names else []
        thrown |= {name: pa.array([("", "张□", "x", one)[int(dice.integers(0, 4))] for one in held])} if held else {}
    for name, column in thrown.items():
        table = table.drop([name]) if name in table.column_names else table
        table = table.append_column(name, column)
    return table


def ranked(dice: np.random.Generator) -> None:
    """Ranks at random, also equal ones, for all items and for one."""
    for subject in SUBJECTS:
        for item in ("*", "name", "phone"):
            for dataset in DATASETS[:4]:
                rows(
                    "INSERT INTO data_sourcerank (code, valid_from, digest, subject, item, dataset, rank, basis)"
                    " VALUES (%s, now(), '', %s, %s, %s, %s, '') RETURNING id",
                    *(f"{subject}/{item}/{dataset}", subject, item, dataset, int(dice.integers(1, 4))),
                )


def settled(subject: Subject, columns: list[str]) -> list[tuple[Any, ...]]:
    return rows(f"SELECT {', '.join(columns)} FROM {subject.table} ORDER BY id")


@pytest.mark.parametrize("seed", [1, 2])
def test_values_chosen_beside_the_database_are_those_of_its_statement(empty: None, seed: int) -> None:
    dice = np.random.default_rng(seed)
    ranked(dice)
    for subject in (SUBJECTS[name] for name in filling.ORDER):
        told = shuffled(subject.name, dice)
        copy(subject.records, {name: told[name] for name in told.column_names})
        chosen = choosing.choose(subject, told, settling.ranks(OWNER))
        settling.settle(subject, None, OWNER)
        names = chosen.entities.column_names
        by_statement = settled(subject, names), rows(f"SELECT {RESIDENCE} FROM residence ORDER BY 2, 3, 5, 4")
        run(f"TRUNCATE {subject.table}" + (", residence" if subject.name == "person" else ""))
        loading.copy_chosen(subject, chosen)
        assert settled(subject, names) == by_statement[0]
        assert rows(f"SELECT {RESIDENCE} FROM residence ORDER BY 2, 3, 5, 4") == by_statement[1]
        assert subject.name != "person" or len(by_statement[1]) > 20


def test_a_number_proves_itself_here_as_in_the_database(database: str) -> None:
    given = ["11010519491231002X", "11010519491231002x", "110105194912310021", "", "110105491231002", "中" * 18]
    said = rows("SELECT proves_itself(x) FROM unnest(%s::text[]) WITH ORDINALITY u(x, n) ORDER BY n", given)
    assert numbers.proves_itself(pa.array(given)).to_pylist() == [one for (one,) in said]


def parts() -> Iterator[dict[str, pa.Table]]:
    """The hamlet with one record in ten told by a second part and one by a third: every part meets the others.

    What the grid workers tell of houses comes first: nobody lives in a house that isn't registered.
    """
    for part in ((0, 1, 2, 4, 5, 7, 8, 9), (3,), (6,)):
        chosen = {}
        for name, table in hamlet.told(HOUSEHOLDS).items():
            mine = np.isin(np.arange(table.num_rows) % 10, part)
            first = pc.equal(table["dataset"], "houses").to_numpy()
            chosen[name] = table.drop(["id"]).filter(pa.array(np.where(first, 0 in part, mine)))
        yield chosen


def f1(subject: str) -> float:
    """Of the records as they were loaded, part by part, against the truth."""
    truth = pa.concat_tables([one[subject] for one in parts()])["truth"].to_numpy()
    held = np.array([row[0] for row in rows(f"SELECT entity FROM {subject}_record ORDER BY id")])
    return score(np.unique(held, return_inverse=True)[1], truth)["f1"]


def test_parts_that_tell_of_the_same_people_are_put_together_and_teach_for_later(empty: None) -> None:
    first, second, third = parts()
    done = list(filling.fill([first, second], enough=1))
    assert rows("SELECT count(*) FROM house") == [(2 * HOUSEHOLDS,)]
    assert sum(one.entities for one in done if one.subject == "person") == rows("SELECT count(*) FROM person")[0][0]
    assert rows("SELECT count(*) FROM person_record WHERE entity NOT IN (SELECT id FROM person)") == [(0,)]
    assert rows("SELECT count(*) FROM residence WHERE house NOT IN (SELECT id FROM house)") == [(0,)]
    every = {one.name for model in indexes.models() for one in (*model._meta.indexes, *model._meta.constraints)}
    assert every <= indexes.there()
    known = learnt.kept("person")
    assert known is not None
    people = first["person"].num_rows + second["person"].num_rows
    assert rows("SELECT records FROM linking_model WHERE subject = 'person'") == [(people,)]
    assert dict(rows("SELECT field, sum(count)::int FROM linking_term WHERE field LIKE 'person.%%' GROUP BY 1")) == {
        f"person.{name}": known.totals[name] for name in ("name", "phone")
    }
    adding.take("person", third["person"])
    assert f1("person") > 0.97
    counted = "SELECT place, measure, band, count FROM block_count WHERE count > 0 ORDER BY 1, 2, 3"
    kept = rows(counted)
    blocks.recount()
    assert rows(counted) == kept
