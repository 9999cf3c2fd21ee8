"""Classes on a real database: put up, filled, begun by the clock, attendance noted by others and asked for."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from tests import collecting, town, town_hall
from tests.conftest import Watch
from tests.data.catalogue import shelf
from tests.hub.resources.test_training import COURSES, DEMANDS, OFFICE, QUESTIONS
from zhongshu.data import write
from zhongshu.hub.hub import Hub
from zhongshu.kernel.errors import BadInput, IllegalMove, NotFound
from zhongshu.kernel.lifecycle import Role
from zhongshu.screen import gate

CLASSROOM = [{**one, "classroom": one["course"] == "privacy"} for one in COURSES]
ASKED: dict[str, Any] = {"where": "三楼教室", "trainer": "王老师", "seats": 2}
PASSED = {"1": 1, "2": 1}


@pytest.fixture(scope="module")
def people(database: str, tmp_path_factory: pytest.TempPathFactory) -> dict[str, int]:
    folder: Path = tmp_path_factory.mktemp("pack")
    shelf.put(folder, courses=CLASSROOM, course_questions=QUESTIONS, course_demands=DEMANDS)
    collecting.store()
    return town_hall.people()


@pytest.fixture(scope="module")
def hub(people: dict[str, int]) -> Iterator[Hub]:
    units = {**town.KNOWLEDGE.units, OFFICE.code: OFFICE}
    made = Hub(lambda: replace(town.TOOLS, knowledge=replace(town.KNOWLEDGE, units=units)), Watch())
    gate.install(made)
    yield made


def person(people: dict[str, int], name: str, *roles: Role) -> Any:
    place, kind, _roles = town_hall.POSTS[name]
    return town.viewer(place, kind, *roles, user=people[name])


def open_class(hub: Hub, chief: Any, course: str = "privacy", **more: Any) -> int:
    from zhongshu.hub.resources import proceedings

    given = {**ASKED, "when": (hub.clock() + timedelta(days=2)).isoformat(), **more}
    return proceedings.begin(hub.desk, chief, "class", given, f"course:{course}").subject


def begin_by_clock(hub: Hub, days: int = 2) -> int:
    from zhongshu.hub.resources import proceedings

    watch = hub.clock
    assert isinstance(watch, Watch)
    watch.now += timedelta(days=days)
    return proceedings.advance(hub.desk, watch.now)


def test_what_a_class_asks_for(hub: Hub, people: dict[str, int]) -> None:
    chief, worker = person(people, "district", Role.CHIEF), person(people, "community", Role.HANDLER)
    with pytest.raises(NotFound, match="没有这门课程"):
        open_class(hub, chief, "magic")
    with pytest.raises(BadInput, match="座位"):
        open_class(hub, chief, seats=0)
    with pytest.raises(IllegalMove, match="将来"):
        open_class(hub, chief, when=(hub.clock() - timedelta(hours=1)).isoformat())
    with pytest.raises(BadInput, match="带时区的时间"):
        open_class(hub, chief, when="tomorrow")
    with pytest.raises(IllegalMove, match="缺少必填项"):
        open_class(hub, chief, where="")
    with pytest.raises(IllegalMove, match="本岗位无权"):
        open_class(hub, worker)


def test_seats_are_taken_until_full_by_oneself_or_ones_chief(hub: Hub, people: dict[str, int]) -> None:
    from zhongshu.data.training import classes
    from zhongshu.hub.resources import proceedings

    chief = person(people, "district", Role.CHIEF)
    taught = open_class(hub, chief)

    def act(who: Any, move: str, **given: Any) -> None:
        proceedings.act(hub.desk, who, taught, move, given)

    worker, street = person(people, "community", Role.HANDLER), person(people, "street", Role.HANDLER)
    act(worker, "enrol")
    with pytest.raises(IllegalMove, match="已经报名"):
        act(worker, "enrol")
    with pytest.raises(IllegalMove, match="只收开班单位所在区划"):
        act(person(people, "next_district", Role.CHIEF), "enrol")
    with pytest.raises(IllegalMove, match="只有负责人"):
        act(street, "enrol", person=people["next_street"])
    with pytest.raises(IllegalMove, match="不在您的范围内"):
        act(chief, "enrol", person=people["next_district"])
    act(chief, "enrol", person=people["street"])
    assert {one["person"]: one["unit"] for one in classes.seats(taught)} == {
        people["community"]: OFFICE.code,
        people["street"]: f"{town.STREET}-office",
    }
    with pytest.raises(IllegalMove, match="已经报满 2 人"):
        act(chief, "enrol")
    act(street, "leave")
    with pytest.raises(IllegalMove, match="没有报名"):
        act(street, "leave")
    act(street, "enrol")
    with pytest.raises(IllegalMove, match="当前状态"):
        act(chief, "attend", person=people["street"])
    act(chief, "cancel", reason="讲课人生病")
    with pytest.raises(IllegalMove, match="当前状态"):
        act(street, "leave")


def test_attendance_is_noted_by_others_and_opens_the_examination(hub: Hub, people: dict[str, int]) -> None:
    from zhongshu.hub.resources import proceedings, training

    chief, worker = person(people, "district", Role.CHIEF), person(people, "community", Role.HANDLER)
    with pytest.raises(IllegalMove, match="须先到培训班"):
        training.take(hub.desk, worker, "privacy", PASSED)
    assert training.take(hub.desk, worker, "people", PASSED).payload["passed"]
    taught = open_class(hub, chief, seats=3)
    for who in (worker, chief):
        proceedings.act(hub.desk, who, taught, "enrol", {})
    assert begin_by_clock(hub) == 1
    with pytest.raises(IllegalMove, match="当前状态"):
        proceedings.act(hub.desk, person(people, "street", Role.HANDLER), taught, "enrol", {})

    def note(who: Any, move: str, name: str) -> None:
        proceedings.act(hub.desk, who, taught, move, {"person": people[name]})

    with pytest.raises(IllegalMove, match="申请方"):
        note(worker, "attend", "community")
    with pytest.raises(IllegalMove, match="本人不得记"):
        note(chief, "attend", "district")
    with pytest.raises(IllegalMove, match="没有报名"):
        note(chief, "attend", "street")
    with pytest.raises(IllegalMove, match="还有 2 人"):
        proceedings.act(hub.desk, chief, taught, "close", {})
    note(chief, "absent", "community")
    with pytest.raises(IllegalMove, match="须先到培训班"):
        training.take(hub.desk, worker, "privacy", PASSED)
    note(chief, "attend", "community")
    with pytest.raises(IllegalMove, match="不能取消"):
        proceedings.act(hub.desk, chief, taught, "cancel", {"reason": "记错"})
    other = replace(chief, user=people["city"])
    note(other, "absent", "district")
    proceedings.act(hub.desk, chief, taught, "close", {})
    assert training.take(hub.desk, worker, "privacy", PASSED).payload["passed"]
    watch = hub.clock
    assert isinstance(watch, Watch)
    watch.now += timedelta(days=101)
    with pytest.raises(IllegalMove, match="须先到培训班"):
        training.take(hub.desk, worker, "privacy", PASSED)
    before = write.snapshot()
    write.rebuild()
    assert write.snapshot() == before
    assert len(before["class_seat"]) == 4


def test_the_pages_of_classes(hub: Hub, people: dict[str, int]) -> None:
    chief, worker = town_hall.sign_in("district"), town_hall.sign_in("community")
    assert "开班" not in worker.get("/data/training/privacy").content.decode()
    assert "open-class" in chief.get("/data/training/privacy").content.decode()
    day = hub.clock() + timedelta(days=5)
    form = {"when": f"{day:%Y-%m-%dT%H:%M}", "where": "四楼", "trainer": "李老师", "seats": "1"}
    assert chief.post("/data/training/privacy/class", form | {"when": "soon"}).status_code == 422
    made = chief.post("/data/training/privacy/class", form)
    assert made.status_code == 302, made.content.decode()[:300]
    address = made["Location"]
    listed = worker.get("/data/training").content.decode()
    assert "最近一班" in listed
    assert "须先到课" in listed
    assert "四楼" in listed
    assert worker.post(f"{address}/act", {"move": "enrol"}).status_code == 302
    shown = worker.get(address).content.decode()
    assert "1 / 1" in shown
    assert "退出报名" in shown
    assert "最近一班" not in worker.get("/data/training").content.decode()
    refused = town_hall.sign_in("street").post(f"{address}/act", {"move": "enrol"})
    assert (refused.status_code, "已经报满" in refused.content.decode()) == (409, True)
    hidden = town_hall.sign_in("street").get(address).content.decode()
    assert "另有 1 人" in hidden
    assert f'name="person" value="{people["community"]}"' not in hidden
    assert 'value="leave"' in chief.get(address).content.decode()
    assert worker.get(f"/data/proceedings/{address.rpartition('/')[2]}")["Location"] == address
    assert worker.get("/data/training/classes/1").status_code == 404
