"""A telephone call that rings: whose desk shows it, what is read of the caller, and that each read is logged."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from tests import town, town_hall
from zhongshu.data import integrations, telephone
from zhongshu.data.databases import OWNER
from zhongshu.data.people import viewer_of
from zhongshu.hub.hub import Hub
from zhongshu.screen import gate

PHONE = "13800138055"


@pytest.fixture(scope="module")
def users(database: str) -> dict[str, int]:
    gate.install(Hub(lambda: town.TOOLS))
    return town_hall.people()


@pytest.fixture(scope="module")
def token(users: dict[str, int]) -> str:
    return integrations.issue("exchange", ["phone"])


@pytest.fixture
def exchange(token: str) -> Callable[..., int]:
    def tell(**told: str) -> int:
        client = Client(SERVER_NAME="localhost", headers={"authorization": f"Bearer {token}"})
        return client.post("/api/telephone/calls", told, content_type="application/json").status_code

    return tell


def test_a_call_rings_once_at_one_desk(users: dict[str, int], exchange: Callable[..., int]) -> None:
    assert exchange(event="ring", call="c1", to="city", caller=PHONE, language="yue") == 200
    assert exchange(event="ring", call="c1", to="city", caller=PHONE) == 200
    assert telephone.ringing(users["city"]) > 0
    assert telephone.ringing(users["street"]) == 0
    assert exchange(event="end", call="c1") == 200
    assert telephone.ringing(users["city"]) == 0


def test_the_exchange_is_told_what_is_wrong(users: dict[str, int], exchange: Callable[..., int]) -> None:
    assert exchange(event="ring", call="c2", to="nobody", caller=PHONE) == 404
    assert exchange(event="end", call="no such") == 404
    assert exchange(event="shout", call="c2") == 422
    assert exchange(event="ring", call="c2", to="city", caller="<b>") == 422
    stranger = Client(SERVER_NAME="localhost")
    told = {"event": "ring", "call": "c3", "to": "city"}
    assert stranger.post("/api/telephone/calls", told, content_type="application/json").status_code == 401


def test_the_desk_shows_the_callers_cases_and_logs_the_look(
    users: dict[str, int], exchange: Callable[..., int]
) -> None:
    from zhongshu.data.models import PersonalRead

    city = town_hall.sign_in("city")
    city.post("/operator", {"text": "一居 垃圾 首次", "channel": "phone", "name": "陈小姐", "phone": PHONE})
    exchange(event="ring", call="c4", to="city", caller=PHONE, language="yue")
    call = city.get("/operator/ringing").json()["call"]
    looked = PersonalRead.objects.using(OWNER).count()
    page = city.get(f"/operator/ringing/{call}").content.decode()
    for said in (PHONE, "陈小姐", "粤语", "30 天内来过 1 次", "说的就是这件", "一居 垃圾 首次"):
        assert said in page
    read = PersonalRead.objects.using(OWNER).order_by("-id")[0]
    assert PersonalRead.objects.using(OWNER).count() == looked + 1
    assert (read.user, read.purpose) == (users["city"], f"来电弹屏（{call}）")
    assert town_hall.sign_in("street").get(f"/operator/ringing/{call}").status_code == 403
    posted = {"text": "一居 垃圾 又来", "channel": "phone", "phone": PHONE, "call": str(call)}
    assert city.post("/operator", posted).status_code == 302
    assert city.get("/operator/ringing").json()["call"] == 0


def test_who_answers_for_a_matter_does_not_learn_the_name(users: dict[str, int]) -> None:
    street = viewer_of(users["street"])
    found = telephone.before(street, telephone.caller_key(PHONE), "test")
    assert {one["name"] for one in found} == {""}


def test_a_number_is_forgotten_after_a_day(users: dict[str, int], exchange: Callable[..., int]) -> None:
    from zhongshu.data.models import RingingCall

    exchange(event="ring", call="old", to="city", caller=PHONE)
    RingingCall.objects.using(OWNER).filter(key="old").update(rung_at=timezone.now() - timedelta(days=2))
    exchange(event="ring", call="new", to="city", caller=PHONE)
    assert RingingCall.objects.using(OWNER).get(key="old").phone == ""
    assert RingingCall.objects.using(OWNER).get(key="new").phone == PHONE
