"""无呼也应 how well the city answers before anybody calls: share, hits, and lead before the first complaint.

A proactive case is one that a warning began. It was right when somebody handled it or it was closed as real, wrong when
it was not filed, rejected or void, and open until one of these is so. A complaint is about the same when a person's
report lies in the same division and grid and its class is the same or stands beside it in the cross-walk.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import orjson
from django.db import connections

from zhongshu.data.databases import APP, OWNER
from zhongshu.data.viewing import viewing
from zhongshu.kernel.access import Viewer
from zhongshu.kernel.lifecycle import State

WINDOW = timedelta(days=14)
"""A complaint later or earlier than this is another matter (default, no standard)."""

WRONG = (State.NOT_FILED, State.REJECTED, State.VOID)
RIGHT = (State.CHECKING, State.CALLING, State.CLOSED, State.ARCHIVED)

_P = """
WITH kin AS MATERIALIZED (
  SELECT a, array_agg(b) AS others FROM json_to_recordset(%(kin)s) AS k(a text, b text) GROUP BY a),
p AS (
  SELECT c.id, c.category,
    CASE WHEN c.state = ANY (%(wrong)s) THEN 'wrong' WHEN c.handler <> 0 OR c.state = ANY (%(right)s) THEN 'right'
      ELSE 'open' END AS verdict,
    extract(epoch FROM said.after - c.opened_at)::float8 / 60 AS lead,
    said.after IS NOT NULL AS led, said.before IS NOT NULL AS late, c.opened_at + %(window)s::interval < %(now)s AS ripe
  FROM "case" c LEFT JOIN kin ON kin.a = c.category
  LEFT JOIN LATERAL (
    SELECT min(r.at) FILTER (WHERE r.at >= c.opened_at) AS after, max(r.at) FILTER (WHERE r.at < c.opened_at) AS before
    FROM "case" o JOIN report r ON r."case" = o.id
    WHERE o.place = c.place AND (o.category = c.category OR o.category = ANY (kin.others))
      AND (o.grid = c.grid OR '' IN (o.grid, c.grid))
      AND r.at BETWEEN c.opened_at - %(window)s::interval AND c.opened_at + %(window)s::interval
  ) said ON true
  WHERE c.proactive AND c.opened_at >= %(start)s AND c.opened_at < %(end)s
)
"""

LISTS: Mapping[str, str] = {
    "warned": "true",
    "right": "verdict = 'right'",
    "wrong": "verdict = 'wrong'",
    "open": "verdict = 'open'",
    "led": "led AND NOT late AND verdict = 'right'",
    "late": "late AND verdict = 'right'",
    "quiet": "verdict = 'right' AND ripe AND NOT led AND NOT late",
}
"""What can be counted and listed: 预警, 属实, 不实, 未定, 先于投诉, 投诉在先, 始终无人投诉 (its window has passed)."""

_FIGURES = (
    _P
    + "SELECT category, "
    + ", ".join(f"count(*) FILTER (WHERE {where})" for where in LISTS.values())
    + f""", percentile_cont(0.5) WITHIN GROUP (ORDER BY lead) FILTER (WHERE {LISTS["led"]})
FROM p GROUP BY GROUPING SETS ((), (category)) ORDER BY grouping(category) DESC, category
"""
)
_ALL = 'SELECT count(*) FROM "case" WHERE opened_at >= %(start)s AND opened_at < %(end)s'


@dataclass(frozen=True, slots=True)
class Ahead:
    """一类的先知先觉: `counts` by the names of LISTS; `lead` is the median in minutes over `led`, None when empty."""

    category: str
    counts: Mapping[str, int]
    lead: float | None

    @property
    def hits(self) -> float | None:
        """命中率: right ÷ (right + wrong); what is still open is in neither."""
        base = self.counts["right"] + self.counts["wrong"]
        return self.counts["right"] / base if base else None


@dataclass(frozen=True, slots=True)
class Foresight:
    """一段时间的无呼也应: `cases` is every case opened, of which `whole` counts the proactive ones; then by class."""

    cases: int
    whole: Ahead
    classes: Sequence[Ahead]

    @property
    def share(self) -> float | None:
        return self.whole.counts["warned"] / self.cases if self.cases else None


def _given(start: datetime, end: datetime, now: datetime) -> dict[str, Any]:
    with connections[OWNER].cursor() as cursor:
        cursor.execute("SELECT from_code, to_code FROM data_crosswalk WHERE valid_to IS NULL")
        found = cursor.fetchall()
    pairs = [pair for one, other in found for pair in ((one, other), (other, one))]
    kin = orjson.dumps([{"a": one, "b": other} for one, other in pairs]).decode()
    states = {"wrong": [one.value for one in WRONG], "right": [one.value for one in RIGHT]}
    return {"kin": kin, "start": start, "end": end, "now": now, "window": WINDOW, **states}


def foresight(viewer: Viewer, start: datetime, end: datetime, now: datetime) -> Foresight:
    """Share, hits and lead of the warnings of [start, end), as far as this viewer may see."""
    given = _given(start, end, now)
    with viewing(viewer), connections[APP].cursor() as cursor:
        cursor.execute(_ALL, given)
        cases = int(cursor.fetchone()[0])
        cursor.execute(_FIGURES, given)
        found = [_ahead(row) for row in cursor.fetchall()]
    return Foresight(cases, found[0], found[1:])


def _ahead(row: Sequence[Any]) -> Ahead:
    category, *counts, lead = row
    return Ahead(category or "", dict(zip(LISTS, counts, strict=True)), lead)


def ids(viewer: Viewer, given: tuple[datetime, datetime, datetime], which: str, category: str = "") -> list[int]:
    """The cases behind one count of `foresight(start, end, now)`, newest first, at most 500; KeyError for no such."""
    where = f"{LISTS[which]} AND (%(category)s = '' OR category = %(category)s)"
    with viewing(viewer), connections[APP].cursor() as cursor:
        cursor.execute(
            f"{_P} SELECT id FROM p WHERE {where} ORDER BY id DESC LIMIT 500", {**_given(*given), "category": category}
        )
        return [row[0] for row in cursor.fetchall()]
