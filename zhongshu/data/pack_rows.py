"""包内原表 rows of a pack's tables as they are in force: for what looks at a whole table instead of deciding by it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.utils import timezone as clock

from zhongshu.data import judging, packs
from zhongshu.data import models as rows
from zhongshu.data.databases import OWNER
from zhongshu.data.versions import in_force


def duty_rows(at: datetime | None = None, using: str = OWNER) -> list[dict[str, Any]]:
    """The duty list in force as the rows of a pack: column name -> value; `_line` is 0."""
    found = in_force(rows.Duty, at or clock.now(), using).order_by("code").values(*_plain(rows.Duty))
    return [{**row, "assists": judging.split(row["assists"]), "_line": 0} for row in found]


def category_rows(at: datetime | None = None, using: str = OWNER) -> list[dict[str, Any]]:
    """Code, parent and kind of every category in force; `_line` is 0."""
    found = in_force(rows.Category, at or clock.now(), using).order_by("code").values("code", "parent", "kind")
    return [{**row, "_line": 0} for row in found]


def _plain(model: type[Any]) -> list[str]:
    return [name for name in packs.columns(model) if name != "digest"]


def components(at: datetime | None = None, using: str = OWNER) -> list[tuple[str, str, str, str, str, float, float]]:
    """(code, category, division, owner, ownership, lon, lat) of each component that stands where it should."""
    found = in_force(rows.Component, at or clock.now(), using).exclude(state="removed").order_by("code")
    return list(found.values_list("code", "category", "division", "owner", "ownership", "lon", "lat"))


def grounds_in_english(at: datetime | None = None, using: str = OWNER) -> dict[str, str]:
    """Why a word of the lexicon counts: the Chinese ground, as facts keep it -> English, where the pack has one."""
    found = in_force(rows.Lexicon, at or clock.now(), using).exclude(reason_en="")
    return dict(found.values_list("reason", "reason_en"))


def overlays_of(grid: str, at: datetime | None = None, using: str = OWNER) -> dict[str, tuple[str, str, str]]:
    """块状网格: line of work -> (code, name, name_en) of the department's grid that this base grid is part of."""
    found = in_force(rows.Overlay, at or clock.now(), using).filter(grid=grid).order_by("line")
    return {line: (code, name, en) for line, code, name, en in found.values_list("line", "overlay", "name", "name_en")}
