"""Pages where a place is in doubt: candidates with their reasons, and one question when the answer decides who acts."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from django.test import Client

from tests import crossroads, town_hall
from zhongshu.hub.hub import Hub
from zhongshu.hub.sense.normalise import Intake
from zhongshu.screen import gate, places
from zhongshu.screen.tracking import track_url

SignIn = Callable[[str], Client]
QUESTION = "请问是哪一处？"


@pytest.fixture(scope="module")
def hall(database: str) -> Hub:
    town_hall.people()
    hub = Hub(lambda: crossroads.TOOLS)
    gate.install(hub)
    return hub


@pytest.fixture
def sign_in(hall: Hub) -> SignIn:
    return town_hall.sign_in


def take(hub: Hub, text: str) -> tuple[int, int]:
    """A fresh case of one report: its number and the report's."""
    one = Intake(key=text, text=text, at=hub.clock(), channel="web", source="web", merge="off")
    receipt = hub.take_in([one])[0]
    return next(fact.subject for fact in receipt.facts if fact.kind in ("Judged", "Unclear")), receipt.report


def offered(page: str) -> list[str]:
    return re.findall(r'name="chosen" value="([^"]+)"', page)


def test_the_operator_sees_candidates_and_is_asked_once(sign_in: SignIn) -> None:
    page = sign_in("city").get("/operator/suggest", {"text": "中山路有垃圾"}).content.decode()
    assert page.count(QUESTION) == 1
    assert offered(page) == ["113.3,23.1,一街中山路", "113.32,23.1,二街中山路"]
    assert 'form="record"' in page
    assert "名称相符：中山路" in page
    assert "几处可能，取共同的区划" in page
    assert "要看是哪一处" in page
    assert "门牌不同" not in page


def test_an_address_that_the_base_does_not_know_is_doubted(sign_in: SignIn) -> None:
    def doubted(**given: str) -> bool:
        page = sign_in("city").get("/operator/suggest", {"text": "有垃圾"} | given).content.decode()
        return "地址表里查不到" in page.partition('id="address-doubt"')[2]

    assert doubted(address="火星大道8号")
    assert not doubted(address="中山路")
    assert not doubted(address="")
    assert not doubted(address="火星大道8号", lon="113.3", lat="23.1")


def test_the_operator_is_not_asked_when_it_does_not_matter(sign_in: SignIn) -> None:
    page = sign_in("city").get("/operator/suggest", {"text": "中山路积水"}).content.decode()
    assert QUESTION not in page
    assert "二街中山路" in page
    assert "water单位" in page


def test_the_chosen_place_is_taken_in(hall: Hub, sign_in: SignIn) -> None:
    city = sign_in("city")
    given = {"text": "中山路垃圾桶满了", "channel": "phone", "client_key": "w1", "chosen": "113.32,23.1,二街中山路"}
    page = city.post("/operator", given, follow=True).content.decode()
    case = re.findall(r'href="/cases/(\d+)"', page)[0]
    shown = city.get(f"/cases/{case}").content.decode()
    assert "113.32, 23.1" in shown
    assert "二街中山路" in shown
    assert city.post("/operator", {**given, "client_key": "w2", "chosen": "nowhere"}).status_code == 422


def test_a_point_on_the_map_goes_before_a_choice(hall: Hub, sign_in: SignIn) -> None:
    city = sign_in("city")
    given = {"text": "一居垃圾桶坏了", "channel": "phone", "client_key": "w3", "chosen": "113.32,23.1,二街中山路"}
    page = city.post("/operator", {**given, "lon": "113.3", "lat": "23.1"}, follow=True).content.decode()
    case = re.findall(r'href="/cases/(\d+)"', page)[0]
    assert "113.3, 23.1" in city.get(f"/cases/{case}").content.decode()


def test_the_case_asks_whoever_may_classify(hall: Hub, sign_in: SignIn) -> None:
    case, _report = take(hall, "中山路垃圾成堆")
    city = sign_in("city")
    page = city.get(f"/cases/{case}").content.decode()
    assert QUESTION in page
    assert "都不是，或说不清" not in page
    act = f"/cases/{case}/act"
    assert city.post(act, {"kind": "Classified", "chosen": "1,2,别处"}).status_code == 422
    assert city.post(act, {"kind": "Classified", "chosen": offered(page)[1]}).status_code == 302
    after = city.get(f"/cases/{case}").content.decode()
    assert QUESTION not in after
    assert "地点确认：二街中山路" in after
    assert "待签收" in after


def test_the_reporter_is_asked_on_his_own_page(hall: Hub) -> None:
    _case, report = take(hall, "中山路垃圾桶没人收")
    resident, link = Client(SERVER_NAME="localhost"), track_url(report)
    page = resident.get(link).content.decode()
    assert QUESTION in page
    assert resident.post(link, {"act": "where", "chosen": "0,0,别处"}).status_code == 422
    assert resident.post(link, {"act": "where", "chosen": offered(page)[0]}).status_code == 302
    after = resident.get(link).content.decode()
    assert QUESTION not in after
    assert "office单位" in after
    assert resident.post(link, {"act": "where", "chosen": offered(page)[0]}).status_code == 422


def test_the_resident_is_asked_while_writing(hall: Hub) -> None:
    resident = Client(SERVER_NAME="localhost")
    asked = resident.get("/report/where", {"text": "中山路有垃圾", "chosen": "113.32,23.1,二街中山路"}).content.decode()
    assert QUESTION in asked
    assert 'value="113.32,23.1,二街中山路" checked' in asked
    assert resident.get("/report/where", {"text": "金湖花园有垃圾"}).content.strip() == b""
    assert resident.get("/report/where", {"text": ""}).status_code == 204


def test_one_choice_of_each_division() -> None:
    rows = [{"code": code, "value": value} for code, value in (("1", "a"), ("1", "b"), ("2", ""), ("3", "c"))]
    assert [row["value"] for row in places.choices(rows)] == ["a", "c"]
