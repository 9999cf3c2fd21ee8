"""The real site on the town, served by uvicorn in a thread, and a browser looking at it."""

from __future__ import annotations

import gc
import socket
import threading
import time
import warnings
from collections.abc import Callable, Iterator

import pytest
import uvicorn
from playwright.sync_api import Browser, ConsoleMessage, Page, expect

from tests import town, town_hall
from tests.chromium import launched
from zhongshu.hub.hub import Hub
from zhongshu.screen import gate

# htmx says this when a newer look takes the place of one under way: usual on a slow machine, and nothing is lost.
# A request that truly failed says htmx:sendError or htmx:responseError besides, which count.
REPLACED = ("htmx:afterRequest", "htmx:sendAbort")
# A busy machine paints a map in software for seconds before it opens the live channel.
expect.set_options(timeout=15_000)


class Server:
    """The site under uvicorn in a thread: it can be stopped, and started again at the same address."""

    def __init__(self) -> None:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self._port = free.getsockname()[1]
        self.address = f"http://127.0.0.1:{self._port}"
        self.start()

    def start(self) -> None:
        """As a new process would: nobody listens yet."""
        from zhongshu.screen.pages import live
        from zhongshu.screen.serving import Handler

        live.station = live.Station()
        config = uvicorn.Config(
            Handler(), port=self._port, log_level="warning", lifespan="off", timeout_graceful_shutdown=1
        )
        self._server = uvicorn.Server(config)
        self._thread = threading.Thread(target=self._server.run)
        self._thread.start()
        while not self._server.started:
            time.sleep(0.02)

    def stop(self) -> None:
        """Requests under way are cut; the empty bodies that Django then leaves open are swept up here and now."""
        self._server.should_exit = True
        self._thread.join()
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", ResourceWarning)
            gc.collect()


@pytest.fixture(scope="module")
def server(database: str) -> Iterator[Server]:
    from django.db import connections

    for alias in connections:
        # The server's threads come and go: each request gives its connection back.
        connections[alias].settings_dict["CONN_MAX_AGE"] = 0
    town_hall.people()
    gate.install(Hub(lambda: town.TOOLS))
    serving = Server()
    yield serving
    serving.stop()
    for alias in connections:
        connections[alias].settings_dict["CONN_MAX_AGE"] = None


@pytest.fixture(scope="module")
def site(server: Server) -> str:
    """Address of the site."""
    return server.address


@pytest.fixture(scope="module")
def chromium(site: str) -> Iterator[Browser]:
    """Asks for the site so that it closes first: while it is open, this thread has an event loop, and Django refuses
    to touch the database from such a thread."""
    with launched() as opened:
        yield opened


def serious(line: ConsoleMessage) -> list[str]:
    return [line.text] * (line.type == "error" and not line.text.startswith(REPLACED))


@pytest.fixture
def complaints() -> list[str]:
    """What consoles said: exceptions, and whatever the content security policy blocked."""
    return []


@pytest.fixture
def visitor(chromium: Browser, site: str, complaints: list[str]) -> Iterator[Callable[[], Page]]:
    """Opens a page of somebody new, who reads Chinese."""
    contexts = []

    def arrive() -> Page:
        context = chromium.new_context(base_url=site, locale="zh-CN", viewport={"width": 1280, "height": 900})
        contexts.append(context)
        context.set_default_timeout(8_000)
        page = context.new_page()
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("console", lambda line: complaints.extend(serious(line)))
        return page

    yield arrive
    for context in contexts:
        context.close()


@pytest.fixture
def worker(visitor: Callable[[], Page]) -> Callable[[str], Page]:
    """Signs somebody in."""

    def enter(name: str) -> Page:
        page = visitor()
        page.goto("/accounts/login/")
        page.fill("#login", name)
        page.fill("#password", town_hall.PASSWORD)
        page.click("form.card button")
        page.wait_for_url(lambda url: "/accounts/" not in url)
        return page

    return enter
