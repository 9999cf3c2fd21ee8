"""单元格 every cell of a table as numbers: how its value looks, what its row says of it, which item it is."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from zhongshu.data.quality.looks import Column, column, looks
from zhongshu.data.quality.votes import Votes, votes

Floats = NDArray[np.float32]

LETTERS = 40
"""Letters, the most frequent ones of the table, each of which says whether a value has it."""
ODD = 25
"""Letters that a value may have as its oddest."""
SPEAKERS = 3
"""Items that speak loudest for or against a value."""


@dataclass(frozen=True, slots=True)
class Cells:
    """一张表: `items` its columns' names, `columns` their values, `numbers` (rows, items, features).

    `votes` are kept so that a suspicion can be explained.
    """

    items: tuple[str, ...]
    columns: tuple[Column, ...]
    numbers: Floats
    votes: tuple[Votes, ...]

    @property
    def rows(self) -> int:
        return int(self.numbers.shape[0])

    def value(self, row: int, item: int) -> str:
        held = self.columns[item]
        return held.values[int(held.of_row[row])]


def cells(table: Mapping[str, Sequence[str | None]]) -> Cells:
    """A table of texts, item -> cells of one length, as numbers. Its size is rows × items × some 120 × 4 bytes."""
    held = tuple(column(one) for one in table.values())
    told = [looks(one) for one in held]
    letters = _frequent([(value, count) for one in held for value, count in zip(one.values, one.counts, strict=True)])
    odd = [one for one, _n in Counter(letter for _looks, odds in told for letter in odds).most_common(ODD)]
    said = tuple(votes(held, n) for n in range(len(held)))
    parts = []
    for n, (one, (seen, odds)) in enumerate(zip(held, told, strict=True)):
        bag = [[letter in value for letter in letters] for value in one.values]
        mark = [[found == letter for letter in odd] for found in odds]
        by_value = np.hstack([seen, np.array(bag, float), np.array(mark, float)])[one.of_row]
        own = np.zeros((one.rows, len(held)))
        own[:, n] = 1
        parts.append(np.hstack([by_value, _spoken(said[n]), own]).astype(np.float32))
    return Cells(tuple(table), held, np.stack(parts, axis=1), said)


def _frequent(values: Sequence[tuple[str, int]]) -> list[str]:
    seen: Counter[str] = Counter()
    for value, count in values:
        for letter in set(value):
            seen[letter] += int(count)
    return [letter for letter, _count in seen.most_common(LETTERS)]


def _spoken(said: Votes) -> NDArray[np.float64]:
    """The loudest voices against and for, the loudest against whatever its strength, and the balance of all."""
    against = said.against * said.strength[:, None]
    agree = said.agree * said.strength[:, None]
    loud = _loudest(against)
    return np.column_stack([loud, _loudest(agree), said.against.max(axis=0), agree.sum(axis=0) - against.sum(axis=0)])


def _loudest(voices: NDArray[np.float64]) -> NDArray[np.float64]:
    ordered = np.sort(voices, axis=0)[::-1][:SPEAKERS].T
    return np.pad(ordered, ((0, 0), (0, SPEAKERS - ordered.shape[1])))
