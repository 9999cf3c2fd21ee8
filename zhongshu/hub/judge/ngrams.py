"""字串特征 character n-grams of a whole batch at once: code points packed into integers, one sparse matrix."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from zhongshu.kernel.errors import BadInput

Keys = NDArray[np.uint64]
Floats = NDArray[np.float32]

_BITS = 16
_END = 1
_TITLE = np.uint64(1 << 63)
"""Set in the key of an n-gram of the title: the same characters say something else there than in the body."""
_MULTIPLIERS = (np.uint64(0x9E3779B97F4A7C15), np.uint64(0xC2B2AE3D27D4EB4F), np.uint64(0x165667B19E3779F9))


def _folding() -> NDArray[np.uint16]:
    """Code point -> code point: full width to half width, upper case to lower, digits to 0, any blank to one blank."""
    table = np.arange(1 << _BITS, dtype=np.uint16)
    table[0xFF01:0xFF5F] = np.arange(0x21, 0x7F)
    table[0x3000] = 0x20
    for code in range(0x21, 0x250):
        lower = chr(code).lower()
        table[code] = ord(lower) if len(lower) == 1 else code
    table[0xFF21:0xFF3B] = np.arange(0x61, 0x7B)
    table[0x30:0x3A] = table[0xFF10:0xFF1A] = 0x30
    table[:0x21] = 0x20
    table[0xA0] = 0x20
    return table


_FOLD = _folding()


def code_points(texts: Sequence[str], limit: int) -> tuple[NDArray[np.uint16], NDArray[np.int64]]:
    """The folded text of a batch, each text cut at `limit` and closed by an end mark, and where each one starts.

    Code points beyond the basic plane are folded into it (a rare character may share its place with another).
    """
    cut = [text[:limit] for text in texts]
    lengths = np.fromiter(map(len, cut), np.int64, len(cut)) + 1
    # "surrogatepass": a lone surrogate from a careless client must not stop a batch.
    raw = np.frombuffer("\0".join([*cut, ""]).encode("utf-32-le", "surrogatepass"), np.uint32)
    folded = _FOLD[(raw & 0xFFFF).astype(np.uint16)]
    ends = np.cumsum(lengths)
    folded[ends - 1] = _END
    return folded, ends - lengths


def gram_keys(points: NDArray[np.uint16], n: int) -> Keys:
    """Every window of `n` code points as one integer, first code point in the lowest bits; shape (len - n + 1,)."""
    size = max(0, len(points) - n + 1)
    keys = points[:size].astype(np.uint64)
    for step in range(1, n):
        keys |= points[step : step + size].astype(np.uint64) << np.uint64(_BITS * step)
    return keys


def gram_text(key: int) -> str:
    """The characters packed in a key."""
    return "".join(chr(part) for step in range(4) if (part := key >> (_BITS * step) & 0xFFFF))


@dataclass(frozen=True)
class Ngrams:
    """字串表: the n-grams known to a model, and how much each one weighs.

    `keys` (V,) uint64, `weights` (V,) float32 inverse document frequency; n-grams of 1 to `longest` characters;
    texts are cut at `limit` characters; the first `head` characters count `1 + boost` times (a title says more).
    n-grams within the first `title` characters count once more, as n-grams of their own: `longest` is 3 at most then.
    """

    keys: Keys
    weights: Floats
    longest: int = 3
    limit: int = 2000
    head: int = 30
    boost: float = 1.0
    title: int = 0

    @property
    def plain(self) -> Keys:
        """The packed characters of each n-gram, whether it is one of the title or not."""
        return self.keys & ~_TITLE if self.title else self.keys

    @cached_property
    def _bits(self) -> int:
        return max(16, int(np.ceil(np.log2(max(len(self.keys), 1)))) + 4)

    @cached_property
    def _tables(self) -> list[NDArray[np.int32]]:
        """Hash tables slot -> number of the n-gram; who finds its slot taken goes to the next table."""
        tables = []
        left = np.arange(len(self.keys), dtype=np.int32)
        for multiplier in _MULTIPLIERS:
            table = np.zeros(1 << self._bits, np.int32)
            slots = self._slots(self.keys[left], multiplier)
            table[slots[::-1]] = left[::-1]
            tables.append(table)
            left = left[table[slots] != left]
            if not len(left):
                break
        return tables

    def _slots(self, keys: Keys, multiplier: np.uint64) -> NDArray[np.int64]:
        return ((keys * multiplier) >> np.uint64(64 - self._bits)).astype(np.int64)

    def find(self, keys: Keys) -> NDArray[np.int32]:
        """The number of each n-gram, -1 where it is not known."""
        if not len(self.keys):
            return np.full(len(keys), -1, np.int32)
        first, *more = self._tables
        found = first[self._slots(keys, _MULTIPLIERS[0])]
        wrong = np.flatnonzero(self.keys[found] != keys)
        found[wrong] = -1
        for table, multiplier in zip(more, _MULTIPLIERS[1:], strict=False):
            other = table[self._slots(keys[wrong], multiplier)]
            right = self.keys[other] == keys[wrong]
            found[wrong[right]] = other[right]
            wrong = wrong[~right]
        return found

    def matrix(self, texts: Sequence[str]) -> sparse.csr_matrix:
        """Rows of unit length, shape (len(texts), V), float32: log counts times inverse document frequency."""
        return self.weigh(self.counts(texts))

    def counts(self, texts: Sequence[str]) -> sparse.csr_matrix:
        """How often each known n-gram occurs, those in the head counted more; shape (len(texts), V), float32."""
        points, starts = code_points(texts, self.limit)
        rows = np.repeat(np.arange(len(texts), dtype=np.int32), np.diff(np.append(starts, len(points))))
        offsets = np.arange(len(points)) - starts[rows]
        amounts = 1 + np.float32(self.boost) * (offsets < self.head).astype(np.float32)
        where, what, much = [], [], []
        for _, places, grams in _grams(points, offsets, self):
            found = self.find(grams)
            known = np.flatnonzero(found >= 0)
            at = known if places is None else places[known]
            where.append(rows[at])
            what.append(found[known])
            much.append(amounts[at] if places is None else np.ones(len(at), np.float32))
        shape = (len(texts), len(self.keys))
        cells = (np.concatenate(where), np.concatenate(what))
        return sparse.coo_matrix((np.concatenate(much), cells), shape=shape).tocsr()

    def weigh(self, counts: sparse.csr_matrix) -> sparse.csr_matrix:
        """Counts -> rows of unit length; a row without a known n-gram, or only with weightless ones, stays zero."""
        data = (1 + np.log(counts.data)) * self.weights[counts.indices]
        sizes = np.diff(counts.indptr)
        filled = np.flatnonzero(sizes)
        norms = np.sqrt(np.add.reduceat(data * data, counts.indptr[filled])) if len(filled) else data
        data /= np.repeat(np.maximum(norms, np.float32(1e-12)), sizes[filled])
        return sparse.csr_matrix((data, counts.indices, counts.indptr), shape=counts.shape)


def _grams(
    points: NDArray[np.uint16], offsets: NDArray[np.int64], shape: Ngrams
) -> Iterator[tuple[int, NDArray[np.int64] | None, Keys]]:
    """Length of n-grams of one kind, where they begin (None: at every code point), and their keys."""
    for n in range(1, shape.longest + 1):
        grams = gram_keys(points, n)
        yield n, None, grams
        if shape.title:
            places = np.flatnonzero(offsets[: len(grams)] + n <= shape.title)
            yield n, places, grams[places] | _TITLE


def rarity(frequencies: NDArray[np.int64], texts: int) -> Floats:
    """Smoothed inverse document frequency, as scikit-learn computes it."""
    return (np.log((1 + texts) / (1 + frequencies)) + 1).astype(np.float32)


def learn(texts: Sequence[str], shape: Ngrams, least: int, most: int) -> Ngrams:
    """Collect the n-grams found in at least `least` texts, the `most` frequent ones when there are more.

    An n-gram across the end of a text is never kept: the end mark would tie neighbours together.
    """
    if shape.title and shape.longest > 3:
        raise BadInput(f"n-grams of {shape.longest} characters leave no room for those of the title; 3 at most")
    points, starts = code_points(texts, shape.limit)
    rows = np.repeat(np.arange(len(texts), dtype=np.uint64), np.diff(np.append(starts, len(points))))
    offsets = np.arange(len(points)) - starts[rows.astype(np.int64)]
    closing = np.append(np.flatnonzero(points == _END), len(points))
    left = closing[np.searchsorted(closing, np.arange(len(points)))] - np.arange(len(points))
    keys, frequencies = [], []
    for n, places, grams in _grams(points, offsets, shape):
        at = np.arange(len(grams)) if places is None else places
        inside = left[at] >= n
        unique, numbers = np.unique(grams[inside], return_inverse=True)
        pairs = np.unique(rows[at][inside] * np.uint64(len(unique)) + numbers.astype(np.uint64))
        found = np.bincount((pairs % np.uint64(max(len(unique), 1))).astype(np.int64), minlength=len(unique))
        keep = found >= least
        keys.append(unique[keep])
        frequencies.append(found[keep])
    every, often = np.concatenate(keys), np.concatenate(frequencies)
    if len(every) > most:
        best = np.sort(np.argsort(-often, kind="stable")[:most])
        every, often = every[best], often[best]
    return replace(shape, keys=every, weights=rarity(often, len(texts)))


EMPTY = Ngrams(np.zeros(0, np.uint64), np.zeros(0, np.float32))
"""The shape of a model that has learnt nothing yet."""
