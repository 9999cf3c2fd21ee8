"""块数据 blocks: how many of anything a grid, community, street or district holds, over all departments.

Counts of the registers are kept by grid (block_count) and put together on reading; components and cases are counted
when asked. Every count has the list that it was counted from: the same condition, in `lists.py`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from django.db import connections

from zhongshu.data.databases import APP, OWNER, ROAD, dicts
from zhongshu.data.viewing import viewing
from zhongshu.kernel.access import Viewer
from zhongshu.kernel.errors import BadInput

GRID = 15
"""Characters of a grid's code."""
AGES = (("0-5", 0, 6), ("6-17", 6, 18), ("18-59", 18, 60), ("60-79", 60, 80), ("80+", 80, 200))
"""年龄段: name, from, below, in years (default)."""


@dataclass(frozen=True, slots=True)
class Measure:
    """量: what is counted. `source` is the table with its alias t, `band` how it is parted, `place` where it counts.

    `subject` names the register whose list stands behind it; "" of what is not in a register. `kept` is maintained.
    """

    name: str
    subject: str
    source: str
    where: str
    band: str = "''"
    place: str = "t.place"
    kept: bool = True


_IN = "t.valid_to IS NULL"
_AGE = "date_part('year', age(t.born))"
_AGE_BAND = (
    "CASE " + " ".join(f"WHEN {_AGE} < {below} THEN '{name}'" for name, _, below in AGES) + " ELSE 'unknown' END"
)
_RENTED = "(t.use = 'rented' OR t.rent_registered)"
MEASURES: Mapping[str, Measure] = {
    one.name: one
    for one in (
        Measure("people", "person", "person t", _IN, _AGE_BAND),
        Measure("kinds", "person", "person t", _IN, "t.kind"),
        Measure("care", "person", "person t CROSS JOIN LATERAL unnest(t.care) c(tag)", _IN, "c.tag"),
        Measure("pupils", "person", "person t", f"{_IN} AND 'pupils' = ANY (t.sources)"),
        Measure(
            "households",
            "house",
            "house t",
            f"{_IN} AND EXISTS (SELECT FROM person p WHERE p.house = t.id AND p.valid_to IS NULL)",
        ),
        Measure("houses", "house", "house t", _IN, "t.use"),
        Measure(
            "rented",
            "house",
            "house t",
            f"{_IN} AND {_RENTED}",
            "CASE WHEN t.rent_registered THEN 'registered' ELSE 'unregistered' END",
        ),
        Measure("unsafe", "house", "house t", f"{_IN} AND t.safety IN ('C', 'D')", "t.safety"),
        Measure("firms", "organisation", "organisation t", _IN, "t.kind"),
        Measure(
            "components",
            "",
            "data_component t",
            f"{_IN} AND t.state <> 'removed'",
            "t.state",
            "t.division",
            False,
        ),
        Measure(
            "cases",
            "",
            '"case" t',
            "TRUE",
            "CASE WHEN t.state IN ('closed', 'archived', 'void', 'rejected', 'not_filed') THEN 'ended' ELSE 'open' END",
            "coalesce(nullif(t.grid, ''), t.place)",
            False,
        ),
    )
}
"""What can be counted, by name."""


def measure_of(name: str) -> Measure:
    """BadInput when there is no such measure."""
    found = MEASURES.get(name)
    if found is None:
        raise BadInput(f"measure: found {name!r}, expected one of {', '.join(MEASURES)} / 没有这个统计量")
    return found


def refresh(places: Sequence[str] | None = None, using: str = ROAD) -> int:
    """Count the registers again, in these grids or everywhere; returns how many rows are kept then."""
    narrow = "" if places is None else " AND t.place = ANY (%(places)s)"
    parts = [
        f"SELECT {one.place} AS place, '{one.name}' AS measure, {one.band} AS band, count(*) AS count"
        f" FROM {one.source} WHERE {one.where}{narrow} GROUP BY 1, 3"
        for one in MEASURES.values()
        if one.kept
    ]
    given = {"places": None if places is None else list(places)}
    with connections[using].cursor() as cursor:
        cursor.execute("DELETE FROM block_count" + ("" if places is None else " WHERE place = ANY (%(places)s)"), given)
        cursor.execute("INSERT INTO block_count (place, measure, band, count) " + " UNION ALL ".join(parts), given)
        return int(cursor.rowcount)


@contextmanager
def shifting(subject: str, entities: Sequence[int], using: str = ROAD) -> Iterator[None]:
    """Keep the counts right while these entities change, by what they were counted as before and after.

    What it costs grows with the entities, not with their grids. Bands of age are those of today on both sides, so that
    birthdays since the last full count change nothing here.
    """
    people = subject == "person"
    homes = _homes(entities, using) if people else []
    before = _of(subject, entities, using) + _of("house", homes, using, "households")
    yield
    moved = sorted(set(_homes(entities, using)) - set(homes)) if people else []
    after = _of(subject, entities, using) + _of("house", homes + moved, using, "households")
    before += _of("house", _others(moved, entities, using), using, "households")
    changed = [(*key, after[key] - before[key]) for key in after.keys() | before.keys() if after[key] != before[key]]
    with connections[using].cursor() as cursor:
        cursor.execute(_SHIFT, [list(column) for column in zip(*changed, strict=True)] if changed else [[], [], [], []])


