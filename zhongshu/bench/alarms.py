"""误报实测 bench `alarms`: over many seeds, how often a search for causes accuses or praises where there is nothing.

`causes` measures one large city; here the cities are small and many, so that a share has an interval.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from zhongshu.bench.causes import judged
from zhongshu.bench.planted_causes import Town, plant, shuffled
from zhongshu.bench.result import Result, libraries, machine
from zhongshu.data.figures.formulas import wilson
from zhongshu.hub.evaluate.recurrence import Matters, Recurrence, recurrence
from zhongshu.hub.judge.causes import Plan, Window, associate, scan
from zhongshu.hub.judge.causes.events import Floats, Numbers

_EMPTY = Town(events=8_000, classes=10, side=9_000, centres=25, links=0)
_LINKED = Town(events=16_000, classes=12, side=12_000, centres=40, links=3, sites=20)
_LOOSE = 0.05
"""Measured beside the plan's own alpha, which bears less because an accusation is dear."""
_SIDE, _DAYS, _EVENTS = 12, 120, 4_000
_SHUFFLES = 199
_ALARM = 0.05
_PLACES = 60


def surest(seeds: Sequence[int]) -> list[float]:
    """For each seed, the least q of anything told in a city whose times were dealt out anew; 1 when nothing is."""
    plan = replace(Plan(), alpha=_LOOSE)
    told = [associate(shuffled(plant(_EMPTY, seed)[0], seed), replace(plan, seed=seed)) for seed in seeds]
    return [min((one.q for one in links), default=1.0) for links in told]


def found(seeds: Sequence[int]) -> tuple[float, int]:
    """Share of planted links found over all seeds, and innocent pairs accused in all of them together."""
    told = [
        judged(associate(events, Plan(seed=seed)), links) for seed in seeds for events, links in [plant(_LINKED, seed)]
    ]
    return float(np.mean([share for share, _ in told])), sum(wrong for _, wrong in told)


def _grid(columns: int, rows: int, step: float) -> Floats:
    """Points (columns * rows, 2) so many metres apart."""
    return np.array([(column * step, row * step) for row in range(rows) for column in range(columns)], np.float64)


def _quiet(seed: int) -> tuple[Floats, Numbers, Numbers]:
    """Cells, and events by cell and day of a city with crowds, a season and storm days, but without any cluster."""
    random = np.random.default_rng(seed)
    grid = _grid(_SIDE, _SIDE, 500.0)
    weight = random.gamma(1.0, 1.0, _SIDE * _SIDE)
    lively = (1 + 0.5 * np.cos(np.arange(_DAYS) / 20)) * random.gamma(4.0, 0.25, _DAYS)
    cell = random.choice(_SIDE * _SIDE, _EVENTS, p=weight / weight.sum())
    return grid, cell, random.choice(_DAYS, _EVENTS, p=lively / lively.sum())


def alarmed(seeds: Sequence[int], outbreak: int = 0) -> list[bool]:
    """Whether the scan raises an alarm: none is right, unless `outbreak` events of the last four days are added."""
    raised = []
    for seed in seeds:
        grid, cell, day = _quiet(seed)
        struck = np.full(outbreak, _SIDE * _SIDE // 2 + _SIDE // 2)
        late = _DAYS - 1 - np.arange(outbreak) % 4
        alarms = scan(grid, np.append(cell, struck), np.append(day, late), Window(days=14), _SHUFFLES)
        raised.append(bool(alarms) and alarms[0].p <= _ALARM)
    return raised


def _treated(seed: int, count: int, left: float) -> Recurrence | None:
    """Sixty places, lively and quiet; `count` treated ones keep the share `left` of their reports."""
    random = np.random.default_rng(seed)
    centres = _grid(10, _PLACES // 10, 1000.0)
    lively = random.gamma(4.0, 9.0 / 4.0, _PLACES)
    kept = np.where(np.arange(_PLACES) < count, left, 1.0)
    before, after = random.poisson(lively), random.poisson(lively * kept)
    number = np.concatenate([np.repeat(np.arange(_PLACES), before), np.repeat(np.arange(_PLACES), after)])
    points = centres[number] + random.normal(0, 20, (len(number), 2))
    day = np.concatenate([random.uniform(-35, -7, before.sum()), random.uniform(0, 28, after.sum())])
    matters = Matters(points[:, 0], points[:, 1], day, random.random(len(number)) < 0.5)
    told = recurrence(matters, centres[:count], 150.0, 7.0, 40.0)
    return told if isinstance(told, Recurrence) else None


def praised(seeds: Sequence[int], left: float) -> list[bool]:
    """Whether five treated places are told to be better, of those cities in which anything is told."""
    return [told.high < 0 for told in (_treated(seed, 5, left) for seed in seeds) if told is not None]


def _share(name: str, told: Sequence[bool]) -> dict[str, float]:
    low, high = wilson(sum(told), len(told)) or (0.0, 1.0)
    whole = {name: sum(told) / len(told), f"{name}_low": low, f"{name}_high": high}
    return {key: round(value, 4) for key, value in whole.items()}


def run(quick: bool) -> Result:
    """100 cities, 200 scans, 1,000 treatments; quick: a tenth of each."""
    cities, scans, treatments = (range(count // (10 if quick else 1)) for count in (100, 200, 1000))
    share, wrong = found(cities)
    q = surest(cities)
    return Result(
        bench="alarms",
        machine=machine(),
        versions=libraries("numpy", "scipy"),
        size={"cities": len(cities), "scans": len(scans), "treatments": len(treatments), "quick": quick},
        figures={
            **_share("accused", [one <= Plan().alpha for one in q]),
            **_share("accused_at_05", [one <= _LOOSE for one in q]),
            "found": round(share, 4),
            "innocent_accused": wrong,
            **_share("scan_false", alarmed(scans)),
            **_share("scan_found", alarmed(scans, 16)),
            **_share("praised_for_nothing", praised(treatments, 1.0)),
            **_share("drop_of_70_seen", praised(treatments, 0.3)),
        },
    )
