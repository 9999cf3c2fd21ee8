"""机遇 chance: how often rotation alone brings as much as was observed, and what is left after many comparisons."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtr

from zhongshu.hub.judge.causes.events import Floats, Numbers
from zhongshu.hub.judge.causes.strata import Tables

_COLUMNS = 111
"""Permutations looked up at a time."""
_FEW = 10
"""With fewer exceedances than this among the permutations, the tail is computed instead of counted."""
_STEPS = 60


def exceedances(tables: Tables, tested: NDArray[np.bool_], permutations: int, seed: int) -> Numbers:
    """How many of `permutations` give each tested (scale, class, class) at least what was observed.

    One permutation rotates the time of every class in every stratum by its own random number of whole weeks: places,
    weekday, hour of day and a class's own bursts stay as they are (Lotwick & Silverman 1982, for time).
    """
    random = np.random.default_rng(seed)
    observed = tables.observed()
    rows = np.arange(len(tables.turns))[:, None] * tables.near.shape[-1]
    turns = tables.turns[:, None].astype(np.int32)
    found = np.zeros(observed.shape, np.int64)
    leads, follows = np.nonzero(tested.any(axis=0))
    for first in range(0, permutations, _COLUMNS):
        columns = min(_COLUMNS, permutations - first)
        draws = random.random((observed.shape[1], len(tables.turns), columns), np.float32)
        drawn = (draws * turns).astype(np.int32)
        for a, b in zip(leads, follows, strict=True):
            turn = drawn[b] - drawn[a]
            turn += (turn < 0) * turns
            place = (turn + rows).ravel()
            for scale in np.flatnonzero(tested[:, a, b]):
                table = tables.near[scale, a, b].ravel()
                total = table.take(place).reshape(turn.shape).sum(axis=0, dtype=np.float64)
                found[scale, a, b] += int(np.sum(total >= observed[scale, a, b] * (1 - 1e-6)))
    return found


def _shape(tilt: float, table: Floats, missing: Floats) -> tuple[float, float, float]:
    """Cumulant generating function of the sum over strata at `tilt`, and its first two derivatives."""
    power = tilt * table + missing
    shift = power.max(axis=1, keepdims=True)
    weight = np.exp(power - shift)
    total = weight.sum(axis=1, keepdims=True)
    level = (np.log(total) + shift)[:, 0]
    weight /= total
    mean = (weight * table).sum(axis=1)
    spread = (weight * table**2).sum(axis=1) - mean**2
    turns = np.sum(missing == 0, axis=1)
    return float((level - np.log(turns)).sum()), float(mean.sum()), float(spread.sum())


def tail(table: Floats, turns: Numbers, observed: float) -> float:
    """Chance that independent uniform rotations of every stratum, `table` (strata, rotations), sum to `observed` or
    more: Lugannani & Rice's saddle point of that exact law, never below the chance of the greatest sum there is."""
    missing = np.where(np.arange(table.shape[1]) < turns[:, None], 0.0, -np.inf)
    matters = np.ptp(np.where(missing == 0, table, table[:, :1]), axis=1) > 0
    rest = observed - float(table[~matters, 0].sum())
    table, missing = table[matters].astype(np.float64), missing[matters]
    if not len(table):
        return 1.0
    top = np.where(missing == 0, table, -np.inf).max(axis=1)
    least = float(np.exp(np.log(np.mean(table >= top[:, None], axis=1, where=missing == 0)).sum()))
    _, mean, spread = _shape(0.0, table, missing)
    if rest >= top.sum() * (1 - 1e-6):
        return least
    if rest <= mean + 1e-3 * math.sqrt(spread):
        return 0.5 if rest > mean else 1.0
    return max(least, _saddle(table, missing, rest, math.sqrt(spread)))


def _saddle(table: Floats, missing: Floats, observed: float, spread: float) -> float:
    low, high = 0.0, 1.0 / spread
    while _shape(high, table, missing)[1] < observed and high * spread < 1e6:
        low, high = high, high * 2
    tilt = high
    for _ in range(_STEPS):
        value, mean, bend = _shape(tilt, table, missing)
        if abs(mean - observed) <= 1e-9 * observed:
            break
        low, high = (tilt, high) if mean < observed else (low, tilt)
        newton = tilt + (observed - mean) / max(bend, 1e-12)
        tilt = newton if low < newton < high else (low + high) / 2
    root = math.sqrt(max(2 * (tilt * observed - value), 1e-12))
    step = tilt * math.sqrt(max(bend, 1e-12))
    density = math.exp(-root * root / 2) / math.sqrt(2 * math.pi)
    return min(1.0, max(0.0, float(ndtr(-root)) + density * (1 / step - 1 / root)))


def chances(tables: Tables, tested: NDArray[np.bool_], permutations: int, seed: int) -> tuple[Floats, Numbers]:
    """p of each tested (scale, class, class), 1 elsewhere: counted, or the computed tail where it is too rare for
    `permutations` to count; and how many of the permutations brought as much."""
    found, observed = exceedances(tables, tested, permutations, seed), tables.observed()
    p = np.where(tested, (found + 1) / (permutations + 1), 1.0)
    for scale, a, b in zip(*np.nonzero(tested & (found < _FEW)), strict=True):
        p[scale, a, b] = tail(tables.near[scale, a, b], tables.turns, float(observed[scale, a, b]))
    return p, found


def false_discovery(p: Floats, dependent: bool = True) -> Floats:
    """q of each p (n,): Benjamini & Yekutieli 2001, which holds however the comparisons depend on one another, or
    Benjamini & Hochberg 1995 (`dependent` false)."""
    count = len(p)
    if not count:
        return p
    order = np.argsort(p)
    factor = float(np.sum(1 / np.arange(1, count + 1))) if dependent else 1.0
    steps = p[order] * count * factor / np.arange(1, count + 1)
    q = np.empty(count)
    q[order] = np.minimum(np.minimum.accumulate(steps[::-1])[::-1], 1.0)
    return q
