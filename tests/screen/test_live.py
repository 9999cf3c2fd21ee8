"""What the live channel tells: to whoever comes the numbers of now, afterwards only what became of his own place."""

from __future__ import annotations

import asyncio
import time
from importlib import import_module
from typing import Any

import orjson
import pytest

from tests import town
from zhongshu.data import pulse
from zhongshu.hub.hub import Hub
from zhongshu.hub.sense.normalise import normalise
from zhongshu.kernel.access import Viewer
from zhongshu.kernel.places import EVERYWHERE, Level

CITY = Viewer("city-post", "city", "city", Level.CITY, town.CITY, EVERYWHERE, frozenset(), 1)
STREET = Viewer(
    "street-post", "street", "street", Level.STREET, town.STREET, town.SCHEME.span(town.STREET), frozenset(), 2
)
NEXT = town.SCHEME.span(town.NEXT_STREET)
SPANS = {EVERYWHERE: CITY, STREET.span: STREET}


@pytest.fixture
def page(database: str) -> Any:
    """The page's module, which needs Django to be configured."""
    return import_module("zhongshu.screen.pages.live")


def told(listener: Any) -> list[bytes]:
    return [listener.queue.get_nowait() for _ in range(listener.queue.qsize())]


def test_whoever_comes_back_gets_the_numbers_of_now(page: Any) -> None:
    async def scene() -> tuple[list[bytes], list[bytes]]:
        station = page.Station(shown={EVERYWHERE: {"open": "3"}})
        city, street = page.Listener(CITY), page.Listener(STREET)
        station.join(city)
        station.join(street)
        station.leave(street)
        station.leave(city)
        return told(city), told(street)

    city, street = asyncio.run(scene())
    assert city == [b"event: numbers\ndata: " + orjson.dumps({"open": "3"}) + b"\n\n"]
    assert street == []


@pytest.fixture
def station(page: Any) -> Any:
    """One that has just counted both spans."""
    return page.Station(shown={EVERYWHERE: {}, STREET.span: {}}, counted=time.monotonic())


def test_only_spans_in_which_something_happened_are_counted(station: Any) -> None:
    assert set(station._wanted(SPANS, 0, set())) == set()
    assert set(station._wanted(SPANS, 1, {town.NEXT_STREET})) == {EVERYWHERE}
    assert set(station._wanted(SPANS, 1, {town.COMMUNITY})) == {EVERYWHERE, STREET.span}
    assert set(station._wanted({**SPANS, NEXT: CITY}, 0, set())) == {NEXT}


def test_all_are_counted_when_too_much_happened_and_now_and_then(page: Any, station: Any) -> None:
    assert set(station._wanted(SPANS, pulse.NAMED + 1, set())) == set(SPANS)
    station.counted -= page.COUNT_EVERY
    assert set(station._wanted(SPANS, 0, set())) == set(SPANS)
    assert set(station._wanted(SPANS, 0, set())) == set()


def test_the_very_first_report_is_told(page: Any, hub: Hub) -> None:
    station = page.Station()
    assert station._look(SPANS)[1] == []
    hub.take_in([normalise({"text": "一居 垃圾", "lon": 113.3, "lat": 23.1}, hub.clock())])
    found, beats = station._look(SPANS)
    assert len(beats) == 1
    assert found[EVERYWHERE]["open"] == "1"
    assert station._look(SPANS)[1] == []
