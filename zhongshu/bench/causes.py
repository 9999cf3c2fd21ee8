"""成因实测 bench `causes`: planted links found, innocent pairs accused, false alarms, seconds, against pointpats."""

from __future__ import annotations

import time
import warnings
from collections.abc import Callable, Sequence
from importlib.util import find_spec
from typing import TypeVar

import numpy as np

from zhongshu.bench.planted_causes import Town, plant, shuffled
from zhongshu.bench.result import Result, libraries, machine
from zhongshu.data import measures
from zhongshu.hub.judge.causes import Alarm, Association, Events, Plan, associate, knox, scan

_SMALL = Town(events=8_000, classes=10, side=9_000, centres=25, links=0)
_QUICK = Town(events=60_000, classes=20, side=15_000, centres=80, links=4, sites=20)
T = TypeVar("T")

_NEAR = (300.0, 168.0)
_BLOCK = 2
"""The planted outbreak of the scan covers so many cells a side."""


def _timed(work: Callable[[], T]) -> tuple[T, float]:
    began = time.perf_counter()
    result = work()
    return result, time.perf_counter() - began


def judged(found: Sequence[Association], links: Sequence[tuple[int, int]]) -> tuple[float, int]:
    """Share of the planted links found with the right order, and innocent pairs of classes accused.

    The reverse of a link is not innocent: a site active for weeks also has causes after effects.
    """
    said = {(one.first, one.second) for one in found}
    planted = {frozenset(link) for link in links}
    innocent = {frozenset(pair) for pair in said} - planted
    return round(sum(link in said for link in links) / len(links), 3), len(innocent)


def false_alarms(runs: int) -> float:
    """Share of small towns without any planted link, their times dealt out anew, in which anything is accused."""
    raised = sum(bool(associate(shuffled(plant(_SMALL, seed)[0], seed), Plan(seed=seed))) for seed in range(runs))
    return round(raised / runs, 4)


def _knox_figures(count: int, permutations: int) -> tuple[dict[str, float], dict[str, float]]:
    """Knox of `count` events by us and, where it is installed, by pointpats on the same events."""
    random = np.random.default_rng(6000)
    points, t = random.uniform(0, 10_000, (count, 2)), np.floor(random.uniform(0, 365 * 24, count))
    ours, seconds = _timed(lambda: knox(points, t, _NEAR, permutations))
    figures = {"knox_seconds": round(seconds, 3), "knox_pairs": ours.pairs}
    if find_spec("pointpats") is None:
        return figures, {}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from pointpats import Knox

        theirs, peer = _timed(lambda: Knox(points, t.reshape(-1, 1), *_NEAR, permutations=permutations))
    baseline = {"knox_seconds": round(peer, 3), "knox_pairs": int(theirs.statistic_)}
    return figures | {"ratio": round(peer / seconds, 1)}, baseline


def _outbreak(side: int, days: int, count: int) -> tuple[Sequence[Alarm], float, bool]:
    """Scan a square of cells with an outbreak of the last four days; the alarms, seconds and whether it came first."""
    random = np.random.default_rng(2005)
    grid = np.stack(np.meshgrid(np.arange(side), np.arange(side)), -1).reshape(-1, 2).astype(np.float64) * 500
    weight = random.gamma(1.0, 1.0, side * side)
    middle = side * (side // 2) + side // 2
    struck = [middle + row * side + column for row in range(_BLOCK) for column in range(_BLOCK)]
    cell = np.append(random.choice(side * side, count, p=weight / weight.sum()), struck * 6)
    day = np.append(random.integers(0, days, count), np.repeat(np.arange(days - 4, days), 6))
    alarms, seconds = _timed(lambda: scan(grid, cell, day))
    hit = bool(alarms) and alarms[0].p <= 0.05 and bool(set(struck) & set(alarms[0].cells.tolist()))
    return alarms, seconds, hit


def _size(events: Events, town: Town, runs: int, quick: bool) -> dict[str, float]:
    plan = Plan()
    return {
        "events": len(events),
        "classes": town.classes,
        "links": town.links,
        "scales": len(plan.distances) * len(plan.lags),
        "permutations": plan.permutations,
        "shuffled_towns": runs,
        "quick": quick,
    }


def run(quick: bool) -> Result:
    """A million events of 50 classes; quick: 60,000 of 20, and smaller peers."""
    town, runs = (_QUICK, 10) if quick else (Town(), 100)
    events, links = plant(town, 1)
    found, seconds = _timed(lambda: associate(events))
    share, accused = judged(found, links)
    peak = measures.most_memory()
    plain, baseline = _knox_figures(*((2_000, 99) if quick else (6_000, 999)))
    _, scan_seconds, hit = _outbreak(*((20, 90, 20_000) if quick else (50, 365, 100_000)))
    return Result(
        bench="causes",
        machine=machine(),
        versions=libraries("numpy", "scipy"),
        size=_size(events, town, runs, quick),
        figures={
            "planted_found": share,
            "clean_accused": accused,
            "false_alarms": false_alarms(runs),
            "seconds": round(seconds, 1),
            "peak_mb": round(peak),
            **plain,
            "scan_seconds": round(scan_seconds, 1),
            "scan_found": float(hit),
        },
        baseline=baseline,
    )
