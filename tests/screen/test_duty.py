"""The duty desk: who may begin, note and hand over, that two persons sign, and what the board counts."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest

from tests import town, town_hall
from tests.conftest import Watch
from zhongshu.data import dutylog, write
from zhongshu.data.people import viewer_of
from zhongshu.hub import duty
from zhongshu.hub.hub import Hub
from zhongshu.hub.sense.normalise import Intake
from zhongshu.kernel.access import Viewer
from zhongshu.kernel.errors import BadInput, IllegalMove
from zhongshu.kernel.lifecycle import Role
from zhongshu.screen import gate


@pytest.fixture(scope="module")
def users(database: str) -> dict[str, int]:
    return town_hall.people()


@pytest.fixture
def first(users: dict[str, int]) -> Viewer:
    return viewer_of(users["district"])


@pytest.fixture
def second(first: Viewer, users: dict[str, int]) -> Viewer:
    """A colleague in the same post."""
    return replace(first, user=users["city"], roles=frozenset({Role.OPERATOR}))


@pytest.fixture
def hall(users: dict[str, int]) -> Iterator[Hub]:
    hub = Hub(lambda: town.TOOLS)
    gate.install(hub)
    yield hub


def test_a_shift_is_handed_to_another_person_who_signs(hall: Hub, first: Viewer, second: Viewer) -> None:
    with pytest.raises(IllegalMove, match="nobody is on duty"):
        duty.note(hall, first, "没人当班时记的")
    begun = duty.begin(hall, first)
    with pytest.raises(BadInput):
        duty.note(hall, first, "  ")
    duty.note(hall, first, "暴雨，加派一组", True)
    with pytest.raises(IllegalMove, match="only who is on duty"):
        duty.hand(hall, second, "我来交", [])
    duty.hand(hall, first, "看积水点", [{"kind": "case", "id": 9, "title": "桥下积水"}])
    with pytest.raises(IllegalMove, match="nobody is on duty"):
        duty.note(hall, first, "交班后又记")
    with pytest.raises(IllegalMove, match="can't sign"):
        duty.begin(hall, first)
    taken = duty.begin(hall, second)
    newest, before = dutylog.shifts(first, first.unit)
    assert (newest["id"], newest["before"]) == (taken.subject, begun.subject)
    assert (before["notes"], before["taken_by"], before["handed_by"]) == ("看积水点", second.user, first.user)
    assert [(one["text"], one["open"]) for one in before["entries"]] == [("暴雨，加派一组", True)]
    with pytest.raises(IllegalMove, match="not handed over"):
        duty.begin(hall, first)
    duty.begin(hall, first, "二班突发急病")
    newest, before, *_ = dutylog.shifts(first, first.unit)
    assert (before["handed_at"], before["taken_by"]) == (None, first.user)
    rows = write.snapshot()
    write.rebuild()
    assert write.snapshot() == rows


def test_a_handler_keeps_no_duty_desk(hall: Hub, users: dict[str, int]) -> None:
    with pytest.raises(IllegalMove, match="no duty desk"):
        duty.begin(hall, viewer_of(users["street"]))
    assert town_hall.sign_in("street").get("/duty").status_code == 403


def test_the_page_hands_over_what_is_open_and_its_numbers_open_their_lists(hall: Hub, users: dict[str, int]) -> None:
    city = town_hall.sign_in("city")
    begun = city.post("/duty/act", {"act": "begin"}, follow=True).content.decode()
    assert "已接班。" in begun
    assert "由您签收" not in begun
    text = "一居 积水 触电 紧急"
    receipt = hall.take_in([Intake(key=text, text=text, at=hall.clock(), channel="web", source="web")])[0]
    case = receipt.facts[0].subject
    assert city.post("/duty/act", {"act": "note", "text": "给供电打了电话", "open": "1"}).status_code == 302
    page = city.get("/duty").content.decode()
    assert "给供电打了电话" in page
    opened = re.search(r'href="(/cases\?opened=[^"]+)"><span class="figures duty-number">1<', page)
    assert opened
    assert f'href="/cases/{case}?from=' in city.get(opened[1].replace("&amp;", "&")).content.decode()
    keys = re.findall(r'name="matter" value="([^"]+)"', page)
    assert any(key.startswith("entry-") for key in keys)
    assert city.post("/duty/act", {"act": "hand", "notes": "请盯住", "matter": [*keys, "case-1"]}).status_code == 302
    shift = dutylog.latest(f"{town.CITY}-command")
    assert shift is not None
    assert {f"{one['kind']}-{one['id']}" for one in shift["matters"]} == set(keys)
    refused = city.post("/duty/act", {"act": "begin"})
    assert refused.status_code == 409
    assert "交班人不能自己接班" in refused.content.decode()


def test_a_limit_that_broke_in_the_shift_is_on_its_list(users: dict[str, int], watch: Watch) -> None:
    hub = Hub(lambda: town.TOOLS, watch)
    watch.now = hub.clock() + timedelta(0)
    begun = watch.now
    text = "一居 垃圾 拖到逾期"
    hub.take_in([Intake(key=text, text=text, at=watch.now, channel="web", source="web", merge="off")])
    who = viewer_of(users["district"])
    before = dutylog.board(who, begun, begun + timedelta(days=9))["broken"]
    watch.now += timedelta(days=8)
    hub.advance()
    assert dutylog.board(who, begun, begun + timedelta(days=9))["broken"] == before + 1
