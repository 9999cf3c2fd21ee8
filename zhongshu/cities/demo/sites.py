"""点位 the address base, components and water-level sensors of the demo city, all of it made up."""

from __future__ import annotations

from collections.abc import Iterator
from random import Random
from typing import Any

import numpy as np
import shapely

from zhongshu.cities.demo.content import Class
from zhongshu.cities.demo.land import Land
from zhongshu.cities.demo.rules import holder
from zhongshu.cities.demo.voice import words

Row = dict[str, Any]

ROADS, ESTATES, POIS, NUMBERS = 2, 3, 3, 16
"""Addresses in one community: roads, estates, points of interest, house numbers."""

SITES = {"涵洞": "隧道涵洞", "购物中心": "商业场所", "农贸市场": "商业场所", "酒店": "商业场所"}
"""What the duty list calls these points of interest."""

COMPONENTS_EACH = 2
"""Components in one grid."""

COMMON = {
    "路灯": 12,
    "雨水井盖": 8,
    "污水井盖": 8,
    "雨水箅子": 8,
    "行道树": 10,
    "垃圾箱": 6,
    "消防设施": 4,
    "交通标志牌": 4,
    "监控电子眼": 3,
    "电梯": 3,
}
"""How much more often these components occur than the others."""

FLOODED = "道路积水"
"""The event class of waterlogging points."""


def spread(land: Land, which: Any, rng: np.random.Generator) -> Any:
    """A point inside each of the grids numbered `which` (n x 2, degrees, six decimals)."""
    shapes = land.grid_shapes[which]
    inside = land.grid_points[which]
    box = shapely.bounds(shapes)
    tried = box[:, :2] + rng.random((len(which), 2)) * (box[:, 2:] - box[:, :2])
    good = shapely.contains_xy(shapes, tried[:, 0], tried[:, 1])
    return np.where(good[:, None], tried, inside).round(6)


def places(land: Land, seed: int) -> list[Row]:
    """The address base: every community has roads, estates, points of interest and house numbers."""
    rng, dice = Random(f"places {seed}"), np.random.default_rng([seed, 2])
    names = {row["code"]: row["name"] for row in land.divisions}
    of: dict[str, list[int]] = {}
    for number, grid in enumerate(land.grids):
        of.setdefault(grid["division"], []).append(number)
    used: set[str] = set()
    found = []
    for community, grids in of.items():
        drawn = list(_names(rng, names[community], names[community[:9] + "000"], community[:6], used))
        points = spread(land, dice.choice(grids, len(drawn)), dice)
        for serial, ((name, kind, aliases), point) in enumerate(zip(drawn, points, strict=True), 1):
            row = {"code": f"P{community}{serial:03}", "name": name, "kind": kind, "division": community}
            found.append(
                {
                    **row,
                    "lon": float(point[0]),
                    "lat": float(point[1]),
                    "aliases": aliases,
                    "place_type": place_type(name, kind),
                }
            )
    return found


def place_type(name: str, kind: str) -> str:
    """What the duty list calls such a place; "" for most."""
    if kind == "estate":
        return "住宅小区"
    if kind == "road":
        return "内街巷" if name.endswith(("巷", "横街", "直街")) else "市政道路"
    return next((said for tail, said in SITES.items() if name.endswith(tail)), "")


def _names(
    rng: Random, community: str, street: str, district: str, used: set[str]
) -> Iterator[tuple[str, str, list[str]]]:
    w = words()["names"]
    short = community.removesuffix("社区")
    roads = [_new(rng, (w["road_first"], w["road_second"], w["road_tails"]), district, used) for _ in range(ROADS)]
    for road in roads:
        yield road, "road", [street + road]
    for _ in range(ESTATES):
        estate = _new(rng, (w["estate_first"], w["estate_second"], w["estate_tails"]), district, used)
        yield estate, "estate", [short + estate]
    for tail, kind in rng.sample(w["pois"], POIS):
        yield short + tail, kind, [community + tail]
    for number in sorted(rng.sample(range(1, 240), NUMBERS)):
        road = rng.choice(roads)
        yield f"{road}{number}号", "address", [f"{street}{road}{number}号"]


def _new(rng: Random, parts: tuple[Any, ...], district: str, used: set[str]) -> str:
    """A name that this district doesn't have yet."""
    for _ in range(200):
        name = "".join(rng.choice(part) for part in parts)
        if district + name not in used:
            used.add(district + name)
            return name
    return "".join(rng.choice(part) for part in parts) + str(len(used))


def components(land: Land, classes: list[Class], departments: set[str], seed: int) -> list[Row]:
    """Components with 16-digit codes: district 6, class 4, serial 6."""
    rng = np.random.default_rng([seed, 3])
    kinds = [c for c in classes if c.kind == "component" and c.host]
    weights = np.array([COMMON.get(c.name, 1) for c in kinds], dtype=float)
    which = np.repeat(np.arange(len(land.grids)), COMPONENTS_EACH)
    points = spread(land, which, rng)
    drawn = rng.choice(len(kinds), len(which), p=weights / weights.sum())
    worn = rng.random(len(which)) < 0.03
    serial: dict[str, int] = {}
    found = []
    for number, kind in enumerate(drawn):
        c, community = kinds[kind], land.grids[which[number]]["division"]
        head = community[:6] + c.code[1:]
        serial[head] = serial.get(head, 0) + 1
        found.append(
            {
                "code": f"{head}{serial[head]:06}",
                "category": c.code,
                "name": f"{c.name}{serial[head]}号",
                "division": community,
                "lon": float(points[number, 0]),
                "lat": float(points[number, 1]),
                **_owner(c, departments),
                "state": "damaged" if worn[number] else "good",
            }
        )
    return found


def _owner(c: Class, departments: set[str]) -> Row:
    """The line of work that owns components of this class; some belong to nobody."""
    if "无主" in c.name:
        return {"owner": "", "ownership": "无主"}
    return {"owner": holder(c.host, departments), "ownership": "公共"}


def sensors(land: Land, base: list[Row], classes: list[Class], seed: int) -> list[Row]:
    """Water levels at waterlogging points, one or two in each street; the limit is amber of domain.md §4.2 no. 53."""
    rng = Random(f"sensors {seed}")
    category = next(c.code for c in classes if c.kind == "event" and c.name == FLOODED)
    roads: dict[str, list[Row]] = {}
    for place in base:
        if place["kind"] == "road":
            roads.setdefault(place["division"][:9], []).append(place)
    found = []
    for street, held in roads.items():
        for serial, road in enumerate(rng.sample(held, min(len(held), rng.choice((1, 1, 2)))), 1):
            found.append(
                {
                    "code": f"W{street}{serial:02}",
                    "name": f"{road['name']}内涝点水位计",
                    "name_en": f"Water level {street}-{serial:02}",
                    "kind": "water_level",
                    "division": road["division"],
                    "lon": road["lon"],
                    "lat": road["lat"],
                    "unit": "cm",
                    "threshold": 15.0,
                    "clear_below": 10.0,
                    "category": category,
                    "staleness_minutes": 15,
                }
            )
    return found
