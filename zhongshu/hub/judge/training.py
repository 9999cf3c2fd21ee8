"""训练 how a classifier is made, and its card: what it can do, measured on folds that share no near-duplicates."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from importlib.metadata import version as library_version
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from scipy.optimize import minimize
from sklearn.metrics import f1_score, precision_recall_fscore_support
from sklearn.svm import LinearSVC

from zhongshu.hub.judge.classifier import Calibration, Classifier
from zhongshu.hub.judge.ngrams import EMPTY, Ngrams, learn, rarity
from zhongshu.hub.judge.twins import folds, groups
from zhongshu.kernel.errors import BadInput

Floats = NDArray[np.float32]
Codes = NDArray[np.int64]

_TOLERANCE = 0.1
"""Where liblinear stops (its own default): 1e-2 took 18 % more CPU for the same score."""
_STEPS = np.linspace(0, 1, 101)
_BINS = 15
_CELLS = 12_000_000
_CALIBRATED_ON = 20_000


@dataclass(frozen=True, slots=True)
class Recipe:
    """配方 the choices of a training run; the defaults were measured (docs/models/classify.md).

    `target` is the share of automatic answers that must be right; `shrink` how many samples of the whole collection
    are mixed into each category's own evidence, so that a rare category borrows from all; `caution` by how many
    standard errors that evidence must exceed the target. `costs`: what a wrong automatic answer of a category costs,
    counted in looks of a person (误判代价); its target is 1 - 1 / cost, `target` for those not named.
    """

    shape: Ngrams = replace(EMPTY, longest=3, head=60, boost=3.0, title=40)
    least: int = 2
    cost: float = 1.0
    folds: int = 5
    seed: int = 0
    target: float = 0.97
    shrink: float = 20.0
    caution: float = 0.5
    costs: Mapping[str, float] = field(default_factory=dict)

    def targets(self, names: Sequence[str]) -> Floats:
        """The share of automatic answers that must be right, by category, shape (len(names),)."""
        asked = [1 - 1 / max(self.costs[name], 1.0) if name in self.costs else self.target for name in names]
        return np.array(asked, np.float32)


@dataclass(frozen=True, slots=True)
class Card:
    """模型卡 what was measured, JSON-able. All shares are 0..1 and from grouped folds, never from training texts.

    `macro_f1`, `accuracy` and `per_class` are of the most probable category, with abstention off. `coverage` is the
    share of texts answered without a person and `precision` how many of those were right, with thresholds and
    calibration fitted on the other folds. `curve` rows are (share answered, share right of those), most confident
    first; `sureness` counts the texts by tenths of confidence. `calibration_error` is the expected calibration error of
    the category said, over fifteen equal bins (Guo et al. 2017).
    """

    version: str
    n: int
    groups: int
    categories: int
    features: int
    macro_f1: float
    accuracy: float
    coverage: float
    precision: float
    calibration_error: float
    seconds: float
    recipe: dict[str, Any]
    libraries: dict[str, str]
    thresholds: dict[str, float]
    per_class: dict[str, dict[str, float]]
    curve: list[tuple[float, float]]
    targets: dict[str, float] = field(default_factory=dict)
    sureness: list[int] = field(default_factory=list)
    data: dict[str, Any] = field(default_factory=dict)
    """训练数据快照: where the texts came from, how many of which kind, from when to when, their fingerprint."""

    def to_json(self) -> dict[str, Any]:
        return asdict(self)


@dataclass(frozen=True, slots=True)
class _Held:
    """Out-of-fold results: raw scores (n, categories), true codes, fold of each text."""

    scores: Floats
    truth: Codes
    fold: NDArray[np.int32]
    targets: Floats


def fit_linear(
    matrix: sparse.csr_matrix, codes: Codes, count: int, recipe: Recipe, weights: Floats | None = None
) -> tuple[Floats, Floats]:
    """One-against-rest linear SVM: coef (V, count) and intercept (count,); a category without samples never wins.

    `weights` (rows,) say how much each text counts, None: all the same.
    """
    present = np.unique(codes)
    coef = np.zeros((matrix.shape[1], count), np.float32)
    intercept = np.full(count, -2.0, np.float32)
    if len(present) == 1:
        intercept[present] = 1.0
        return coef, intercept
    model = LinearSVC(C=recipe.cost, class_weight="balanced", random_state=recipe.seed, tol=_TOLERANCE).fit(
        matrix, codes, weights
    )
    coefs, bias = model.coef_, model.intercept_
    if len(present) == 2:
        coefs, bias = np.vstack([-coefs, coefs]), np.concatenate([-bias, bias])
    coef[:, present] = coefs.T
    intercept[present] = bias
    return coef, intercept


def calibrate(scores: Floats, truth: Codes) -> Calibration:
    """Fit scale and biases by penalised maximum likelihood; scores (n, categories), truth (n,)."""
    step = max(1, len(truth) // _CALIBRATED_ON)
    some, right = scores[::step].astype(np.float64), truth[::step]
    rows = np.arange(len(right))

    def loss(parameters: NDArray[np.float64]) -> tuple[float, NDArray[np.float64]]:
        scale, bias = np.exp(parameters[0]), parameters[1:]
        logits = scale * some + bias
        logits -= logits.max(axis=1, keepdims=True)
        chances = np.exp(logits)
        chances /= chances.sum(axis=1, keepdims=True)
        value = -np.log(np.maximum(chances[rows, right], 1e-12)).sum() + (bias**2).sum()
        chances[rows, right] -= 1
        return float(value), np.concatenate([[(chances * some).sum() * scale], chances.sum(axis=0) + 2 * bias])

    start = np.concatenate([[np.log(3.0)], np.zeros(scores.shape[1])])
    found = minimize(loss, start, jac=True, method="L-BFGS-B").x
    return Calibration(float(np.exp(found[0])), found[1:].astype(np.float32))


def choose_thresholds(
    confidence: Floats, said: Codes, right: NDArray[np.bool_], recipe: Recipe, targets: Floats
) -> Floats:
    """The lowest confidence per category from which on at least its target of the answers are right, as `targets`.

    Each category's precision is mixed with `shrink` samples of the overall one, and must exceed the target by
    `caution` standard errors: the lowest of a hundred steps that just reaches it does so partly by luck. 1.0 where none
    reaches it.
    """
    step = np.minimum((confidence * 100).astype(np.int64), 99)
    count = len(targets)
    shape = (count, len(_STEPS) - 1)
    cell = said * shape[1] + step
    total = np.bincount(cell, minlength=count * shape[1]).reshape(shape)[:, ::-1].cumsum(axis=1)[:, ::-1]
    good = np.bincount(cell[right], minlength=count * shape[1]).reshape(shape)[:, ::-1].cumsum(axis=1)[:, ::-1]
    overall = good.sum(axis=0) / np.maximum(total.sum(axis=0), 1)
    evidence = np.maximum(total + recipe.shrink, 1e-9)
    precision = (good + recipe.shrink * overall) / evidence
    reached = precision - recipe.caution * np.sqrt(precision * (1 - precision) / evidence) >= targets[:, None]
    # Only an unbroken run down from the top counts: a lucky dip below a bad stretch must not lower the bar. Where no
    # text at all was as sure as that, nothing speaks against the run, nor for it.
    empty = total.sum(axis=0) == 0
    unbroken = np.logical_and.accumulate((reached | empty)[:, ::-1], axis=1)[:, ::-1] & ~empty
    lowest = np.where(unbroken.any(axis=1), unbroken.argmax(axis=1), shape[1])
    return _STEPS[lowest].astype(np.float32)


@dataclass(frozen=True, slots=True)
class _Lesson:
    """What there is to learn: (n, V) counts of n-grams, (n,) codes, groups of near-duplicates, weights or None."""

    counts: sparse.csr_matrix
    codes: Codes
    group: NDArray[np.int32]
    weights: Floats | None

    def fit(self, matrix: sparse.csr_matrix, rows: NDArray[Any], count: int, recipe: Recipe) -> tuple[Floats, Floats]:
        weights = None if self.weights is None else self.weights[rows]
        return fit_linear(matrix, self.codes[rows], count, recipe, weights)


def _hold_out(ngrams: Ngrams, lesson: _Lesson, recipe: Recipe, targets: Floats) -> _Held:
    """Scores of each text from a model that saw neither it nor a near duplicate.

    An n-gram too rare among the other folds weighs nothing, so held-out texts add none to the vocabulary.
    """
    codes, counts = lesson.codes, lesson.counts
    fold = folds(codes, lesson.group, min(recipe.folds, int(lesson.group.max()) + 1), recipe.seed)
    scores = np.zeros((len(codes), len(targets)), np.float32)
    for number in np.unique(fold):
        inside, outside = np.flatnonzero(fold != number), np.flatnonzero(fold == number)
        seen = counts[inside]
        frequencies = np.bincount(seen.indices, minlength=counts.shape[1])
        weights = np.where(frequencies >= recipe.least, rarity(frequencies, len(inside)), np.float32(0))
        part = replace(ngrams, weights=weights)
        coef, intercept = lesson.fit(part.weigh(seen), inside, len(targets), recipe)
        scores[outside] = part.weigh(counts[outside]) @ coef + intercept
    return _Held(scores, codes, fold, targets)


def _answers(held: _Held, calibration: Calibration, rows: NDArray[Any]) -> tuple[Floats, Codes, NDArray[np.bool_]]:
    """Confidence, category said, and whether it is right, for some rows."""
    chances = calibration(held.scores[rows])
    said = chances.argmax(axis=1)
    return chances.max(axis=1), said, said == held.truth[rows]


@dataclass(frozen=True, slots=True)
class _Crossed:
    """Per text: confidence, category said, whether right, whether sure. Calibration and thresholds of each fold come
    from the other folds."""

    confidence: Floats
    said: Codes
    right: NDArray[np.bool_]
    sure: NDArray[np.bool_]


def _crossed(held: _Held, recipe: Recipe) -> _Crossed:
    size = len(held.truth)
    confidence, said = np.zeros(size, np.float32), np.zeros(size, np.int64)
    right, sure = np.zeros(size, bool), np.zeros(size, bool)
    for number in np.unique(held.fold):
        outside, inside = held.fold == number, held.fold != number
        calibration = calibrate(held.scores[inside], held.truth[inside])
        bars = choose_thresholds(*_answers(held, calibration, inside), recipe, held.targets)
        confidence[outside], said[outside], right[outside] = _answers(held, calibration, outside)
        sure[outside] = confidence[outside] >= bars[said[outside]]
    return _Crossed(confidence, said, right, sure)


def calibration_error(confidence: Floats, right: NDArray[np.bool_]) -> float:
    """Expected calibration error over fifteen equal bins: mean distance of confidence from the share that is right."""
    bins = np.minimum((confidence * _BINS).astype(int), _BINS - 1)
    gaps = np.bincount(bins, confidence - right, minlength=_BINS)
    return float(np.abs(gaps).sum() / len(right))


def coverage_curve(confidence: Floats, right: NDArray[np.bool_]) -> list[tuple[float, float]]:
    """(share answered, share right of those) when only the most confident are answered, in steps of 5 %."""
    ordered = right[np.argsort(-confidence, kind="stable")]
    sizes = np.maximum(1, (np.arange(1, 21) * len(right)) // 20)
    return [(round(k / 20, 2), round(float(ordered[:size].mean()), 4)) for k, size in enumerate(sizes, 1)]


def _check(texts: Sequence[str], labels: Sequence[str]) -> None:
    if len(texts) != len(labels):
        raise BadInput(f"{len(texts)} texts but {len(labels)} labels")
    if len(set(labels)) < 2:
        raise BadInput(f"a classifier needs at least two categories; found {len(set(labels))}")


def _shape(texts: Sequence[str], recipe: Recipe) -> Ngrams:
    """Short texts are all title: told apart, its n-grams would only double each feature and crowd the vocabulary."""
    short = float(np.median([len(text) for text in texts])) <= 2 * recipe.shape.title
    return replace(recipe.shape, title=0) if short else recipe.shape


def train(
    texts: Sequence[str],
    labels: Sequence[str],
    version: str,
    recipe: Recipe | None = None,
    weights: Floats | None = None,
) -> tuple[Classifier, Card]:
    """Train on all texts and measure on grouped folds; BadInput when there is nothing to learn from.

    `weights` (len(texts),) say how much each text counts in fitting; measured it counts once like any other.
    """
    _check(texts, labels)
    recipe, began = recipe or Recipe(), time.perf_counter()
    names, codes = np.unique(np.array(labels), return_inverse=True)
    targets = recipe.targets(names.tolist())
    ngrams = learn(texts, _shape(texts, recipe), recipe.least, min(400_000, _CELLS // len(names)))
    lesson = _Lesson(ngrams.counts(texts), codes, groups(texts), weights)
    held = _hold_out(ngrams, lesson, recipe, targets)
    every = np.arange(len(codes))
    coef, intercept = lesson.fit(ngrams.weigh(lesson.counts), every, len(names), recipe)
    calibration = calibrate(held.scores, codes)
    bars = choose_thresholds(*_answers(held, calibration, every), recipe, targets)
    thresholds = {str(name): round(float(bar), 2) for name, bar in zip(names, bars, strict=True)}
    model = Classifier(version, tuple(map(str, names)), ngrams, coef, intercept, calibration, thresholds)
    return model, _card(model, held, recipe, (int(lesson.group.max()) + 1, time.perf_counter() - began))


def _card(model: Classifier, held: _Held, recipe: Recipe, rest: tuple[int, float]) -> Card:
    tried = _crossed(held, recipe)
    right, sure = tried.right, tried.sure
    each = precision_recall_fscore_support(held.truth, tried.said, labels=np.arange(len(model.labels)), zero_division=0)
    shape = model.ngrams
    return Card(
        version=model.version,
        n=len(held.truth),
        groups=rest[0],
        categories=len(model.labels),
        features=len(model.ngrams.keys),
        macro_f1=round(float(f1_score(held.truth, tried.said, average="macro")), 4),
        accuracy=round(float(right.mean()), 4),
        coverage=round(float(sure.mean()), 4),
        precision=round(float(right[sure].mean()), 4) if sure.any() else 0.0,
        calibration_error=round(calibration_error(tried.confidence, right), 4),
        seconds=round(rest[1], 2),
        recipe={
            "ngrams": f"1-{shape.longest}",
            "limit": shape.limit,
            "head": shape.head,
            "boost": shape.boost,
            "title": shape.title,
            "least": recipe.least,
            "cost": recipe.cost,
            "folds": recipe.folds,
            "seed": recipe.seed,
            "target": recipe.target,
            "shrink": recipe.shrink,
            "caution": recipe.caution,
        },
        libraries={name: library_version(name) for name in ("numpy", "scipy", "scikit-learn")},
        thresholds=dict(model.thresholds),
        per_class={
            name: {"precision": round(p, 4), "recall": round(r, 4), "f1": round(f, 4), "n": int(s)}
            for name, p, r, f, s in zip(model.labels, *(part.tolist() for part in each), strict=True)
        },
        curve=coverage_curve(tried.confidence, right),
        targets={name: round(float(one), 4) for name, one in zip(model.labels, held.targets, strict=True)},
        sureness=np.bincount(np.minimum((tried.confidence * 10).astype(int), 9), minlength=10).tolist(),
    )
