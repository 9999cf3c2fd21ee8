"""地点与区划 places: points, which mean nothing without their datum, and the divisions that hold them."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from enum import IntEnum, StrEnum
from typing import NamedTuple

_A = 6378245.0
_EE = 0.00669342162296594323


class Datum(StrEnum):
    """坐标系. CGCS2000 is treated as WGS-84: they differ by centimetres."""

    WGS84 = "wgs84"
    GCJ02 = "gcj02"
    BD09 = "bd09"


class Candidate(NamedTuple):
    """地点候选: one place that words may mean, with its confidence 0..1; lon/lat None of a mere division.

    `why` are (code, words): name | like | number | near_number | division | side.
    """

    name: str
    code: str
    confidence: float
    lon: float | None
    lat: float | None
    why: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Place:
    """Where a report says it is (地点). `lon`, `lat` in degrees WGS-84; `code` a division, `grid` a grid code."""

    lon: float | None = None
    lat: float | None = None
    address: str = ""
    code: str = ""
    grid: str = ""
    how: str = ""
    """What it was found by: `point`, `text`, `said`, `around` (the division around several candidates), "" unknown."""
    place_type: str = ""
    ownership: str = ""
    """What the address base says of the place that was named: the words that the duty list uses."""
    named: str = ""
    """Code of the place in the address base that the words name clearly, also where a point says where it is."""
    candidates: tuple[Candidate, ...] = ()
    """What the words may mean, the most likely first; none when a point was given."""


def _offset(lon: float, lat: float) -> tuple[float, float]:
    """The public approximation of the GCJ-02 shift at a WGS-84 point, in degrees."""
    x, y = lon - 105.0, lat - 35.0
    ripple = (20.0 * math.sin(6.0 * x * math.pi) + 20.0 * math.sin(2.0 * x * math.pi)) * 2.0 / 3.0
    dlat = -100.0 + 2.0 * x + 3.0 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * math.sqrt(abs(x)) + ripple
    dlat += (20.0 * math.sin(y * math.pi) + 40.0 * math.sin(y / 3.0 * math.pi)) * 2.0 / 3.0
    dlat += (160.0 * math.sin(y / 12.0 * math.pi) + 320.0 * math.sin(y * math.pi / 30.0)) * 2.0 / 3.0
    dlon = 300.0 + x + 2.0 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * math.sqrt(abs(x)) + ripple
    dlon += (20.0 * math.sin(x * math.pi) + 40.0 * math.sin(x / 3.0 * math.pi)) * 2.0 / 3.0
    dlon += (150.0 * math.sin(x / 12.0 * math.pi) + 300.0 * math.sin(x / 30.0 * math.pi)) * 2.0 / 3.0
    rad = lat / 180.0 * math.pi
    magic = 1 - _EE * math.sin(rad) ** 2
    root = math.sqrt(magic)
    dlat = dlat * 180.0 / ((_A * (1 - _EE)) / (magic * root) * math.pi)
    dlon = dlon * 180.0 / (_A / root * math.cos(rad) * math.pi)
    return dlon, dlat


def _abroad(lon: float, lat: float) -> bool:
    """GCJ-02 is only shifted within this box; elsewhere it equals WGS-84."""
    return not (72.004 <= lon <= 137.8347 and 0.8293 <= lat <= 55.8271)


def wgs84_to_gcj02(lon: float, lat: float) -> tuple[float, float]:
    if _abroad(lon, lat):
        return lon, lat
    dlon, dlat = _offset(lon, lat)
    return lon + dlon, lat + dlat


def gcj02_to_wgs84(lon: float, lat: float) -> tuple[float, float]:
    """Inverse by fixed-point iteration; error below 1e-9 degrees."""
    x, y = lon, lat
    for _ in range(12):
        gx, gy = wgs84_to_gcj02(x, y)
        x, y = x + lon - gx, y + lat - gy
    return x, y


def bd09_to_gcj02(lon: float, lat: float) -> tuple[float, float]:
    x, y = lon - 0.0065, lat - 0.006
    z = math.hypot(x, y) - 0.00002 * math.sin(y * math.pi * 3000.0 / 180.0)
    theta = math.atan2(y, x) - 0.000003 * math.cos(x * math.pi * 3000.0 / 180.0)
    return z * math.cos(theta), z * math.sin(theta)


METRE = 1 / 111_195
"""Degrees of latitude."""


def metres_apart(a: tuple[float | None, float | None], b: tuple[float | None, float | None]) -> float | None:
    """Distance of two near WGS-84 (lon, lat) in metres (equirectangular: good to 0.1 % within a city), or None."""
    (lon1, lat1), (lon2, lat2) = a, b
    if lon1 is None or lat1 is None or lon2 is None or lat2 is None:
        return None
    return math.hypot((lon1 - lon2) * math.cos(math.radians((lat1 + lat2) / 2)), lat1 - lat2) / METRE


def to_wgs84(lon: float, lat: float, datum: Datum) -> tuple[float, float]:
    """Bring a point of a declared datum to WGS-84 degrees."""
    if datum is Datum.BD09:
        return gcj02_to_wgs84(*bd09_to_gcj02(lon, lat))
    if datum is Datum.GCJ02:
        return gcj02_to_wgs84(lon, lat)
    return lon, lat


class Level(IntEnum):
    """层级: the four levels of command; a smaller number is higher up."""

    CITY = 1
    DISTRICT = 2
    STREET = 3
    COMMUNITY = 4

    @property
    def upper(self) -> Level | None:
        """The level that a matter is raised to, or None at the top."""
        return Level(self - 1) if self > Level.CITY else None


@dataclass(frozen=True, slots=True)
class Span:
    """A half-open range of division codes in byte order (区划范围): `lo <= code < hi`."""

    lo: str
    hi: str

    def holds(self, code: str) -> bool:
        return self.lo <= code < self.hi


EVERYWHERE = Span("", "~")
NOWHERE = Span("~", "~")


@dataclass(frozen=True, slots=True)
class Scheme:
    """How a pack writes its codes (编码规则): prefix lengths of city, district, street, community.

    China's 12-digit statistical codes (GB/T 2260 + GB/T 10114) are `Scheme((4, 6, 9, 12))`: codes are padded with 0.
    """

    lengths: tuple[int, int, int, int]

    def prefix(self, code: str, level: Level) -> str:
        return code[: self.lengths[level - 1]]

    def at(self, code: str, level: Level) -> str:
        """The full, padded code of the division of `level` that `code` lies in."""
        return self.prefix(code, level).ljust(self.lengths[-1], "0")

    def level(self, code: str) -> Level:
        """The deepest level whose own digits in `code` are not all padding."""
        for level in (Level.COMMUNITY, Level.STREET, Level.DISTRICT):
            if code[self.lengths[level - 2] : self.lengths[level - 1]].strip("0"):
                return level
        return Level.CITY

    def span(self, code: str) -> Span:
        """Every code at or below the division `code`; "" is nowhere, never everywhere."""
        if not code:
            return NOWHERE
        prefix = self.prefix(code, self.level(code))
        return Span(prefix, prefix + "~")


CELL = 0.002
"""Side of a neighbourhood cell in degrees (about 220 m north-south): see cases.neighbours."""


def cell(lon: float | None, lat: float | None) -> int | None:
    """The neighbourhood cell of a WGS-84 point, as one number."""
    if lon is None or lat is None:
        return None
    return int((lon + 180) / CELL) * 1_000_000 + int((lat + 90) / CELL)


REACH = 50.0
"""Metres: a report means no component further away than this."""


@dataclass(frozen=True, slots=True)
class Asset:
    """部件: the component nearest to a point. `owner` is a unit code, "level/kind" or a bare kind; `metres` away."""

    code: str
    category: str
    division: str
    owner: str
    ownership: str
    metres: float


@dataclass(frozen=True, slots=True)
class Weather:
    """天气或感知预警 in force from `at` until `until` (None: until it is called off) in the division `place`.

    `kind` is a word that raises.csv uses: of the weather service (rainstorm, cold …), or the kind of a warning sensor.
    """

    kind: str
    place: str
    at: datetime
    until: datetime | None = None
    source: str = ""


@dataclass(frozen=True, slots=True)
class Sensor:
    """传感器: crossing `threshold` warns; only falling below `clear_below` ends the warning (hysteresis)."""

    code: str
    name: str
    kind: str
    place: str
    lon: float
    lat: float
    unit: str
    threshold: float
    clear_below: float
    category: str
    grid: str = ""


class Neighbour(NamedTuple):
    """An open case near a report in place and time (疑似重复): one of up to a dozen candidates, not yet the verdict."""

    case: int
    text: str
    category: str
    metres: float | None
    hours: float
    named: str = ""


@dataclass(frozen=True, slots=True)
class Probe:
    """What is asked when looking for neighbours of a report."""

    text: str
    at: datetime
    place: Place


Neighbourhood = Callable[[], list[list[Neighbour]]]
"""The answer that was asked for: for each probe its neighbours. Waits until it is there."""
