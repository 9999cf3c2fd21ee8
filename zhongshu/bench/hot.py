"""热点实测 bench `hot`: issues of a year's stream, week by week, against a team's list by standard cluster measures."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import timedelta

import numpy as np
from numpy.typing import NDArray
from sklearn.metrics import adjusted_rand_score, v_measure_score

from zhongshu.bench import planted_issues
from zhongshu.bench.merge import PLAIN_BAR, plain_rows
from zhongshu.bench.result import Result, libraries, machine
from zhongshu.bench.streams import Stream, stream
from zhongshu.hub.judge.agreement import Disagreement, b_cubed, disagreements, open_pairs, pairs
from zhongshu.hub.judge.heat import peak
from zhongshu.hub.judge.issues import Issues, Message
from zhongshu.hub.judge.linkage import average

Labels = NDArray[np.int64]

STEP, QUICK_STEP = timedelta(days=7), timedelta(days=28)


def _batches(messages: Sequence[Message], step: timedelta) -> Iterator[Sequence[Message]]:
    first = 0
    while first < len(messages):
        end = messages[first].at + step
        last = first
        while last < len(messages) and messages[last].at < end:
            last += 1
        yield messages[first:last]
        first = last


def measured(truth: Labels, said: Labels) -> dict[str, float]:
    """Agreement with the listed issues; `open_` counts every unlisted neighbour of a listed message as wrong."""
    listed = truth >= 0
    some, ours = truth[listed], said[listed]
    cubed, paired, wide = b_cubed(some, ours), pairs(some, ours), open_pairs(truth, said)
    return {
        "b_cubed_f1": cubed.f1,
        "b_cubed_precision": cubed.precision,
        "b_cubed_recall": cubed.recall,
        "adjusted_rand": float(adjusted_rand_score(some, ours)),
        "v_measure": float(v_measure_score(some, ours)),
        "pair_f1": paired.f1,
        "pair_precision": paired.precision,
        "open_precision": wide.precision,
        "open_f1": wide.f1,
    }


def followed(year: Stream, step: timedelta) -> tuple[Issues, list[float]]:
    """The issues at the end of a stream that came in piece by piece, and the seconds that each piece took."""
    issues, seconds = Issues(), []
    for batch in _batches(year.messages, step):
        began = time.perf_counter()
        issues.add(batch)
        seconds.append(time.perf_counter() - began)
    return issues, seconds


def differing(year: Stream, issues: Issues) -> list[tuple[Disagreement, list[str]]]:
    """Where we and the list disagree, with the titles in question (mask names before they are shown to anybody)."""
    listed = np.flatnonzero(year.truth >= 0)
    found = disagreements(year.truth[listed], issues.labels[listed])
    return [(one, [year.messages[listed[n]].title for n in one.members]) for one in found]


def ranks(year: Stream, issues: Issues) -> dict[int, int]:
    """The rank, 1 for the hottest at its peak, of the issue that holds most messages of each listed one."""
    groups: dict[int, list[int]] = {}
    for n, label in enumerate(issues.labels.tolist()):
        groups.setdefault(label, []).append(n)
    tops = {label: peak([year.messages[n].voice() for n in members])[1].index for label, members in groups.items()}
    order = {label: rank for rank, label in enumerate(sorted(tops, key=lambda one: -tops[one]), 1)}
    found = {}
    for issue in np.unique(year.truth[year.truth >= 0]).tolist():
        held = Counter(issues.labels[year.truth == issue].tolist())
        found[issue] = order[held.most_common(1)[0][0]]
    return found


def _plain(year: Stream) -> Labels:
    """Average linkage over TF-IDF of the whole year at once, with the bar that bench `merge` chooses for it."""
    return average(plain_rows(year), PLAIN_BAR)


def run(quick: bool) -> Result:
    """The year in weeks; quick: in steps of four weeks. The truth is one team's list of five issues: weak."""
    year = stream()
    issues, seconds = followed(year, QUICK_STEP if quick else STEP)
    last = year.messages[-1].at
    began = time.perf_counter()
    issues.hottest(last)
    asking = time.perf_counter() - began
    ranked = ranks(year, issues).values()
    different = differing(year, issues)
    figures = measured(year.truth, issues.labels) | {
        "issues": int((np.unique(issues.labels, return_counts=True)[1] > 1).sum()),
        "listed_in_top_20": sum(rank <= 20 for rank in ranked),
        "listed_in_top_5": sum(rank <= 5 for rank in ranked),
        "disagreements": len(different),
        "disagreeing_messages": sum(len(one.members) for one, _ in different),
        "messages_per_s": round(len(year.messages) / sum(seconds)),
        "slowest_step_s": max(seconds),
        "hottest_s": asking,
        **planted_issues.figures(quick),
    }
    return Result(
        bench="hot",
        machine=machine(),
        versions=libraries("numpy", "scipy", "scikit-learn"),
        size={
            "messages": len(year.messages),
            "listed": int((year.truth >= 0).sum()),
            "steps": len(seconds),
            "quick": quick,
        },
        figures={name: round(value, 4) for name, value in figures.items()},
        baseline={name: round(value, 4) for name, value in measured(year.truth, _plain(year)).items()},
    )
