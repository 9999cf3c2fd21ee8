"""时空聚集检验 the Knox test of one class: pairs close in space and in time against shuffled times."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.spatial import cKDTree

from zhongshu.hub.judge.causes.events import Floats, Numbers

_PAIRS, _COLUMNS = 4096, 64
"""One step handles this many pairs times this many permutations, so that its arrays stay in the cache."""


@dataclass(frozen=True, slots=True)
class Knox:
    """`pairs` close in space and time, `expected` their mean under shuffling, `p` one-sided, `shuffled` all counts."""

    pairs: int
    expected: float
    p: float
    shuffled: Numbers

    @property
    def strength(self) -> float:
        """Observed over expected."""
        return self.pairs / self.expected if self.expected else float("inf" if self.pairs else "nan")


def _narrow(t: Floats, lag: float) -> NDArray[Any]:
    """The same times in fewer bytes when whole hours allow it: four times as many fit into one instruction."""
    whole = len(t) > 0 and bool(np.all(t == np.floor(t))) and float(lag).is_integer()
    if whole and float(np.ptp(t)) < np.iinfo(np.int16).max:
        return np.asarray(t - t.min(), np.int16)
    return t


def _counts(times: NDArray[Any], pairs: NDArray[np.int64], lag: float) -> Numbers:
    """Pairs whose times are within `lag`, for each column of `times` (events, permutations)."""
    found = np.zeros(times.shape[1], np.int64)
    limit = times.dtype.type(min(lag, np.iinfo(np.int16).max) if times.dtype == np.int16 else lag)
    for first in range(0, len(pairs), _PAIRS):
        part = pairs[first : first + _PAIRS]
        gap = times[part[:, 0]]
        gap -= times[part[:, 1]]
        close = np.abs(gap, out=gap) <= limit
        found += np.add.reduce(close.view(np.int8), axis=0, dtype=np.int16)
    return found


def knox(points: Floats, t: Floats, near: tuple[float, float], permutations: int = 999, seed: int = 0) -> Knox:
    """Knox test (Knox 1964) of events at `points` (n, 2) metres and `t` (n,) hours; `near` metres and hours.

    The statistic is the number of pairs at most so many metres and hours apart, as in pointpats. Pairs close
    in space are found once; a permutation shuffles the times over the events.
    """
    random, (distance, lag) = np.random.default_rng(seed), near
    pairs = cKDTree(points).query_pairs(distance, output_type="ndarray").astype(np.int64)
    # Neighbours in one cache line make the gathering of times cheap.
    pairs = pairs[np.lexsort((pairs[:, 1], pairs[:, 0]))]
    times = _narrow(np.asarray(t, np.float64), lag)
    observed = int(_counts(times[:, None], pairs, lag)[0])
    counts = [np.zeros(0, np.int64)]
    for first in range(0, permutations, _COLUMNS):
        columns = min(_COLUMNS, permutations - first)
        shuffled = np.stack([times[random.permutation(len(times))] for _ in range(columns)], axis=1)
        counts.append(_counts(shuffled, pairs, lag))
    drawn = np.concatenate(counts)
    p = (int(np.sum(drawn >= observed)) + 1) / (permutations + 1)
    return Knox(observed, float(drawn.mean()) if permutations else float("nan"), p, drawn)