Key = tuple[str, str, str]
"""Place, measure, band."""


def _of(subject: str, ids: Sequence[int], using: str, only: str = "") -> Counter[Key]:
    """What these entities add to the counts that are kept of their register."""
    if not ids:
        return Counter()
    parts = [
        f"SELECT {one.place}, '{one.name}', {one.band}, count(*) FROM {one.source}"
        f" WHERE {one.where} AND t.id = ANY (%(ids)s) GROUP BY 1, 3"
        for one in MEASURES.values()
        if one.kept and one.subject == subject and only in ("", one.name)
    ]
    with connections[using].cursor() as cursor:
        cursor.execute(" UNION ALL ".join(parts), {"ids": list(ids)})
        return Counter({(place, measure, band): int(count) for place, measure, band, count in cursor.fetchall()})


def _homes(people: Sequence[int], using: str) -> list[int]:
    """Where these people live now."""
    with connections[using].cursor() as cursor:
        cursor.execute(
            "SELECT DISTINCT house FROM person WHERE id = ANY (%s) AND valid_to IS NULL AND house IS NOT NULL",
            [list(people)],
        )
        return [int(row[0]) for row in cursor.fetchall()]


def _others(houses: Sequence[int], people: Sequence[int], using: str) -> list[int]:
    """Which of these houses somebody else than these people lives in: they were households before."""
    if not houses:
        return []
    with connections[using].cursor() as cursor:
        cursor.execute(
            "SELECT DISTINCT p.house FROM person p LEFT JOIN unnest(%s::bigint[]) x(id) ON x.id = p.id"
            " WHERE p.house = ANY (%s) AND p.valid_to IS NULL AND x.id IS NULL",
            [list(people), list(houses)],
        )
        return [int(row[0]) for row in cursor.fetchall()]


_SHIFT = """
INSERT INTO block_count (place, measure, band, count)
SELECT * FROM unnest(%s::text[], %s::text[], %s::text[], %s::int[])
ON CONFLICT (place, measure, band) DO UPDATE SET count = greatest(0, block_count.count + excluded.count)
"""

_KEPT = """
SELECT left(place, %(length)s) AS block, measure, band, sum(count) FROM block_count
WHERE place >= %(lo)s AND place < %(hi)s GROUP BY 1, 2, 3
"""


@dataclass(frozen=True, slots=True)
class Cell:
    """One count: `block` is the prefix of its place."""

    block: str
    measure: str
    band: str
    count: int


def counts(viewer: Viewer, under: str, length: int) -> list[Cell]:
    """Everything within the division whose own digits are `under`, by the first `length` characters of the place.

    Only what the viewer may see counts; row-level security says so.
    """
    span = {"from": viewer.span.lo, "until": viewer.span.hi}
    given: dict[str, Any] = {"lo": under, "hi": under + "~", "length": length, **span}
    parts = [
        f"SELECT left({one.place}, %(length)s) AS block, '{one.name}' AS measure, {one.band} AS band, count(*)"
        f" FROM {one.source} WHERE {one.where} AND {one.place} >= greatest(%(lo)s, %(from)s)"
        f" AND {one.place} < least(%(hi)s, %(until)s) GROUP BY 1, 3"
        for one in MEASURES.values()
        if not one.kept
    ]
    with viewing(viewer), connections[APP].cursor() as cursor:
        cursor.execute(" UNION ALL ".join([_KEPT, *parts]), given)
        return [Cell(block, measure, band, int(count)) for block, measure, band, count in cursor.fetchall()]


_ROWS = {
    "components": "t.id, t.code, t.name, t.category, t.state, t.division AS place",
    "cases": "t.id, t.number AS code, t.title AS name, t.category, t.state, t.place",
}
SIZE = 50
"""Rows of one page of a list."""


def listed(viewer: Viewer, measure: str, under: str, band: str = "", after: int = 0) -> list[dict[str, Any]]:
    """What a count outside the registers was counted from: id, code, name, category, state, place; at most SIZE + 1."""
    one = measure_of(measure)
    if one.name not in _ROWS:
        raise BadInput(f"measure: the list of {measure} is that of its register / 请到登记库查看")
    given: dict[str, Any] = {"lo": under, "hi": under + "~", "band": band, "after": after, "size": SIZE + 1}
    given |= {"from": viewer.span.lo, "until": viewer.span.hi}
    with viewing(viewer), connections[APP].cursor() as cursor:
        cursor.execute(
            f"SELECT {_ROWS[one.name]} FROM {one.source} WHERE {one.where}"
            f" AND {one.place} >= greatest(%(lo)s, %(from)s) AND {one.place} < least(%(hi)s, %(until)s)"
            f" AND (%(band)s = '' OR {one.band} = %(band)s)"
            " AND t.id > %(after)s ORDER BY t.id LIMIT %(size)s",
            given,
        )
        return dicts(cursor)


def recount() -> int:
    """Everything again, as the owner: after a load."""
    return refresh(None, OWNER)
