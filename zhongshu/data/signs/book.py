"""体征目录 the signs that a city watches, with the limits in force, as its pack says them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import connections

from zhongshu.data.databases import OWNER, dicts
from zhongshu.data.signs.states import Limit
from zhongshu.data.versions import split


@dataclass(frozen=True, slots=True)
class Bar:
    """阈值 of a sign with its ground: who set it since when on what; `limit` are percentiles where `how` is history."""

    limit: Limit
    how: str
    category: str
    basis: str
    basis_text: str
    basis_text_en: str
    author: str
    author_en: str
    since: date


@dataclass(frozen=True, slots=True)
class Sign:
    """体征: `measure` "" has no source yet, `source` says which. `no` is its number in the city's list, 0 beside it."""

    code: str
    no: int
    name: str
    name_en: str
    unit: str
    unit_en: str
    system: str
    cycle: str
    owner: str
    source: str
    source_en: str
    measure: str
    classes: tuple[str, ...]
    standin: bool
    staleness_minutes: int
    bar: Bar | None


_SIGNS = """
SELECT code, no, name, name_en, unit, unit_en, system, cycle, owner, source, source_en, measure, classes, standin,
  staleness_minutes
FROM data_indicator WHERE valid_to IS NULL ORDER BY no = 0, no, code
"""
_BARS = """
SELECT indicator, direction, amber, red, hysteresis, minutes, how, category, basis, basis_text,
  basis_text_en, author, author_en, since
FROM data_signlimit WHERE valid_to IS NULL
"""


def signs() -> Mapping[str, Sign]:
    """Every sign in force by its code, in the order of their numbers; those beside the list come last."""
    with connections[OWNER].cursor() as cursor:
        cursor.execute(_BARS)
        bars = {
            sign: Bar(Limit(way == "up", amber, red, hysteresis, minutes), *rest)
            for sign, way, amber, red, hysteresis, minutes, *rest in cursor.fetchall()
        }
        cursor.execute(_SIGNS)
        made = [_sign(row, bars.get(row["code"])) for row in dicts(cursor)]
    return {one.code: one for one in made}


def _sign(row: dict[str, Any], bar: Bar | None) -> Sign:
    return Sign(**{**row, "classes": split(row["classes"]), "bar": bar})
