"""问湖 asking the lake: the coarsest sums that can answer, else single rows; cold files and hot rows of one moment."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pyarrow as pa
from django.db import connections, transaction

from zhongshu.data.databases import APP
from zhongshu.data.lake import files, manifest, moving, summing, sums
from zhongshu.data.lake.cuts import Cut, columns_of
from zhongshu.data.lake.engines import DuckDB, Engine, Source, engine
from zhongshu.data.lake.files import SCHEMAS
from zhongshu.data.lake.place import FACT, HOUR, OBSERVATION, Lake, day_of
from zhongshu.data.lake.taking import columns
from zhongshu.data.lake.wanted import NAMES, Wanted
from zhongshu.data.viewing import viewing
from zhongshu.kernel.access import Viewer
from zhongshu.kernel.clocks import CITY_TIME
from zhongshu.kernel.errors import BadInput, Outdated
from zhongshu.kernel.places import EVERYWHERE, Level, Scheme, Span

HOURLY, DAILY = timedelta(hours=1), timedelta(days=1)
EVER, NEVER = datetime(1901, 1, 1, tzinfo=UTC), datetime(2199, 1, 1, tzinfo=UTC)
ZERO = datetime(1900, 1, 1)
ATTEMPTS = 3
EVERY = 2**62


@dataclass(frozen=True, slots=True)
class Answer:
    """答: the rows; of which sums ("day", "district", "hour") or single rows ("rows"); how many files and hot rows."""

    rows: pa.Table
    grain: str
    files: int
    hot: int
    seconds: float


@contextmanager
def moment(viewer: Viewer) -> Iterator[None]:
    """Everything read on the screens' connection inside is of one moment: no row moves between two looks."""
    with transaction.atomic(using=APP):
        with connections[APP].cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        with viewing(viewer):
            yield


