"""网格员名册 the made-up roster of grid officers: mostly part-time, uneven, with gaps and a turnover."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import numpy as np

from zhongshu.cities.demo.land import Land

Row = dict[str, Any]
FULL = {True: 0.55, False: 0.25}
"""Share of full-time officers in core streets and elsewhere: made up, no statistic."""
UNCOVERED = 0.04
"""Share of grids that nobody walks."""
LEFT = 0.12
"""Officers who left in the year before, each followed by another one."""
STANDS_IN = 0.7
WALKS = {True: 1, False: 2}
"""Grids of one officer, full-time in core streets or elsewhere; a part-timer has always one."""
FIRST_DAY = date(2026, 1, 1)
DUTIES = ("居委会委员", "物业人员", "社区民警辅助", "楼组长", "退役军人专干")


def officers(ground: Land, seed: int) -> list[Row]:
    """The roster of every community; the first grid of the first one is walked by the demo's own account."""
    chance = np.random.default_rng([seed, 37])
    grids: dict[str, list[str]] = {}
    for grid in ground.grids:
        grids.setdefault(grid["division"], []).append(grid["code"])
    names = {row["code"]: row["name"] for row in ground.divisions}
    crowded = np.median([row["households"] for row in ground.of(4)])
    dense = {row["code"] for row in ground.of(4) if row["households"] >= crowded}
    found: list[Row] = []
    for community in ground.of(4):
        code = community["code"]
        found += _of_community(code, names[code], grids.get(code, []), code in dense, chance)
    first = next(row for row in found if row["unit"].startswith(_first(ground)))
    first |= {"account": "grid-officer", "kind": "full", "duties": ""}
    return found


def _first(ground: Land) -> str:
    """The community of the demo's accounts, as people.accounts finds it."""
    district = ground.of(2)[0]["code"]
    street = next(row["code"] for row in ground.of(3) if row["parent"] == district)
    return str(next(row["code"] for row in ground.of(4) if row["parent"] == street))


def _of_community(code: str, name: str, grids: list[str], dense: bool, chance: np.random.Generator) -> list[Row]:
    found: list[Row] = []
    left = list(grids) if len(grids) < 2 else [one for one in grids if chance.random() >= UNCOVERED]
    while left:
        full = bool(chance.random() < FULL[dense])
        walked, left = left[: WALKS[dense] if full else 1], left[WALKS[dense] if full else 1 :]
        row = _row((code, name, len(found) + 1), walked, full, chance)
        if chance.random() < LEFT:
            ended = date.fromisoformat(row["started"])
            gone = _row((code, name, len(found) + 2), walked, full, chance)
            found.append(row)
            gone |= {"started": (ended - timedelta(days=400)).isoformat(), "ended": ended.isoformat()}
            row = gone
        found.append(row)
    serving = [row for row in found if not row["ended"]]
    for row, other in zip(serving, [*serving[1:], *serving[:1]], strict=True):
        row["substitute"] = other["code"] if other is not row and chance.random() < STANDS_IN else ""
    return found


def _row(who: tuple[str, str, int], grids: list[str], full: bool, chance: np.random.Generator) -> Row:
    code, name, n = who
    started = FIRST_DAY - timedelta(days=int(chance.integers(0, 1500)))
    return {
        "code": f"{code}-N{n:02}",
        "name": f"{name}网格员{n:02}",
        "name_en": f"Grid officer {n:02} of {code}",
        "unit": f"{code}-office",
        "grids": ";".join(grids),
        "kind": "full" if full else "part",
        "duties": "" if full else str(chance.choice(DUTIES)),
        "started": started.isoformat(),
        "ended": "",
        "substitute": "",
        "account": "",
    }
