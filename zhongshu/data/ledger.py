"""账本 the ledger: append-only, one hash chain per month; everything else can be computed again from it."""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

import orjson
from django.db import connections

from zhongshu.data.databases import OWNER, ROAD, planned
from zhongshu.kernel.errors import Outdated, Unavailable
from zhongshu.kernel.facts import SYSTEM, Fact, Kind
from zhongshu.kernel.lifecycle import ENDED

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
BLOCK = 1000


class Ids:
    """编号: ids unique over facts, reports and cases, taken from the database a thousand at a time.

    Safe to share between threads: an id given twice would overwrite what somebody else said.
    """

    def __init__(self) -> None:
        self._next = self._end = 0
        self._lock = threading.Lock()

    def take(self) -> int:
        with self._lock:
            if self._next == self._end:
                with connections[ROAD].cursor() as cursor:
                    cursor.execute("SELECT nextval('fact_ids')")
                    self._next = int(cursor.fetchone()[0])
                self._end = self._next + BLOCK
            self._next += 1
            return self._next - 1


def micros(moment: datetime) -> int:
    delta = moment - EPOCH
    return (delta.days * 86400 + delta.seconds) * 1_000_000 + delta.microseconds


def _digest(prev: bytes, parts: Sequence[object]) -> bytes:
    """Must equal the SQL function ledger_digest, which `verify` uses."""
    return hashlib.sha256(prev + "\x1f".join(map(str, parts)).encode()).digest()


@dataclass(frozen=True, slots=True)
class Sealed:
    """Facts with their place in the chain, ready to be written: `columns` hold what INSERT asks for, one list each."""

    month: date
    seq: int
    hash: bytes
    recorded_at: datetime
    columns: list[list[Any]]


INSERT = """
INSERT INTO ledger
SELECT id, seq, kind, subject, cause, at, %s, actor, place, versions::json, payload::json, hash FROM unnest(
  %b::bigint[], %b::bigint[], %b::text[], %b::bigint[], %b::bigint[], %b::timestamptz[], %b::text[], %b::text[],
  %b::text[], %b::text[], %b::bytea[]
) AS f(id, seq, kind, subject, cause, at, actor, place, versions, payload, hash)
"""
"""Columns, not a JSON array as for other tables: payloads are JSON themselves, and would be read through twice."""


_GONE = ", ".join(f"'{state.value}'" for state in sorted(ENDED))
_HEAD = f"""
WITH held AS MATERIALIZED (SELECT id, state FROM "case" WHERE id = ANY (%s::bigint[]) ORDER BY id FOR UPDATE)
SELECT seq, hash, (SELECT min(id) FROM held WHERE id = ANY (%s::bigint[]) AND state IN ({_GONE}))
FROM ledger_head WHERE month = %s AND 0 <= (SELECT count(*) FROM held)
FOR UPDATE
"""
"""The cases that were there before are locked ahead of the head, in order, so that nobody waits in a circle; and of
those that reports join by themselves none may have ended since it was looked for."""


def seal(facts: Sequence[Fact], now: datetime, touched: Collection[Any] = ()) -> Sealed:
    """Chain facts to the month's head. Locks the head until the transaction ends, so it belongs right before it.

    `touched` are cases that the caller is about to change. Outdated when one that a report joins has ended meanwhile:
    in a closed case nobody would hear it.
    """
    month = now.astimezone(UTC).date().replace(day=1)
    joined = sorted({fact.subject for fact in facts if fact.kind == Kind.MERGED and fact.actor == SYSTEM})
    with connections[ROAD].cursor() as cursor:
        planned(cursor, _HEAD, [sorted(touched), joined, month])
        found = cursor.fetchone()
    if found and found[2] is not None:
        raise Outdated(f"case {found[2]} has ended while a report was joining it / 案件已在并入时办结，将重新研判")
    if found is None:
        raise Unavailable(f"the ledger has no partition for {month:%Y-%m}; run `zhongshu db prepare`")
    seq, prev = int(found[0]), bytes(found[1])
    stamp = micros(now)
    # Facts of one batch share the mapping of versions: it is spelt once.
    spelt = {id(fact.versions): fact.versions for fact in facts}
    spelling = {key: orjson.dumps(versions).decode() for key, versions in spelt.items()}
    rows = []
    for fact in facts:
        seq += 1
        versions, payload = spelling[id(fact.versions)], orjson.dumps(fact.payload).decode()
        prev = _digest(
            prev,
            (fact.id, seq, fact.kind, fact.subject, fact.cause or 0, micros(fact.at), stamp, fact.actor, fact.place)
            + (versions, payload),
        )
        told = (fact.kind, fact.subject, fact.cause, fact.at, fact.actor, fact.place)
        rows.append((fact.id, seq, *told, versions, payload, prev))
    return Sealed(month, seq, prev, now, [list(column) for column in zip(*rows, strict=True)])


