"""示范目录 the catalogue of the demo city: data sets, systems and standards of its departments, and two feeds."""

from __future__ import annotations

import csv
import json
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import numpy as np

from zhongshu.cities.demo.content import rows

Row = dict[str, Any]

TODAY = date(2026, 5, 31)
PERMITS, HYDRANTS = 60, 80
"""How many rows the two feeds have."""
_OWNED = {"datasets": "provider", "systems": "owner", "standards": "issuer"}
_PLAIN = ("dataset_items", "sources", "standard_rules")


def tables(units: list[Row]) -> dict[str, list[Row]]:
    """Every table of the catalogue; a unit is named by its line of work and is the city's."""
    of_kind = {unit["kind"]: unit["code"] for unit in units if unit["level"] == 1}
    owned = {
        name: [{**row, column: of_kind[row[column]]} for row in rows(f"{name}.csv")] for name, column in _OWNED.items()
    }
    return {**owned, **{name: [dict(row) for row in rows(f"{name}.csv")] for name in _PLAIN}}


def write_feeds(folder: Path, places: list[Row], seed: int) -> None:
    """What two departments' systems put out, in `feeds/`; three rows of the permits are faulty, as rows are."""
    kept = folder / "feeds"
    kept.mkdir(exist_ok=True)
    random = np.random.default_rng([seed, 31])
    addresses = [place for place in places if place["kind"] == "address"]
    _permits(kept / "permits.csv", [addresses[n] for n in random.integers(0, len(addresses), PERMITS)], random)
    _hydrants(kept / "hydrants.geojson", [addresses[n] for n in random.integers(0, len(addresses), HYDRANTS)], random)


_HEAD: tuple[str, ...] = ("许可证号", "工程名称", "建设单位代码", "工地地址", "社区代码", "许可起", "许可止")
_HEAD += ("夜间施工", "负责人电话", "更新日期")


def _permits(path: Path, sites: list[Row], random: np.random.Generator) -> None:
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(_HEAD)
        for number, site in enumerate(sites):
            since = TODAY - timedelta(days=int(random.integers(20, 400)))
            until = since + timedelta(days=int(random.integers(60, 500)))
            row = [f"9901002026{number:04}", f"{site['name']}工程", "", site["name"], site["division"]]
            row += [since.isoformat(), until.isoformat(), str(int(random.integers(0, 2)))]
            row += [f"1390000{random.integers(0, 10_000):04}", (since + timedelta(days=10)).isoformat()]
            writer.writerow(_spoilt(number, row))


def _spoilt(number: int, row: list[str]) -> list[str]:
    """A row without its key, one whose day is none, one whose place is no code."""
    spot = {7: (0, ""), 19: (5, "2026年5月"), 31: (4, "城东社区")}.get(number)
    return row if spot is None else [*row[: spot[0]], spot[1], *row[spot[0] + 1 :]]


def _hydrants(path: Path, sites: list[Row], random: np.random.Generator) -> None:
    states = np.array(["good", "good", "good", "damaged", "lost"])
    features = [
        {
            "type": "Feature",
            "properties": {
                "hydrant": f"H{number:05}",
                "state": str(states[random.integers(0, len(states))]),
                "place": site["division"],
                "checked": (TODAY - timedelta(days=int(random.integers(1, 90)))).isoformat(),
            },
            "geometry": {"type": "Point", "coordinates": [round(site["lon"], 6), round(site["lat"], 6)]},
        }
        for number, site in enumerate(sites)
    ]
    lines = ",\n".join(json.dumps(one, ensure_ascii=False) for one in features)
    path.write_text('{"type": "FeatureCollection", "features": [\n' + lines + "\n]}\n", "utf-8")
