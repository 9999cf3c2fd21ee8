"""时限实测 bench `clocks`: a million open clocks, of which a known few are due: advancing wakes exactly these."""

from __future__ import annotations

import random
import time
from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from zhongshu.bench.crowd import crowded
from zhongshu.bench.result import Result, libraries, machine
from zhongshu.data import bench_clocks
from zhongshu.kernel.clocks import begin
from zhongshu.kernel.desk import Knowledge
from zhongshu.kernel.errors import Unavailable

FULL, QUICK = 1_000_000, 100_000
STRIDE = 397
"""Every this manieth clock is due: of a million that run two days each, what falls due in seven minutes."""
TEMPLATES = 40
"""Different clocks of each name and kind; every row is one that the calendar itself would have made."""
LIMITS = {"sign": 210, "contact": 1440, "handle": 2100, "overall": 6300}
MARGIN = timedelta(hours=1)
"""No clock becomes due by itself while the bench runs."""


def _clocks(
    knowledge: Knowledge, name: str, now: datetime, dice: random.Random
) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """(kind, clock) of clocks that began at some moment of the last forty days."""
    rule = knowledge.clocks[name]
    calendar = knowledge.calendar(rule.calendar)
    while True:
        start = now - timedelta(seconds=dice.randrange(40 * 86400))
        clock = begin(rule, start, LIMITS[name], calendar)
        wake, due = (datetime.fromisoformat(clock[end]) for end in ("wake_at", "due_at"))
        if wake > now + MARGIN:
            yield "waiting", clock
        elif due < now - MARGIN:
            yield "overdue", clock
        elif wake < now - MARGIN and due > now + MARGIN:
            yield "nearly", clock


def templates(knowledge: Knowledge, now: datetime) -> dict[str, list[Mapping[str, Any]]]:
    """Equally many clocks of each kind and name, names in turn."""
    dice = random.Random(7)
    held: dict[tuple[str, str], list[Mapping[str, Any]]] = {}
    kinds = ("waiting", "nearly", "overdue")
    for name in bench_clocks.NAMES:
        for kind, clock in _clocks(knowledge, name, now, dice):
            found = held.setdefault((kind, name), [])
            if len(found) < TEMPLATES:
                found.append(clock)
            if all(len(held.get((each, name), ())) == TEMPLATES for each in kinds):
                break
    return {kind: [held[kind, name][n] for n in range(TEMPLATES) for name in bench_clocks.NAMES] for kind in kinds}


def _recount(knowledge: Knowledge, now: datetime) -> int:
    """The plain way: read every running clock and reckon by its calendar whether it is nearly overdue or overdue."""
    shares = {name: rule.nearly or 1.0 for name, rule in knowledge.clocks.items()}
    return sum(
        knowledge.calendar(calendar).due(start, minutes * (1.0 if told else shares[name])) < now
        for name, start, minutes, calendar, told in bench_clocks.running()
    )


def _timed(work: Any, *given: Any) -> tuple[float, Any]:
    began = time.perf_counter()
    found = work(*given)
    return time.perf_counter() - began, found


def run(quick: bool) -> Result:
    """A million open clocks of 250,000 cases (quick: 100,000 of 25,000); Unavailable when a wrong one was woken."""
    count = QUICK if quick else FULL
    with crowded(count // len(bench_clocks.NAMES), open_share=1.1, seeds=500) as (lab, knowledge):
        hub = lab.hub()
        while hub.advance():
            continue
        now = datetime.now(UTC)
        made = bench_clocks.grow(templates(knowledge, now), STRIDE)
        due = bench_clocks.due(now)
        beside = bench_clocks.digest(due)
        scan, scanned = _timed(bench_clocks.scan, now)
        plain, recounted = _timed(_recount, knowledge, now)
        newest = bench_clocks.newest_fact()
        seconds, woken = _timed(hub.advance)
        facts = bench_clocks.told(newest)
        rest, _ = _timed(hub.advance)
        said = _checked(due, facts, bench_clocks.digest(due) == beside)
    return Result(
        bench="clocks",
        machine=machine(),
        versions=libraries("django", "psycopg", "orjson"),
        size={"clocks": made, "cases": made // len(bench_clocks.NAMES), "quick": quick},
        figures={"seconds": round(seconds, 2), "due": woken, **said, "quiet_ms": round(1000 * rest, 1)},
        baseline={
            "recount_every_clock_s": round(plain, 2),
            "recounted_due": recounted,
            "scan_without_index_ms": round(1000 * scan, 1),
            "scanned_due": scanned,
        },
    )


def _checked(due: set[str], facts: list[tuple[str, str]], untouched: bool) -> Mapping[str, int]:
    """How many facts of each kind; Unavailable unless exactly the due clocks were told, once each, and no other row
    changed."""
    woken = [clock for kind, clock in facts if kind != "Escalated"]
    if sorted(woken) != sorted(due) or not untouched:
        raise Unavailable(f"{len(due)} clocks were due, {len(woken)} were told; others untouched: {untouched}")
    kinds = Counter(kind for kind, _ in facts)
    return {
        "nearly_overdue": kinds["NearlyOverdue"],
        "overdue": kinds["Overdue"],
        "escalated": kinds["Escalated"],
        "others_changed": 0,
    }
