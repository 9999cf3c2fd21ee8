"""迟到的观测 late observations: one whose day is in the lake already must be new there too."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any

from django.db import connections

from zhongshu.data.databases import ROAD
from zhongshu.data.lake import manifest
from zhongshu.data.lake.place import OBSERVATION, day_of, folder
from zhongshu.kernel.places import Level, Scheme

LATE = timedelta(hours=12)
"""Younger than this no observation can be on the move: the hot window is at least a day."""
MOVING = 0x6C616B65
"""Advisory lock: whoever moves a day holds it alone, whoever brings late observations shares it."""

Name = tuple[str, datetime]


def known(rows: Sequence[Mapping[str, Any]], scheme: Scheme) -> set[Name]:
    """Of readings {sensor, at, place} the (sensor, at) that the lake has already, or had and deleted as too old.

    Within the caller's transaction, until whose end none of these days is moved.
    """
    before = datetime.now(UTC) - LATE
    parts: dict[tuple[date, str], list[Name]] = {}
    for row in rows:
        if row["at"] < before:
            key = (day_of(row["at"]), scheme.at(row["place"], Level.DISTRICT) if row["place"] else "")
            parts.setdefault(key, []).append((row["sensor"], row["at"]))
    if not parts:
        return set()
    with connections[ROAD].cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock_shared(%s)", [MOVING])
    gone = manifest.erased(list(parts))
    days = sorted(day for day, _ in parts)
    filed = {(one.day, one.place): one for one in manifest.live(ROAD, OBSERVATION, days[0], days[-1])}
    found: set[Name] = set()
    for key, names in parts.items():
        if key in filed:
            found |= _among(filed[key], names)
        elif key in gone:
            found |= set(names)
    return found


def _among(file: manifest.File, names: Sequence[Name]) -> set[Name]:
    """Those of the names that are in a file."""
    import pyarrow as pa
    import pyarrow.compute as pc
    import pyarrow.parquet as pq

    from zhongshu.data.lake import files

    sensors = pa.array(sorted({sensor for sensor, _ in names}), pa.string())
    path = files.found(folder(), file.path)
    rows = pq.ParquetFile(path).read(columns=["sensor", "at"])
    near = rows.filter(pc.is_in(rows["sensor"], value_set=sensors))
    there = {
        (sensor, at.replace(tzinfo=UTC))
        for sensor, at in zip(near["sensor"].to_pylist(), near["at"].to_pylist(), strict=True)
    }
    return there & set(names)
