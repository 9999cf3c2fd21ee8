"""更新监测 whether a data set is as new as its cycle says."""

from __future__ import annotations

from datetime import datetime, timedelta

CYCLES = {
    "minute": timedelta(minutes=1),
    "hour": timedelta(hours=1),
    "day": timedelta(days=1),
    "week": timedelta(days=7),
    "month": timedelta(days=31),
    "quarter": timedelta(days=92),
    "half": timedelta(days=184),
    "year": timedelta(days=366),
}
"""The longest that a cycle lasts; "once" has none."""

FRESH, LATE, UNKNOWN = "fresh", "late", "unknown"


def state(cycle: str, newest: datetime | None, now: datetime) -> str:
    """`late` when two cycles have passed since the newest row: one to be told in, one to be delivered in."""
    if cycle not in CYCLES:
        return FRESH
    if newest is None:
        return UNKNOWN
    return LATE if now - newest > 2 * CYCLES[cycle] else FRESH


def behind(cycle: str, newest: datetime | None, now: datetime) -> timedelta:
    """By how much the newest row is older than the cycle allows; nothing when it is not."""
    if newest is None or cycle not in CYCLES:
        return timedelta()
    return max(timedelta(), now - newest - 2 * CYCLES[cycle])
