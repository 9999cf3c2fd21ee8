"""一线 the field: a grid officer's tasks with the clock that ends first, and where he was today."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import connections

from zhongshu.data import lists
from zhongshu.data.databases import APP, ROAD, dicts
from zhongshu.data.viewing import viewing
from zhongshu.kernel.access import Viewer
from zhongshu.kernel.places import Span

TASKS = 40
"""Tasks of one post: more than anybody does in a day."""
SHOWN = 20

_CLOCKS = """
SELECT DISTINCT ON ("case") "case", name, due_at, overdue FROM clock
WHERE "case" = ANY (%s) AND stopped_at IS NULL AND paused_at IS NULL ORDER BY "case", due_at
"""


def tasks(viewer: Viewer, now: datetime) -> list[dict[str, Any]]:
    """Cases that wait for this person in this post, each with `clock` {name, due_at, overdue} or None."""
    found = lists.first(viewer, lists.Wanted(mine=True), now, TASKS)
    if not found:
        return []
    with viewing(viewer), connections[APP].cursor() as cursor:
        cursor.execute(_CLOCKS, [[row["id"] for row in found]])
        clocks = {row.pop("case"): row for row in dicts(cursor)}
    return [{**row, "clock": clocks.get(row["id"])} for row in found]


_CHECKED_IN = """
SELECT id, at, place, grid, lon, lat, accuracy, "case" FROM check_in WHERE "by" = %s AND at >= %s
ORDER BY at DESC LIMIT %s
"""


def check_ins(viewer: Viewer, since: datetime) -> list[dict[str, Any]]:
    """Where this person was since a moment, the newest first."""
    with viewing(viewer), connections[APP].cursor() as cursor:
        cursor.execute(_CHECKED_IN, [viewer.user, since, SHOWN])
        return dicts(cursor)


_SENT = """
SELECT k.key, r.id, c.id, c.number, c.title, c.state FROM intake_key k JOIN report r ON r.id = k.report
JOIN "case" c ON c.id = r."case" WHERE k.source = %s AND k.key = ANY (%s)
"""


def reported(source: str, keys: Sequence[str]) -> dict[str, dict[str, Any]]:
    """Key -> {report, case, number, title, state} of what came in under these keys of one sender."""
    with connections[ROAD].cursor() as cursor:
        cursor.execute(_SENT, [source, list(keys)])
        rows = cursor.fetchall()
    names = ("report", "case", "number", "title", "state")
    return {row[0]: dict(zip(names, row[1:], strict=True)) for row in rows}


_COMMON = """
SELECT category FROM "case"
WHERE opened_at >= %s::timestamptz - interval '90 days' AND category <> '' AND place >= %s AND place < %s
GROUP BY category ORDER BY count(*) DESC, category LIMIT %s
"""


def common(span: Span, now: datetime, most: int) -> list[str]:
    """The classes most often reported within a span lately, the most usual first."""
    with connections[ROAD].cursor() as cursor:
        cursor.execute(_COMMON, [now, span.lo, span.hi, most])
        return [code for (code,) in cursor.fetchall()]
