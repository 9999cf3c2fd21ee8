"""值的样子 how usual one value looks among the values of its column: counts, shapes, letters, words, likeness, size."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from rapidfuzz import process
from rapidfuzz.distance import Levenshtein

Floats = NDArray[np.float64]

NOTHING = re.compile(r"^\s*(n/?a|null|none|nan|unknown|[-?？.。/]+|无|空|未知|不详|暂无|待补)\s*$", re.IGNORECASE)
"""Words that stand for nothing."""
EDGE = ("\x02", "\x03")
"""Begin and end of a value, so that what stands there counts as a letter of its own."""
LENGTHS = (1, 2, 3)
MOST = 4000
"""Different values up to which each is compared with every other; a column with more has no typos to be found so."""
ALIKE = 0.6
_WORDS = re.compile(r"[\s,;/，；、]+")
_DIGIT, _LETTER = re.compile(r"\d"), re.compile(r"[^\W\d_]")
_RUN = re.compile(r"(.)\1+")


@dataclass(frozen=True, slots=True)
class Column:
    """一列: its different values, which of them each row holds, and how many rows hold each."""

    values: tuple[str, ...]
    of_row: NDArray[np.int64]
    counts: NDArray[np.int64]

    @property
    def rows(self) -> int:
        return len(self.of_row)


def column(cells: Sequence[str | None]) -> Column:
    """A column from its cells; None is an empty text."""
    texts = np.array(["" if one is None else str(one) for one in cells], dtype=object).astype(str)
    values, of_row, counts = np.unique(texts, return_inverse=True, return_counts=True)
    return Column(tuple(values.tolist()), of_row.reshape(-1).astype(np.int64), counts.astype(np.int64))


def shape(text: str) -> str:
    """9 for a digit, A and a for letters of two cases, 字 for any other letter; the rest as it is."""
    return _LETTER.sub(_kind, _DIGIT.sub("9", text))


def _kind(match: re.Match[str]) -> str:
    letter = match.group()
    return "A" if letter.isupper() else "a" if letter.islower() else "字"


def short_shape(text: str) -> str:
    """The shape with runs of one kind as one."""
    return _RUN.sub(r"\1", shape(text))


def looks(held: Column) -> tuple[Floats, list[str]]:
    """What each value of a column looks like, shape (values, WIDTH), and its oddest letter ("" when it has none)."""
    grams, odd = _grams(held)
    parts = [_counted(held), _shapes(held), grams, _sized(held), _like(held), _numbers(held), _worded(held)]
    return np.hstack(parts), odd


def _counted(held: Column) -> Floats:
    empty = [not one.strip() for one in held.values]
    nothing = [bool(NOTHING.match(one)) for one in held.values]
    blank = [one != one.strip() for one in held.values]
    share = held.counts / held.rows
    return np.column_stack([share, np.log1p(held.counts) / np.log1p(held.rows), empty, nothing, blank])


def _shapes(held: Column) -> Floats:
    """Share of rows, and of other values, that have the same shape, whole and short."""
    return np.hstack([_shared(held, told) for told in (shape, short_shape)])


def _shared(held: Column, told: Callable[[str], str]) -> Floats:
    shapes = [told(one) for one in held.values]
    rows: Counter[str] = Counter()
    for one, count in zip(shapes, held.counts.tolist(), strict=True):
        rows[one] += count
    values = Counter(shapes)
    others = max(len(shapes) - 1, 1)
    return np.array([[rows[one] / held.rows, (values[one] - 1) / others] for one in shapes])


def _grams(held: Column) -> tuple[Floats, list[str]]:
    """For runs of 1, 2 and 3 letters: how often the rarest one is seen in other values and rows, and the mean."""
    parts, odd = [], [""] * len(held.values)
    for length in LENGTHS:
        split = [_cut(one, length) for one in held.values]
        values, rows = Counter[str](), Counter[str]()
        for runs, count in zip(split, held.counts.tolist(), strict=True):
            for run in set(runs):
                values[run] += 1
                rows[run] += count
        parts.append(_support(held, split, values, rows))
        if length == LENGTHS[-1]:
            odd = [_oddest(text, runs, values) for text, runs in zip(held.values, split, strict=True)]
    return np.hstack(parts), odd


def _cut(text: str, length: int) -> list[str]:
    whole = f"{EDGE[0]}{text}{EDGE[1]}" if text else ""
    return [whole[at : at + length] for at in range(max(len(whole) - length + 1, 0))]


def _support(held: Column, split: list[list[str]], values: Counter[str], rows: Counter[str]) -> Floats:
    others = max(len(split) - 1, 1)
    told = []
    for runs, count in zip(split, held.counts.tolist(), strict=True):
        seen = [values[run] - 1 for run in runs]
        rarest = min(seen, default=others) / others
        by_row = min((rows[run] - count for run in runs), default=held.rows) / held.rows
        mean = float(np.mean(np.log1p(seen))) if seen else 1.0
        told.append((np.log(rarest + 1e-3), mean, np.log(by_row + 1e-3)))
    return np.array(told)


def _oddest(text: str, runs: list[str], values: Counter[str]) -> str:
    """The letter that stands, in the mean over its places, in the runs seen least."""
    if not runs:
        return ""
    whole = f"{EDGE[0]}{text}{EDGE[1]}"
    weight, times = Counter[str](), Counter(whole)
    for at, run in enumerate(runs):
        for letter in whole[at : at + len(run)]:
            weight[letter] += 1 / values[run]  # type: ignore[assignment]
    return max(weight, key=lambda letter: weight[letter] / times[letter])


def _sized(held: Column) -> Floats:
    lengths = np.array([len(one) for one in held.values], float)
    spread = np.repeat(lengths, held.counts)
    middle = float(np.median(spread))
    usual = float(np.median(np.abs(spread - middle))) + 1
    return np.column_stack([lengths, (lengths - middle) / usual])


def _like(held: Column) -> Floats:
    """How like a more frequent value it is, alone and weighed by how much more frequent that is."""
    size = len(held.values)
    if not 1 < size <= MOST:
        return np.zeros((size, 2))
    like = process.cdist(
        held.values, held.values, scorer=Levenshtein.normalized_similarity, score_cutoff=ALIKE, dtype=np.float32
    )
    np.fill_diagonal(like, 0)
    more = np.log(held.counts[None, :] / held.counts[:, None])
    weighed = np.where(more > 0, like * more, 0)
    best = weighed.argmax(axis=1)
    most = weighed.max(axis=1)
    return np.column_stack([most, like[np.arange(size), best] * (most > 0)])


def number(text: str) -> float:
    """The number that a text is, or nan."""
    try:
        return float(text)
    except ValueError:
        return float("nan")


def _numbers(held: Column) -> Floats:
    """Whether it is a number as the rest of the column is or isn't, and how far from the middle it lies."""
    found = np.array([number(one) for one in held.values])
    is_number = np.isfinite(found)
    share = float(held.counts[is_number].sum() / held.rows)
    far = np.zeros(len(found))
    spread = np.repeat(found, held.counts)
    spread = spread[np.isfinite(spread)]
    if len(spread) > 2:
        middle = np.median(spread)
        usual = np.median(np.abs(spread - middle)) + 1e-9
        far = np.where(is_number, np.clip(np.abs(np.where(is_number, found, middle) - middle) / usual, 0, 50), 0)
    return np.column_stack([is_number, np.where(is_number, share, 1 - share), far])


def _worded(held: Column) -> Floats:
    """How often the rarest of its words is seen in other values, and the share of its words that are."""
    split = [set(_WORDS.split(one.strip())) for one in held.values]
    seen = Counter(word for words in split for word in words)
    others = max(len(split) - 1, 1)
    rarest = [min(seen[word] - 1 for word in words) / others for words in split]
    known = [float(np.mean([seen[word] > 1 for word in words])) for words in split]
    return np.column_stack([rarest, known])
