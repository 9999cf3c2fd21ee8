"""分层比较 trained and other communities beside each other within thirds of workload: load is no lack of skill.

Source: the risk difference over strata with the weights of Mantel and Haenszel (1959; Greenland and Robins 1985). Rows
of one community are alike, so the variance is that of ratios between communities (Cochran, Sampling Techniques, 6.4),
never smaller than the binomial one, and the interval Student's.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import sqrt
from typing import Any

from django.db import connections
from scipy.stats import t as student

from zhongshu.data.databases import APP
from zhongshu.data.viewing import viewing
from zhongshu.kernel.access import Viewer

LEAST_PLACES, LEAST_ROWS = 5, 30
"""Communities and rows on each side below which nothing is concluded (default, no standard)."""
SINCE = timedelta(days=90)
PARTS = 3


@dataclass(frozen=True, slots=True)
class Community:
    """A community with confirmed rows: `load` is tasks and fills of 90 days to one worker; `wrong` of `rows`."""

    place: str
    trained: bool
    load: float
    wrong: int
    rows: int


@dataclass(frozen=True, slots=True)
class Side:
    """One side of a stratum."""

    held: tuple[Community, ...]

    @property
    def wrong(self) -> int:
        return sum(one.wrong for one in self.held)

    @property
    def rows(self) -> int:
        return sum(one.rows for one in self.held)

    @property
    def share(self) -> float | None:
        return self.wrong / self.rows if self.rows else None

    @property
    def variance(self) -> float:
        """Of the share. The binomial one takes half a row more as wrong, half as right: no error isn't surety."""
        near = (self.wrong + 0.5) / (self.rows + 1)
        places, share = len(self.held), self.share or 0.0
        apart = sum((one.wrong - share * one.rows) ** 2 for one in self.held)
        return max(near * (1 - near) / self.rows, places / (places - 1) * apart / self.rows**2)


@dataclass(frozen=True, slots=True)
class Stratum:
    """One third of the communities by load."""

    low: float
    high: float
    trained: Side
    other: Side

    @property
    def compares(self) -> bool:
        """Two communities on each side: one alone says nothing of how far communities differ."""
        return min(len(self.trained.held), len(self.other.held)) > 1

    @property
    def weight(self) -> float:
        return self.trained.rows * self.other.rows / (self.trained.rows + self.other.rows)


@dataclass(frozen=True, slots=True)
class Compared:
    """`difference` of the shares found wrong, trained less other, with bounds at 95 %; None when too few compare."""

    strata: tuple[Stratum, ...]
    difference: float | None
    bounds: tuple[float, float] | None

    @property
    def used(self) -> tuple[Stratum, ...]:
        return tuple(one for one in self.strata if one.compares)


def thirds(communities: Iterable[Community]) -> tuple[Stratum, ...]:
    """The communities with confirmed rows in thirds by load, the lightest first. Pure."""
    ranked = sorted((one for one in communities if one.rows), key=lambda one: (one.load, one.place))
    cuts = [len(ranked) * n // PARTS for n in range(PARTS + 1)]
    parts = [ranked[low:high] for low, high in zip(cuts, cuts[1:], strict=False) if high > low]
    return tuple(_stratum(part) for part in parts)


def _stratum(part: Sequence[Community]) -> Stratum:
    sides = (Side(tuple(one for one in part if one.trained == trained)) for trained in (True, False))
    return Stratum(part[0].load, part[-1].load, *sides)


def compared(communities: Iterable[Community]) -> Compared:
    """The difference between trained and other communities of like load. Pure."""
    strata = thirds(communities)
    used = [one for one in strata if one.compares]
    sides = [one.trained for one in used], [one.other for one in used]
    few = any(sum(len(one.held) for one in side) < LEAST_PLACES for side in sides)
    if few or any(sum(one.rows for one in side) < LEAST_ROWS for side in sides):
        return Compared(strata, None, None)
    total = sum(one.weight for one in used)
    found = sum(one.weight * ((one.trained.share or 0) - (one.other.share or 0)) for one in used) / total
    error = sqrt(sum(one.weight**2 * (one.trained.variance + one.other.variance) for one in used)) / total
    degrees = sum(len(one.trained.held) + len(one.other.held) - 2 for one in used)
    reach = float(student.ppf(0.975, degrees)) * error
    return Compared(strata, found, (max(-1.0, found - reach), min(1.0, found + reach)))


_LOADS = """
SELECT u.place, coalesce(sum(t.n), 0) + coalesce(max(f.n), 0) FROM (
  SELECT place, code FROM data_unit WHERE valid_to IS NULL AND level = 4 AND place = ANY (%(places)s)) u
LEFT JOIN LATERAL (SELECT count(*) AS n FROM task WHERE unit = u.code AND given_at >= %(since)s) t ON true
LEFT JOIN (SELECT place, count(*) AS n FROM form_fill WHERE at >= %(since)s GROUP BY place) f ON f.place = u.place
GROUP BY u.place
"""
_WORKERS = """
SELECT u.place, count(DISTINCT h.user_id) FROM data_unit u
JOIN data_post p ON p.unit = u.code AND p.valid_to IS NULL
JOIN data_personinpost h ON h.post = p.code AND h.valid_from <= %(now)s AND (h.valid_to IS NULL OR h.valid_to > %(now)s)
WHERE u.valid_to IS NULL AND u.level = 4 AND u.place = ANY (%(places)s) GROUP BY u.place
"""


def loads(viewer: Viewer, places: Sequence[str], now: datetime) -> dict[str, float]:
    """Community -> tasks given to its units and forms filled in it within 90 days, to one of its people."""
    given: dict[str, Any] = {"places": list(places), "since": now - SINCE, "now": now}
    with viewing(viewer), connections[APP].cursor() as cursor:
        cursor.execute(_WORKERS, given)
        workers: dict[str, int] = dict(cursor.fetchall())
        cursor.execute(_LOADS, given)
        return {place: int(n) / workers[place] for place, n in cursor.fetchall() if place in workers}


_CELLS = """
SELECT r.place, coalesce(sum(jsonb_array_length(r.wrong)), 0), coalesce(sum(jsonb_array_length(v.items)), 0)
FROM quality_visit_row r JOIN quality_visit v ON v.id = r.visit WHERE r.verdict IN ('right', 'wrong') GROUP BY r.place
"""


def wrong_cells(viewer: Viewer) -> dict[str, tuple[int, int]]:
    """Place -> (values found wrong, values looked at) of every sample; a row that isn't there has none."""
    with viewing(viewer), connections[APP].cursor() as cursor:
        cursor.execute(_CELLS)
        return {place: (int(wrong), int(of)) for place, wrong, of in cursor.fetchall()}