def prepare_months(start: date, months: int) -> None:
    """Create the partitions of `months` months from `start` on; existing ones are left as they are."""
    with connections[OWNER].cursor() as cursor:
        cursor.execute(
            "SELECT ledger_month((date_trunc('month', %s::date) + make_interval(months => n))::date)"
            " FROM generate_series(0, %s) n",
            [start, months - 1],
        )


@dataclass(frozen=True, slots=True)
class Break:
    """One place where the chain doesn't hold (链断点)."""

    month: str
    seq: int
    fact: int
    sentence: str


_VERIFY = """
SELECT seq, id, step, bad FROM (
  SELECT l.seq, l.id,
    l.seq - coalesce(lag(l.seq) OVER w, 0) AS step,
    l.hash <> ledger_digest(coalesce(lag(l.hash) OVER w, ''::bytea), l) AS bad
  FROM ledger l WHERE l.recorded_at >= %(from)s AND l.recorded_at < %(to)s
  WINDOW w AS (ORDER BY l.seq, l.id)
) chain WHERE step <> 1 OR bad ORDER BY seq, id LIMIT 100
"""


def verify() -> Iterator[Break]:
    """Walk every month's chain in the database; yields each row that was changed, removed or slipped in.

    A changed row breaks its own link; because the stored hash of the row before is what the next row chains to, only
    the changed row itself is named, and a removed one shows as a gap before its successor.
    """
    with connections[OWNER].cursor() as cursor:
        cursor.execute("SELECT month, seq, hash FROM ledger_head ORDER BY month")
        heads = cursor.fetchall()
        for month, head_seq, head_hash in heads:
            start, end = bounds(month)
            cursor.execute(_VERIFY, {"from": start, "to": end})
            for seq, fact, step, _bad in cursor.fetchall():
                yield Break(f"{month:%Y-%m}", seq, fact, _sentence(step))
            cursor.execute(
                "SELECT seq, id, hash FROM ledger WHERE recorded_at >= %s AND recorded_at < %s"
                " ORDER BY seq DESC LIMIT 1",
                [start, end],
            )
            last = cursor.fetchone()
            if (last[0] if last else 0) != head_seq or (last and bytes(last[2]) != bytes(head_hash)):
                yield Break(
                    f"{month:%Y-%m}", head_seq, last[1] if last else 0, "the newest rows are missing or changed"
                )


def _sentence(step: int) -> str:
    if step > 1:
        return "rows before it are missing"
    return "it was slipped in" if step < 1 else "its content was changed after it was written"


_READ = """
SELECT seq, id, kind, subject, at, cause, actor, place, versions::text, payload::text
FROM ledger WHERE recorded_at >= %s AND recorded_at < %s AND seq > %s ORDER BY seq LIMIT %s
"""


def read(batch: int = 5000) -> Iterator[list[Fact]]:
    """Every fact in the order it was written, in batches."""
    with connections[OWNER].cursor() as cursor:
        cursor.execute("SELECT month FROM ledger_head ORDER BY month")
        months = [row[0] for row in cursor.fetchall()]
    for month in months:
        mark = 0
        while rows := _page(month, mark, batch):
            mark = rows[-1][0]
            yield [from_row(row[1:]) for row in rows]


def bounds(month: date) -> tuple[datetime, datetime]:
    """The UTC moments between which a month's partition lies."""
    start = datetime(month.year, month.month, 1, tzinfo=UTC)
    return start, datetime(month.year + month.month // 12, month.month % 12 + 1, 1, tzinfo=UTC)


def _page(month: date, mark: int, batch: int) -> list[Sequence[Any]]:
    with connections[OWNER].cursor() as cursor:
        cursor.execute(_READ, [*bounds(month), mark, batch])
        return list(cursor.fetchall())


def from_row(row: Sequence[Any]) -> Fact:
    """A fact from (id, kind, subject, at, cause, actor, place, versions text, payload text)."""
    id_, kind, subject, at, cause, actor, place, versions, payload = row
    return Fact(
        id=id_,
        kind=kind,
        subject=subject,
        at=at,
        cause=cause,
        actor=actor,
        place=place,
        versions=orjson.loads(versions),
        payload=orjson.loads(payload),
    )
