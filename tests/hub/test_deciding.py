"""Who must act: each route by itself, then returns, rulings and precedents on the real database."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import pytest

from tests import town
from tests.conftest import Watch
from zhongshu.data import cases, precedents, write
from zhongshu.hub import decide
from zhongshu.hub.assets import Assets
from zhongshu.hub.hub import Hub
from zhongshu.hub.judge.emergency import emergency
from zhongshu.hub.replay import ReplayDesk
from zhongshu.hub.sense.normalise import normalise
from zhongshu.kernel.desk import Category, Duty, Emergency, Guess
from zhongshu.kernel.errors import IllegalMove
from zhongshu.kernel.facts import Fact, Kind
from zhongshu.kernel.lifecycle import Role

GAS = Emergency(
    "X1",
    ("燃气泄漏", "漏气"),
    ("燃气费", "轮胎"),
    "119",
    "district/housing",
    ("street/office",),
    5,
    5,
    60,
    basis="示范",
)
LIFE = Emergency("X2", ("跳楼",), ("跳楼价",), "110", "district/police", basis="示范")
LAMP = Category("lamp", "路灯", kind="component", threshold=0.5)
DOG = Category("dog", "流浪狗", kind="event", threshold=0.5)
SHED = Category("shed", "棚子", kind="event", threshold=0.5, verify="street/office", photos=2)
STALL = Category("stall", "小摊", kind="event", threshold=0.5, small=True)
COMPONENTS = [
    ("L1", "lamp", town.COMMUNITY, "district/housing", "公共", 113.3000, 23.1000),
    ("L2", "lamp", town.COMMUNITY, f"{town.CITY}-water", "", 113.3100, 23.1000),
    ("L3", "lamp", town.COMMUNITY, "", "无主", 113.3200, 23.1000),
    ("L4", "lamp", town.COMMUNITY, "office", "", 113.3300, 23.1000),
]
DUTIES = {
    "lamp": (
        Duty("D21", "lamp", "district/water", ownership="无主", handle_minutes=90),
        Duty("D20", "lamp", "street/office", handle_minutes=600, basis="路灯条目"),
    ),
    "dog": (Duty("D30", "dog", "street/office", place_type="小区"),),
    "shed": (Duty("D40", "shed", "street/office"),),
    "stall": (Duty("D50", "stall", "street/office"),),
    "*/event": (Duty("D99", "*/event", "street/office", basis="属地兜底"),),
}
KNOWLEDGE = replace(
    town.KNOWLEDGE,
    categories={**town.KNOWLEDGE.categories, **{one.code: one for one in (LAMP, DOG, SHED, STALL)}},
    duties={**town.KNOWLEDGE.duties, **DUTIES},
    emergencies=(GAS, LIFE),
    names={**town.KNOWLEDGE.names, town.FAR_COMMUNITY: "远居"},
)


class Model:
    """Says the category whose name is in the text."""

    def classify(self, texts: Sequence[str]) -> list[Guess]:
        return [self._one(text) for text in texts]

    def _one(self, text: str) -> Guess:
        found = [code for code, category in KNOWLEDGE.categories.items() if category.name in text]
        return Guess(found[-1], 0.9) if found else Guess("", 0.1)


TOOLS = replace(town.TOOLS, knowledge=KNOWLEDGE, model=Model(), assets=Assets.of(COMPONENTS))
OFFICE, HOUSING, WATER = f"{town.STREET}-office", f"{town.DISTRICT}-housing", f"{town.DISTRICT}-water"
HANDLER = town.viewer(town.STREET, "office", Role.HANDLER, user=11)
OTHER = town.viewer(town.DISTRICT, "housing", Role.HANDLER, user=14)
CHECKER = town.viewer(town.DISTRICT, "command", Role.CHECKER, user=12)
ARBITER = town.viewer(town.CITY, "command", Role.OPERATOR, Role.ARBITER, Role.CHIEF, user=13)


def decided(category: str, text: str = "", place: str = town.COMMUNITY, **more: Any) -> Fact:
    """What the room makes of a judged case."""
    payload = {"category": category, "text": text, "channel": "web", **more}
    judged = Fact(1, Kind.JUDGED, 9, town.NOON, place=place, payload=payload)
    return decide.room([judged], ReplayDesk(TOOLS))[0]


def test_the_list_names_its_row() -> None:
    p = decided("rubbish").payload
    assert (p["route"], p["host"], p["matched"]["code"], p["duty"]) == ("duty", OFFICE, "D1", "D1")
    assert p["reasons"]


@pytest.mark.parametrize(
    ("lon", "route", "host", "about"),
    [
        (113.3002, "owner", HOUSING, {"component": "L1", "ownership": "公共"}),
        (113.3101, "owner", f"{town.CITY}-water", {"component": "L2"}),
        (113.3201, "duty", WATER, {"duty": "D21"}),
        (113.3301, "owner", OFFICE, {"component": "L4"}),
        (113.3401, "duty", OFFICE, {"duty": "D20"}),
        (None, "duty", OFFICE, {"duty": "D20"}),
    ],
    ids=["level/kind", "unit code", "nobody's", "bare kind", "too far", "no point"],
)
def test_a_component_goes_to_its_owner_first(lon: float | None, route: str, host: str, about: dict[str, str]) -> None:
    p = decided("lamp", lon=lon, lat=23.1).payload
    assert (p["route"], p["host"]) == (route, host)
    assert {name: p[name] for name in about} == about


def test_the_owner_has_the_limits_of_the_list() -> None:
    p = decided("lamp", lon=113.3002, lat=23.1).payload
    assert (p["limits"]["handle"], p["basis"]) == (600, "路灯条目")
    assert 20 < p["metres"] < 21


def test_place_type_picks_a_row_and_without_it_the_last_resort_answers() -> None:
    estate, road = decided("dog", place_type="小区"), decided("dog")
    assert (estate.payload["route"], estate.payload["duty"]) == ("duty", "D30")
    assert (road.payload["route"], road.payload["duty"], road.payload["host"]) == ("fallback", "D99", OFFICE)


def test_the_last_resort_needs_a_place_and_is_for_its_kind_only() -> None:
    vague, appeal = decided("dog", place=town.DISTRICT), decided("odd")
    assert (vague.kind, vague.payload["why"]) == (Kind.UNDECIDED, "vague")
    assert (appeal.kind, appeal.payload["why"]) == (Kind.UNDECIDED, "no_duty")


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("家里燃气泄漏了", "X1"),
        ("轮胎漏气没人修", None),
        ("轮胎坏了，厨房漏气", "X1"),
        ("燃气费太高", None),
        ("没有发生燃气泄漏", None),
        ("有人要跳楼", "X2"),
        ("商场跳楼价骗人", None),
    ],
)
def test_emergency_words(text: str, code: str | None) -> None:
    hit = emergency(text, KNOWLEDGE.emergencies)
    assert (hit or {}).get("code") == code


@pytest.fixture
def hub(database: str, watch: Watch) -> Hub:
    return Hub(lambda: TOOLS, watch)


def take(hub: Hub, watch: Watch, text: str, **more: Any) -> list[Fact]:
    return list(hub.take_in([normalise({"text": text, "merge": "off", **more}, watch())])[0].facts)


def kinds(facts: list[Fact]) -> list[str]:
    return [fact.kind for fact in facts]


def row(case: int) -> Mapping[str, Any]:
    return cases.rows([case])[case]


def test_an_emergency_does_not_wait_for_the_classifier(hub: Hub, watch: Watch) -> None:
    facts = take(hub, watch, "一居有人说燃气泄漏")
    assert kinds(facts) == [Kind.UNCLEAR, Kind.DECIDED, Kind.DISPATCHED]
    p = facts[1].payload
    assert (p["route"], p["word"], p["channel"], p["host"]) == ("emergency", "燃气泄漏", "119", HOUSING)
    case = row(facts[0].subject)
    assert (case["state"], case["urgency"], case["due_at"][:16]) == ("dispatched", 3, "2026-06-01T05:00")
    assert [one["stopped_at"] is None for one in case["clocks"] if one["name"] == "accept"] == [False]


def test_an_emergency_at_an_unknown_place_is_the_citys(hub: Hub, watch: Watch) -> None:
    facts = take(hub, watch, "不知哪里有人要跳楼")
    assert facts[1].kind == Kind.UNDECIDED, "the town's city has no police"
    assert facts[0].payload["urgency"] == 3


def test_an_emergency_is_not_put_away_in_a_case_that_is_none(hub: Hub, watch: Watch) -> None:
    at = {"lon": 113.77, "lat": 23.77, "merge": "on"}
    first = take(hub, watch, "一居门口垃圾堆得很高味道很大", **at)
    second = take(hub, watch, "一居门口垃圾堆得很高味道很大漏气", **at)
    third = take(hub, watch, "一居门口垃圾堆得很高味道很大漏气", **at)
    assert kinds(second)[:2] == [Kind.JUDGED, Kind.DECIDED]
    assert second[0].subject != first[0].subject
    assert (third[0].kind, third[0].subject) == (Kind.MERGED, second[0].subject)


def test_the_public_is_verified_first_and_a_patrol_is_not(hub: Hub, watch: Watch) -> None:
    public, patrol = take(hub, watch, "一居有棚子"), take(hub, watch, "一居有棚子", channel="patrol")
    assert kinds(public) == [Kind.JUDGED, Kind.VERIFY_ASKED]
    assert public[1].payload["unit"] == OFFICE
    assert kinds(patrol) == [Kind.JUDGED, Kind.DECIDED, Kind.DISPATCHED]
    found = hub.act(CHECKER, public[0].subject, Kind.VERIFIED, {"text": "属实"})
    assert kinds(found) == [Kind.VERIFIED, Kind.DECIDED, Kind.DISPATCHED]


def test_photos_that_a_class_asks_for(hub: Hub, watch: Watch) -> None:
    case = take(hub, watch, "一居有棚子", channel="grid")[0].subject
    hub.act(HANDLER, case, Kind.SIGNED, {})
    with pytest.raises(IllegalMove, match="2 张照片"):
        hub.act(HANDLER, case, Kind.HANDLED, {"result": "已拆", "photos": [1]})
    assert hub.act(HANDLER, case, Kind.HANDLED, {"result": "已拆", "photos": [1, 2]})


def test_a_community_closes_its_own_small_matter_only(hub: Hub, watch: Watch) -> None:
    community = f"{town.COMMUNITY}-office"
    unit = replace(town.UNITS[0], code=community, kind="office", level=town.SCHEME.level(town.COMMUNITY))
    units = {**KNOWLEDGE.units, community: replace(unit, place=town.COMMUNITY)}
    hub.load = lambda: replace(TOOLS, knowledge=replace(KNOWLEDGE, units=units))
    own = town.viewer(town.COMMUNITY, "office", Role.HANDLER, user=31)
    checker = town.viewer(town.COMMUNITY, "party", Role.CHECKER, user=32)
    outcomes = []
    for text in ("一居有小摊", "一居有垃圾"):
        case = take(hub, watch, text, phone="1")[0].subject
        hub.act(HANDLER, case, Kind.RETURNED, {"reason": "社区事"})
        hub.act(ARBITER, case, Kind.RULED, {"host": community, "reason": "社区办"})
        hub.act(own, case, Kind.SIGNED, {})
        hub.act(own, case, Kind.HANDLED, {"result": "已拆除"})
        hub.act(CHECKER, case, Kind.CHECK_PASSED, {})
        answer = {"report": row(case)["reporters"][0]["report"], "contacted": True, "solved": True}
        outcomes.append(attempt(hub, checker, case, answer))
    assert outcomes == ["closed", "the hotline calls back here / 本案由热线回访"]


def attempt(hub: Hub, who: Any, case: int, answer: dict[str, Any]) -> str:
    try:
        hub.act(who, case, Kind.CALLED_BACK, answer)
    except IllegalMove as refused:
        return str(refused)
    return str(row(case)["state"])


def returned(hub: Hub, watch: Watch, text: str, **more: Any) -> tuple[int, list[Fact]]:
    case = take(hub, watch, text)[0].subject
    return case, hub.act(HANDLER, case, Kind.RETURNED, {"reason": "不属我街", **more})


def test_a_return_goes_to_arbitration_with_suggestions(hub: Hub, watch: Watch) -> None:
    case, facts = returned(hub, watch, "一居流浪狗在小区", clause="第三条", suggested=WATER)
    assert kinds(facts) == [Kind.RETURNED, Kind.UNDECIDED]
    asked = row(case)["undecided"]
    assert (asked["why"], asked["wrong"], asked["clause"]) == ("returned", "street/office", "第三条")
    assert [one["unit"] for one in asked["suggestions"]] == [WATER]
    running = [one["name"] for one in row(case)["clocks"] if not one["stopped_at"]]
    assert running == ["rule"]


def test_a_ruling_with_a_clause_decides_the_next_like_case(hub: Hub, watch: Watch) -> None:
    case, _ = returned(hub, watch, "一居垃圾甲", clause="清单 3.2")
    ruled = hub.act(ARBITER, case, Kind.RULED, {"host": HOUSING, "reason": "物业管理区域"})
    assert (row(case)["host"], row(case)["contact_unit"]) == (HOUSING, OFFICE), "首接负责: the first keeps the contact"
    assert hub.act(HANDLER, case, Kind.CONTACTED, {"text": "已告知诉求人"})
    nearby = take(hub, watch, "二居垃圾乙")
    p = nearby[1].payload
    assert (nearby[1].kind, p["route"], p["host"]) == (Kind.DECIDED, "precedent", HOUSING)
    assert (p["precedent"]["ruling"], p["precedent"]["clause"]) == (ruled[0].id, "清单 3.2")
    assert p["precedent"]["number"] in p["reasons"][0]
    assert nearby[1].versions["precedents"] == str(ruled[0].id)
    assert "precedent" not in {fact.payload.get("route") for fact in take(hub, watch, "一居积水")}
    elsewhere = take(hub, watch, "远居垃圾")
    assert elsewhere[1].payload.get("route") != "precedent", "another district has its own rulings"


def test_a_precedent_answers_the_return_of_a_case_sent_before_it(hub: Hub, watch: Watch) -> None:
    early = take(hub, watch, "一居小摊早")[0].subject
    case, _ = returned(hub, watch, "一居小摊晚", clause="第五条")
    hub.act(ARBITER, case, Kind.RULED, {"host": WATER, "reason": "河道内"})
    facts = hub.act(HANDLER, early, Kind.RETURNED, {"reason": "同类已裁定"})
    assert kinds(facts) == [Kind.RETURNED, Kind.DECIDED, Kind.DISPATCHED]
    assert (facts[1].payload["route"], row(early)["host"]) == ("precedent", WATER)


def test_other_processes_know_it_too_and_a_withdrawn_one_decides_nothing(hub: Hub, watch: Watch) -> None:
    beside = Hub(lambda: TOOLS, watch, look_every=0.0)
    assert take(beside, watch, "一居流浪狗")[1].payload["host"] == OFFICE
    case, _ = returned(hub, watch, "一居流浪狗咬人", clause="第八条")
    ruling = hub.act(ARBITER, case, Kind.RULED, {"host": HOUSING, "reason": "物业"})[0].id
    assert take(beside, watch, "一居流浪狗叫")[1].payload["host"] == HOUSING
    assert [one["id"] for one in precedents.listed(ARBITER)][0] == ruling
    other = take(hub, watch, "一居垃圾丙")[0].subject
    with pytest.raises(IllegalMove, match="no precedent"):
        hub.act(ARBITER, other, Kind.PRECEDENT_WITHDRAWN, {"precedent": ruling, "reason": "错案"})
    hub.act(ARBITER, case, Kind.PRECEDENT_WITHDRAWN, {"precedent": ruling, "reason": "清单已修订"})
    assert take(beside, watch, "一居流浪狗跑")[1].payload["host"] == OFFICE
    assert ruling not in [one["id"] for one in precedents.listed(ARBITER)]
    assert ruling in [one["id"] for one in precedents.listed(ARBITER, everything=True)]


@pytest.mark.parametrize(
    ("text", "basis"), [("二居无人管的事", ""), ("不知哪里的垃圾", "第一条")], ids=["no clause", "vague place"]
)
def test_a_ruling_that_sets_no_precedent(hub: Hub, watch: Watch, text: str, basis: str) -> None:
    case = take(hub, watch, text)[0].subject
    ruled = hub.act(ARBITER, case, Kind.RULED, {"host": HOUSING, "reason": "会商", "basis": basis})
    assert "precedent" not in ruled[0].payload
    assert kinds(take(hub, watch, text))[1] == Kind.UNDECIDED


def test_a_class_without_a_duty_is_decided_after_one_ruling(hub: Hub, watch: Watch) -> None:
    case = take(hub, watch, "一居无人管的事")[0].subject
    hub.act(ARBITER, case, Kind.RULED, {"host": WATER, "reason": "会商", "basis": "三定方案第二条"})
    again = take(hub, watch, "二居无人管的另一件")
    assert (again[1].kind, again[1].payload["host"]) == (Kind.DECIDED, WATER)


def test_two_returns_force_a_joint_meeting_and_a_ruling_may_forbid_the_third(hub: Hub, watch: Watch) -> None:
    case = take(hub, watch, "一居路口积水")[0].subject
    water = town.viewer(town.DISTRICT, "water", Role.HANDLER, user=15)
    hub.act(water, case, Kind.RETURNED, {"reason": "不属水务"})
    hub.act(ARBITER, case, Kind.RULED, {"host": HOUSING, "reason": "小区内"})
    hub.act(OTHER, case, Kind.RETURNED, {"reason": "不属住建", "clause": "第七条"})
    with pytest.raises(IllegalMove, match="joint meeting"):
        hub.act(ARBITER, case, Kind.RULED, {"host": WATER, "reason": "再裁"})
    hub.act(ARBITER, case, Kind.MEETING_HELD, {"attendees": [WATER, HOUSING], "minutes": "现场会商"})
    hub.act(ARBITER, case, Kind.RULED, {"host": WATER, "reason": "排水不畅", "forbid_return": True})
    with pytest.raises(IllegalMove, match="forbids"):
        hub.act(water, case, Kind.RETURNED, {"reason": "仍不属"})
    assert (row(case)["returned"], row(case)["contact_unit"]) == (2, WATER)


def test_after_two_returns_no_precedent_cuts_the_meeting_short(hub: Hub, watch: Watch) -> None:
    water = town.viewer(town.DISTRICT, "water", Role.HANDLER, user=15)
    first, second = (take(hub, watch, text)[0].subject for text in ("一居路口积水一", "一居路口积水二"))
    hub.act(water, second, Kind.RETURNED, {"reason": "不属水务"})
    hub.act(ARBITER, second, Kind.RULED, {"host": HOUSING, "reason": "小区内"})
    hub.act(OTHER, second, Kind.RETURNED, {"reason": "不属住建"})
    hub.act(ARBITER, second, Kind.MEETING_HELD, {"attendees": [WATER, HOUSING], "minutes": "会商"})
    ruling = hub.act(ARBITER, second, Kind.RULED, {"host": OFFICE, "reason": "街道", "basis": "第十条"})
    assert ruling[0].payload["precedent"]["wrong"] == "district/housing"
    hub.act(water, first, Kind.RETURNED, {"reason": "不属水务"})
    hub.act(ARBITER, first, Kind.RULED, {"host": HOUSING, "reason": "小区内"})
    facts = hub.act(OTHER, first, Kind.RETURNED, {"reason": "同类已裁定"})
    assert kinds(facts) == [Kind.RETURNED, Kind.UNDECIDED]


def test_who_was_ruled_to_be_responsible_still_is_when_the_work_is_done_again(hub: Hub, watch: Watch) -> None:
    case = take(hub, watch, "一居路口又积水", phone="1")[0].subject
    water = town.viewer(town.DISTRICT, "water", Role.HANDLER, user=15)
    hub.act(water, case, Kind.RETURNED, {"reason": "不属水务"})
    hub.act(ARBITER, case, Kind.RULED, {"host": HOUSING, "reason": "小区内"})
    hub.act(OTHER, case, Kind.SIGNED, {})
    hub.act(OTHER, case, Kind.HANDLED, {"result": "已抽"})
    hub.act(CHECKER, case, Kind.CHECK_PASSED, {})
    answer = {"report": row(case)["reporters"][0]["report"], "contacted": True, "solved": False}
    facts = hub.act(ARBITER, case, Kind.CALLED_BACK, answer)
    again = next(fact for fact in facts if fact.kind == Kind.DECIDED)
    assert (again.payload["route"], again.payload["host"]) == ("ruling", HOUSING)


def test_a_corrected_class_or_place_is_decided_anew_with_precedents_and_limits(hub: Hub, watch: Watch) -> None:
    case = take(hub, watch, "一居路口深积水")[0].subject
    facts = hub.act(ARBITER, case, Kind.CLASSIFIED, {"category": "stall"})
    assert kinds(facts) == [Kind.CLASSIFIED, Kind.DECIDED, Kind.DISPATCHED]
    assert (facts[1].payload["route"], facts[1].payload["host"]) == ("precedent", WATER), "ruled for stalls above"
    moved = hub.act(ARBITER, case, Kind.CLASSIFIED, {"category": "flood", "place": town.FAR_COMMUNITY})
    p = moved[1].payload
    assert (p["route"], p["host"]) == ("duty", f"{town.NEXT_DISTRICT}-water")
    assert (p["limits"]["handle"], row(case)["place"]) == (120, town.FAR_COMMUNITY)


def test_a_rebuild_gives_the_same_precedents(hub: Hub, watch: Watch) -> None:
    live = write.snapshot()
    assert len(live["precedent"]) >= 4
    write.rebuild(batch=50)
    assert write.snapshot() == live
