"""分层 strata: pieces of the city and of the year inside which time may be rotated, and the pairs counted in each.

A stratum is a district's tile (a square of some kilometres) within a block of whole weeks. For each ordered pair of
classes (a, b) it keeps how many b's followed an a nearby within the lag, for *every* rotation of b's time by whole
weeks around the block at once: a pair of events counts for the one rotation that brings it into the lag window. So
neighbours are found once, and a permutation is a look-up.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.spatial import cKDTree

from zhongshu.hub.judge.causes.events import Events, Floats, Numbers

WEEK = 168
_NEIGHBOURS = 2_000_000
"""Neighbour pairs held at a time (24 bytes each, and as much again while they are counted)."""


@dataclass(frozen=True, slots=True)
class Scales:
    """What counts as near: each distance (metres) with each lag (whole hours, at most a week), both ascending."""

    distances: tuple[float, ...]
    lags: tuple[int, ...]

    def __len__(self) -> int:
        return len(self.distances) * len(self.lags)

    def of(self, number: int) -> tuple[float, int]:
        """Distance and lag of scale `number`."""
        return self.distances[number // len(self.lags)], self.lags[number % len(self.lags)]


@dataclass(frozen=True, slots=True)
class Tables:
    """`pairs` (scales, classes, classes) as observed; `near` (scales, classes, classes, strata, rotations) made even
    for the ups and downs of the district, rotation 0 being what was observed; `turns` (strata,) the rotations that
    exist; `reach` (scales, classes, classes) pairs over all rotations together."""

    pairs: Numbers
    near: NDArray[np.float32]
    turns: Numbers
    reach: Numbers

    def observed(self) -> Floats:
        return np.asarray(self.near[..., 0].sum(axis=-1, dtype=np.float64))

    def expected(self) -> Floats:
        """The exact mean over all rotations."""
        return np.asarray((self.near.sum(axis=-1, dtype=np.float64) / self.turns).sum(axis=-1))


@dataclass(frozen=True, slots=True)
class _Stratum:
    """The events of one stratum: planar points, whole hours since its block began, classes."""

    points: Floats
    hour: Numbers
    kind: Numbers
    weeks: int

    def neighbours(self, reach: float) -> Iterator[tuple[Numbers, Numbers, Floats]]:
        """Ordered pairs (i, j) of different classes at most `reach` metres apart, in portions of bounded size."""
        tree = cKDTree(self.points)
        portions = 1 + int(tree.count_neighbors(tree, reach)) // _NEIGHBOURS
        for first in range(portions):
            part = np.arange(first, len(self.points), portions)
            found = cKDTree(self.points[part]).sparse_distance_matrix(tree, reach, output_type="ndarray")
            i, j = part[found["i"]], found["j"]
            other = self.kind[i] != self.kind[j]
            yield i[other], j[other], found["v"][other]

    def tally(self, classes: int, scales: Scales) -> Numbers:
        """Pairs for every rotation, shape (distances, lags, classes, classes, weeks)."""
        shape = (classes, classes, self.weeks, len(scales.distances), len(scales.lags))
        counts = np.zeros(int(np.prod(shape)), np.int64)
        for i, j, apart in self.neighbours(scales.distances[-1]):
            gap = (self.hour[j] - self.hour[i]) % (self.weeks * WEEK)
            turn, lag = np.divmod(gap, WEEK)
            inside = lag < scales.lags[-1]
            band = np.searchsorted(scales.distances, apart[inside])
            step = np.searchsorted(scales.lags, lag[inside], side="right")
            key = np.ravel_multi_index((self.kind[i[inside]], self.kind[j[inside]], turn[inside], band, step), shape)
            counts += np.bincount(key, minlength=len(counts))
        whole = counts.reshape(shape).cumsum(axis=3).cumsum(axis=4)
        return np.asarray(whole.transpose(3, 4, 0, 1, 2))


def _evenness(hour: Numbers, kind: Numbers, classes: int, weeks: int, lags: Sequence[int]) -> Floats:
    """How many b's of a district follow its a's at *any* distance, for every rotation: mean over rotations divided by
    it, shape (lags, classes, classes, weeks). A storm that fills the whole district with both classes is no cause
    shared by two neighbours; multiplied by this, it counts as no more than a quiet week."""
    length = weeks * WEEK
    counts = np.bincount(kind * length + hour, minlength=classes * length).reshape(classes, length).astype(np.float32)
    padded = np.concatenate([np.zeros((classes, 1), np.float32), np.cumsum(np.tile(counts, 2), axis=1)], axis=1)
    result = np.empty((len(lags), classes, classes, weeks))
    for number, lag in enumerate(lags):
        ahead = padded[:, lag : lag + length] - padded[:, :length]
        twice = np.concatenate([ahead, ahead], axis=1)
        turned = np.concatenate([twice[:, turn * WEEK : turn * WEEK + length] for turn in range(weeks)])
        result[number] = (counts @ turned.T).reshape(classes, weeks, classes).transpose(0, 2, 1)
    return np.asarray((result.mean(axis=-1, keepdims=True) + 1) / (result + 1))


def _blocks(t: Floats, weeks: int) -> tuple[Numbers, Numbers, Numbers]:
    """Block of each event (-1 in the last, unfinished week), and each block's first hour and length in weeks."""
    week = np.floor((t - t.min()) / WEEK).astype(np.int64)
    full = int(np.floor((t.max() - t.min() + 1) / WEEK))
    count = max(1, full // weeks)
    lengths = full // count + (np.arange(count) < full % count)
    ends = np.cumsum(lengths)
    block = np.searchsorted(ends, week, side="right")
    block[block == count] = -1
    return block.astype(np.int64), (ends - lengths) * WEEK, lengths


def _groups(*keys: Numbers) -> list[Numbers]:
    """Indexes of the rows that agree in every key."""
    if not len(keys[0]):
        return []
    order = np.lexsort(keys)
    rows = np.stack(keys)[:, order]
    cuts = np.flatnonzero(np.any(rows[:, 1:] != rows[:, :-1], axis=0)) + 1
    return np.split(order, cuts)


def strata(events: Events, classes: int, scales: Scales, weeks: int, tile: float) -> Tables:
    """Count every stratum. `classes`: codes run from 0 to classes - 1; `weeks`: length of a block, about; `tile`
    metres. Memory: 4 bytes x scales x classes^2 x strata x weeks, however many pairs there are."""
    block, begins, lengths = _blocks(events.t, weeks)
    hour = np.floor(events.t - events.t.min()).astype(np.int64)
    column = np.floor((events.x - events.x.min()) / tile).astype(np.int64)
    row = np.floor((events.y - events.y.min()) / tile).astype(np.int64)
    inside = np.flatnonzero(block >= 0)
    made: list[NDArray[np.float32]] = []
    pairs = np.zeros((len(scales), classes, classes), np.int64)
    reach, turns = np.zeros_like(pairs), []
    for group in _groups(events.district[inside], block[inside]):
        wide = inside[group]
        number = int(block[wide[0]])
        clock = hour[wide] - begins[number]
        even = _evenness(clock, events.kind[wide], classes, int(lengths[number]), scales.lags)
        for piece in _groups(column[wide], row[wide]):
            mine = wide[piece]
            points = np.stack([events.x[mine], events.y[mine]], axis=1)
            counts = _Stratum(points, clock[piece], events.kind[mine], int(lengths[number])).tally(classes, scales)
            if counts[-1, -1].any():
                pairs += counts[..., 0].reshape(pairs.shape)
                reach += counts.sum(axis=-1).reshape(pairs.shape)
                made.append((counts * even[None]).astype(np.float32).reshape(*pairs.shape, -1))
                turns.append(int(lengths[number]))
    near = np.zeros((*pairs.shape, len(made), int(lengths.max())), np.float32)
    for place, table in enumerate(made):
        near[..., place, : table.shape[-1]] = table
    return Tables(pairs, near, np.array(turns, np.int64), reach)
