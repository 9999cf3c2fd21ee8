"""The pages of calls and directives against a real database: every move through its form."""

from __future__ import annotations

import re

import httpx
import pytest
from django.template.loader import render_to_string
from django.test import Client
from django.utils import translation

from tests import town, town_hall
from tests.screen.test_pages import picture
from zhongshu.hub.hub import Hub
from zhongshu.screen import convening, gate

CENTRE = f"{town.DISTRICT}-command"


@pytest.fixture(scope="module")
def hall(database: str) -> Hub:
    town_hall.people()
    hub = Hub(lambda: town.TOOLS)
    gate.install(hub)
    return hub


@pytest.fixture
def sign_in(hall: Hub) -> object:
    return town_hall.sign_in


CALL = {
    "kind": "street",
    "urgent": "1",
    "text": "桥下积水，请派水务力量",
    "authority": "街乡吹哨",
    "place": town.STREET,
    "lon": "113.3",
    "lat": "23.1",
}
ORDER = {"form": "order", "text": "今夜全线巡查", "authority": "防汛预案", "units": f"{town.STREET}-office"}


def begun(client: Client, kind: str, given: dict[str, str]) -> str:
    answer = client.post(f"/{kind}s/new", given)
    assert answer.status_code == 302, re.sub(r"<[^>]+>|\s+", " ", answer.content.decode())
    return str(answer["Location"])


def did(client: Client, page: str, move: str, **given: object) -> str:
    answer = client.post(f"{page}/act", {"move": move, **given})
    assert answer.status_code == 302, re.sub(r"<[^>]+>|\s+", " ", answer.content.decode())
    return client.get(page).content.decode()


def test_a_street_calls_and_the_district_answers(sign_in: object) -> None:
    street, centre = sign_in("street"), sign_in("district")  # type: ignore[operator]
    page = begun(street, "call", CALL)
    assert page in centre.get("/calls").content.decode()
    assert page in street.get("/calls?box=own").content.decode()
    assert page not in street.get("/calls").content.decode()
    did(centre, page, "CallAcknowledged")
    said = did(centre, page, "CallArrived", lon="113.3", lat="23.1", photos=picture())
    photo = re.search(rf"{page}/photos/\d+", said)
    assert photo
    assert street.get(photo[0])["Content-Type"] == "image/jpeg"
    assert sign_in("next_street").get(photo[0]).status_code == 404  # type: ignore[operator]
    did(centre, page, "CallActed", result="已抽排")
    did(street, page, "CallReleased", unit=CENTRE)
    said = did(street, page, "CallScored", unit=CENTRE, score="4", word="处置得力")
    assert "已结束" in said
    assert "处置得力" in said
    assert "4.0" in street.get("/calls?box=all").content.decode()
    assert page in street.get(f"/calls?unit={CENTRE}").content.decode()


def test_what_is_refused_comes_back_with_its_sentence(sign_in: object) -> None:
    street, centre = sign_in("street"), sign_in("district")  # type: ignore[operator]
    page = begun(street, "call", CALL)
    answer = centre.post(f"{page}/act", {"move": "CallArrived", "lon": "113.3", "lat": "23.1"})
    assert (answer.status_code, "缺少必填项：photos" in answer.content.decode()) == (409, True)
    far = centre.post(f"{page}/act", {"move": "CallArrived", "lon": "113.4", "lat": "23.1", "photos": picture()})
    assert (far.status_code, "须说明原因" in far.content.decode()) == (409, True)
    answer = street.post("/calls/new", {**CALL, "authority": ""})
    assert (answer.status_code, "缺少必填项：authority" in answer.content.decode()) == (409, True)
    assert "桥下积水" in answer.content.decode()
    assert sign_in("next_street").get(page).status_code == 404  # type: ignore[operator]


def test_a_call_that_names_nobody_reaches_the_unit_above_where_the_rule_needs_no_other(sign_in: object) -> None:
    street, centre = sign_in("street"), sign_in("district")  # type: ignore[operator]
    form = street.get("/calls/new").content.decode()
    assert "民呼 → command单位" in form[form.index('id="units-hint"') :].partition("</p>")[0]
    assert begun(street, "call", {**CALL, "kind": "resident"}) in centre.get("/calls").content.decode()


