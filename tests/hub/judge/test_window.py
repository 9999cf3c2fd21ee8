"""The window of open cases."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhongshu.hub.judge.gazetteer import Gazetteer, Spot
from zhongshu.hub.judge.merge import AROUND, Verdict, named
from zhongshu.hub.judge.window import MOST, Told, Window, beside, names, settle
from zhongshu.kernel.facts import Fact, Kind
from zhongshu.kernel.places import Neighbour, Place, Probe, Scheme, metres_apart

NOW = datetime(2026, 6, 30, 12, tzinfo=UTC)
LAMP = Told("中山路12号路灯不亮，请尽快修复", NOW, "lamp", 113.3, 23.1, "p12")

tolds = st.builds(
    Told,
    st.sampled_from(["路灯坏了", "井盖丢失"]),
    st.integers(0, 300).map(lambda hours: NOW - timedelta(hours=hours)),
    st.sampled_from(["lamp", "cover"]),
    st.integers(-30, 30).map(lambda step: 113.3 + step / 10_000),
    st.integers(-30, 30).map(lambda step: 23.1 + step / 10_000),
)


@given(st.lists(tolds, max_size=MOST), tolds)
def test_it_finds_whatever_lies_near(kept: list[Told], told: Told) -> None:
    window = Window()
    for case, one in enumerate(kept):
        window.add(case, one)
    told = replace(told, at=NOW)
    apart = {case: metres_apart((one.lon, one.lat), (told.lon, told.lat)) or 0.0 for case, one in enumerate(kept)}
    found = {one.case: one for one in window.near(told)}
    assert found.keys() == {case for case, metres in apart.items() if metres <= AROUND}
    assert all(found[case].metres == pytest.approx(apart[case], abs=0.05) for case in found)


@given(st.lists(tolds, max_size=MOST), st.lists(tolds, min_size=1, max_size=3))
def test_cases_on_their_way_are_neighbours_too(opened: list[Told], asked: list[Told]) -> None:
    facts = [
        Fact(
            100 + case,
            Kind.JUDGED,
            case,
            one.at,
            payload={"text": one.text, "category": one.category, "lon": one.lon, "lat": one.lat, "named": "p"},
        )
        for case, one in enumerate(opened)
    ]
    window = Window()
    for case, one in enumerate(opened):
        window.add(case, replace(one, named="p"))
    probes = [replace(one, at=NOW).probe for one in asked]
    known: list[list[Neighbour]] = [[Neighbour(0, "x", "y", 1.0, 1.0)] for _ in probes]
    found = beside(known, probes, facts)
    assert [{one.case for one in each} for each in found] == [
        {0, *(one.case for one in window.near(replace(told, at=NOW)))} for told in asked
    ]
    assert beside(known, probes, []) is known
    nowhere = Probe("x", NOW, Place())
    assert beside([[]], [nowhere], facts) == [[]]


def test_the_newest_come_first_and_old_ones_leave() -> None:
    window = Window()
    for case in range(30):
        window.add(case, replace(LAMP, at=NOW - timedelta(hours=case)))
    assert [one.case for one in window.near(LAMP, 3)] == [0, 1, 2]
    window.close(1)
    window.expire(NOW - timedelta(hours=10))
    assert len(window.cases) == 10
    assert [one.case for one in window.near(LAMP, 3)] == [0, 2, 3]
    with pytest.raises(KeyError):
        window.close(1)


def test_one_place_and_class_within_half_a_day_is_one_matter() -> None:
    other = Told("这边一到晚上黑漆漆的，谁来管", NOW + timedelta(hours=3), "lamp", 113.3002, 23.1, "p12")
    next_door = replace(other, named="p14")
    late = replace(other, at=NOW + timedelta(hours=13))
    window = Window()
    said = settle(window, [(1, LAMP), (2, other), (3, next_door), (4, late)])
    assert [one and (one.kind, one.case) for one in said] == [None, ("merge", 1), ("propose", 1), ("propose", 3)]
    assert set(window.cases) == {1, 3, 4}


def test_two_names_are_two_places_however_alike_the_words() -> None:
    verdict = Verdict("merge", 1, 0.9, (("metres", 5.0), ("similarity", 1.0), ("hours", 1.0), ("same_category", 1.0)))
    assert named(verdict, "p12", "p12").kind == "merge"
    assert named(verdict, "p12", "p14").kind == "propose"
    assert named(verdict, "p12", "") == verdict
    other = replace(verdict, kind="propose", reasons=(*verdict.reasons[:3], ("same_category", 0.0)))
    assert named(other, "p12", "p12").kind == "propose"


def test_the_place_that_a_text_names() -> None:
    spots = [
        Spot("p12", "中山路12号", "address", "001", 113.3, 23.1),
        Spot("g", "金湖花园", "estate", "001", 113.3, 23.1),
    ]
    gazetteer = Gazetteer(spots, [], Scheme((1, 2, 3, 4)))
    assert names(gazetteer, [("中山路12号", "路灯坏了"), ("", "金湖花园路灯坏了"), ("", "路灯坏了")]) == [
        "p12",
        "g",
        "",
    ]
