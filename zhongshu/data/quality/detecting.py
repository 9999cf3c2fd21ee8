"""错值发现 cells that look wrong, learned from at most twenty rows that a person has looked through.

The rows asked for are those that teach most: first such that together show as many looks of values as they can, then
each time the row that the model is least sure of.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray
from sklearn.cluster import MiniBatchKMeans
from sklearn.ensemble import ExtraTreesClassifier

from zhongshu.data.quality.cells import Cells
from zhongshu.data.quality.looks import NOTHING

Bools = NDArray[np.bool_]
Chances = NDArray[np.float64]

BUDGET = 20
"""Rows that a person looks through at most."""
OPENING = 4
"""Rows that are asked for before there is a model."""
GROUPS = 8
"""Looks of values in one item that the opening rows try to show."""
TREES, SKETCH = 300, 60
"""Trees of the final model, and of those that only choose the next row."""
SUSPICIOUS = 0.5
NOISE = 0.05
"""Of two rows that teach about the same, chance takes one."""


@dataclass(slots=True)
class Detector:
    """查错: `labels` say, for each row looked through, which of its items are wrong. One seed, one course."""

    cells: Cells
    seed: int = 0
    labels: dict[int, Bools] = field(default_factory=dict)
    _looks: NDArray[np.int64] | None = None

    def next_row(self) -> int | None:
        """The row to look through next; None when the budget is spent or every row was seen."""
        if len(self.labels) >= min(BUDGET, self.cells.rows):
            return None
        chance = np.random.default_rng([self.seed, len(self.labels)]).random(self.cells.rows)
        if len(self.labels) < OPENING or not any(wrong.any() for wrong in self.labels.values()):
            # Without a wrong cell there is nothing to be unsure of
            worth = self._new_looks() + 0.5 * chance
        else:
            sure = np.abs(2 * self.chances(SKETCH, len(self.labels)) - 1)
            worth = (1 - sure).sum(axis=1)
            worth = worth + NOISE * max(float(worth.max()), 1e-9) * chance
        worth[list(self.labels)] = -1
        return int(worth.argmax())

    def label(self, row: int, wrong: Sequence[str]) -> None:
        """A person says which items of a row are wrong; those not named are right."""
        self.labels[row] = np.array([item in wrong for item in self.cells.items])

    def _new_looks(self) -> Chances:
        """How many looks each row would show that no labelled row has shown, rare ones counting more."""
        groups = self._groups()
        worth = np.zeros(len(groups))
        for n in range(groups.shape[1]):
            seen = np.unique(groups[list(self.labels), n]) if self.labels else np.empty(0, np.int64)
            share = np.bincount(groups[:, n])[groups[:, n]] / len(groups)
            worth += ~np.isin(groups[:, n], seen) * (1 - np.log(share))
        return worth

    def _groups(self) -> NDArray[np.int64]:
        if self._looks is None:
            made = [_grouped(self.cells.numbers[:, n], self.seed) for n in range(len(self.cells.items))]
            self._looks = np.column_stack(made)
        return self._looks

    def chances(self, trees: int = TREES, course: int = 0) -> Chances:
        """How likely each cell is wrong, shape (rows, items), 0 to 1; what was labelled counts as it was told."""
        rows = list(self.labels)
        shape = self.cells.numbers.shape
        if not rows:
            return np.zeros(shape[:2])
        told = np.array([self.labels[row] for row in rows])
        if told.all() or not told.any():
            found = np.full(shape[:2], float(told.all()))
        else:
            model = ExtraTreesClassifier(
                trees, class_weight="balanced", random_state=self.seed * 1000 + course, n_jobs=1
            )
            model.fit(self.cells.numbers[rows].reshape(-1, shape[2]), told.reshape(-1))
            found = model.predict_proba(self.cells.numbers.reshape(-1, shape[2]))[:, 1].reshape(shape[:2])
        found[rows] = told
        return found


def _grouped(numbers: NDArray[np.float32], seed: int) -> NDArray[np.int64]:
    """Cells of one item in at most GROUPS groups of like looks."""
    spread = numbers.std(axis=0)
    level = ((numbers - numbers.mean(axis=0)) / np.where(spread > 0, spread, 1)).round(3)
    different, of_row = np.unique(level, axis=0, return_inverse=True)
    count = min(GROUPS, len(different))
    found = MiniBatchKMeans(count, random_state=seed, n_init=1, batch_size=1024).fit(different)
    return np.asarray(found.labels_, np.int64)[of_row.reshape(-1)]


@dataclass(frozen=True, slots=True)
class Suspect:
    """可疑单元格: how likely it is wrong, why, and what the rows that it is compared with have instead."""

    row: int
    item: str
    value: str
    chance: float
    why: str
    instead: str = ""
    by: str = ""


def suspects(cells: Cells, chances: Chances, least: float = SUSPICIOUS) -> list[Suspect]:
    """The cells that look wrong, the likeliest first."""
    rows, items = np.nonzero(chances >= least)
    order = np.lexsort((items, rows, -chances[rows, items]))
    return [_suspect(cells, int(rows[n]), int(items[n]), float(chances[rows[n], items[n]])) for n in order]


def _suspect(cells: Cells, row: int, item: int, chance: float) -> Suspect:
    value, said = cells.value(row, item), cells.votes[item]
    loud = said.against[:, row] * said.strength
    speaker = int(loud.argmax())
    why, instead, by = _look(value), "", ""
    if loud[speaker] > SUSPICIOUS:
        instead, by = cells.columns[item].values[said.leading[speaker, row]], cells.items[speaker]
        why = why or "votes"
    return Suspect(row, cells.items[item], value, chance, why or "look", instead, by)


def _look(value: str) -> str:
    if not value.strip():
        return "empty"
    return "nothing" if NOTHING.match(value) else ""


def quality_of(found: Bools, truth: Bools, labelled: Sequence[int]) -> Mapping[str, float]:
    """Precision, recall and F1 of cells, without the rows that a person labelled."""
    rest = np.ones(len(truth), bool)
    rest[list(labelled)] = False
    said, true = found[rest], truth[rest]
    hit = int((said & true).sum())
    precision, recall = hit / max(int(said.sum()), 1), hit / max(int(true.sum()), 1)
    return {"precision": precision, "recall": recall, "f1": 2 * hit / max(int(said.sum()) + int(true.sum()), 1)}
