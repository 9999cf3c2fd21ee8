"""入湖 moving: observations past the hot window become files and leave the database; facts are copied and stay.

One day and one district at a time, in one transaction each: rows are deleted and come back as what was deleted, are
written, forced to the disk and read back; the fact that tells of the file is written; then all of it is committed.
Killed anywhere, either the rows are in the database and the draft is swept, or the file is listed and they are gone.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
from django.db import connections, transaction

from zhongshu.data import write
from zhongshu.data.databases import OWNER, ROAD
from zhongshu.data.lake import chain, files, manifest, summing, sums
from zhongshu.data.lake.files import SCHEMAS
from zhongshu.data.lake.late import MOVING
from zhongshu.data.lake.place import DAY, FACT, HOUR, OBSERVATION, Lake, Part, begins, day_of
from zhongshu.data.lake.taking import columns
from zhongshu.data.ledger import Ids
from zhongshu.kernel.errors import Unavailable
from zhongshu.kernel.facts import Fact, Kind
from zhongshu.kernel.places import Scheme

ALONE = 0x6C616B66
"""Advisory lock of the one process that moves."""


@dataclass(slots=True)
class Mover:
    """搬运: the lake, how places are written, numbers for files and facts, and the moment of the run."""

    lake: Lake
    scheme: Scheme
    now: datetime
    ids: Ids = field(default_factory=Ids)

    def file(self, part: Part, rows: pa.Table) -> files.Written:
        return files.write(self.lake.folder, self.ids.take(), part, rows)

    def tell(self, day: date, place: str, written: dict[files.Written, list[int]]) -> None:
        """The fact of a filing: `written` says which files take the place of which. The transaction's last act."""
        told = [
            {
                **{"id": one.id, "table": one.part.table, "place": one.part.district, "path": one.path},
                **{"rows": one.rows, "bytes": one.bytes, "sha256": one.sha256, "replaces": old},
                "prefix": self.scheme.span(one.part.district).lo if one.part.district else "",
            }
            for one, old in written.items()
        ]
        payload = {"day": day.isoformat(), "files": told}
        number = self.ids.take()
        write.append([Fact(number, Kind.LAKE_FILED, number, self.now, place=place, payload=payload)])


@contextmanager
def alone() -> Iterator[None]:
    """Nobody else moves meanwhile; Unavailable when somebody does."""
    with connections[OWNER].cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s)", [ALONE])
        if not cursor.fetchone()[0]:
            raise Unavailable("the lake is being filled by another process / 另一进程正在入湖")
        try:
            yield
        finally:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [ALONE])


def waiting(mover: Mover) -> list[tuple[Part, int]]:
    """The days and districts past the hot window that have rows in the database, oldest first, and how many."""
    before = begins(mover.lake.cutoff(mover.now))
    with connections[ROAD].cursor() as cursor:
        cursor.execute(
            f"SELECT {sums.DAY} AS begins, {sums.district_of(mover.scheme)} AS district, count(*) FROM observation"
            " WHERE at < %s GROUP BY 1, 2 ORDER BY 1, 2",
            [before],
        )
        return [(Part(OBSERVATION, day_of(at), district), int(n)) for at, district, n in cursor.fetchall()]


def move(mover: Mover, part: Part) -> int:
    """One day of one district out of the database into the lake; how many rows moved."""
    with transaction.atomic(using=ROAD):
        with connections[ROAD].cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [MOVING])
        rows, summed = _taken(mover, part)
        old = manifest.of_part(part)
        whole = pa.concat_tables(
            [files.read([files.found(mover.lake.folder, one.path) for one in old], OBSERVATION), rows]
        )
        if summed != rows.num_rows:
            raise Unavailable(
                f"{part.day} {part.district}: {rows.num_rows} observations but {summed} in the sums;"
                " run `zhongshu lake recount` / 汇总与明细不符"
            )
        hours = manifest.of_part(Part(HOUR, part.day, part.district))
        written = {
            mover.file(part, whole): [one.id for one in old],
            mover.file(Part(HOUR, part.day, part.district), summing.hourly(whole)): [one.id for one in hours],
        }
        mover.tell(part.day, part.district, written)
    for one in written:
        files.settle(mover.lake.folder, one.path)
    return int(rows.num_rows)


def _taken(mover: Mover, part: Part) -> tuple[pa.Table, int]:
    """What is deleted from the database: the rows, and of how many its sums knew."""
    where = f"at >= %(start)s AND at < %(end)s AND {sums.district_of(mover.scheme)} = %(district)s"
    given: dict[str, Any] = {"start": begins(part.day), "end": begins(part.day + DAY), "district": part.district}
    told = f"sensor, {sums.micros('at')}, {sums.district_of(mover.scheme)}, place, grid, value"
    rows = columns(ROAD, f"DELETE FROM observation WHERE {where} RETURNING {told}", given, SCHEMAS[OBSERVATION])
    with connections[ROAD].cursor() as cursor:
        cursor.execute(
            f"WITH gone AS (DELETE FROM observation_sum WHERE grain = 'hour' AND {where} RETURNING n)"
            " SELECT coalesce(sum(n), 0)::bigint FROM gone",
            given,
        )
        return rows, int(cursor.fetchone()[0])


_FACTS = f"""
SELECT id, seq, kind, subject, coalesce(cause, 0), {sums.micros("at")}, {sums.micros("recorded_at")}, actor,
  {{district}}, place, versions::text, payload::text, encode(hash, 'hex')
FROM ledger WHERE {{where}}
"""


def facts(alias: str, scheme: Scheme, where: str, given: dict[str, Any]) -> pa.Table:
    """Rows of the ledger, as a table with the columns of FACT."""
    return columns(alias, _FACTS.format(district=sums.district_of(scheme), where=where), given, SCHEMAS[FACT])


def uncopied(mover: Mover) -> Iterator[date]:
    """The days past the hot window whose facts are not in the lake yet."""
    until = manifest.copied_until(ROAD) or datetime.min.replace(tzinfo=UTC)
    with connections[ROAD].cursor() as cursor:
        cursor.execute(
            "SELECT (SELECT min(recorded_at) FROM ledger WHERE recorded_at >= greatest(%s, h.month::timestamptz)"
            " AND recorded_at < h.month + interval '1 month') FROM ledger_head h"
            " WHERE seq > 0 AND h.month + interval '1 month' > %s ORDER BY month",
            [until, until],
        )
        first = next((row[0] for row in cursor.fetchall() if row[0]), None)
    day = day_of(first) if first else mover.lake.cutoff(mover.now)
    while day < mover.lake.cutoff(mover.now):
        yield day
        day += DAY


def copy(mover: Mover, day: date) -> int:
    """The facts written down on one day into the lake, when each follows from the one before; how many there are."""
    given = {"start": begins(day), "end": begins(day + DAY)}
    with transaction.atomic(using=ROAD):
        rows = facts(ROAD, mover.scheme, "recorded_at >= %(start)s AND recorded_at < %(end)s", given)
        if not rows.num_rows:
            return 0
        wrong = chain.broken(rows)
        if wrong:
            raise Unavailable(f"{day}: fact {wrong[0]} doesn't follow in the ledger's chain / 与账本的散列链不符")
        written: dict[files.Written, list[int]] = {}
        for district in sorted(pc.unique(rows["district"]).to_pylist()):
            part = Part(FACT, day, district)
            written[mover.file(part, rows.filter(pc.equal(rows["district"], district)))] = []
        mover.tell(day, "", written)
    for one in written:
        files.settle(mover.lake.folder, one.path)
    return int(rows.num_rows)
