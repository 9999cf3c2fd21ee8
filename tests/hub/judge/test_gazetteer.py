"""Places named in a text."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhongshu.hub.judge.gazetteer import NOWHERE, Gazetteer, Spot, division_forms
from zhongshu.kernel.places import Scheme

SCHEME = Scheme((4, 6, 9, 12))
DIVISIONS = [
    ("990000000000", "云城市"),
    ("990100000000", "东湖区"),
    ("990200000000", "西岭区"),
    ("990101000000", "柳园街道"),
    ("990201000000", "石桥镇"),
    ("990101001000", "柳园社区居委会"),
    ("990101002000", "荷塘社区居委会"),
    ("990201001000", "石桥村委会"),
]
SPOTS = [
    Spot("r1", "中山路", "road", "990101001000", 113.1, 23.1),
    Spot("r2", "中山路", "road", "990201001000", 113.2, 23.2),
    Spot("r3", "荷花大道", "road", "990101002000", 113.3, 23.3),
    Spot("e1", "阳光花园", "estate", "990101002000", 113.4, 23.4, ("阳光花园小区",)),
    Spot("e2", "阳光花园二期", "estate", "990201001000", 113.5, 23.5),
    Spot("a1", "中山路18号", "address", "990101001000", 113.6, 23.6),
]
# 12-digit codes of this city: 2 + 2 + 3 + 3 digits would be read wrongly, so the scheme is its own.
CITY = Gazetteer(SPOTS, DIVISIONS, Scheme((2, 4, 6, 9)))


@pytest.mark.parametrize(
    ("text", "spot"),
    [
        ("东湖区中山路路灯不亮", "r1"),
        ("西岭中山路12号门前积水", "r2"),
        ("石桥镇中山路", "r2"),
        ("荷花大道井盖缺失", "r3"),
        ("我住阳光花园小区，楼上漏水", "e1"),
        ("阳光花园二期停电", "e2"),
        ("中山路１８号 后门", "a1"),
    ],
)
def test_finds_the_place(text: str, spot: str) -> None:
    (found,) = CITY.find([text])
    assert found.spot == spot
    assert found.lon is not None
    assert found.confidence >= 0.5
    place = found.place()
    assert (place.lon, place.code, place.how) == (found.lon, found.code, "text")


def test_ambiguity_lowers_confidence() -> None:
    alone, certain = CITY.find(["中山路积水", "东湖区柳园街道中山路积水"])
    assert alone.confidence <= 0.31
    assert certain.confidence > 2 * alone.confidence
    assert certain.names == ("东湖区", "柳园街道", "中山路")
    assert {each.spot for each in CITY.rank("中山路积水")} >= {"r1", "r2"}


def test_a_contradicting_division_lowers_confidence() -> None:
    agrees, contradicts = CITY.find(["东湖区阳光花园", "西岭区阳光花园"])
    assert contradicts.confidence < 0.5 * agrees.confidence


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("柳园街附近占道经营", "990101000000"),
        ("荷塘社区垃圾未清", "990101002000"),
        ("东湖区很多地方停电", "990100000000"),
        ("东湖区柳园街道停电", "990101000000"),
        ("石桥村委会公示栏", "990201001000"),
    ],
)
def test_a_division_alone_gives_no_point(text: str, code: str) -> None:
    (found,) = CITY.find([text])
    assert found.code == code
    assert found.lon is None
    assert 0 < found.confidence < 1


def test_nothing_named() -> None:
    assert CITY.find(["停水了", "", "……"]) == [NOWHERE] * 3
    assert NOWHERE.place().code == ""
    assert NOWHERE.place().how == ""
    assert Gazetteer([], [], SCHEME).find(["东湖区"]) == [NOWHERE]


def test_forms_of_a_division() -> None:
    assert dict(division_forms("柳园街道")) == {"柳园街道": 1.0, "柳园街": 0.95, "柳园": 0.7}
    assert dict(division_forms("荷塘社区居委会")) == {"荷塘社区居委会": 1.0, "荷塘社区": 0.95, "荷塘": 0.7}
    assert dict(division_forms("城区")) == {"城区": 1.0}


@given(
    st.sampled_from(SPOTS), st.text(alphabet="的在路灯坏了。", max_size=8), st.text(alphabet="的旁边坏了。", max_size=8)
)
def test_a_name_is_found_wherever_it_stands(spot: Spot, before: str, after: str) -> None:
    assert spot.code in {each.spot for each in CITY.rank(before + spot.name + after)}
