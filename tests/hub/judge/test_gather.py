"""Gathering: what is one issue, what is not, and which number goes on."""

from __future__ import annotations

from datetime import datetime

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from tests import town
from zhongshu.hub.judge.gather import CLASS, PLACE, Matter, carried, gathered, rows, typical
from zhongshu.hub.judge.veil import veiled

NOON: datetime = town.NOON
NOISE, ROADS = ("noise.night", "noise"), ("roads.hole", "roads")


def matter(n: int, title: str, classes: tuple[str, ...] = NOISE, lon: float = 113.3, place: str = "c1") -> Matter:
    return Matter(n, NOON, title, title, place, classes, lon, 23.1)


def groups(*matters: Matter) -> list[int]:
    return gathered(matters).tolist()


def test_same_place_and_class_are_one_whatever_the_words() -> None:
    assert groups(matter(1, "半夜打桩睡不着"), matter(2, "凌晨三点还在施工")) == [0, 0]


def test_the_same_class_far_away_is_another_issue() -> None:
    assert groups(matter(1, "半夜打桩"), matter(2, "凌晨施工", lon=113.5, place="c2")) == [0, 1]


def test_another_class_at_the_same_door_is_another_issue() -> None:
    assert groups(matter(1, "半夜打桩"), matter(2, "路面有坑", ROADS)) == [0, 1]


def test_nearer_is_more_alike() -> None:
    table = rows([matter(n, "半夜打桩", lon=113.3 + n * 0.002, place="") for n in range(6)])
    towards = (table @ table[0].T).toarray().ravel()
    assert list(towards) == sorted(towards, reverse=True)
    assert towards[0] > towards[4]


def test_what_a_matter_lacks_makes_it_less_alike_and_nothing_makes_nothing() -> None:
    table = rows([matter(1, "半夜打桩"), Matter(2, NOON, "", "", "", NOISE), Matter(3, NOON, "", "", "", ())])
    assert np.allclose(np.asarray(table.multiply(table).sum(axis=1)).ravel(), [PLACE + CLASS, CLASS, 0])
    assert groups() == []


def test_the_typical_one_is_like_the_others() -> None:
    far = matter(3, "凌晨施工", lon=113.305, place="c2")
    assert typical(rows([matter(1, "半夜打桩"), matter(2, "半夜施工"), far]), [0, 1, 2]) in (0, 1)


def test_an_issue_goes_on_as_its_largest_part() -> None:
    kept = carried(np.array([0, 0, 0, 1, 1, 2]), [7, 7, 0, 7, 0, 0])
    assert (dict(kept.issue), dict(kept.merged)) == ({0: 7}, {})


def test_the_smaller_issue_is_merged_into_the_larger() -> None:
    kept = carried(np.array([0, 0, 0, 1]), [7, 7, 9, 0])
    assert (dict(kept.issue), dict(kept.merged)) == ({0: 7}, {9: 0})


@given(st.lists(st.tuples(st.integers(0, 4), st.integers(0, 4)), min_size=1, max_size=30))
def test_no_number_is_given_twice_and_none_is_lost(pairs: list[tuple[int, int]]) -> None:
    known = [one for _, one in pairs]
    kept = carried(np.array([group for group, _ in pairs]), known)
    assert len(set(kept.issue.values())) == len(kept.issue)
    assert set(kept.issue.values()) | set(kept.merged) == set(known) - {0}
    assert not set(kept.issue.values()) & set(kept.merged)
    assert all(group in kept.issue for group in kept.merged.values())


def test_what_reaches_or_names_a_person_is_veiled() -> None:
    said = "我叫王小明，电话13812345678，身份证440000199001011234，家住3栋502室，车粤A12345，邮箱a.b@c.com，张女士催"
    shown = veiled(said)
    assert [
        word for word in ("王小明", "13812345678", "19900101", "502", "A12345", "a.b@c", "张") if word in shown
    ] == []
    assert veiled("路灯不亮三天，3栋楼下") == "路灯不亮三天，3栋楼下"
