"""匿名统计块 counts by place and value that give nobody away: small cells are kept back, and what would tell them.

A cell below k is kept back. Where a row or a column is told with its total, more cells are kept back (complementary
suppression) until nobody who sees the table can say of a small cell that it lies below k: each kept cell's feasible
values, given everything that is shown, must reach k and be no single number (exact bounds by linear programming). Pure.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import linprog

K = 10
"""Smallest count that is told (default; GB/T 43697 annex I names no number)."""


@dataclass(frozen=True, slots=True)
class Block:
    """统计块. `shown[i, j]` tells whether the count of row i, column j is told; totals of every line are told."""

    counts: NDArray[np.int64]
    shown: NDArray[np.bool_]
    rows_told: NDArray[np.bool_]
    columns_told: NDArray[np.bool_]
    k: int
    small: int
    """Cells kept back because they are below k."""
    beside: int
    """Cells kept back to protect them."""


def suppress(counts: Sequence[Sequence[int]], k: int = K) -> Block:
    """Decide which cells and totals of a table of counts may be told.

    Zeros are told: they name nobody. Totals below k are not told. ValueError for negative counts or k below 2.
    """
    table = np.asarray(counts, dtype=np.int64)
    if table.ndim != 2 or (table < 0).any() or k < 2:
        raise ValueError("expected a table of counts of 0 and more, and k of 2 at least")
    shown = (table == 0) | (table >= k)
    small = int((~shown).sum())
    rows_told, columns_told = _told(table.sum(1), k), _told(table.sum(0), k)
    _spread(table, shown, rows_told, columns_told, k)
    while (bare := _bare(table, shown, rows_told, columns_told, k)) is not None:
        if not _cover(table, shown, *bare):
            i, j = bare
            rows_told[i] = columns_told[j] = False
    return Block(table, shown, rows_told, columns_told, k, small, int((~shown).sum()) - small)


def _told(totals: NDArray[np.int64], k: int) -> NDArray[np.bool_]:
    return np.asarray((totals == 0) | (totals >= k), dtype=np.bool_)


def _spread(
    table: NDArray[np.int64],
    shown: NDArray[np.bool_],
    rows_told: NDArray[np.bool_],
    columns_told: NDArray[np.bool_],
    k: int,
) -> None:
    """The cheap part: in a told line, what is kept back adds up to k at least and is no single cell."""
    changed = True
    while changed:
        changed = False
        for axis, told in ((0, rows_told), (1, columns_told)):
            for n in np.flatnonzero(told):
                line, seen = (table[n], shown[n]) if axis == 0 else (table[:, n], shown[:, n])
                hidden = ~seen
                if hidden.any() and (hidden.sum() < 2 or line[hidden].sum() < k):
                    changed |= _hide_smallest(line, seen)


def _hide_smallest(line: NDArray[np.int64], seen: NDArray[np.bool_]) -> bool:
    """Keep back the smallest count that is told and isn't zero; a zero only when there is nothing else."""
    able = np.flatnonzero(seen & (line > 0))
    if not able.size:
        return False
    seen[able[np.argmin(line[able])]] = False
    return True


def bounds(
    table: NDArray[np.int64],
    shown: NDArray[np.bool_],
    rows_told: NDArray[np.bool_],
    columns_told: NDArray[np.bool_],
    cell: tuple[int, int],
) -> tuple[float, float]:
    """The least and the most that a kept cell can be, for somebody who knows everything that is told.

    Zeros are always told, so that what is kept back is known to be 1 at least.
    """
    places = {tuple(place): n for n, place in enumerate(np.argwhere(~shown).tolist())}
    lines = [(i, None) for i in np.flatnonzero(rows_told)] + [(None, j) for j in np.flatnonzero(columns_told)]
    matrix, sums = [], []
    for i, j in lines:
        held = [n for (r, c), n in places.items() if i in (r, None) and j in (c, None)]
        if held:
            row = np.zeros(len(places))
            row[held] = 1
            matrix.append(row)
            picked = table[i] * ~shown[i] if j is None else table[:, j] * ~shown[:, j]
            sums.append(float(picked.sum()))
    aim = np.zeros(len(places))
    aim[places[cell]] = 1
    if not matrix:
        return 1.0, float("inf")
    known, total = np.array(matrix), np.array(sums)
    low: Any = linprog(aim, A_eq=known, b_eq=total, bounds=(1, None), method="highs")
    high: Any = linprog(-aim, A_eq=known, b_eq=total, bounds=(1, None), method="highs")
    return float(low.fun), float("inf") if high.status == 3 else float(-high.fun)


def _bare(
    table: NDArray[np.int64],
    shown: NDArray[np.bool_],
    rows_told: NDArray[np.bool_],
    columns_told: NDArray[np.bool_],
    k: int,
) -> tuple[int, int] | None:
    """A cell below k of which the bounds say that it lies below k, or what it is; None when there is none."""
    for i, j in np.argwhere(~shown & (table < k)).tolist():
        low, high = bounds(table, shown, rows_told, columns_told, (i, j))
        if high < k - 1e-6 or high - low < 1 - 1e-6:
            return i, j
    return None


def _cover(table: NDArray[np.int64], shown: NDArray[np.bool_], i: int, j: int) -> bool:
    """Keep back one more cell of the line that has the smaller one left; False when both lines are all kept."""
    row = [(int(table[i, c]), i, int(c)) for c in np.flatnonzero(shown[i] & (table[i] > 0))]
    column = [(int(table[r, j]), int(r), j) for r in np.flatnonzero(shown[:, j] & (table[:, j] > 0))]
    if not row and not column:
        return False
    _, r, c = min(row + column)
    shown[r, c] = False
    return True
