"""A catalogue of a few data sets, stored as a load stores it, without a whole city around it."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

from tests.town import CITY, DISTRICT

ABOUT: dict[str, Any] = {
    "code": "town",
    "name": "小城",
    "title_en": "Town",
    "version": "1",
    "effective": date(2026, 1, 2),
    "zone_minutes": 480,
    "datum": "wgs84",
    "code_lengths": [4, 6, 9, 12],
    "bounds": [113.0, 23.0, 114.0, 24.0],
    "center": [113.3, 23.1],
    "synthetic": True,
}
_SET: dict[str, Any] = {
    "name_en": "",
    "kind": "department",
    "class": "3-01-001-01",
    "order_no": 1,
    "summary": "",
    "format": "table",
}
_SET |= {"cycle": "month", "lead": True, "published": date(2026, 2, 1), "secret": "none", "retention_days": 365}
_SET |= {"basis": "示范", "related": (), "dated": ""}
_ITEM: dict[str, Any] = {
    "element": "",
    "key": False,
    "share": "1",
    "condition": "",
    "clause": "",
    "open": False,
    "grade": "1",
}
_ITEM |= {"basis": ""}


def dataset(name: str, stored: str, provider: str = f"{CITY}-water", **more: Any) -> dict[str, Any]:
    return {**_SET, "dataset": name, "name": f"{name} 资源", "stored": stored, "provider": provider, **more}


def item(of: str, name: str, kind: str = "text", **more: Any) -> dict[str, Any]:
    return {**_ITEM, "dataset": of, "item": name, "name": f"{name} 项", "type": kind, **more}


def division(code: str, level: int, parent: str = "") -> dict[str, Any]:
    return {
        "code": code,
        "name": code,
        "name_en": "",
        "level": level,
        "parent": parent,
        "kind": "",
        "area_grade": "",
    } | {
        "households": None,
        "population": None,
    }


DIVISIONS = [division(CITY, 1), division(DISTRICT, 2, CITY)]


def put(folder: Path, **tables: list[dict[str, Any]]) -> None:
    """Store these rows as the pack in force, loaded from `folder`."""
    from zhongshu.cities.load import content
    from zhongshu.cities.read import SHAPE, Pack
    from zhongshu.data.packs import store

    given = {"divisions": DIVISIONS, **tables}
    held = {name: [{SHAPE: None, **row} for row in rows] for name, rows in given.items()}
    store(content(Pack(folder, ABOUT, held)), None)
