"""示范回流 months of data going up and coming back, with ordinary disorder, and one flow that stopped in a street.

Figures: a return is missed in 3 of 100, late in 4 of 100, by chance alone; rows are those of a
community's size, until the demo that plays it puts those of its own data sets in their place.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, timezone
from random import Random
from typing import Any

Row = Mapping[str, Any]

LOCAL = timezone(timedelta(hours=8))
STOPPED = "D02"
"""社保参保状态整表回流."""
MONTHS = 4
"""Months of history before the start."""
MISSED, LATE = 0.03, 0.04


@dataclass(frozen=True, slots=True)
class Moved:
    """What one flow moved for a month, at one moment: place -> rows."""

    flow: str
    period: date
    at: datetime
    places: Mapping[str, int]


def plant(communities: Iterable[str], seed: int) -> dict[str, Any]:
    """Which flow stops, and below which street."""
    streets = sorted({code[:9] + "000" for code in communities})
    return {"flow": STOPPED, "place": Random(f"return {seed}").choice(streets), "months": 2}


def months(now: datetime) -> list[date]:
    """The first days of the months before this one, oldest first."""
    first = now.astimezone(LOCAL).date().replace(day=1)
    found = []
    for _ in range(MONTHS):
        first = (first - timedelta(days=1)).replace(day=1)
        found.append(first)
    return found[::-1]


def history(
    flows: Iterable[Row], communities: Iterable[str], now: datetime, truth: Mapping[str, Any], seed: int
) -> Iterator[Moved]:
    """Everything that moved until now, month by month."""
    rng, places = Random(f"returns {seed}"), sorted(communities)
    sizes = {place: rng.randint(40, 400) for place in places}
    known, when = list(flows), months(now)
    for period in when:
        stopped = period in when[-truth["months"] :]
        for flow in known:
            lost = truth["place"] if stopped and flow["code"] == truth["flow"] else ""
            yield from (one for one in _month(flow, period, sizes, lost, rng) if one.at < now)


def _month(flow: Row, period: date, sizes: Mapping[str, int], lost: str, rng: Random) -> Iterator[Moved]:
    """One flow in one month: those in time together, those late a month later."""
    end = (period + timedelta(days=32)).replace(day=1)
    if flow["direction"] == "up":
        yield Moved(flow["code"], period, _at(end - timedelta(days=2)), sizes)
        return
    held = {place: n for place, n in sizes.items() if not lost or place[:9] != lost[:9]}
    fates = {place: rng.random() for place in held}
    days = int(flow["within_days"])
    in_time = {place: n for place, n in held.items() if fates[place] >= MISSED + LATE}
    yield Moved(flow["code"], period, _at(end + timedelta(days=max(1, days - 4))), in_time)
    late = {place: n for place, n in held.items() if MISSED <= fates[place] < MISSED + LATE}
    yield Moved(flow["code"], period, _at(end + timedelta(days=days + 6)), late)


def _at(day: date) -> datetime:
    return datetime.combine(day, time(10), LOCAL)
