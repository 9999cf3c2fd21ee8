"""种下的热点 planted issues: weeks of the demo city gathered day by day as the hub does, and what was found of them.

Planted are three sites at work by night, in one neighbourhood, which many people complain of; and a worker who files
the same words at one point every day, of whom no person ever complained.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
from numpy.typing import NDArray

from zhongshu.bench.planted import START, gazetteer_of, model_of, point_of
from zhongshu.cities.demo.generate import generate
from zhongshu.cities.demo.reports import reports
from zhongshu.cities.read import read
from zhongshu.data.figures.rules import defaults
from zhongshu.hub.hot import after
from zhongshu.hub.judge.gather import Matter, carried, gathered
from zhongshu.hub.judge.gazetteer import said
from zhongshu.hub.judge.heat import Voice, heat
from zhongshu.kernel.desk import title_of

RATE = 2.5
DAYS, QUICK_DAYS = 21, 10
CROWD = 4_000
"""Cases of one look at a district, the most there are."""


@dataclass(frozen=True, slots=True)
class Stream:
    """示范诉求: matters as our own model and gazetteer see them, who spoke ("" unknown), and what was planted."""

    matters: list[Matter]
    voices: list[Voice]
    plant: NDArray[np.str_]


def stream(folder: Path, days: float, rate: float = RATE) -> Stream:
    """Reports of the demo city; no truth is looked at but the plant's name."""
    generate(folder, "small")
    pack, _ = read(folder)
    told = list(reports(pack, START, START + timedelta(days=days), rate))
    found = gazetteer_of(pack).find([said(row["address"], row["text"]) for row in told])
    classes = [guess.category for guess in model_of(pack).classify([row["text"] for row in told], False)]
    parents = {row["code"]: row["parent"] for row in pack.rows("categories")}
    matters, voices = [], []
    for n, (row, place, code) in enumerate(zip(told, found, classes, strict=True)):
        title, point = title_of(row["text"]), point_of(row, place) or (None, None)
        matters.append(Matter(n + 1, row["at"], title, row["text"], place.code, _upwards(code, parents), *point))
        voices.append(Voice(row["at"], "staff" if row["channel"] == "grid" and not row["phone"] else row["phone"]))
    return Stream(matters, voices, np.array([row["truth"]["plant"] for row in told]))


def _upwards(code: str, parents: dict[str, str]) -> tuple[str, ...]:
    found: list[str] = []
    while code and code not in found:
        found.append(code)
        code = parents.get(code, "")
    return tuple(found)


def followed(city: Stream, days: int) -> tuple[list[int], Counter[str], int]:
    """Day by day: the issue of every matter at the end, states of the issues, and how many numbers were ever given."""
    limits = {str(row["code"]): float(row["value"]) for row in defaults("thresholds")}
    known: list[int] = []
    states: dict[int, str] = {}
    for day in range(1, days + 1):
        now = START + timedelta(days=day)
        seen = [one for one in city.matters if one.at < now]
        groups = gathered(seen)
        kept = carried(groups, [*known, *[0] * (len(seen) - len(known))])
        members = _members(groups)
        issue = {group: kept.issue.get(group, 0) for group in members}
        for group, ones in members.items():
            if not issue[group] and len(ones) >= limits["hot_least"]:
                issue[group] = len(states) + 1
            if issue[group]:
                said_ = [city.voices[n] for n in ones]
                states[issue[group]] = _state(states.get(issue[group], "watched"), said_, now, limits)
        known = [issue[group] for group in groups.tolist()]
    return known, Counter(states[one] for one in set(known) - {0}), len(states)


def _members(groups: NDArray[np.int64]) -> dict[int, list[int]]:
    members: dict[int, list[int]] = {}
    for n, group in enumerate(groups.tolist()):
        members.setdefault(group, []).append(n)
    return members


def _state(before: str, voices: Sequence[Voice], now: datetime, limits: dict[str, float]) -> str:
    people = len({one.reporter for one in voices if one.reporter not in ("", "staff")})
    people += sum(one.reporter == "" for one in voices)
    return after(before, heat(voices, now).index, people, limits)


def figures(quick: bool) -> dict[str, Any]:
    """Of the planted night works: `planted_recall` in their largest issue and `planted_precision` of it; hot issues."""
    days = QUICK_DAYS if quick else DAYS
    with TemporaryDirectory() as folder:
        city = stream(Path(folder) / "pack", days)
        crowd = stream(Path(folder) / "crowd", 2 if quick else 6, 40.0).matters[:CROWD]
    known, states, given = followed(city, days)
    issue = np.array(known)
    works, copied = city.plant == "night_works", city.plant == "bad_worker"
    largest = Counter(issue[works & (issue > 0)].tolist()).most_common(1)[0][0]
    began = time.perf_counter()
    gathered(crowd)
    spent = time.perf_counter() - began
    return {
        "planted_recall": float((issue[works] == largest).mean()),
        "planted_precision": float(works[issue == largest].mean()),
        "planted_copied": int(copied.sum()),
        "live_hot": states["hot"],
        "live_issues": given,
        "live_cases": len(city.matters),
        "look_cases": len(crowd),
        "look_s": spent,
    }
