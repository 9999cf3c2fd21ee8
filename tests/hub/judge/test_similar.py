"""Likely duplicates."""

from __future__ import annotations

import csv
import os
import re
import unicodedata
from collections import defaultdict
from datetime import datetime
from itertools import product
from math import cos, hypot, radians, sqrt
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhongshu.hub.judge.similar import Limits, likeness, similar, verdict

REAL = Path(os.environ.get("ZHONGSHU_REAL_DATA", "../shared/data"))
texts = st.text(alphabet="路灯坏了中山井盖,。a ", max_size=30)


@given(texts, texts)
def test_likeness_is_a_symmetric_share(one: str, other: str) -> None:
    (there,), (back,) = similar(one, [other]), similar(other, [one])
    assert there == pytest.approx(back)
    assert 0 <= there <= 1 + 1e-9
    assert likeness([one, other], [0, 0, 1], [1, 0, 0]) == [there, similar(one, [one])[0], back]


def _pairs(folded: str) -> set[str]:
    return {folded[n : n + 2] for n in range(len(folded) - 1)} or set(folded)


def _alike(one: set[str], other: set[str]) -> float:
    common, least = len(one & other), max(min(len(one), len(other)), 1)
    return (common / sqrt(max(len(one) * len(other), 1)) + common / least) / 2


def _spelt_out(one: str, other: str) -> float:
    """The definition of docs/models/similar.md, word by word."""
    a, b = ("".join(re.findall(r"\w", unicodedata.normalize("NFKC", text[:400]).lower())) for text in (one, other))
    return (_alike(_pairs(a[:40]), _pairs(b[:40])) + _alike(_pairs(a), _pairs(b))) / 2


@given(st.lists(st.text(max_size=500), min_size=2, max_size=6), st.lists(texts.map(lambda text: text * 20)))
def test_a_batch_says_what_the_definition_says(strange: list[str], long: list[str]) -> None:
    several = strange + long
    left, right = zip(*product(range(len(several)), repeat=2), strict=True)
    expected = [_spelt_out(several[a], several[b]) for a, b in zip(left, right, strict=True)]
    assert likeness(several, left, right) == pytest.approx(expected)


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
    everybody = [*known, *others]
    left, right = zip(*product(range(len(known)), range(len(everybody))), strict=True)
    found: dict[bool, int] = defaultdict(int)
    for i, j, value in zip(left, right, likeness([stream[i] for i in everybody], left, right), strict=True):
        found[issue[known[i]] == issue.get(everybody[j])] += i != j and value >= Limits().told
    assert found[True] / (found[True] + found[False]) >= 0.97
    assert found[True] >= 200
