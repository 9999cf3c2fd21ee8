"""地图实测 bench `map`: tiles of a million open cases and as many components, for people of all levels at once, and how
smoothly a browser moves among them."""

from __future__ import annotations

import time
from random import Random

from zhongshu.bench.crowd import SEEDS, USERS, Ask, crowded, every, look, people, percentiles
from zhongshu.bench.moving import moved
from zhongshu.bench.result import Result, libraries, machine
from zhongshu.bench.screens import desks
from zhongshu.data import bench_rows
from zhongshu.kernel.access import Viewer

FULL, QUICK = 1_000_000, 100_000
ZOOMS = range(6, 19)
DESKS, WALKS = 8, 3
EACH = 3
"""Tiles of each zoom that a person looks at, around points where cases are."""


def _asks(viewer: Viewer, points: list[tuple[float, float]], dice: Random) -> list[tuple[str, Ask]]:
    from zhongshu.data import map_assets, maps
    from zhongshu.screen.tiles import encode

    asks: list[tuple[str, Ask]] = []
    for z in ZOOMS:
        for lon, lat in dice.sample(points, EACH):
            x, y = maps.tile_of(z, lon, lat)
            asks.append((f"z{z:02}", lambda z=z, x=x, y=y: encode(maps.spots(viewer, z, x, y), z, x, y)))  # type: ignore[misc]
            part = f"components_z{z:02}"
            asks.append((part, lambda z=z, x=x, y=y: encode(map_assets.spots(viewer, (z, x, y)), z, x, y)))  # type: ignore[misc]
    return asks


def run(quick: bool) -> Result:
    """A million open cases (quick: 100,000); tiles of zooms 6 to 18 where the cases are."""
    count, rounds = (QUICK, 1) if quick else (FULL, 2)
    with crowded(count, 1.0, SEEDS // 5 if quick else SEEDS) as (lab, knowledge):
        from zhongshu.data import map_assets  # its tables are there once the laboratory is

        objects = bench_rows.components(count)
        began = time.perf_counter()
        map_assets.forget()
        held = map_assets.read()
        reading = time.perf_counter() - began
        points = bench_rows.some_points(1000)
        asks = [_asks(viewer, points, Random(n)) for n, viewer in enumerate(people(knowledge))]
        timings = look(asks, rounds)
        biggest = max(len(ask()) for ask in [ask for own in asks[:4] for _, ask in own])
        began = time.perf_counter()
        bench_rows.every_open_point()
        plain = time.perf_counter() - began
        with desks(lab, DESKS) as (address, _, enrolled):
            chief = next(one.session for one in enrolled if (one.role, one.level) == ("chief", 1))
            seen = moved(address, chief, 1 if quick else WALKS)
    tiles = sum(map(len, timings.values()))
    ours = {kind: spent for kind, spent in timings.items() if kind.startswith("components")}
    apart = {"components_p95_ms": percentiles(ours)["p95_ms"], "components_read_ms": round(1000 * reading)}
    arrays = (held.codes, held.x, held.y, held.wrong, held.id)
    apart["components_mb"] = round(sum(one.nbytes for one in arrays) / 2**20, 1)
    return Result(
        bench="map",
        machine=machine(),
        versions=libraries("django", "psycopg"),
        size={
            "open_cases": count,
            "objects": objects,
            "users": USERS,
            "tiles": tiles,
            "quick": quick,
        },
        # What a reader asks first comes first: tiles at the server, frames in the browser, then each kind of tile.
        figures={
            **every(timings),
            **seen,
            **percentiles(timings),
            **apart,
            "biggest_tile_kb": round(biggest / 1024, 1),
        },
        baseline={"read_every_open_case_ms": round(1000 * plain)},
    )
