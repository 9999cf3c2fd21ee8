"""Hot issues out of a stream."""

from __future__ import annotations

import csv
import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import pytest

from zhongshu.hub.judge.agreement import pairs
from zhongshu.hub.judge.issues import Issues, Message, phrases
from zhongshu.hub.judge.linkage import average
from zhongshu.hub.judge.names import Names

REAL = Path(os.environ.get("ZHONGSHU_REAL_DATA", "../shared/data"))
NOW = datetime(2026, 6, 30, tzinfo=UTC)
MATTERS = ["金湖花园业主投诉搅拌站噪音", "学府路路灯坏了无人修", "春晖小学食堂饭菜差家长不满"]


def _stream(count: int) -> list[Message]:
    """Three matters in turn, with words of their own around them."""
    return [
        Message(
            str(n), NOW - timedelta(hours=count - n), f"p{n}", f"{chr(0x4E00 + n)}{MATTERS[n % 3]}", "请处理", n % 4
        )
        for n in range(count)
    ]


def test_matters_stay_apart_and_keep_their_number() -> None:
    stream, issues = _stream(60), Issues()
    seen = []
    # A name is in at most two of a hundred titles: other reports make the three matters rare enough.
    others = [Message(f"o{n}", NOW, "", "".join(chr(0x5000 + 9 * n + k) for k in range(9)), "") for n in range(1200)]
    issues.add(others)
    for first in range(0, 60, 20):
        issues.add(stream[first : first + 20])
        seen.append({one.typical: one.number for one in issues.hottest(NOW, 3)})
    labels = issues.labels[-60:]
    assert pairs(np.arange(60) % 3, labels).f1 == 1
    assert len({frozenset(one.values()) for one in seen}) == 1
    hot = issues.hottest(NOW, 3)
    assert [one.heat.index for one in hot] == sorted((one.heat.index for one in hot), reverse=True)
    assert {len(one.members) for one in hot} == {20}
    assert all(one.first < one.hottest <= one.last for one in hot)
    assert all(one.reporters == 20 and one.typical in one.members for one in hot)


def test_what_is_old_is_forgotten() -> None:
    issues = Issues()
    issues.add(_stream(30))
    issues.add([])
    issues.forget(NOW - timedelta(hours=10))
    assert len(issues.messages) == len(issues.labels) == 10
    issues.add(_stream(3))
    assert len(issues.labels) == 13


def test_before_anything_is_known() -> None:
    issues = Issues()
    assert issues.hottest(NOW) == []
    issues.add(_stream(1))
    assert issues.hottest(NOW) == []
    assert Names.learnt([]).matrix(["一"], ["二"]).shape == (1, 0)


def test_what_titles_share() -> None:
    found = phrases(["金湖花园噪音扰民", "投诉金湖花园停车难", "金湖花园业主"], ["别的"] * 30)
    assert (found[0].text, found[0].kind, found[0].share) == ("金湖花园", "place", 1.0)
    assert phrases(["甲乙", "丙丁"]) == ()
    assert phrases(["小区业主", "小区业主"])[0].kind == "people"
    assert phrases(["路灯坏了"] * 3, ["路灯坏了"] * 30) == ()


@pytest.mark.real
def test_issues_of_a_year() -> None:
    path = REAL / "messages" / "stream_2019.csv"
    if not path.exists():
        pytest.skip("real data are not at hand: set ZHONGSHU_REAL_DATA")
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    with path.with_name("stream_2019_hot_issues_weak.csv").open(encoding="utf-8-sig", newline="") as file:
        listed = {row["id"]: int(row["issue"]) for row in csv.DictReader(file)}
    titles, bodies = [row["subject"] for row in rows], [row["body"] for row in rows]
    said = average(Names.learnt(titles).matrix(titles, bodies), Issues().like)
    known = [n for n, row in enumerate(rows) if row["id"] in listed]
    score = pairs(np.array([listed[rows[n]["id"]] for n in known]), said[known])
    assert score.precision >= 0.98
    assert score.f1 >= 0.88
