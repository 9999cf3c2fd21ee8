"""分类实测 bench `classify`: grouped macro-F1, calibration, abstention, speed and few labels, against scikit-learn."""

from __future__ import annotations

import time
from collections.abc import Sequence

import numpy as np
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.metrics import f1_score
from sklearn.pipeline import make_pipeline
from sklearn.svm import LinearSVC

from zhongshu.bench import real
from zhongshu.bench.result import Result, libraries, machine
from zhongshu.hub.judge.classifier import Classifier
from zhongshu.hub.judge.ngrams import learn
from zhongshu.hub.judge.training import Recipe, fit_linear, train
from zhongshu.hub.judge.twins import folds, groups

_TEXT = 100
_BATCH = 10_000
_QUICK_FOLDS = 2
FEW = (10, 30, 70)
"""Labels per category that a new city may start with."""
_DRAWS = 3
_TESTED = 2_000


def _samples() -> tuple[list[str], list[str]]:
    rows = real.rows("messages", "labelled_segmented.csv")
    return [row["text_segmented"] for row in rows], [row["label"] for row in rows]


def _speed(model: Classifier, texts: Sequence[str], reasons: bool) -> float:
    batch = [text[:_TEXT] for text in (list(texts) * (_BATCH // len(texts) + 1))[:_BATCH]]
    model.classify(batch[:100], reasons)
    began = time.perf_counter()
    model.classify(batch, reasons)
    return round(len(batch) / (time.perf_counter() - began))


def _single_ms(model: Classifier, texts: Sequence[str]) -> float:
    began = time.process_time()
    for text in texts[:300]:
        model.classify([text[:_TEXT]])
    return round((time.process_time() - began) / 0.3, 3)


def _baseline(texts: Sequence[str], labels: Sequence[str], count: int) -> tuple[float, float]:
    """Macro-F1 on the first `count` of the same folds, and texts/s, of TF-IDF (char 1-2) + LinearSVC."""
    every, truth = np.array(texts, dtype=object), np.array(labels)
    _, codes = np.unique(truth, return_inverse=True)
    fold = folds(codes, groups(texts), Recipe().folds)
    said, tested = np.empty_like(truth), fold < count
    seconds = 0.0
    for number in range(count):
        inside, outside = fold != number, fold == number
        model = make_pipeline(
            TfidfVectorizer(analyzer="char", ngram_range=(1, 2), sublinear_tf=True, min_df=2),
            LinearSVC(C=0.5, class_weight="balanced", random_state=0),
        )
        model.fit(every[inside], truth[inside])
        said[outside] = model.predict(every[outside])
        if number == 0:
            batch = [text[:_TEXT] for text in every[:2000]]
            began = time.perf_counter()
            model.predict(batch)
            seconds = (time.perf_counter() - began) / len(batch)
    return round(float(f1_score(truth[tested], said[tested], average="macro")), 4), round(1 / seconds)


def few_labels(texts: Sequence[str], labels: Sequence[str], draws: int) -> dict[str, float]:
    """Mean macro-F1 over some draws of 10, 30 and 70 texts per category, tested on texts of other groups."""
    every, group = np.array(texts, dtype=object), groups(texts)
    names, codes = np.unique(np.array(labels), return_inverse=True)
    recipe = Recipe()
    found: dict[str, float] = {}
    for few in FEW:
        reached = []
        for seed in range(draws):
            order = np.random.default_rng(seed).permutation(len(every))
            _, alone = np.unique(group[order], return_index=True)
            single = order[np.sort(alone)]
            picked = np.concatenate([single[codes[single] == code][:few] for code in range(len(names))])
            rest = order[~np.isin(group[order], group[picked])][:_TESTED]
            ngrams = learn(every[picked].tolist(), recipe.shape, recipe.least, 400_000)
            coef, intercept = fit_linear(ngrams.matrix(every[picked].tolist()), codes[picked], len(names), recipe)
            said = (ngrams.matrix(every[rest].tolist()) @ coef + intercept).argmax(axis=1)
            reached.append(f1_score(codes[rest], said, average="macro"))
        found[f"macro_f1_{few}_labels"] = round(float(np.mean(reached)), 4)
    return found


def run(quick: bool) -> Result:
    """All labelled messages, five grouped folds; quick: the baseline is measured on two of the folds only."""
    texts, labels = _samples()
    count = _QUICK_FOLDS if quick else Recipe().folds
    model, card = train(texts, labels, "bench")
    f1, plain_speed = _baseline(texts, labels, count)
    return Result(
        bench="classify",
        machine=machine(),
        versions=libraries("numpy", "scipy", "scikit-learn"),
        size={
            "texts": len(texts),
            "folds": Recipe().folds,
            "baseline_folds": count,
            "batch": _BATCH,
            "characters": _TEXT,
            "quick": quick,
        },
        figures={
            "macro_f1": card.macro_f1,
            "texts_per_s": _speed(model, texts, reasons=True),
            "coverage": card.coverage,
            "auto_precision": card.precision,
            "ece": card.calibration_error,
            "texts_per_s_without_reasons": _speed(model, texts, reasons=False),
            "single_cpu_ms": _single_ms(model, texts),
            "train_s": card.seconds,
            **few_labels(texts, labels, 1 if quick else _DRAWS),
        },
        baseline={"macro_f1": f1, "texts_per_s": plain_speed},
    )
