"""回流实测 bench `return`: the broken flow found, nobody else accused; rows a second; counts that give nobody away."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import numpy as np

from zhongshu.bench.laboratory import Lab, laboratory
from zhongshu.bench.result import Result, libraries, machine
from zhongshu.cities.demo import content, returns
from zhongshu.data.returning.blocks import Block, bounds, suppress
from zhongshu.data.returning.rates import Broken, Entry, Flow, broken, dues
from zhongshu.data.sharing import audit, reading, zone
from zhongshu.data.sharing.reading import Cut
from zhongshu.hub.resources import returns as taking
from zhongshu.kernel.access import Viewer
from zhongshu.kernel.lifecycle import Role
from zhongshu.kernel.places import Level, Scheme

NOW = datetime(2026, 6, 20, 4, tzinfo=UTC)
SCHEME = Scheme((4, 6, 9, 12))
SHAPES = {"full": (11, 16, 16), "quick": (1, 20, 11)}
"""Districts, streets in each, communities in each: full is a city of 2,816 communities."""
SEEDS = {"full": 50, "quick": 10}
ROWS = {"full": 200_000, "quick": 20_000}
TABLES = {"full": 500, "quick": 60}
FLOW = "D02"


def communities(shape: tuple[int, int, int]) -> list[str]:
    """Codes of a made-up city."""
    districts, streets, each = shape
    return [
        f"9901{d:02}{s:03}{c:03}"
        for d in range(1, districts + 1)
        for s in range(1, streets + 1)
        for c in range(1, each + 1)
    ]


def _above(place: str) -> Sequence[str]:
    return [f"{place[:4]:0<12}", f"{place[:6]:0<12}", f"{place[:9]:0<12}", place]


def flows() -> list[Flow]:
    """The demo city's flows."""
    return [
        Flow(
            row["code"],
            row["name"],
            row["direction"],
            row["unit"],
            row["dataset"],
            tuple(row["items"].split(";")),
            row["cycle"],
            row["how"],
            int(row["within_days"] or 0),
            tuple(row["answers"].split(";")) if row["answers"] else (),
        )
        for row in content.rows("flows.csv")
    ]


def told(places: Sequence[str], seed: int, stopped: bool) -> tuple[dict[str, Any], list[Entry]]:
    """What is planted, and a history as the ledger would hold it; without a stop when not `stopped`."""
    truth = returns.plant(places, seed)
    given = truth if stopped else {**truth, "flow": ""}
    moved = returns.history(content.rows("flows.csv"), places, NOW, given, seed)
    return truth, [Entry(one.flow, place, one.period, one.at, n) for one in moved for place, n in one.places.items()]


def _accused(places: Sequence[str], seed: int, stopped: bool) -> tuple[dict[str, Any], list[Broken]]:
    truth, entries = told(places, seed, stopped)
    return truth, broken(dues(flows(), entries, taking.midnight), NOW, _above)


def detection(places: Sequence[str], seeds: int) -> dict[str, float]:
    """Share of planted stops found at their street, others accused beside them, and anybody accused where none is."""
    found = others = clean = 0
    began = time.perf_counter()
    for seed in range(seeds):
        truth, named = _accused(places, seed, True)
        right = [one for one in named if (one.flow, one.place) == (truth["flow"], truth["place"])]
        found += bool(right)
        others += len(named) - len(right)
        clean += len(_accused(places, seed, False)[1])
    seconds = (time.perf_counter() - began) / (2 * seeds)
    return {
        "found": round(found / seeds, 3),
        "false_accusations": others + clean,
        "looks": 2 * seeds,
        "seconds_per_look": round(seconds, 2),
    }


def _people(count: int, places: Sequence[str]) -> Iterator[zone.Raw]:
    for n in range(count):
        identity = f"{110101_1980_0101_0000 + n}"
        place = places[n % len(places)]
        row = {"id_number": identity, "name": "欧阳示范", "phone": "13800000000", "place": place}
        yield identity, place, identity, row


