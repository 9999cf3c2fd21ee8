"""铺格 outlines that tile: streets, communities and grids as irregular polygons without overlap or gap.

A district is broken into many small faces (a Voronoi net of jittered points, noded once with the outlines on a fixed
precision), and every area is a union of whole faces. So neighbours share their border vertex by vertex, on each level.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

PRECISION = 1e-6
"""Degrees, about 10 cm; also the decimals that are written."""

FACES = 6
"""Small faces in one grid: more make its border more crooked."""

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Shapes = NDArray[Any]


@dataclass(frozen=True, slots=True)
class Net:
    """The faces: polygons, a point inside each (n x 2, degrees), and the number of its district."""

    faces: Shapes
    points: Floats
    district: Ints


def scatter(outline: Any, count: int, rng: np.random.Generator) -> Floats:
    """About `count` points inside `outline`, on a jittered lattice: even, but nowhere regular."""
    west, south, east, north = outline.bounds
    flat = np.cos(np.radians((south + north) / 2))
    step = float(np.sqrt(outline.area * flat / count))
    xs, ys = np.arange(west, east + step, step / flat), np.arange(south, north + step, step)
    grid = np.stack(np.meshgrid(xs, ys), axis=-1).reshape(-1, 2)
    grid += rng.uniform(-0.48, 0.48, grid.shape) * (step / flat, step)
    shapely.prepare(outline)
    return np.asarray(grid[shapely.contains_xy(outline, grid[:, 0], grid[:, 1])])


def weave(outlines: Sequence[Any], grids: Sequence[int], rng: np.random.Generator) -> Net:
    """Break the outlines (which tile) into faces, about FACES for each of the `grids` of an outline."""
    lines = []
    for outline, count in zip(outlines, grids, strict=True):
        points = scatter(outline, count * FACES, rng)
        edges = shapely.voronoi_polygons(shapely.multipoints(points), extend_to=outline, only_edges=True)
        lines += [shapely.intersection(edges, outline), shapely.boundary(outline)]
    noded = shapely.union_all(lines, grid_size=PRECISION)
    faces = shapely.get_parts(shapely.polygonize(shapely.get_parts(noded)))
    points = shapely.get_coordinates(shapely.point_on_surface(faces))
    tree = shapely.STRtree(outlines)
    inside, which = tree.query(shapely.points(points), predicate="within")
    district = np.full(len(faces), -1)
    district[inside] = which
    kept = district >= 0
    return Net(faces[kept], points[kept], district[kept])


def deal(points: Floats, shares: Sequence[float], rng: np.random.Generator) -> Ints:
    """Give each point to one of the shares so that each gets its part of the points, all of them close together.

    Halves the cloud again and again across its longer axis, tilted a little; every share gets at least one point.
    Raises ValueError when there are fewer points than shares.
    """
    if len(points) < len(shares):
        raise ValueError(f"{len(points)} faces can't be dealt to {len(shares)} areas")
    weights = np.asarray(shares, dtype=float)
    flat = points * (np.cos(np.radians(points[:, 1].mean())), 1.0)
    owner = np.zeros(len(points), dtype=np.int64)
    stack = [(np.arange(len(points)), 0, len(weights))]
    while stack:
        members, first, last = stack.pop()
        if last - first == 1:
            owner[members] = first
            continue
        middle = (first + last) // 2
        part = weights[first:middle].sum() / weights[first:last].sum()
        cut = int(np.clip(round(len(members) * part), middle - first, len(members) - (last - middle)))
        order = members[np.argsort(_along(flat[members], rng), kind="stable")]
        stack += [(order[:cut], first, middle), (order[cut:], middle, last)]
    return owner


def _along(cloud: Floats, rng: np.random.Generator) -> Floats:
    """Position of each point along the cloud's longer axis, turned by a random few degrees."""
    centred = cloud - cloud.mean(axis=0)
    if len(cloud) > 2:
        _, axes = np.linalg.eigh(centred.T @ centred)
        x, y = axes[:, -1]
        # an eigenvector's sign differs between linear-algebra libraries; the seed must not
        x, y = (x, y) if (x, y) > (0, 0) else (-x, -y)
    else:
        x, y = 1.0, 0.0
    turn = rng.uniform(-0.4, 0.4)
    axis = (x * np.cos(turn) - y * np.sin(turn), x * np.sin(turn) + y * np.cos(turn))
    return np.asarray(centred @ axis)


def merge(shapes: Shapes, owner: Ints, count: int) -> Shapes:
    """The union of the shapes of each owner 0..count-1; the shapes must be a clean coverage."""
    order = np.argsort(owner, kind="stable")
    starts = np.searchsorted(owner[order], np.arange(count + 1))
    merged = [shapely.coverage_union_all(shapes[order[a:b]]) for a, b in zip(starts[:-1], starts[1:], strict=True)]
    return np.asarray(shapely.normalize([_plain(shape) for shape in merged]), dtype=object)


def _plain(shape: Any) -> Any:
    return shape.geoms[0] if shape.geom_type == "MultiPolygon" and len(shape.geoms) == 1 else shape
