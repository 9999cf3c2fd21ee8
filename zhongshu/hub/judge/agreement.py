"""归并对照 agreement of two groupings of the same texts: pairs, B-cubed, and where exactly they disagree."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Labels = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Score:
    """Shares 0..1; `f1` is the harmonic mean of the two."""

    precision: float
    recall: float

    @property
    def f1(self) -> float:
        both = self.precision + self.recall
        return 2 * self.precision * self.recall / both if both else 0.0


@dataclass(frozen=True, slots=True)
class Disagreement:
    """分歧: `kind` split (the truth keeps together what we part) or mixed (we put together what the truth parts).

    `truth` and `said` are the labels at hand (`said` the bigger part of a split), `members` the texts' numbers that
    don't go with the majority.
    """

    kind: str
    truth: int
    said: int
    members: tuple[int, ...]


def _pairs(counts: NDArray[np.int64]) -> int:
    return int((counts * (counts - 1) // 2).sum())


def _table(truth: Labels, said: Labels) -> NDArray[np.int64]:
    _, rows = np.unique(truth, return_inverse=True)
    _, columns = np.unique(said, return_inverse=True)
    table = np.zeros((rows.max() + 1, columns.max() + 1), np.int64)
    np.add.at(table, (rows, columns), 1)
    return table


def pairs(truth: Labels, said: Labels) -> Score:
    """Precision and recall over all pairs of these texts that are in one group (1.0 where there is no such pair)."""
    table = _table(truth, said)
    right, ours, theirs = _pairs(table), _pairs(table.sum(axis=0)), _pairs(table.sum(axis=1))
    return Score(right / ours if ours else 1.0, right / theirs if theirs else 1.0)


def open_pairs(truth: Labels, said: Labels) -> Score:
    """The same when texts of truth -1 were never listed: a pair of a listed text with an unlisted one counts as wrong.

    A list of hot issues names some of their members only, so this precision is a lower bound.
    """
    listed = truth >= 0
    right = _pairs(_table(truth[listed], said[listed]))
    inside, outside = Counter(said[listed].tolist()), Counter(said[~listed].tolist())
    ours = sum(n * (n - 1) // 2 + n * outside[group] for group, n in inside.items())
    theirs = _pairs(np.bincount(truth[listed]))
    return Score(right / ours if ours else 1.0, right / theirs if theirs else 1.0)


def b_cubed(truth: Labels, said: Labels) -> Score:
    """Per text: the share of its group that truly belongs with it, and of those who belong with it that are there.

    Source: Bagga, Baldwin 1998; Amigó et al. 2009 show that it alone meets all four constraints they set up.
    """
    table = _table(truth, said).astype(np.float64)
    square = table * table
    precision = (square / table.sum(axis=0)).sum() / table.sum()
    recall = (square / table.sum(axis=1)[:, None]).sum() / table.sum()
    return Score(float(precision), float(recall))


def disagreements(truth: Labels, said: Labels) -> list[Disagreement]:
    """Every text in a smaller part of its true group, and every one in a group whose majority is another's."""
    found = []
    for group in np.unique(truth).tolist():
        members = np.flatnonzero(truth == group)
        parts = Counter(said[members].tolist())
        largest, _ = parts.most_common(1)[0]
        found += [
            Disagreement("split", group, largest, _where(members, said[members] == p)) for p in parts if p != largest
        ]
    for group in np.unique(said).tolist():
        members = np.flatnonzero(said == group)
        parts = Counter(truth[members].tolist())
        largest, _ = parts.most_common(1)[0]
        found += [Disagreement("mixed", p, group, _where(members, truth[members] == p)) for p in parts if p != largest]
    return sorted(found, key=lambda one: (one.kind, -len(one.members), one.members))


def _where(members: NDArray[np.int64], these: NDArray[np.bool_]) -> tuple[int, ...]:
    return tuple(members[these].tolist())


def chosen(bars: Sequence[float], scores: Sequence[tuple[Score, Score]], least: float = 0.98) -> float:
    """The bar of best F1, half way between the two scores, among those whose precision (first score) reaches `least`.

    The first score looks at listed texts only and finds nothing wrong with lumping all the others; the second takes
    every unlisted neighbour for wrong. The truth lies between. When no bar is precise enough, the most precise one.
    The middle one of equals: a bar at an edge is a lucky one.
    """
    able = [n for n, (first, _) in enumerate(scores) if first.precision >= least]
    if not able:
        return bars[max(range(len(bars)), key=lambda n: scores[n][0].precision)]
    worth = {n: (scores[n][0].f1 + scores[n][1].f1) / 2 for n in able}
    equal = [n for n in able if worth[n] >= max(worth.values()) - 0.005]
    return bars[equal[len(equal) // 2]]
