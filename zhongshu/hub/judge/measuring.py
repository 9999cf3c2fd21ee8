"""衡量 what classifiers can do on cases they never saw, side by side, and whether one still does what it did. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.metrics import precision_recall_fscore_support

from zhongshu.hub.judge.classifier import Classifier
from zhongshu.hub.judge.model_forms import Judges
from zhongshu.hub.judge.ngrams import gram_keys
from zhongshu.hub.judge.training import calibration_error
from zhongshu.hub.judge.twins import groups
from zhongshu.kernel.errors import BadInput

Floats = NDArray[np.float32]
Codes = NDArray[np.int64]

TARGET = 0.97
ROUNDS = 1000
SHOWN = 30
TOP = 12
"""Classes told apart in a population stability index; the others are one: noise grows with every class."""


@dataclass(frozen=True, slots=True)
class Answers:
    """一个模型的答卷: category said, confidence, and whether it needed no person, for each text."""

    said: NDArray[np.str_]
    confidence: Floats
    sure: NDArray[np.bool_]


def answers(model: Judges, texts: Sequence[str], floor: float = 0.0) -> Answers:
    """What a model says; its own thresholds, never below `floor`, tell where it is sure."""
    found = model.classify(texts, reasons=False)
    bars = [max(floor, model.thresholds.get(one.category, 1.0)) for one in found]
    confidence = np.array([one.confidence for one in found], np.float32)
    said = np.array([one.category for one in found], dtype=np.str_)
    return Answers(said, confidence, (confidence >= np.array(bars)) & (said != ""))


def figures(given: Answers, truth: Sequence[str], target: float = TARGET) -> dict[str, Any]:
    """n, macro_f1, accuracy, ece, coverage and precision by its thresholds, coverage_at the target, and per_class."""
    labels = np.array(truth, dtype=np.str_)
    right = given.said == labels
    names = sorted(set(truth))
    each = precision_recall_fscore_support(labels, given.said, labels=names, zero_division=0)
    return {
        "n": len(truth),
        "macro_f1": round(float(each[2].mean()), 4),
        "accuracy": round(float(right.mean()), 4),
        "ece": round(calibration_error(given.confidence, right), 4),
        "coverage": round(float(given.sure.mean()), 4),
        "precision": round(float(right[given.sure].mean()), 4) if given.sure.any() else None,
        "coverage_at": round(coverage_at(given.confidence, right, target), 4),
        "target": target,
        "per_class": {
            name: {"precision": round(p, 4), "recall": round(r, 4), "f1": round(f, 4), "n": int(n)}
            for name, p, r, f, n in zip(names, *(part.tolist() for part in each), strict=True)
        },
    }


def coverage_at(confidence: Floats, right: NDArray[np.bool_], target: float) -> float:
    """The largest share of texts, most confident first, of which at least `target` are right."""
    ordered = right[np.argsort(-confidence, kind="stable")]
    reached = np.flatnonzero(ordered.cumsum() / np.arange(1, len(ordered) + 1) >= target)
    return float((reached[-1] + 1) / len(ordered)) if len(reached) else 0.0


@dataclass(frozen=True, slots=True)
class Held:
    """留出案件 cases that neither model was trained on: number, text, true category; `by_people`: a person said it."""

    cases: Sequence[int]
    texts: Sequence[str]
    truth: Sequence[str]
    by_people: Sequence[bool]


def compare(champion: Judges, challenger: Judges, held: Held, seed: int = 0) -> dict[str, Any]:
    """Both models on the same cases: figures of each, the difference with its 95 % interval, and where they differ.

    The interval is a paired bootstrap over groups of near-duplicates. `people` has the same figures on cases whose
    category a person said: the others were confirmed only by being handled, which favours the model that judged them.
    BadInput when there are no cases.
    """
    if not held.cases:
        raise BadInput("no held-back cases to compare on / 没有可用于比对的留出案件")
    one, other = answers(champion, held.texts), answers(challenger, held.texts)
    some = np.flatnonzero(np.array(held.by_people, bool))
    low, high = interval(one.said, other.said, held, seed)
    found = {"champion": figures(one, held.truth), "challenger": figures(other, held.truth)}
    return {
        **found,
        "n": len(held.cases),
        "gain": round(found["challenger"]["macro_f1"] - found["champion"]["macro_f1"], 4),
        "low": low,
        "high": high,
        "people": _people(one, other, held, some) if len(some) else None,
        "differ": int((one.said != other.said).sum()),
        "examples": _examples(one, other, held),
    }


def _people(one: Answers, other: Answers, held: Held, some: NDArray[np.int64]) -> dict[str, Any]:
    truth = [held.truth[n] for n in some]
    found = {}
    for name, all_ in (("champion", one), ("challenger", other)):
        part = figures(Answers(all_.said[some], all_.confidence[some], all_.sure[some]), truth)
        part.pop("per_class")
        found[name] = part
    return found


def _examples(one: Answers, other: Answers, held: Held) -> list[dict[str, Any]]:
    """Cases where they differ, the surest first: those that one of them gets right before the rest. No text."""
    differ = np.flatnonzero(one.said != other.said)
    truth = np.array(held.truth, dtype=np.str_)[differ]
    useful = (one.said[differ] == truth) | (other.said[differ] == truth)
    surest = np.maximum(one.confidence[differ], other.confidence[differ])
    return [
        {
            "case": held.cases[n],
            "truth": held.truth[n],
            "champion": str(one.said[n]),
            "challenger": str(other.said[n]),
            "sure": [round(float(one.confidence[n]), 4), round(float(other.confidence[n]), 4)],
        }
        for n in differ[np.lexsort((-surest, ~useful))][:SHOWN].tolist()
    ]


def interval(one: NDArray[np.str_], other: NDArray[np.str_], held: Held, seed: int = 0) -> tuple[float, float]:
    """95 % interval of the difference of macro-F1 (other - one), by ROUNDS paired bootstraps over groups of twins."""
    names, codes = np.unique(np.concatenate([np.array(held.truth, dtype=np.str_), one, other]), return_inverse=True)
    truth, first, second = np.split(codes.astype(np.int64), 3)
    counted = np.unique(truth)
    group = groups(held.texts)
    dice = np.random.default_rng(seed)
    gains = np.empty(ROUNDS)
    for n in range(ROUNDS):
        drawn = np.bincount(dice.integers(0, group.max() + 1, group.max() + 1), minlength=group.max() + 1)
        weight = drawn[group].astype(np.float64)
        gains[n] = _macro(truth, second, weight, (counted, len(names))) - _macro(
            truth, first, weight, (counted, len(names))
        )
    low, high = np.percentile(gains, [2.5, 97.5])
    return round(float(low), 4), round(float(high), 4)


def _macro(truth: Codes, said: Codes, weight: NDArray[np.float64], of: tuple[Codes, int]) -> float:
    counted, count = of
    hits = np.bincount(truth, weight * (truth == said), minlength=count)
    both = np.bincount(truth, weight, minlength=count) + np.bincount(said, weight, minlength=count)
    return float(np.mean((2 * hits / np.maximum(both, 1e-12))[counted]))


@dataclass(frozen=True, slots=True)
class Judgement:
    """一次研判 as it was: what the model said, how sure, and what a person said of it later ("" nobody did)."""

    case: int
    text: str
    said: str
    confidence: float
    corrected: str
    settled: bool


def drift(model: Judges, first: Sequence[Judgement], last: Sequence[Judgement]) -> dict[str, Any]:
    """How the newest judgements differ from the first ones under this version.

    psi_classes and psi_confidence are population stability indexes; corrected the share of the newest that a person
    changed; ece the calibration error where a person said or the case was settled; unseen the share of n-grams of two
    characters that the model doesn't know, now and at first (None for plug-ins).
    """
    told = [one for one in last if one.corrected or one.settled]
    right = np.array([not one.corrected or one.corrected == one.said for one in told], bool)
    said = [one for one in last if one.said]
    return {
        "first": len(first),
        "last": len(last),
        "psi_classes": round(stability(_classes(first, first), _classes(last, first)), 4),
        "psi_confidence": round(stability(_tenths(first), _tenths(last)), 4),
        "corrected": round(
            sum(bool(one.corrected) and one.corrected != one.said for one in said) / max(len(said), 1), 4
        ),
        "told": len(told),
        "ece": round(calibration_error(np.array([one.confidence for one in told], np.float32), right), 4)
        if told
        else None,
        "unseen": unseen(model, [one.text for one in last]),
        "unseen_first": unseen(model, [one.text for one in first]),
    }


def _classes(given: Sequence[Judgement], reference: Sequence[Judgement]) -> list[int]:
    """Counts of the TOP classes of the reference, and of all others together."""
    top = [name for name, _ in Counter(one.said for one in reference).most_common(TOP)]
    counts = Counter(one.said for one in given)
    return [*(counts[name] for name in top), sum(n for name, n in counts.items() if name not in top)]


def _tenths(given: Sequence[Judgement]) -> list[int]:
    tenth = np.minimum((np.array([one.confidence for one in given]) * 10).astype(int), 9)
    return list(np.bincount(tenth, minlength=10).tolist())


def stability(expected: Sequence[int], found: Sequence[int]) -> float:
    """Population stability index of two counts over the same bins, half a sample added to each bin."""
    p, q = (np.array(counts, float) + 0.5 for counts in (expected, found))
    p, q = p / p.sum(), q / q.sum()
    return float(((q - p) * np.log(q / p)).sum())


def unseen(model: object, texts: Sequence[str]) -> float | None:
    """Share of the n-grams of two characters that the model doesn't know; None when it has no n-grams of its own."""
    if not isinstance(model, Classifier) or not texts:
        return None
    from zhongshu.hub.judge.ngrams import code_points

    points, _starts = code_points(list(texts), model.ngrams.limit)
    pairs = gram_keys(points, 2)
    return round(float((model.ngrams.find(pairs) < 0).mean()), 4)


LIMITS: Mapping[str, str] = {
    "psi_classes": "model_psi",
    "psi_confidence": "model_psi",
    "corrected": "model_corrected",
    "ece": "model_ece",
}
"""Figure of `drift` -> the threshold that it must not exceed."""


def alarms(found: Mapping[str, Any], thresholds: Mapping[str, float]) -> list[dict[str, Any]]:
    """{code, value, limit} of each figure beyond its threshold; none while there are too few judgements to tell."""
    least = thresholds.get("model_watch_least", 200)
    if min(found["first"], found["last"]) < least:
        return []
    said = [
        {"code": code, "value": found[code], "limit": thresholds[limit]}
        for code, limit in LIMITS.items()
        if found[code] is not None and limit in thresholds and found[code] > thresholds[limit]
    ]
    grown = None if found["unseen"] is None else round(found["unseen"] - found["unseen_first"], 4)
    limit = thresholds.get("model_unseen", 1.0)
    return [*said, {"code": "unseen", "value": grown, "limit": limit}] if grown is not None and grown > limit else said
