"""人群 the crowd: a million cases, and people of all four levels who look at them at the same time."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import UTC, datetime
from random import Random
from typing import Any

import numpy as np
from django.db import connections

from zhongshu.bench.laboratory import Lab, laboratory
from zhongshu.data import bench_rows
from zhongshu.hub.sense.normalise import normalise
from zhongshu.kernel.access import Viewer
from zhongshu.kernel.desk import Knowledge, Unit
from zhongshu.kernel.lifecycle import Role
from zhongshu.kernel.places import EVERYWHERE, Level

USERS = 16
THINKING = 0.25
"""Mean seconds between an answer and the next question of the same person: far faster than anybody reads."""
SEEDS = 5_000
"""Cases that truly travelled the road; the others are copies of these, moved in time and place."""
BATCH = 500

Ask = Callable[[], Any]
Timings = Mapping[str, list[float]]


@contextmanager
def crowded(count: int, open_share: float, seeds: int = SEEDS) -> Iterator[tuple[Lab, Knowledge]]:
    """A laboratory with about `count` cases, and the rules that they were made by."""
    with laboratory() as lab:
        hub = lab.hub()
        now = datetime.now(UTC)
        reports = [normalise(row, now) for row in lab.stream(seeds)]
        for first in range(0, len(reports), BATCH):
            hub.take_in(reports[first : first + BATCH])
        bench_rows.grow(count, open_share)
        yield lab, hub.tools.knowledge


def people(knowledge: Knowledge, users: int = USERS) -> list[Viewer]:
    """People of the city, a district, streets and communities in turn, the busiest places first."""
    found: dict[Level, list[Unit]] = {level: [] for level in Level}
    for unit in knowledge.units.values():
        found[unit.level].append(unit)
    for level in (Level.STREET, Level.COMMUNITY):
        busy = bench_rows.crowded_places(knowledge.scheme.lengths[level - 1], users)
        rank = {prefix: n for n, prefix in enumerate(busy)}
        found[level].sort(key=lambda unit: rank.get(knowledge.scheme.prefix(unit.place, unit.level), users))
    return [
        _person(knowledge, units[n // 4 % len(units)], n) for n in range(users) for units in [found[Level(n % 4 + 1)]]
    ]


def _person(knowledge: Knowledge, unit: Unit, number: int) -> Viewer:
    span = EVERYWHERE if unit.level is Level.CITY else knowledge.scheme.span(unit.place)
    roles = frozenset({Role.HANDLER, Role.OPERATOR, Role.CHECKER})
    return Viewer(f"{unit.code}-{number}", unit.name, unit.code, unit.level, unit.place, span, roles, number + 1)


def look(asks: Sequence[Sequence[tuple[str, Ask]]], rounds: int) -> Timings:
    """Every person asks their own questions in a random order, `rounds` times over, all people at once; seconds."""

    def one(person: int) -> list[tuple[str, float]]:
        dice = Random(person)
        spent = []
        for number in range(rounds + 1):
            for kind, ask in dice.sample(asks[person], len(asks[person])):
                time.sleep(dice.expovariate(1 / THINKING))
                began = time.perf_counter()
                ask()
                if number:
                    spent.append((kind, time.perf_counter() - began))
        connections.close_all()
        return spent

    timings: dict[str, list[float]] = {}
    with ThreadPoolExecutor(len(asks)) as pool:
        for spent in pool.map(one, range(len(asks))):
            for kind, seconds in spent:
                timings.setdefault(kind, []).append(seconds)
    return timings


def every(timings: Timings) -> dict[str, float]:
    """Milliseconds: the 95th percentile and the median of all questions."""
    asked = [seconds for spent in timings.values() for seconds in spent]
    return {"p95_ms": percentile(asked, 95, 1000), "p50_ms": percentile(asked, 50, 1000)}


def percentiles(timings: Timings) -> dict[str, float]:
    """The same of all questions, and the 95th percentile of each kind."""
    return {
        **every(timings),
        **{f"p95_ms_{kind}": percentile(spent, 95, 1000) for kind, spent in sorted(timings.items())},
    }


def percentile(values: Sequence[float], share: int, scale: int = 1) -> float:
    """That percentile of at least one value, times `scale`."""
    return round(scale * float(np.percentile(values, share)), 2)
