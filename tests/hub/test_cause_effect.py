"""Recurrence on a real database: what came back at treated places, with the cases counted."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest

from tests import town
from tests.conftest import Watch
from zhongshu.hub import cause_effect
from zhongshu.hub.evaluate.recurrence import Recurrence
from zhongshu.hub.hub import Hub
from zhongshu.hub.sense.normalise import normalise

SITES, TREATED = 30, 5
TASKED = town.NOON + timedelta(days=30)
ENDED = TASKED + timedelta(days=6)


def at(site: int) -> tuple[float, float]:
    return 113.2 + 0.01 * (site % 6), 23.0 + 0.01 * (site // 6)


def reported(day: int, site: int, word: str) -> dict[str, Any]:
    lon, lat = at(site)
    moment = town.NOON + timedelta(days=day, minutes=site)
    return {"text": f"一居 {word} {day} {site}", "at": moment, "lon": lon, "lat": lat, "merge": "off", "channel": "web"}


@pytest.fixture(scope="module")
def effect(database: str) -> cause_effect.Effect:
    """Thirty places with a report every third day or so; at five of them it ended with the treatment."""
    watch = Watch()
    hub = Hub(lambda: town.TOOLS, watch)
    now: datetime = ENDED + timedelta(days=28)
    watch.now = now
    raws = [
        reported(day, site, ("垃圾", "违建")[(day + site) % 2])
        for day in range(62)
        for site in range(SITES)
        if (day * 7 + site * 3) % (3 + site % 3) == 0 and (site >= TREATED or day < 33)
    ]
    hub.take_in([normalise(raw, now) for raw in raws])
    row = {"first": "rubbish", "second": "building", "distance": 100.0}
    row |= {"tasked_at": TASKED.isoformat(), "treated_at": ENDED.isoformat()}
    places = [{"lon": at(site)[0], "lat": at(site)[1]} for site in range(TREATED)]
    return cause_effect.effect(row, places, town.KNOWLEDGE, now)


def test_the_drop_is_told_against_matched_places(effect: cause_effect.Effect) -> None:
    told = effect.told
    assert isinstance(told, Recurrence)
    assert told.treated == TREATED
    assert told.matched >= 8
    assert (told.after, told.days) == (0.0, 28.0)
    assert told.before > 5
    assert told.matched_after > 5
    assert told.high < 0


def test_the_cases_that_were_counted_are_named(effect: cause_effect.Effect) -> None:
    assert effect.radius == 150.0
    assert len(effect.before) >= TREATED * 5
    assert list(effect.after) == []
