"""时限读取 timing: which clocks must be looked at, run by a former calendar, or have nothing left to wait for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import orjson
from django.db import connections

from zhongshu.data.counting import CalendarOf, Count, count
from zhongshu.data.databases import APP, ROAD, dicts
from zhongshu.data.ledger import from_row
from zhongshu.data.viewing import viewing
from zhongshu.kernel.access import Viewer
from zhongshu.kernel.facts import Fact

_AWAKE = """
SELECT k."case", k.name AS clock, k.place, k.due_at, k.nearly, c.host, c.category, c.grid
FROM clock k JOIN "case" c ON c.id = k."case"
WHERE k.wake_at < %s AND k.stopped_at IS NULL AND k.paused_at IS NULL AND c.closed_at IS NULL
ORDER BY k.wake_at LIMIT %s FOR UPDATE OF c SKIP LOCKED
"""


def _rows(sql: str, parameters: Sequence[Any]) -> list[dict[str, Any]]:
    with connections[ROAD].cursor() as cursor:
        cursor.execute(sql, parameters)
        return dicts(cursor)


def awake(now: datetime, limit: int = 500) -> list[dict[str, Any]]:
    """Clocks that must be looked at (预逾期 or 逾期), each with its case's host, category and grid.

    Their cases are locked; a case that somebody else holds is left for the next look.
    """
    return _rows(_AWAKE, [now, limit])


_BY_FORMER = """
SELECT DISTINCT k."case" FROM clock k
WHERE k."case" > %s AND k.stopped_at IS NULL AND NOT k.overdue AND split_part(k.calendar, '@', 1) = %s
  AND k.calendar <> %s
ORDER BY k."case" LIMIT %s
"""
_OPEN = 'SELECT id, number, place, host FROM "case" WHERE id = ANY (%s) AND closed_at IS NULL ORDER BY id FOR UPDATE'
_CLOCKS = """
SELECT k."case", to_jsonb(k)::text FROM clock k
WHERE k."case" = ANY (%s) AND k.stopped_at IS NULL AND NOT k.overdue AND split_part(k.calendar, '@', 1) = %s
  AND k.calendar <> %s
ORDER BY k.id
"""


def by_former(code: str, current: str, after: int = 0, limit: int = 1000) -> tuple[int, list[dict[str, Any]]]:
    """Open cases, a page after the id `after`, with the clocks that run by another version of calendar `code`.

    Returns the last id looked at (0 when there is no more) and the cases {id, number, place, host, clocks}, locked.
    """
    with connections[ROAD].cursor() as cursor:
        cursor.execute(_BY_FORMER, [after, code, current, limit])
        ids = [row[0] for row in cursor.fetchall()]
        cursor.execute(_OPEN, [ids])
        names = ("id", "number", "place", "host")
        found = {row[0]: dict(zip(names, row, strict=True)) for row in cursor.fetchall()}
        clocks: dict[int, list[Mapping[str, Any]]] = {case: [] for case in found}
        cursor.execute(_CLOCKS, [list(found), code, current])
        for case, clock in cursor.fetchall():
            clocks[case].append(orjson.loads(clock))
    return (ids[-1] if ids else 0), [{**row, "clocks": clocks[case]} for case, row in found.items() if clocks[case]]


def archivable(before: datetime, limit: int = 500) -> list[dict[str, Any]]:
    """Closed cases {id, place, closed_at} that were closed before a moment, the oldest first; locked."""
    sql = (
        "SELECT id, place, closed_at FROM \"case\" WHERE state = 'closed' AND closed_at < %s"
        " ORDER BY closed_at LIMIT %s FOR UPDATE SKIP LOCKED"
    )
    return _rows(sql, [before, limit])


_FACTS = """
SELECT id, kind, subject, at, cause, actor, place, versions::text, payload::text FROM ledger
WHERE subject = %s ORDER BY recorded_at, seq
"""


def facts_of(case: int, using: str = ROAD) -> list[Fact]:
    """Every fact of a case in the order it was written; of a report with that number, its own."""
    with connections[using].cursor() as cursor:
        cursor.execute(_FACTS, [case])
        return [from_row(row) for row in cursor.fetchall()]


def counted(viewer: Viewer, case: int, calendar_of: CalendarOf, at: datetime) -> list[Count]:
    """Every clock of a case with all that it counted until `at`, for a case page; empty when the case is not his."""
    with viewing(viewer):
        return count(facts_of(case, APP), calendar_of, at)


def numbered(number: str) -> int | None:
    """The id of the case with this number, or None."""
    with connections[ROAD].cursor() as cursor:
        cursor.execute('SELECT id FROM "case" WHERE number = %s', [number])
        row = cursor.fetchone()
    return None if row is None else int(row[0])
