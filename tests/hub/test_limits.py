"""Limits by area grade and nature of the work: two dimensions, and the most exact row wins."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from tests import town
from tests.conftest import Watch
from zhongshu.hub.hub import Hub
from zhongshu.hub.sense.normalise import normalise
from zhongshu.kernel.desk import Limit
from zhongshu.kernel.facts import Fact, Kind
from zhongshu.kernel.lifecycle import Role

ROWS = (
    Limit("rubbish", "", "", {"handle": 200}),
    Limit("rubbish", "A", "", {"handle": 100}),
    Limit("rubbish", "", "works", {"handle": 900, "make_safe": 60}),
    Limit("rubbish", "A", "works", {"handle": 800, "make_safe": 30}),
)
KNOWLEDGE = replace(
    town.KNOWLEDGE,
    limits={"rubbish": ROWS, "D3": (Limit("D3", "", "general", {"handle": 77, "sign": 5}),)},
    grades={town.STREET: "A", town.DISTRICT: "B"},
)
OPERATOR = town.viewer(town.CITY, "command", Role.OPERATOR, user=13)


@pytest.mark.parametrize(
    ("place", "nature", "handle", "make_safe"),
    [
        (town.COMMUNITY, "", 100, 0),
        (town.COMMUNITY, "general", 100, 0),
        (town.COMMUNITY, "works", 800, 30),
        (town.COMMUNITY, "special", 100, 0),
        (town.NEXT_COMMUNITY, "", 200, 0),
        (town.NEXT_COMMUNITY, "works", 900, 60),
        ("", "", 200, 0),
    ],
)
def test_the_most_exact_row_wins(place: str, nature: str, handle: int, make_safe: int) -> None:
    duty = KNOWLEDGE.duties["rubbish"][0]
    found = KNOWLEDGE.limits_of(duty, place, nature)
    assert found == {"sign": 60, "contact": 1440, "make_safe": make_safe, "handle": handle}


def test_a_row_of_the_duty_itself_comes_first_and_nothing_said_is_the_dutys_own() -> None:
    inside, outside = KNOWLEDGE.duties["flood"]
    assert KNOWLEDGE.limits_of(outside, town.COMMUNITY) == {**outside.limits, "handle": 77, "sign": 5}
    assert KNOWLEDGE.limits_of(inside, town.COMMUNITY) == inside.limits
    assert KNOWLEDGE.limit_row(inside, town.COMMUNITY) is None


def test_the_grade_is_that_of_the_smallest_division_that_has_one() -> None:
    places = (town.COMMUNITY, town.NEXT_COMMUNITY, town.FAR_COMMUNITY, "")
    assert [KNOWLEDGE.grade(place) for place in places] == ["A", "B", "", ""]


def clocks(facts: list[Fact]) -> dict[str, Any]:
    return next({c["name"]: c["minutes"] for c in f.payload["clocks"]} for f in facts if f.kind == Kind.DISPATCHED)


def test_the_nature_that_a_person_names_gives_the_case_other_clocks(hub: Hub, watch: Watch) -> None:
    hub.load = lambda: replace(town.TOOLS, knowledge=KNOWLEDGE)
    born = hub.take_in([normalise({"text": "一居垃圾成山"}, watch())])[0]
    assert clocks(list(born.facts)) == {"sign": 60, "contact": 1440, "handle": 100}
    case = born.facts[0].subject
    facts = hub.act(OPERATOR, case, Kind.CLASSIFIED, {"category": "rubbish", "nature": "works"})
    assert clocks(facts) == {"sign": 60, "contact": 1440, "make_safe": 30, "handle": 800}
