"""Proceedings on a real database: begun, moved, refused, heard of by the clock, rebuilt; who sees them and where."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import orjson
import pytest
from django.db import connections

from tests import town, town_hall
from tests.conftest import Watch
from zhongshu.data import proceedings as rows
from zhongshu.data import write
from zhongshu.data.databases import OWNER
from zhongshu.hub.hub import Hub
from zhongshu.hub.resources import proceedings
from zhongshu.kernel.desk import Unit
from zhongshu.kernel.errors import IllegalMove, NotFound
from zhongshu.kernel.facts import Kind
from zhongshu.kernel.lifecycle import Role
from zhongshu.kernel.places import Level
from zhongshu.screen import gate

BUREAU = Unit(f"{town.CITY}-data", "数据局", "data", Level.CITY, town.CITY)
TOOLS = replace(town.TOOLS, knowledge=replace(town.KNOWLEDGE, units={**town.KNOWLEDGE.units, BUREAU.code: BUREAU}))
WRITER = town.viewer(town.CITY, "data", Role.HANDLER, user=51)
HEAD = town.viewer(town.CITY, "data", Role.CHIEF, user=52)
DISTRICT = town.viewer(town.DISTRICT, "command", Role.CHIEF, user=53)


@pytest.fixture(scope="module")
def hub(database: str) -> Hub:
    town_hall.people()
    made = Hub(lambda: TOOLS, Watch())
    gate.install(made)
    return made


def draft(hub: Hub) -> int:
    given = {"title": "地址编码规则", "text": "十二位区划码加三位网格码"}
    return proceedings.begin(hub.desk, WRITER, "standard", given).subject


def pass_days(hub: Hub, days: int) -> int:
    watch = hub.clock
    assert isinstance(watch, Watch)
    watch.now += timedelta(days=days)
    return proceedings.advance(hub.desk, watch.now)


def everything() -> list[bytes]:
    with connections[OWNER].cursor() as cursor:
        cursor.execute("SELECT to_jsonb(p)::text FROM proceeding p ORDER BY id")
        return [orjson.dumps(orjson.loads(text), option=orjson.OPT_SORT_KEYS) for (text,) in cursor.fetchall()]


def test_a_standard_from_draft_to_force(hub: Hub) -> None:
    one = draft(hub)
    with pytest.raises(IllegalMove, match="can't follow"):
        proceedings.act(hub.desk, HEAD, one, "issue", {"reason": "可行", "effective": "2026-07-01"})
    proceedings.act(hub.desk, WRITER, one, "consult", {"until": "2026-06-10"})
    proceedings.act(hub.desk, DISTRICT, one, "comment", {"text": "请兼顾乡镇"})
    row = rows.row(one)
    assert row is not None
    assert (row["state"], row["given"]["text"]) == ("consulting", "请兼顾乡镇")
    assert row["due_at"].startswith("2026-06-10T16:00")
    assert pass_days(hub, 3) == 0
    assert pass_days(hub, 8) == 1
    with pytest.raises(IllegalMove, match="本岗位"):
        proceedings.act(hub.desk, WRITER, one, "issue", {"reason": "可行", "effective": "2026-07-01"})
    proceedings.act(hub.desk, HEAD, one, "issue", {"reason": "可行", "effective": "2026-07-01"})
    assert pass_days(hub, 40) == 1
    found = rows.whole(DISTRICT, one)
    assert found is not None
    assert [fact["payload"]["move"] for fact in found["timeline"]] == [
        "draft",
        "consult",
        "comment",
        "lapse",
        "issue",
        "start",
    ]
    assert (found["state"], found["people"]["comment"], found["ended_at"]) == ("effective", 53, None)
    assert found["number"].startswith("B20260601-")


def test_who_drafts_does_not_issue(hub: Hub) -> None:
    both = replace(WRITER, roles=frozenset({Role.HANDLER, Role.CHIEF}))
    one = proceedings.begin(hub.desk, both, "standard", {"title": "门牌", "text": "细则"}).subject
    proceedings.act(hub.desk, both, one, "consult", {"until": "2030-06-10"})
    assert pass_days(hub, 2000) >= 1
    with pytest.raises(IllegalMove, match="须由他人执行"):
        proceedings.act(hub.desk, both, one, "issue", {"reason": "可行", "effective": "2040-07-01"})


def test_what_waits_is_listed_for_whom_it_waits(hub: Hub) -> None:
    one = draft(hub)
    mine = rows.listed(WRITER, waits=proceedings.waits(WRITER, TOOLS.knowledge))
    assert one in [row["id"] for row in mine]
    assert one not in [row["id"] for row in rows.listed(DISTRICT, waits=proceedings.waits(DISTRICT, TOOLS.knowledge))]
    assert [row["id"] for row in rows.listed(WRITER, cursor=one + 1, side="asker")][0] == one
    assert rows.listed(WRITER, family="nothing") == []


def test_unknown_ones_and_strangers_get_a_sentence(hub: Hub) -> None:
    with pytest.raises(NotFound, match="没有这件事项"):
        proceedings.act(hub.desk, HEAD, 1, "issue", {})
    with pytest.raises(NotFound, match="没有“nothing”这类事项"):
        proceedings.begin(hub.desk, HEAD, "nothing", {})


def test_late_ones_are_marked_when_nothing_happens_by_itself(hub: Hub) -> None:
    one = draft(hub)
    with connections[OWNER].cursor() as cursor:
        cursor.execute("UPDATE proceeding SET wake_at = now() - interval '1 day' WHERE id = %s", [one])
    before = rows.row(one)
    assert before is not None
    desk = hub.desk()
    fact = proceedings._woken({**before, "due_at": None}, desk)
    assert (fact.kind, fact.payload["state"]) == (Kind.PROCEEDING_OVERDUE, "draft")
    assert pass_days(hub, 6000) >= 1
    late = rows.row(one)
    assert late is not None
    assert (late["overdue"], late["times_overdue"], late["wake_at"]) == (True, 1, None)
    assert one in [row["id"] for row in rows.listed(WRITER, late=True)]
    proceedings.act(hub.desk, WRITER, one, "withdraw", {"reason": "重拟"})
    again = rows.row(one)
    assert again is not None
    assert (again["overdue"], again["state"]) == (False, "withdrawn")


def test_a_rebuild_gives_the_same_rows(hub: Hub) -> None:
    before = everything()
    write.rebuild()
    assert everything() == before
    assert len(before) >= 4


def test_pages_and_api(hub: Hub) -> None:
    client = town_hall.sign_in("city")
    page = client.get("/data?box=all").content.decode()
    assert "地址编码规则" in page
    assert 'id="act-standard"' in page
    sent = client.post("/data/begin", {"family": "standard", "title": "楼栋编码", "text": "草案"})
    assert sent.status_code == 302
    shown = client.get(sent["Location"]).content.decode()
    assert "楼栋编码" in shown
    refused = client.post(sent["Location"] + "/act", {"move": "consult", "until": "1999-01-01"})
    assert refused.status_code == 422
    assert "不得早于今天" in refused.content.decode()
    listed = client.get("/api/data/proceedings?family=standard&side=asker").json()
    assert listed["rows"][0]["title"] == "楼栋编码"
    told = {"move": "withdraw", "payload": {"reason": "不用了"}}
    one = listed["rows"][0]["id"]
    answer = client.post(f"/api/data/proceedings/{one}/acts", told, content_type="application/json")
    assert answer.json() == {"id": one, "state": "withdrawn"}
    assert client.get("/api/data/proceedings/7").status_code == 404
