"""Going down to a place: a step that offers one thing is no step."""

from __future__ import annotations

from dataclasses import replace

from tests import town
from zhongshu.kernel.places import Level
from zhongshu.screen import choosing

ONE = {town.CITY: "市", town.DISTRICT: "区", town.STREET: "一街", town.NEXT_STREET: "二街", town.COMMUNITY: "一居"}
KNOWN = replace(town.KNOWLEDGE, names=ONE)


def test_a_city_of_one_district_begins_at_its_streets() -> None:
    assert choosing.forked(town.CITY, Level.STREET, KNOWN) == town.DISTRICT
    assert choosing.below(town.DISTRICT, KNOWN) == sorted([town.STREET, town.NEXT_STREET])
    more = replace(KNOWN, names={**ONE, town.NEXT_DISTRICT: "邻区"})
    assert choosing.forked(town.CITY, Level.COMMUNITY, more) == town.CITY


def test_the_last_step_is_always_chosen() -> None:
    lone = replace(KNOWN, names={code: ONE[code] for code in (town.CITY, town.DISTRICT, town.STREET, town.COMMUNITY)})
    assert choosing.forked(town.CITY, Level.COMMUNITY, lone) == town.STREET
