"""地图数据 what the map shows: outlines of divisions, and open cases as clusters or single points."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import asinh, atan, degrees, pi, radians, sinh, tan
from typing import Any

import orjson
import shapely
from django.db import connections

from zhongshu.data import models as rows
from zhongshu.data.databases import APP
from zhongshu.data.lists import Box, cell_ranges
from zhongshu.data.packs import division_shapes
from zhongshu.data.viewing import viewing
from zhongshu.kernel.access import Viewer

GRAINS = (8, 11, 14, 17)
"""Sides of the counted map cells: the world is 2**grain cells wide (see migration 0004)."""
PIXELS = 29
"""Positions are kept in units of 1 / 2**29 of the world's width: 7 cm at the equator."""
FINEST = 15
"""From the next zoom on, cases are shown one by one."""
AT_MOST = 1000
"""Single cases on one tile: with more, none of them could be told from its neighbour."""


@dataclass(frozen=True, slots=True)
class Spot:
    """One mark on the map: a single case (`case` set) or a cluster of `n`. x, y in 1 / 2**29 of the world's width."""

    x: int
    y: int
    n: int
    overdue: int
    urgent: int
    case: int = 0
    state: str = ""


_CLUSTERS = """
SELECT sum(n)::bigint, sum(overdue)::bigint, sum(urgent)::bigint, sum(ids), sum(px), sum(py) FROM map_cell
WHERE grain = %s AND x >= %s AND x < %s AND y >= %s AND y < %s GROUP BY x >> %s, y >> %s HAVING sum(n) > 0
"""


def spots(viewer: Viewer, z: int, x: int, y: int) -> list[Spot]:
    """What a viewer sees on one tile: at most 64 clusters up to zoom 15, single cases beyond.

    Where more than AT_MOST lie on one tile of zoom 16 or 17, clusters are shown there too.
    """
    clusters = _clusters(viewer, z, x, y) if z <= GRAINS[-1] else []
    if z > FINEST and sum(one.n for one in clusters) <= AT_MOST:
        return _singles(viewer, z, x, y)
    return clusters


def _clusters(viewer: Viewer, z: int, x: int, y: int) -> list[Spot]:
    grain = next(grain for grain in GRAINS if grain >= min(z + 3, GRAINS[-1]))
    up, fold = grain - z, max(0, grain - z - 3)
    with viewing(viewer), connections[APP].cursor() as cursor:
        cursor.execute(_CLUSTERS, [grain, x << up, (x + 1) << up, y << up, (y + 1) << up, fold, fold])
        found = [
            Spot(int(px / n), int(py / n), n, overdue, urgent, int(ids) if n == 1 else 0)
            for n, overdue, urgent, ids, px, py in cursor.fetchall()
        ]
        lone = [spot.case for spot in found if spot.case]
        if not lone:
            return found
        cursor.execute('SELECT id, state, urgency FROM "case" WHERE id = ANY (%s)', [lone])
        states = {case: (state, urgency) for case, state, urgency in cursor.fetchall()}
    return [
        Spot(one.x, one.y, 1, one.overdue, states[one.case][1], one.case, states[one.case][0])
        if one.case in states
        else one
        for one in found
    ]


def mercator(lon: float, lat: float) -> tuple[int, int]:
    """A WGS-84 point in 1 / 2**29 of the world's width, as web maps count."""
    return int((lon + 180) / 360 * 2**PIXELS), int((1 - asinh(tan(radians(lat))) / pi) / 2 * 2**PIXELS)


def tile_of(z: int, lon: float, lat: float) -> tuple[int, int]:
    """Column and row of the web map tile that a point lies in."""
    return int((lon + 180) / 360 * 2**z), int((1 - asinh(tan(radians(lat))) / pi) / 2 * 2**z)


def tile_box(z: int, x: int, y: int) -> Box:
    """West, south, east, north of a web map tile, in degrees."""

    def lat(row: int) -> float:
        return degrees(atan(sinh(pi * (1 - 2 * row / 2**z))))

    return x / 2**z * 360 - 180, lat(y + 1), (x + 1) / 2**z * 360 - 180, lat(y)


def _singles(viewer: Viewer, z: int, x: int, y: int) -> list[Spot]:
    west, south, east, north = box = tile_box(z, x, y)
    ranges = cell_ranges(box)
    spelt = " OR ".join("cell BETWEEN %s AND %s" for _ in ranges)
    sql = (
        "SELECT mercator_x(lon), mercator_y(lat), 1, overdue::int, urgency, id, state"
        f' FROM "case" WHERE ({spelt}) AND lon >= %s AND lon < %s AND lat >= %s AND lat < %s'
        " AND state <> 'closed' LIMIT %s"
    )
    with viewing(viewer), connections[APP].cursor() as cursor:
        cursor.execute(sql, [*(edge for pair in ranges for edge in pair), west, east, south, north, AT_MOST])
        return [Spot(*row) for row in cursor.fetchall()]


def divisions(level: int, tolerance: float) -> bytes:
    """The outlines of one level as GeoJSON, simplified by `tolerance` degrees."""
    areas = division_shapes(level, using=APP)
    names = dict(rows.Division.objects.using(APP).filter(level=level, valid_to=None).values_list("code", "name"))
    shapes = shapely.to_geojson(shapely.set_precision(shapely.simplify(areas.shapes, tolerance), 1e-5))
    features: Sequence[dict[str, Any]] = [
        {
            "type": "Feature",
            "properties": {"code": code, "name": names.get(code, code), "parent": parent},
            "geometry": orjson.Fragment(shape),
        }
        for code, parent, shape in zip(areas.codes, areas.divisions, shapes, strict=True)
    ]
    return orjson.dumps({"type": "FeatureCollection", "features": features})


def bounds() -> Box | None:
    """The box around everything that has an outline, or None."""
    with connections[APP].cursor() as cursor:
        cursor.execute("SELECT min(west), min(south), max(east), max(north) FROM data_division WHERE valid_to IS NULL")
        found = cursor.fetchone()
    return None if found[0] is None else (found[0], found[1], found[2], found[3])


def version() -> int:
    """A number that changes when a pack is loaded."""
    return rows.PackVersion.objects.using(APP).order_by("-id").values_list("id", flat=True).first() or 0
