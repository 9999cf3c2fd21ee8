"""缺口矩阵 department × district: which data a department has of a district, and what is lacking."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from zhongshu.data.catalogue import fresh
from zhongshu.data.catalogue.counting import LENGTH, Count
from zhongshu.data.catalogue.entries import Dataset

UNCONNECTED, EMPTY, LATE, FINE = "unconnected", "empty", "late", "fine"
WORST: Sequence[str] = (UNCONNECTED, EMPTY, LATE, FINE)
"""未归集: no rows anywhere; 无本区: rows, but none of this district; 逾期: rows older than the cycle allows; 正常."""


@dataclass(frozen=True, slots=True)
class Lack:
    """One data set in one district: its state, how many rows, the newest of them."""

    dataset: Dataset
    state: str
    rows: int
    newest: datetime | None


@dataclass(frozen=True, slots=True)
class Cell:
    """One department (kind of unit) in one district: `fine` of `expected` data sets, and the worst state."""

    department: str
    district: str
    lacks: tuple[Lack, ...]

    @property
    def expected(self) -> int:
        return len(self.lacks)

    @property
    def fine(self) -> int:
        return sum(one.state == FINE for one in self.lacks)

    @property
    def worst(self) -> str:
        return min((one.state for one in self.lacks), key=WORST.index)


def matrix(
    every: Iterable[Dataset],
    counts: Mapping[str, Mapping[str, Count]],
    departments: Mapping[str, str],
    districts: Sequence[str],
    now: datetime,
) -> dict[tuple[str, str], Cell]:
    """Each department that provides data × each district. `departments`: unit -> line of work.

    A data set is expected of every district when its rows can be cut by place; one that can't is left out.
    """
    owned: dict[str, list[Dataset]] = {}
    for one in every:
        if one.place:
            owned.setdefault(departments.get(one.provider, one.provider), []).append(one)
    return {
        (department, district): Cell(
            department, district, tuple(_lack(one, counts.get(one.dataset, {}), district, now) for one in held)
        )
        for department, held in owned.items()
        for district in districts
    }


def _lack(one: Dataset, counted: Mapping[str, Count], district: str, now: datetime) -> Lack:
    here, whole = counted.get(district[:LENGTH]), counted.get("")
    if whole is None or not whole.rows:
        return Lack(one, UNCONNECTED, 0, None)
    if here is None or not here.rows:
        return Lack(one, EMPTY, 0, None)
    late = fresh.state(one.cycle, here.newest, now) == fresh.LATE
    return Lack(one, LATE if late else FINE, here.rows, here.newest)
