"""Likely duplicates."""

from __future__ import annotations

import csv
import os
from collections import defaultdict
from datetime import datetime
from math import cos, hypot, radians
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhongshu.hub.judge.similar import Limits, similar, similar_batch, verdict

REAL = Path(os.environ.get("ZHONGSHU_REAL_DATA", "../shared/data"))
texts = st.text(alphabet="路灯坏了中山井盖,。a ", max_size=30)


@given(texts, texts)
def test_likeness_is_a_symmetric_share(one: str, other: str) -> None:
    (there,), (back,) = similar(one, [other]), similar(other, [one])
    assert there == pytest.approx(back)
    assert 0 <= there <= 1 + 1e-9
    assert similar_batch([one, one], [[other, one], []]) == [[there, similar(one, [one])[0]], []]


def test_likeness_of_words() -> None:
    same, near, far, empty = similar(
        "中山路12号路灯不亮", ["中山路１２号，路灯不亮！", "中山路12号门口的路灯坏了不亮", "楼上装修噪音扰民", ""]
    )
    assert same == pytest.approx(1)
    assert 0.5 < near < 1
    assert far < 0.1
    assert empty == 0


@pytest.mark.parametrize(
    ("metres", "hours", "same_category", "similarity", "expected"),
    [
        (20, 5, True, 0.7, "merge"),
        (20, 100, True, 0.7, "propose"),
        (20, 100, True, 0.9, "merge"),
        (20, 5, True, 0.0, "propose"),
        (20, 5, False, 0.7, "propose"),
        (20, 5, False, 0.3, "new"),
        (120, 5, True, 0.9, "merge"),
        (120, 5, True, 0.35, "propose"),
        (120, 5, True, 0.1, "new"),
        (200, 5, True, 1.0, "new"),
        (20, 400, True, 1.0, "new"),
        (None, 5, True, 1.0, "propose"),
        (None, 5, True, 0.2, "new"),
    ],
)
def test_table(metres: float | None, hours: float, same_category: bool, similarity: float, expected: str) -> None:
    opinion = verdict(metres, hours, same_category, similarity)
    assert opinion.verdict == expected
    assert 0 <= opinion.score <= 1
    assert ("metres" in dict(opinion.reasons)) == (metres is not None)


def test_a_city_sets_its_own_limits() -> None:
    assert verdict(90, 5, True, 0.7, Limits(near=100)).verdict == "merge"


def _rows(name: str) -> list[dict[str, str]]:
    path = REAL / name
    if not path.exists():
        pytest.skip("real data are not at hand: set ZHONGSHU_REAL_DATA")
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


@pytest.mark.real
def test_pot_holes_that_the_city_marked() -> None:
    rows = [row for row in _rows("requests/chicago_potholes_duplicates.csv") if row["latitude"]]
    places = [
        (float(row["longitude"]) * cos(radians(41.9)) * 111_320, float(row["latitude"]) * 111_320) for row in rows
    ]
    days = [datetime.fromisoformat(row["creation_date"]) for row in rows]
    proposed = []
    for i, (x, y) in enumerate(places):
        opinions = [
            verdict(
                hypot(x - places[j][0], y - places[j][1]), abs((days[i] - days[j]).total_seconds()) / 3600, True, 0.0
            )
            for j in range(len(rows))
            if j != i
        ]
        proposed.append(any(opinion.verdict != "new" for opinion in opinions))
    marked = ["Dup" in row["status"] for row in rows]
    right = sum(p and m for p, m in zip(proposed, marked, strict=True))
    assert 2 * right / (sum(proposed) + sum(marked)) >= 0.62


@pytest.mark.real
def test_hot_issues_of_a_year() -> None:
    stream = {row["id"]: row["subject"] + " " + row["body"] for row in _rows("messages/stream_2019.csv")}
    issue = {
        row["id"]: row["issue"] for row in _rows("messages/stream_2019_hot_issues_weak.csv") if row["id"] in stream
    }
    known = list(issue)
    others = [number for number in stream if number not in issue][:800]
    likeness = similar_batch([stream[i] for i in known], [[stream[j] for j in (*known, *others)]] * len(known))
    found: dict[bool, int] = defaultdict(int)
    for i, row in zip(known, likeness, strict=True):
        for j, value in zip((*known, *others), row, strict=True):
            found[issue[i] == issue.get(j)] += i != j and value >= Limits().told
    assert found[True] / (found[True] + found[False]) >= 0.97
    assert found[True] >= 200
