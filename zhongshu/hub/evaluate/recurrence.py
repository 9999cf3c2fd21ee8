"""复发 recurrence: did a cause's matters become fewer where it was treated than where nothing was done?

A place is singled out because much happened there, so it calms down by itself. It is therefore compared with places
that had about as much before, of the same two classes in a like mix, and were not treated: what they came to, by the
line of after on before through them, is what would have been expected. The interval comes from how they differ among
themselves. A plain difference of differences would praise every place that was picked for a peak.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.spatial import cKDTree
from scipy.stats import t as student

Floats = NDArray[np.floating[Any]]
Numbers = NDArray[np.int64]

MATCHED = 8
"""Fewer matched places than this say nothing: the figure is refused (default, no standard)."""
AFTER = 14.0
"""Days that must have passed since the treatment before anything is counted."""
WINDOW = 28.0
"""Days counted before and, when so many have passed, after."""
VOLUME = 0.35
"""A matched place had as many before as the treated one, give or take this share, or two."""
MIX = 0.25
"""And its share of the first class differs by no more than this."""
EACH = 10
"""Matched places for one treated place, the likest first."""
MONTH = 30.0


@dataclass(frozen=True, slots=True)
class Matters:
    """Reports of the two classes as arrays: planar metres, days since the treatment (below 0: before), first class."""

    x: Floats
    y: Floats
    day: Floats
    first: NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Recurrence:
    """复发评估: reports per place and 30 days, before and after, in the treated and in the matched places.

    `expected` is what the treated would have come to as the matched did; `change` is after less that, `low` and `high`
    its 95 % interval. `centres` (n, 2) are those of the matched places.
    """

    treated: int
    matched: int
    before: float
    after: float
    matched_before: float
    matched_after: float
    expected: float
    change: float
    low: float
    high: float
    days: float
    centres: Floats


@dataclass(frozen=True, slots=True)
class Refused:
    """不予评估: `why` is early (too little time has passed), few (too few matched places) or none (nothing before)."""

    why: str
    matched: int = 0
    days: float = 0.0


def _held(points: Floats, centres: Floats, radius: float) -> Numbers:
    """How many of the points lie within each place."""
    if not len(points) or not len(centres):
        return np.zeros(len(centres), np.int64)
    return np.asarray(cKDTree(points).query_ball_point(centres, radius, return_length=True), np.int64)


def _counts(matters: Matters, centres: Floats, radius: float, span: tuple[float, float]) -> tuple[Numbers, Numbers]:
    """Reports within each place and span of days: all, and those of the first class."""
    inside = (matters.day >= span[0]) & (matters.day < span[1])
    points = np.stack([matters.x, matters.y], axis=1)
    return _held(points[inside], centres, radius), _held(points[inside & matters.first], centres, radius)


def _untreated(matters: Matters, treated: Floats, radius: float, before: tuple[float, float]) -> Floats:
    """Places that don't overlap one another nor the treated ones, each around a report of the time before."""
    inside = np.flatnonzero((matters.day >= before[0]) & (matters.day < before[1]))
    points = np.stack([matters.x[inside], matters.y[inside]], axis=1)
    if not len(points):
        return points
    busy = _held(points, points, radius)
    kept: list[Floats] = list(treated)
    found: list[Floats] = []
    for n in np.argsort(-busy, kind="stable"):
        if all(math.dist(points[n], one) > 2 * radius for one in kept):
            kept.append(points[n])
            found.append(points[n])
    return np.array(found).reshape(-1, 2)


def _alike(own: tuple[int, int], counts: tuple[Numbers, Numbers]) -> Numbers:
    """Indexes of the places that were like one place before, the likest first, at most EACH."""
    n, first = own
    total, firsts = counts
    share = np.divide(firsts, total, out=np.zeros(len(total)), where=total > 0)
    apart, mix = np.abs(total - n), np.abs(share - first / n)
    fits = np.flatnonzero((total > 0) & (apart <= max(2.0, VOLUME * n)) & (mix <= MIX))
    return np.asarray(fits[np.argsort(apart[fits] / n + mix[fits], kind="stable")][:EACH], np.int64)


def recurrence(matters: Matters, treated: Floats, radius: float, gap: float, passed: float) -> Recurrence | Refused:
    """Compare `treated` (n, 2) places of `radius` metres with matched ones.

    `gap` are the days between the joint task and its end: what is counted before lies before the task; `passed` the
    days since the end. Both sides are counted over the same days.
    """
    days = min(WINDOW, passed)
    if passed < AFTER:
        return Refused("early", days=passed)
    before = (-gap - WINDOW, -gap)
    own, own_first = _counts(matters, treated, radius, before)
    busy = np.flatnonzero(own > 0)
    if not len(busy):
        return Refused("none")
    centres = _untreated(matters, treated, radius, before)
    counts = _counts(matters, centres, radius, before)
    chosen = [_alike((int(own[n]), int(own_first[n])), counts) for n in busy]
    matched = np.unique(np.concatenate(chosen))
    if len(matched) < MATCHED:
        return Refused("few", len(matched))
    return _compared(matters, (treated[busy], centres[matched]), radius, before, days)


def _compared(
    matters: Matters, places: Sequence[Floats], radius: float, before: tuple[float, float], days: float
) -> Recurrence:
    rates = [
        (
            _counts(matters, one, radius, before)[0] * MONTH / WINDOW,
            _counts(matters, one, radius, (0.0, days))[0] * MONTH / days,
        )
        for one in places
    ]
    (own_before, own_after), (other_before, other_after) = rates
    expected, half = _expected((float(own_before.mean()), len(own_before)), other_before, other_after)
    change = float(own_after.mean()) - expected
    return Recurrence(
        treated=len(own_before),
        matched=len(other_before),
        before=float(own_before.mean()),
        after=float(own_after.mean()),
        matched_before=float(other_before.mean()),
        matched_after=float(other_after.mean()),
        expected=expected,
        change=change,
        low=change - half,
        high=change + half,
        days=days,
        centres=places[1],
    )


def _expected(own: tuple[float, int], before: Floats, after: Floats) -> tuple[float, float]:
    """What as many places with this mean before would come to by the line through the matched ones, and half of the
    95 % interval of the mean of so many new places."""
    mean, count = own
    apart = before - before.mean()
    spread = float((apart**2).sum())
    slope = float((apart * after).sum()) / spread if spread else 0.0
    rest = after - after.mean() - slope * apart
    free = len(before) - 2
    error = math.sqrt(float((rest**2).sum()) / free)
    away = (mean - float(before.mean())) ** 2 / spread if spread else 0.0
    half = float(student.ppf(0.975, free)) * error * math.sqrt(1 / count + 1 / len(before) + away)
    return float(after.mean()) + slope * (mean - float(before.mean())), half
