"""直达: from a few letters to a page or a case, and how somebody's screen looks."""

from __future__ import annotations

import pytest
from django.test import Client

from tests import town, town_hall
from zhongshu.hub.hub import Hub
from zhongshu.hub.sense.normalise import Intake
from zhongshu.kernel.access import Viewer
from zhongshu.kernel.lifecycle import Role
from zhongshu.screen import gate


@pytest.fixture(scope="module")
def hall(database: str) -> Hub:
    town_hall.people()
    hub = Hub(lambda: town.TOOLS)
    gate.install(hub)
    return hub


@pytest.fixture
def district(hall: Hub) -> Client:
    return town_hall.sign_in("district")


def test_pages_are_found_by_name_pinyin_and_english(hall: Hub) -> None:
    from zhongshu.screen import jumping

    pages = jumping.pages(Viewer(post="p", name="n", roles=frozenset(Role)))
    assert len({one["url"] for one in pages}) == len(pages)
    for said in ("驾驶", "jsc", "jiashi", "Cockp"):
        assert [one["url"] for one in jumping.matching(pages, said)] == ["/cockpit"]
    assert jumping.matching(pages, "no such page") == []
    assert jumping.matching(pages, "") == pages


def begin(hub: Hub, text: str) -> int:
    one = Intake(key=text, text=text, at=hub.clock(), channel="web", source="web", merge="off")
    return next(fact.subject for fact in hub.take_in([one])[0].facts if fact.kind in ("Judged", "Unclear"))


def test_enter_leads_to_the_first_of_what_was_found(district: Client) -> None:
    assert district.get("/go", {"q": "rezo", "first": "1"})["Location"] == "/cases?q=rezo"
    assert district.get("/go", {"q": "pj", "first": "1"})["Location"] == "/evaluation"


def test_a_case_is_found_by_its_number_within_ones_own_range(hall: Hub, district: Client) -> None:
    here, elsewhere = begin(hall, "一居 垃圾 直达"), begin(hall, "远居 垃圾 直达")
    found = [district.get("/go", {"q": f"20260101-{case:03d}"}).content.decode() for case in (here, elsewhere)]
    assert [f'href="/cases/{case}"' in page for page, case in zip(found, (here, elsewhere), strict=True)] == [
        True,
        False,
    ]


def test_units_signs_and_calls_are_found_beside_pages(hall: Hub, district: Client) -> None:
    found = district.get("/go", {"q": "office单位"}).content.decode()
    assert f'href="/cases?unit={town.STREET}-office"' in found
    assert f"unit={town.CITY}-" not in district.get("/go", {"q": "单位"}).content.decode()
    given = {"kind": "street", "text": "桥下积水", "authority": "街乡吹哨", "place": town.STREET}
    call = town_hall.sign_in("street").post("/calls/new", given)["Location"]
    for said in (call.rpartition("/")[2], f"H20260101-{call.rpartition('/')[2]}"):
        assert f'href="{call}"' in district.get("/go", {"q": said}).content.decode()
    other = town_hall.sign_in("next_district").get("/go", {"q": call.rpartition("/")[2]}).content.decode()
    assert f'href="{call}"' not in other


def test_the_list_alone_is_never_kept(district: Client) -> None:
    answer = district.get("/go", {"q": "数据"}, headers={"HX-Request": "true"})
    assert "<html" not in answer.content.decode()
    assert (answer["Cache-Control"], "HX-Request" in answer["Vary"]) == ("no-store", True)


def test_somebody_who_is_not_signed_in_is_asked_to(hall: Hub) -> None:
    assert Client(SERVER_NAME="localhost").get("/go")["Location"].startswith("/accounts/login/")


@pytest.mark.parametrize("path", ["/report", "/track", "/accounts/login/"])
def test_residents_have_large_print_without_signing_in(hall: Hub, path: str) -> None:
    somebody = Client(SERVER_NAME="localhost")
    answer = somebody.get(path)
    assert (answer.status_code, "data-size-switch" in answer.content.decode()) == (200, True)
    somebody.cookies["size"] = "elder"
    somebody.cookies["theme"] = "wall"
    assert '<html lang="zh-Hans" data-theme="wall" data-size="elder">' in somebody.get(path).content.decode()
    somebody.cookies["size"] = '"><script>'
    assert "data-size=" not in somebody.get(path).content.decode()
