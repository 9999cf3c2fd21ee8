"""重复研判 likely duplicates: how alike two texts are, and what text, place and time together say."""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from operator import add
from typing import Literal

Verdict = Literal["merge", "propose", "new"]

_DROPPED = re.compile(r"\W+")
_LIMIT = 400
_HEAD = 40

Grams = tuple[frozenset[str], frozenset[str]]


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


@dataclass(frozen=True, slots=True)
class Opinion:
    """并案意见: `score` 0..1 ranks candidates; `reasons` name each ground with its value."""

    verdict: Verdict
    score: float
    reasons: tuple[tuple[str, float], ...]


def _pairs(folded: str) -> frozenset[str]:
    return frozenset(map(add, folded, folded[1:])) or frozenset(folded)


@lru_cache(2048)
def _grams(text: str) -> Grams:
    """Bigrams of the head (a title, or how a call opens) and of the whole."""
    folded = _DROPPED.sub("", unicodedata.normalize("NFKC", text[:_LIMIT]).lower())
    return _pairs(folded[:_HEAD]), _pairs(folded)


def _alike(one: frozenset[str], other: frozenset[str]) -> float:
    """Half the cosine, half the share of the shorter that the longer holds (a short call repeats part of a letter)."""
    if not one or not other:
        return 0.0
    common = len(one & other)
    cosine = common / math.sqrt(len(one) * len(other))
    return (cosine + common / min(len(one), len(other))) / 2


def _likeness(one: Grams, other: Grams) -> float:
    return (_alike(one[0], other[0]) + _alike(one[1], other[1])) / 2


def similar(text: str, others: Sequence[str]) -> list[float]:
    """Likeness 0..1 of `text` to each of `others`, by bigrams of head and whole; 0 when either has no letters."""
    own = _grams(text)
    return [_likeness(own, _grams(other)) for other in others]


def similar_batch(texts: Sequence[str], others: Sequence[Sequence[str]]) -> list[list[float]]:
    """`similar` for many texts at once."""
    return [similar(text, row) for text, row in zip(texts, others, strict=True)]


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
    bars = limits or Limits()
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
    return Opinion(_rule(metres, hours, (same_category, similarity), bars), score, reasons)


def _rule(metres: float | None, hours: float, matter: tuple[bool, float], bars: Limits) -> Verdict:
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
