"""The staff's side: what each caller sees, what each may do, readings, and no surprise on odd input."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from tests import town
from tests.conftest import Watch
from zhongshu.data.people import Held
from zhongshu.hub.hub import Hub
from zhongshu.hub.sense.normalise import normalise
from zhongshu.kernel.access import Viewer
from zhongshu.kernel.lifecycle import Role

HANDLER = town.viewer(town.STREET, "office", Role.HANDLER, user=11)
NEIGHBOUR = town.viewer(town.NEXT_STREET, "office", Role.HANDLER, user=14)


@pytest.fixture
def signed_in(site: Client, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Signs a browser in as anybody, with CSRF checks on."""
    from django.contrib.auth import get_user_model

    def enter(viewer: Viewer) -> Client:
        users = get_user_model().objects.using("owner")
        user, _ = users.get_or_create(username=f"u{viewer.user}")
        held = [Held(viewer.post, "岗位", "post", viewer)]
        monkeypatch.setattr("zhongshu.screen.middleware.posts_of", lambda user: held)
        browser = Client(headers={"host": "localhost"}, enforce_csrf_checks=True)
        browser.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
        browser.cookies["csrftoken"] = "c" * 32
        return browser

    return enter


def make(hub: Hub, watch: Watch, text: str) -> int:
    return hub.take_in([normalise({"text": text, "merge": "off"}, watch())])[0].facts[0].subject


def post(browser: Client, path: str, body: Any) -> Any:
    return browser.post(path, body, content_type="application/json", headers={"x-csrftoken": "c" * 32})


def test_nobody_sees_nothing(site: Client) -> None:
    assert site.get("/api/cases").status_code == 401
    assert site.get("/api/knowledge/units").status_code == 401
    assert post(site, "/api/acts", {"cases": [1], "kind": "Signed"}).status_code in (401, 403)


def test_each_sees_its_own_cases(hub: Hub, watch: Watch, signed_in: Any) -> None:
    case = make(hub, watch, "一居垃圾看得见")
    listed = signed_in(HANDLER).get("/api/cases", {"q": "看得见"}).json()
    assert [row["id"] for row in listed["rows"]] == [case]
    assert signed_in(HANDLER).get(f"/api/cases/{case}").json()["host"] == f"{town.STREET}-office"
    assert signed_in(NEIGHBOUR).get("/api/cases", {"q": "看得见"}).json()["rows"] == []
    assert signed_in(NEIGHBOUR).get(f"/api/cases/{case}").status_code == 404


def test_pages_follow_one_another(hub: Hub, watch: Watch, signed_in: Any) -> None:
    made = [make(hub, watch, f"一居垃圾翻页{n}") for n in range(5)]
    browser = signed_in(HANDLER)
    first = browser.get("/api/cases", {"q": "翻页", "size": 3}).json()
    second = browser.get("/api/cases", {"q": "翻页", "size": 3, "cursor": first["next"]}).json()
    assert [row["id"] for row in first["rows"] + second["rows"]] == made[::-1]
    assert (first["count"], second["next"]) == (5, None)


def test_an_integration_reads_its_division_and_may_not_act(
    site: Client, hub: Hub, watch: Watch, plain: str, trusted: str
) -> None:
    case = make(hub, watch, "一居垃圾接口看")
    read, far = ({"authorization": f"Bearer {token}"} for token in (trusted, plain))
    assert site.get(f"/api/cases/{case}", headers=read).status_code == 200
    assert site.get(f"/api/cases/{case}", headers=far).status_code == 404
    act = {"kind": "Signed"}
    answer = site.post(f"/api/cases/{case}/acts", act, content_type="application/json", headers=read)
    assert (answer.status_code, "无权" in answer.json()["error"]) == (409, True)


def test_acting_needs_csrf_post_and_state(hub: Hub, watch: Watch, signed_in: Any) -> None:
    case = make(hub, watch, "一居垃圾办理")
    browser = signed_in(HANDLER)
    bare = browser.post(f"/api/cases/{case}/acts", {"kind": "Signed"}, content_type="application/json")
    assert bare.status_code == 403
    done = post(browser, f"/api/cases/{case}/acts", {"kind": "Signed"})
    assert (done.status_code, [fact["kind"] for fact in done.json()["facts"]]) == (200, ["Signed"])
    assert post(browser, f"/api/cases/{case}/acts", {"kind": "Signed"}).status_code == 409
    assert post(browser, f"/api/cases/{case}/acts", {"kind": "Flown"}).status_code == 409
    assert post(browser, f"/api/cases/{case}/acts", {"kind": "Handled", "payload": {"result": [1]}}).status_code == 422
    assert post(signed_in(NEIGHBOUR), f"/api/cases/{case}/acts", {"kind": "Signed"}).status_code == 404


