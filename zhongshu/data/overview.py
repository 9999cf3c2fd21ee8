"""态势 the overview: the few numbers that a cockpit shows, each of them the length of a list."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db import connections

from zhongshu.data.databases import APP, ROAD
from zhongshu.data.lists import SOON
from zhongshu.data.viewing import viewing
from zhongshu.kernel.access import Viewer

CAP = 10_000
"""What happened today is counted row by row up to here."""


@dataclass(frozen=True, slots=True)
class Numbers:
    """关键数字 at one moment, for one viewer. Counts of today stop at CAP; shares are 0..1 or None without a base."""

    as_of: datetime
    open: int
    overdue: int
    unclear: int
    undecided: int
    stuck: int
    urgent: int
    due_soon: int
    opened: int
    proactive: int
    closed: int
    on_time: int
    warnings: int

    @property
    def on_time_share(self) -> float | None:
        return self.on_time / self.closed if self.closed else None

    @property
    def proactive_share(self) -> float | None:
        return self.proactive / self.opened if self.opened else None


_NOW = """
SELECT coalesce(sum(open), 0)::bigint, coalesce(sum(overdue), 0)::bigint, coalesce(sum(unclear), 0)::bigint,
  coalesce(sum(undecided), 0)::bigint, coalesce(sum(stuck), 0)::bigint, coalesce(sum(urgent), 0)::bigint,
  (SELECT count(*) FROM warning WHERE cleared_at IS NULL)
FROM case_now
"""

_TODAY = """
SELECT soon.count, today.count, today.proactive, done.count, done.on_time FROM
  (SELECT count(*) FROM (SELECT FROM "case" WHERE due_at >= %(now)s AND due_at < %(soon)s AND closed_at IS NULL
     AND place >= %(lo)s AND place < %(hi)s LIMIT %(cap)s) a) soon,
  (SELECT count(*), count(*) FILTER (WHERE proactive) AS proactive FROM (SELECT proactive FROM "case"
     WHERE opened_at >= %(day)s AND place >= %(lo)s AND place < %(hi)s LIMIT %(cap)s) b) today,
  (SELECT count(*), count(*) FILTER (WHERE due_at IS NULL OR closed_at <= due_at) AS on_time
   FROM (SELECT due_at, closed_at FROM "case" WHERE closed_at >= %(day)s AND place >= %(lo)s AND place < %(hi)s
     LIMIT %(cap)s) c) done
"""


def numbers(viewer: Viewer, now: datetime, day: datetime) -> Numbers:
    """Two statements. `day` is the moment at which the viewer's local day began.

    Today's counts name the span themselves, for the reason that lists do (see data.lists): behind a policy the planner
    takes every span for narrow and would walk the whole city's places.
    """
    with viewing(viewer), connections[APP].cursor() as cursor:
        cursor.execute(_NOW)
        *standing, warnings = cursor.fetchone()
    given: dict[str, datetime | int | str] = {"now": now, "soon": now + SOON, "day": day, "cap": CAP}
    given |= {"lo": viewer.span.lo, "hi": viewer.span.hi}
    with connections[ROAD].cursor() as cursor:
        cursor.execute(_TODAY, given)
        today: list[int] = [*standing, *cursor.fetchone(), warnings]
        return Numbers(now, *today)


def active_warnings(viewer: Viewer, limit: int = 5) -> list[int]:
    """Cases of the newest warnings that have not cleared."""
    with viewing(viewer), connections[APP].cursor() as cursor:
        cursor.execute("SELECT id FROM warning WHERE cleared_at IS NULL ORDER BY id DESC LIMIT %s", [limit])
        return [row[0] for row in cursor.fetchall()]
