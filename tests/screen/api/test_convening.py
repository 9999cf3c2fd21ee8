"""Calls and directives over the API: photos first, then the moves; refusals in one sentence."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from tests import town
from tests.screen.test_pages import picture
from zhongshu.data.people import Held
from zhongshu.kernel.access import Viewer
from zhongshu.kernel.lifecycle import Role

STREET = town.viewer(town.STREET, "office", Role.HANDLER, user=11)
WATER = town.viewer(town.DISTRICT, "water", Role.HANDLER, user=12)
CITY = town.viewer(town.CITY, "command", Role.CHIEF, user=13)
NEIGHBOUR = town.viewer(town.NEXT_STREET, "office", Role.HANDLER, user=14)
CALL = {"kind": "street", "text": "夜市占道", "authority": "街乡吹哨", "urgent": True, "units": [WATER.unit]}


@pytest.fixture
def signed_in(site: Client, monkeypatch: pytest.MonkeyPatch) -> Any:
    def enter(viewer: Viewer) -> Client:
        from django.contrib.auth import get_user_model

        user, _ = get_user_model().objects.using("owner").get_or_create(username=f"u{viewer.user}")
        monkeypatch.setattr("zhongshu.screen.middleware.posts_of", lambda user: [Held(viewer.post, "岗", "", viewer)])
        browser = Client(headers={"host": "localhost"})
        browser.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
        return browser

    return enter


def sent(browser: Client, path: str, body: Any) -> tuple[int, dict[str, Any]]:
    answer = browser.post(path, body, content_type="application/json")
    return answer.status_code, answer.json()


def test_a_call_from_the_first_word_to_the_score(signed_in: Any) -> None:
    street = signed_in(STREET)
    status, begun = sent(street, "/api/calls", {**CALL, "lon": 113.3, "lat": 23.1})
    assert (status, begun["number"][0]) == (200, "H")
    acts = f"/api/calls/{begun['id']}/acts"
    water = signed_in(WATER)
    photos = water.post("/api/photos", {"photos": picture()}).json()["photos"]
    arrived = {"kind": "CallArrived", "payload": {"lon": 113.3, "lat": 23.1, "photos": photos}}
    assert sent(water, acts, arrived) == (200, {"id": begun["id"], "facts": ["CallArrived"]})
    assert sent(water, acts, {"kind": "CallActed", "payload": {"result": "已清"}})[0] == 200
    assert [one["id"] for one in water.get("/api/calls", {"box": "answer"}).json()["rows"]] == [begun["id"]]
    street = signed_in(STREET)
    assert sent(street, acts, {"kind": "CallReleased", "payload": {"unit": WATER.unit}})[0] == 200
    scored = {"kind": "CallScored", "payload": {"unit": WATER.unit, "score": 5, "word": "好"}}
    assert sent(street, acts, scored)[1]["facts"] == ["CallScored", "CallEnded"]
    assert street.get(f"/api/calls/{begun['id']}").json()["parts"][0]["score"] == 5
    assert signed_in(NEIGHBOUR).get(f"/api/calls/{begun['id']}").status_code == 404


@pytest.mark.parametrize(
    ("body", "status", "words"),
    [
        ({**CALL, "kind": "alien"}, 422, "以下之一"),
        ({**CALL, "units": ["nobody"]}, 409, "没有“nobody”这个单位"),
        ({**CALL, "colour": "red"}, 422, "没有“colour”这一项"),
        ({**CALL, "arrive_by": "soon"}, 422, "带时区的时间"),
        ({**CALL, "lon": 300}, 422, "度数"),
        ({**CALL, "cases": [[1]]}, 422, "整数"),
        ({**CALL, "place": town.NEXT_STREET}, 409, "没有这个区划"),
        ({"kind": "street"}, 409, "缺少必填项"),
    ],
)
def test_odd_calls_are_refused_in_a_sentence(signed_in: Any, body: Any, status: int, words: str) -> None:
    answer = sent(signed_in(STREET), "/api/calls", body)
    assert (answer[0], words in answer[1]["error"]) == (status, True), answer


def test_an_order_and_a_foreign_move(signed_in: Any) -> None:
    body = {"form": "order", "text": "巡查", "authority": "预案", "units": ["street/office"], "place": town.DISTRICT}
    status, begun = sent(signed_in(CITY), "/api/directives", body)
    assert (status, begun.get("number", begun)[0]) == (200, "L")
    street = signed_in(STREET)
    acts = f"/api/directives/{begun['id']}/acts"
    assert sent(street, acts, {"kind": "Signed", "payload": {}})[0] == 409
    assert sent(street, acts, {"kind": "DirectiveReceived", "payload": {}})[0] == 200
    assert sent(street, "/api/directives", body)[0] == 409


def test_a_token_reads_and_does_nothing(site: Client, plain: str) -> None:
    headers = {"authorization": f"Bearer {plain}"}
    assert site.get("/api/calls", headers=headers).status_code == 200
    answer = site.post("/api/calls", CALL, content_type="application/json", headers=headers)
    assert answer.status_code == 409
    assert site.post("/api/photos", {"photos": picture()}, headers=headers).status_code == 401
