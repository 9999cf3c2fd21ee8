"""Calls: who may call whom, what each unit must do, what becomes of a call that nobody answers."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from tests import town
from tests.conftest import Watch
from zhongshu.data import attachments, convening, write
from zhongshu.hub.desk import Tools
from zhongshu.hub.hub import Hub
from zhongshu.kernel.access import Viewer
from zhongshu.kernel.convening import CALL
from zhongshu.kernel.desk import Unit
from zhongshu.kernel.errors import BadInput, IllegalMove, NotFound
from zhongshu.kernel.facts import Kind
from zhongshu.kernel.lifecycle import Role
from zhongshu.kernel.places import Level
from zhongshu.screen.photos import Photo

LEADERS = Unit(f"{town.CITY}-leading_group", "领导小组", "leading_group", Level.CITY, town.CITY)
PARTY = Unit(f"{town.STREET}-party", "街道党工委", "party", Level.STREET, town.STREET)
UNITS = [*town.UNITS, LEADERS, PARTY]
KNOWLEDGE = replace(
    town.KNOWLEDGE,
    units={unit.code: unit for unit in UNITS},
    unit_at={(unit.place, unit.kind): unit.code for unit in UNITS},
)
TOOLS = Tools(KNOWLEDGE, town.Model(), town.Atlas())

STREET = town.viewer(town.STREET, "office", Role.HANDLER, Role.CHIEF, user=11)
WATER = town.viewer(town.DISTRICT, "water", Role.HANDLER, user=12)
HOUSING = town.viewer(town.DISTRICT, "housing", Role.HANDLER, user=13)
CENTRE = town.viewer(town.DISTRICT, "command", Role.OPERATOR, Role.CHIEF, user=14)
NEXT = town.viewer(town.NEXT_STREET, "office", Role.HANDLER, Role.CHIEF, user=15)
FAR = town.viewer(town.NEXT_DISTRICT, "water", Role.HANDLER, user=16)


@pytest.fixture
def hub(database: str, watch: Watch) -> Hub:
    return Hub(lambda: TOOLS, watch)


@pytest.fixture
def photo(hub: Hub) -> Callable[[], int]:
    def store() -> int:
        one = hub.ids.take()
        attachments.store([one], [Photo("现场.jpg", "image/jpeg", b"\xff\xd8", "0" * 64)])
        return one

    return store


def called(hub: Hub, viewer: Viewer = STREET, **more: Any) -> int:
    given = {
        "kind": "street",
        "urgent": True,
        "text": "桥下积水，街道力量不足",
        "authority": "街乡吹哨",
        "lon": 113.3,
        "lat": 23.1,
        "units": [WATER.unit],
        "leave": "水退、路通方可撤离",
    }
    return hub.convene(viewer, Kind.CALLED, {**given, **more})[0].subject


def row(call: int) -> dict[str, Any]:
    return convening.rows(CALL, [call])[call]


def part(call: int, viewer: Viewer = WATER) -> dict[str, Any]:
    found: dict[str, Any] = row(call)["parts"][viewer.unit]
    return found


def test_a_street_calls_a_department_until_it_is_scored(hub: Hub, watch: Watch, photo: Callable[[], int]) -> None:
    call = called(hub)
    hub.convene(WATER, Kind.CALL_ACKNOWLEDGED, {}, call)
    watch.now += timedelta(minutes=20)
    hub.convene(WATER, Kind.CALL_ARRIVED, {"lon": 113.3001, "lat": 23.1, "photos": [photo()]}, call)
    hub.convene(WATER, Kind.CALL_ACTED, {"result": "抽排完毕"}, call)
    hub.convene(STREET, Kind.CALL_RELEASED, {"unit": WATER.unit}, call)
    facts = hub.convene(STREET, Kind.CALL_SCORED, {"unit": WATER.unit, "score": 5, "word": "到得快"}, call)
    assert [fact.kind for fact in facts] == [Kind.CALL_SCORED, Kind.CALL_ENDED]
    done = row(call)
    assert (done["state"], done["parts"][WATER.unit]["score"]) == ("ended", 5)
    assert done["parts"][WATER.unit]["metres"] == pytest.approx(10.2, abs=0.2)
    assert done["parts"][WATER.unit]["missed"] == []


def test_nobody_leaves_before_he_is_released_and_only_the_caller_scores(hub: Hub, photo: Callable[[], int]) -> None:
    call = called(hub)
    with pytest.raises(IllegalMove, match="CallReleased needs one in acted"):
        hub.convene(STREET, Kind.CALL_RELEASED, {"unit": WATER.unit}, call)
    hub.convene(WATER, Kind.CALL_ARRIVED, {"lon": 113.3, "lat": 23.1, "photos": [photo()]}, call)
    hub.convene(WATER, Kind.CALL_ACTED, {"result": "抽排完毕"}, call)
    with pytest.raises(IllegalMove, match="只能由呼叫方操作"):
        hub.convene(WATER, Kind.CALL_RELEASED, {"unit": WATER.unit}, call)
    hub.convene(STREET, Kind.CALL_RELEASED, {"unit": WATER.unit}, call)
    with pytest.raises(IllegalMove, match="只能由呼叫方操作"):
        hub.convene(WATER, Kind.CALL_SCORED, {"unit": WATER.unit, "score": 5, "word": "自评"}, call)
    with pytest.raises(BadInput, match="1 至 5"):
        hub.convene(STREET, Kind.CALL_SCORED, {"unit": WATER.unit, "score": 6, "word": "好"}, call)


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({"lon": 113.3, "lat": 23.1, "photos": []}, "现场照片"),
        ({"lon": 113.31, "lat": 23.1, "photos": [1]}, "须说明原因"),
        ({"photos": [1]}, "请提供定位"),
        ({"lon": 113.3, "lat": 23.1}, "缺少必填项：photos"),
    ],
)
def test_an_arrival_needs_photo_and_place_or_reason(hub: Hub, given: dict[str, Any], sentence: str) -> None:
    with pytest.raises(IllegalMove, match=sentence):
        hub.convene(WATER, Kind.CALL_ARRIVED, given, called(hub))


def test_far_away_with_a_reason_is_taken_and_measured(hub: Hub, photo: Callable[[], int]) -> None:
    call = called(hub)
    given = {"lon": 113.31, "lat": 23.1, "reason": "道路封闭，在外围处置", "photos": [photo()]}
    hub.convene(WATER, Kind.CALL_ARRIVED, given, call)
    assert part(call)["metres"] == pytest.approx(1023, abs=5)
    assert part(call)["note"] == "道路封闭，在外围处置"


def test_a_photo_of_somebody_elses_matter_is_refused(hub: Hub, photo: Callable[[], int]) -> None:
    first, second, one = called(hub), called(hub), photo()
    hub.convene(WATER, Kind.CALL_ARRIVED, {"lon": 113.3, "lat": 23.1, "photos": [one]}, first)
    with pytest.raises(BadInput, match="照片未上传"):
        hub.convene(WATER, Kind.CALL_ARRIVED, {"lon": 113.3, "lat": 23.1, "photos": [one]}, second)
    assert part(second)["state"] == "notified"


def test_what_nobody_answers_goes_up_by_itself_to_the_leading_group(hub: Hub, watch: Watch) -> None:
    call = called(hub)
    chain = []
    for _ in range(8):
        watch.now += timedelta(minutes=31)
        while hub.advance():
            pass
        chain.append(sorted(row(call)["parts"]))
    assert chain[0] == sorted([WATER.unit, f"{town.CITY}-water"])
    assert LEADERS.code in chain[1]
    assert len(chain[-1]) == 3
    assert part(call)["missed"] == ["acknowledge", "arrive"]
    assert row(call)["raised"] >= 3


def test_who_answers_late_is_late_though_nobody_was_raised(hub: Hub, watch: Watch) -> None:
    call = called(hub)
    watch.now += timedelta(minutes=45)
    hub.convene(WATER, Kind.CALL_ACKNOWLEDGED, {}, call)
    assert part(call)["missed"] == ["acknowledge"]
    assert hub.advance() == 0


def test_whoever_is_named_by_the_caller_arrives_by_then(hub: Hub, watch: Watch) -> None:
    by = (watch.now + timedelta(minutes=10)).isoformat()
    call = called(hub, arrive_by=by)
    assert part(call)["limits"]["arrive"] == by
    with pytest.raises(BadInput, match="时限须晚于当前时间"):
        called(hub, arrive_by=(watch.now - timedelta(minutes=1)).isoformat())


def test_without_a_name_the_desk_of_the_district_is_called_and_calls_others(hub: Hub) -> None:
    call = called(hub, units="")
    assert list(row(call)["parts"]) == [CENTRE.unit]
    hub.convene(CENTRE, Kind.CALL_WIDENED, {"units": [WATER.unit, HOUSING.unit], "reason": "派应"}, call)
    assert set(row(call)["parts"]) == {CENTRE.unit, WATER.unit, HOUSING.unit}
    with pytest.raises(IllegalMove, match="只能由呼叫方或指挥中心加呼"):
        hub.convene(HOUSING, Kind.CALL_WIDENED, {"units": ["district/water"], "reason": "再派"}, call)


def test_the_party_calls_all_under_it_and_only_the_party(hub: Hub) -> None:
    party = town.viewer(town.STREET, "party", Role.CHIEF, user=21)
    call = called(hub, party, kind="party", units=["street/office"])
    assert list(row(call)["parts"]) == [STREET.unit]
    with pytest.raises(IllegalMove, match="不能发起这类呼叫"):
        called(hub, STREET, kind="party")
    with pytest.raises(IllegalMove, match="所在层级不能发起"):
        called(hub, WATER, kind="street", place=town.STREET)


def test_who_is_not_concerned_finds_nothing(hub: Hub) -> None:
    call = called(hub)
    with pytest.raises(NotFound, match="没有这条呼叫"):
        hub.convene(NEXT, Kind.CALL_ACKNOWLEDGED, {}, call)
    with pytest.raises(NotFound):
        hub.convene(FAR, Kind.CALL_ACKNOWLEDGED, {}, call)
    with pytest.raises(IllegalMove, match="不在被呼"):
        hub.convene(HOUSING, Kind.CALL_ACKNOWLEDGED, {}, call)
    assert convening.whole(FAR, CALL, call) is None
    assert [one["id"] for one in convening.listed(WATER, CALL, "answer")][0] == call


def test_a_unit_from_elsewhere_sees_what_it_is_called_to_and_not_the_others(hub: Hub) -> None:
    call = called(hub, units=[WATER.unit, FAR.unit])
    seen = convening.whole(FAR, CALL, call)
    assert seen is not None
    assert [one["unit"] for one in seen["parts"]] == [FAR.unit]
    hub.convene(WATER, Kind.CALL_ACKNOWLEDGED, {}, call)
    again = convening.whole(FAR, CALL, call)
    assert again is not None
    assert [fact["kind"] for fact in again["timeline"]] == [Kind.CALLED]


def test_a_call_that_is_withdrawn_wakes_nobody(hub: Hub, watch: Watch) -> None:
    call = called(hub)
    hub.convene(STREET, Kind.CALL_WITHDRAWN, {"reason": "水已自退"}, call)
    watch.now += timedelta(days=2)
    while hub.advance():
        pass
    assert part(call)["missed"] == []
    with pytest.raises(IllegalMove, match="已结束"):
        hub.convene(WATER, Kind.CALL_ACKNOWLEDGED, {}, call)


def test_scores_are_kept_for_each_unit(hub: Hub, watch: Watch, photo: Callable[[], int]) -> None:
    watch.now += timedelta(days=400)
    start = watch.now
    first, second = called(hub, units=[HOUSING.unit]), called(hub, units=[HOUSING.unit])
    watch.now += timedelta(minutes=45)
    for call, score in ((first, 2), (second, 5)):
        hub.convene(HOUSING, Kind.CALL_ARRIVED, {"lon": 113.3, "lat": 23.1, "photos": [photo()]}, call)
        hub.convene(HOUSING, Kind.CALL_ACTED, {"result": "已处置"}, call)
        hub.convene(STREET, Kind.CALL_RELEASED, {"unit": HOUSING.unit}, call)
        hub.convene(STREET, Kind.CALL_SCORED, {"unit": HOUSING.unit, "score": score, "word": "评语"}, call)
    found = convening.answers(STREET, start, watch.now)
    assert found == [convening.Answers(HOUSING.unit, 2, 0, 2, 2, 2, 3.5)]
    assert {one["id"] for one in convening.listed(STREET, CALL, "unit", of=HOUSING.unit)} >= {first, second}


def test_the_ledger_gives_the_same_rows_again(hub: Hub) -> None:
    before = write.snapshot()
    write.rebuild()
    assert write.snapshot() == before
