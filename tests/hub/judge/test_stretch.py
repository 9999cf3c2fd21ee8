"""Requests about one stretch of a street."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from zhongshu.bench.streams import pothole_requests
from zhongshu.hub.judge.stretch import Request, repeats, stretch, together
from zhongshu.kernel.errors import NotFound

DAY = datetime(2026, 6, 1)


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("3917 W WRIGHTWOOD AVE", ("W WRIGHTWOOD AVE", 39)),
        (" 99 w  Wrightwood Ave", ("W WRIGHTWOOD AVE", 0)),
        ("中山路112号门口", ("中山路", 1)),
        ("中山路112之3号", ("中山路", 1)),
        ("中山路路口", None),
        ("", None),
    ],
)
def test_street_and_stretch(address: str, expected: tuple[str, int] | None) -> None:
    assert stretch(address) == expected


def test_a_repair_ends_a_matter() -> None:
    first = Request("1 A ST", 0, 0, DAY, DAY + timedelta(days=2))
    assert together(first, Request("1 A ST", 0, 0, DAY + timedelta(days=1)))
    assert not together(first, Request("1 A ST", 0, 0, DAY + timedelta(days=3)))
    assert not together(Request("1 A ST", 0, 0, DAY + timedelta(days=3)), first)


def test_same_block_or_same_crossing() -> None:
    requests = [
        Request("1200 A ST", 113.3, 23.1, DAY),
        Request("1290 A ST", 113.302, 23.1, DAY),
        Request("1310 A ST", 113.303, 23.1, DAY),
        Request("500 B AVE", 113.30001, 23.1001, DAY),
        Request("1201 A ST", 113.3, 23.1, DAY - timedelta(days=9), DAY - timedelta(days=8)),
        Request("1210 C ST", 113.3, 23.101, DAY),
    ]
    assert repeats(requests) == [[1, 3], [0], [], [0], [], []]
    assert repeats([]) == []


@pytest.mark.real
def test_pot_holes_that_the_city_marked() -> None:
    try:
        requests, marked = pothole_requests()
    except NotFound:
        pytest.skip("real data are not at hand: set ZHONGSHU_REAL_DATA")
    said = [bool(found) for found in repeats(requests)]
    right = sum(s and m for s, m in zip(said, marked, strict=True))
    assert 2 * right / (sum(said) + sum(marked)) >= 0.66
