"""Reports of two classes that go together at some sites for a reason, and of one that only shares its places."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

DAYS = 22
SITES = 12
TURN = 21
ACTIVE = 4
APART = 0.016
"""Degrees between two sites: each has a neighbourhood of its own."""


def at_site(number: int) -> tuple[float, float]:
    """Longitude and latitude of a site."""
    return 113.2 + APART * (number % 4), 23.0 + APART * (number // 4)


def linked(
    start: datetime, places: tuple[str, ...], first: str = "垃圾", second: str = "违建"
) -> Iterator[dict[str, Any]]:
    """Each site is at work four days in three weeks: `first` in the morning, `second` some hours later, never merged.

    Sites take turns in time and lie in turn in `places`, the first half of them in the first place. 积水 is reported at
    the same sites on all days alike.
    """
    for day in range(DAYS):
        for number in range(SITES):
            lon, lat = at_site(number)
            place = places[number * len(places) // SITES]
            base = {"lon": lon, "lat": lat, "merge": "off", "channel": "web"}
            at = start + timedelta(days=day, hours=8, minutes=number)
            if (day + number * TURN // SITES) % TURN < ACTIVE:
                yield base | {
                    "text": f"{place} {first} {day} {number}",
                    "at": at,
                    "phone": f"1380000{day:02}{number:02}",
                }
                later = at + timedelta(hours=5)
                yield base | {
                    "text": f"{place} {second} {day} {number}",
                    "at": later,
                    "phone": f"1390000{day:02}{number:02}",
                }
            if (day * 5 + number) % 7 == 0:
                yield base | {"text": f"{place} 积水 {day} {number}", "at": at + timedelta(hours=2), "phone": ""}
