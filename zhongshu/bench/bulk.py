"""批量实测 bench `bulk`: many reports down the whole road, taken in by one process while a runner works in another."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path

import orjson
import psutil

from zhongshu.bench.laboratory import Lab, laboratory
from zhongshu.bench.result import Result, libraries, machine
from zhongshu.data import measures, queue
from zhongshu.hub.hub import Hub
from zhongshu.hub.sense.normalise import Intake, normalise

FULL, QUICK = 200_000, 12_000
BATCH = 500
AHEAD = 5_000
"""Reports that may wait in the queue: a client that is told to slow down, as a real one would be."""
PAUSE = 0.5
"""Seconds between two looks at the queue, which is seconds long: looking costs the database time too."""
SEEN_AGAIN = 50
"""Every this manieth batch is sent twice, as a client does that lost the answer."""


class Memory(threading.Thread):
    """Resident megabytes of some processes: at first, and the most that was seen."""

    def __init__(self, processes: Sequence[psutil.Process]) -> None:
        super().__init__(daemon=True)
        self._processes, self._done = processes, threading.Event()
        self.first = self.most = self._now()

    def _now(self) -> float:
        return sum(process.memory_info().rss for process in self._processes) / 2**20

    def run(self) -> None:
        while not self._done.wait(0.5):
            self.most = max(self.most, self._now())

    def stop(self) -> float:
        """Megabytes of growth."""
        self._done.set()
        self.join()
        return self.most - self.first


def _written(lab: Lab, count: int) -> Path:
    """A file of NDJSON, made before the clock runs: to think up reports is the citizens' work, not the intake's."""
    path = lab.settings.home_path / "reports.ndjson"
    with path.open("wb") as file:
        file.writelines(orjson.dumps(row, option=orjson.OPT_APPEND_NEWLINE) for row in lab.stream(count))
    return path


def _batches(path: Path) -> Iterator[list[Intake]]:
    now = datetime.now(UTC)
    with path.open("rb") as file:
        while batch := [normalise(orjson.loads(line), now) for line in islice(file, BATCH)]:
            yield batch


def _feed(hub: Hub, batches: Iterator[list[Intake]]) -> int:
    """Accept everything, never far ahead of the runner; returns how many keys were seen again."""
    known = 0
    for number, batch in enumerate(batches):
        while queue.waiting() > AHEAD:
            time.sleep(PAUSE)
        hub.accept(batch)
        if number % SEEN_AGAIN == 0:
            known += sum(not receipt.new for receipt in hub.accept(batch))
    return known


def run(quick: bool) -> Result:
    """200,000 reports of a district's stream (quick: 12,000); done when the last one is on its desk."""
    count = QUICK if quick else FULL
    with laboratory() as lab:
        hub = lab.hub()
        batches = _batches(_written(lab, count))
        runner = lab.run("runner")
        try:
            _feed(hub, islice(batches, 4))
            while queue.waiting():
                time.sleep(PAUSE)
            memory = Memory([psutil.Process(), psutil.Process(runner.pid)])
            memory.start()
            spent = [measures.cpu_seconds(each) for each in _groups(runner.pid)]
            began = time.perf_counter()
            known = _feed(hub, batches)
            accepted = time.perf_counter() - began
            while queue.waiting():
                time.sleep(PAUSE)
            seconds = time.perf_counter() - began
            cpu = [measures.cpu_seconds(each) - before for each, before in zip(_groups(runner.pid), spent, strict=True)]
            growth = memory.stop()
        finally:
            runner.terminate()
            runner.wait(timeout=30)
        counted = count - 4 * BATCH
        figures = {
            "reports_per_s": round(counted / seconds),
            "rss_mb_growth": round(growth, 1),
            "rss_mb": round(memory.most, 1),
            "accepted_per_s": round(counted / accepted),
            **_each(cpu, counted),
            **measures.census(),
            "keys_seen_again": known,
        }
        plain = {"copy_rows_per_s": round(measures.plain_copy(lab.url))}
    return Result(
        bench="bulk",
        machine=machine(),
        versions=libraries("psycopg", "orjson"),
        size={"reports": counted, "batch": BATCH, "quick": quick},
        figures=figures,
        baseline=plain,
    )


def _groups(runner: int) -> list[list[psutil.Process]]:
    return [[psutil.Process()], [psutil.Process(runner)], measures.server_processes()]


def _each(cpu: Sequence[float], count: int) -> dict[str, float]:
    names = ("intake_cpu_us", "runner_cpu_us", "postgres_cpu_us")
    return {name: round(1e6 * spent / count) for name, spent in zip(names, cpu, strict=True)}
