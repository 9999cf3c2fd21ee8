"""The long tail: special needs and rare matters wait in a queue of their own, whatever else pours in."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from tests import town
from tests.conftest import Watch
from zhongshu.data import cases, lists, queue, standing
from zhongshu.data.intake import caller_key
from zhongshu.data.lists import TAIL, Wanted
from zhongshu.hub.hub import Hub
from zhongshu.hub.sense.normalise import normalise
from zhongshu.kernel.desk import Category, Duty, Guess, Raise
from zhongshu.kernel.facts import Kind
from zhongshu.kernel.lifecycle import Role
from zhongshu.kernel.places import Weather

PARKING, BATCH = 10_000, 500
KNOWLEDGE = replace(
    town.KNOWLEDGE,
    categories={
        **town.KNOWLEDGE.categories,
        "parking": Category("parking", "违停", threshold=0.5),
        "lift": Category("lift", "电梯", threshold=0.5),
    },
    duties={
        **town.KNOWLEDGE.duties,
        "parking": (Duty("D8", "parking", "street/office", basis="示范"),),
        "lift": (Duty("D9", "lift", "district/housing", basis="示范"),),
    },
    raises=(Raise("R1", "weather", "rainstorm", "flood", 1, "暴雨预警生效"),),
)


class Model(town.Model):
    """Knows parking and lifts, too."""

    def _one(self, text: str) -> Guess:
        named = {"违停": "parking", "电梯": "lift"}
        found = [code for word, code in named.items() if word in text]
        return Guess(found[0], 0.9) if found else super()._one(text)


TOOLS = replace(town.TOOLS, knowledge=KNOWLEDGE, model=Model())
CHIEF = town.viewer(town.CITY, "command", Role.CHIEF, Role.OPERATOR, user=21)
HANDLER = town.viewer(town.DISTRICT, "housing", Role.HANDLER, user=22)
ELSEWHERE = town.viewer(town.NEXT_DISTRICT, "water", Role.HANDLER, user=23)


@pytest.fixture
def hub(database: str, watch: Watch) -> Hub:
    return Hub(lambda: TOOLS, watch, look_every=0)


def tell(hub: Hub, watch: Watch, text: str, **more: Any) -> Any:
    return hub.take_in([normalise({"text": text, **more}, watch())])[0].facts


def row(case: int) -> Any:
    return cases.rows([case])[case]


def running(case: int) -> Iterator[str]:
    return (one["name"] for one in row(case)["clocks"] if not one["stopped_at"])


def test_one_lift_is_not_behind_ten_thousand_parking_complaints(hub: Hub, watch: Watch) -> None:
    texts = [f"一居{n}号门口违停" for n in range(PARKING)]
    told = [normalise({"text": text}, watch()) for text in texts]
    for start in range(0, PARKING // 2, BATCH):
        hub.take_in(told[start : start + BATCH])
    lift = tell(hub, watch, "一居3栋电梯停了，我是独居老人下不了楼")[0].subject
    for start in range(PARKING // 2, PARKING, BATCH):
        hub.take_in(told[start : start + BATCH])

    page = lists.tail(CHIEF, Wanted(queue=TAIL), watch())
    assert [one["id"] for one in page.rows] == [lift], "alone, though five thousand came before and five thousand after"
    assert (page.count, page.next) == (1, None)
    assert page.rows[0]["due_at"] == watch() + timedelta(minutes=120), "its own limit, not that of the duty"
    assert lists.matching(CHIEF, Wanted(queue=TAIL), watch(), 100) == [lift], "the tab counts what its list shows"
    newest = lists.page(CHIEF, Wanted(open=True), watch())
    assert lift not in {one["id"] for one in newest.rows}, "in the common list it is a hundred pages down"
    assert newest.capped

    assert "special" in running(lift)
    hub.act(HANDLER, lift, Kind.SIGNED, {})
    assert "special" not in running(lift)
    assert lists.tail(CHIEF, Wanted(queue=TAIL), watch()).rows == [], "once somebody has it in hand it leaves the queue"


def test_a_rare_class_joins_the_queue_behind_what_ends_sooner(hub: Hub, watch: Watch) -> None:
    rare = tell(hub, watch, "一居地下室进水积水")[0].subject
    assert "rare" in running(rare), "no flood among ten thousand"
    watch.now += timedelta(minutes=1)
    special = tell(hub, watch, "一居垃圾堆在门口，我是独居老人搬不动")[0].subject
    found = [one["id"] for one in lists.tail(CHIEF, Wanted(queue=TAIL), watch()).rows]
    assert found == [special, rare], "two hours around the clock end before eight working hours"
    assert lists.tail(ELSEWHERE, Wanted(queue=TAIL), watch()).rows == []
    narrowed = lists.tail(CHIEF, Wanted(queue=TAIL, categories=("flood",)), watch())
    assert [one["id"] for one in narrowed.rows] == [rare]
    first = lists.tail(CHIEF, Wanted(queue=TAIL), watch(), size=1)
    assert ([one["id"] for one in first.rows], first.next) == ([special], 1)
    assert [one["id"] for one in lists.tail(CHIEF, Wanted(queue=TAIL), watch(), after=1).rows] == [rare]


def test_its_limit_warns_and_goes_up(hub: Hub, watch: Watch) -> None:
    case = tell(hub, watch, "一居垃圾挡住轮椅通道，独居老人出不来")[0].subject
    watch.now += timedelta(minutes=125)
    hub.advance()
    assert row(case)["escalated"] > 0
    assert lists.tail(CHIEF, Wanted(queue=TAIL), watch()).rows[0]["overdue"]


def test_a_special_need_is_not_put_away_among_ordinary_ones(hub: Hub, watch: Watch) -> None:
    here = {"lon": 113.31, "lat": 23.11, "address": "一居"}
    first = tell(hub, watch, "一居小店门口垃圾堆得老高没人清走", **here)[0].subject
    second = tell(hub, watch, "一居小店门口垃圾堆得老高没人清走，独居老人", **here)
    assert [fact.kind for fact in second][:2] == [Kind.JUDGED, Kind.MERGE_PROPOSED]
    assert second[1].payload["other"] == first
    third = tell(hub, watch, "一居小店门口垃圾堆得老高没人清走，独居老人", **here)
    assert third[0].kind == Kind.MERGED, "one special need may join another"


def test_who_calls_again_is_known_by_a_hash_alone(hub: Hub, watch: Watch) -> None:
    first = tell(hub, watch, "一居球场边垃圾", phone="138-0000-0001")[0].subject
    tell(hub, watch, "一居球场边积水", phone="13800000009")
    again = tell(hub, watch, "一居球场旁边的垃圾怎么还在", phone="13800000001")[0]
    assert again.payload["urgency"] == 1
    why = again.payload["needs"][-1]
    assert (why[0], why[2]) == ("同一来电人", 1)
    assert row(first)["number"] in why[1]
    other = tell(hub, watch, "一居别处违停", phone="13800000001")[0]
    assert other.payload["urgency"] == 0, "about something else it is no repetition"
    key = caller_key("13800000001")
    assert key == caller_key("138-0000-0001") != caller_key("13800000002")
    assert "13800000001" not in key
    assert caller_key("未留") == ""


def test_a_merged_repetition_raises_the_case(hub: Hub, watch: Watch) -> None:
    here = {"lon": 113.33, "lat": 23.13, "address": "一居", "phone": "13800000077"}
    case = tell(hub, watch, "一居码头边垃圾堆得老高没人清走", **here)[0].subject
    assert row(case)["urgency"] == 0
    merged = tell(hub, watch, "一居码头边垃圾堆得老高没人清走", **here)[0]
    assert (merged.kind, merged.subject) == (Kind.MERGED, case)
    assert row(case)["urgency"] == 1
    tell(hub, watch, "一居码头边垃圾堆得老高没人清走", lon=113.33, lat=23.13, address="一居")
    assert row(case)["urgency"] == 1, "an ordinary one does not lower it"


def test_a_weather_warning_raises_until_it_is_called_off(hub: Hub, watch: Watch) -> None:
    warned = Weather("rainstorm", town.DISTRICT, watch() - timedelta(hours=1), None, "市气象台暴雨橙色预警")
    number = standing.announce(warned)
    case = tell(hub, watch, "一居北门路口积水")[0]
    assert ["rainstorm", "暴雨预警生效（市气象台暴雨橙色预警）", 1] in case.payload["needs"]
    assert [one["id"] for one in standing.listed(watch())] == [number]
    watch.now += timedelta(hours=1)
    assert standing.call_off(number, watch())
    assert not standing.call_off(number, watch())
    assert tell(hub, watch, "一居南门路口积水")[0].payload["needs"] == []
    assert queue.waiting() == 0
