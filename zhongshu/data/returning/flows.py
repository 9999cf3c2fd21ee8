"""回流台账的读写 flows in force and what the ledger of returns holds, as a viewer may see it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from django.apps import apps
from django.db import connections
from django.utils import timezone as clock

from zhongshu.data.databases import APP, OWNER, ROAD, dicts
from zhongshu.data.returning.rates import Entry, Flow
from zhongshu.data.versions import in_force, split
from zhongshu.data.viewing import viewing
from zhongshu.kernel.access import Viewer


def every(at: datetime | None = None, using: str = OWNER) -> dict[str, Flow]:
    """Flows in force by code."""
    return {
        one.code: Flow(
            code=one.code,
            name=one.name,
            direction=one.direction,
            unit=one.unit,
            dataset=one.dataset,
            items=split(one.items),
            cycle=one.cycle,
            how=one.how,
            within=one.within_days or 0,
            answers=split(one.answers),
            place=one.place,
            name_en=one.name_en,
            grain=one.grain,
            clause=one.clause,
        )
        for one in in_force(apps.get_model("data", "DataFlow"), at or clock.now(), using).order_by("code")
    }


_ENTRIES = "SELECT flow, place, period, at, rows FROM flow_entry WHERE period >= %s ORDER BY at, id"


def entries(viewer: Viewer, since: date) -> list[Entry]:
    """Everything that moved for places of this viewer's, of periods that began on `since` or later."""
    with viewing(viewer), connections[APP].cursor() as cursor:
        cursor.execute(_ENTRIES, [since])
        return [Entry(*row) for row in cursor.fetchall()]


_CAME = """
SELECT flow, place, period, min(due_at) AS due_at, min(at) AS at, max(rows) AS rows, max(how) AS how FROM flow_entry
WHERE direction = 'down' AND at >= %s AND at < %s GROUP BY flow, place, period ORDER BY 5 DESC, 1, 2 LIMIT %s
"""


def came(viewer: Viewer, start: datetime, end: datetime, limit: int = 500) -> list[dict[str, Any]]:
    """What came down to places of this viewer's within [start, end), newest first, with when it was due."""
    with viewing(viewer), connections[APP].cursor() as cursor:
        cursor.execute(_CAME, [start, end, limit])
        return dicts(cursor)


_CAME_COUNT = """
SELECT count(*) FROM (SELECT DISTINCT flow, place, period FROM flow_entry
  WHERE direction = 'down' AND at >= %s AND at < %s) d
"""


def came_count(viewer: Viewer, start: datetime, end: datetime) -> int:
    """How many returns (flow, place, period) came down within [start, end)."""
    with viewing(viewer), connections[APP].cursor() as cursor:
        cursor.execute(_CAME_COUNT, [start, end])
        return int(cursor.fetchone()[0])


def grantees(viewer: Viewer) -> list[tuple[str, str, str]]:
    """(unit, provider, data set) of every grant that this viewer may see: who takes in, who gives out."""
    with viewing(viewer), connections[APP].cursor() as cursor:
        cursor.execute("SELECT DISTINCT unit, provider, dataset FROM share_grant ORDER BY 1, 2, 3")
        return [tuple(row) for row in cursor.fetchall()]


_OPEN = "SELECT id FROM share_grant WHERE kind = 'return' AND number = %s AND state = 'active' ORDER BY id DESC LIMIT 1"


def grant_of(flow: str) -> int:
    """The grant by which a flow gives back, 0 when it has not been opened yet."""
    with connections[APP].cursor() as cursor:
        cursor.execute(_OPEN, [flow])
        row = cursor.fetchone()
    return int(row[0]) if row else 0


_HELD = "SELECT DISTINCT place FROM flow_entry WHERE flow = %s AND period = %s AND place = ANY (%s)"


def came_for(flow: str, period: date, places: Sequence[str]) -> set[str]:
    """Which of these places already have a flow's return of a period in the ledger."""
    with connections[ROAD].cursor() as cursor:
        cursor.execute(_HELD, [flow, period, list(places)])
        return {row[0] for row in cursor.fetchall()}
