"""湖况 how the lake stands: what is hot, what is cold, day by day, and what was deleted. For pages and commands."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db import connections

from zhongshu.data.databases import APP, ROAD, dicts
from zhongshu.data.lake import manifest
from zhongshu.data.lake.place import DAY, FACT, HOUR, OBSERVATION, Lake, begins, day_of, ends
from zhongshu.data.lake.sums import ZONE
from zhongshu.data.viewing import viewing
from zhongshu.kernel.access import Viewer

STALE = timedelta(hours=36)
"""A lake that nobody filled for so long is stale: every night has its run."""


@dataclass(frozen=True, slots=True)
class State:
    """湖况 within a viewer's range. `hot` and `late`: rows in the database, within the window and older."""

    hot_days: int
    keep_days: int
    cutoff: date
    hot: int
    late: int
    cold: Mapping[str, Mapping[str, int]]
    """Table -> days, files, rows and bytes in force."""
    first: date | None
    copied_until: datetime | None
    last_run: Mapping[str, Any] | None
    stale: bool


_COLD = """
SELECT "table", count(DISTINCT day) AS days, count(*) AS files, sum(rows)::bigint AS rows, sum(bytes)::bigint AS bytes,
  min(day) AS first FROM lake_file WHERE gone = '' GROUP BY "table"
"""
_HOT = """
SELECT coalesce((SELECT sum(n) FROM observation_sum WHERE grain = 'day' AND at >= %(since)s), 0)::bigint,
  coalesce((SELECT sum(n) FROM observation_sum WHERE grain = 'hour' AND at < %(since)s), 0)::bigint
"""


def state(viewer: Viewer, lake: Lake, now: datetime) -> State:
    """How the lake stands for this viewer."""
    cutoff = lake.cutoff(now)
    with viewing(viewer), connections[APP].cursor() as cursor:
        cursor.execute(_COLD)
        found = {row.pop("table"): row for row in dicts(cursor)}
        first = min((row.pop("first") for row in found.values()), default=None)
        cursor.execute(_HOT, {"since": begins(cutoff)})
        hot, late = cursor.fetchone()
        run = manifest.last_run(APP)
        copied = manifest.copied_until(APP)
    ended = run["ended_at"] if run else None
    cold = {table: found.get(table, dict.fromkeys(("days", "files", "rows", "bytes"), 0)) for table in TABLES}
    days = (lake.hot_days, lake.keep_days, cutoff)
    return State(*days, int(hot), int(late), cold, first, copied, run, ended is None or now - ended > STALE)


TABLES = (OBSERVATION, HOUR, FACT)

_DAYS = f"""
SELECT coalesce(s.day, f.day) AS day, coalesce(s.n, 0)::bigint AS n, coalesce(f.rows, 0) AS cold,
  coalesce(f.bytes, 0) AS bytes, coalesce(f.files, 0) AS files, f.filed_at, coalesce(f.erased, 0) AS erased
FROM (
  SELECT (at AT TIME ZONE 'UTC' + {ZONE})::date AS day, sum(n) AS n FROM observation_sum
  WHERE grain = 'day' AND at >= %(start)s AND at < %(end)s GROUP BY 1) s
FULL JOIN (
  SELECT day, sum(rows) FILTER (WHERE gone = '')::bigint AS rows, sum(bytes) FILTER (WHERE gone = '')::bigint AS bytes,
    count(*) FILTER (WHERE gone = '') AS files, max(filed_at) AS filed_at,
    sum(rows) FILTER (WHERE gone = 'erased')::bigint AS erased
  FROM lake_file WHERE "table" = '{OBSERVATION}' AND day >= %(first)s AND day <= %(last)s GROUP BY day) f USING (day)
ORDER BY day DESC
"""


def days(viewer: Viewer, first: date, last: date) -> list[dict[str, Any]]:
    """Each day from `first` to `last`, newest first: day, n observations known of it, how many of them are cold
    (in `files` of `bytes`) and how many were erased. Without whole districts the files count rows that others see."""
    given = {"start": begins(first), "end": ends(last), "first": first, "last": last}
    with viewing(viewer), connections[APP].cursor() as cursor:
        cursor.execute(_DAYS, given)
        return dicts(cursor)


def files_of(viewer: Viewer, day: date) -> list[dict[str, Any]]:
    """Every file that there is or was of one day, with its district, rows, bytes, checksum, and when it went."""
    with viewing(viewer), connections[APP].cursor() as cursor:
        cursor.execute(
            'SELECT id, "table", place, rows, bytes, sha256, path, filed_at, gone, gone_at FROM lake_file'
            ' WHERE day = %s ORDER BY "table", place, id',
            [day],
        )
        return dicts(cursor)


def due(now: datetime) -> bool:
    """Whether no run has begun on this day of the city yet."""
    last = manifest.last_run()
    return last is None or day_of(last["at"]) < day_of(now)


def window(now: datetime, back: int) -> tuple[date, date]:
    """The last `back` days of the city: the first, and today."""
    today = day_of(now)
    return today - (back - 1) * DAY, today


def counted(length: int) -> list[tuple[str, int, datetime]]:
    """By the first digits of their place: how many observations there are, hot and cold, and the newest one's hour."""
    with connections[ROAD].cursor() as cursor:
        cursor.execute(
            "SELECT left(place, %s), sum(n)::bigint, max(at) FROM observation_sum WHERE grain = 'district' GROUP BY 1",
            [length],
        )
        return list(cursor.fetchall())
