"""最后一米 how near to the door matters end and how soon somebody comes: 30 days, those before, the same a year ago."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import connections

from zhongshu.data.databases import ROAD
from zhongshu.kernel.access import Viewer
from zhongshu.kernel.places import Span

MONTH = timedelta(days=30)
NOW, BEFORE, YEAR = "now", "before", "year"
Window = tuple[datetime, datetime]


def windows(now: datetime) -> dict[str, Window]:
    """近 30 天, 前 30 天, 去年同期: from a moment up to another. The 29th of February has the 28th."""
    year = now.year - 1
    ago = now.replace(year=year, day=28) if (now.month, now.day) == (2, 29) else now.replace(year=year)
    return {NOW: (now - MONTH, now), BEFORE: (now - 2 * MONTH, now - MONTH), YEAR: (ago - MONTH, ago)}


@dataclass(frozen=True, slots=True)
class LastMetre:
    """最后一米 of the cases closed within a window. Minutes are medians; None without a case to count."""

    closed: int
    at_community: int
    at_street: int
    contacted: int
    contact_minutes: float | None
    visited: int
    door_minutes: float | None
    helped: int

    def share(self, part: int) -> float | None:
        return part / self.closed if self.closed else None


_CLOSED = """
SELECT count(*), count(*) FILTER (WHERE u.level = 4), count(*) FILTER (WHERE u.level = 3),
  count(f.at), percentile_cont(0.5) WITHIN GROUP (ORDER BY extract(epoch FROM f.at - c.opened_at) / 60),
  count(d.at), percentile_cont(0.5) WITHIN GROUP (ORDER BY extract(epoch FROM d.at - c.opened_at) / 60),
  (SELECT count(*) FROM helped_report h WHERE h.at >= %(since)s AND h.at < %(until)s
     AND h.place >= %(lo)s AND h.place < %(hi)s)
FROM "case" c LEFT JOIN data_unit u ON u.code = c.host AND u.valid_to IS NULL
LEFT JOIN LATERAL (SELECT k.stopped_at AS at FROM clock k WHERE k."case" = c.id AND k.name = 'contact'
  AND k.stopped_at IS NOT NULL) f ON true
LEFT JOIN LATERAL (SELECT min(i.at) AS at FROM check_in i WHERE i."case" = c.id) d ON true
WHERE c.closed_at >= %(since)s AND c.closed_at < %(until)s AND c.state IN ('closed', 'archived')
  AND c.place >= %(lo)s AND c.place < %(hi)s
"""


def measured(span: Span, window: Window) -> LastMetre:
    """How many of a place's cases closed in a window ended with a unit of a community or street, and how soon somebody
    came.

    到门 is the first check-in for the case; where nobody checked in there is none, and the case isn't counted.
    """
    with connections[ROAD].cursor() as cursor:
        cursor.execute(_CLOSED, _given(span, window))
        return LastMetre(*cursor.fetchone())


def began() -> datetime | None:
    """The first end of a case on record: what a window before it would count is no past, but nothing kept."""
    with connections[ROAD].cursor() as cursor:
        cursor.execute('SELECT min(closed_at) FROM "case" WHERE closed_at IS NOT NULL')
        found: datetime | None = cursor.fetchone()[0]
        return found


LISTS: Mapping[str, str] = {
    "closed": "true",
    "community": "u.level = 4",
    "street": "u.level = 3",
    "contacted": """EXISTS (SELECT FROM clock k WHERE k."case" = c.id AND k.name = 'contact'
      AND k.stopped_at IS NOT NULL)""",
    "visited": 'EXISTS (SELECT FROM check_in i WHERE i."case" = c.id)',
}
"""Each figure of LastMetre with what its cases have in common."""
_ENDED = """
SELECT c.id FROM "case" c LEFT JOIN data_unit u ON u.code = c.host AND u.valid_to IS NULL
WHERE c.closed_at >= %(since)s AND c.closed_at < %(until)s AND c.state IN ('closed', 'archived')
  AND c.place >= %(lo)s AND c.place < %(hi)s AND """
_HELPED = """
SELECT r."case" FROM helped_report h JOIN report r ON r.id = h.id
WHERE h.at >= %(since)s AND h.at < %(until)s AND h.place >= %(lo)s AND h.place < %(hi)s AND r."case" IS NOT NULL
ORDER BY h.id DESC LIMIT 100
"""


def cases(viewer: Viewer, window: Window, of: str) -> list[int]:
    """The latest hundred cases behind a figure of a window: one of LISTS, or "helped" (代办)."""
    statement = _HELPED if of == "helped" else f"{_ENDED}{LISTS[of]} ORDER BY c.closed_at DESC LIMIT 100"
    with connections[ROAD].cursor() as cursor:
        cursor.execute(statement, _given(viewer.span, window))
        return [case for (case,) in cursor.fetchall()]


def _given(span: Span, window: Window) -> dict[str, Any]:
    return {"since": window[0], "until": window[1], "lo": span.lo, "hi": span.hi}
