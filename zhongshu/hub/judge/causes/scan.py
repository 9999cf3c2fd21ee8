"""时空扫描 prospective space-time permutation scan: is there a cluster that is still alive today?

Kulldorff, Heffernan, Hartman, Assunção, Mostashari: A space-time permutation scan statistic for disease outbreak
detection. PLoS Medicine 2(3):e59, 2005.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.spatial import cKDTree
from scipy.special import xlogy

from zhongshu.hub.judge.causes.events import Floats, Numbers

Counts = NDArray[Any]
"""Whole numbers, in two bytes where no sum can overflow."""

_PILOT = 9
"""Permutations that are looked at closely, to learn which cylinders can matter."""
_NOTABLE = 2.0
"""Log likelihood ratios below this are no alarm under any circumstances; the greatest of a shuffled city is larger."""
_HALVINGS = 50
_SHORT = np.iinfo(np.int16).max


@dataclass(frozen=True, slots=True)
class Window:
    """Cylinders reach over the `cells` nearest cells, none holding more than `share` of all events, and the last
    `days`."""

    cells: int = 50
    days: int = 30
    share: float = 0.5


@dataclass(frozen=True, slots=True)
class Alarm:
    """A cluster alive on the last day: `cells` nearest first, over the last `days`; `ratio` is the log likelihood
    ratio, `p` is adjusted for all cylinders looked at."""

    cells: Numbers
    days: int
    observed: int
    expected: float
    ratio: float
    p: float


@dataclass(frozen=True, slots=True)
class _Cylinders:
    """`near` (cells, k) the cells of each zone, `expected` (k, cells, days) events of each cylinder."""

    near: Numbers
    expected: Floats
    total: int
    recent: int

    def layers(self, recent: Counts) -> Iterator[Counts]:
        """Events in each cylinder, one zone size after the other, (cells, days); the array is reused."""
        held, added = np.zeros_like(recent), np.empty_like(recent)
        for k in range(self.near.shape[1]):
            np.take(recent, self.near[:, k], axis=0, out=added, mode="clip")
            held += added
            yield held

    def ratios(self, count: Counts, expected: Floats) -> Floats:
        """Log likelihood ratio, zero where there are no more events than expected."""
        count = np.asarray(count, np.float64)
        rest = self.total - expected
        inside = xlogy(count, np.divide(count, expected, out=np.ones_like(expected), where=expected > 0))
        outside = xlogy(self.total - count, np.divide(self.total - count, rest, out=np.ones_like(rest), where=rest > 0))
        return np.where((count > expected) & (expected > 0), inside + outside, 0.0)

    def thresholds(self, least: float) -> Counts:
        """The fewest events that give each cylinder a ratio of at least `least`.

        The ratio falls as more is expected, so for each count there is one greatest expectation that still reaches it.
        """
        count = np.arange(1.0, self.recent + 1)
        low, high = np.zeros_like(count), count.copy()
        for _ in range(_HALVINGS):
            middle = (low + high) / 2
            enough = self.ratios(count, middle) >= least
            low, high = np.where(enough, middle, low), np.where(enough, high, middle)
        fewest = np.searchsorted(low, self.expected) + 1
        return np.where(self.expected > 0, fewest, np.iinfo(np.int64).max)

    def above(self, recent: Counts, fewest: Counts) -> float:
        """The greatest ratio among the cylinders that reach their threshold; 0 when none does."""
        best, reached = 0.0, np.empty(recent.shape, np.bool_)
        for k, held in enumerate(self.layers(recent)):
            if np.greater_equal(held, fewest[k], out=reached).any():
                best = max(best, float(self.ratios(held[reached], self.expected[k][reached]).max()))
        return best


def _cylinders(points: Floats, cell: Numbers, recent: Counts, window: Window) -> _Cylinders:
    size = min(window.cells, len(points))
    near = cKDTree(points).query(points, size)[1].reshape(len(points), size).astype(np.int64)
    total = len(cell)
    zone = np.cumsum(np.bincount(cell, minlength=len(points))[near], axis=1)
    # Margins of space and time stay as they are under shuffling, so what is expected is their product.
    expected = zone.T[:, :, None] * (recent.sum(axis=0) / total)
    expected[window.share * total < zone.T] = 0.0
    return _Cylinders(near, expected, total, int(recent[:, -1].sum()))


def _recent(cell: Numbers, age: Numbers, cells: int, days: int) -> Counts:
    """Events of each cell in the last 1, 2, .. `days`, shape (cells, days)."""
    counts = np.bincount(cell * days + age, minlength=cells * days).reshape(cells, days)
    # Half the bytes, twice the speed, wherever no sum can overflow.
    kind = np.int16 if len(cell) < _SHORT else np.int32
    return np.asarray(np.cumsum(counts, axis=1, dtype=kind))


def _shuffles(cell: Numbers, age: Numbers, shape: tuple[int, int]) -> Iterator[Counts]:
    """Which events fall on the recent days is drawn anew, without end; only they are needed."""
    random = np.random.default_rng(2005)
    while True:
        drawn = random.choice(len(cell), len(age), replace=False)
        yield _recent(cell[drawn], age, *shape)


def _narrow(cylinders: _Cylinders, least: float) -> Counts:
    """Thresholds in as few bytes as the counts they are compared with."""
    most = np.iinfo(np.int16 if cylinders.recent < _SHORT else np.int32)
    return np.asarray(np.minimum(cylinders.thresholds(least), most.max), most.dtype)


def _reference(cylinders: _Cylinders, draw: Iterator[Counts], permutations: int) -> Floats:
    """Greatest ratio of each permutation; those that cannot matter are given as 0."""
    notable = _narrow(cylinders, _NOTABLE)
    pilot = [cylinders.above(next(draw), notable) for _ in range(min(_PILOT, permutations))]
    fewest = _narrow(cylinders, max(_NOTABLE, min(pilot, default=0.0)))
    rest = [cylinders.above(next(draw), fewest) for _ in range(permutations - len(pilot))]
    return np.array(pilot + rest, np.float64)


def _alarms(cylinders: _Cylinders, recent: Counts, reference: Floats, most: int) -> list[Alarm]:
    """The strongest cylinders whose cells do not overlap, strongest first."""
    counts = np.stack([held.copy() for held in cylinders.layers(recent)])
    ratios = cylinders.ratios(counts, cylinders.expected)
    taken = np.zeros(len(cylinders.near), np.bool_)
    found: list[Alarm] = []
    for place in np.argsort(ratios, axis=None)[::-1]:
        k, centre, last = (int(i) for i in np.unravel_index(place, ratios.shape))
        ratio = float(ratios[k, centre, last])
        if len(found) == most or ratio < _NOTABLE:
            break
        cells = cylinders.near[centre, : k + 1]
        if taken[cells].any():
            continue
        taken[cells] = True
        p = (int(np.sum(reference >= ratio)) + 1) / (len(reference) + 1)
        expected = float(cylinders.expected[k, centre, last])
        found.append(Alarm(cells, last + 1, int(counts[k, centre, last]), expected, ratio, p))
    return found


def scan(
    points: Floats, cell: Numbers, day: Numbers, window: Window | None = None, permutations: int = 999
) -> list[Alarm]:
    """At most ten alarms, strongest first, each with its p; an alarm with p > 0.05 is no alarm.

    `points` (cells, 2) are centres in metres, `cell` and `day` (events,) where and on which day each event was; today
    is the greatest day. Events are assigned to other days at random with every cell's and every day's total kept, so
    neither where people live nor the season can raise an alarm. Ratios of permutations below all of nine pilot runs are
    not told apart, which changes no p below about 0.8. Same data, same answer: the seed is fixed.
    """
    if not len(cell):
        return []
    window = window or Window()
    age = day.max() - day
    days = int(min(window.days, age.max() + 1))
    shape = (len(points), days)
    late = age < days
    recent = _recent(cell[late], age[late], *shape)
    cylinders = _cylinders(points, cell, recent, window)
    draw = _shuffles(cell, age[late], shape)
    return _alarms(cylinders, recent, _reference(cylinders, draw, permutations), 10)
