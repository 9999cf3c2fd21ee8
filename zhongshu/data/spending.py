"""数字化支出 what the pack says was spent: the split by kind and level of place, and the rows behind each part."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connections

from zhongshu.data.databases import ROAD
from zhongshu.kernel.places import Span

HARDWARE = ("device", "screen", "network")
"""硬: sensors and servers, screens and halls, lines."""
SOFT = ("software", "data", "training", "operation")
"""软: what makes use of them."""
SIZE = 100
"""Rows of one page."""


@dataclass(frozen=True, slots=True)
class Part:
    """一格: what places of one level got of one kind in one year, in yuan, over so many projects."""

    kind: str
    level: int
    amount: float
    projects: int


@dataclass(frozen=True, slots=True)
class Row:
    """一个项目."""

    code: str
    unit: str
    place: str
    kind: str
    project: str
    project_en: str
    amount: float
    source: str
    source_en: str


_WITHIN = """FROM data_spending s JOIN data_division d ON d.code = s.place AND d.valid_to IS NULL
WHERE s.valid_to IS NULL AND s.place COLLATE "C" >= %(lo)s AND s.place COLLATE "C" < %(hi)s"""
_PARTS = f"SELECT s.kind, d.level, sum(s.amount), count(*) {_WITHIN} AND s.year = %(year)s GROUP BY 1, 2 ORDER BY 1, 2"
_ROWS = f"""SELECT s.code, s.unit, s.place, s.kind, s.project, s.project_en, s.amount, s.source, s.source_en {_WITHIN}
  AND (s.code = %(code)s OR %(code)s = '') AND s.year = %(year)s
  AND (%(kinds)s::text[] IS NULL OR s.kind = ANY (%(kinds)s))
  AND (%(levels)s::int[] IS NULL OR d.level = ANY (%(levels)s))
ORDER BY s.amount DESC, s.code OFFSET %(offset)s LIMIT %(limit)s"""


def years() -> list[int]:
    """The years that the table tells of, the last one first; none when the city keeps no such table."""
    with connections[ROAD].cursor() as cursor:
        cursor.execute("SELECT DISTINCT year FROM data_spending WHERE valid_to IS NULL ORDER BY year DESC")
        return [year for (year,) in cursor.fetchall()]


def split(span: Span, year: int) -> list[Part]:
    """What the places of the span got in a year, by kind and level."""
    with connections[ROAD].cursor() as cursor:
        cursor.execute(_PARTS, {"lo": span.lo, "hi": span.hi, "year": year})
        return [Part(kind, level, float(amount), count) for kind, level, amount, count in cursor.fetchall()]


@dataclass(frozen=True, slots=True)
class Wanted:
    """问哪些: of a span and year; None is any kind, any level; `code` is one project alone."""

    span: Span
    year: int
    kinds: Sequence[str] | None = None
    levels: Sequence[int] | None = None
    code: str = ""


def rows(wanted: Wanted, offset: int = 0) -> list[Row]:
    """One page of projects, the dearest first; at most SIZE + 1."""
    given: dict[str, Any] = {"lo": wanted.span.lo, "hi": wanted.span.hi, "year": wanted.year, "code": wanted.code}
    given |= {name: held and list(held) for name, held in (("kinds", wanted.kinds), ("levels", wanted.levels))}
    with connections[ROAD].cursor() as cursor:
        cursor.execute(_ROWS, {**given, "offset": offset, "limit": SIZE + 1})
        return [Row(*values) for values in cursor.fetchall()]
