"""Pages of hot issues: what each post sees, the alarm, and what may be done about one."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connections
from django.test import Client
from django.utils import timezone

from tests import town, town_hall
from zhongshu.data.databases import OWNER
from zhongshu.hub import hot
from zhongshu.hub.hub import Hub
from zhongshu.hub.sense.normalise import normalise
from zhongshu.screen import gate

SAID = ("垃圾堆了一地", "垃圾没人清运", "垃圾又满出来", "垃圾发臭", "垃圾挡住楼道", "垃圾引来老鼠")


def make_hot(hub: Hub, then: datetime) -> int:
    """Six people about the rubbish of one community, gathered on that day; returns the issue."""
    for n, said in enumerate(SAID):
        raw = {"text": f"一居 {said}，电话13912345678", "lon": 113.3, "lat": 23.1, "channel": "phone", "merge": "off"}
        hub.take_in([normalise({**raw, "at": then.isoformat(), "name": "陈某", "phone": f"1380000000{n}"}, then)])
    hot.follow_all(hub.desk, then + timedelta(hours=1))
    with connections[OWNER].cursor() as cursor:
        cursor.execute("SELECT id FROM issue")
        return int(cursor.fetchone()[0])


@pytest.fixture(scope="module")
def issue(database: str) -> int:
    town_hall.people()
    hub = Hub(lambda: town.TOOLS)
    gate.install(hub)
    return make_hot(hub, datetime.now(UTC) - timedelta(days=5))


@pytest.fixture
def enter(issue: int) -> Callable[[str], Client]:
    return town_hall.sign_in


def test_the_list_says_how_hot_and_how_it_is_counted(issue: int, enter: Callable[[str], Client]) -> None:
    page = enter("city").get("/issues").content.decode()
    assert f'href="/issues/{issue}"' in page
    assert "H = (a·R + b·U) · (1 + c·g)" in page
    assert "热点：热度不低于" in page
    assert "1 个热点超过 3 天无人认领" in page
    assert "13912345678" not in page
    assert enter("city").get("/issues?box=cooled&cursor=x").status_code == 200


@pytest.mark.parametrize(("name", "sees"), [("street", True), ("community", True), ("next_street", False)])
def test_who_has_no_voice_in_it_sees_nothing(issue: int, enter: Callable[[str], Client], name: str, sees: bool) -> None:
    client = enter(name)
    assert (f"/issues/{issue}" in client.get("/issues").content.decode()) is sees
    assert (client.get(f"/issues/{issue}").status_code == 200) is sees
    assert (client.post(f"/issues/{issue}/act", {"kind": "IssueKnown"}).status_code == 404) is not sees


def test_the_page_of_one_shows_cases_trend_and_places(issue: int, enter: Callable[[str], Client]) -> None:
    page = enter("city").get(f"/issues/{issue}").content.decode()
    assert page.count('<td><a href="/cases/') == 6
    assert page.count("<circle") == 6
    assert "反映人数" in page
    assert f"/calls/new?issue={issue}" in page
    assert f"/directives/new?issue={issue}" in page
    assert "疑似绕道走" in page


def test_the_alarm_stands_beside_the_topics_too(issue: int, enter: Callable[[str], Client]) -> None:
    assert "有 1 个热点超过 3 天无人认领" in enter("city").get("/evaluation/topics").content.decode()
    assert "无人认领" not in enter("next_street").get("/evaluation/topics").content.decode()


def test_what_is_refused_is_said_on_the_page(issue: int, enter: Callable[[str], Client]) -> None:
    city, street = enter("city"), enter("street")
    answer = city.post(f"/issues/{issue}/act", {"kind": "IssueSilenced", "reason": "等设备"})
    assert (answer.status_code, "“until”必填" in answer.content.decode()) == (422, True)
    assert street.post(f"/issues/{issue}/act", {"kind": "IssueKnown", "reason": "x"}).status_code == 409
    assert city.get(f"/issues/{issue}/act").status_code == 405


def test_silence_known_and_a_task_each_still_the_alarm(issue: int, enter: Callable[[str], Client]) -> None:
    city = enter("city")
    until = (timezone.localdate() + timedelta(days=9)).isoformat()
    given = {"kind": "IssueSilenced", "reason": "设备在途", "until": until}
    assert city.post(f"/issues/{issue}/act", given).status_code == 302
    page = city.get(f"/issues/{issue}").content.decode()
    assert "静默中" in page
    assert "疑似绕道走" not in page
    known = {"kind": "IssueKnown", "reason": "本月专题", "topic": "rubbish"}
    assert city.post(f"/issues/{issue}/act", known).status_code == 302
    assert "/evaluation/topic?topic=rubbish" in city.get(f"/issues/{issue}").content.decode()
    form = city.get(f"/directives/new?issue={issue}").content.decode()
    assert f'name="issue" value="{issue}"' in form
    order = {"form": "order", "text": "清运", "authority": "热点", "units": f"{town.DISTRICT}-command", "issue": issue}
    answer = city.post("/directives/new", order)
    assert answer.status_code == 302, answer.content.decode()
    page = city.get(f"/issues/{issue}").content.decode()
    assert "转为任务" in page
    assert answer["Location"] in page
    assert f"/issues/{issue}" in city.get("/issues?box=taken").content.decode()
