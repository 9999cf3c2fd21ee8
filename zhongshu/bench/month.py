"""一个月实测 bench `month`: a whole month of the full-size demo city, lived through in one sitting.

About 78,000 contacts a day (28.4 million services a year), 30 % of which become work orders; the others are answered at
once and never travel. Reports, people's moves and clocks go through the hub as everybody's do.
Two processes share the city by streets and keep step hour by hour in the city's own time.
"""

from __future__ import annotations

import multiprocessing
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from multiprocessing.process import BaseProcess
from multiprocessing.queues import Queue
from multiprocessing.synchronize import Barrier
from pathlib import Path
from queue import Empty
from typing import Any

from zhongshu.bench.laboratory import Lab, laboratory, pointed_at
from zhongshu.bench.living import Living
from zhongshu.bench.result import Result, libraries, machine
from zhongshu.cities.demo.reports import reports
from zhongshu.cities.read import read
from zhongshu.data import measures
from zhongshu.hub.hub import Hub
from zhongshu.kernel.errors import Unavailable
from zhongshu.kernel.settings import Settings

CONTACTS, ORDERS = 78_000, 0.30
DAYS = 30
SHARES = 2
STEP = 3
"""Hours between two looks of people at their lists."""
QUICK_RATE, QUICK_DAYS = 60.0, 1


@dataclass(frozen=True, slots=True)
class Month:
    """What one process needs to live its share of the month."""

    url: str
    settings: Settings
    pack: Path
    start: datetime
    days: int
    rate: float
    share: int

    @property
    def end(self) -> datetime:
        return self.start + timedelta(days=self.days)


def _lives(month: Month, step: Barrier, told: Queue[tuple[int, int]]) -> None:
    """Live one share of the city from start to end; tells (reports, moves)."""
    with pointed_at(month.url, month.settings):
        from zhongshu.hub.loading import load_tools

        hub = Hub(lambda: load_tools(month.settings, Path(__file__).parent.parent / "scenarios"))
        living = Living.of(hub, seed=month.share)
        taken = made = 0
        for hour, batch in _hours(month):
            hub.clock = lambda hour=hour: hour  # type: ignore[misc]
            taken += living.report(batch, hour)
            if hour.hour % STEP == 0:
                made += living.work(STEP, (month.share, SHARES))
            step.wait()
            if month.share == 0:
                hub.advance()
            step.wait()
        told.put((taken, made))


def _share(division: str) -> int:
    """Which process a street belongs to; a case without a place belongs to the first."""
    return int(division[:9] or 0) % SHARES


def _hours(month: Month) -> Iterator[tuple[datetime, list[dict[str, Any]]]]:
    """(end of the hour, this share's reports within it) for every hour."""
    pack, _ = read(month.pack)
    stream = reports(pack, month.start, month.end, month.rate)
    held = next(stream, None)
    for n in range(month.days * 24):
        hour = month.start + timedelta(hours=n + 1)
        batch = []
        while held is not None and held["at"] <= hour:
            if _share(held["truth"]["division"]) == month.share:
                batch.append({name: value for name, value in held.items() if name != "truth"})
            held = next(stream, None)
        yield hour, batch


def _live_through(lab: Lab, days: int, rate: float) -> tuple[int, int]:
    """All shares at once; (reports taken in, moves made)."""
    start = datetime.now(UTC).replace(minute=0, second=0, microsecond=0) - timedelta(days=days)
    context = multiprocessing.get_context("spawn")
    step, told = context.Barrier(SHARES), context.Queue()
    months = [Month(lab.url, lab.settings, lab.pack, start, days, rate, share) for share in range(SHARES)]
    people = [context.Process(target=_lives, args=(month, step, told), daemon=True) for month in months]
    for one in people:
        one.start()
    try:
        found = [_told(told, people) for _ in people]
    finally:
        for one in people:
            one.terminate()
            one.join()
    return sum(taken for taken, _ in found), sum(made for _, made in found)


def _told(told: Queue[tuple[int, int]], people: Sequence[BaseProcess]) -> tuple[int, int]:
    """What the next share tells; Unavailable when one of them ended without a word."""
    while True:
        try:
            return told.get(timeout=5)
        except Empty:
            if any(one.exitcode for one in people):
                raise Unavailable("a process of the month has died; see what it printed") from None


def run(quick: bool) -> Result:
    """The full-size city's month (quick: one day of the small city, some 1,400 reports)."""
    days, rate = (QUICK_DAYS, QUICK_RATE) if quick else (DAYS, CONTACTS * ORDERS / 24)
    with laboratory(size="small" if quick else "city") as lab:
        counting = measures.count_statements()
        began = time.perf_counter()
        taken, made = _live_through(lab, days, rate)
        seconds = time.perf_counter() - began
        census = measures.census()
        weight = sum(measures.sizes().values())
        mean_ms, calls, text = _slowest() if counting else (-1.0, 0, "not counted")
        figures: dict[str, float] = {
            "seconds": round(seconds, 1),
            "reports_per_s": round(taken / seconds, 1),
            "facts_per_s": round(census["facts"] / seconds, 1),
            "moves": made,
            "database_mb": round(weight / 2**20),
            "bytes_per_case": round(weight / max(1, census["cases"])),
            "slowest_ms": mean_ms,
            "slowest_calls": calls,
            **census,
        }
        plain = {"copy_rows_per_s": round(measures.plain_copy(lab.url))}
    return Result(
        bench="month",
        machine=machine(),
        versions=libraries("psycopg"),
        size={"days": days, "work_orders_an_hour": rate, "quick": quick, "slowest_query": text},
        figures=figures,
        baseline=plain,
    )


def _slowest() -> tuple[float, int, str]:
    """(mean milliseconds, calls, statement) of the slowest among those that ran more than ten times."""
    said = [(spent / calls, calls, text) for text, (calls, spent) in measures.statements().items() if calls > 10]
    mean, calls, text = max(said)
    return round(mean, 2), calls, " ".join(text.split())[:300]
