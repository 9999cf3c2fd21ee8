"""病因的呈现 causes as screens and commands show them: a viewer sees the causes and the places of his own span."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import orjson
from django.db import connections

from zhongshu.data.databases import APP, ROAD
from zhongshu.data.viewing import viewing
from zhongshu.kernel.access import Viewer

SIZE = 200
"""Causes on the page: a city that has more of them open has other troubles."""

_LISTED = """
SELECT (to_jsonb(c)
  || jsonb_build_object('seen', (SELECT count(*) FROM cause_cluster k WHERE k.finding = c.finding)))::text
FROM cause c WHERE %(state)s = '' OR c.state = %(state)s
ORDER BY array_position(ARRAY['found', 'confirmed', 'tasked', 'treated', 'settled', 'dismissed'], c.state::text),
  c.q, c.id DESC LIMIT %(size)s
"""


def listed(viewer: Viewer, state: str = "") -> list[dict[str, Any]]:
    """Causes that this viewer may see, those that wait for a person first; `seen` of their clusters are in his span."""
    with viewing(viewer), connections[APP].cursor() as cursor:
        cursor.execute(_LISTED, {"state": state, "size": SIZE})
        return [orjson.loads(text) for (text,) in cursor.fetchall()]


_WHOLE = """
SELECT (to_jsonb(c) || jsonb_build_object('places', (SELECT coalesce(jsonb_agg(to_jsonb(k)
  ORDER BY jsonb_array_length(k.cases) DESC, k.id), '[]') FROM cause_cluster k WHERE k.finding = c.finding)))::text
FROM cause c WHERE c.id = %s
"""
_TIMELINE = """
SELECT jsonb_build_object('kind', kind, 'at', at, 'actor', actor, 'payload', payload::jsonb - 'clusters')::text
FROM ledger WHERE subject = %s ORDER BY recorded_at, seq
"""


def whole(viewer: Viewer, cause: int) -> dict[str, Any] | None:
    """One cause with those of its `places` that this viewer may see and its `timeline`; None when it is not his."""
    with viewing(viewer), connections[APP].cursor() as cursor:
        cursor.execute(_WHOLE, [cause])
        row = cursor.fetchone()
    if row is None:
        return None
    with connections[ROAD].cursor() as cursor:
        cursor.execute(_TIMELINE, [cause])
        facts = [orjson.loads(text) for (text,) in cursor.fetchall()]
    return {**orjson.loads(row[0]), "timeline": facts}


def run(viewer: Viewer, number: int = 0) -> dict[str, Any] | None:
    """One search, the newest when no number is given; it names no place."""
    wanted = "SELECT to_jsonb(r)::text FROM cause_run r WHERE %s IN (0, id) ORDER BY at DESC, id DESC LIMIT 1"
    found = _rows(viewer, wanted, [number])
    return found[0] if found else None


def links(viewer: Viewer, run: int) -> list[dict[str, Any]]:
    """Every link that a search found, surest first."""
    return _rows(
        viewer, "SELECT to_jsonb(l)::text FROM cause_link l WHERE run = %s ORDER BY q, strength DESC, id", [run]
    )


def alarms(viewer: Viewer, run: int) -> list[dict[str, Any]]:
    """Alarms of a search within this viewer's span, surest first."""
    return _rows(viewer, "SELECT to_jsonb(a)::text FROM cause_alarm a WHERE run = %s ORDER BY p, id", [run])


def _rows(viewer: Viewer, sql: str, given: Sequence[Any]) -> list[dict[str, Any]]:
    with viewing(viewer), connections[APP].cursor() as cursor:
        cursor.execute(sql, given)
        return [orjson.loads(text) for (text,) in cursor.fetchall()]


def hosts(viewer: Viewer, cases: Sequence[int]) -> list[tuple[str, int]]:
    """(unit code, cases) of the units that host these cases, as far as this viewer may see, most cases first."""
    with viewing(viewer), connections[APP].cursor() as cursor:
        cursor.execute(
            "SELECT host, count(*) FROM \"case\" WHERE id = ANY (%s) AND host <> '' GROUP BY host ORDER BY 2 DESC, 1",
            [list(cases)],
        )
        return [(host, int(count)) for host, count in cursor.fetchall()]
