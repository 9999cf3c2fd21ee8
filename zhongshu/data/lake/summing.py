"""求和 sums as columns: read from the database, made of observations, added to one another, and counted anew."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
from django.db import connections

from zhongshu.data.databases import ROAD
from zhongshu.data.lake.files import SCHEMAS
from zhongshu.data.lake.place import HOUR, OBSERVATION
from zhongshu.data.lake.sums import MERGED, ZONE, added, district_of, shown
from zhongshu.data.lake.taking import columns
from zhongshu.kernel.clocks import CITY_TIME
from zhongshu.kernel.places import Scheme


def read(alias: str, scheme: Scheme, where: str, given: Mapping[str, Any]) -> pa.Table:
    """Sums in the database, as a table with the columns of HOUR."""
    return columns(alias, f"SELECT {shown(scheme)} FROM observation_sum WHERE {where}", given, SCHEMAS[HOUR])


def together(parts: pa.Table) -> pa.Table:
    """Sums of the same hour, place and grid added to one."""
    keys = ["at", "district", "place", "grid"]
    found = parts.group_by(keys).aggregate([("n", "sum"), ("total", "sum"), ("least", "min"), ("most", "max")])
    return found.rename_columns([*keys, "n", "total", "least", "most"]).select(SCHEMAS[HOUR].names)


def hourly(rows: pa.Table) -> pa.Table:
    """Observations summed by hour, place and grid."""
    value = rows["value"]
    each = {"at": pc.floor_temporal(rows["at"], unit="hour"), "n": pa.repeat(1, rows.num_rows)}
    each |= {name: rows[name] for name in ("district", "place", "grid")}
    each |= dict.fromkeys(("total", "least", "most"), value)
    return together(pa.table({name: each[name] for name in SCHEMAS[HOUR].names}).cast(SCHEMAS[HOUR]))


def recount(scheme: Scheme, cold: Iterable[pa.Table]) -> int:
    """Count the sums anew from the hot observations and from `cold` hours of the lake; how many there are.

    In the caller's transaction. Needed once, for observations kept before there were sums.
    """
    with connections[ROAD].cursor() as cursor:
        cursor.execute("LOCK TABLE observation, observation_sum IN SHARE ROW EXCLUSIVE MODE")
        cursor.execute(_FORGET.format(district=district_of(scheme)))
        cursor.execute(added("observation", scheme))
        for hours in cold:
            coarse = _coarse(hours)
            cursor.execute(_ADD_COLD, [_list(coarse, name) for name in coarse.column_names])
        cursor.execute("SELECT count(*) FROM observation_sum")
        return int(cursor.fetchone()[0])


_FORGET = f"""
DELETE FROM observation_sum s WHERE NOT EXISTS (
  SELECT FROM lake_file f WHERE f.gone = 'erased' AND f."table" = '{OBSERVATION}'
    AND f.day = (s.at AT TIME ZONE 'UTC' + {ZONE})::date AND f.place = {{district}})
"""
"""Of what was erased the sums are all there is."""

_ADD_COLD = f"""
INSERT INTO observation_sum (grain, at, place, grid, n, total, least, most)
SELECT * FROM unnest(%s::text[], %s::timestamptz[], %s::text[], %s::text[], %s::bigint[], %s::float8[], %s::float8[],
  %s::float8[]) {MERGED}
"""
_ZONE = pa.scalar(CITY_TIME.utcoffset(None), pa.duration("us"))


def _coarse(hours: pa.Table) -> pa.Table:
    """Sums by grid and day and by district and hour, of those by grid and hour; columns as in the database."""
    day = pc.subtract(pc.floor_temporal(pc.add(hours["at"], _ZONE), unit="day"), _ZONE)
    of_day = together(hours.set_column(0, "at", day))
    blank = pa.repeat("", hours.num_rows)
    of_district = together(hours.set_column(2, "place", hours["district"]).set_column(3, "grid", blank))
    found = [
        one.drop(["district"]).add_column(0, "grain", pa.repeat(grain, one.num_rows))
        for grain, one in (("day", of_day), ("district", of_district))
    ]
    return pa.concat_tables(found)


def _list(rows: pa.Table, name: str) -> list[Any]:
    found = rows[name].to_pylist()
    return [one.replace(tzinfo=UTC) for one in found] if pa.types.is_timestamp(rows[name].type) else found
