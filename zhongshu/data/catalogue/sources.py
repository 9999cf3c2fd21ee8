"""数据源 the sources of a pack, how their last runs went, when the next is due, and which systems are islands."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from cronsim import CronSim
from django.db import connections
from django.utils import timezone as clock

from zhongshu.data import models as rows
from zhongshu.data.catalogue.counting import Count
from zhongshu.data.catalogue.entries import Dataset
from zhongshu.data.databases import APP, OWNER, ROAD, dicts
from zhongshu.data.judging import split
from zhongshu.data.versions import in_force
from zhongshu.kernel.clocks import CITY_TIME
from zhongshu.kernel.errors import NotFound

SHOWN = 50
"""Runs of one source that its page lists."""


@dataclass(frozen=True, slots=True)
class Source:
    """数据源: `columns` is item -> the column's name there, for those with other names."""

    source: str
    system: str
    dataset: str
    kind: str
    location: str
    relation: str
    mode: str
    watermark: str
    schedule: str
    columns: Mapping[str, str]
    basis: str

    @property
    def connected(self) -> bool:
        """Whether this machine can know where it is: the address of a foreign database comes from the environment."""
        return self.kind == "file" or bool(os.environ.get(self.location))


@dataclass(frozen=True, slots=True)
class System:
    """业务系统: the data sets it writes and reads."""

    system: str
    name: str
    name_en: str
    owner: str
    writes: tuple[str, ...]
    reads: tuple[str, ...]


_SOURCE = ("code", "system", "dataset", "kind", "location", "relation", "mode", "watermark", "schedule", "mapping")


def every(at: datetime | None = None, using: str = OWNER) -> dict[str, Source]:
    """The sources in force by name."""
    found = in_force(rows.Source, at or clock.now(), using).order_by("code").values_list(*_SOURCE, "basis")
    return {row[0]: _source(list(row)) for row in found}


def one(source: str) -> Source:
    found = every().get(source)
    if found is None:
        raise NotFound(f"there is no source {source!r} / 没有这个数据源")
    return found


def _source(row: list[Any]) -> Source:
    given = {**dict(zip(_SOURCE, row, strict=False)), "basis": row[-1]}
    given |= {"source": given.pop("code"), "columns": _pairs(given.pop("mapping"))}
    return Source(**given)


def _pairs(text: str) -> dict[str, str]:
    parts = (pair.partition("=") for pair in split(text))
    return {item: column for item, _, column in parts}


def systems(at: datetime | None = None, using: str = OWNER) -> list[System]:
    """The systems in force, by owner."""
    names = ("code", "name", "name_en", "owner", "writes", "reads")
    found = in_force(rows.System, at or clock.now(), using).order_by("owner", "code").values_list(*names)
    return [System(code, name, en, owner, split(w), split(r)) for code, name, en, owner, w, r in found]


def islands(
    held: Iterable[System], every: Mapping[str, Dataset], counts: Mapping[str, Mapping[str, Count]]
) -> list[System]:
    """信息孤岛: systems that read no data set of others and none of whose data sets has rows here."""

    def gives(one: System) -> bool:
        return any(name in every and name in counts and counts[name][""].rows > 0 for name in one.writes)

    return [one for one in held if not one.reads and not gives(one)]


_LAST = """
SELECT DISTINCT ON (source) id, source, dataset, at, ok, sentence, read, added, changed, same, rejected, seconds, mark,
  rejects FROM gather_run ORDER BY source, id DESC
"""
_MARK = "SELECT mark FROM gather_run WHERE source = %s AND ok AND mark <> '' ORDER BY id DESC LIMIT 1"
_RUNS = "SELECT * FROM gather_run WHERE source = %s ORDER BY id DESC LIMIT %s"


def latest(using: str = APP) -> dict[str, dict[str, Any]]:
    """The newest run of each source."""
    with connections[using].cursor() as cursor:
        cursor.execute(_LAST)
        return {row["source"]: row for row in dicts(cursor)}


def runs(source: str, using: str = APP) -> list[dict[str, Any]]:
    """Runs of one source, the newest first."""
    with connections[using].cursor() as cursor:
        cursor.execute(_RUNS, [source, SHOWN])
        return dicts(cursor)


def run(number: int, using: str = APP) -> dict[str, Any] | None:
    with connections[using].cursor() as cursor:
        cursor.execute("SELECT * FROM gather_run WHERE id = %s", [number])
        return next(iter(dicts(cursor)), None)


def mark(source: str) -> str:
    """The newest value of the watermark that was taken in, or ""."""
    with connections[ROAD].cursor() as cursor:
        cursor.execute(_MARK, [source])
        row = cursor.fetchone()
    return str(row[0]) if row else ""


def next_run(schedule: str, after: datetime) -> datetime:
    """The next moment of a schedule, in the city's time."""
    return next(CronSim(schedule, after.astimezone(CITY_TIME)))


def due(now: datetime) -> list[Source]:
    """Sources whose moment has come since their last run; one that never ran is due at once.

    One that is not connected here is never due: there is nothing to do, and no failure to tell every day.
    """
    last = latest(ROAD)
    found = []
    for one in every(now).values():
        if not one.connected:
            continue
        before = last.get(one.source)
        if before is None or next_run(one.schedule, before["at"]) <= now:
            found.append(one)
    return found
