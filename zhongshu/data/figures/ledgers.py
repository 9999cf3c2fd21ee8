"""台账 standing lists: what is hung and until when, what went from unit to unit, what was left out of figures."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import connections

from zhongshu.data.databases import APP
from zhongshu.data.viewing import viewing
from zhongshu.kernel.access import Viewer

MOST = 500

_HANGING = """
SELECT c.id, c.number, c.title, c.category, c.place, c.host, r.asked ->> 'reason_code', r.asked ->> 'reason',
  r.asked ->> 'owner', (r.asked ->> 'review_on')::date, r.answered_at, c.hung
FROM "case" c CROSS JOIN LATERAL (
  SELECT asked, answered_at FROM request r WHERE r."case" = c.id AND r.kind = 'HangAsked' AND r.answer = 'Hung'
  ORDER BY r.answered_at DESC, r.id DESC LIMIT 1) r
WHERE c.state = 'hung' ORDER BY 10, c.id LIMIT %s
"""


@dataclass(frozen=True, slots=True)
class Hanging:
    """挂账: one case that stands still, with reason, owner and the day on which it must be looked at again."""

    case: int
    number: str
    title: str
    category: str
    place: str
    host: str
    reason_code: str
    reason: str
    owner: str
    review_on: date
    since: datetime
    times: int


def hanging(viewer: Viewer) -> list[Hanging]:
    """The public ledger of this viewer's place and all below it, the earliest review (so the overdue ones) first."""
    with viewing(viewer), connections[APP].cursor() as cursor:
        cursor.execute(_HANGING, [MOST])
        return [Hanging(*row) for row in cursor.fetchall()]


@dataclass(frozen=True, slots=True)
class Transfer:
    """多次流转: one case that was dispatched again and again."""

    case: int
    number: str
    title: str
    category: str
    place: str
    host: str
    state: str
    dispatched: int
    returned: int
    opened_at: datetime
    closed_at: datetime | None


def transfers(viewer: Viewer, least: int, start: datetime, end: datetime) -> list[Transfer]:
    """Cases opened in the period or still open, dispatched at least so many times; the most often first."""
    with viewing(viewer), connections[APP].cursor() as cursor:
        cursor.execute(
            "SELECT id, number, title, category, place, host, state, dispatched, returned, opened_at, closed_at"
            ' FROM "case" WHERE dispatched >= %s AND opened_at < %s AND (opened_at >= %s OR closed_at IS NULL)'
            " ORDER BY dispatched DESC, id LIMIT %s",
            [least, end, start, MOST],
        )
        return [Transfer(*row) for row in cursor.fetchall()]


_EXCLUDED = """
SELECT c.id, c.number, c.title, r.unit, r.asked ->> 'clause', r.asked ->> 'reason', r.at, r.answered_at,
  ('x' || substr(md5(%(seed)s || ':' || r.id), 1, 8))::bit(32)::bigint / 4294967296.0 < %(share)s,
  v.upheld, v.reason
FROM request r JOIN "case" c ON c.id = r."case" LEFT JOIN LATERAL (
  SELECT (l.payload ->> 'upheld')::boolean AS upheld, l.payload ->> 'reason' AS reason FROM ledger l
  WHERE l.subject = c.id AND l.kind = 'ExclusionReviewed' AND l.at >= r.answered_at
  ORDER BY l.recorded_at DESC, l.seq DESC LIMIT 1) v ON true
WHERE r.kind = 'ExclusionAsked' AND r.answer = 'Excluded' AND r.answered_at >= %(start)s AND r.answered_at < %(end)s
ORDER BY r.answered_at, r.id LIMIT %(most)s
"""


@dataclass(frozen=True, slots=True)
class Exclusion:
    """剔除: one case left out of the figures; `sampled` when chance puts it before a third person."""

    case: int
    number: str
    title: str
    unit: str
    clause: str
    reason: str
    asked_at: datetime
    excluded_at: datetime
    sampled: bool
    upheld: bool | None
    review: str | None


def exclusions(viewer: Viewer, start: datetime, end: datetime, sample: tuple[float, float]) -> list[Exclusion]:
    """Exclusions granted in the period. `sample` is (share, seed): the same two always choose the same exclusions."""
    share, seed = sample
    given: dict[str, Any] = {"share": share, "seed": f"{seed:g}", "start": start, "end": end, "most": MOST}
    with viewing(viewer), connections[APP].cursor() as cursor:
        cursor.execute(_EXCLUDED, given)
        return [Exclusion(*row) for row in cursor.fetchall()]
