"""热点读取 hot issues as the screens ask for them: each viewer sees the issues with a voice in his place."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

import orjson
from django.db import connections

from zhongshu.data.databases import APP, dicts
from zhongshu.data.viewing import viewing
from zhongshu.kernel.access import Viewer

Row = dict[str, Any]
SIZE = 30
POINTS = 2000

_ROW = """
SELECT (to_jsonb(i) || jsonb_build_object('turn', to_jsonb(t)))::text
FROM issue i LEFT JOIN issue_turn t ON t.id = i.id
"""
_IGNORED = """
i.state = 'hot' AND t.hot_at <= %(before)s AND t.taken_at IS NULL AND t.known_at IS NULL
  AND (t.silenced_until IS NULL OR t.silenced_until < %(today)s)
"""
BOXES: Mapping[str, str] = {
    "hot": "i.state = 'hot'",
    "ignored": _IGNORED,
    "rising": "i.state = 'watched' AND i.trend = 'rising'",
    "watched": "i.state = 'watched'",
    "taken": "i.state <> 'merged' AND t.taken_at IS NOT NULL",
    "cooled": "i.state = 'cooled'",
    "ended": "i.state = 'ended'",
}
"""热点, 无人认领, 升温, 关注中, 已认领, 已降温, 已结束."""


def listed(viewer: Viewer, box: str, given: tuple[datetime, date], after: tuple[float, int] | None = None) -> list[Row]:
    """One page of a box, the hottest first, each with its `turn` or None; KeyError for a box not in BOXES.

    `given` is the moment before which an issue must have been taken up, and today; `after` heat and id of the last row.
    """
    heat, last = after or (float("inf"), 1 << 62)
    page = f"(i.heat, i.id) < (%(heat)s, %(last)s) ORDER BY i.heat DESC, i.id DESC LIMIT {SIZE}"
    sql = f"{_ROW} WHERE {BOXES[box]} AND {page}"
    with viewing(viewer), connections[APP].cursor() as cursor:
        cursor.execute(sql, {"before": given[0], "today": given[1], "heat": heat, "last": last})
        return [orjson.loads(text) for (text,) in cursor.fetchall()]


def ignored(viewer: Viewer, given: tuple[datetime, date]) -> int:
    """How many hot issues nobody has taken up in time (at most SIZE are looked at)."""
    return len(listed(viewer, "ignored", given))


def whole(viewer: Viewer, issue: int) -> Row | None:
    """One issue with its `turn`; None when no part of it is this viewer's."""
    with viewing(viewer), connections[APP].cursor() as cursor:
        cursor.execute(f"{_ROW} WHERE i.id = %s", [issue])
        row = cursor.fetchone()
    return None if row is None else orjson.loads(row[0])


def voices(viewer: Viewer, issues: Sequence[int]) -> list[Row]:
    """issue, case, at, reporter, place and category of every voice of these issues that this viewer may see."""
    with viewing(viewer), connections[APP].cursor() as cursor:
        cursor.execute(
            'SELECT v.issue, v."case", v.at, v.reporter, v.place, c.category FROM issue_voice v'
            ' JOIN "case" c ON c.id = v."case" WHERE v.issue = ANY (%s)',
            [list(issues)],
        )
        return dicts(cursor)


def cases(viewer: Viewer, issue: int, before: int | None, size: int) -> list[int]:
    """Cases of an issue, newest first."""
    with viewing(viewer), connections[APP].cursor() as cursor:
        cursor.execute(
            'SELECT DISTINCT "case" FROM issue_voice WHERE issue = %s AND "case" < %s ORDER BY "case" DESC LIMIT %s',
            [issue, before or 1 << 62, size],
        )
        return [row[0] for row in cursor.fetchall()]


def points(viewer: Viewer, issue: int) -> list[Row]:
    """id, lon, lat and whether it is closed, of an issue's cases that have a point, the newest POINTS."""
    with viewing(viewer), connections[APP].cursor() as cursor:
        cursor.execute(
            'SELECT id, lon, lat, closed_at IS NOT NULL AS closed FROM "case" WHERE lon IS NOT NULL AND id IN'
            f' (SELECT "case" FROM issue_voice WHERE issue = %s) ORDER BY id DESC LIMIT {POINTS}',
            [issue],
        )
        return dicts(cursor)


def looks(viewer: Viewer) -> list[Row]:
    """When each district of this viewer was last looked at: place, looked_at, cases, left_out."""
    with viewing(viewer), connections[APP].cursor() as cursor:
        cursor.execute("SELECT place, looked_at, cases, left_out FROM issue_look ORDER BY place")
        return dicts(cursor)
