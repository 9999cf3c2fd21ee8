"""Requests through ASGI: one thread takes each through the whole chain, many at once, and gives its connection back."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator

import httpx
import pytest
from django.db import connections

from tests import town, town_hall
from zhongshu.data.databases import APP
from zhongshu.hub.hub import Hub
from zhongshu.screen import gate
from zhongshu.screen.serving import AT_ONCE, Handler

MANY = 2 * AT_ONCE


@pytest.fixture(scope="module")
def handler(database: str) -> Iterator[Handler]:
    for alias in connections:
        connections[alias].settings_dict["CONN_MAX_AGE"] = 0
    town_hall.people()
    gate.install(Hub(lambda: town.TOOLS))
    yield Handler()
    for alias in connections:
        connections[alias].settings_dict["CONN_MAX_AGE"] = None


def asked(handler: Handler, addresses: list[str]) -> list[httpx.Response]:
    async def all_at_once() -> list[httpx.Response]:
        way = httpx.ASGITransport(handler)
        async with httpx.AsyncClient(transport=way, base_url="http://localhost") as client:
            return list(await asyncio.gather(*(client.get(address) for address in addresses)))

    return asyncio.run(all_at_once())


def test_more_requests_than_threads_are_all_answered(handler: Handler) -> None:
    answers = asked(handler, ["/report"] * MANY)
    assert [one.status_code for one in answers] == [200] * MANY
    assert all("我要反映" in one.text for one in answers)
    ours = [thread for thread in threading.enumerate() if thread.name.startswith("request")]
    assert 1 <= len(ours) <= AT_ONCE


def test_the_chain_is_whole(handler: Handler) -> None:
    away, open_page = asked(handler, ["/cases", "/report"])
    assert (away.status_code, away.headers["location"].partition("?")[0]) == (302, "/accounts/login/")
    assert "content-security-policy" in open_page.headers
    assert asked(handler, ["/nothing-here"])[0].status_code == 404


def test_no_thread_keeps_what_the_database_gave_it(handler: Handler) -> None:
    asked(handler, ["/report"] * MANY)
    with connections[APP].cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()")
        assert cursor.fetchone()[0] < AT_ONCE // 2
