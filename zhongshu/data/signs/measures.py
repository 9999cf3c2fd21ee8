"""全部量法 every measure by name, and what one of them finds: numbers by place, and the objects behind a number."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connections

from zhongshu.data.databases import ROAD
from zhongshu.data.signs import cases, city
from zhongshu.data.signs.shape import TOGETHER, Measure
from zhongshu.kernel.places import Level, Scheme, Span

MEASURES: Mapping[str, Measure] = {one.code: one for one in (*cases.MEASURES, *city.MEASURES)}
"""By the name that indicators.csv uses."""
LEVELS = (Level.CITY, Level.DISTRICT, Level.STREET)
"""What a number is taken of; finer than a street most signs say nothing."""
SIZE = 50


@dataclass(frozen=True, slots=True)
class Found:
    """一个地方的数: `value` None when its base is empty; `a` of `b`; `rows` objects, `newest` of them."""

    place: str
    value: float | None
    a: float
    b: float
    rows: int
    newest: datetime | None


@dataclass(frozen=True, slots=True)
class Asked:
    """问什么: the moment, the classes of a measure of classes, and how this city writes its codes."""

    at: datetime
    classes: Sequence[str]
    scheme: Scheme
    city: str

    def given(self, one: Measure) -> dict[str, Any]:
        return {"now": self.at, "since": self.at - one.window, "classes": list(self.classes)}


def there(one: Measure) -> bool:
    """Whether what it reads is here: rows of a source are there once they were fetched."""
    if "landing." not in one.sql:
        return True
    table = one.sql.partition("landing.")[2].split()[0]
    with connections[ROAD].cursor() as cursor:
        cursor.execute("SELECT to_regclass(%s) IS NOT NULL", [f"landing.{table}"])
        return bool(cursor.fetchone()[0])


def take(one: Measure, asked: Asked) -> list[Found]:
    """The number of every city, district and street that has a row; one statement."""
    lengths = [asked.scheme.lengths[level - 1] for level in LEVELS]
    sql = f"""WITH raw AS ({one.sql})
SELECT CASE WHEN n = %(most)s THEN %(city)s ELSE rpad(left(place, n), %(full)s, '0') END,
  {TOGETHER[one.together]}, coalesce(sum(a), 0), coalesce(sum(b), 0), count(*), max(at)
FROM raw, unnest(%(lengths)s::int[], %(before)s::int[]) l(n, past)
WHERE n = %(most)s OR rtrim(substr(place, past + 1, n - past), '0') <> '' GROUP BY 1"""
    given = {**asked.given(one), "lengths": lengths, "before": [0, *lengths[:-1]], "most": lengths[0]}
    given["full"] = asked.scheme.lengths[-1]
    with connections[ROAD].cursor() as cursor:
        cursor.execute(sql, {**given, "city": asked.city})
        return [
            Found(place, None if value is None else float(value), float(a), float(b), int(rows), newest)
            for place, value, a, b, rows, newest in cursor.fetchall()
        ]


@dataclass(frozen=True, slots=True)
class Object:
    """一个对象 behind a number: what it counts (`a`, 0 of what is only in the base) of `b`, where, and since when."""

    ref: str
    place: str
    a: float
    at: datetime | None
    b: float = 1.0


def objects(one: Measure, asked: Asked, span: Span, page: tuple[bool, str]) -> list[Object]:
    """One page of the objects of a number, by `ref`; at most SIZE + 1.

    `page` is whether only those that count are wanted (of a share: those that miss it), and the last ref of the page
    before. The span is named: what reads it is the road's connection, so the caller gives the viewer's own span.
    """
    odd = "a = 0" if one.together == "share" else "a <> 0"
    sql = f"""WITH raw AS ({one.sql})
SELECT ref, min(place), sum(a), max(at), sum(b) FROM raw
WHERE place >= %(lo)s AND place < %(hi)s AND (NOT %(odd)s OR {odd}) AND ref > %(after)s
GROUP BY ref ORDER BY ref LIMIT %(size)s"""
    given = {**asked.given(one), "lo": span.lo, "hi": span.hi, "odd": page[0], "after": page[1], "size": SIZE + 1}
    with connections[ROAD].cursor() as cursor:
        cursor.execute(sql, given)
        return [Object(str(ref), place, float(a or 0), at, float(b or 0)) for ref, place, a, at, b in cursor.fetchall()]
