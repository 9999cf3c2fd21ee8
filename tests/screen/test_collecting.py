"""The pages of elements, forms and filling against a real database, and their API."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from django.test import Client

from tests import collecting, town, town_hall
from tests.cities.conftest import Late
from tests.conftest import Watch
from zhongshu.hub.hub import Hub
from zhongshu.kernel.desk import Unit
from zhongshu.kernel.places import Level
from zhongshu.screen import gate

models = Late("zhongshu.data.models")
Enter = Callable[[str], Client]
BUREAU = Unit(f"{town.CITY}-data", "数据局", "data", Level.CITY, town.CITY)
POLICE = Unit(f"{town.CITY}-police", "公安局", "police", Level.CITY, town.CITY)
UNITS = {**town.KNOWLEDGE.units, BUREAU.code: BUREAU, POLICE.code: POLICE}
TOOLS = replace(town.TOOLS, knowledge=replace(town.KNOWLEDGE, units=UNITS))
GRID = f"{town.COMMUNITY}001"


@pytest.fixture(scope="module")
def hall(database: str) -> Iterator[Hub]:
    from zhongshu.data.databases import OWNER

    known = dict(town_hall.POSTS)
    town_hall.POSTS["bureau"] = (town.CITY, "data", "handler;arbiter;chief")
    town_hall.people()
    collecting.store()
    make: Any = models.Grid.objects.using(OWNER).create
    make(code=GRID, valid_from=collecting.SINCE, digest="", division=town.COMMUNITY, kind="base", households=400)
    models.Person.objects.using(OWNER).create(id=1, place=GRID, name="王安娜", id_number="110101199001011237")
    record: Any = models.PersonRecord.objects.using(OWNER).create
    record(
        dataset="population", key="a", entity=1, place=GRID, name="王安娜", as_of=date(2026, 5, 20), phone="13800001111"
    )
    hub = Hub(lambda: TOOLS, Watch())
    gate.install(hub)
    yield hub
    town_hall.POSTS.clear()
    town_hall.POSTS.update(known)


@pytest.fixture
def sign_in(hall: Hub) -> Enter:
    return town_hall.sign_in


def said(client: Client, address: str, status: int = 200) -> str:
    answer = client.get(address)
    assert answer.status_code == status, answer.content.decode()[-1500:]
    return answer.content.decode()


def test_the_registry_is_searched_and_each_element_says_where_it_is_used(sign_in: Enter) -> None:
    client = sign_in("community")
    page = said(client, "/data/elements?q=电话&subject=person")
    assert 'href="/data/elements/phone"' in page
    assert 'href="/data/elements/identity"' not in page.split('id="registry"')[1]
    assert "疑似同义" in page
    assert "settle" not in page
    one = said(client, "/data/elements/phone")
    assert "实有人口信息登记表" in one
    said(client, "/data/elements/ghost", 404)
    assert 'href="/data/elements/wish"' in said(client, "/data/elements?source=without")


def test_the_bureau_says_what_means_the_same(sign_in: Enter) -> None:
    bureau = sign_in("bureau")
    given = {"pair": "identity|resident_id_number", "verdict": "joined", "reason": "同一号码"}
    assert bureau.post("/data/elements/settle", given).status_code == 302
    assert "身份证号" in said(bureau, "/data/elements/identity").split('id="alike-head"')[1]
    assert bureau.post("/data/elements/settle", {"pair": "identity", "verdict": "joined"}).status_code == 422


def test_the_inventory_shows_burden_and_overlap_and_each_figure_opens_its_list(sign_in: Enter) -> None:
    client = sign_in("community")
    page = said(client, f"/data/forms?grid={GRID}")
    assert "10 张表要同样的内容，来自 10 个单位" in page
    assert "一名网格员，400 户" in page
    assert "就这样决定" not in page
    for which in ("duplicates", "fills", "changed", "silent"):
        assert 'id="opened"' in said(client, f"/data/forms?list={which}")
    said(client, f"/data/forms?grid={town.NEXT_COMMUNITY}001", 404)


def test_what_if_comes_before_the_decision(sign_in: Enter) -> None:
    bureau = sign_in("bureau")
    nothing = bureau.post("/data/forms/preview", {"grid": GRID})
    assert nothing.status_code == 422
    chosen = {"grid": GRID, "form": ["F08", "F09"], "as-F08": "stopped", "as-F09": "merged>F02"}
    shown = bureau.post("/data/forms/preview", chosen)
    page = shown.content.decode()
    assert shown.status_code == 200
    assert "明天每名网格员" in page
    assert "就这样决定" in page
    assert "已停用" not in page
    assert bureau.post("/data/forms/decide", chosen).status_code == 409
    assert bureau.post("/data/forms/decide", {**chosen, "reason": "重复"}).status_code == 302
    after = said(bureau, "/data/forms")
    assert "8 张表要同样的内容" in after
    assert "已停用" in after
    assert "代 高层住户消防信息登记表" in said(bureau, "/data/forms/F02")
    said(bureau, "/data/forms/F99", 404)


def test_a_worker_asks_for_the_review_of_a_form(sign_in: Enter) -> None:
    worker = sign_in("community")
    sent = worker.post("/data/forms/F07/review", {"reason": "与登记表重复"})
    assert sent.status_code == 302
    assert worker.post("/data/forms/F07/review", {}).status_code == 409
    page = said(worker, "/data/forms/F07")
    assert sent.headers["Location"] in page
    assert "待定去留" in page


WANTED = {
    "title": "婚育登记",
    "about": "person",
    "cycle": "week",
    "level": "community",
    "per_hundred": "3",
    "elements": ["person_name", "marriage"],
    "basis": "条例",
    "until": "2026-12-31",
}


def test_the_workshop_answers_at_once(sign_in: Enter) -> None:
    worker = sign_in("community")
    assert "el-marriage" in said(worker, "/data/forms/new?about=person")
    assert "el-floor_area" in said(worker, "/data/forms/new?about=house")
    part = worker.post("/data/forms/check", WANTED).content.decode()
    assert "可以申请：采集 1 项" in part
    assert "population" in part
    assert "还不能申请" in worker.post("/data/forms/check", {**WANTED, "basis": ""}).content.decode()
    sent = worker.post("/data/forms/apply", WANTED)
    assert sent.status_code == 302
    assert "姓名" in said(worker, sent.headers["Location"])
    refused = worker.post("/data/forms/apply", {**WANTED, "elements": ["person_name"]})
    assert refused.status_code == 409
    assert "数源可共享" in refused.content.decode(), "why each item is refused stays in sight"


def test_a_worker_fills_only_what_is_missing(sign_in: Enter) -> None:
    worker = sign_in("community")
    assert "/data/fill/F11" in said(worker, "/data/fill")
    assert "/data/fill/F17/person/1" in said(worker, "/data/fill/F17?place=" + GRID)
    page = said(worker, "/data/fill/F17/person/1")
    ask, there = page.split('id="there"')
    assert "王安娜" in there
    assert 'name="stay_reason"' in ask
    assert 'name="person_name"' not in ask
    given = {"id_type": "111", "identity": "110101199001011237", "population_kind": "1"}
    given |= {"stay_reason": "01", "moved_in": "2020-01-01"}
    refused = worker.post("/data/fill/F17/person/1/send", {**given, "moved_in": "soon"})
    assert refused.status_code == 422
    assert "110101199001011237" in refused.content.decode()
    assert worker.post("/data/fill/F17/person/1/send", given).status_code == 302
    assert "没有要问的" in said(worker, "/data/fill/F17/person/1")
    assert "本期已填" in said(worker, "/data/fill/F17")
    said(sign_in("next_community"), "/data/fill/F17/person/1", 404)
    assert "已停用" in said(worker, "/data/fill/F08")
    said(worker, "/data/fill/F08/person/1", 409)
    said(worker, "/data/fill/F17/person/x", 404)


def test_the_api_says_the_same(sign_in: Enter) -> None:
    bureau = sign_in("bureau")
    found = bureau.get("/api/data/forms", {"grid": GRID}).json()
    assert found["figures"]["minutes"] > 0
    assert {one["code"] for one in found["rows"]} >= {"F01", "F30"}
    chosen = {"decisions": [{"form": "F10", "decision": "stopped"}], "grid": GRID}
    told = bureau.post("/api/data/forms/preview", chosen, "application/json").json()
    assert told["saved"] == pytest.approx(told["before"] - told["after"])
    wanted = {**WANTED, "per_hundred": 3}
    answer = bureau.post("/api/data/forms/check", wanted, "application/json").json()
    assert (answer["allowed"], answer["open"]) == (["marriage"], True)
    assert bureau.get("/api/data/elements", {"q": "电话"}).json()
    assert bureau.get("/api/data/elements/candidates").status_code == 200
    worker = sign_in("community")
    view = worker.get("/api/data/forms/F17/person/1").json()
    kinds = {one["element"]: one["kind"] for one in view["fields"]}
    assert (kinds["person_name"], kinds["moved_in"]) == ("source", "entry")
    sent = worker.post("/api/data/forms/F17/person/1", {"values": {}}, "application/json").json()
    assert (sent["asked"], sent["changed"]) == (0, 0)
    assert worker.get("/api/data/forms/F17/house/x").status_code == 404
