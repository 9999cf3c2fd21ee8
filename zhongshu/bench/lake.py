"""数据湖实测 bench `lake`: a month of observations: what screens ask, from sums; what nobody foresaw, from rows."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from statistics import median
from typing import Any

import numpy as np
import pyarrow as pa
from django.db import transaction
from numpy.typing import NDArray

from zhongshu.bench.laboratory import laboratory
from zhongshu.bench.result import Result, libraries, machine
from zhongshu.data import bench_lake, databases, intake
from zhongshu.data.lake import files, summing, tidying
from zhongshu.data.lake.asking import Answer, Asker
from zhongshu.data.lake.files import SCHEMAS
from zhongshu.data.lake.moving import Mover
from zhongshu.data.lake.place import DAY, HOUR, OBSERVATION, Lake, Part, begins
from zhongshu.data.lake.wanted import Wanted
from zhongshu.kernel.access import ROAD
from zhongshu.kernel.errors import Unavailable
from zhongshu.kernel.places import Scheme

SCHEME = Scheme((4, 6, 9, 12))
FIRST = date(2026, 9, 1)
SENSORS = 3
"""Sensors of one grid."""
EVERY = 1540
"""Seconds between two readings of one sensor: 56 a day."""
ROUNDS = 7
HOT, QUICK_HOT = 200_000, 20_000
"""Rows that are taken in and moved, to see how fast that is."""


@dataclass(frozen=True, slots=True)
class Month:
    """一个月: `days` days of `districts` districts with `grids` grids each."""

    days: int
    districts: int
    grids: int

    @property
    def start(self) -> datetime:
        return begins(FIRST)

    @property
    def end(self) -> datetime:
        return begins(FIRST + self.days * DAY)


FULL, QUICK = Month(30, 16, 1250), Month(4, 4, 250)


class District:
    """一个区: its sensors, and what they say on a day. The same seed, the same readings."""

    def __init__(self, number: int, grids: int) -> None:
        self.number, self.code = number, f"9901{number + 1:02d}000000"
        each = 86_400 // EVERY
        names = [f"{self.code[:6]}{1 + n // 50:03d}{1 + n % 50:03d}" for n in range(grids)]
        of_row = np.repeat(np.arange(grids), SENSORS * each)
        sensors = [f"{self.code[:6]}-{n:06d}" for n in range(grids * SENSORS)]
        count = grids * SENSORS
        self._fixed = {
            "sensor": pa.array(sensors).take(pa.array(np.repeat(np.arange(count), each))),
            "district": pa.repeat(self.code, count * each),
            "place": pa.array(names).take(pa.array(of_row)),
            "grid": pa.array([f"{name}-1" for name in names]).take(pa.array(of_row)),
        }
        self._steps = np.tile(np.arange(each, dtype=np.int64) * EVERY, count)
        self._count, self._each = count, each

    def day(self, day: date) -> pa.Table:
        dice = np.random.default_rng([day.toordinal(), self.number])
        first = np.repeat(dice.integers(0, EVERY, self._count), self._each)
        seconds: NDArray[np.int64] = self._steps + first
        level = 20 + 8 * np.sin(seconds / 86_400 * 2 * np.pi) + dice.normal(0, 2, len(seconds))
        start = int(begins(day).timestamp())
        moments = pa.array((start + seconds) * 1_000_000, pa.timestamp("us"))
        given = {**self._fixed, "at": moments, "value": pa.array(np.round(level, 1))}
        return pa.table({name: given[name] for name in SCHEMAS[OBSERVATION].names}).cast(SCHEMAS[OBSERVATION])


def fill(mover: Mover, month: Month) -> int:
    """The month as files of the lake, listed and summed; how many observations."""
    districts = [District(n, month.grids) for n in range(month.districts)]
    count = 0
    for day in (FIRST + n * DAY for n in range(month.days)):
        written: dict[files.Written, list[int]] = {}
        for district in districts:
            rows = district.day(day)
            count += rows.num_rows
            for table, found in ((OBSERVATION, rows), (HOUR, files.ordered(summing.hourly(rows), HOUR))):
                written[_laid(mover, Part(table, day, district.code), found)] = []
        mover.tell(day, "", written)
    tidying.recount(mover)
    return count


def _laid(mover: Mover, part: Part, rows: pa.Table) -> files.Written:
    """As `files.write`, without waiting for the disk: rows come in order, and nothing is deleted for them."""
    number, place = mover.ids.take(), Path(part.table) / part.day.isoformat() / part.district
    (mover.lake.folder / place).mkdir(parents=True, exist_ok=True)
    path = mover.lake.folder / place / f"{number}.parquet"
    files.lay(rows, path)
    return files.Written(number, part, str(place / path.name), rows.num_rows, path.stat().st_size, files.digest(path))


def _timed(work: Callable[[], Any], rounds: int = ROUNDS) -> tuple[list[float], Any]:
    found = work()
    seconds = []
    for _ in range(rounds):
        began = time.perf_counter()
        found = work()
        seconds.append(time.perf_counter() - began)
    return seconds, found


def screens(month: Month) -> dict[str, Wanted]:
    """What screens ask for."""
    middle = FIRST + month.days // 2 * DAY
    grid = f"{District(0, 1).code[:6]}001001-1"
    return {
        "day_by_grid": Wanted(begins(middle), begins(middle + DAY), ("grid",)),
        "district_by_hour": Wanted(month.start, month.end, ("district", "hour")),
        "grid_by_hour": Wanted(month.start, month.end, ("hour",), grid=grid),
    }


def _free(asker: Asker, month: Month) -> dict[str, float]:
    """Single rows asked through us and directly, in turn."""
    wanted = screens(month)["district_by_hour"]
    paths = list(asker.source(wanted, "rows").cold)
    direct = bench_lake.plainly(paths, month.start, month.end)
    ours, plain = asker.ask(wanted, "rows"), direct()
    if ours.rows.select(["district", "hour", "n"]) != plain.select(["district", "hour", "n"]):
        raise Unavailable("the lake and DuckDB don't count the same")
    took = [(_once(lambda: asker.ask(wanted, "rows")), _once(direct)) for _ in range(ROUNDS)]
    # The fastest of each: whatever else the machine does only ever adds.
    mine, theirs = (min(column) for column in zip(*took, strict=True))
    return {"free_s": mine, "direct_s": theirs, "ratio": mine / theirs}


def _once(work: Callable[[], Any]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def _same(quick: Answer, rows: Answer) -> None:
    """Unavailable when sums and single rows say something else: counts exactly, totals up to rounding."""
    exact = [name for name in quick.rows.column_names if name != "total"]
    near = np.allclose(quick.rows["total"].to_numpy(), rows.rows["total"].to_numpy(), rtol=1e-9)
    if quick.rows.select(exact) != rows.rows.select(exact) or not near:
        raise Unavailable(f"sums ({quick.grain}) and single rows differ")


def _readings(count: int) -> Iterator[list[dict[str, Any]]]:
    """Observations of the day before the month, as they come in: some thousands at a time."""
    rows = District(0, 1250).day(FIRST - DAY).slice(0, count).to_pylist()
    for n in range(0, len(rows), 5000):
        yield [{**row, "at": row["at"].replace(tzinfo=UTC)} for row in rows[n : n + 5000]]


def _moving(mover: Mover, count: int) -> dict[str, float]:
    batches = list(_readings(count))
    began = time.perf_counter()
    for batch in batches:
        with transaction.atomic(using=databases.ROAD):
            intake.save_observations(batch, SCHEME)
    taken = time.perf_counter() - began
    began = time.perf_counter()
    moved = tidying.run(mover).moved
    return {"taken_per_s": count / taken, "moved_per_s": moved / (time.perf_counter() - began)}


def run(quick: bool) -> Result:
    """A hundred million observations of thirty days over 20,000 grids (quick: 0.7 million)."""
    month = QUICK if quick else FULL
    with laboratory(school=False, city=False) as lab:
        mover = Mover(Lake(lab.settings.home_path / "lake"), SCHEME, datetime.now(UTC))
        began = time.perf_counter()
        count = fill(mover, month)
        filled = time.perf_counter() - began
        asker = Asker(mover.lake, SCHEME, ROAD)
        figures: dict[str, float] = {}
        for name, wanted in screens(month).items():
            seconds, answer = _timed(lambda wanted=wanted: asker.ask(wanted))  # type: ignore[misc]
            figures[f"{name}_s"], rows = median(seconds), asker.ask(wanted, "rows")
            figures[f"{name}_rows_s"] = rows.seconds
            _same(answer, rows)
        free = _free(asker, month)
        moving = _moving(mover, QUICK_HOT if quick else HOT)
        size = sum(path.stat().st_size for path in mover.lake.folder.rglob("*.parquet"))
    cutting = {name: value for name, value in figures.items() if not name.endswith("_rows_s")}
    return Result(
        bench="lake",
        machine=machine(),
        versions=libraries("duckdb", "ibis-framework", "pyarrow"),
        size={
            "observations": count,
            "grids": month.districts * month.grids,
            "days": month.days,
            "files": 2 * month.days * month.districts,
            "mb": size // 1_000_000,
            "filled_s": round(filled),
            "quick": quick,
        },
        figures={
            "seconds": round(max(cutting.values()), 4),
            "ratio": round(free["ratio"], 3),
            **{name: round(value, 4) for name, value in cutting.items()},
            "free_s": round(free["free_s"], 3),
            **{name: round(value) for name, value in moving.items()},
        },
        baseline={
            "direct_s": round(free["direct_s"], 3),
            **{name: round(value, 3) for name, value in figures.items() if name.endswith("_rows_s")},
        },
    )
