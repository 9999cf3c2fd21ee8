"""重复研判 likely duplicates: how alike two texts are, and what text, place and time together say."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

Verdict = Literal["merge", "propose", "new"]

_DROPPED = re.compile(r"\W+")
_LIMIT = 400
_HEAD = 40
_EARLY = 1 << 16
"""Weight of a bigram of the head: the products of two texts' weights tell all three counts in one sum."""
_PAIRS = 1 << 15
"""Pairs that are compared at once, so that memory stays flat."""

Numbers = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Limits:
    """并案阈值: distances in metres, spans in hours, similarities 0..1. Defaults were set on open data, see
    docs/models/similar.md; a city may set its own."""

    near: float = 60.0
    around: float = 150.0
    soon: float = 72.0
    lately: float = 336.0
    alike: float = 0.6
    same: float = 0.85
    akin: float = 0.3
    told: float = 0.4


LIMITS = Limits()


@dataclass(frozen=True, slots=True)
class Opinion:
    """并案意见: `score` 0..1 ranks candidates; `reasons` name each ground with its value."""

    verdict: Verdict
    score: float
    reasons: tuple[tuple[str, float], ...]


@lru_cache(8192)
def _folded(text: str) -> str:
    """Without blanks and punctuation. Kept: the newest cases of a place are compared with report after report."""
    return _DROPPED.sub("", unicodedata.normalize("NFKC", text[:_LIMIT]).lower())


def _bigrams(texts: Sequence[str]) -> sparse.csr_matrix:
    """Which bigram stands in which text, shape (texts, 2^42): 1, or _EARLY where it stands in the head.

    A head is a title, or how a call opens. A text of one letter is its own bigram.
    """
    joined = "\0".join([*map(_folded, texts), ""])
    points = np.frombuffer(joined.encode("utf-32-le", "surrogatepass"), np.uint32).astype(np.uint64)
    ends = np.flatnonzero(points == 0)
    sizes = np.diff(ends, prepend=-1) - 1
    spread = np.repeat(np.arange(len(texts)), sizes + 1)
    following = np.append(points[1:], np.uint64(0))
    kept = np.flatnonzero((points != 0) & ((following != 0) | (sizes[spread] == 1)))
    owner = spread[kept]
    late = kept - (ends - sizes)[owner] >= _HEAD - 1
    keys = owner.astype(np.uint64) << np.uint64(43) | points[kept] << np.uint64(22) | following[kept] << np.uint64(1)
    # The last bit sorts a bigram's place in the head before its other places, and the first of them is kept.
    keys = np.sort(keys | late.astype(np.uint64))
    keys = keys[np.diff(keys >> np.uint64(1), prepend=np.uint64(2**64 - 1)) != 0]
    columns = (keys >> np.uint64(1) & np.uint64((1 << 42) - 1)).astype(np.int64)
    weights = np.where(keys & np.uint64(1), 1, _EARLY)
    rows = np.searchsorted(keys >> np.uint64(43), np.arange(len(texts) + 1, dtype=np.uint64))
    found = sparse.csr_matrix((weights, columns, rows), shape=(len(texts), 1 << 42))
    found.has_canonical_format = True
    return found


def _alike(common: Numbers, one: Numbers, other: Numbers) -> NDArray[np.float64]:
    """Half the cosine, half the share of the shorter that the longer holds (a short call repeats part of a letter)."""
    one, other = np.maximum(one, 1), np.maximum(other, 1)
    share: NDArray[np.float64] = (common / np.sqrt(one * other) + common / np.minimum(one, other)) / 2
    return share


def likeness(texts: Sequence[str], left: Sequence[int], right: Sequence[int]) -> list[float]:
    """Likeness 0..1 of `texts[left[i]]` and `texts[right[i]]`, by bigrams of head and whole; 0 without letters.

    A whole batch at once: every text is taken apart once, however many pairs it is in.
    """
    if not len(left):
        return []
    bigrams = _bigrams(texts)
    starts = range(0, len(left), _PAIRS)
    parts = [_compared(bigrams, np.array(left[n : n + _PAIRS]), np.array(right[n : n + _PAIRS])) for n in starts]
    return list(np.concatenate(parts).tolist())


def _compared(bigrams: sparse.csr_matrix, left: Numbers, right: Numbers) -> NDArray[np.float64]:
    one, other = bigrams[left], bigrams[right]
    one.has_canonical_format = other.has_canonical_format = True
    sums = np.asarray(one.multiply(other).sum(axis=1)).ravel()
    both = sums // _EARLY // _EARLY
    common = both + sums // _EARLY % _EARLY + sums % _EARLY
    whole = np.diff(bigrams.indptr)
    head = np.asarray((bigrams > 1).sum(axis=1)).ravel()
    return (_alike(both, head[left], head[right]) + _alike(common, whole[left], whole[right])) / 2


def similar(text: str, others: Sequence[str]) -> list[float]:
    """Likeness 0..1 of `text` to each of `others`."""
    return likeness([text, *others], [0] * len(others), range(1, len(others) + 1))


def verdict(
    metres: float | None, hours: float, same_category: bool, similarity: float, limits: Limits | None = None
) -> Opinion:
    """What place, time, category and text together say; `metres` None when either place is unknown.

    | | category | metres | hours | similarity |
    |---|---|---|---|---|
    | merge | same | <= near | <= soon | >= alike |
    | merge | same | <= around | <= lately | >= same |
    | propose | same | <= near | <= lately | any |
    | propose | same | <= around | <= lately | >= akin |
    | propose | any | <= around | <= lately | >= alike |
    | propose | any | unknown | <= lately | >= told |
    | new | whatever else | | | |

    An unknown place never merges by itself: two people may use the same words about two streets.
    """
    bars = limits or LIMITS
    reasons: tuple[tuple[str, float], ...] = (
        ("similarity", round(similarity, 3)),
        ("hours", round(hours, 1)),
        ("same_category", float(same_category)),
    )
    if metres is not None:
        reasons = (("metres", round(metres, 1)), *reasons)
    closeness = 0.5 if metres is None else max(0.0, 1 - metres / (2 * bars.around))
    recency = max(0.0, 1 - hours / (2 * bars.lately))
    score = round(0.5 * similarity + 0.3 * closeness + 0.1 * recency + 0.1 * same_category, 4)
    return Opinion(rule(metres, hours, (same_category, similarity), bars), score, reasons)


def rule(metres: float | None, hours: float, matter: tuple[bool, float], bars: Limits = LIMITS) -> Verdict:
    """The table of `verdict`, without its score and grounds. `matter`: same category, similarity."""
    same_category, similarity = matter
    if hours > bars.lately or (metres is not None and metres > bars.around):
        return "new"
    near = metres is not None and metres <= bars.near
    if same_category and metres is not None:
        if (near and hours <= bars.soon and similarity >= bars.alike) or similarity >= bars.same:
            return "merge"
        if near or similarity >= bars.akin:
            return "propose"
    return "propose" if similarity >= (bars.told if metres is None else bars.alike) else "new"
