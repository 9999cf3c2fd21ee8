"""入库 take what departments tell into the registers: link the records, copy, settle the values, keep the doubts."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import pyarrow as pa
from django.db import connections, transaction
from numpy.typing import NDArray

from zhongshu.data.databases import OWNER
from zhongshu.data.registers import choosing, features, learnt, marks
from zhongshu.data.registers.copying import copy, reserve
from zhongshu.data.registers.linking import Linked, coded, link
from zhongshu.data.registers.settling import ranks
from zhongshu.data.registers.subjects import Subject, subject_of


@dataclass(slots=True)
class Taken:
    """What one load did: counts, and seconds of each step."""

    subject: str
    records: int = 0
    entities: int = 0
    doubts: int = 0
    seconds: dict[str, float] = field(default_factory=dict)


def take_in(subject_name: str, told: pa.Table) -> Taken:
    """A first load of one register, in one transaction; what it teaches is kept for those that follow (`adding.take`).

    `told` holds the columns of the record table but id and entity. Houses go before people: residences need them.
    """
    subject, done = subject_of(subject_name), Taken(subject_name, told.num_rows)
    clock = Clock(done.seconds)
    told = numbered(subject, told)
    made = features.of(told, subject.name)
    found = linked(subject, made)
    clock("link")
    return store(subject, told, made, found, done)


def store(subject: Subject, told: pa.Table, made: pa.Table, found: Linked, done: Taken) -> Taken:
    """Write a first load of which it is known which records are one; `told` with its ids."""
    clock = Clock(done.seconds)
    done.entities = int(found.cluster.max(initial=-1)) + 1
    first = reserve(subject.table, done.entities)
    entity = found.cluster + first
    told = told.append_column("entity", pa.array(entity))
    with transaction.atomic(using=OWNER):
        copy(subject.records, columns(told, marks.once(marks.of(made, subject.name), entity)))
        learnt.keep(subject.name, found.model, told.num_rows)
        clock("copy")
        copy_chosen(subject, choosing.choose(subject, told, ranks(OWNER)))
        clock("settle")
        start = int(told["id"][0].as_py()) if told.num_rows else 0
        done.doubts = doubts(
            subject, [found.cluster[found.pairs[side].to_numpy() - start] + first for side in SIDES], found.pairs
        )
    clock("doubts")
    with connections[OWNER].cursor() as cursor:
        cursor.execute(f"ANALYZE {subject.table}, {subject.records}, residence, linking_term")
    return done


def copy_chosen(subject: Subject, chosen: choosing.Chosen) -> None:
    """Write entities that are new, and where they live."""
    copy(subject.table, {name: chosen.entities[name] for name in chosen.entities.column_names})
    if chosen.residences.num_rows:
        copy("residence", {name: chosen.residences[name] for name in chosen.residences.column_names})


def numbered(subject: Subject, told: pa.Table) -> pa.Table:
    """With an id for each record."""
    return told.append_column("id", pa.array(np.arange(told.num_rows) + reserve(subject.records, told.num_rows)))


def columns(told: pa.Table, marked: pa.Table) -> dict[str, pa.ChunkedArray]:
    """What is copied into the record table."""
    told = told.drop([name for name in ("truth",) if name in told.column_names])
    return {name: table[name] for table in (told, marked) for name in table.column_names}


class Clock:
    """Seconds of each step."""

    def __init__(self, seconds: dict[str, float]) -> None:
        self.seconds, self.last = seconds, time.monotonic()

    def __call__(self, step: str) -> None:
        now = time.monotonic()
        self.seconds[step] = round(now - self.last, 2)
        self.last = now


def linked(subject: Subject, made: pa.Table) -> Linked:
    """Which records are one: people and firms by Splink, houses by the parts of their address."""
    if subject.name == "house":
        return _by_address(made)
    return link(made, subject.name)


def _by_address(made: pa.Table) -> Linked:
    number = coded(made["room"])
    alone = number < 0
    number[alone] = number.max(initial=-1) + 1 + np.arange(int(alone.sum()))
    return Linked(made["id"].to_numpy(), number, NONE, learnt.Model())


SIDES = ("id_l", "id_r")
NONE = pa.table(
    {
        **{side: pa.array([], pa.int64()) for side in SIDES},
        "p": pa.array([], pa.float64()),
        "reasons": pa.array([], pa.string()),
    }
)
"""No pairs."""

_PAIRS = """
INSERT INTO identity_pair (id, subject, first, second, place, score, reasons, state, found_at, by, proceeding)
SELECT %s || ':' || g.a || '+' || g.b, %s, g.a, g.b, e.place, g.p, g.reasons, 'open', now(), 0, 0
FROM (SELECT DISTINCT ON (1, 2) least(a, b) AS a, greatest(a, b) AS b, p, reasons::jsonb AS reasons
  FROM unnest(%s::bigint[], %s::bigint[], %s::float8[], %s::text[]) AS x(a, b, p, reasons) ORDER BY 1, 2, p DESC) g
JOIN {table} e ON e.id = g.a ON CONFLICT (id) DO NOTHING
"""


def doubts(subject: Subject, sides: Sequence[NDArray[np.int64]], pairs: pa.Table) -> int:
    """Pairs of entities of which records are alike, but not enough: a person says what they are."""
    if not pairs.num_rows:
        return 0
    with connections[OWNER].cursor() as cursor:
        cursor.execute(
            _PAIRS.format(table=subject.table),
            [
                subject.name,
                subject.name,
                *(side.tolist() for side in sides),
                *(pairs[name].to_pylist() for name in ("p", "reasons")),
            ],
        )
        return int(cursor.rowcount)


def filled() -> bool:
    """Whether anything is registered."""
    with connections[OWNER].cursor() as cursor:
        cursor.execute("SELECT EXISTS (SELECT FROM person)")
        return bool(cursor.fetchone()[0])


def empty() -> None:
    """Take everything out of the registers again: a demo that is loaded anew."""
    tables = "person, house, organisation, residence, person_record, house_record, organisation_record"
    with connections[OWNER].cursor() as cursor:
        cursor.execute(f"TRUNCATE {tables}, identity_pair, block_count, linking_model, linking_term")
