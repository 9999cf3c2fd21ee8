"""所学 what linking learnt from a register's first load, kept: weights, and how often each value occurs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import orjson
import pyarrow as pa
from django.db import connections

from zhongshu.data.databases import OWNER
from zhongshu.data.registers.copying import copy

LEARNT = "*"
"""Among the totals: how many records there were when the weights were learnt."""
CHANCE = "probability_two_random_records_match"
Terms = Mapping[str, pa.Table]
"""Field -> {term, count}: how many records have the value of this number."""


@dataclass(frozen=True, slots=True)
class Model:
    """归并模型: `settings` as Splink writes them, `totals` records that have a field, `terms` of those records."""

    settings: Mapping[str, Any] = field(default_factory=dict)
    totals: Mapping[str, int] = field(default_factory=dict)
    terms: Terms = field(default_factory=dict)


def keep(subject: str, model: Model, records: int) -> None:
    """Keep what a first load taught, in the place of what there was."""
    with connections[OWNER].cursor() as cursor:
        cursor.execute(
            "INSERT INTO linking_model (subject, settings, totals, records, learnt_at) VALUES (%s, %s, %s, %s, now())"
            " ON CONFLICT (subject) DO UPDATE SET settings = excluded.settings, totals = excluded.totals,"
            " records = excluded.records, learnt_at = excluded.learnt_at",
            [
                subject,
                orjson.dumps(model.settings).decode(),
                orjson.dumps({**model.totals, LEARNT: records}).decode(),
                records,
            ],
        )
        cursor.execute("DELETE FROM linking_term WHERE field LIKE %s", [f"{subject}.%"])
    _count(subject, model.terms)


def kept(subject: str) -> Model | None:
    """What was learnt, without its terms; None before the first load."""
    with connections[OWNER].cursor() as cursor:
        cursor.execute("SELECT settings::text, totals::text FROM linking_model WHERE subject = %s", [subject])
        row = cursor.fetchone()
    return Model(orjson.loads(row[0]), orjson.loads(row[1])) if row else None


def more(subject: str, model: Model, terms: Terms, records: int) -> Model:
    """Count later records in; returns the model with the counts of these values over all records, these included."""
    totals = {name: int(model.totals.get(name, 0)) + _sum(table) for name, table in terms.items()}
    totals[LEARNT] = int(model.totals[LEARNT])
    _count(subject, terms)
    with connections[OWNER].cursor() as cursor:
        cursor.execute(
            "UPDATE linking_model SET totals = %s, records = records + %s WHERE subject = %s",
            [orjson.dumps(totals).decode(), records, subject],
        )
    return among_all(subject, Model(model.settings, totals, terms))


def among_all(subject: str, model: Model) -> Model:
    """The model as it is for all records that are kept, with the counts of its terms among these."""
    with connections[OWNER].cursor() as cursor:
        cursor.execute("SELECT records FROM linking_model WHERE subject = %s", [subject])
        known = int(cursor.fetchone()[0])
    terms = {name: _counted(subject, name, table) for name, table in model.terms.items()}
    return Model(scaled(model, known).settings, model.totals, terms)


def scaled(model: Model, count: int) -> Model:
    """The model for so many records: of twice as many half as many of all pairs are the same."""
    if CHANCE not in model.settings:
        return model
    chance = model.settings[CHANCE] * model.totals[LEARNT] / max(1, count)
    return Model({**model.settings, CHANCE: min(0.5, chance)}, model.totals, model.terms)


def keep_counted(subject: str, model: Model, records: int, terms: Iterator[tuple[str, pa.Table]]) -> None:
    """Keep what a whole load taught and counted: `terms` are (field, {term, count}), each value once."""
    keep(subject, Model(model.settings, model.totals), int(model.totals[LEARNT]))
    with connections[OWNER].cursor() as cursor:
        cursor.execute(
            "UPDATE linking_model SET totals = %s, records = %s WHERE subject = %s",
            [orjson.dumps(dict(model.totals)).decode(), records, subject],
        )
    for name, table in terms:
        named = pa.repeat(f"{subject}.{name}", table.num_rows)
        copy("linking_term", {"field": named, "term": table["term"], "count": table["count"]})


def _sum(table: pa.Table) -> int:
    return int(np.sum(table["count"].to_numpy()))


def _count(subject: str, terms: Terms) -> None:
    with connections[OWNER].cursor() as cursor:
        for name, table in terms.items():
            cursor.execute(
                "INSERT INTO linking_term (field, term, count) SELECT %s, * FROM unnest(%s::bigint[], %s::int[])"
                " ON CONFLICT (field, term) DO UPDATE SET count = linking_term.count + excluded.count",
                [f"{subject}.{name}", *(table[column].to_pylist() for column in ("term", "count"))],
            )


def _counted(subject: str, name: str, table: pa.Table) -> pa.Table:
    with connections[OWNER].cursor() as cursor:
        cursor.execute(
            "SELECT term, count FROM linking_term WHERE field = %s AND term = ANY (%s)",
            [f"{subject}.{name}", table["term"].to_pylist()],
        )
        return table_of(cursor.fetchall(), ("term", "count"))


def table_of(rows: Sequence[Sequence[Any]], names: Sequence[str]) -> pa.Table:
    """Rows of numbers as columns."""
    return pa.table({name: pa.array([row[n] for row in rows], pa.int64()) for n, name in enumerate(names)})
