"""评价口径 rates counted from the ledger itself, so that any past day can be counted again and gives the same.

Base of the three rates: valid call-backs (有效回访: the reporter was reached). Base of on-time closure: cases due to
close (应结案: closed in the period, or overdue and still open at its end). Source: domain rules of 接诉即办 and
数字城管; weights and windows are a matter of each city and not applied here.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db import connections

from zhongshu.data.databases import APP

BASIC = 0.9
"""What a "basically content" answer (基本满意) counts for; contents count 1, discontents 0.

Answers go from 1 (非常不满意) to 5 (非常满意), as on the screens; 3 is basically content.
"""

CUTS: Mapping[str, str] = {
    "all": "''",
    "unit": "coalesce(payload->>'host', '')",
    "grid": "coalesce(payload->>'grid', '')",
    "category": "coalesce(payload->>'category', '')",
    "day": "to_char(at AT TIME ZONE 'Asia/Shanghai', 'YYYY-MM-DD')",
    "place": "left(place, %(length)s)",
}
"""What figures can be cut by; `place` takes the prefix length of a level."""

_SQL = """
WITH f AS (
  SELECT subject, kind, at, seq, recorded_at, {cut} AS cut,
         (payload->>'contacted')::boolean AS contacted, (payload->>'responded')::boolean AS responded,
         CASE WHEN kind = 'CalledBack' THEN (payload->>'solved')::boolean END AS solved,
         (payload->>'satisfaction')::int AS satisfaction,
         (payload->>'on_time')::boolean AS on_time
  FROM ledger
  WHERE at < %(end)s AND kind IN ('CalledBack', 'Evaluated', 'Overdue', 'Closed', 'Reopened')
    AND (kind <> 'Overdue' OR payload->>'clock' = 'handle')
), late AS (
  SELECT DISTINCT ON (subject) subject, kind, cut FROM f
  WHERE kind IN ('Overdue', 'Closed', 'Reopened') ORDER BY subject, at DESC, recorded_at DESC, seq DESC
), figures AS (
  SELECT cut,
    count(*) FILTER (WHERE kind = 'CalledBack') AS asked,
    count(*) FILTER (WHERE kind = 'CalledBack' AND contacted) AS valid,
    count(*) FILTER (WHERE kind = 'CalledBack' AND contacted AND coalesce(responded, true)) AS responded,
    count(*) FILTER (WHERE kind = 'CalledBack' AND contacted AND solved) AS solved,
    coalesce(sum(CASE satisfaction WHEN 3 THEN %(basic)s WHEN 4 THEN 1 WHEN 5 THEN 1 ELSE 0 END)
      FILTER (WHERE kind = 'CalledBack' AND contacted), 0) AS content,
    count(*) FILTER (WHERE kind = 'Evaluated') AS closed,
    count(*) FILTER (WHERE kind = 'Evaluated' AND on_time) AS on_time
  FROM f WHERE at >= %(start)s AND kind IN ('CalledBack', 'Evaluated') GROUP BY cut
), open_late AS (
  SELECT cut, count(*) AS late FROM late WHERE kind = 'Overdue' GROUP BY cut
)
SELECT coalesce(g.cut, o.cut), coalesce(g.asked, 0), coalesce(g.valid, 0), coalesce(g.responded, 0),
       coalesce(g.solved, 0), coalesce(g.content, 0)::float, coalesce(g.closed, 0), coalesce(g.on_time, 0),
       coalesce(o.late, 0)
FROM figures g FULL JOIN open_late o ON o.cut = g.cut ORDER BY 1
"""


@dataclass(frozen=True, slots=True)
class Figures:
    """一组指标: counts of one unit, grid, category, day or place; rates are None when their base is empty."""

    key: str
    asked: int
    valid: int
    responded: int
    solved: int
    content: float
    closed: int
    on_time: int
    late: int

    @property
    def due(self) -> int:
        """应结案: closed in the period, and overdue and still open at its end."""
        return self.closed + self.late

    @property
    def rates(self) -> dict[str, float | None]:
        """Shares in 0..1 by name, each over its own base."""
        return {
            "response": _share(self.responded, self.valid),
            "solve": _share(self.solved, self.valid),
            "satisfaction": _share(self.content, self.valid),
            "on_time_closure": _share(self.on_time, self.due),
            "valid_share": _share(self.valid, self.asked),
        }


def _share(part: float, base: int) -> float | None:
    return part / base if base else None


def figures(start: datetime, end: datetime, cut: str = "all", length: int = 12, using: str = APP) -> list[Figures]:
    """Figures of [start, end) by one cut, as far as this connection may see. KeyError for a cut not in CUTS."""
    values: dict[str, datetime | float | int] = {"start": start, "end": end, "basic": BASIC, "length": length}
    with connections[using].cursor() as cursor:
        cursor.execute(_SQL.format(cut=CUTS[cut]), values)
        return [Figures(*row) for row in cursor.fetchall()]
