"""答复评分实测 bench `reply`: how far the rubric tells replies that explain from those that don't, and swapped ones."""

from __future__ import annotations

import time
from collections.abc import Sequence
from datetime import datetime, timedelta

import numpy as np
from numpy.typing import NDArray
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score
from sklearn.pipeline import make_pipeline

from zhongshu.bench import real
from zhongshu.bench.result import Result, libraries, machine
from zhongshu.hub.judge.reply import Assessment, Exchange, assess
from zhongshu.hub.judge.rubric import rubric
from zhongshu.hub.judge.twins import folds, groups

Floats = NDArray[np.float64]

QUICK = 600
_LIMIT = timedelta(days=15)
"""No limit is stated in the set; 15 days is this bench's own assumption for the mark `timely`."""
_FOLDS = 5
_UNKNOWN = 0.5


def exchanges(quick: bool) -> tuple[list[Exchange], NDArray[np.int64]]:
    """Requests with their replies, and the label `explains` (1 yes, 0 no); NotFound without the folder of real data."""
    rows = real.rows("messages", "replies.csv")[: QUICK if quick else None]
    found = [
        Exchange(
            row["subject"], row["body"], row["reply"], _time(row["time"]), _time(row["reply_time"]), _due(row["time"])
        )
        for row in rows
    ]
    return found, np.array([int(row["explains"]) for row in rows], np.int64)


def _time(text: str) -> datetime:
    day, _, clock = text.partition(" ")
    return datetime.strptime(f"{day} {clock or '0:00:00'}", "%Y/%m/%d %H:%M:%S")


def _due(asked: str) -> datetime:
    return _time(asked) + _LIMIT


def features(assessments: Sequence[Assessment]) -> Floats:
    """The rubric as numbers, shape (n, 10): six marks (0.5 where one doesn't apply), three flags, points met."""
    table = rubric()
    rows = []
    for found in assessments:
        scores = [found.marks[code].score for code in table.criteria]
        met = sum(point.met for point in found.points) / max(len(found.points), 1)
        rows.append(
            [_UNKNOWN if s is None else s for s in scores] + [float(f in found.flags) for f in table.flags] + [met]
        )
    return np.array(rows, np.float64)


def crossed(matrix: Floats, truth: NDArray[np.int64], fold: NDArray[np.int32]) -> float:
    """ROC-AUC of a logistic regression on held-out folds."""
    chance = np.zeros(len(truth))
    for number in np.unique(fold):
        inside = fold != number
        model = LogisticRegression(max_iter=1000).fit(matrix[inside], truth[inside])
        chance[~inside] = model.predict_proba(matrix[~inside])[:, 1]
    return round(float(roc_auc_score(truth, chance)), 4)


def _plain(replies: Sequence[str], truth: NDArray[np.int64], fold: NDArray[np.int32]) -> float:
    """The same of TF-IDF (char 1-2) + logistic regression: the words of the reply, no rubric."""
    every, chance = np.array(replies, dtype=object), np.zeros(len(truth))
    for number in np.unique(fold):
        inside = fold != number
        model = make_pipeline(
            TfidfVectorizer(analyzer="char", ngram_range=(1, 2), sublinear_tf=True, min_df=2),
            LogisticRegression(C=10, max_iter=1000),
        )
        model.fit(every[inside], truth[inside])
        chance[~inside] = model.predict_proba(every[~inside])[:, 1]
    return round(float(roc_auc_score(truth, chance)), 4)


def swapped(found: Sequence[Exchange], group: NDArray[np.int32]) -> list[Exchange]:
    """Each request with the reply to another one, never a near-duplicate of its own."""
    order = np.random.default_rng(4).permutation(len(found))
    size = len(order)
    partner = {}
    for n, own in enumerate(order):
        steps = (order[(n + step) % size] for step in range(1, size))
        partner[own] = next((other for other in steps if group[other] != group[own]), own)
    return [
        Exchange(each.subject, each.body, found[partner[n]].reply, each.asked, each.answered, each.due)
        for n, each in enumerate(found)
    ]


def _substantial(found: Sequence[Assessment]) -> list[Assessment]:
    return [each for each in found if not {"formula", "passed_on"} & set(each.flags)]


def _point(found: Sequence[Assessment]) -> list[float]:
    return [each.marks["point"].score or 0.0 for each in found]


def _share(found: Sequence[Assessment], flag: str) -> float:
    return round(float(np.mean([flag in each.flags for each in found])), 4)


def run(quick: bool) -> Result:
    """All replies (quick: the first 600), five folds that share no near-duplicate replies."""
    found, truth = exchanges(quick)
    replies = [each.reply for each in found]
    group = groups(replies)
    fold = folds(truth, group, _FOLDS)
    began = time.perf_counter()
    own = [assess(each) for each in found]
    seconds = time.perf_counter() - began
    real, wrong = _substantial(own), _substantial([assess(each) for each in swapped(found, group)])
    sides = np.array([1] * len(real) + [0] * len(wrong))
    return Result(
        bench="reply",
        machine=machine(),
        versions=libraries("numpy", "scikit-learn"),
        size={"replies": len(found), "not_explaining": int((truth == 0).sum()), "folds": _FOLDS, "quick": quick},
        figures={
            "roc_auc": crossed(features(own), truth, fold),
            "total_roc_auc": round(float(roc_auc_score(truth, [each.total for each in own])), 4),
            "swapped_found": _share(wrong, "off_point"),
            "own_accused": _share(real, "off_point"),
            "swapped_roc_auc": round(float(roc_auc_score(sides, _point(real) + _point(wrong))), 4),
            "replies_per_s": round(len(found) / seconds),
        },
        baseline={
            "tfidf_roc_auc": _plain(replies, truth, fold),
            "length_roc_auc": round(float(roc_auc_score(truth, [len(reply) for reply in replies])), 4),
        },
    )
