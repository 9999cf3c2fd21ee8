"""The stream: every line answered in order, durable first, whatever the line holds."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator, Sequence
from typing import Any

import pytest
from django.db import OperationalError
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from zhongshu.data import queue
from zhongshu.hub.hub import Hub


def post(body: Sequence[bytes], token: str) -> tuple[int, list[Any]]:
    """Send chunks to the application in this process; returns status and decoded lines."""
    from zhongshu.screen.api.stream import PATH, mount

    chunks: Iterator[Any] = iter(
        [{"type": "http.request", "body": one, "more_body": True} for one in body]
        + [{"type": "http.request", "body": b"", "more_body": False}]
    )
    sent: list[Any] = []

    async def receive() -> Any:
        return next(chunks)

    async def send(message: Any) -> None:
        sent.append(message)

    async def django(scope: Any, receive: Any, send: Any) -> None:
        raise AssertionError("not for Django")

    scope = {"type": "http", "path": PATH, "method": "POST", "headers": [(b"authorization", token.encode())]}
    asyncio.run(mount(django)(scope, receive, send))
    text = b"".join(message.get("body", b"") for message in sent).decode()
    return sent[0]["status"], [json.loads(line) for line in text.splitlines()]


def lines(*reports: Any) -> bytes:
    return "\n".join(json.dumps(one, ensure_ascii=False) for one in reports).encode()


def test_each_line_is_answered_in_order_and_bad_ones_say_why(site: Client, trusted: str) -> None:
    body = lines({"text": "一居垃圾流一", "key": "s1"}, {"text": ""}, {"text": "一居垃圾流二", "key": "s2"}, 5) + (
        b'\n{"text": "\x00"}\n\n{not json\n' + lines({"text": "一居垃圾流一", "key": "s1"})
    )
    before = queue.waiting()
    status, answers = post([body[:30], body[30:31], body[31:]], f"Bearer {trusted}")
    assert status == 200
    assert [one["line"] for one in answers] == [1, 2, 3, 4, 5, 7, 8]
    assert [sorted(one) for one in answers[:2]] == [["line", "new", "report"], ["error", "line"]]
    assert (answers[0]["new"], answers[-1]["new"], answers[-1]["report"]) == (True, False, answers[0]["report"])
    assert "text" in answers[1]["error"]
    assert queue.waiting() - before == 2


def test_many_batches(site: Client, hub: Hub, trusted: str) -> None:
    body = [lines({"text": f"一居垃圾第{n}条", "key": f"m{n}"}) + b"\n" for n in range(1201)]
    status, answers = post(body, f"Bearer {trusted}")
    assert (status, len(answers), sum(one["new"] for one in answers)) == (200, 1201, 1201)
    _, again = post(body, f"Bearer {trusted}")
    assert [one["report"] for one in again] == [one["report"] for one in answers]
    assert not any(one["new"] for one in again)


@pytest.mark.parametrize("token", ["", "Bearer zs_wrong", "Basic x"])
def test_without_a_token_nothing_is_read(site: Client, token: str) -> None:
    status, answers = post([lines({"text": "一居垃圾", "channel": "web"})], token)
    assert (status, "error" in answers[0]) == (401, True)


def test_a_channel_that_the_token_lacks(site: Client, plain: str) -> None:
    _, answers = post([lines({"text": "一居垃圾", "channel": "phone"}, {"text": "一居垃圾"})], f"Bearer {plain}")
    assert ("渠道" in answers[0]["error"], answers[1]["new"]) == (True, True)


def test_an_endless_line_is_skipped(site: Client, trusted: str) -> None:
    body = [b'{"text": "', *[b"x" * 60_000] * 20, b'"}\n', lines({"text": "一居垃圾在后"})]
    _, answers = post(body, f"Bearer {trusted}")
    assert ("过长" in answers[0]["error"], answers[1]["new"]) == (True, True)


def test_database_away_answers_each_line(site: Client, trusted: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def gone(*_: Any) -> None:
        raise OperationalError("the server closed the connection")

    monkeypatch.setattr("zhongshu.hub.hub.intake.claim", gone)
    status, answers = post([lines({"text": "一居垃圾断"}, {"text": "一居垃圾库"})], f"Bearer {trusted}")
    assert (status, [one["line"] for one in answers]) == (200, [1, 2])
    assert all("未受理" in one["error"] for one in answers)


@given(st.lists(st.binary(max_size=12).map(lambda b: b.replace(b"\n", b"")), max_size=8), st.integers(1, 7))
def test_cutting_does_not_depend_on_chunks(found: list[bytes], step: int) -> None:
    from zhongshu.screen.api.stream import Cutter

    body = b"\n".join(found)
    cutter = Cutter()
    cut = [line for at in range(0, len(body), step) for line in cutter.cut(body[at : at + step], last=False)]
    cut += cutter.cut(b"", last=True)
    assert cut == [(n, text) for n, text in enumerate(found, start=1) if text.strip()]
