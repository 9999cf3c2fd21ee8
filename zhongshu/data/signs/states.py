"""体征的颜色 what colour a sign has: limits with hysteresis and a least duration, and when it is stale. Pure.

A sign turns worse only when its value has been beyond the limit for `minutes`, and better only when it has come back
by more than `hysteresis`, for as long. Between two looks nobody knows: the value of a look holds until the next.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

OK, AMBER, RED, NONE = "ok", "amber", "red", "none"
COLOURS = (OK, AMBER, RED)
"""From good to bad. An order, no number: there is no mean of colours."""


@dataclass(frozen=True, slots=True)
class Limit:
    """阈值: `up` when more is worse; amber and red may be missing; equal to a limit is beyond it."""

    up: bool = True
    amber: float | None = None
    red: float | None = None
    hysteresis: float = 0.0
    minutes: int = 0


@dataclass(frozen=True, slots=True)
class Standing:
    """当前状态: `colour` since `since`; `next`, while another colour waits for its time, since `next_since`."""

    colour: str = NONE
    since: datetime | None = None
    next: str = ""
    next_since: datetime | None = None


def _beyond(value: float, limit: float | None, up: bool) -> bool:
    return limit is not None and (value >= limit if up else value <= limit)


def plain(value: float | None, limit: Limit) -> str:
    """The colour of a value by itself; none without a value or without any limit."""
    if value is None or (limit.amber is None and limit.red is None):
        return NONE
    if _beyond(value, limit.red, limit.up):
        return RED
    return AMBER if _beyond(value, limit.amber, limit.up) else OK


def held(colour: str, value: float | None, limit: Limit) -> str:
    """The colour of a value when the sign has `colour`: to get better it must come back by the hysteresis."""
    found = plain(value, limit)
    if value is None or NONE in (found, colour) or COLOURS.index(found) >= COLOURS.index(colour):
        return found
    # Moved towards the bad side by the hysteresis, the value shows how bad it may still be called.
    worse = value + limit.hysteresis if limit.up else value - limit.hysteresis
    return COLOURS[min(COLOURS.index(colour), COLOURS.index(plain(worse, limit)))]


def step(before: Standing, value: float | None, at: datetime, limit: Limit) -> Standing:
    """The standing after one more look. The first look and the loss of a value count at once."""
    wanted = held(before.colour, value, limit)
    if wanted == before.colour:
        return replace(before, next="", next_since=None)
    if NONE in (before.colour, wanted):
        return Standing(wanted, at)
    since = before.next_since if before.next == wanted and before.next_since else at
    if at - since >= timedelta(minutes=limit.minutes):
        return Standing(wanted, at)
    return replace(before, next=wanted, next_since=since)


def stale(fresh_at: datetime | None, now: datetime, minutes: int) -> bool:
    """Whether the newest that a number was counted from is older than its sign allows; a number of nothing is."""
    return fresh_at is None or now - fresh_at > timedelta(minutes=minutes)


LEAST = 8
"""Like moments that there must be before a percentile of them is a limit."""


def percentile(values: Sequence[float], share: float) -> float | None:
    """The value below which `share` per cent of the values lie, between neighbours by straight line; None for none."""
    if not values:
        return None
    ranked = sorted(values)
    at = (len(ranked) - 1) * min(max(share, 0.0), 100.0) / 100
    low = int(at)
    high = min(low + 1, len(ranked) - 1)
    return ranked[low] + (ranked[high] - ranked[low]) * (at - low)


def by_history(limit: Limit, values: Sequence[float]) -> Limit:
    """A limit whose amber and red are per cent of like moments in the past (P90, P97), as values; none with too few."""
    if len(values) < LEAST:
        return replace(limit, amber=None, red=None)

    def of(share: float | None) -> float | None:
        return None if share is None else percentile(values, share if limit.up else 100 - share)

    return replace(limit, amber=of(limit.amber), red=of(limit.red))
