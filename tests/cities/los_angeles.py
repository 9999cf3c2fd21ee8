"""A second city from the real requests: city > area > council district > neighbourhood council, nothing but tables.

    python -m tests.cities.los_angeles REQUESTS FOLDER

REQUESTS is the folder with the city's 311 export and its council polygons. Codes have 2 + 2 + 2 + 3 digits. A council
that lies in several districts or areas (the export counts requests of each) belongs to the commonest. All columns of
a pack are the same as those of the demo city: that is the point.
"""

from __future__ import annotations

import csv
import gzip
import json
import sys
from collections import Counter
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import shapely

from zhongshu.cities.demo.write import write_csv, write_geojson

Row = dict[str, Any]

CITY = "060000000"
DAY = 1440
HOLIDAYS = {
    2017: ("01-02", "01-16", "02-20", "05-29", "07-04", "09-04", "11-10", "11-23", "12-25"),
    2018: ("01-01", "01-15", "02-19", "05-28", "07-04", "09-03", "11-12", "11-22", "12-25"),
}

OWNERS = {
    "BOS": ("sanitation", "Sanitation Bureau", "环卫局"),
    "OCB": ("beautification", "Office of Community Beautification", "社区美化办公室"),
    "ITA": ("information", "Information Technology Agency", "信息技术局"),
    "BSL": ("lighting", "Street Lighting Bureau", "路灯局"),
    "LADWP": ("water_power", "Department of Water & Power", "水电局"),
    "BSS": ("streets", "Bureau of Street Services", "道路服务局"),
}

DISCREET = ("neighbor", "officer", "homeless", "assault")

DAYS = {"Homeless Encampment": 90, "Other": 10, "Feedback": 10, "Dead Animal Removal": 2}
"""Handling limits in days where not three; defaults of this test, not the city's own."""


