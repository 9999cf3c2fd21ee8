"""支出的用词与表格 how the self-audit names kinds of spending, and the split of a year as a table with its lists."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import urlencode

from django.utils.translation import gettext_lazy as _

from zhongshu.data.spending import HARDWARE, SOFT, Part, Row
from zhongshu.kernel.desk import Knowledge
from zhongshu.kernel.places import Level
from zhongshu.screen import naming
from zhongshu.screen.frame import URLS

HARD, EASY = "hard", "soft"
SIDES: Mapping[str, tuple[Any, tuple[str, ...]]] = {
    HARD: (_("硬"), HARDWARE),
    EASY: (_("软"), SOFT),
}
"""Side of the split -> its name and its kinds."""
KINDS: Mapping[str, Any] = {
    "device": _("设备"),
    "screen": _("大屏与大厅"),
    "network": _("网络"),
    "software": _("软件"),
    "data": _("数据"),
    "training": _("培训"),
    "operation": _("运维"),
}
ADDRESS = f"{URLS['audit']}/spending"


def kinds_of(asked: str) -> tuple[str, ...] | None:
    """A kind, or all kinds of a side; None for any."""
    if asked in SIDES:
        return SIDES[asked][1]
    return (asked,) if asked in KINDS else None


def name_of(asked: str) -> Any:
    return SIDES[asked][0] if asked in SIDES else KINDS.get(asked, _("全部支出"))


def table(parts: Sequence[Part], place: str, year: int) -> list[dict[str, Any]]:
    """Rows of the split: both sides, each followed by its kinds, then all; a cell for each level and one for all."""
    whole = sum(one.amount for one in parts)
    asked = [name for side, (_label, kinds) in SIDES.items() for name in (side, *kinds)]
    return [_row(name, parts, whole, (place, year)) for name in (*asked, "")]


def _row(name: str, parts: Sequence[Part], whole: float, where: tuple[str, int]) -> dict[str, Any]:
    kinds = kinds_of(name)
    held = [one for one in parts if kinds is None or one.kind in kinds]
    total = sum(one.amount for one in held)
    cells = [_cell(name, [one for one in held if one.level == level], where, int(level)) for level in Level]
    return {
        "name": name_of(name),
        "side": name in SIDES or not name,
        "cells": [*cells, _cell(name, held, where)],
        "share": f"{total / whole:.1%}" if whole else "—",
    }


def _cell(name: str, held: Sequence[Part], where: tuple[str, int], level: int = 0) -> dict[str, Any]:
    asked = {"place": where[0], "year": where[1], "kind": name, "level": level}
    query = urlencode({key: value for key, value in asked.items() if value})
    return {
        "amount": sum(one.amount for one in held),
        "projects": sum(one.projects for one in held),
        "url": f"{ADDRESS}?{query}" if held else "",
    }


def project(one: Row, knowledge: Knowledge) -> dict[str, Any]:
    """One project as its list shows it."""
    return {
        "code": one.code,
        "name": naming.said(one.project, one.project_en),
        "kind_name": KINDS.get(one.kind, one.kind),
        "unit_name": naming.unit_name(one.unit, knowledge),
        "place_name": naming.place_name(one.place, knowledge),
        "level_name": naming.LEVELS.get(int(knowledge.scheme.level(one.place)), ""),
        "amount": one.amount,
        "source": naming.said(one.source, one.source_en),
    }
