"""A hamlet in the town: two grids where some hundred made-up people live, with what eight departments tell of them."""

from __future__ import annotations

from functools import cache

import numpy as np
import pyarrow as pa

from tests import town
from zhongshu.cities.demo.census import firms
from zhongshu.cities.demo.census.gather import District
from zhongshu.cities.demo.census.ground import Ground
from zhongshu.cities.demo.census.people import settle

GRID, NEXT_GRID = f"{town.COMMUNITY}001", f"{town.NEXT_COMMUNITY}001"
SEED = 7


def ground(households: int = 60) -> Ground:
    """Two grids of two streets, with two addresses each."""
    streets = ("东街街道", "西街街道")
    return Ground(
        town.DISTRICT[:6],
        "城关区",
        np.array([GRID, NEXT_GRID]),
        np.array([households, households]),
        np.array([0, 2]),
        np.array([2, 2]),
        np.array(["P1", "P2", "P3", "P4"]),
        np.array([f"{streets[n // 2]}{road}路{n + 1}号" for n, road in enumerate("福寿康宁")]),
        np.array([[113.2 + n / 1000, 23.1] for n in range(4)]),
    )


@cache
def district(households: int = 60) -> District:
    town_ = settle(ground(households), 1.0, np.random.default_rng(SEED))
    return District(town_, firms.found(town_, np.random.default_rng(SEED)))


@cache
def told(households: int = 60) -> dict[str, pa.Table]:
    """Register -> what is told of the hamlet, with an id of each row and the truth."""
    return {
        name: table.append_column("id", pa.array(np.arange(table.num_rows))).combine_chunks()
        for name, table in district(households).told(SEED).items()
    }
