"""实测时限 clocks for benches only: many open clocks for the copied cases, and what advancing them changed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

import orjson
from django.db import connections

from zhongshu.data.databases import OWNER

NAMES = ("sign", "contact", "handle", "overall")
FIRST = 1_000_000_000
"""Ids from here on are copies (bench_rows)."""

_GROW = """
INSERT INTO clock (id, "case", name, place, starts_at, due_at, wake_at, minutes, calendar, nearly, overdue)
SELECT c.id || ':' || k.name, c.id, k.name, c.place, t.starts_at, t.due_at, t.wake_at, t.minutes, t.calendar,
  false, false
FROM "case" c
CROSS JOIN unnest(%(names)s::text[]) WITH ORDINALITY k(name, n)
CROSS JOIN LATERAL (SELECT (c.id - %(first)s) * %(each)s + k.n AS at OFFSET 0) p
JOIN bench_template t ON t.name = k.name AND t.row = abs(hashint8(p.at)) %% %(templates)s
  AND t.kind = CASE WHEN p.at %% %(stride)s <> 0 THEN 'waiting'
    WHEN p.at / %(stride)s / %(each)s %% 2 = 0 THEN 'overdue' ELSE 'nearly' END
WHERE c.id >= %(first)s AND c.closed_at IS NULL
"""


def grow(templates: Mapping[str, Sequence[Mapping[str, Any]]], stride: int) -> int:
    """Give every copied case its clocks, every `stride`-th of them due to be looked at; returns how many were made.

    `templates` kind (waiting, nearly, overdue) -> clocks as a fact carries them, equally many of each name.
    """
    rows = [
        {**one, "kind": kind, "row": n // len(NAMES)} for kind, held in templates.items() for n, one in enumerate(held)
    ]
    given: dict[str, Any] = {
        "names": list(NAMES),
        "first": FIRST,
        "each": len(NAMES),
        "templates": len(rows) // len(templates) // len(NAMES),
        "stride": stride,
    }
    with connections[OWNER].cursor() as cursor:
        cursor.execute(
            "CREATE TEMP TABLE bench_template AS SELECT * FROM json_to_recordset(%s) AS t(kind text, row int,"
            " name text, starts_at timestamptz, due_at timestamptz, wake_at timestamptz, minutes int, calendar text)",
            [orjson.dumps(rows).decode()],
        )
        cursor.execute("ANALYZE bench_template")
        cursor.execute(_GROW, given)
        made = int(cursor.rowcount)
        cursor.execute("DROP TABLE bench_template")
        cursor.execute("VACUUM ANALYZE clock")
        cursor.execute("CHECKPOINT")
    return made


def due(now: datetime) -> set[str]:
    """Keys "case:name" of the clocks that must be looked at."""
    with connections[OWNER].cursor() as cursor:
        cursor.execute(
            "SELECT id FROM clock WHERE wake_at < %s AND stopped_at IS NULL AND paused_at IS NULL ORDER BY id", [now]
        )
        return {row[0] for row in cursor.fetchall()}


def told(after: int) -> list[tuple[str, str]]:
    """(kind, "case:name") of every fact of a clock that woke, written after the fact with this id."""
    with connections[OWNER].cursor() as cursor:
        cursor.execute(
            "SELECT kind, subject || ':' || (payload->>'clock') FROM ledger"
            " WHERE id > %s AND kind IN ('NearlyOverdue', 'Overdue', 'Escalated') ORDER BY seq",
            [after],
        )
        return list(cursor.fetchall())


def newest_fact() -> int:
    """The highest id in the ledger."""
    with connections[OWNER].cursor() as cursor:
        cursor.execute("SELECT coalesce(max(id), 0) FROM ledger")
        return int(cursor.fetchone()[0])


def digest(clocks: set[str]) -> tuple[int, int]:
    """How many clocks there are beside these, and a digest of all that is in them."""
    with connections[OWNER].cursor() as cursor:
        cursor.execute(
            "SELECT count(*), coalesce(sum(hashtextextended(k::text, 0)), 0) FROM clock k"
            " WHERE NOT EXISTS (SELECT 1 FROM unnest(%s::text[]) d WHERE d = k.id)",
            [sorted(clocks)],
        )
        count, summed = cursor.fetchone()
        return int(count), int(summed)


def running() -> Iterator[tuple[str, datetime, int, str, bool]]:
    """(name, starts_at, minutes, calendar, nearly) of every clock that runs and hasn't run out: what a reckoning
    without `wake_at` has to read."""
    with connections[OWNER].cursor() as cursor:
        cursor.execute(
            "SELECT name, starts_at, minutes, calendar, nearly FROM clock"
            " WHERE stopped_at IS NULL AND paused_at IS NULL AND NOT overdue"
        )
        yield from cursor.fetchall()


def scan(now: datetime) -> int:
    """Find the due ones without the index: how many."""
    with connections[OWNER].cursor() as cursor:
        cursor.execute("BEGIN")
        cursor.execute("SET LOCAL enable_indexscan = off; SET LOCAL enable_bitmapscan = off")
        cursor.execute(
            "SELECT count(*) FROM clock WHERE wake_at < %s AND stopped_at IS NULL AND paused_at IS NULL", [now]
        )
        found = int(cursor.fetchone()[0])
        cursor.execute("COMMIT")
    return found
