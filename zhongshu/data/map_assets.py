"""地图上的部件 the city's components as clusters or single points: the whole table in memory, sorted by division.

Components change only with the pack, so each process reads them once for a version. A viewer's span of codes is then
one slice, and a tile a mask of it. A tile is cut once for a span and a version.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from threading import Lock
from typing import Any

import numpy as np
from django.db import connections
from numpy.typing import NDArray

from zhongshu.data.databases import APP
from zhongshu.data.maps import AT_MOST, FINEST, PIXELS, Spot, version
from zhongshu.kernel.access import Viewer

SIDE = 8
"""Clusters along one side of a tile."""
STATES = ("good", "damaged", "lost", "abandoned")
WRONG = "damaged"
_READING = Lock()
"""A map asks for a dozen tiles at once: one of them reads, the others wait for it."""


@dataclass(frozen=True, slots=True)
class Assets:
    """部件点位 sorted by division; x, y in 1 / 2**29 of the world's width.

    `codes` are the divisions, each once, and `starts` where the components of each begin, with the end of the last.
    """

    codes: NDArray[Any]
    starts: NDArray[np.int64]
    x: NDArray[np.int32]
    y: NDArray[np.int32]
    wrong: NDArray[np.bool_]
    id: NDArray[np.int64]

    def within(self, low: str, high: str) -> slice:
        """The components of the divisions low <= code < high."""
        first, last = np.searchsorted(self.codes, [low, high])
        return slice(int(self.starts[first]), int(self.starts[last]))


_ALL = """
SELECT division, array_agg(mercator_x(lon)::int), array_agg(mercator_y(lat)::int), array_agg(state <> 'good'),
  array_agg(id)
FROM data_component WHERE valid_to IS NULL AND state <> 'removed' GROUP BY division
"""
"""By division and not row by row: a million rows take half a second so, three as rows in order."""
Division = tuple[str, Sequence[int], Sequence[int], Sequence[bool], Sequence[int]]


def read() -> Assets:
    """Every component in force."""
    with connections[APP].cursor() as cursor:
        cursor.execute(_ALL)
        return assets(cursor.fetchall())


def assets(divisions: Sequence[Division]) -> Assets:
    """(code, x, y, wrong, id), a division each and each once, as columns."""
    held = sorted(divisions, key=lambda one: one[0])

    def column(which: int, kind: type) -> NDArray[Any]:
        return np.concatenate([np.array(one[which], dtype=kind) for one in held] or [np.empty(0, dtype=kind)])

    starts = np.cumsum([0, *(len(one[1]) for one in held)], dtype=np.int64)
    columns = [column(which, kind) for which, kind in enumerate((np.int32, np.int32, np.bool_, np.int64), 1)]
    return Assets(np.array([one[0] for one in held], dtype="U32"), starts, *columns)


@lru_cache(maxsize=1)
def _read(pack: int) -> Assets:
    return read()


def _held(pack: int) -> Assets:
    with _READING:
        return _read(pack)


@lru_cache(maxsize=4096)
def _cut(pack: int, ends: tuple[str, str], at: tuple[int, int, int], only_wrong: bool) -> list[Spot]:
    held = _held(pack)
    return cut(held, held.within(*ends), at, only_wrong)


def spots(viewer: Viewer, at: tuple[int, int, int], only_wrong: bool = False) -> list[Spot]:
    """What a viewer sees of the components on the tile (z, x, y); `overdue` counts those that are not good."""
    return _cut(version(), (viewer.span.lo, viewer.span.hi), at, only_wrong)


def forget() -> None:
    """For tests and benches that change components without loading a pack."""
    _read.cache_clear()
    _cut.cache_clear()


def cut(held: Assets, part: slice, at: tuple[int, int, int], only_wrong: bool) -> list[Spot]:
    """The marks of one tile of a part of the components: at most SIDE * SIDE clusters up to zoom 15, then single."""
    z, column, row = at
    shift = PIXELS - z
    x, y = held.x[part], held.y[part]
    inside = (x >> shift == column) & (y >> shift == row)
    if only_wrong:
        inside &= held.wrong[part]
    found = np.flatnonzero(inside)
    if not found.size:
        return []
    x, y, wrong, ids = x[found], y[found], held.wrong[part][found], held.id[part][found]
    if z > FINEST and found.size <= AT_MOST:
        return [_single(*one) for one in zip(x.tolist(), y.tolist(), wrong.tolist(), ids.tolist(), strict=True)]
    fine = max(0, shift - 3)
    mark = (x >> fine & SIDE - 1) * SIDE + (y >> fine & SIDE - 1)
    n = np.bincount(mark, minlength=SIDE * SIDE)
    sums = [np.bincount(mark, weights=of, minlength=SIDE * SIDE) for of in (x, y, wrong)]
    return [
        Spot(int(sums[0][k] / n[k]), int(sums[1][k] / n[k]), int(n[k]), int(sums[2][k]), 0)
        if n[k] > 1
        else _lone(x, y, wrong, ids, mark == k)
        for k in np.flatnonzero(n).tolist()
    ]


def _single(x: int, y: int, wrong: bool, number: int) -> Spot:
    return Spot(x, y, 1, int(wrong), 0, number, WRONG if wrong else STATES[0])


def _lone(x: Any, y: Any, wrong: Any, ids: Any, which: Any) -> Spot:
    k = int(np.flatnonzero(which)[0])
    return _single(int(x[k]), int(y[k]), bool(wrong[k]), int(ids[k]))
