"""部件索引 the components of a city in memory: which one of a class is nearest to a point."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from math import cos, radians
from typing import Any

import numpy as np
from numpy.typing import NDArray

from zhongshu.kernel.places import METRE, REACH, Asset

Row = tuple[str, str, str, str, str, float, float]
"""(code, category, division, owner, ownership, lon, lat)."""


@dataclass(frozen=True, slots=True)
class Kin:
    """The components of one class from south to north: (code, division, owner, ownership) beside their points."""

    about: list[tuple[str, str, str, str]]
    lon: NDArray[Any]
    lat: NDArray[Any]

    def nearest(self, lon: float, lat: float) -> tuple[int, float] | None:
        """Number and distance in metres of the one nearest to a point, within REACH."""
        band = REACH * METRE
        first, last = np.searchsorted(self.lat, (lat - band, lat + band))
        if first == last:
            return None
        east = (self.lon[first:last] - lon) * cos(radians(lat))
        apart = np.hypot(east, self.lat[first:last] - lat) / METRE
        best = int(apart.argmin())
        return (int(first) + best, float(apart[best])) if apart[best] <= REACH else None


@dataclass(frozen=True, slots=True)
class Assets:
    """部件库. Immutable and safe to share between threads; a question costs one binary search."""

    kin: dict[str, Kin] = field(default_factory=dict)

    @classmethod
    def of(cls, rows: Iterable[Row]) -> Assets:
        by_category: dict[str, list[Row]] = {}
        for row in rows:
            by_category.setdefault(row[1], []).append(row)
        return cls({category: _kin(held) for category, held in by_category.items()})

    def find(self, asked: Sequence[tuple[str, float | None, float | None]]) -> list[Asset | None]:
        """For each (category, lon, lat) the nearest component of that class within REACH, or None."""
        return [self._one(*one) for one in asked]

    def _one(self, category: str, lon: float | None, lat: float | None) -> Asset | None:
        kin = self.kin.get(category)
        found = kin.nearest(lon, lat) if kin and lon is not None and lat is not None else None
        if kin is None or found is None:
            return None
        code, division, owner, ownership = kin.about[found[0]]
        return Asset(code, category, division, owner, ownership, found[1])


def _kin(rows: list[Row]) -> Kin:
    rows = sorted(rows, key=lambda row: row[6])
    points = np.array([row[5:7] for row in rows], dtype=float)
    return Kin([(row[0], row[2], row[3], row[4]) for row in rows], points[:, 0].copy(), points[:, 1].copy())
