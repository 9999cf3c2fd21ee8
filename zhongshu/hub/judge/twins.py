"""近似重复文本 near-duplicate texts as groups, so that no copy of a text is ever judged by its twin."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from scipy.sparse.csgraph import connected_components

from zhongshu.hub.judge.ngrams import code_points, gram_keys

_PREFIX = 20
_LIMIT = 600
_CHUNK = 1 << 13
_PAIRS = 1 << 16

Pairs = tuple[NDArray[np.int64], NDArray[np.int64]]


@dataclass(frozen=True, slots=True)
class Grain:
    """粒度: characters of a shingle (at most 4), bands of a MinHash and rows of a band.

    A pair of Jaccard index j becomes a candidate with probability 1 - (1 - j^rows)^bands (Leskovec, Rajaraman, Ullman,
    Mining of Massive Datasets, ch. 3): at 20 bands of 3 rows 0.93 for j = 0.5 and 0.9998 for 0.7.
    """

    shingle: int = 4
    bands: int = 20
    rows: int = 3


COARSE = Grain()
FINE = Grain(shingle=3)
"""For short texts that were typed again: one changed character of sixty costs three shingles instead of four."""


def _tight(texts: Sequence[str]) -> list[str]:
    return ["".join(text.split()) for text in texts]


def _bands(mixed: NDArray[np.uint64], starts: NDArray[np.int64], grain: Grain) -> NDArray[np.uint64]:
    """MinHash of each text by multiply-shift hashing with fixed odd multipliers, a digest of each band's rows.

    Shape (texts, bands).
    """
    random = np.random.default_rng(20201)
    odd = random.integers(1, 1 << 63, grain.bands * grain.rows, dtype=np.uint64) * np.uint64(2) + np.uint64(1)
    digests = np.zeros((len(starts), grain.bands), np.uint64)
    for number, each in enumerate(odd):
        least = np.minimum.reduceat(mixed * each, starts)
        digests[:, number // grain.rows] += least * np.uint64(2 * (number % grain.rows) + 3)
    return digests


def _shingles(texts: Sequence[str], grain: Grain) -> tuple[NDArray[np.uint64], NDArray[np.int64]]:
    """The shingles of these texts, scrambled (and so equal only where they were), and where each text's begin."""
    # The padding gives even an empty text one shingle, so that every row of the sketch exists.
    points, starts = code_points([" " * grain.shingle + text for text in texts], _LIMIT)
    # And the last text of a batch must end like all the others, whose last shingles reach into the next one's padding.
    keys = gram_keys(np.append(points, np.full(grain.shingle - 1, ord(" "), np.uint16)), grain.shingle)
    mixed = (keys ^ (keys >> np.uint64(31))) * np.uint64(0x9E3779B97F4A7C15)
    mixed ^= mixed >> np.uint64(29)
    return mixed, starts


def _sets(mixed: NDArray[np.uint64], starts: NDArray[np.int64]) -> tuple[NDArray[np.int32], NDArray[np.int64]]:
    """The set of shingles of each text by 31 bits of each one, and how many there are.

    Two shingles of a pair of texts fall together once in ten million pairs: the scrambling keeps all 64 bits, the
    cut only loses half of them.
    """
    sizes = np.diff(np.append(starts, len(mixed)))
    rows = np.repeat(np.arange(len(starts), dtype=np.uint64), sizes)
    packed = np.sort(rows << np.uint64(31) | mixed >> np.uint64(33))
    packed = packed[np.diff(packed, prepend=np.uint64(2**64 - 1)) != 0]
    counts = np.bincount((packed >> np.uint64(31)).astype(np.int64), minlength=len(starts))
    return (packed & np.uint64((1 << 31) - 1)).astype(np.int32), counts