def test_widen_excuse_and_withdraw(sign_in: object) -> None:
    street, centre = sign_in("street"), sign_in("district")  # type: ignore[operator]
    page = begun(street, "call", CALL)
    said = did(centre, page, "CallWidened", units=[f"{town.DISTRICT}-water"], reason="派应")
    assert "water单位" in said
    did(street, page, "CallExcused", unit=CENTRE, reason="已由水务到场")
    said = did(street, page, "CallWithdrawn", reason="水已退")
    assert "已撤回" in said


def test_an_order_through_its_forms(sign_in: object) -> None:
    city, street = sign_in("city"), sign_in("street")  # type: ignore[operator]
    page = begun(city, "directive", ORDER)
    assert page in street.get("/directives").content.decode()
    did(street, page, "DirectiveReceived")
    did(street, page, "DirectiveExcepted", reason="人手不足")
    did(city, page, "ExceptionDeclined", unit=ORDER["units"], reason="须执行", deadline="2099-01-01T08:00")
    did(street, page, "DirectiveExecuted", result="已巡查", photos=picture())
    did(city, page, "ProofReturned", unit=ORDER["units"], reason="缺夜间照片")
    did(street, page, "DirectiveExecuted", result="补夜间照片")
    said = did(city, page, "ProofAccepted", unit=ORDER["units"])
    assert "已结束" in said
    again = begun(city, "directive", {**ORDER, "calls": page.rpartition("/")[2]})
    assert "已撤回" in did(city, again, "DirectiveWithdrawn", reason="已解除")


def test_the_form_is_filled_from_a_case(sign_in: object, hall: Hub) -> None:
    Client(SERVER_NAME="localhost").post("/report", {"text": "一居 垃圾 无人清", "lon": "113.3", "lat": "23.1"})
    street = sign_in("street")  # type: ignore[operator]
    found = re.search(r"/cases/(\d+)", street.get("/cases?open=1").content.decode())
    assert found
    form = street.get(f"/calls/new?case={found[1]}").content.decode()
    assert f'name="cases" value="{found[1]}"' in form
    page = begun(street, "call", {**CALL, "cases": found[1]})
    assert found[0] in street.get(page).content.decode()
    told = street.get(found[0]).content.decode()
    assert f'href="{page}"' in told[told.index("相关呼叫与指令") :]


def test_the_page_of_a_case_offers_to_call(preview: str) -> None:
    assert "/calls/new?case=" in httpx.get(f"{preview}/_/case").text


def test_who_may_not_issue_is_told_so(sign_in: object) -> None:
    assert sign_in("street").get("/directives/new").status_code == 409  # type: ignore[operator]


def test_pages_are_in_english_too(sign_in: object) -> None:
    street = sign_in("street")  # type: ignore[operator]
    page = begun(street, "call", CALL)
    street.post("/i18n/setlang/", {"language": "en", "next": "/"})
    for address in ("/calls", "/calls/new", page, "/directives"):
        assert street.get(address).status_code == 200


LATE = {
    "state": "notified",
    "limits": {"acknowledge": "2026-11-20T00:00:00+00:00", "arrive": "2026-11-20T04:00:00+00:00"},
    "stopped": ["acknowledge"],
    "missed": ["acknowledge"],
}


@translation.override("zh-hans")
def test_a_missed_limit_is_shown_as_overdue_until_it_is_met_and_then_as_missed() -> None:
    def shown(part: dict[str, object], open_: bool = True) -> tuple[list[tuple[str, bool]], list[str]]:
        clocks = [(str(one["name"]), one["overdue"]) for one in convening.owed(part, open_)]
        return clocks, [str(name) for name in convening.met_late(part, open_)]

    assert shown(LATE) == ([("响应", True), ("到场", False)], [])
    assert shown(LATE | {"state": "acknowledged"}) == ([("到场", False)], ["响应"])
    assert shown(LATE, open_=False) == ([], ["响应"])
    part = {"clocks": convening.owed(LATE, True), "late_names": ["处置"]}
    said = render_to_string("parts/matter_clocks.html", {"part": part})
    assert said.index("处置未按时") < said.index("clock-late") < said.index("#alert", said.index("clock-late"))
