"""网格员队伍 the roster of grid officers with its gaps and loads."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from statistics import median
from typing import Any

from django.db import connections

from zhongshu.data.databases import APP, ROAD, dicts
from zhongshu.kernel.places import Span

YEAR = timedelta(days=365)
MONTH = timedelta(days=30)
HEAVY = 2.0
"""How many times the median load an officer must carry to be listed as heavy: a default, no standard."""
AT_MOST = 500


@dataclass(frozen=True, slots=True)
class Own:
    """本人的负担: open cases in this person's hands, check-ins, forms filled and reports for others of 30 days."""

    in_hand: int
    check_ins: int
    fills: int
    helped: int


@dataclass(frozen=True, slots=True)
class Officer:
    """网格员 on one day, with the households and cases of the grids that he walks."""

    code: str
    name: str
    place: str
    unit: str
    kind: str
    grids: tuple[str, ...]
    duties: str
    started: date
    ended: date | None
    substitute: str
    account: str
    households: int = 0
    open: int = 0
    lately: int = 0
    own: Own | None = None
    """Only of whom the roster names an account: of others nobody can say who of the unit did it."""

    def serves(self, day: date) -> bool:
        return self.started <= day and (self.ended is None or day < self.ended)


@dataclass(frozen=True, slots=True)
class Roster:
    """队伍: officers in service on `day`, those who left within a year, grids of the place and whoever walks them."""

    day: date
    serving: tuple[Officer, ...]
    left: tuple[Officer, ...]
    grids: tuple[str, ...]

    @property
    def full(self) -> list[Officer]:
        return [one for one in self.serving if one.kind == "full"]

    @property
    def part(self) -> list[Officer]:
        return [one for one in self.serving if one.kind == "part"]

    @property
    def uncovered(self) -> list[str]:
        """Grids that nobody in service walks."""
        walked = {grid for one in self.serving for grid in one.grids}
        return [grid for grid in self.grids if grid not in walked]

    @property
    def alone(self) -> list[Officer]:
        """Officers for whom nobody in service stands in."""
        there = {one.code for one in self.serving}
        return [one for one in self.serving if one.substitute not in there]

    @property
    def heavy(self) -> list[Officer]:
        """Officers with at least HEAVY times the median of the cases of 30 days, the heaviest first."""
        loads = [one.lately for one in self.serving]
        line = HEAVY * median(loads) if loads else 0
        return sorted((one for one in self.serving if line and one.lately >= line), key=lambda one: -one.lately)

    @property
    def turnover(self) -> float | None:
        """Left within a year, to one serving today; None without anybody serving."""
        return len(self.left) / len(self.serving) if self.serving else None


def roster(officers: Sequence[Officer], grids: Sequence[str], day: date) -> Roster:
    """What the lines of the pack mean on one day. Pure."""
    serving = tuple(one for one in officers if one.serves(day))
    left = tuple(one for one in officers if one.ended and day - YEAR <= one.ended <= day)
    return Roster(day, serving, left, tuple(grids))


_LINES = """
SELECT o.code, o.name, u.place, o.unit, o.kind, o.grids, o.duties, o.started, o.ended, o.substitute, o.account
FROM data_officer o JOIN data_unit u ON u.code = o.unit AND u.valid_to IS NULL
WHERE o.valid_to IS NULL AND u.place COLLATE "C" >= %s AND u.place COLLATE "C" < %s ORDER BY u.place, o.code
"""
_GRIDS = """
SELECT code, households FROM data_grid
WHERE valid_to IS NULL AND division COLLATE "C" >= %s AND division COLLATE "C" < %s ORDER BY code
"""
_LOADS = """
SELECT grid, count(*) FILTER (WHERE closed_at IS NULL) AS open, count(*) FILTER (WHERE opened_at >= %s) AS lately
FROM "case" WHERE place >= %s AND place < %s AND (closed_at IS NULL OR opened_at >= %s) AND grid <> '' GROUP BY grid
"""
_OWN = """
SELECT a.username,
  (SELECT count(*) FROM "case" c WHERE c.claimed = a.id AND c.claimed > 0 AND c.closed_at IS NULL AND c.place >= %(lo)s
     AND c.place < %(hi)s),
  (SELECT count(*) FROM check_in i WHERE i.by = a.id AND i.at >= %(since)s),
  (SELECT count(*) FROM form_fill f WHERE f.by = a.id AND f.at >= %(since)s),
  (SELECT count(*) FROM helped_report h WHERE h.by = a.id AND h.at >= %(since)s)
FROM auth_user a WHERE a.username = ANY (%(names)s)
"""


def read(span: Span, now: datetime, loads: bool) -> Roster:
    """The roster of a place; `loads`: with the cases of each grid, which costs a look at all of the month's."""
    edges = [span.lo, span.hi]
    with connections[APP].cursor() as cursor:
        cursor.execute(_LINES, edges)
        lines = dicts(cursor)
        cursor.execute(_GRIDS, edges)
        grids: dict[str, int] = {code: homes or 0 for code, homes in cursor.fetchall()}
    found: dict[str, Mapping[str, Any]] = {}
    if loads:
        with connections[ROAD].cursor() as cursor:
            cursor.execute(_LOADS, [now - MONTH, *edges, now - MONTH])
            found = {row["grid"]: row for row in dicts(cursor)}
    own = _own(span, now, [line["account"] for line in lines if line["account"]]) if loads else {}
    officers = [replace(_officer(line, grids, found), own=own.get(line["account"])) for line in lines]
    return roster(officers, list(grids), now.date())


def _own(span: Span, now: datetime, names: list[str]) -> dict[str, Own]:
    """Account -> what this person did and holds."""
    with connections[ROAD].cursor() as cursor:
        cursor.execute(_OWN, {"names": names, "since": now - MONTH, "lo": span.lo, "hi": span.hi})
        return {name: Own(*counts) for name, *counts in cursor.fetchall()}


def _officer(line: dict[str, Any], homes: Mapping[str, int], loads: Mapping[str, Mapping[str, Any]]) -> Officer:
    walked = tuple(grid for grid in line.pop("grids").split(";") if grid)
    held = [loads[grid] for grid in walked if grid in loads]
    return Officer(
        **line,
        grids=walked,
        households=sum(homes.get(grid, 0) for grid in walked),
        open=sum(one["open"] for one in held),
        lately=sum(one["lately"] for one in held),
    )
