"""点落格实测 bench `locate`: points found per second among irregular areas, against shapely's STRtree alone."""

from __future__ import annotations

import time

import numpy as np
import shapely
from numpy.typing import NDArray
from scipy.spatial import Voronoi

from zhongshu.bench.result import Result, libraries, machine
from zhongshu.hub.judge.atlas import Atlas

_CENTRE = (113.3, 23.1)
_WIDTH = 1.0
_HALVINGS = 3
_WIGGLE = 0.12


def _edge(start: NDArray[np.float64], end: NDArray[np.float64], random: np.random.Generator) -> NDArray[np.float64]:
    """A crooked line from start to end: halved three times, each middle pushed sideways; shape (9, 2)."""
    line = np.stack([start, end])
    for _ in range(_HALVINGS):
        step = line[1:] - line[:-1]
        push = random.uniform(-_WIGGLE, _WIGGLE, (len(step), 1))
        middle = (line[1:] + line[:-1]) / 2 + push * step[:, ::-1] * (1, -1)
        mixed = np.empty((len(line) + len(middle), 2))
        mixed[::2], mixed[1::2] = line, middle
        line = mixed
    return line


def irregular_areas(count: int, seed: int = 1) -> list[shapely.Polygon]:
    """About `count` neighbouring areas that share crooked edges: a seeded Voronoi diagram, edges jittered once each."""
    random = np.random.default_rng(seed)
    # Sites beyond the frame close every cell inside it.
    margin = 1 + 4 / np.sqrt(count)
    sites = random.uniform(-_WIDTH / 2 * margin, _WIDTH / 2 * margin, (int(count * margin**2), 2)) + _CENTRE
    cells = Voronoi(sites)
    lines: dict[tuple[int, int], NDArray[np.float64]] = {}
    areas = []
    for site, region in enumerate(cells.point_region):
        corners = cells.regions[region]
        if -1 in corners or np.abs(sites[site] - _CENTRE).max() > _WIDTH / 2:
            continue
        ring = [
            _shared(lines, cells.vertices, pair, random)[:-1]
            for pair in zip(corners, [*corners[1:], corners[0]], strict=True)
        ]
        areas.append(shapely.Polygon(np.concatenate(ring)))
    return [area for area in areas if area.is_valid]


def _shared(
    lines: dict[tuple[int, int], NDArray[np.float64]],
    vertices: NDArray[np.float64],
    pair: tuple[int, int],
    random: np.random.Generator,
) -> NDArray[np.float64]:
    """The same crooked line for both neighbours, in the direction asked for."""
    low, high = min(pair), max(pair)
    if (low, high) not in lines:
        lines[low, high] = _edge(vertices[low], vertices[high], random)
    return lines[low, high] if pair[0] == low else lines[low, high][::-1]


def _rate(count: int, seconds: float) -> float:
    return round(count / seconds)


def run(quick: bool) -> Result:
    """Measure on 20,000 areas (quick: the same areas, fewer points); every answer is checked against the baseline."""
    points = 500_000 if quick else 5_000_000
    areas = irregular_areas(20_000)
    began = time.perf_counter()
    atlas = Atlas([str(i) for i in range(len(areas))], areas)
    built = time.perf_counter() - began
    random = np.random.default_rng(2)
    lon, lat = (random.uniform(-_WIDTH / 2, _WIDTH / 2, points) + middle for middle in _CENTRE)
    atlas.find(lon[:1000], lat[:1000])
    began = time.perf_counter()
    found = atlas.find(lon, lat)
    seconds = time.perf_counter() - began
    some = min(points, 500_000)
    tree = shapely.STRtree(areas)
    began = time.perf_counter()
    which, area = tree.query(shapely.points(lon[:some], lat[:some]), predicate="intersects")
    alone = time.perf_counter() - began
    truth = np.full(some, len(areas), np.int64)
    np.minimum.at(truth, which, area)
    truth[truth == len(areas)] = -1
    began = time.perf_counter()
    for i in range(2000):
        atlas.find(lon[i], lat[i])
    single = (time.perf_counter() - began) / 2000
    return Result(
        bench="locate",
        machine=machine(),
        versions=libraries("numpy", "shapely", "scipy"),
        size={"areas": len(areas), "points": points, "quick": quick},
        figures={
            "points_per_s": _rate(points, seconds),
            "build_s": round(built, 2),
            "single_us": round(single * 1e6, 1),
            "equal_to_baseline": float((truth == found[:some]).mean()),
        },
        baseline={"shapely_strtree_points_per_s": _rate(some, alone)},
    )
