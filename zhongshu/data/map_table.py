"""地图的表格 the content of a map's view as rows: sorted, a page at a time, by key and never by offset."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connections

from zhongshu.data.databases import APP, dicts
from zhongshu.data.lists import Box, cell_ranges
from zhongshu.data.viewing import viewing
from zhongshu.kernel.access import Viewer

SIZE = 30
CAP = 1_000
"""What lies in view is counted up to here."""
FLOOR = {"text": "", "number": "0", "time": "-infinity"}


@dataclass(frozen=True, slots=True)
class Layer:
    """图层: its rows as a statement of columns id, code, name, what, state, place, lon, lat, at; how it can be sorted.

    `only` is the narrower half of it: overdue cases, components that are not good, sensors that are silent.
    """

    sql: str
    sorts: Mapping[str, str]
    only: str
    cells: bool = False


_SORTS = {"code": "code", "name": "name", "state": "state", "place": "place"}
LAYERS: Mapping[str, Layer] = {
    "cases": Layer(
        """SELECT id, number AS code, title AS name, category AS what, state, place, lon, lat, opened_at AS at, overdue,
        cell FROM "case" WHERE closed_at IS NULL""",
        {**_SORTS, "at": "at"},
        "overdue",
        cells=True,
    ),
    "components": Layer(
        """SELECT id, code, name, category AS what, state, division AS place, lon, lat, valid_from AS at
        FROM data_component WHERE valid_to IS NULL AND state <> 'removed'""",
        _SORTS,
        "state <> 'good'",
    ),
    "sensors": Layer(
        """SELECT s.id, s.code, s.name, s.kind AS what, s.division AS place, s.lon, s.lat, o.at, o.value, s.unit,
        CASE WHEN o.at IS NULL THEN 'silent' WHEN o.value >= s.threshold THEN 'beyond' ELSE 'good' END AS state
        FROM data_sensor s LEFT JOIN LATERAL (SELECT at, value FROM observation o WHERE o.sensor = s.code
          AND o.at > now() - make_interval(mins => s.staleness_minutes) ORDER BY at DESC LIMIT 1) o ON true
        WHERE s.valid_to IS NULL""",
        _SORTS,
        "state <> 'good'",
    ),
    "warnings": Layer(
        """SELECT w.id, c.number AS code, c.title AS name, c.category AS what, c.state, w.place, c.lon, c.lat, w.at
        FROM warning w JOIN "case" c ON c.id = w.id WHERE w.cleared_at IS NULL""",
        {**_SORTS, "at": "at"},
        "state <> 'closed'",
    ),
}


@dataclass(frozen=True, slots=True)
class Asked:
    """要看什么: a layer within a box, sorted by one of its sorts; `after` are that value and the id of the last row."""

    layer: str
    box: Box | None
    sort: str = "code"
    down: bool = False
    only: bool = False
    q: str = ""
    after: tuple[str, int] | None = None


@dataclass(frozen=True, slots=True)
class Seen:
    """一页: rows; `next` the key of the page after, or None; `count` of all, at most CAP."""

    rows: Sequence[dict[str, Any]]
    next: tuple[str, int] | None
    count: int


def page(viewer: Viewer, asked: Asked) -> Seen:
    """One page of what lies in view; KeyError for no such layer or sort."""
    layer = LAYERS[asked.layer]
    key = layer.sorts[asked.sort]
    where, given = _where(layer, asked, viewer)
    way, order = ("<", "DESC") if asked.down else (">", "ASC")
    beyond, last = ("true", []) if asked.after is None else _beyond(key, way, asked.after)
    cast = f"{key}::text"
    sql = f"""SELECT *, {cast} AS sort_key FROM ({layer.sql}) t WHERE {where} AND {beyond}
ORDER BY {key} {order}, id {order} LIMIT {SIZE + 1}"""
    with viewing(viewer), connections[APP].cursor() as cursor:
        cursor.execute(sql, [*given, *last])
        found = dicts(cursor)
        cursor.execute(f"SELECT count(*) FROM (SELECT FROM ({layer.sql}) t WHERE {where} LIMIT {CAP}) n", given)
        count = int(cursor.fetchone()[0])
    shown = found[:SIZE]
    more = (shown[-1]["sort_key"], shown[-1]["id"]) if len(found) > SIZE else None
    return Seen(shown, more, count)


def _beyond(key: str, way: str, after: tuple[str, int]) -> tuple[str, list[Any]]:
    kind = "timestamptz" if key == "at" else "text"
    return f"({key}, id) {way} (%s::{kind}, %s::bigint)", [after[0], after[1]]


def _where(layer: Layer, asked: Asked, viewer: Viewer) -> tuple[str, list[Any]]:
    parts: list[str] = ["place >= %s", "place < %s"]
    given: list[Any] = [viewer.span.lo, viewer.span.hi]
    if asked.box:
        west, south, east, north = asked.box
        parts.append("lon BETWEEN %s AND %s AND lat BETWEEN %s AND %s")
        given += [west, east, south, north]
        if layer.cells and east - west < 0.1:
            ranges = cell_ranges(asked.box)
            parts.append("(" + " OR ".join("cell BETWEEN %s AND %s" for _ in ranges) + ")")
            given += [edge for pair in ranges for edge in pair]
    if asked.only:
        parts.append(layer.only)
    if asked.q:
        parts.append("(strpos(code, %s) > 0 OR strpos(name, %s) > 0)")
        given += [asked.q, asked.q]
    return " AND ".join(parts), given


def points(viewer: Viewer, layer: str) -> list[dict[str, Any]]:
    """Every row of a small layer (sensors, warnings) that has a point, at most CAP."""
    return [row for row in _every(viewer, LAYERS[layer]) if row["lon"] is not None and viewer.span.holds(row["place"])]


def _every(viewer: Viewer, layer: Layer) -> list[dict[str, Any]]:
    with viewing(viewer), connections[APP].cursor() as cursor:
        cursor.execute(f"SELECT * FROM ({layer.sql}) t ORDER BY id LIMIT {CAP}")
        return dicts(cursor)
