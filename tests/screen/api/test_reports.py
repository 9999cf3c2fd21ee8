"""One report over HTTP: the whole road, who may say what, and how little SQL it costs."""

from __future__ import annotations

import os
import re
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
import pytest
from django.db import connections
from django.test import Client

from tests import town
from tests.conftest import Watch
from zhongshu.data import databases
from zhongshu.hub.hub import Hub

KEY = "3f0c2a5e9d7b4c61"


def send(site: Client, body: Any, token: str = "", **headers: str) -> Any:
    if token:
        headers["authorization"] = f"Bearer {token}"
    return site.post("/api/reports", body, content_type="application/json", headers=headers)


def test_report_answers_with_case_unit_and_deadlines(site: Client) -> None:
    answer = send(site, {"text": "一居门口垃圾没人收", "channel": "web", "phone": "13800000000"})
    assert answer.status_code == 201
    body = answer.json()
    assert body["number"].endswith(f"-{body['case']}")
    assert (body["state"], body["merged"]) == ("dispatched", False)
    assert (body["category"]["code"], body["category"]["name"]) == ("rubbish", "垃圾")
    assert body["place"] == {"code": town.COMMUNITY, "name": "一居", "grid": town.COMMUNITY + "-1"}
    assert body["unit"] == {"code": f"{town.STREET}-office", "name": "office单位"}
    assert [one["name"] for one in body["deadlines"]] == ["sign", "handle", "contact"]
    assert body["deadlines"][1]["due_at"].startswith("2026-06-01T10:00:00")


@pytest.mark.parametrize("text", ["一居垃圾幂等", "一居难分的幂等", "一居无人管幂等", "一居爆幂等"])
def test_same_key_gets_the_same_answer(site: Client, text: str) -> None:
    first = send(site, {"text": text, "key": KEY + text})
    again = send(site, {"text": text}, **{"idempotency-key": (KEY + text).encode().decode("latin-1")})
    other = send(site, {"text": text, "key": KEY + text})
    assert (first.status_code, other.status_code) == (201, 200)
    assert other.json() == first.json()
    assert again.status_code == 201, "a header holds Latin-1, so this is another key"


def test_key_in_the_header(site: Client) -> None:
    first = send(site, {"text": "一居垃圾头部幂等"}, **{"idempotency-key": KEY})
    again = send(site, {"text": "一居垃圾头部幂等"}, **{"idempotency-key": KEY})
    assert (first.status_code, again.status_code, again.json()) == (201, 200, first.json())


def test_a_merged_report_says_so(site: Client) -> None:
    at = {"lon": 113.26, "lat": 23.13}
    first = send(site, {"text": "一居垃圾臭气熏天", **at}).json()
    second = send(site, {"text": "一居垃圾臭气熏天", **at})
    assert second.status_code == 201
    body = second.json()
    assert (body["merged"], body["case"], body["number"]) == (True, first["case"], first["number"])
    assert body["track_url"] != first["track_url"]


def test_tracking_needs_its_own_token(site: Client) -> None:
    one = send(site, {"text": "一居垃圾查询甲"}).json()
    two = send(site, {"text": "一居积水查询乙"}).json()
    token = one["track_url"].rsplit("/", 1)[1]
    found = site.get(f"/api/track/{one['number']}", {"token": token})
    assert (found.status_code, found.json()["unit"], found.json()["text"]) == (200, "office单位", "一居垃圾查询甲")
    assert site.get(f"/api/track/{two['number']}", {"token": token}).status_code == 404
    assert site.get(f"/api/track/{one['number']}", {"token": token[:-1] + "!"}).status_code == 404


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"text": ""}, "text"),
        ({"text": " \t "}, "text"),
        ({}, "text"),
        ({"text": "垃圾", "lon": 1}, "lon, lat"),
        ({"text": "垃圾", "lon": "x", "lat": 1}, "lon"),
        ({"text": "垃圾", "lon": 200, "lat": 1}, "lon"),
        ({"text": "垃圾", "datum": "mars"}, "datum"),
        ({"text": "垃圾", "at": "2026-01-01T00:00:00Z"}, "at"),
        ({"text": "垃圾", "category": "rubbish"}, "category"),
        ({"text": "垃圾", "source": "hotline"}, "source"),
        ({"text": "垃圾", "merge": "off"}, "merge"),
        ({"text": "垃圾", "key": "1"}, "key"),
        ({"text": "垃圾", "photos": [0]}, "photos"),
        ({"text": ["垃圾"]}, "text"),
    ],
)
def test_bad_input_is_one_sentence_about_one_field(site: Client, body: Any, field: str) -> None:
    answer = send(site, body)
    assert (answer.status_code, answer.json()["field"]) == (422, field)
    assert answer.json()["error"]


