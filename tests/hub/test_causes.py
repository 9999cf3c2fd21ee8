"""Causes on a real database: found by district, confirmed or dismissed by people, tasked, treated, rebuilt."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from tests import linked, town
from tests.conftest import Watch
from zhongshu.data import cause_views, causes, write
from zhongshu.hub import cause_effect
from zhongshu.hub import causes as moves
from zhongshu.hub.cause_search import Asked
from zhongshu.hub.evaluate.recurrence import Refused
from zhongshu.hub.hub import Hub
from zhongshu.hub.judge.causes import Plan
from zhongshu.hub.sense.normalise import normalise
from zhongshu.kernel.errors import IllegalMove, NotFound
from zhongshu.kernel.facts import Kind
from zhongshu.kernel.lifecycle import Role

CITY = town.viewer(town.CITY, "command", Role.CHIEF, Role.ARBITER, user=41)
CHIEF = town.viewer(town.DISTRICT, "command", Role.CHIEF, user=42)
DEPUTY = town.viewer(town.DISTRICT, "command", Role.CHECKER, Role.CHIEF, user=43)
FAR = town.viewer(town.NEXT_DISTRICT, "command", Role.CHIEF, user=44)
STREET = town.viewer(town.STREET, "office", Role.HANDLER, user=45)
ASKED = Asked(days=28, plan=replace(Plan(), permutations=199))


@pytest.fixture(scope="module")
def lived(database: str) -> Hub:
    """Three weeks of the town: half of the sites lie in one district, half in the next."""
    watch = Watch()
    hub = Hub(lambda: town.TOOLS, watch)
    start = watch.now
    watch.now += timedelta(days=linked.DAYS)
    hub.take_in([normalise(raw, watch.now) for raw in linked.linked(start, ("一居", "远居"))])
    moves.find(hub.desk, hub.clock(), ASKED)
    return hub


def cause_of(place: str) -> dict[str, Any]:
    return next(row for row in cause_views.listed(CITY) if row["place"] == place)


def test_what_was_planted_is_found_by_district_and_what_only_shares_its_places_is_not(lived: Hub) -> None:
    run = cause_views.run(CITY)
    assert run is not None
    pairs = {(one["first"], one["second"]) for one in cause_views.links(CITY, run["id"])}
    assert ("rubbish", "building") in pairs
    assert not {"flood"} & {code for pair in pairs for code in pair}
    found = cause_views.listed(CITY)
    assert {(row["first"], row["second"], row["place"]) for row in found} == {
        ("rubbish", "building", town.DISTRICT),
        ("rubbish", "building", town.NEXT_DISTRICT),
    }
    assert min(row["clusters"] for row in found) >= linked.SITES // 2
    assert run["parameters"]["permutations"] == 199
    assert run["counts"]["events"] == run["counts"]["reports"] > 100
    assert run["peak_mb"] > 10


def test_a_district_does_not_see_the_places_of_another(lived: Hub) -> None:
    own, other = cause_of(town.DISTRICT), cause_of(town.NEXT_DISTRICT)
    assert [row["place"] for row in cause_views.listed(CHIEF)] == [town.DISTRICT]
    assert [row["place"] for row in cause_views.listed(FAR)] == [town.NEXT_DISTRICT]
    assert cause_views.whole(CHIEF, other["id"]) is None
    seen = cause_views.whole(CHIEF, own["id"])
    assert seen is not None
    assert {place["place"] for place in seen["places"]} == {town.COMMUNITY}
    assert len(seen["places"]) >= linked.SITES // 2
    with pytest.raises(NotFound):
        moves.act(lived.desk, FAR, own["id"], Kind.CAUSE_CONFIRMED, {"reason": "越权"})


def test_a_street_sees_what_lies_in_it_and_decides_nothing(lived: Hub) -> None:
    own = cause_of(town.DISTRICT)
    assert [row["id"] for row in cause_views.listed(STREET)] == [own["id"]]
    with pytest.raises(NotFound):
        moves.act(lived.desk, STREET, own["id"], Kind.CAUSE_CONFIRMED, {"reason": "我看是"})


def test_the_same_again_is_no_new_candidate(lived: Hub) -> None:
    before = {row["id"]: row["finding"] for row in cause_views.listed(CITY)}
    run = moves.find(lived.desk, lived.clock(), ASKED)
    assert run.facts == []
    assert {row["id"]: row["finding"] for row in cause_views.listed(CITY)} == before


def test_dismissed_stays_dismissed_for_the_same_cases(lived: Hub) -> None:
    far = cause_of(town.NEXT_DISTRICT)
    with pytest.raises(IllegalMove, match="reason"):
        moves.act(lived.desk, FAR, far["id"], Kind.CAUSE_DISMISSED, {})
    moves.act(lived.desk, FAR, far["id"], Kind.CAUSE_DISMISSED, {"reason": "两者同因于集市"})
    assert moves.find(lived.desk, lived.clock(), ASKED).facts == []
    row = cause_of(town.NEXT_DISTRICT)
    assert (row["state"], row["reason"]) == ("dismissed", "两者同因于集市")
    with pytest.raises(IllegalMove, match="当前状态"):
        moves.act(lived.desk, FAR, far["id"], Kind.CAUSE_CONFIRMED, {"reason": "再想想"})


def test_confirmed_tasked_treated_and_settled_by_another(lived: Hub) -> None:
    cause = cause_of(town.DISTRICT)["id"]
    seen = cause_views.whole(CHIEF, cause)
    assert seen is not None
    cases = [case for place in seen["places"] for case in place["cases"]]
    given = {"form": "order", "text": "联合治理", "authority": "联席会议", "units": [STREET.unit]}
    given |= {"cases": cases, "cause": cause}
    with pytest.raises(IllegalMove, match="当前状态"):
        lived.convene(CHIEF, Kind.DIRECTED, given)
    moves.act(lived.desk, CHIEF, cause, Kind.CAUSE_CONFIRMED, {"reason": "现场属实"})
    facts = lived.convene(CHIEF, Kind.DIRECTED, given)
    assert [fact.kind for fact in facts] == [Kind.DIRECTED, Kind.CAUSE_TASKED]
    task = facts[0].subject
    row = cause_of(town.DISTRICT)
    assert (row["state"], row["matter"], row["task"], row["tasked_by"]) == ("tasked", "directive", task, 42)
    lived.convene(CHIEF, Kind.DIRECTIVE_WITHDRAWN, {"reason": "另行部署"}, task)
    lived.advance()
    assert cause_of(town.DISTRICT)["state"] == "confirmed"
    task = lived.convene(CHIEF, Kind.DIRECTED, given)[0].subject
    lived.advance()
    assert cause_of(town.DISTRICT)["state"] == "tasked"
    lived.convene(STREET, Kind.DIRECTIVE_EXECUTED, {"result": "已整治"}, task)
    lived.convene(DEPUTY, Kind.PROOF_ACCEPTED, {"unit": STREET.unit}, task)
    lived.advance()
    row = causes.row(cause)
    assert row is not None
    assert row["state"] == "treated"
    effect = cause_effect.effect(row, seen["places"], town.KNOWLEDGE, lived.clock() + timedelta(days=3))
    assert isinstance(effect.told, Refused)
    assert effect.told.why == "early"
    with pytest.raises(IllegalMove, match="不得自行销号"):
        moves.act(lived.desk, CHIEF, cause, Kind.CAUSE_SETTLED, {"reason": "没有再来"})
    moves.act(lived.desk, DEPUTY, cause, Kind.CAUSE_SETTLED, {"reason": "没有再来"})
    assert cause_of(town.DISTRICT)["state"] == "settled"


def test_the_ledger_gives_the_same_causes_again(lived: Hub) -> None:
    before = write.snapshot()
    assert before["cause"]
    write.rebuild()
    assert write.snapshot() == before


def test_callers_are_told_apart_without_their_numbers(lived: Hub) -> None:
    start = town.NOON
    found = causes.columns(start, start + timedelta(days=30))
    known = found.caller[found.caller >= 0]
    assert len(set(known.tolist())) == len(known)
    assert int(found.caller.max()) < len(found.case)
    again = causes.columns(start, start + timedelta(days=30), ("flood",))
    assert set(again.kinds) == {"flood"}
    assert set(again.caller.tolist()) == {-1}


def test_an_empty_city_is_searched_too(lived: Hub) -> None:
    empty = causes.columns(town.NOON - timedelta(days=60), town.NOON - timedelta(days=50))
    assert (len(empty.case), empty.kinds, empty.unplaced) == (0, (), 0)
