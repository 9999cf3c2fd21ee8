"""A text that a browser keeps: the server says when it has it, and an ended log-in leads back to where it was typed."""

from __future__ import annotations

from http import HTTPStatus

import pytest
from django.test import Client

from tests import town, town_hall
from zhongshu.hub.hub import Hub
from zhongshu.screen import gate

HERE = "http://localhost"


@pytest.fixture(scope="module")
def people(database: str) -> None:
    town_hall.people()
    gate.install(Hub(lambda: town.TOOLS))


def sends(client: Client, address: str, text: str, mark: str = "abc123") -> tuple[int, str]:
    """Send a form with its draft named; (status, the draft that is said to be done)."""
    client.cookies["draft_sent"] = mark
    answer = client.post(address, {"text": text, "channel": "phone"})
    done = answer.cookies.get("draft_done")
    assert answer.cookies["draft_sent"]["max-age"] == 0
    return answer.status_code, done.value if done else ""


def test_the_draft_goes_only_when_the_form_was_taken_in(people: None) -> None:
    client = town_hall.sign_in("city")
    assert sends(client, "/operator", "") == (HTTPStatus.UNPROCESSABLE_ENTITY, "")
    assert sends(client, "/operator", "一居 垃圾 满了") == (HTTPStatus.FOUND, "abc123")
    client.logout()
    assert sends(client, "/operator", "一居 垃圾 又满了") == (HTTPStatus.FOUND, "")


def test_what_is_no_mark_of_ours_is_left_alone(people: None) -> None:
    client = town_hall.sign_in("city")
    client.cookies["draft_sent"] = "</script>"
    answer = client.post("/operator", {"text": "一居 垃圾", "channel": "phone"})
    assert "draft_done" not in answer.cookies
    client.cookies["draft_sent"] = "abc123"
    assert "draft_done" not in client.get("/operator").cookies


@pytest.mark.parametrize(
    ("referer", "back"),
    [
        (f"{HERE}/cases/7?x=1", "/cases/7%3Fx%3D1"),
        ("", "/"),
        ("https://elsewhere.example/cases/7", "/"),
    ],
)
def test_an_ended_log_in_leads_back_to_the_forms_own_page(people: None, referer: str, back: str) -> None:
    answer = Client(SERVER_NAME="localhost").post("/cases/7/act", {"kind": "Signed"}, headers={"referer": referer})
    assert answer.headers["location"] == f"/accounts/login/?next={back}"


def test_a_part_of_a_page_sends_the_whole_page_to_the_log_in(people: None) -> None:
    given = {"hx-request": "true", "hx-current-url": f"{HERE}/operator"}
    answer = Client(SERVER_NAME="localhost").get("/operator/suggest?text=x", headers=given)
    assert (answer.status_code, answer.content) == (HTTPStatus.NO_CONTENT, b"")
    assert answer.headers["hx-redirect"] == "/accounts/login/?next=/operator"


def test_a_refused_form_shows_the_way_back(people: None) -> None:
    client = town_hall.sign_in("street")
    page = client.post("/cases/987654321/act", {"kind": "Signed"}, headers={"referer": f"{HERE}/cases?mine=1"})
    assert page.status_code == HTTPStatus.NOT_FOUND
    assert 'href="/cases?mine=1"' in page.content.decode()
