"""The parts of the benches `merge` and `hot` that need no real data."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import numpy as np
import pytest

from zhongshu.bench import commands, hot
from zhongshu.bench.streams import Stream, parted
from zhongshu.hub.judge.issues import Message


def _year() -> Stream:
    begin = datetime(2026, 1, 1, tzinfo=UTC)
    titles = ["金湖花园搅拌站噪音", "学府路路灯坏了"]
    messages = [
        Message(
            str(n), begin + timedelta(days=n), f"p{n}", titles[n % 2] if n % 10 < 2 else f"{chr(0x5000 + n)}咨询", ""
        )
        for n in range(500)
    ]
    truth = np.array([n % 2 if n % 10 < 2 and n > 300 else -1 for n in range(500)])
    return Stream(messages, truth)


def test_benches_are_listed() -> None:
    assert {"merge", "hot"} <= set(commands.names())
    assert not {"planted", "streams"} & set(commands.names())


def test_truth_is_parted_every_way() -> None:
    truth = np.array([0, 0, 1, 2, 3, 4, -1])
    parts = list(parted(truth))
    assert len(parts) == 20
    assert all(((one >= 0) ^ (other >= 0)).tolist() == (truth >= 0).tolist() for one, other in parts)


def test_halves_hold_as_many_listed_messages() -> None:
    before, after = _year().halves()
    assert abs(int((before.truth >= 0).sum()) - int((after.truth >= 0).sum())) <= 1
    assert len(before.messages) + len(after.messages) == 500


def test_a_stream_is_followed_and_its_issues_are_ranked() -> None:
    year = _year()
    issues, seconds = hot.followed(year, timedelta(days=100))
    assert len(seconds) == 5
    figures = hot.measured(year.truth, issues.labels)
    assert all(0 <= value <= 1 for value in figures.values())
    assert set(hot.ranks(year, issues)) == {0, 1}
    assert all(len(titles) == len(one.members) for one, titles in hot.differing(year, issues))


def test_nothing_differs_where_the_groups_are_the_listed_ones() -> None:
    truth = np.array([0, 0, 1, 1, -1])
    figures = hot.measured(truth, np.array([5, 5, 6, 6, 7]))
    assert figures == pytest.approx(dict.fromkeys(figures, 1.0))
