"""Training on a real database: who must know what, an examination, what a trainer records, and no form before it."""

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
from zhongshu.data import write
from zhongshu.hub.hub import Hub
from zhongshu.kernel.desk import Unit
from zhongshu.kernel.errors import BadInput, IllegalMove, NotFound
from zhongshu.kernel.lifecycle import Role
from zhongshu.kernel.places import Level
from zhongshu.screen import gate

_COURSE = {
    "name_en": "",
    "minutes": 20,
    "pass_share": 0.5,
    "valid_days": 100,
    "basis": "",
    "gates": False,
    "classroom": False,
}
COURSES: list[dict[str, Any]] = [
    {
        **_COURSE,
        "course": "people",
        "name": "人口采集",
        "text": "先看带出的值|只问空着的",
        "forms": ("F02",),
        "gates": True,
    },
    {**_COURSE, "course": "privacy", "name": "个人信息保护", "text": "够用就好", "forms": ()},
]
QUESTIONS: list[dict[str, Any]] = [
    {"course": code, "question": n, "text": f"{code} {n}？", "options": "对|不对", "right": 1}
    for code in ("people", "privacy")
    for n in ("1", "2")
]
DEMANDS: list[dict[str, Any]] = [
    {"course": "people", "demand": "1", "kind": "office", "level": 4, "roles": ("handler",), "basis": ""},
    {"course": "privacy", "demand": "1", "kind": "", "level": None, "roles": ("handler", "chief"), "basis": ""},
]
OFFICE = Unit(f"{town.COMMUNITY}-office", "居委会", "office", Level.COMMUNITY, town.COMMUNITY)


@pytest.fixture(scope="module")
def people(database: str, tmp_path_factory: pytest.TempPathFactory) -> dict[str, int]:
    folder: Path = tmp_path_factory.mktemp("pack")
    shelf.put(folder, courses=COURSES, course_questions=QUESTIONS, course_demands=DEMANDS)
    collecting.store()
    return town_hall.people()


@pytest.fixture(scope="module")
def hub(people: dict[str, int]) -> Iterator[Hub]:
    units = {**town.KNOWLEDGE.units, OFFICE.code: OFFICE}
    tools = replace(town.TOOLS, knowledge=replace(town.KNOWLEDGE, units=units))
    made = Hub(lambda: tools, Watch())
    gate.install(made)
    yield made


def test_an_examination_gives_a_certificate_that_ends(hub: Hub, people: dict[str, int]) -> None:
    from zhongshu.data.training import courses
    from zhongshu.hub.resources import filling, training
    from zhongshu.hub.resources.filling import Whom

    worker = town.viewer(town.COMMUNITY, "office", Role.HANDLER, user=people["community"])
    assert courses.wanted(worker, "office") == ["people", "privacy"]
    closed = training.lacking(worker, ["F01", "F02"], hub.tools.knowledge, hub.clock())
    assert {form: one.code for form, one in closed.items()} == {"F02": "people"}
    with pytest.raises(IllegalMove, match="须先通过培训“人口采集”"):
        filling.fill(hub.desk, worker, "F02", Whom("person", 1), {})
    with pytest.raises(BadInput, match="还有 1 题"):
        training.take(hub.desk, worker, "people", {"1": 1})
    failed = training.take(hub.desk, worker, "people", {"1": 2, "2": 2}).payload
    assert (failed["passed"], failed["until"]) == (False, None)
    passed = training.take(hub.desk, worker, "people", {"1": 1, "2": 2}).payload
    assert (passed["right"], passed["asked"], passed["passed"]) == (1, 2, True)
    training.take(hub.desk, worker, "people", {"1": 2, "2": 2})
    record = courses.mine(people["community"])["people"]
    assert training.lacking(worker, ["F02"], hub.tools.knowledge, hub.clock()) == {}
    assert courses.holds(record, hub.clock() + timedelta(days=99))
    assert not courses.holds(record, hub.clock() + timedelta(days=101))
    with pytest.raises(NotFound, match="填报对象"):
        filling.fill(hub.desk, worker, "F02", Whom("person", 1), {})


def test_a_trainer_sees_units_and_records_for_others(hub: Hub, people: dict[str, int]) -> None:
    from zhongshu.data.training import courses, strata
    from zhongshu.hub.resources import training

    chief = town.viewer(town.CITY, "command", Role.CHIEF, user=people["city"])
    now = hub.clock()
    told = {one["unit"]: (one["must"], one["held"]) for one in courses.by_unit(chief, now)}
    assert told[f"{town.COMMUNITY}-office"] == (2, 1)
    assert told[f"{town.CITY}-command"] == (1, 0)
    assert strata.loads(chief, [town.COMMUNITY], now) == {town.COMMUNITY: 0.0}
    assert strata.wrong_cells(chief) == {}
    with pytest.raises(IllegalMove, match="负责人"):
        training.record(hub.desk, chief, "privacy", people["street"], "集中培训")
    with pytest.raises(NotFound, match="不需要"):
        training.record(hub.desk, chief, "people", people["street"], "集中培训")
    bureau = town.viewer(town.CITY, "data", Role.CHIEF, user=people["city"])
    with pytest.raises(IllegalMove, match="负责人"):
        training.record(hub.desk, bureau, "privacy", people["street"], "集中培训")


def test_the_pages_of_training(hub: Hub, people: dict[str, int]) -> None:
    client = town_hall.sign_in("community")
    listed = client.get("/data/training").content.decode()
    assert "人口采集" in listed
    assert "已持证" in listed
    assert "1 / 2" in listed
    assert "须先持证" not in client.get("/data/fill").content.decode()
    assert "只问空着的" in client.get("/data/training/people").content.decode()
    assert client.post("/data/training/privacy/take", {"q-1": "1"}).status_code == 422
    assert (
        "没有通过" in client.post("/data/training/privacy/take", {"q-1": "2", "q-2": "2"}, follow=True).content.decode()
    )
    assert (
        "通过：" in client.post("/data/training/privacy/take", {"q-1": "1", "q-2": "1"}, follow=True).content.decode()
    )
    chief = town_hall.sign_in("city")
    rows = chief.get("/data/training?state=never").content.decode()
    assert "street" in rows
    assert chief.post("/data/training/record", {"course": "privacy", "person": "0"}).status_code == 404
    told = chief.get("/api/data/training?course=privacy").json()
    assert {one["unit"]: one["held"] for one in told["units"]}[f"{town.COMMUNITY}-office"] == 1
    assert [one["state"] for one in client.get("/api/data/training/mine").json()] == ["held", "held"]
    before = write.snapshot()
    write.rebuild()
    assert write.snapshot() == before
    assert len(before["course_taken"]) == 5