def test_many_at_once_each_for_itself(hub: Hub, watch: Watch, signed_in: Any) -> None:
    cases = [make(hub, watch, f"一居垃圾批量{n}") for n in range(3)]
    body = post(signed_in(HANDLER), "/api/acts", {"cases": [*cases, 5, cases[0]], "kind": "Signed"}).json()
    assert (body["done"], body["refused"], [one["ok"] for one in body["results"]]) == (3, 1, [True] * 3 + [False])
    assert "5" in body["results"][3]["error"]


@pytest.mark.parametrize(
    "query",
    [{"place": "0"}, {"cursor": "x"}, {"cursor": 2**70}, {"size": 0}, {"state": "fly"}, {"opened_since": "2026-01-01"}],
)  # fmt: skip
def test_odd_filters_are_refused_with_a_sentence(signed_in: Any, query: dict[str, Any]) -> None:
    answer = signed_in(HANDLER).get("/api/cases", query)
    assert (answer.status_code, bool(answer.json()["error"])) == (422, True)


def test_words_of_the_pack(signed_in: Any) -> None:
    browser = signed_in(HANDLER)
    assert "rubbish" in [one["code"] for one in browser.get("/api/knowledge/categories").json()]
    assert f"{town.STREET}-office" in [one["code"] for one in browser.get("/api/knowledge/units").json()]


def send(site: Client, token: str, body: Any) -> Any:
    return site.post(
        "/api/readings", body, content_type="application/json", headers={"authorization": f"Bearer {token}"}
    )


def test_good_readings_go_in_bad_ones_come_back(site: Client, trusted: str, plain: str) -> None:
    at = "2026-06-01T11:50:00+08:00"
    rows = [
        {"sensor": "W1", "at": at, "value": 3},
        {"sensor": "W9", "at": at, "value": 3},
        {"sensor": "W1", "at": "gestern", "value": 3},
        {"sensor": "W1", "at": at, "value": "deep"},
        7,
        {"sensor": "W1", "at": at, "value": 3},
    ]
    body = send(site, trusted, rows).json()
    assert (body["accepted"], body["warnings"]) == (2, [])
    assert [(one["row"], one["field"]) for one in body["rejected"]] == [
        (1, "sensor"), (2, "at"), (3, "value"), (4, "reading")
    ]  # fmt: skip
    assert send(site, trusted, rows[1]).status_code == 422
    assert send(site, plain, rows[0]).status_code == 403
    assert site.post("/api/readings", rows[0], content_type="application/json").status_code == 401


def test_high_water_is_a_case_before_anybody_calls(site: Client, hub: Hub, trusted: str) -> None:
    from dataclasses import replace

    from zhongshu.app import PACKAGE
    from zhongshu.hub.loading import _scenarios
    from zhongshu.screen import gate

    gate.install(Hub(lambda: replace(town.TOOLS, scenarios=_scenarios(PACKAGE / "scenarios")), hub.clock))
    body = send(site, trusted, {"sensor": "W1", "at": "2026-06-01T11:59:00+08:00", "value": 40}).json()
    assert (body["accepted"], body["warnings"][0]["sensor"]) == (1, "W1")
    assert body["warnings"][0]["number"].endswith(str(body["warnings"][0]["case"]))


@pytest.mark.parametrize("odd", [None, "x", "²", 1.5, True, -1, 2**70, "\0", [], {}, "maybe"])
@pytest.mark.parametrize("kind", ["Signed", "Handled", "CalledBack", "Classified", "Split", "Merged", "Unstuck", "Fly"])
def test_no_payload_breaks_an_act(hub: Hub, watch: Watch, signed_in: Any, kind: str, odd: Any) -> None:
    case = make(hub, watch, "一居垃圾怪值")
    anybody = town.viewer(town.STREET, "office", *Role, user=15)
    names = ("report", "contacted", "satisfaction", "result", "category", "reason", "photos", "stuck", "proposal")
    for payload in (dict.fromkeys(names, odd), *({name: odd} for name in names)):
        one = post(signed_in(anybody), f"/api/cases/{case}/acts", {"kind": kind, "payload": payload})
        assert one.status_code in (200, 404, 409, 422)
        many = post(signed_in(anybody), "/api/acts", {"cases": [case], "kind": kind, "payload": payload})
        assert many.status_code in (200, 422)
