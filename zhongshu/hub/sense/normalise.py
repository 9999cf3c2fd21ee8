"""规整 normalising: what any channel brings becomes one shape, or a sentence that says what is wrong with it."""

from __future__ import annotations

import math
import re
from collections.abc import Container, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from zhongshu.kernel.errors import BadInput
from zhongshu.kernel.places import Datum, to_wgs84

CHANNELS = (
    "web",
    "app",
    "phone",
    "grid",
    "letter",
    "media",
    "patrol",
    "superior",
    "api",
    "open311",
    "import",
    "sensor",
)
TEXT_LIMIT = 20_000
_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff]")
"""Control characters and half characters: they mean nothing in a report and PostgreSQL can't store some of them."""


@dataclass(frozen=True, slots=True)
class Intake:
    """受理件: one report as the road wants it. `lon`, `lat` in WGS-84; `key` makes it idempotent in `source`."""

    source: str
    key: str
    channel: str
    at: datetime
    text: str
    address: str = ""
    lon: float | None = None
    lat: float | None = None
    name: str = ""
    phone: str = ""
    category: str = ""
    merge: str = ""
    photos: tuple[int, ...] = ()
    shown: bool = False
    """The reporter lets people near by see the photos when they compare."""
    joins: int = 0
    """The open case that the reporter says it is about; set by screens, never read from what somebody sends."""
    extra: Mapping[str, Any] = field(default_factory=dict)


def whole(text: str) -> int | None:
    """A positive number that the database can hold; None for anything else."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else None


def clean(value: Any, limit: int = 500) -> str:
    """A safe, trimmed string; None is the empty string."""
    return "" if value is None else _FORBIDDEN.sub("", str(value)).strip()[:limit]


def normalise(raw: Mapping[str, Any], now: datetime) -> Intake:
    """One raw report to an Intake. Raises BadInput naming the field, what was found and what was expected."""
    text = clean(raw.get("text"), TEXT_LIMIT)
    if not text:
        raise BadInput("text: found nothing, expected what happened / 请填写诉求内容")
    channel = clean(raw.get("channel"), 32) or "api"
    if channel not in CHANNELS:
        raise BadInput(f"channel: found {channel!r}, expected one of {', '.join(CHANNELS)}")
    lon, lat = _point(raw)
    return Intake(
        source=clean(raw.get("source"), 64) or channel,
        key=clean(raw.get("key"), 200),
        channel=channel,
        at=_moment(raw.get("at"), now),
        text=text,
        address=clean(raw.get("address")),
        lon=lon,
        lat=lat,
        name=clean(raw.get("name"), 100),
        phone=clean(raw.get("phone"), 40),
        category=clean(raw.get("category"), 32),
        merge="off" if raw.get("merge") in ("off", False) else "",
        photos=tuple(raw.get("photos") or ()),
        shown=bool(raw.get("photos")) and raw.get("shown") in (True, "on"),
    )


def _point(raw: Mapping[str, Any]) -> tuple[float | None, float | None]:
    if raw.get("lon") in (None, "") and raw.get("lat") in (None, ""):
        return None, None
    try:
        lon, lat = float(raw["lon"]), float(raw["lat"])
    except (KeyError, TypeError, ValueError):
        raise BadInput(
            f"lon, lat: found {clean(raw.get('lon'))!r}, {clean(raw.get('lat'))!r}, expected two numbers in degrees"
        ) from None
    if not (-180 <= lon <= 180 and -90 <= lat <= 90):
        raise BadInput(f"lon, lat: found {lon}, {lat}, expected degrees within -180..180 and -90..90")
    datum = clean(raw.get("datum"), 16).lower() or Datum.WGS84.value
    if datum not in set(Datum):
        raise BadInput(f"datum: found {datum!r}, expected one of {', '.join(Datum)}")
    x, y = to_wgs84(lon, lat, Datum(datum))
    return round(x, 7), round(y, 7)


def _moment(value: Any, now: datetime) -> datetime:
    """When it happened: now when not said; a time without a zone is refused, because a guess would shift deadlines."""
    if value in (None, ""):
        return now
    try:
        at = value if isinstance(value, datetime) else datetime.fromisoformat(str(value))
    except ValueError:
        raise BadInput(
            f"at: found {clean(value)!r}, expected an ISO 8601 time such as 2026-05-01T08:30:00+08:00"
        ) from None
    if at.tzinfo is None:
        raise BadInput(f"at: found {clean(value)!r} without a zone, expected e.g. +08:00")
    if not datetime(1990, 1, 1, tzinfo=UTC) <= at <= now + timedelta(minutes=5):
        raise BadInput(f"at: found {at.isoformat()}, expected a time between 1990 and now")
    return at.astimezone(UTC)


def reading(raw: Any, sensors: Container[str], now: datetime) -> dict[str, Any]:
    """One raw reading to {sensor, at (UTC), value}. Raises BadInput naming the field, what was found and expected."""
    if not isinstance(raw, Mapping):
        raise BadInput(f"reading: found {type(raw).__name__}, expected an object with sensor, at, value")
    sensor, value = clean(raw.get("sensor"), 64), raw.get("value")
    if sensor not in sensors:
        raise BadInput(f"sensor: found {sensor!r}, expected the code of a registered sensor / 没有这个传感器")
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not math.isfinite(value):
        raise BadInput(f"value: found {clean(value, 40)!r}, expected a number / 读数应为数值")
    if raw.get("at") in (None, ""):
        raise BadInput("at: found nothing, expected when it was measured, such as 2026-05-01T08:30:00+08:00")
    return {"sensor": sensor, "at": _moment(raw["at"], now), "value": float(value)}