def _candidates(digests: NDArray[np.uint64]) -> Pairs:
    """Pairs of texts that share a band; within a bucket each one is paired with the next three."""
    count = np.uint64(len(digests))
    found = []
    for band in digests.T:
        order = np.argsort(band, kind="stable").astype(np.uint64)
        sorted_ = band[order]
        for step in (1, 2, 3):
            same = np.flatnonzero(sorted_[step:] == sorted_[:-step])
            # The sort is stable: the left one of a pair is the earlier text.
            found.append(order[same] * count + order[same + step])
    pairs = np.unique(np.concatenate(found))
    return (pairs // count).astype(np.int64), (pairs % count).astype(np.int64)


def _alike(held: sparse.csr_matrix, pairs: Pairs, least: float) -> NDArray[np.bool_]:
    """Whether the shingle sets of each pair have a Jaccard index of at least `least`."""
    count = np.diff(held.indptr)
    found = []
    for first in range(0, len(pairs[0]), _PAIRS):
        left, right = pairs[0][first : first + _PAIRS], pairs[1][first : first + _PAIRS]
        one, other = held[left], held[right]
        one.has_canonical_format = other.has_canonical_format = True
        common = np.diff(one.multiply(other).tocsr().indptr)
        found.append(common >= least * (count[left] + count[right] - common))
    return np.concatenate([np.zeros(0, bool), *found])


def _same_prefix(texts: Sequence[str]) -> Pairs:
    first: dict[str, int] = {}
    found = [(first.setdefault(text[:_PREFIX], i), i) for i, text in enumerate(texts)]
    left, right = np.array(found, np.int64).reshape(-1, 2).T
    return left, right


def _sketched(texts: Sequence[str], grain: Grain) -> tuple[NDArray[np.uint64], sparse.csr_matrix]:
    """Band digests and shingle sets of all texts, taken some thousand at a time so that the work stays in the cache."""
    digests, sets, counts = [], [], []
    for first in range(0, len(texts), _CHUNK):
        mixed, starts = _shingles(_tight(texts[first : first + _CHUNK]), grain)
        digests.append(_bands(mixed, starts, grain))
        members, count = _sets(mixed, starts)
        sets.append(members)
        counts.append(count)
    ends = np.cumsum(np.concatenate([np.zeros(1, np.int64), *counts]))
    columns = np.concatenate(sets)
    held = sparse.csr_matrix((np.ones(len(columns), np.int8), columns, ends), shape=(len(texts), 1 << 31))
    held.has_canonical_format = True
    return np.concatenate(digests), held


def twins(texts: Sequence[str], least: float = 0.5, grain: Grain = COARSE) -> Pairs:
    """Pairs (earlier, later) of near-duplicate texts; of many copies of one text enough to tie them all together.

    Near duplicates are texts whose sets of shingles (first 600 characters, blanks removed) have a Jaccard index of at
    least `least`. MinHash finds the candidates, with the probability told at Grain; each is then counted out.
    """
    if not texts:
        return np.zeros(0, np.int64), np.zeros(0, np.int64)
    digests, held = _sketched(texts, grain)
    pairs = _candidates(digests)
    alike = _alike(held, pairs, least)
    return pairs[0][alike], pairs[1][alike]


def groups(texts: Sequence[str], least: float = 0.5, openings: bool = True) -> NDArray[np.int32]:
    """The group number of each text, shape (len(texts),): the connected components of `twins`.

    With `openings` two texts whose first 20 characters are equal belong together too: right where a model must not
    be tested on what it was taught, wrong where thousands begin with the same greeting.
    """
    if not texts:
        return np.zeros(0, np.int32)
    left, right = twins(texts, least)
    if openings:
        prefix = _same_prefix(_tight(texts))
        left, right = np.concatenate([left, prefix[0]]), np.concatenate([right, prefix[1]])
    return united(left, right, len(texts))


def united(left: NDArray[np.int64], right: NDArray[np.int64], count: int) -> NDArray[np.int32]:
    """The group number of each of `count` things, shape (count,): pairs (left[i], right[i]) belong together."""
    links = sparse.coo_matrix((np.ones(len(left), bool), (left, right)), shape=(count, count))
    return np.asarray(connected_components(links, directed=False)[1], np.int32)


def folds(labels: NDArray[np.int64], group: NDArray[np.int32], count: int, seed: int = 0) -> NDArray[np.int32]:
    """A fold number 0..count-1 for each text: whole groups, dealt out label by label so that folds look alike."""
    unique, first = np.unique(group, return_index=True)
    shuffled = np.random.default_rng(seed).permutation(len(unique))
    order = shuffled[np.argsort(labels[first[shuffled]], kind="stable")]
    fold = np.empty(len(unique), np.int32)
    fold[order] = np.arange(len(unique)) % count
    return fold[np.searchsorted(unique, group)]
