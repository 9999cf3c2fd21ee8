"""Powers and duties on their page: the matrix, what is behind each count of a street, precedents withdrawn."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from django.test import Client

from tests import town, town_hall
from zhongshu.data import precedents
from zhongshu.data.databases import OWNER
from zhongshu.hub.hub import Hub
from zhongshu.hub.sense.normalise import normalise
from zhongshu.kernel.lifecycle import Role
from zhongshu.screen import gate

SignIn = Callable[[str], Client]
ARBITER = town.viewer(town.CITY, "command", Role.ARBITER, Role.CHIEF, user=9)
POWERS = (("rubbish", 3, town.STREET, "exercise"), ("rubbish", 2, "", "evaluate"), ("odd", 3, town.NEXT_STREET, "veto"))


@pytest.fixture(scope="module")
def hall(database: str) -> Hub:
    from zhongshu.data import models

    town_hall.people()
    for item, level, place, power in POWERS:
        code = f"{item}/{level}/{place}/{power}"
        given = {"item": item, "level": level, "place": place, "power": power, "basis": f"据{item}{power}"}
        models.Power.objects.using(OWNER).create(code=code, valid_from=town_hall.SINCE, digest="", **given)
    hub = Hub(lambda: town.TOOLS)
    gate.install(hub)
    for text in ("一居 垃圾 甲", "一居 垃圾 乙"):
        take(hub, text)
    return hub


@pytest.fixture
def sign_in(hall: Hub) -> SignIn:
    return town_hall.sign_in


def take(hub: Hub, text: str) -> int:
    return hub.take_in([normalise({"text": text}, hub.clock())])[0].facts[0].subject


def page(client: Client, query: str = "") -> str:
    answer = client.get(f"/powers?{query}")
    assert answer.status_code == 200
    return answer.content.decode()


def test_only_chiefs_and_arbiters_have_the_page(sign_in: SignIn) -> None:
    street = sign_in("street")
    assert street.get("/powers").status_code == 403
    assert 'href="/powers"' not in street.get("/cases").content.decode()
    assert 'href="/powers"' in sign_in("district").get("/cases").content.decode()


def test_the_matrix_is_searched_by_item(sign_in: SignIn) -> None:
    city = sign_in("city")
    whole = page(city)
    assert [f"据{item}{power}" in whole for item, _level, _place, power in POWERS] == [True, True, True]
    found = page(city, "q=垃圾")
    assert [f"据{item}{power}" in found for item, _level, _place, power in POWERS] == [True, True, False]
    assert "没有这样的权力" in page(city, "q=飞船")


def test_powers_of_elsewhere_are_not_shown(sign_in: SignIn) -> None:
    found = page(sign_in("next_district"))
    assert [f"据{item}{power}" in found for item, _level, _place, power in POWERS] == [False, True, False]


def test_every_count_of_a_street_opens_what_is_behind_it(sign_in: SignIn) -> None:
    city = sign_in("city")
    shown = page(city, "tab=burdens")
    links = re.findall(r'href="(/powers\?tab=burdens&amp;street=\w+&amp;list=(\w+)#opened)">(\d+)</a>', shown)
    assert {what for _url, what, _n in links} >= {"listed", "cases", "exercise"}
    for url, what, count in links:
        opened = city.get(url.replace("&amp;", "&")).content.decode().split('id="opened-title"')[1]
        classes = int(re.search(r'class="count">(\d+)<', opened)[1])  # type: ignore[index]
        came = sum(map(int, re.findall(r'category=\w+#opened">(\d+)</a>', opened)))
        assert int(count) == (came if what == "cases" else classes)
    cases = page(city, f"tab=burdens&street={town.STREET}&list=cases&category=rubbish")
    assert len(set(re.findall(r'class="strong" href="/cases/(\d+)"', cases))) == 2


def test_streets_of_another_district_are_not_ranked(sign_in: SignIn) -> None:
    assert "一街" in page(sign_in("district"), "tab=burdens")
    assert "您的范围内没有街镇" in page(sign_in("next_district"), "tab=burdens")


def test_a_precedent_is_listed_and_withdrawn_with_a_reason(hall: Hub, sign_in: SignIn) -> None:
    case = take(hall, "一居 无人管 先例")
    host = f"{town.STREET}-office"
    hall.act(ARBITER, case, "Ruled", {"host": host, "reason": "就近", "basis": "清单 3.2"})
    ruling = precedents.listed(ARBITER)[0]["id"]
    city = sign_in("city")
    assert "清单 3.2" in page(city, "tab=precedents")
    url = f"/powers/precedents/{ruling}/withdraw"
    assert sign_in("street").post(url, {"reason": "x"}).status_code == 403
    assert sign_in("next_district").post(url, {"reason": "x"}).status_code == 404
    assert city.post(url, {"reason": ""}).status_code == 409
    assert city.post(url, {"reason": "清单已改"}).status_code == 302
    assert "没有有效的先例" in page(city, "tab=precedents")
    assert city.post(url, {"reason": "清单已改"}).status_code == 404
