"""What raises urgency beyond the words of a report, and what is rare."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from tests import town
from zhongshu.hub.judge.needs import Needs
from zhongshu.hub.judge.urgency import is_rare, own_limits, raised
from zhongshu.kernel.desk import Raise
from zhongshu.kernel.facts import Fact, Kind
from zhongshu.kernel.places import Place, Weather

RAIN = Raise("R1", "weather", "rainstorm", "building", 1, "暴雨预警生效")
EXAM = Raise("R2", "date", "高考", "rubbish", 1, "保障考生", date(2026, 6, 6), date(2026, 6, 8))
WARNED = Weather("rainstorm", town.DISTRICT, town.NOON - timedelta(hours=1), town.NOON + timedelta(hours=5), "市气象台")
KNOWN = replace(town.KNOWLEDGE, raises=(RAIN, EXAM), weather=(WARNED,))
HERE = Place(code=town.COMMUNITY)
NONE = Needs(0, (), ())


def report(at: datetime = town.NOON, **more: Any) -> Fact:
    return Fact(1, Kind.REPORTED, 2, at, payload=more)


def test_weather_raises_the_classes_below_where_it_is_in_force() -> None:
    found = raised(NONE, report(), "building.roof", HERE, KNOWN)
    assert (found.urgency, found.reasons) == (1, (("rainstorm", "暴雨预警生效（市气象台）", 1),))


@pytest.mark.parametrize(
    ("at", "place", "category"),
    [
        (town.NOON - timedelta(hours=2), town.COMMUNITY, "building"),
        (town.NOON + timedelta(hours=5), town.COMMUNITY, "building"),
        (town.NOON, town.FAR_COMMUNITY, "building"),
        (town.NOON, "", "building"),
        (town.NOON, town.COMMUNITY, "flood"),
        (town.NOON, town.COMMUNITY, ""),
    ],
    ids=["before", "after", "elsewhere", "nowhere", "another class", "no class"],
)
def test_it_raises_nothing_else(at: datetime, place: str, category: str) -> None:
    assert raised(NONE, report(at), category, Place(code=place), KNOWN) == NONE


def test_a_sensor_warns_for_its_street_and_a_city_for_all() -> None:
    sensor = replace(KNOWN, weather=(Weather("rainstorm", town.COMMUNITY, town.NOON),))
    assert raised(NONE, report(), "building", Place(code=town.STREET[:9] + "002"), sensor).urgency == 1
    assert raised(NONE, report(), "building", Place(code=town.NEXT_COMMUNITY), sensor).urgency == 0
    city = replace(KNOWN, weather=(Weather("rainstorm", town.CITY, town.NOON),))
    assert raised(NONE, report(), "building", Place(), city).urgency == 1


@pytest.mark.parametrize(
    ("at", "urgency"),
    [
        (datetime(2026, 6, 5, 15, 59, tzinfo=UTC), 0),
        (datetime(2026, 6, 5, 16, 0, tzinfo=UTC), 1),
        (datetime(2026, 6, 8, 15, 59, tzinfo=UTC), 1),
        (datetime(2026, 6, 8, 16, 0, tzinfo=UTC), 0),
    ],
)
def test_days_are_days_of_the_city(at: datetime, urgency: int) -> None:
    assert raised(NONE, report(at), "rubbish", HERE, KNOWN).urgency == urgency


def test_who_asks_again_about_the_same_class_raises_once() -> None:
    one = {"case": 7, "number": "20260501-7", "category": "rubbish", "open": False}
    found = raised(NONE, report(before=[one, {**one, "case": 5}]), "rubbish", HERE, KNOWN)
    assert found.urgency == 1
    assert found.reasons[0][0] == "同一来电人"
    assert "20260501-7 刚办结，近期共 2 次" in found.reasons[0][1]
    assert raised(NONE, report(before=[one]), "flood", HERE, KNOWN) == NONE


def test_all_together_never_more_than_urgent_and_each_says_how_much() -> None:
    one = {"case": 7, "number": "n", "category": "building", "open": True}
    danger = Needs(2, (), (("触电", "危及生命", 2),))
    found = raised(danger, report(before=[one]), "building", HERE, KNOWN)
    assert found.urgency == 2
    assert [step for _, _, step in found.reasons] == [2, 0, 0], "a ground that raised nothing more is told all the same"
    both = raised(NONE, report(before=[one]), "building", HERE, KNOWN)
    assert (both.urgency, [step for _, _, step in both.reasons]) == (2, [1, 1])
    life = Needs(3, (), ())
    assert raised(life, report(before=[one]), "building", HERE, KNOWN).urgency == 3, "nothing lowers"


def test_rare_is_a_share_of_the_latest_cases() -> None:
    assert not is_rare("odd", KNOWN), "too few cases to tell"
    known = replace(KNOWN, shares={"rubbish": 0.9, "flood": 0.0996, "odd": 0.0004})
    assert [is_rare(code, known) for code in ("rubbish", "flood", "odd", "hard", "")] == [
        False,
        False,
        True,
        True,
        False,
    ]
    assert not is_rare("odd", replace(known, thresholds={"rare_share": 0.0003}))


def test_special_and_rare_have_limits_of_their_own() -> None:
    known = replace(KNOWN, shares={"rubbish": 1.0})
    assert [rule.code for rule in own_limits(True, "odd", known)] == ["special", "rare"]
    assert [rule.code for rule in own_limits(True, "rubbish", known)] == ["special"]
    assert own_limits(False, "rubbish", known) == []
