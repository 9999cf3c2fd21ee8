"""数字化支出 the made-up spending of a year: heavy on devices and screens at the top, little for those below."""

from __future__ import annotations

from typing import Any

import numpy as np

from zhongshu.cities.demo.content import rows
from zhongshu.cities.demo.land import LENGTHS, Land

Row = dict[str, Any]
YEARS = (2024, 2025)
GROWTH = 0.9
"""The year before, to the last one: made up."""
HELD = {1: 1.0, 2: 1.0, 3: 0.8, 4: 0.15}
"""Share of the projects of a level that a place had in a year."""
SOURCE = ("演示编造，不是任何城市的支出", "Made up for the demo; no city spent this")


def spending(ground: Land, units: list[Row], seed: int) -> list[Row]:
    """Projects of both years over the four levels; each says of itself that it is made up."""
    chance = np.random.default_rng([seed, 43])
    known = {unit["code"] for unit in units}
    found: list[Row] = []
    for plan in rows("spending.csv"):
        level = int(plan["level"])
        for division in ground.of(level):
            unit = f"{division['code'][: LENGTHS[level - 1]]}-{plan['unit']}"
            years = [year for year in YEARS if chance.random() < HELD[level]]
            scale = float(chance.uniform(0.6, 1.4)) if level > 1 else 1.0
            if unit in known:
                found += [_row(plan, unit, division["code"], year, scale) for year in years]
    for n, row in enumerate(found, 1):
        row["code"] = f"SP{n:04d}"
    return found


def _row(plan: Row, unit: str, place: str, year: int, scale: float) -> Row:
    amount = int(plan["amount"]) * scale * (GROWTH if year < YEARS[-1] else 1.0)
    return {
        "code": "",
        "unit": unit,
        "place": place,
        "year": year,
        "kind": plan["kind"],
        "project": plan["project"],
        "project_en": plan["project_en"],
        "amount": round(amount, -2),
        "source": SOURCE[0],
        "source_en": SOURCE[1],
    }
