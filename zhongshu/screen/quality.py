"""质量的用词 how dimensions, indicators, rules and what a check found are called and shown."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext_lazy as _

from zhongshu.data.catalogue.entries import Dataset
from zhongshu.data.quality import sampling
from zhongshu.data.quality.rules import KINDS, Rule
from zhongshu.data.quality.standard import DIMENSIONS, INDICATORS
from zhongshu.kernel.desk import Knowledge
from zhongshu.screen import naming
from zhongshu.screen.story import moment

Row = dict[str, Any]
ADDRESS = "/data/quality"
TONES: Mapping[str, str] = {"A": "ok", "B": "ok", "C": "warn", "D": "danger", "E": "danger"}
WHYS: Mapping[str, Any] = {
    "empty": _("应有值而空着"),
    "nothing": _("写的是“无”一类的字"),
    "votes": _("与同类记录不同"),
    "look": _("写法少见"),
}
"""Why a cell is suspected -> what the page says."""
VISITS = "/data/visits"
VERDICTS: Mapping[str, tuple[Any, str]] = {
    "right": (_("属实"), "ok"),
    "wrong": (_("有误"), "danger"),
    "gone": (_("查无"), "danger"),
    "unreached": (_("未能核实"), "warn"),
}
"""What a person found of a row -> word and tone."""
LOW = 0.9
"""Shares below are marked (the bar of an offence is a threshold of the pack; this only colours)."""


def dimension_name(code: str) -> str:
    return DIMENSIONS[code][naming.english()] if code in DIMENSIONS else code


def dimensions() -> list[tuple[str, str]]:
    return [(code, dimension_name(code)) for code in DIMENSIONS]


def dataset_name(found: Dataset) -> str:
    return naming.called(found)


def rule_name(rule: Rule) -> str:
    return naming.called(rule)


def where(code: str, knowledge: Knowledge) -> str:
    """A place by its name; a grid by its community and its own number."""
    width = knowledge.scheme.lengths[-1]
    name = naming.place_name(code[:width].ljust(width, "0"), knowledge) or code[:width]
    return f"{name} {code[width:]}".strip()


def percent(value: float | None) -> str:
    """0.98765 -> 98.77%; two digits, because what matters is whether it is all."""
    return "" if value is None else f"{value:.2%}"


def board_row(found: Dataset, runs: Sequence[Row], suspended: bool, tickets: int) -> Row:
    """A data set's line on the board: a cell for each dimension with its change, the newest run first."""
    now = runs[0] if runs else None
    before = next((one for one in runs[1:] if one["read"]), None)
    url = f"{ADDRESS}/{found.dataset}"
    return {
        "name": dataset_name(found),
        "url": url,
        "cells": [_cell(code, now, before, url) for code in DIMENSIONS] if now else [],
        "total": percent(now["total"]) if now else "",
        "grade": now["grade"] if now else "",
        "tone": TONES.get(now["grade"], "") if now else "",
        "read": bool(now and now["read"]),
        "at": moment(now["at"]) if now else None,
        "rows": now["rows"] if now else 0,
        "suspended": suspended,
        "tickets": tickets,
        "tickets_url": f"/data?box=all&family=ticket&subject=dataset:{found.dataset}",
        "trend": trend(runs),
    }


def _cell(code: str, now: Row, before: Row | None, url: str) -> Row:
    share = now["shares"].get(code)
    old = before["shares"].get(code) if before else None
    change = share - old if share is not None and old is not None else 0.0
    return {
        "share": percent(share),
        "low": share is not None and share < LOW,
        "change": f"{change:+.2%}" if abs(change) >= 5e-5 else "",
        "fell": change <= -5e-5,
        "url": f"{url}?dimension={code}#rules",
    }


def trend(runs: Sequence[Row]) -> Row:
    """Bars of the totals, oldest first: 28 high at 100 %, nothing at 80 % and below."""
    told = [(moment(one["at"]), one["total"]) for one in reversed(runs)]
    heights = [max(1, round(((total or 0) - 0.8) / 0.2 * 28)) for _at, total in told]
    bars = [
        {"x": n * 7, "y": 28 - height, "height": height, "at": at, "total": percent(total)}
        for n, (height, (at, total)) in enumerate(zip(heights, told, strict=True))
    ]
    return {"bars": bars, "width": max(len(bars) * 7, 7)}


def rule_row(rule: Rule, found: Mapping[str, Any] | None, old: float | None, found_in: Dataset) -> Row:
    """A rule with what it counted: A of B, its change, and where its failing rows are."""
    share = found["met"] / found["checked"] if found and found["checked"] else None
    item = found_in.item(rule.items[0])
    change = share - old if share is not None and old is not None else 0.0
    indicator = INDICATORS[rule.indicator]
    visited = rule.kind == "visited"
    bounds = sampling.interval(found["met"], found["checked"]) if visited and found else None
    return {
        "code": rule.code,
        "first": rule.items[0],
        "name": rule_name(rule),
        "item": naming.called(item) if item else rule.item,
        "kind": KINDS[rule.kind].name_en if naming.english() else KINDS[rule.kind].name,
        "value": rule.value,
        "dimension": dimension_name(indicator.dimension),
        "indicator": indicator.name_en if naming.english() else indicator.name,
        "a": naming.said(indicator.a, indicator.a_en),
        "b": naming.said(indicator.b, indicator.b_en),
        "share": percent(share),
        "low": share is not None and share < LOW,
        "change": f"{change:+.2%}" if abs(change) >= 5e-5 else "",
        "checked": found["checked"] if found else 0,
        "met": found["met"] if found else 0,
        "failing": found["checked"] - found["met"] if found else 0,
        "said": found["said"] if found else "",
        "rows_url": f"{VISITS}?dataset={rule.dataset}"
        if visited
        else f"{ADDRESS}/{rule.dataset}/rows?rule={rule.code}",
        "bounds": [percent(one) for one in bounds] if bounds else [],
        "weight": rule.weight,
    }
