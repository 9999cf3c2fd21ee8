"""内涝积水预警 waterlogging: a water level at its threshold becomes a case before anybody calls (无呼也应)."""

from __future__ import annotations

from collections.abc import Sequence

from zhongshu.kernel.clocks import number_of
from zhongshu.kernel.desk import Desk, follow, title_of
from zhongshu.kernel.facts import Fact, Kind
from zhongshu.kernel.places import Sensor

URGENCY = 2
"""Standing water on a road is urgent from its threshold on; life in danger is for the words of a report to say."""


def run(batch: Sequence[Fact], desk: Desk) -> list[Fact]:
    """Warn once when a level reaches its threshold; clear only below the lower level, so that ripples don't flap."""
    active = dict(desk.active_warnings([fact.payload["sensor"] for fact in batch]))
    found: list[Fact] = []
    for fact in sorted(batch, key=lambda one: one.at):
        sensor = desk.sensor(fact.payload["sensor"])
        if sensor is None or sensor.kind != "water_level":
            continue
        value, case = fact.payload["value"], active.get(sensor.code)
        if case is None and value >= sensor.threshold:
            warned = _warned(fact, sensor, desk)
            active[sensor.code] = warned.subject
            found.append(warned)
        elif case is not None and value < sensor.clear_below:
            del active[sensor.code]
            found.append(follow(fact, desk, Kind.CLEARED, {"sensor": sensor.code, "value": value}, subject=case))
    return found


def _warned(fact: Fact, sensor: Sensor, desk: Desk) -> Fact:
    case = desk.new_id()
    value = fact.payload["value"]
    text = f"{sensor.name}：水位 {value:g} {sensor.unit}，达到预警值 {sensor.threshold:g} {sensor.unit}"
    payload = {
        "number": number_of(fact.at, case),
        "title": title_of(text),
        "text": text,
        "channel": "sensor",
        "category": sensor.category,
        "confidence": 1.0,
        "reasons": [[f"{sensor.name} ≥ {sensor.threshold:g} {sensor.unit}", 1.0]],
        "urgency": URGENCY,
        "address": sensor.name,
        "lon": sensor.lon,
        "lat": sensor.lat,
        "sensor": sensor.code,
        "value": value,
        "threshold": sensor.threshold,
    }
    return follow(fact, desk, Kind.WARNED, payload, subject=case, place=sensor.place)
