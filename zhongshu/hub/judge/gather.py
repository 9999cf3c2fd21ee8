"""聚合 gathering the cases of the last days into issues: same place, same problem, several people.

A case is a row of three parts, each weighed: the cells and the community around its point, its class
with those above it, and the name words of its text. Average linkage over the cosine of such rows unites what is alike
in most of them, so no part alone makes an issue: neither a class all over the city (that is a topic of 每月一题), nor
everything that is said of one street.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from zhongshu.hub.judge.linkage import average
from zhongshu.hub.judge.merge import cell_of
from zhongshu.hub.judge.names import SHARE, Names, Share

Labels = NDArray[np.int64]

ALIKE = 0.55
"""Mean likeness from which two groups are one issue; see docs/models/hot.md."""
PLACE, CLASS, NAMES = 0.45, 0.35, 0.2
"""How much each part counts, together 1."""
_COMMUNITY = 0.3
_STEPS = tuple((x, y, 2.0 if x == y == 0 else 1.0) for x in (-1, 0, 1) for y in (-1, 0, 1))
_COMMON = 40
"""A name word may be in so many titles however few there are: in a small stream two in a hundred are too few."""


@dataclass(frozen=True, slots=True)
class Matter:
    """一案: `place` is a division code, `classes` its class and those above it, the nearest first."""

    id: int
    at: datetime
    title: str
    text: str
    place: str
    classes: tuple[str, ...]
    lon: float | None = None
    lat: float | None = None


def gathered(matters: Sequence[Matter], alike: float = ALIKE) -> Labels:
    """The group number 0.. of each matter, shape (n,). ValueError for more than `linkage.MOST` matters."""
    return average(rows(matters), alike)


def rows(matters: Sequence[Matter]) -> sparse.csr_matrix:
    """Rows, float32, in which the squared lengths of the parts are PLACE, CLASS and NAMES.

    A part that a matter lacks makes it less like any other: what lies nowhere, or says nothing rare, is not guessed.
    """
    titles, texts = [one.title for one in matters], [one.text for one in matters]
    common = max(SHARE.common, _COMMON / max(1, len(titles)))
    names = Names.learnt(titles, Share(common)).matrix(titles, texts)
    parts = [
        (_unit(_table(matters, _around)), PLACE),
        (_unit(_table(matters, _kinds)), CLASS),
        (_unit(names), NAMES),
    ]
    every = sparse.hstack([part * np.float32(weight**0.5) for part, weight in parts], "csr")
    return sparse.csr_matrix(every)


def _around(one: Matter) -> Iterable[tuple[Hashable, float]]:
    """Two cases in one cell are in one place, four cells apart they are not."""
    if one.place:
        yield one.place, (_COMMUNITY * 12) ** 0.5
    if one.lon is None or one.lat is None:
        return
    x, y = cell_of(one.lon, one.lat)
    left = (1 - _COMMUNITY) ** 0.5
    for east, north, weight in _STEPS:
        yield (x + east, y + north), left * weight


def _kinds(one: Matter) -> Iterable[tuple[Hashable, float]]:
    """The class itself counts most; that two have only an upper class in common makes them a little alike."""
    return ((code, 1.0 if depth == 0 else 0.5) for depth, code in enumerate(one.classes))


def _table(matters: Sequence[Matter], told: Callable[[Matter], Iterable[tuple[Hashable, float]]]) -> sparse.csr_matrix:
    known: dict[Hashable, int] = {}
    starts, columns, values = [0], [], []
    for one in matters:
        for name, value in told(one):
            columns.append(known.setdefault(name, len(known)))
            values.append(value)
        starts.append(len(columns))
    shape = (len(matters), max(1, len(known)))
    return sparse.csr_matrix((np.array(values, np.float32), columns, starts), shape=shape)


def _unit(table: sparse.csr_matrix) -> sparse.csr_matrix:
    """Each row brought to unit length; a row of zeros stays one."""
    norms = np.sqrt(np.asarray(table.multiply(table).sum(axis=1)).ravel())
    return sparse.csr_matrix(sparse.diags(1 / np.maximum(norms, np.float32(1e-12))).astype(np.float32) @ table)


@dataclass(frozen=True, slots=True)
class Carried:
    """承续: which known issue each group goes on as; `merged` is known issue -> the group that took it in."""

    issue: Mapping[int, int]
    merged: Mapping[int, int]


def carried(groups: Labels, known: Sequence[int]) -> Carried:
    """An issue goes on as the group that holds most of its cases, and a group as its largest issue.

    `known` is the issue of each case before, 0 for none. An issue whose largest part went to a group that goes on as
    another issue is merged into that one; a group with no issue of its own is new and is not among the keys.
    """
    counts = Counter((int(group), one) for group, one in zip(groups.tolist(), known, strict=True) if one)
    ordered = sorted(counts, key=lambda pair: (-counts[pair], pair[1], pair[0]))
    home: dict[int, int] = {}
    for group, one in ordered:
        home.setdefault(one, group)
    issue: dict[int, int] = {}
    for group, one in ordered:
        if home[one] == group:
            issue.setdefault(group, one)
    return Carried(issue, {one: group for one, group in home.items() if issue[group] != one})


def typical(table: sparse.csr_matrix, members: Sequence[int]) -> int:
    """Of these rows the one that is most like all of them."""
    own = table[np.array(members)]
    towards = np.asarray(own @ np.asarray(own.sum(axis=0)).ravel()).ravel()
    return members[int(towards.argmax())]
