"""旁证 what the other items of a row say of a value: rows that agree in one item usually agree in another."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from zhongshu.data.quality.looks import Column

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Votes:
    """投票, arrays of shape (items that speak, rows) for one item: the share of other rows of the same group that have
    another value than this row's (`against`, by how much it leads) or the same (`by`), and which value leads.

    `strength` (items that speak,) is how much better a group tells the value than the most frequent one does.
    """

    against: Floats
    agree: Floats
    leading: NDArray[np.int64]
    strength: Floats


def votes(columns: Sequence[Column], item: int) -> Votes:
    """What every other item says of one item. The row's own value never counts."""
    told = [_says(one, columns[item]) if n != item else None for n, one in enumerate(columns)]
    rows = columns[item].rows
    none = (np.zeros(rows), np.zeros(rows), np.full(rows, -1, np.int64), 0.0)
    against, agree, leading, strength = zip(*(one or none for one in told), strict=True)
    return Votes(np.array(against), np.array(agree), np.array(leading), np.array(strength))


def _says(group: Column, item: Column) -> tuple[Floats, Floats, NDArray[np.int64], float]:
    """Leave-one-out majority of `item` within the rows that share a value of `group`."""
    width = len(item.values)
    pairs, of_row, count = np.unique(group.of_row * width + item.of_row, return_inverse=True, return_counts=True)
    of_row = of_row.reshape(-1)
    groups = pairs // width
    first, second = _best_two(groups, count, len(group.values))
    others = group.counts[group.of_row] - 1
    leads = first[group.of_row] == of_row
    top = count[first[group.of_row]]
    mine = count[of_row] - 1
    best = np.where(leads, np.maximum(mine, second[group.of_row]), top)
    spoken = others > 0
    agree = np.where(spoken, mine / np.maximum(others, 1), 0.0)
    against = np.where(spoken, np.maximum(best / np.maximum(others, 1) - agree, 0), 0.0)
    usual = float(item.counts.max() / item.rows)
    mean = float(agree[spoken].mean()) if spoken.any() else 0.0
    strength = max(0.0, (mean - usual) / (1 - usual)) if usual < 1 else 0.0
    leading = (pairs % width)[first[group.of_row]].astype(np.int64)
    return against, agree, leading, strength


def _best_two(
    groups: NDArray[np.int64], count: NDArray[np.int64], size: int
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """For each group the place of its most frequent pair, and how frequent the next one is."""
    order = np.lexsort((-count, groups))
    begins = np.r_[True, groups[order][1:] != groups[order][:-1]]
    first = np.zeros(size, np.int64)
    first[groups[order][begins]] = order[begins]
    second = np.zeros(size, np.int64)
    after = np.flatnonzero(begins) + 1
    after = after[after < len(order)]
    after = after[~begins[after]]
    second[groups[order][after]] = count[order][after]
    return first, second
