"""聚类 average linkage: which texts belong together when every pair between two groups has its say."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

Labels = NDArray[np.int64]
Floats = NDArray[np.float32]

MOST = 12_000
"""Groups compared at once: their similarities are one dense matrix of 4 bytes each (576 MB)."""


def average(rows: sparse.csr_matrix, least: float, labels: Labels | None = None) -> Labels:
    """The group number 0.. of each row, shape (n,): unite the two most similar groups until none reach `least`.

    Rows have unit length; the similarity of two groups is the mean cosine of all pairs between them (UPGMA). `labels`
    begins with groups instead of single rows, so that a stream need not begin anew. ValueError for more than MOST
    groups.
    """
    if not rows.shape[0]:
        return np.zeros(0, np.int64)
    start = np.arange(rows.shape[0]) if labels is None else np.unique(labels, return_inverse=True)[1]
    count = int(start.max()) + 1
    if count > MOST:
        raise ValueError(f"{count} groups: average linkage compares at most {MOST}")
    member = sparse.csr_matrix((np.ones(len(start), np.float32), (start, np.arange(len(start)))))
    sums = member @ rows
    sizes = np.bincount(start).astype(np.float32)
    alike = (sums @ sums.T).toarray() / sizes[:, None] / sizes
    return np.unique(_united(alike.astype(np.float32), sizes, least)[start], return_inverse=True)[1].astype(np.int64)


def _united(alike: Floats, sizes: Floats, least: float) -> Labels:
    """Lance and Williams' update on similarities; `alike` is used up. Each row remembers its best partner."""
    np.fill_diagonal(alike, -1)
    owner = np.arange(len(sizes))
    partner = alike.argmax(axis=1)
    best = alike[owner, partner]
    while True:
        one = int(best.argmax())
        if best[one] < least:
            return owner
        other = int(partner[one])
        row = (sizes[one] * alike[one] + sizes[other] * alike[other]) / (sizes[one] + sizes[other])
        row[[one, other]] = -1
        sizes[one] += sizes[other]
        alike[one], alike[:, one] = row, row
        alike[other], alike[:, other] = -1, -1
        owner[owner == other] = one
        best[other] = -1
        stale = np.flatnonzero(((partner == one) | (partner == other)) & (best > -1))
        stale = np.append(stale, one)
        partner[stale] = alike[stale].argmax(axis=1)
        best[stale] = alike[stale, partner[stale]]
        closer = row > best
        partner[closer], best[closer] = one, row[closer]


def placed(rows: sparse.csr_matrix, known: sparse.csr_matrix, labels: Labels, least: float) -> Labels:
    """The group of each new row: the one it is on average most like, or a new number when none reaches `least`.

    Rows are placed one after the other, each sees those before it. Numbers of new groups follow the highest known.
    """
    old = known.shape[0]
    every = np.concatenate([labels, np.zeros(rows.shape[0], np.int64)])
    sizes: dict[int, int] = dict(zip(*_counted(labels), strict=True))
    following = int(labels.max()) + 1 if old else 0
    towards = sparse.csr_matrix(rows @ sparse.vstack([known, rows]).T)
    for n in range(rows.shape[0]):
        span = slice(towards.indptr[n], towards.indptr[n + 1])
        before = towards.indices[span] < old + n
        groups, which = np.unique(every[towards.indices[span][before]], return_inverse=True)
        place = following
        if len(groups):
            found = np.bincount(which, towards.data[span][before]) / [sizes[int(group)] for group in groups]
            place = int(groups[found.argmax()]) if found.max() >= least else following
        following = max(following, place + 1)
        every[old + n] = place
        sizes[place] = sizes.get(place, 0) + 1
    return every[old:]


def _counted(labels: Labels) -> tuple[list[Any], list[Any]]:
    groups, counts = np.unique(labels, return_counts=True)
    return groups.tolist(), counts.tolist()
