"""并案实测 bench `merge`: issues of a year, a million near-duplicates, pot-holes, the demo city, the window."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import psutil
from numpy.typing import NDArray
from scipy import sparse
from sklearn.feature_extraction.text import TfidfVectorizer

from zhongshu.bench.planted import demo
from zhongshu.bench.result import Result, libraries, machine
from zhongshu.bench.streams import Stream, parted, pothole_requests, stream
from zhongshu.data import measures
from zhongshu.hub.judge.agreement import Score, chosen, open_pairs, pairs
from zhongshu.hub.judge.issues import LIKE
from zhongshu.hub.judge.linkage import average
from zhongshu.hub.judge.names import Names, tight
from zhongshu.hub.judge.stretch import Request, repeats
from zhongshu.hub.judge.twins import FINE, twins, united
from zhongshu.hub.judge.window import Told, Window, settle
from zhongshu.kernel.places import metres_apart

Labels = NDArray[np.int64]

BARS = [0.04, 0.06, 0.08, 0.1, 0.12, 0.14, 0.16, 0.18, 0.2, 0.24]
PLAIN_BAR = 0.06
"""What `chosen` finds for the baseline, by the whole run."""
LEAST = 0.35
"""Jaccard index of 3-character shingles: 0.64 is expected of two texts with 8 of 100 characters changed."""
_CHARACTERS, _LENGTH, _CHANGED, _COPIES = 3000, 60, 0.08, 0.08
_BATCH = 500


def _named(year: Stream) -> sparse.csr_matrix:
    return Names.learnt(year.titles).matrix(year.titles, year.bodies)


def plain_rows(year: Stream) -> sparse.csr_matrix:
    """TF-IDF of character 2-3-grams over the title twice and 120 characters of the body: the published baseline."""
    texts = [f"{tight(t)} {tight(t)} {tight(b)[:120]}" for t, b in zip(year.titles, year.bodies, strict=True)]
    vectors = TfidfVectorizer(analyzer="char", ngram_range=(2, 3), sublinear_tf=True, min_df=2).fit_transform(texts)
    return sparse.csr_matrix(vectors.astype(np.float32))


def _scores(truth: Labels, said: Labels) -> tuple[Score, Score]:
    listed = truth >= 0
    return pairs(truth[listed], said[listed]), open_pairs(truth, said)


def _crossed(year: Stream, said: Sequence[Labels]) -> tuple[list[float], list[tuple[Score, Score]]]:
    """The bar chosen on one part of the listed issues and what it reaches on the other part, over all parts."""
    bars, reached = [], []
    for learn, test in parted(year.truth):
        bar = chosen(BARS, [_scores(learn, labels) for labels in said])
        bars.append(bar)
        reached.append(_scores(test, said[BARS.index(bar)]))
    return bars, reached


def _later(year: Stream, vectors: Callable[[Stream], sparse.csr_matrix]) -> float:
    """F1 among the later half of the listed messages, with the bar chosen on the earlier half."""
    before, after = year.halves()
    rows = vectors(before)
    bar = chosen(BARS, [_scores(before.truth, average(rows, each)) for each in BARS])
    return _scores(after.truth, average(vectors(after), bar))[0].f1


def _issues(year: Stream, quick: bool) -> tuple[dict[str, float], dict[str, float]]:
    figures: dict[str, float] = {}
    baseline: dict[str, float] = {}
    for rows, kept in ((_named(year), figures), (plain_rows(year), baseline)):
        if quick and kept is baseline:
            closed, wide = _scores(year.truth, average(rows, PLAIN_BAR))
            kept |= {"pair_f1": closed.f1, "pair_precision": closed.precision, "pair_open_f1": wide.f1}
            continue
        said = [average(rows, bar) for bar in BARS]
        bars, reached = _crossed(year, said)
        bar = LIKE if kept is figures else float(np.median(bars))
        closed, wide = _scores(year.truth, average(rows, bar))
        kept |= {"pair_f1": closed.f1, "pair_precision": closed.precision, "pair_recall": closed.recall}
        kept |= {"pair_open_precision": wide.precision, "pair_open_f1": wide.f1, "bar": bar}
        kept |= {"pair_f1_crossed": float(np.mean([one.f1 for one, _ in reached]))}
        kept |= {"pair_precision_crossed": float(np.mean([one.precision for one, _ in reached]))}
        kept |= {"pair_f1_worst": min(one.f1 for one, _ in reached), "bar_least": min(bars), "bar_most": max(bars)}
    for vectors, kept in () if quick else ((_named, figures), (plain_rows, baseline)):
        kept["pair_f1_later"] = _later(year, vectors)
    return figures, baseline


def generated(count: int, seed: int = 1) -> tuple[list[str], Labels]:
    """Made-up texts of 60 characters and the number of each one's original (its own when it is no copy).

    Characters are Zipf-distributed, 18 of 60 are stock phrases that many share (greeting, middle, closing); 8 % of the
    texts are copies of an earlier one in which each character is changed with probability 0.08.
    """
    rng = np.random.default_rng(seed)
    share = 1 / np.arange(1, _CHARACTERS + 1) ** 0.8
    share = (share / share.sum()).cumsum()
    stock = rng.integers(0, _CHARACTERS, (2000, 6), dtype=np.uint16)
    points = np.empty((count, _LENGTH), np.uint16)
    source = np.arange(count)
    for first in range(0, count, 10_000):
        part = points[first : first + 10_000]
        size = len(part)
        part[:] = share.searchsorted(rng.random(part.shape)).clip(max=_CHARACTERS - 1)
        part[:, :6] = stock[rng.integers(0, 40, size)]
        part[:, 30:36] = stock[rng.integers(0, 2000, size)]
        part[:, -6:] = stock[rng.integers(0, 100, size)]
        copies = np.flatnonzero(rng.random(size) < (_COPIES if first else 0))
        source[first + copies] = source[rng.integers(0, max(first, 1), len(copies))]
        text = points[source[first + copies]]
        changed = rng.random(text.shape) < _CHANGED
        text[changed] = rng.integers(0, _CHARACTERS, int(changed.sum()))
        part[copies] = text
    joined = (points.astype(np.uint32) + 0x4E00).tobytes().decode("utf-32-le")
    return [joined[n : n + _LENGTH] for n in range(0, len(joined), _LENGTH)], source


def _near(count: int) -> dict[str, float]:
    texts, source = generated(count)
    before = measures.cpu_seconds([psutil.Process()])
    began = time.perf_counter()
    left, right = twins(texts, LEAST, FINE)
    seconds = time.perf_counter() - began
    spent = measures.cpu_seconds([psutil.Process()]) - before
    group = united(left, right, count)
    copies = source != np.arange(count)
    return {
        "near_texts": count,
        "near_seconds": round(seconds, 2),
        "near_cpu_seconds": round(spent, 2),
        "near_rss_mb": round(measures.most_memory()),
        "near_precision": float((source[left] == source[right]).mean()),
        "near_recall": float((group[source[copies]] == group[copies]).mean()),
    }


def _found(said: Sequence[bool], truth: Sequence[bool]) -> Score:
    right = sum(s and t for s, t in zip(said, truth, strict=True))
    return Score(right / max(1, sum(said)), right / max(1, sum(truth)))


def _potholes() -> tuple[dict[str, float], dict[str, float]]:
    requests, marked = pothole_requests()
    said = [bool(found) for found in repeats(requests)]
    earlier = [any(_within(one, other, 150) for other in requests[:n]) for n, one in enumerate(requests)]
    ours = _found(said, marked)
    figures = {"potholes_f1": ours.f1, "potholes_precision": ours.precision}
    return figures, {"potholes_f1": _found(earlier, marked).f1}


def _within(one: Request, other: Request, metres: float) -> bool:
    return (metres_apart((one.lon, one.lat), (other.lon, other.lat)) or 0.0) <= metres


def _settled(reports: Sequence[Told], window: Window, first: int) -> tuple[Labels, float]:
    """The case number of each report, and reports per second, in batches as the road takes them."""
    cases = np.arange(first, first + len(reports))
    began = time.perf_counter()
    for start in range(0, len(reports), _BATCH):
        batch = [(first + start + k, told) for k, told in enumerate(reports[start : start + _BATCH])]
        for (case, _), verdict in zip(batch, settle(window, batch), strict=True):
            if verdict is not None and verdict.kind == "merge":
                cases[case - first] = cases[verdict.case - first] if verdict.case >= first else verdict.case
    return cases, len(reports) / (time.perf_counter() - began)


def _planted(days: float) -> tuple[dict[str, float], dict[str, float], list[Told]]:
    """Pairs merged by themselves against the planted groups; baseline: the same without the names of places."""
    with TemporaryDirectory(prefix="zhongshu-bench-") as folder:
        known = demo(Path(folder) / "pack", days)
    cases, _ = _settled(known.told, Window(), 0)
    score = pairs(known.truth, cases)
    nameless, _ = _settled([replace(told, named="") for told in known.told], Window(), 0)
    plain = pairs(known.truth, nameless)
    return (
        {"planted_precision": score.precision, "planted_recall": score.recall, "planted_reports": len(known.told)},
        {"planted_precision": plain.precision, "planted_recall": plain.recall},
        known.told,
    )


def _crowded(told: Sequence[Told], count: int, fresh: int) -> dict[str, float]:
    """Reports per second against `count` open cases: what the demo city says, moved about in place and time.

    A million cases lie over 60 x 60 km and 14 days, fewer over less: about twenty around each report. Places keep their
    names, so that candidates differ by distance and words.
    """
    rng = np.random.default_rng(2)
    which = rng.integers(0, len(told), count + fresh)
    side = (count / 1_000_000) ** 0.5
    aside, up = (rng.uniform(0, degrees * side, len(which)).tolist() for degrees in (0.58, 0.54))
    last = max(one.at for one in told)
    hours = np.sort(rng.uniform(-336, 0, count)).tolist() + np.sort(rng.uniform(0, 1, fresh)).tolist()
    moved = [
        replace(told[n], at=last + timedelta(hours=hour), lon=113.0 + x, lat=23.0 + y)
        for n, x, y, hour in zip(which.tolist(), aside, up, hours, strict=True)
    ]
    window = Window()
    for case, one in enumerate(moved[:count]):
        window.add(case, one)
    around = float(np.mean([len(window.near(one, count)) for one in moved[count : count + 200]]))
    _, rate = _settled(moved[count:], window, count)
    return {"reports_per_s": round(rate), "open_reports": count, "open_around": around}


def run(quick: bool) -> Result:
    """Quick: the same year, pot-holes and a day and a half of the demo city, 50,000 texts and 100,000 open reports."""
    near = _near(50_000 if quick else 1_000_000)
    year = stream()
    figures, baseline = _issues(year, quick)
    holes, plain_holes = _potholes()
    planted, plain, told = _planted(1.5 if quick else 6)
    figures |= near | holes | planted | _crowded(told, 100_000 if quick else 1_000_000, 2_000 if quick else 5_000)
    baseline |= plain_holes | plain
    return Result(
        bench="merge",
        machine=machine(),
        versions=libraries("numpy", "scipy", "scikit-learn"),
        size={
            "messages": len(year.messages),
            "near_texts": near["near_texts"],
            "open_reports": figures["open_reports"],
            "quick": quick,
        },
        figures={name: round(value, 4) for name, value in figures.items()},
        baseline={name: round(value, 4) for name, value in baseline.items()},
    )
