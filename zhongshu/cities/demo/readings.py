"""读数流 water-level readings of the demo city, with the planted floods in them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any

from zhongshu.cities.demo.truths import LOCAL, floods_on
from zhongshu.cities.read import Pack

Row = dict[str, Any]

STEP = timedelta(minutes=5)
"""Time between two readings of one sensor."""


def level(floods: list[Row], moment: datetime, noise: float) -> float:
    """Depth in cm at a moment: a dry film with noise, and a rise and fall for each flood."""
    depth = max(0.0, 0.8 + noise)
    for flood in floods:
        minutes = (moment - datetime.fromisoformat(flood["start"])).total_seconds() / 60
        rise, fall = flood["rise_minutes"], flood["fall_minutes"]
        if 0 < minutes <= rise:
            depth = max(depth, flood["peak_cm"] * minutes / rise)
        elif rise < minutes < rise + fall:
            depth = max(depth, flood["peak_cm"] * (1 - (minutes - rise) / fall))
    return round(depth, 1)


def readings(pack: Pack, start: datetime, end: datetime) -> Iterator[Row]:
    """Readings of every sensor at each step with `start` <= at < `end`: sensor, at (UTC), value (cm), key.

    The same moment always has the same value, wherever the stream begins.
    """
    sensors = pack.rows("sensors")
    seed = int(str(pack.about["version"]).rpartition(".")[2])
    known: dict[Any, dict[str, list[Row]]] = {}
    seconds = STEP.total_seconds()
    moment = datetime.fromtimestamp(-(-start.timestamp() // seconds) * seconds, UTC)
    while moment < end:
        day = moment.astimezone(LOCAL).date()
        for wanted in (day - timedelta(days=1), day):
            if wanted not in known:
                known[wanted] = _by_sensor(floods_on(sensors, wanted, seed))
        rng = Random(f"level {seed} {moment.isoformat()}")
        for sensor in sensors:
            code = sensor["code"]
            floods = known[day].get(code, []) + known[day - timedelta(days=1)].get(code, [])
            value = level(floods, moment, rng.gauss(0, 0.4))
            yield {"sensor": code, "at": moment, "value": value, "key": f"{code}-{moment:%Y%m%d%H%M}"}
        moment += STEP


def _by_sensor(floods: list[Row]) -> dict[str, list[Row]]:
    found: dict[str, list[Row]] = {}
    for flood in floods:
        found.setdefault(flood["sensor"], []).append(flood)
    return found
