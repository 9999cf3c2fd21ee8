"""地图数据 what the map shows: outlines of divisions, and open cases as clusters or single points."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from math import asinh, atan, degrees, pi, radians, sinh, tan
from typing import Any

import numpy as np
import orjson
import shapely
from django.db import connections
from numpy.typing import NDArray

from zhongshu.data import models as rows
from zhongshu.data.databases import APP
from zhongshu.data.lists import Box, cell_ranges
from zhongshu.data.packs import division_shapes
from zhongshu.data.viewing import viewing
from zhongshu.kernel.access import Viewer
from zhongshu.kernel.places import EVERYWHERE, Span

GRAINS = (8, 11, 14, 17)
"""Sides of the counted map cells: the world is 2**grain cells wide (see migration 0004)."""
PIXELS = 29
"""Positions are kept in units of 1 / 2**29 of the world's width: 7 cm at the equator."""
FINEST = 15
"""From the next zoom on, cases are shown one by one."""
AT_MOST = 1000
"""Single cases on one tile: with more, none of them could be told from its neighbour."""
GRIDS_AT_MOST = 400
PLACES_AT_MOST = 120


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


def spots(viewer: Viewer, z: int, x: int, y: int, only_late: bool = False) -> list[Spot]:
    """What a viewer sees on one tile: at most 64 clusters up to zoom 15, single cases beyond.

    Where more than AT_MOST lie on one tile of zoom 16 or 17, clusters are shown there too. With `only_late` those that
    are overdue, where the cluster that they are part of lies.
    """
    found = _spots(viewer, z, x, y)
    return [replace(one, n=one.overdue) for one in found if one.overdue] if only_late else found


def _spots(viewer: Viewer, z: int, x: int, y: int) -> list[Spot]:
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
    # The index of neighbourhood cells holds what is not closed by its state: the planner can't know that the two agree.
    sql = (
        "SELECT mercator_x(lon), mercator_y(lat), 1, overdue::int, urgency, id, state"
        f' FROM "case" WHERE ({spelt}) AND lon >= %s AND lon < %s AND lat >= %s AND lat < %s'
        " AND closed_at IS NULL AND state <> 'closed' LIMIT %s"
    )
    with viewing(viewer), connections[APP].cursor() as cursor:
        cursor.execute(sql, [*(edge for pair in ranges for edge in pair), west, east, south, north, AT_MOST])
        return [Spot(*row) for row in cursor.fetchall()]


def divisions(level: int, tolerance: float) -> bytes:
    """The outlines of one level as GeoJSON, simplified by `tolerance` degrees; empty when the pack has none."""
    areas = division_shapes(level, using=APP)
    found = rows.Division.objects.using(APP).filter(level=level, valid_to=None)
    names = {code: (name, en) for code, name, en in found.values_list("code", "name", "name_en")}
    held = zip(areas.codes, areas.divisions, strict=True)
    known = [(code, parent, *names.get(code, (code, ""))) for code, parent in held]
    return _features(known, areas.shapes, tolerance)


def _features(known: Sequence[tuple[str, str, str, str]], shapes: NDArray[Any], tolerance: float) -> bytes:
    """(code, parent, name, name_en) and polygons as GeoJSON; `at` is a point inside, where the name is written."""
    drawn = shapely.to_geojson(shapely.set_precision(shapely.simplify(shapes, tolerance), 1e-5))
    points = shapely.point_on_surface(shapes)
    inside = np.stack([shapely.get_x(points), shapely.get_y(points)], axis=1).round(5).tolist()
    features: Sequence[dict[str, Any]] = [
        {
            "type": "Feature",
            "properties": {"code": code, "name": name, "name_en": name_en, "parent": parent, "at": at},
            "geometry": orjson.Fragment(shape),
        }
        for (code, parent, name, name_en), shape, at in zip(known, drawn, inside, strict=True)
    ]
    return orjson.dumps({"type": "FeatureCollection", "features": features})


_GRIDS = """
SELECT code, division, geometry FROM data_grid
WHERE valid_to IS NULL AND geometry IS NOT NULL AND west < %s AND east > %s AND south < %s AND north > %s
ORDER BY (west + east - %s) ^ 2 + (south + north - %s) ^ 2, code LIMIT %s
"""


def grids(box: Box, tolerance: float) -> bytes:
    """The grids that touch a box as GeoJSON, at most GRIDS_AT_MOST, those nearest to its middle first."""
    west, south, east, north = box
    with connections[APP].cursor() as cursor:
        cursor.execute(_GRIDS, [east, west, north, south, west + east, south + north, GRIDS_AT_MOST])
        found = cursor.fetchall()
    shapes = np.asarray(shapely.from_wkb([bytes(row[2]) for row in found]), dtype=object)
    return _features([(code, division, "", "") for code, division, _shape in found], shapes, tolerance)


_PLACES = """
SELECT name, kind, lon, lat FROM data_addressplace
WHERE valid_to IS NULL AND kind <> 'address' AND lon BETWEEN %s AND %s AND lat BETWEEN %s AND %s
ORDER BY array_position(ARRAY['road', 'estate', 'poi'], kind), md5(code) LIMIT %s
"""
"""Roads first; among equals in the order of a digest, so that what is left over is spread over the box."""


def places(box: Box) -> list[dict[str, Any]]:
    """Names to read a map by, no single addresses: [{name, kind, lon, lat}], at most PLACES_AT_MOST."""
    west, south, east, north = box
    with connections[APP].cursor() as cursor:
        cursor.execute(_PLACES, [west, east, south, north, PLACES_AT_MOST])
        found = cursor.fetchall()
    return [{"name": name, "kind": kind, "lon": round(lon, 5), "lat": round(lat, 5)} for name, kind, lon, lat in found]


_BOUNDS = """
SELECT min(west), min(south), max(east), max(north) FROM data_division
WHERE valid_to IS NULL AND code COLLATE "C" >= %s AND code COLLATE "C" < %s
"""


def bounds(span: Span = EVERYWHERE) -> Box | None:
    """The box around every outline within `span`; around everything when none is known there, None when none at all."""
    with connections[APP].cursor() as cursor:
        for one in (span, EVERYWHERE):
            cursor.execute(_BOUNDS, [one.lo, one.hi])
            west, south, east, north = cursor.fetchone()
            if west is not None:
                return west, south, east, north
    return None


def version() -> int:
    """A number that changes when a pack is loaded."""
    return rows.PackVersion.objects.using(APP).order_by("-id").values_list("id", flat=True).first() or 0
