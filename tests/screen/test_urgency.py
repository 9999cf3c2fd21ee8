"""The long tail on the desk, why a case is more urgent, rules and past cases as reasons, proposals from the page."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace

import pytest
from django.test import Client

from tests import town, town_hall
from zhongshu.data import casefile
from zhongshu.hub.hub import Hub
from zhongshu.hub.sense.normalise import Intake
from zhongshu.kernel.desk import KeywordRule
from zhongshu.kernel.lifecycle import Role
from zhongshu.screen import gate

SignIn = Callable[[str], Client]
RULE = KeywordRule("K-rubbish", "rubbish", ("果皮箱+满",), (), 0.95)
OPERATOR = town.viewer(town.CITY, "command", Role.OPERATOR, user=13)


@pytest.fixture(scope="module")
def hall(database: str) -> Hub:
    town_hall.people()
    hub = Hub(lambda: replace(town.TOOLS, knowledge=replace(town.KNOWLEDGE, keywords=(RULE,))))
    gate.install(hub)
    return hub


@pytest.fixture
def sign_in(hall: Hub) -> SignIn:
    return town_hall.sign_in


def take(hub: Hub, text: str, spot: float | None = None) -> int:
    """A fresh case of one report, at a longitude of its own when given."""
    point = {"lon": spot, "lat": 23.1 if spot else None, "merge": "" if spot else "off"}
    one = Intake(key=text, text=text, at=hub.clock(), channel="web", source="web", phone="13900000000", **point)  # type: ignore[arg-type]
    return hub.take_in([one])[0].facts[0].subject


def listed(client: Client, query: str) -> list[int]:
    page = client.get(f"/cases?{query}").content.decode()
    return [int(found) for found in re.findall(r'data-open href="/cases/(\d+)[?"]', page)]


def page_of(client: Client, case: int) -> str:
    return client.get(f"/cases/{case}").content.decode()


def test_the_long_tail_has_a_list_of_its_own(hall: Hub, sign_in: SignIn) -> None:
    city, elsewhere = sign_in("city"), sign_in("next_street")
    first = take(hall, "一居 垃圾 堵门，我是独居老人")
    ordinary = take(hall, "一居 垃圾 普通的一堆")
    second = take(hall, "一居 垃圾 又一处，家里独居老人")
    assert re.search(r'<a id="tab-\d+" href="/cases\?queue=tail">特需与罕见', city.get("/cases").content.decode())
    found = listed(city, "queue=tail")
    assert found == [first, second]
    assert ordinary not in found
    assert listed(elsewhere, "queue=tail") == []
    assert listed(city, "queue=tail&state=handling") == []
    street = sign_in("street")
    street.post(f"/cases/{first}/act", {"kind": "Signed"})
    assert listed(city, "queue=tail") == [second]


def test_a_case_says_why_it_is_urgent_and_by_how_much(hall: Hub, sign_in: SignIn) -> None:
    page = page_of(sign_in("city"), take(hall, "一居 垃圾 触电 的线露着，独居老人住旁边"))
    section = page[page.index('id="needs"') : page.index('id="why"')]
    assert "危及生命" in section
    assert "提升 2 级" in section
    assert "独居老人需要优先" in section
    assert "特需首接" in page
    calm = take(hall, "一居 垃圾 什么都不急，换个人说")
    assert 'id="needs"' in page_of(sign_in("city"), calm), "the same telephone again about the same class"


def test_a_rule_and_past_cases_stand_among_the_reasons(hall: Hub, sign_in: SignIn) -> None:
    city, street, checker = sign_in("city"), sign_in("street"), sign_in("district")
    old = take(hall, "一居 车站 垃圾 果皮箱满了没人倒")
    report = casefile.whole(OPERATOR, old)
    assert report is not None
    street.post(f"/cases/{old}/act", {"kind": "Signed"})
    street.post(f"/cases/{old}/act", {"kind": "Handled", "result": "已清运"})
    checker.post(f"/cases/{old}/act", {"kind": "CheckPassed"})
    answer = {"kind": "CalledBack", "report": str(report["reported"][0]["id"])}
    said = {"contacted": "yes", "responded": "yes", "solved": "yes", "satisfaction": "5"}
    assert city.post(f"/cases/{old}/act", {**answer, **said}).status_code == 302
    new = take(hall, "一居 车站果皮箱又满了")
    page = page_of(city, new)
    assert "关键词规则 K-rubbish：果皮箱+满" in page
    past = page[page.index("相似的已办结案件") :]
    assert f'href="/cases/{old}"' in past
    beside = city.get("/operator/suggest", {"text": "一居 车站果皮箱满了", "address": ""}).content.decode()
    assert f'href="/cases/{old}"' in beside


def test_a_proposal_is_refused_or_accepted_on_the_page(hall: Hub, sign_in: SignIn) -> None:
    city = sign_in("city")
    pairs = []
    for n in range(2):
        spot = 113.7 + n / 100
        older = take(hall, f"一居 {n}号门口 垃圾 堆得老高没人清走", spot)
        newer = take(hall, f"一居 {n}号门口 垃圾 有狗乱叫声", spot + 0.0003)
        pairs.append((older, newer))
    assert all("疑似同一件事" in page_of(city, case) for pair in pairs for case in pair)
    offers = [casefile.whole(OPERATOR, newer) for _, newer in pairs]
    reports = [str(offer["proposals"][0]["report"]) for offer in offers if offer]
    (kept, refused), (into, gone) = pairs
    assert city.post(f"/cases/{kept}/act", {"kind": "MergeDeclined", "report": reports[0]}).status_code == 302
    assert "疑似同一件事" not in page_of(city, kept) + page_of(city, refused)
    again = city.post(f"/cases/{refused}/act", {"kind": "MergeDeclined", "report": reports[0]})
    assert again.status_code == 409, "it is settled"
    assert city.post(f"/cases/{gone}/act", {"kind": "Merged", "report": reports[1]}).status_code == 302
    assert "2 人反映" in page_of(city, into)
    assert "已并入" in page_of(city, gone)