@dataclass(frozen=True, slots=True)
class Asker:
    """提问者: the lake, how places are written, and on whose behalf."""

    lake: Lake
    scheme: Scheme
    viewer: Viewer
    engine: Engine | None = None

    def ask(self, wanted: Wanted, grain: str = "") -> Answer:
        """The answer, within the viewer's range; `grain` "rows" asks single rows although sums could answer."""
        began = time.perf_counter()
        wanted = self._within(wanted)
        grain = grain or self.grain(wanted)
        rows, source = self._asked(wanted, grain)
        taken = time.perf_counter() - began
        return Answer(columns_of(rows, wanted), grain, len(source.cold), source.hot.num_rows, taken)

    def single(self, wanted: Wanted, limit: int) -> pa.Table:
        """The single rows behind an answer, the oldest first; what it is cut by doesn't matter."""
        wanted = self._within(wanted)
        return self._asked(wanted, "rows", limit)[0]

    def everything(self, table: str, within: Span, limit: int | None) -> pa.Table:
        """The rows of a table, hot and cold, the oldest first. BadInput for one that the lake hasn't."""
        if table not in NAMES:
            raise BadInput(f"found table {table!r}, expected one of {', '.join(NAMES)} / 湖中没有这张表")
        wanted = Wanted(EVER, NEVER, ("day",), span=within, table=table)
        rows = self.single(wanted, EVERY if limit is None else limit)
        at = rows.schema.get_field_index("at")
        return rows.set_column(at, "at", rows["at"].cast(pa.timestamp("us", "UTC")))

    def _asked(self, wanted: Wanted, grain: str, limit: int = 0) -> tuple[pa.Table, Source]:
        """The answer and where it is from; asked again when a file was filed anew or erased meanwhile."""
        for _ in range(ATTEMPTS - 1):
            with suppress(Outdated):
                return self._once(wanted, grain, limit)
        return self._once(wanted, grain, limit)

    def _once(self, wanted: Wanted, grain: str, limit: int) -> tuple[pa.Table, Source]:
        source = self.source(wanted, grain)
        return self._engine().ask(Cut(source.table, wanted, limit), [source]), source

    def _within(self, wanted: Wanted) -> Wanted:
        ours, asked = self.viewer.span, wanted.span
        return replace(wanted, span=Span(max(ours.lo, asked.lo), min(ours.hi, asked.hi)))

    def say(self, statement: str) -> pa.Table:
        """What a SELECT in DuckDB's words finds in `observations` and `facts`: for whoever may see every row."""
        if self.viewer.span != EVERYWHERE:
            raise BadInput("a statement of one's own sees every row: the whole city only / 仅限全市范围使用")
        tables = [table for table in (OBSERVATION, FACT) if NAMES[table] in statement]
        wanted = [Wanted(EVER, NEVER, ("day",), table=table) for table in tables]
        return DuckDB().say(statement, [self.source(one, "rows") for one in wanted])

    def _engine(self) -> Engine:
        return self.engine or engine(self.lake.spark)

    def grain(self, wanted: Wanted) -> str:
        """The coarsest sums that hold the answer; "rows" when none do."""
        whole = _whole(wanted, DAILY), _whole(wanted, HOURLY)
        if wanted.table != OBSERVATION or wanted.sensor or "sensor" in wanted.by or not whole[1]:
            return "rows"
        if whole[0] and "hour" not in wanted.by:
            return "day"
        if not wanted.grid and not {"grid", "place"} & set(wanted.by) and self._whole_districts(wanted):
            return "district"
        return "hour"

    def _whole_districts(self, wanted: Wanted) -> bool:
        """Whether every district in question is seen as a whole."""
        span = self._within(wanted).span
        return span == EVERYWHERE or len(span.lo) <= self.scheme.lengths[Level.DISTRICT - 1]

    def source(self, wanted: Wanted, grain: str) -> Source:
        """Where the rows are: the files in force, and what the database holds besides."""
        table = FACT if wanted.table == FACT else OBSERVATION if grain == "rows" else HOUR
        with moment(self.viewer):
            cold = self._cold(table, wanted) if grain in ("rows", "hour") else []
            hot = self._facts(wanted) if table == FACT else self._hot(table, wanted, grain)
        return Source(table, [files.found(self.lake.folder, one.path) for one in cold], hot)

    def _cold(self, table: str, wanted: Wanted) -> list[manifest.File]:
        """Files that may hold what is wanted. A fact lies at the day when it was written down, its own or later."""
        last = date.max if table == FACT else day_of(wanted.end - timedelta(microseconds=1))
        found = manifest.live(APP, table, day_of(wanted.start), last)
        if not wanted.grid:
            return found
        districts = _districts(self.scheme, wanted)
        return [one for one in found if one.place in districts]

    def _hot(self, table: str, wanted: Wanted, grain: str) -> pa.Table:
        given: dict[str, Any] = {"start": wanted.start, "end": wanted.end}
        given |= {"grain": grain, "grid": wanted.grid, "sensor": wanted.sensor}
        where = "at >= %(start)s AND at < %(end)s" + (" AND grid = %(grid)s" if wanted.grid else "")
        if table == HOUR:
            return summing.read(APP, self.scheme, f"grain = %(grain)s AND {where}", given)
        where += " AND sensor = %(sensor)s" if wanted.sensor else ""
        told = f"sensor, {sums.micros('at')}, {sums.district_of(self.scheme)}, place, grid, value"
        return columns(APP, f"SELECT {told} FROM observation WHERE {where}", given, SCHEMAS[OBSERVATION])

    def _facts(self, wanted: Wanted) -> pa.Table:
        """Facts that are not in the lake yet."""
        given = {"start": wanted.start, "end": wanted.end, "since": manifest.copied_until(APP) or EVER}
        return moving.facts(APP, self.scheme, "recorded_at >= %(since)s AND at >= %(start)s AND at < %(end)s", given)


def _districts(scheme: Scheme, wanted: Wanted) -> set[str]:
    """Where a grid lies, or lay in those days."""
    with connections[APP].cursor() as cursor:
        cursor.execute(
            f"SELECT DISTINCT {sums.district_of(scheme)} FROM observation_sum"
            " WHERE grain = 'day' AND grid = %s AND at >= %s AND at < %s",
            [wanted.grid, wanted.start - DAILY, wanted.end],
        )
        return {row[0] for row in cursor.fetchall()}


def _whole(wanted: Wanted, step: timedelta) -> bool:
    """Whether both ends are where a day of the city, or an hour, begins."""
    return all(
        (end.astimezone(CITY_TIME).replace(tzinfo=None) - ZERO) % step == timedelta()
        for end in (wanted.start, wanted.end)
    )
