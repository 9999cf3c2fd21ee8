"""每月一题与绕道走 topics: what people call about most, whether it gets solved, and what seems to be avoided."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connections

from zhongshu.data.databases import APP
from zhongshu.data.viewing import viewing
from zhongshu.kernel.access import Viewer

_TOPICS = """
SELECT category,
  count(*) FILTER (WHERE opened_at >= %(start)s AND opened_at < %(end)s),
  count(*) FILTER (WHERE opened_at >= %(before)s AND opened_at < %(start)s),
  coalesce(sum(reports) FILTER (WHERE opened_at >= %(start)s AND opened_at < %(end)s), 0),
  count(*) FILTER (WHERE opened_at >= %(start)s AND opened_at < %(end)s
    AND (closed_at IS NULL OR closed_at >= %(end)s OR redone > 0)),
  count(*) FILTER (WHERE opened_at >= %(start)s AND opened_at < %(end)s AND (returned > 0 OR hung > 0)),
  count(DISTINCT left(place, %(length)s)) FILTER (WHERE opened_at >= %(start)s AND opened_at < %(end)s),
  coalesce(mode() WITHIN GROUP (ORDER BY host) FILTER (WHERE host <> '' AND opened_at >= %(start)s), ''),
  count(*) FILTER (WHERE closed_at >= %(start)s AND closed_at < %(end)s),
  count(*) FILTER (WHERE closed_at >= %(before)s AND closed_at < %(start)s),
  count(*) FILTER (WHERE opened_at < %(end)s AND (closed_at IS NULL OR closed_at >= %(end)s)),
  percentile_cont(0.5) WITHIN GROUP (ORDER BY extract(epoch FROM %(end)s - opened_at) / 86400)
    FILTER (WHERE opened_at < %(end)s AND (closed_at IS NULL OR closed_at >= %(end)s)),
  max(extract(epoch FROM %(end)s - opened_at) / 86400)
    FILTER (WHERE opened_at < %(end)s AND (closed_at IS NULL OR closed_at >= %(end)s))
FROM "case" WHERE category <> '' AND state <> ALL ('{rejected,not_filed,void}') AND opened_at < %(end)s
  AND (opened_at >= %(before)s OR closed_at >= %(before)s OR closed_at IS NULL)
