"""分类 what a text is about: n-grams, one linear score per category, calibrated confidence, readable reasons."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from zhongshu.hub.judge.ngrams import Ngrams, gram_text
from zhongshu.kernel.desk import Guess

Floats = NDArray[np.float32]

NOTHING = Guess(category="", confidence=0.0)
"""The answer to a text in which the model knows no n-gram at all."""

_CHUNK = 20_000
_REASONS = 4
_LOOKED_AT = 8
_STEPS = 1 << 20


@dataclass(frozen=True)
class Calibration:
    """置信度校准: confidence = softmax(scale * score + bias), fitted on out-of-fold scores (vector scaling,
    Guo et al. 2017, with one shared slope so that a category with ten samples can't overfit it)."""

    scale: float
    bias: Floats

    def __call__(self, scores: Floats) -> Floats:
        """(n, categories) scores -> probabilities of the same shape, each row summing to 1."""
        logits = np.float32(self.scale) * scores + self.bias
        logits -= logits.max(axis=1, keepdims=True)
        np.exp(logits, out=logits)
        logits /= logits.sum(axis=1, keepdims=True)
        return logits


@dataclass(frozen=True)
class Classifier:
    """分类模型 a trained model: pure arrays, no code, so that it can be stored without pickle.

    `coef` (V, categories) and `intercept` (categories,) float32; `thresholds` category -> confidence below which a
    person decides.
    """

    version: str
    labels: tuple[str, ...]
    ngrams: Ngrams
    coef: Floats
    intercept: Floats
    calibration: Calibration
    thresholds: Mapping[str, float]

    @cached_property
    def _long(self) -> NDArray[np.bool_]:
        """Which n-grams have at least two characters, shape (V,): a single one is no reason that a person can read."""
        return self.ngrams.plain > np.uint64(0xFFFF)

    def scores(self, matrix: sparse.csr_matrix) -> Floats:
        """Raw linear scores, shape (rows, categories)."""
        return np.asarray(matrix @ self.coef + self.intercept, np.float32)

    def probabilities(self, texts: Sequence[str]) -> Floats:
        """Calibrated confidence of every category, shape (len(texts), categories)."""
        return self.calibration(self.scores(self.ngrams.matrix(texts)))

    def sure(self, guess: Guess) -> bool:
        """Whether the guess may stand without a person (达到阈值)."""
        return guess.category != "" and guess.confidence >= self.thresholds.get(guess.category, 1.0)

    def classify(self, texts: Sequence[str], reasons: bool = True) -> list[Guess]:
        """One guess per text, with the next three categories and, unless told otherwise, the n-grams that spoke for it.

        A reason is an n-gram of this text (digits shown as 0) and what it added to the category's score.
        """
        guesses: list[Guess] = []
        for start in range(0, len(texts), _CHUNK):
            guesses.extend(self._classify(texts[start : start + _CHUNK], reasons))
        return guesses

    def _classify(self, texts: Sequence[str], reasons: bool) -> list[Guess]:
        matrix = self.ngrams.matrix(texts)
        chances = self.calibration(self.scores(matrix))
        shown = min(4, len(self.labels))
        best = _largest(chances, shown)
        values = np.take_along_axis(chances, best, axis=1).astype(float).round(4).tolist()
        why = self._reasons(matrix, best[:, 0]) if reasons else [()] * len(texts)
        filled = (np.diff(matrix.indptr) > 0).tolist()
        labels = self.labels
        return [
            Guess(
                labels[row[0]],
                value[0],
                because,
                tuple((labels[i], p) for i, p in zip(row[1:], value[1:], strict=True)),
            )
            if known
            else NOTHING
            for row, value, because, known in zip(best.tolist(), values, why, filled, strict=True)
        ]

    def _reasons(self, matrix: sparse.csr_matrix, chosen: NDArray[np.int64]) -> list[tuple[tuple[str, float], ...]]:
        """The n-grams of each row that added most to the chosen category, longest readable form first."""
        rows = np.repeat(np.arange(matrix.shape[0]), np.diff(matrix.indptr))
        added = matrix.data * self.coef[matrix.indices, chosen[rows]]
        speaks = np.flatnonzero((added > 0) & (self._long[matrix.indices]))
        if not len(speaks):
            return [()] * matrix.shape[0]
        # One integer per entry, row first, then the contribution upside down: a plain integer sort is far faster
        # than lexsort over two keys.
        fine = ((1 - added[speaks] / added[speaks].max()) * (_STEPS - 1)).astype(np.int64)
        order = np.argsort((rows[speaks] << 20) | fine)
        picked = speaks[order]
        firsts = np.searchsorted(rows[picked], np.arange(matrix.shape[0] + 1))
        return self._readable(matrix, added, picked, firsts)

    def _readable(
        self, matrix: sparse.csr_matrix, added: Floats, picked: NDArray[np.int64], firsts: NDArray[np.int64]
    ) -> list[tuple[tuple[str, float], ...]]:
        keep = np.arange(len(picked)) - np.repeat(firsts[:-1], np.diff(firsts)) < _LOOKED_AT
        picked = picked[keep]
        numbers = matrix.indices[picked]
        unique, where = np.unique(numbers, return_inverse=True)
        words = np.array([gram_text(key) for key in self.ngrams.plain[unique].tolist()], object)[where].tolist()
        amounts = added[picked].astype(float).round(4).tolist()
        ends = np.cumsum(np.minimum(np.diff(firsts), _LOOKED_AT)).tolist()
        return [_merge(words[a:b], amounts[a:b]) for a, b in zip([0, *ends[:-1]], ends, strict=True)]


def _largest(chances: Floats, shown: int) -> NDArray[np.int64]:
    """The columns of the `shown` largest values of each row, largest first."""
    part = np.argpartition(-chances, shown - 1, axis=1)[:, :shown]
    order = np.argsort(-np.take_along_axis(chances, part, axis=1), axis=1, kind="stable")
    return np.take_along_axis(part, order, axis=1)


def _merge(words: Sequence[str], amounts: Sequence[float]) -> tuple[tuple[str, float], ...]:
    """Drop an n-gram that only repeats a part of a stronger one, or holds a blank; keep the first few."""
    kept: list[tuple[str, float]] = []
    for word, amount in zip(words, amounts, strict=True):
        if " " in word or any(word in other or other in word for other, _ in kept):
            continue
        kept.append((word, amount))
        if len(kept) == _REASONS:
            break
    return tuple(kept)
