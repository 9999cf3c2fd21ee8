"""埋设的成因 what goes together in the demo city for a reason, and what only looks as if it did."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from random import Random
from typing import Any

from zhongshu.cities.demo.truths import LOCAL, metres

Row = dict[str, Any]

LINKS = (
    ("道路开挖", "突发停水", "开挖道路碰断供水管 digging up roads breaks water mains"),
    ("工地运输噪声", "泥头车撒漏", "工地夜间出土，泥头车一路撒漏 sites that haul by night spill by day"),
)
SITES = 14
"""Of each link; so far apart that no two share a neighbourhood."""
APART = 1_500.0
"""Metres, as long as the city is wide enough for so many sites."""
CYCLE = 21
"""Days in which each site is at work once; the sites of a link take turns, so that the city as a whole stays even."""
ACTIVE = 4
"""Days of work."""

MARKET = ("夜市大排档", "餐饮噪声")
"""Both are complained of at the same places all the year round, neither because of the other."""
MARKETS = 4
LIVELY = 0.3
"""Chance a day of a complaint of each class at each market."""

CALLER = ("邻里噪声", "广场舞噪声")
"""What one person calls about again and again, the one soon after the other."""
CALLS = 3
"""Times a day of each, on the days on which that person calls."""


@dataclass(frozen=True, slots=True)
class Planned:
    """One matter to be reported: the name of its class, its site, when; `caller` where it is always the same person."""

    name: str
    site: Row
    at: datetime
    group: str
    plant: str
    caller: str = ""


def plant(places: list[Row], seed: int) -> Row:
    """Sites of every link, of the markets and of the caller, for truths.json."""
    rng = Random(f"causes {seed}")
    roads = [place for place in places if place["kind"] == "road"]
    rng.shuffle(roads)
    sites = _apart(roads, SITES * len(LINKS))
    rest = [place for place in roads if all(place is not one for one in sites)]
    return {
        "links": [
            {"first": first, "second": second, "why": why, "sites": [_site(one) for one in sites[n :: len(LINKS)]]}
            for n, (first, second, why) in enumerate(LINKS)
        ],
        "innocent": [
            {"first": MARKET[0], "second": MARKET[1], "sites": [_site(one) for one in rest[:MARKETS]]}
            | {"why": "同一些地方常年都有，互不相干 the same places all year, neither because of the other"},
            {"first": CALLER[0], "second": CALLER[1], "sites": [_site(rest[MARKETS])]}
            | {"why": "同一人反复来电 one person who calls again and again"},
        ],
    }


def _site(place: Row) -> Row:
    return {key: place[key] for key in ("code", "name", "division", "lon", "lat")}


def _apart(roads: list[Row], count: int) -> list[Row]:
    """So many roads, no two of one link nearer than APART, or as far as the city allows."""
    apart = APART
    while True:
        taken: list[Row] = []
        for road in roads:
            own = taken[len(taken) % len(LINKS) :: len(LINKS)]
            if all(metres(road, one) >= apart for one in own):
                taken.append(road)
            if len(taken) == count:
                return taken
        apart *= 0.8


def _at_work(seed: int, number: int, day: date) -> bool:
    """Whether the site of this number is at work on a day: ACTIVE days in every CYCLE."""
    return (day.toordinal() + seed + round(number * CYCLE / SITES)) % CYCLE < ACTIVE


def planned(truth: Row, seed: int, day: date) -> Iterator[Planned]:
    """What is reported on one local day because of the planted causes, and of what only looks like one."""
    rng = Random(f"caused {seed} {day}")
    at_work = [
        (f"{day:%Y%m%d}-cause-{n}-{number}", link, site)
        for n, link in enumerate(truth["links"])
        for number, site in enumerate(link["sites"])
        if _at_work(seed + n, number, day)
    ]
    for group, link, site in at_work:
        first = _moment(day, rng.uniform(6.5, 10))
        yield Planned(link["first"], site, first, f"{group}-a", "cause")
        yield Planned(link["second"], site, first + timedelta(hours=rng.uniform(1, 12)), f"{group}-b", "cause")
    yield from _innocent(truth["innocent"], seed, day, rng)


def _innocent(truth: list[Row], seed: int, day: date, rng: Random) -> Iterator[Planned]:
    market, caller = truth
    for number, site in enumerate(market["sites"]):
        for name in (market["first"], market["second"]):
            if rng.random() < LIVELY:
                yield Planned(
                    name, site, _moment(day, rng.uniform(8, 23)), f"{day:%Y%m%d}-market-{number}-{name}", "market"
                )
    if _at_work(seed, 0, day):
        for again in range(CALLS):
            at = _moment(day, rng.uniform(9, 21))
            for late, name in enumerate((caller["first"], caller["second"])):
                group = f"{day:%Y%m%d}-caller-{again}-{late}"
                yield Planned(name, caller["sites"][0], at + timedelta(minutes=20 * late), group, "caller", "again")


def _moment(day: date, hour: float) -> datetime:
    return datetime.combine(day, time(), LOCAL) + timedelta(hours=hour)
