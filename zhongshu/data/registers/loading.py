"""入库 take what departments tell into the registers: link the records, copy, settle the values, keep the doubts."""

from __future__ import annotations

import io
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.csv as arrow_csv
from django.db import connections, transaction

from zhongshu.data.databases import OWNER
from zhongshu.data.registers import features
from zhongshu.data.registers.linking import Linked, link
from zhongshu.data.registers.settling import settle
from zhongshu.data.registers.subjects import Subject, subject_of

PIECE = 200_000
"""Rows that are spelt out at once: what a load needs of memory beside the columns themselves."""


@dataclass(slots=True)
class Taken:
    """What one load did: counts, and seconds of each step."""

    subject: str
    records: int = 0
    entities: int = 0
    doubts: int = 0
    seconds: dict[str, float] = field(default_factory=dict)


def reserve(table: str, count: int, using: str = OWNER) -> int:
    """The first of `count` new ids of a table, taken from its sequence in one go."""
    with connections[using].cursor() as cursor:
        cursor.execute(f"SELECT setval('{table}_id_seq', nextval('{table}_id_seq') + %s)", [count])
        return int(cursor.fetchone()[0]) - count


def copy(table: str, columns: Mapping[str, pa.Array | pa.ChunkedArray], using: str = OWNER) -> None:
    """COPY whole columns into a table; null stays null, an empty text stays one."""
    held = pa.table(dict(columns))
    names = ", ".join(f'"{name}"' for name in held.column_names)
    style = arrow_csv.WriteOptions(include_header=False, quoting_style="needed")
    with connections[using].cursor() as cursor, cursor.copy(f"COPY {table} ({names}) FROM STDIN (FORMAT csv)") as out:
        for start in range(0, held.num_rows, PIECE):
            piece = io.BytesIO()
            arrow_csv.write_csv(held.slice(start, PIECE), piece, style)
            out.write(piece.getvalue())


def take_in(subject_name: str, told: pa.Table) -> Taken:
    """A first load of one register, in one transaction. `told` holds the columns of the record table but id and entity.

    Houses go before people: residences need them.
    """
    subject, done = subject_of(subject_name), Taken(subject_name, told.num_rows)
    clock = _Clock(done.seconds)
    told = told.append_column("id", pa.array(np.arange(told.num_rows) + reserve(subject.records, told.num_rows)))
    found = linked(subject, told)
    clock("link")
    done.entities = int(found.cluster.max(initial=-1)) + 1
    first = reserve(subject.table, done.entities)
    told = told.append_column("entity", pa.array(found.cluster + first))
    with transaction.atomic(using=OWNER):
        copy(subject.records, {name: told[name] for name in told.column_names if name != "truth"})
        clock("copy")
        settle(subject, None, OWNER)
        clock("settle")
        done.doubts = _doubts(subject, found, told["id"].to_numpy(), first)
    clock("doubts")
    with connections[OWNER].cursor() as cursor:
        cursor.execute(f"ANALYZE {subject.table}, {subject.records}, residence")
    return done


class _Clock:
    def __init__(self, seconds: dict[str, float]) -> None:
        self.seconds, self.last = seconds, time.monotonic()

    def __call__(self, step: str) -> None:
        now = time.monotonic()
        self.seconds[step] = round(now - self.last, 2)
        self.last = now


def linked(subject: Subject, told: pa.Table) -> Linked:
    """Which records are one: people and firms by Splink, houses by the parts of their address."""
    if subject.name == "house":
        return _by_address(told)
    made = features.of_people(told) if subject.name == "person" else features.of_firms(told)
    return link(made, subject.name)


def _by_address(told: pa.Table) -> Linked:
    _, room = features.addresses(told["address"])
    codes = room.dictionary_encode().indices
    number = np.asarray(codes.fill_null(-1).to_numpy(zero_copy_only=False), dtype=np.int64)
    alone = number < 0
    number[alone] = number.max(initial=-1) + 1 + np.arange(int(alone.sum()))
    none = pa.table(
        {"id_l": pa.array([], pa.int64()), "id_r": pa.array([], pa.int64()), "p": pa.array([], pa.float64())}
    )
    return Linked(told["id"].to_numpy(), number, none, {})


_PAIRS = """
INSERT INTO identity_pair (id, subject, first, second, place, score, state, found_at, by, proceeding)
SELECT %s || ':' || g.a || '+' || g.b, %s, g.a, g.b, e.place, g.p, 'open', now(), 0, 0
FROM (SELECT least(a, b) AS a, greatest(a, b) AS b, max(p) AS p
  FROM unnest(%s::bigint[], %s::bigint[], %s::float8[]) AS x(a, b, p) GROUP BY 1, 2) g
JOIN {table} e ON e.id = g.a ON CONFLICT (id) DO NOTHING
"""


def _doubts(subject: Subject, found: Linked, ids: Any, first: int) -> int:
    """Pairs of entities of which records are alike, but not enough: a person says what they are."""
    if not found.pairs.num_rows:
        return 0
    entity = found.cluster + first
    start = int(ids[0])
    sides = [entity[found.pairs[side].to_numpy() - start].tolist() for side in ("id_l", "id_r")]
    with connections[OWNER].cursor() as cursor:
        cursor.execute(
            _PAIRS.format(table=subject.table), [subject.name, subject.name, *sides, found.pairs["p"].to_pylist()]
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
        cursor.execute(f"TRUNCATE {tables}, identity_pair, block_count")
