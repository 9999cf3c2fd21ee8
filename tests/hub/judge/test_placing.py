"""Places that words may mean: clear names, near misses, crossings, and what is true of all of them."""

from __future__ import annotations

import pytest

from tests import crossroads, town
from zhongshu.hub.judge.placing import NOTHING, base_of

FINDER = crossroads.FINDER


def first(text: str) -> tuple[str, float]:
    one = FINDER.rank([text])[0][0]
    return one.spot, one.confidence


@pytest.mark.parametrize(
    ("text", "spot"),
    [
        ("中山路12号漏水", "S3"),
        ("金湖花园门口有人摆摊", "S4"),
        ("湖心楼盘的路灯坏了", "S4"),
        ("一区一街一居金湖花圆路灯坏了", "S4"),
        ("一街中山路十二号漏水", "S3"),
        ("一街中山路14号漏水", "S3"),
    ],
)
def test_a_text_means_its_place(text: str, spot: str) -> None:
    assert first(text)[0] == spot


def test_one_name_in_two_streets_is_shared() -> None:
    ranked = FINDER.rank(["中山路路面坑洼"])[0]
    assert {one.code for one in FINDER.rivals(ranked, 0.75)} == {town.COMMUNITY, town.NEXT_COMMUNITY}
    assert not FINDER.clear(ranked)
    assert FINDER.common(ranked) == town.DISTRICT


def test_what_is_common_goes_no_deeper_than_true() -> None:
    assert FINDER.common(FINDER.rank(["解放路路面坑洼"])[0]) == town.CITY
    assert FINDER.common([]) == ""


def test_a_division_beside_the_name_settles_it() -> None:
    assert first("二街中山路路面坑洼")[0] == "S2"


def test_two_roads_that_cross_are_one_place() -> None:
    ranked = FINDER.rank(["中山路与人民路交叉口红绿灯坏了"])[0]
    shown = FINDER.candidates("中山路与人民路交叉口红绿灯坏了", ranked)
    assert shown[0].name == "一街中山路×人民路"
    assert shown[0].code == town.COMMUNITY


def test_candidates_say_why() -> None:
    text = "一街中山路12号对面有一堆垃圾"
    one = FINDER.candidates(text, FINDER.rank([text])[0])[0]
    assert one.name == "一街中山路12号"
    assert dict(one.why) == {"name": "中山路", "number": "12号", "division": "一街", "side": "对面"}
    near = FINDER.candidates("一街中山路14号", FINDER.rank(["一街中山路14号"])[0])[0]
    assert ("near_number", "12号") in near.why
    like = FINDER.candidates("一街金湖花圆", FINDER.rank(["一街金湖花圆"])[0])[0]
    assert ("like", "金湖花园") in like.why


def test_nothing_is_found_where_nothing_is_said() -> None:
    assert FINDER.rank(["路灯坏了"]) == [[]]
    assert FINDER.candidates("路灯坏了", []) == ()
    assert NOTHING.rank(["中山路12号"]) == [[]]


def test_the_base_has_a_row_per_spot() -> None:
    base = base_of(crossroads.SPOTS, crossroads.NAMES, town.SCHEME)
    assert base.names[base.name[2]] == "中山路"
    assert base.number.tolist() == [0, 0, 12, 0, 0, 0, 0, 0]
    assert base.areas[base.area[1]] == ("一区", "二街", "二居")
    assert base.aliases == {"湖心楼盘": int(base.name[3])}