@pytest.mark.parametrize("body", [b"", b"{", b"NaN", b'{"text": NaN}', b'{"text": "\\ud800"}', b"[" * 100_000, b"\xff"])
def test_what_is_no_json_is_refused(site: Client, body: bytes) -> None:
    answer = site.generic("POST", "/api/reports", body, content_type="application/json")
    assert answer.status_code in (400, 422)
    assert answer.json()["error"]


@pytest.mark.parametrize(("language", "said"), [("", "{e} / {c}"), ("en-GB,zh;q=0.5", "{e}"), ("zh-CN", "{c}")])
def test_a_refusal_is_in_the_language_that_was_asked_for(site: Client, language: str, said: str) -> None:
    answer = site.get("/api/track/5?token=forged", headers={"Accept-Language": language})
    assert answer.json()["error"] == said.format(e="this tracking link is not valid", c="查询链接无效")


def test_control_characters_are_left_out(site: Client) -> None:
    answer = send(site, {"text": "一居\u0000垃圾\u0007", "name": "张\u0000三"})
    assert (answer.status_code, answer.json()["category"]["code"]) == (201, "rubbish")


def test_other_channels_need_a_token_with_that_channel(site: Client, plain: str, trusted: str) -> None:
    report = {"text": "一居垃圾热线来件", "channel": "phone"}
    assert send(site, report).status_code == 401
    assert send(site, report, "zs_unknown").status_code == 401
    assert send(site, report, plain).status_code == 403
    assert send(site, report, trusted).status_code == 201
    assert send(site, {"text": "一居垃圾接口来件"}, plain).json()["state"] == "dispatched"


def test_only_the_trusted_say_when_and_what(site: Client, plain: str, trusted: str) -> None:
    said = {"text": "一居事情", "channel": "api", "category": "rubbish", "at": "2026-05-30T08:00:00+08:00"}
    assert send(site, said, plain).status_code == 422
    body = send(site, said, trusted).json()
    assert (body["category"]["code"], body["number"][:8]) == ("rubbish", "20260530")


def test_keys_of_two_senders_never_meet(site: Client, plain: str, trusted: str) -> None:
    one = send(site, {"text": "一居垃圾甲方", "channel": "api", "key": "1"}, plain)
    two = send(site, {"text": "二居垃圾乙方", "channel": "api", "key": "1"}, trusted)
    assert (one.status_code, two.status_code) == (201, 201)


SENT = re.compile(rb"^[^\t\n]+\tF\t\d+\t((?:Query|Execute)\b[^\n]{0,60})", re.MULTILINE)


@contextmanager
def statements(*aliases: str) -> Iterator[list[str]]:
    """What goes over the wire to PostgreSQL, as libpq itself sees it: one entry for each statement executed."""
    seen: list[str] = []
    with tempfile.TemporaryFile() as file:
        for name in aliases:
            connections[name].ensure_connection()
            connections[name].connection.pgconn.trace(os.dup(file.fileno()))
        yield seen
        for name in aliases:
            connections[name].connection.pgconn.untrace()
        file.seek(0)
        seen += [line.decode(errors="replace") for line in SENT.findall(file.read())]


@pytest.mark.parametrize(("key", "kind"), [("a", "a new case"), ("b", "merged"), ("a", "seen before")])
def test_one_report_costs_at_most_eight_statements(site: Client, key: str, kind: str) -> None:
    send(site, {"text": "一居路口积水预热", "phone": "1"})
    report = {"text": "一居垃圾计数", "phone": "13800000000", "lon": 113.27, "lat": 23.14, "key": KEY + key}
    with statements(databases.ROAD, databases.APP) as sent:
        answer = send(site, report)
    assert answer.status_code in (200, 201)
    assert 4 < len(sent) <= 8, (kind, sent)


def test_database_away_is_503_and_nothing_accepted(
    site: Client, hub: Hub, watch: Watch, monkeypatch: pytest.MonkeyPatch
) -> None:
    def gone(*_: Any) -> None:
        raise psycopg.errors.DiskFull("could not extend file")

    monkeypatch.setattr("zhongshu.hub.hub.intake.claim", gone)
    answer = send(site, {"text": "一居垃圾断库"})
    assert (answer.status_code, answer["Retry-After"]) == (503, "5")
    assert "未受理" in answer.json()["error"]


def test_the_description_is_served(site: Client) -> None:
    described = site.get("/api/openapi.json").json()
    assert described["openapi"].startswith("3.1")
    assert {"/api/reports", "/api/readings", "/api/cases", "/api/track/{number}"} <= set(described["paths"])