def viewer(place: str) -> Viewer:
    """Somebody in a unit at a place."""
    span = SCHEME.span(place)
    roles = frozenset({Role.HANDLER})
    return Viewer("bench", "", f"{place}-bench", SCHEME.level(place), place, span, roles, 1)


def speed(lab: Lab, count: int) -> tuple[dict[str, float], dict[str, float]]:
    """Rows a second of one street's whole table, page by page, each row masked and logged; beside plain reading."""
    from zhongshu.data import bench_rows, packs

    names = packs.knowledge().names
    scheme = packs.scheme(packs.about())
    places = [code for code in names if scheme.level(code) is Level.COMMUNITY]
    district = next(code for code in names if scheme.level(code) is Level.DISTRICT)
    landed = zone.bring("social_insurance", _people(count, places), NOW)
    hub = lab.hub()
    who = replace(viewer(district), span=scheme.span(district), level=Level.DISTRICT)
    taken, cut, began = 0, Cut(size=reading.MOST), time.perf_counter()
    while rows := taking.take(hub.desk, who, FLOW, cut, "table").rows:
        taken += len(rows)
        cut = Cut(rows[-1]["place"], rows[-1]["key"], size=reading.MOST)
    seconds = time.perf_counter() - began
    began = time.perf_counter()
    plain = bench_rows.zone("social_insurance")
    bare = time.perf_counter() - began
    began = time.perf_counter()
    tampered = sum(1 for _ in audit.verify())
    figures = {
        "rows_per_s": round(taken / seconds),
        "rows": taken,
        "land_rows_per_s": round(landed.rows / landed.seconds),
        "audit_seconds": round(time.perf_counter() - began, 2),
        "audit_breaks": tampered,
    }
    return figures, {"plain_rows_per_s": round(plain / bare)}


def _pinned(block: Block) -> int:
    """Small cells of which somebody who sees everything that is told can say that they are small, or what they are."""
    held = np.argwhere(~block.shown & (block.counts < block.k)).tolist()
    known = (block.shown, block.rows_told, block.columns_told)
    found = [bounds(block.counts, *known, (i, j)) for i, j in held]
    return sum(high < block.k - 1e-6 or high - low < 1 - 1e-6 for low, high in found)


def anonymity(tables: int) -> tuple[dict[str, float], dict[str, float]]:
    """Cells that an attack pins in random tables of places by values; beside suppression of small cells alone."""
    random = np.random.default_rng(809)
    small = beside = pinned = plainly = 0
    for _ in range(tables):
        shape = random.integers(3, 12), random.integers(2, 6)
        counts = random.negative_binomial(1, 0.03, shape).astype(np.int64)
        block = suppress(counts.tolist())
        small, beside = small + block.small, beside + block.beside
        pinned += _pinned(block)
        bare = replace(block, shown=(counts == 0) | (counts >= block.k))
        plainly += _pinned(replace(bare, rows_told=counts.sum(1) >= 0, columns_told=counts.sum(0) >= 0))
    figures = {"k_pinned": pinned, "k_holds": float(pinned == 0), "k_small": small, "k_beside": beside}
    return figures, {"primary_only_pinned": plainly}


def run(quick: bool) -> Result:
    """2,816 communities, 50 histories with a stop and 50 without, 200,000 rows, 500 tables; quick: smaller."""
    size = "quick" if quick else "full"
    places = communities(SHAPES[size])
    figures = detection(places, SEEDS[size])
    with laboratory(school=False) as lab:
        fast, plain = speed(lab, ROWS[size])
    safe, bare = anonymity(TABLES[size])
    return Result(
        bench="return",
        machine=machine(),
        versions=libraries("numpy", "scipy"),
        size={"communities": len(places), "flows": len(flows()), "months": returns.MONTHS, "quick": quick},
        figures={**figures, **fast, **safe},
        baseline={**plain, **bare},
    )
