"""Locating on the road: asked only when the places that words may mean lead to different units."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from tests import crossroads, town
from zhongshu.data import casefile
from zhongshu.hub.hub import Hub
from zhongshu.hub.sense.normalise import Intake
from zhongshu.hub.suggest import suggest, whereabouts
from zhongshu.kernel.access import Viewer
from zhongshu.kernel.facts import Fact, Kind
from zhongshu.kernel.lifecycle import Role
from zhongshu.kernel.places import Place

OPERATOR = town.viewer(town.CITY, "command", Role.OPERATOR)
LOCATOR = crossroads.TOOLS.atlas


@pytest.fixture
def hub(database: str) -> Hub:
    return Hub(lambda: crossroads.TOOLS)


def take(hub: Hub, text: str, **more: Any) -> dict[str, Fact]:
    one = Intake(key=text, text=text, at=hub.clock(), channel="phone", source="test", merge="off", **more)
    return {fact.kind: fact for fact in hub.take_in([one])[0].facts}


def file(case: int, viewer: Viewer = OPERATOR) -> dict[str, Any]:
    found = casefile.whole(viewer, case)
    assert found is not None
    return found


def test_a_point_goes_before_words_and_is_not_asked() -> None:
    given = Place(113.5, 23.5, "中山路12号")
    assert LOCATOR.locate([given], ["垃圾"]) == [replace(given, named="S3")]


def test_a_point_without_a_grid_lies_where_the_words_say() -> None:
    at = Place(113.32, 23.1)
    assert LOCATOR.locate([at], ["中山路有垃圾"])[0].code == town.NEXT_COMMUNITY
    assert LOCATOR.locate([at], ["解放路有垃圾"])[0].code == ""


def test_a_division_that_the_source_names_goes_before_words() -> None:
    found = LOCATOR.locate([Place(address="中山路12号", code=town.NEXT_COMMUNITY)], ["垃圾"])[0]
    assert (found.code, found.how, found.lon) == (town.NEXT_COMMUNITY, "said", None)


def test_clear_words_bring_point_and_candidates(hub: Hub) -> None:
    facts = take(hub, "金湖花园有垃圾")
    judged = facts[Kind.JUDGED]
    assert judged.place == town.COMMUNITY
    assert judged.payload["located_by"] == "text"
    assert judged.payload["place_type"] == "住宅小区"
    assert [one["name"] for one in judged.payload["places"]] == ["一街金湖花园"]
    assert facts[Kind.DECIDED].payload["host"] == f"{town.STREET}-office"


def test_nobody_is_asked_when_all_places_lead_to_one_desk(hub: Hub) -> None:
    facts = take(hub, "中山路积水")
    assert facts[Kind.JUDGED].place == town.DISTRICT
    assert facts[Kind.JUDGED].payload["located_by"] == "around"
    assert facts[Kind.DECIDED].payload["host"] == f"{town.DISTRICT}-water"


def test_a_choice_settles_it(hub: Hub) -> None:
    facts = take(hub, "中山路有垃圾没人清")
    case = facts[Kind.JUDGED].subject
    assert facts[Kind.UNDECIDED].payload["why"] == "vague"
    places = facts[Kind.JUDGED].payload["places"]
    assert {one["code"] for one in places} >= {town.COMMUNITY, town.NEXT_COMMUNITY}
    one = next(place for place in places if place["code"] == town.NEXT_COMMUNITY)
    given = {"category": "rubbish", "place": one["code"], "lon": one["lon"], "lat": one["lat"], "reason": "地点确认"}
    after = {fact.kind: fact for fact in hub.act(OPERATOR, case, Kind.CLASSIFIED, given)}
    assert after[Kind.DECIDED].payload["host"] == f"{town.NEXT_STREET}-office"
    found = file(case)
    assert (found["place"], found["lon"], found["lat"]) == (town.NEXT_COMMUNITY, one["lon"], one["lat"])
    assert found["state"] == "dispatched"


def test_a_suggestion_asks_only_when_it_matters(hub: Hub) -> None:
    raw = {"channel": "phone", "text": "中山路有垃圾"}
    assert suggest(hub, raw).asks
    assert not suggest(hub, {**raw, "text": "中山路积水"}).asks
    assert not whereabouts(hub, {**raw, "text": "中山路12号有垃圾"}).asks
    assert whereabouts(hub, raw).judged["places"]


def test_a_city_without_an_address_base_still_knows_its_divisions() -> None:
    bare = replace(LOCATOR, finder=type(LOCATOR.finder)([], crossroads.NAMES, town.SCHEME))
    found = bare.locate([Place(address="二街")], ["路灯坏了"])[0]
    assert (found.code, found.how) == (town.NEXT_STREET, "text")