def requests(folder: Path) -> list[dict[str, str]]:
    with gzip.open(folder / "los_angeles_311.csv.gz", "rt", encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def councils(folder: Path) -> dict[int, Any]:
    """Polygon of each council by its number, in WGS-84 degrees; the file is in Web Mercator."""
    features = json.loads((folder / "los_angeles_nc-boundary-2020.geojson").read_text("utf-8"))["features"]
    held: dict[int, list[Any]] = {}
    for feature in features:
        number = int(feature["properties"]["nc_id"] or 0)
        held.setdefault(number, []).append(shapely.geometry.shape(feature["geometry"]))
    held.pop(0)
    return {n: solid(shapely.transform(shapely.union_all(g), degrees)) for n, g in sorted(held.items())}


def solid(shape: Any) -> Any:
    """Without specks: one council's file has eight of a few square decimetres, 100 km out of town."""
    parts = shapely.get_parts(shapely.make_valid(shape))
    return shapely.union_all(parts[shapely.area(parts) > 1e-9])


def degrees(metres: Any) -> Any:
    """Web Mercator metres to longitude and latitude."""
    turned = metres / 6378137.0
    return np.degrees(np.stack([turned[:, 0], np.arctan(np.sinh(turned[:, 1]))], axis=1)).round(7)


def divisions(rows: list[dict[str, str]], shapes: dict[int, Any]) -> tuple[list[Row], dict[str, Any]]:
    """The four levels and the polygon of each council by its code."""
    votes: dict[int, Counter[tuple[str, int]]] = {}
    names: dict[int, str] = {}
    for row in rows:
        if row["apc"] and row["cd"] and row["nc"]:
            number = int(float(row["nc"]))
            votes.setdefault(number, Counter())[row["apc"], int(float(row["cd"]))] += 1
            names.setdefault(number, row["ncname"])
    home = {number: count.most_common(1)[0][0] for number, count in votes.items()}
    areas = {apc: f"06{n:02}" for n, apc in enumerate(sorted({apc for apc, _ in home.values()}), 1)}
    found = [_division(CITY, "Los Angeles", 1, "")]
    found += [_division(f"{code}00000", apc, 2, CITY) for apc, code in areas.items()]
    for apc, district in sorted(set(home.values())):
        code = f"{areas[apc]}{district:02}000"
        found.append(_division(code, f"Council District {district} ({apc})", 3, f"{areas[apc]}00000"))
    codes = {number: f"{areas[apc]}{district:02}{number:03}" for number, (apc, district) in home.items()}
    found += [_division(codes[n], names[n], 4, f"{codes[n][:6]}000") for n in sorted(codes)]
    return found, {codes[n]: shape for n, shape in shapes.items() if n in codes}


def _division(code: str, name: str, level: int, parent: str) -> Row:
    kind = ("city", "area", "council_district", "neighborhood_council")[level - 1]
    return {"code": code, "name": name, "name_en": name, "level": level, "parent": parent, "kind": kind}


def units() -> list[Row]:
    centres = [("command", "311 Call Center", "311 呼叫中心"), ("supervision", "311 Supervision", "311 监督中心")]
    held = [*OWNERS.values(), *centres]
    return [
        {"code": f"06-{kind}", "name": zh, "name_en": en, "kind": kind, "level": 1, "place": CITY, "parent": ""}
        for kind, en, zh in held
    ]


def posts(held: list[Row]) -> Iterator[Row]:
    for unit in held:
        centres = {"command": ("operator", "arbiter", "chief"), "supervision": ("checker", "chief")}
        for role in centres.get(unit["kind"], ("handler", "chief")):
            name = f"{unit['name_en']} {role}"
            yield {"code": f"{unit['code']}-{role}", "unit": unit["code"], "name": name, "name_en": name, "roles": role}


def categories(rows: list[dict[str, str]]) -> list[Row]:
    names = sorted({row["requesttype"] for row in rows})
    return [{"code": f"R{n:02}", "name": name, "name_en": name, "kind": "appeal"} for n, name in enumerate(names, 1)]


def duties(rows: list[dict[str, str]], types: list[Row]) -> Iterator[Row]:
    """Who owned most requests of a type is its host, the other owners assist."""
    votes: dict[str, Counter[str]] = {}
    for row in rows:
        votes.setdefault(row["requesttype"], Counter())[row["owner"]] += 1
    for kind in types:
        owners = [f"city/{OWNERS[owner][0]}" for owner, _ in votes[kind["name"]].most_common()]
        limits = {"sign_minutes": DAY, "contact_minutes": DAY, "handle_minutes": DAY * DAYS.get(kind["name"], 3)}
        row = {"code": f"D-{kind['code']}", "category": kind["code"], "host": owners[0], "assists": owners[1:]}
        yield {**row, "list_kind": "basic", "calendar": "always", "basis": "owner of past requests", **limits}


def days() -> Iterator[Row]:
    for year, held in HOLIDAYS.items():
        for day in held:
            yield {"calendar": "*", "date": f"{year}-{day}", "works": False, "name": "holiday"}
    first = date(2019, 1, 1)
    for number in range(3 * 365):
        day = first + timedelta(days=number)
        if day.month == 1 and day.day == 1:
            yield {"calendar": "*", "date": day.isoformat(), "works": False, "name": "New Year"}


ABOUT = """\
code = "los-angeles"
name = "洛杉矶"
title_en = "Los Angeles"
version = "2017"
effective = 2015-01-01
zone_minutes = -480
datum = "wgs84"
code_lengths = [2, 4, 6, 9]
bounds = [-118.95, 33.60, -118.10, 34.45]
center = [-118.35, 34.05]
years = [2017, 2018]
synthetic = false
note = "Limits, posts and office hours are this test's own; names, owners, types and polygons are the city's."

[[sources]]
what = "requests and council polygons"
from = "MyLA311 via hackforla/311-data"
licence = "GPL-3.0 repository"
"""


def build(source: Path, folder: Path) -> Path:
    """Write the pack into `folder` (made when absent) and return it."""
    folder.mkdir(parents=True, exist_ok=True)
    rows = requests(source)
    land, shapes = divisions(rows, councils(source))
    held, types = units(), categories(rows)
    write_csv(folder, "divisions", land)
    write_csv(folder, "units", held)
    write_csv(folder, "posts", posts(held))
    write_csv(folder, "lexicon", [{"word": word, "kind": "discreet", "reason": "about a person"} for word in DISCREET])
    write_csv(folder, "categories", types)
    write_csv(folder, "duties", duties(rows, types))
    clocks = [{"code": "office", "name": "Office hours", "shifts": "08:00-17:00"}, {"code": "always", "name": "24/7"}]
    write_csv(folder, "calendars", [{**clock, "zone_minutes": -480} for clock in clocks])
    write_csv(folder, "calendar_days", days())
    drawn = [shapes[code] for code in shapes]
    write_geojson(folder, "divisions", [{"code": code} for code in shapes], drawn, False)
    grids = [{"code": f"{code}-1", "division": code, "kind": "base"} for code in shapes]
    write_geojson(folder, "grids", grids, drawn, False)
    (folder / "pack.toml").write_text(ABOUT, "utf-8")
    return folder


if __name__ == "__main__":
    build(Path(sys.argv[1]), Path(sys.argv[2]))
