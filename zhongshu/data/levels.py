"""五级应用 what people did today on each level, from the facts they made, and which units check, rule and handle there.

A fact names the post that made it; the post's unit has a level. Whom the roster of grid officers names is the fifth.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import connections

from zhongshu.data.databases import ROAD, dicts
from zhongshu.kernel.lifecycle import Role
from zhongshu.kernel.places import EVERYWHERE, Level, Span

GRID = 5
"""网格: the fifth level of application, below the four that divisions have."""
LEVELS = (*map(int, Level), GRID)
SHOWN = 200
"""Acts that a list shows, the newest."""
DUTIES: Mapping[str, Role] = {"checks": Role.CHECKER, "rules": Role.ARBITER, "handles": Role.HANDLER}
"""监督、指挥、处置: the role that a unit's posts must hold to be counted."""

# A fact is written down when it happens or later, never before: recorded_at leaves out the partitions before today.
_ACTS = """
SELECT l.id, l.kind, l.subject, l.at, l.actor, coalesce(p.name, '') AS post, u.code AS unit,
  CASE WHEN o.username IS NOT NULL THEN 5 ELSE u.level END AS level
FROM ledger l JOIN data_post p ON p.code = l.actor AND p.valid_to IS NULL
JOIN data_unit u ON u.code = p.unit AND u.valid_to IS NULL
LEFT JOIN (SELECT DISTINCT a.id, a.username FROM data_officer f JOIN auth_user a ON a.username = f.account
  WHERE f.valid_to IS NULL AND f.ended IS NULL AND f.account <> '') o ON o.id::text = l.payload->>'by'
WHERE l.at >= %(since)s AND l.recorded_at >= %(since)s
  AND (%(whole)s OR l.place >= %(lo)s AND l.place < %(hi)s)
"""
_UNITS = """
SELECT u.code, u.level, string_agg(DISTINCT p.roles, ';') AS roles FROM data_unit u
JOIN data_post p ON p.unit = u.code AND p.valid_to IS NULL
WHERE u.valid_to IS NULL AND (%(whole)s OR u.place COLLATE "C" >= %(lo)s AND u.place COLLATE "C" < %(hi)s)
GROUP BY u.code, u.level ORDER BY u.level, u.code
"""


def _given(span: Span, **more: Any) -> dict[str, Any]:
    return {"lo": span.lo, "hi": span.hi, "whole": span == EVERYWHERE, **more}


def counts(span: Span, since: datetime) -> dict[int, int]:
    """Level (1..5) -> acts of people within a span since a moment."""
    with connections[ROAD].cursor() as cursor:
        cursor.execute(f"SELECT level, count(*) FROM ({_ACTS}) x GROUP BY level", _given(span, since=since))
        return dict.fromkeys(LEVELS, 0) | dict(cursor.fetchall())


def acts(span: Span, since: datetime, level: int) -> list[dict[str, Any]]:
    """The acts behind one of `counts`, the newest first, at most SHOWN."""
    with connections[ROAD].cursor() as cursor:
        sql = f"SELECT * FROM ({_ACTS}) x WHERE level = %(level)s ORDER BY at DESC, id DESC LIMIT %(most)s"
        cursor.execute(sql, _given(span, since=since, level=level, most=SHOWN))
        return dicts(cursor)


def units(span: Span) -> list[tuple[str, int, frozenset[str]]]:
    """(code, level, which of DUTIES its posts do) of every unit within a span that has a post."""
    with connections[ROAD].cursor() as cursor:
        cursor.execute(_UNITS, _given(span))
        held = [(code, level, set(roles.split(";"))) for code, level, roles in cursor.fetchall()]
    return [(code, level, frozenset(d for d, role in DUTIES.items() if role in roles)) for code, level, roles in held]