GROUP BY category
"""


@dataclass(frozen=True, slots=True)
class Topic:
    """一题: one class of matters in a period. Ages in days, of what was open at the end of the period."""

    category: str
    cases: int
    before: int
    """Cases of the period before."""
    reports: int
    unsolved: int
    """Still open at the end, or done once more because a reporter said "unsolved"."""
    pushed: int
    """Returned or hung at least once."""
    places: int
    lead: str
    """The unit that hosts most of them."""
    done: int
    done_before: int
    open: int
    age: float | None
    oldest: float | None

    @property
    def growth(self) -> float | None:
        """Change of demand against the period before; None when there was none then."""
        return (self.cases - self.before) / self.before if self.before else None

    @property
    def action(self) -> float | None:
        """Change of cases closed against the period before; None when there was none then."""
        return (self.done - self.done_before) / self.done_before if self.done_before else None

    @property
    def unsolved_share(self) -> float | None:
        return self.unsolved / self.cases if self.cases else None

    @property
    def pushed_share(self) -> float | None:
        return self.pushed / self.cases if self.cases else None


@dataclass(frozen=True, slots=True)
class Period:
    """A period [start, end) and where the one before it began."""

    before: datetime
    start: datetime
    end: datetime


def topics(viewer: Viewer, period: Period, street: int) -> list[Topic]:
    """Every class with a case in the period or open at its end, most cases first; `street` is its prefix length."""
    given: dict[str, Any] = {"before": period.before, "start": period.start, "end": period.end, "length": street}
    with viewing(viewer), connections[APP].cursor() as cursor:
        cursor.execute(_TOPICS, given)
        found = [Topic(*row[:11], *(None if one is None else float(one) for one in row[11:])) for row in cursor]
    return sorted(found, key=lambda one: (-one.cases, -(one.growth or 0.0), one.category))


def frequent(found: list[Topic], thresholds: Mapping[str, float]) -> list[Topic]:
    """每月一题: those with enough cases to be a topic, as ranked."""
    return [one for one in found if one.cases >= thresholds["frequent_cases"]]


def avoided(one: Topic, thresholds: Mapping[str, float]) -> tuple[str, ...]:
    """绕道走: why this topic looks avoided, as codes of thresholds; empty when it doesn't.

    Demand must rise and action must not, and then one of three: much unsolved, much returned or hung, or long open.
    """
    rising = one.growth is not None and one.growth >= thresholds["avoided_growth"]
    idle = one.action is None or one.action <= thresholds["avoided_action"]
    if not rising or not idle or one.cases < thresholds["frequent_cases"]:
        return ()
    measured = {
        "avoided_unsolved": one.unsolved_share,
        "avoided_pushed": one.pushed_share,
        "avoided_age_days": one.age,
    }
    why = [code for code, value in measured.items() if value is not None and value >= thresholds[code]]
    return ("avoided_growth", "avoided_action", *why) if why else ()


def behind(viewer: Viewer, category: str, period: Period, page: tuple[int, int]) -> list[int]:
    """The cases of one topic: ascending ids after page[0], at most page[1]."""
    with viewing(viewer), connections[APP].cursor() as cursor:
        cursor.execute(
            'SELECT id FROM "case" WHERE category = %s AND opened_at >= %s AND opened_at < %s AND id > %s'
            " AND state <> ALL ('{rejected,not_filed,void}') ORDER BY id LIMIT %s",
            [category, period.start, period.end, *page],
        )
        return [row[0] for row in cursor.fetchall()]


_STEPS = """
WITH told AS (
  SELECT 'sign' AS step, t."case", t.given_at AS since, t.signed_at AS at FROM task t
  WHERE t.role = 'host' AND t.signed_at >= %(start)s AND t.signed_at < %(end)s
  UNION ALL
  SELECT 'contact', k."case", k.starts_at, k.stopped_at FROM clock k
  WHERE k.name = 'contact' AND k.stopped_at >= %(start)s AND k.stopped_at < %(end)s
  UNION ALL
  SELECT 'arrive', v."case", NULL, v.at
  FROM (SELECT "case", min(at) AS at FROM check_in WHERE "case" <> 0 GROUP BY "case") v
  WHERE v.at >= %(start)s AND v.at < %(end)s
), known AS (
  SELECT e.step, e."case", coalesce(e.since, c.opened_at) AS since, e.at, c.opened_at, c.host, c.category
  FROM told e JOIN "case" c ON c.id = e."case" WHERE NOT c.excluded
), done AS (
  SELECT step, "case", since, at, host, category FROM known
  UNION ALL
  SELECT 'response', f."case", f.opened_at, f.at, f.host, f.category FROM (
    SELECT DISTINCT ON ("case") "case", opened_at, at, host, category FROM known
    WHERE step IN ('sign', 'contact') AND opened_at >= %(start)s - interval '60 days' ORDER BY "case", at) f
  WHERE NOT EXISTS (SELECT FROM task t WHERE t."case" = f."case" AND t.role = 'host' AND t.signed_at < %(start)s)
    AND NOT EXISTS (SELECT FROM clock k WHERE k."case" = f."case" AND k.name = 'contact' AND k.stopped_at < %(start)s)
  UNION ALL
  SELECT 'solve', id, opened_at, closed_at, host, category FROM "case"
  WHERE closed_at >= %(start)s AND closed_at < %(end)s AND state IN ('closed', 'archived') AND NOT excluded
), cut AS (
  SELECT d.step, d."case", extract(epoch FROM d.at - d.since)::float8 / 60 AS minutes, {key} AS key
  FROM done d {joined} WHERE d.at >= d.since
)
"""
"""What ended in the period is looked up among the cases once; a first response only when none came before it."""
_KEYS = {
    "level": ("coalesce(m.value, '')", "LEFT JOIN json_each_text(%(map)s::json) m ON m.key = d.host"),
    "unit": ("d.host", ""),
    "category": ("d.category", ""),
}
STEPS = ("sign", "contact", "response", "arrive", "solve")
"""签收, 首次联系, 首次响应 (whichever of the two came first, from the opening),
到场 (the first check-in for the case, where there is one), 解决 (opening to closing)."""


@dataclass(frozen=True, slots=True)
class Pace:
    """用时: minutes of the wall clock that one step took, below which half, nine in ten, and 19 in 20 stayed."""

    key: str
    step: str
    cases: int
    p50: float
    p90: float
    p95: float


def paces(viewer: Viewer, start: datetime, end: datetime, by: str, mapping: str = "{}") -> list[Pace]:
    """Percentiles of each step that ended in [start, end), by level, unit or category.

    `mapping` is a JSON object of unit -> level. KeyError for another cut.
    """
    key, joined = _KEYS[by]
    given: dict[str, Any] = {"start": start, "end": end, "map": mapping, "steps": list(STEPS)}
    with viewing(viewer), connections[APP].cursor() as cursor:
        cursor.execute(
            _STEPS.format(key=key, joined=joined)
            + "SELECT key, step, count(*), percentile_cont(ARRAY[0.5, 0.9, 0.95]) WITHIN GROUP (ORDER BY minutes)"
            " FROM cut GROUP BY key, step ORDER BY key, array_position(%(steps)s, step)",
            given,
        )
        return [Pace(row[0], row[1], row[2], *(float(one) for one in row[3])) for row in cursor.fetchall()]


def paced(viewer: Viewer, start: datetime, end: datetime, of: Mapping[str, str], page: tuple[int, int]) -> list[int]:
    """The cases behind one row of `paces`: `of` has by, key, step and map; ascending ids after page[0]."""
    key, joined = _KEYS[of["by"]]
    given: dict[str, Any] = {"start": start, "end": end, "map": of["map"], "key": of["key"], "step": of["step"]}
    with viewing(viewer), connections[APP].cursor() as cursor:
        cursor.execute(
            _STEPS.format(key=key, joined=joined)
            + 'SELECT DISTINCT "case" FROM cut WHERE key = %(key)s AND step = %(step)s AND "case" > %(after)s'
            ' ORDER BY "case" LIMIT %(size)s',
            {**given, "after": page[0], "size": page[1]},
        )
        return [row[0] for row in cursor.fetchall()]
