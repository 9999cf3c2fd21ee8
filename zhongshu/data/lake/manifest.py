"""湖文件目录 which files the lake has, what each run did, and how far the days have come."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import connections

from zhongshu.data.databases import ROAD, dicts
from zhongshu.data.lake.place import DAY, FACT, Part, begins


@dataclass(frozen=True, slots=True)
class File:
    """湖中文件, as its filing told."""

    id: int
    table: str
    day: date
    place: str
    rows: int
    bytes: int
    sha256: str
    path: str
    gone: str = ""
    gone_at: datetime | None = None

    @property
    def part(self) -> Part:
        return Part(self.table, self.day, self.place)

    def told(self) -> dict[str, Any]:
        """What a fact says of it."""
        names = ("id", "table", "place", "rows", "bytes", "sha256", "path")
        return {name: getattr(self, name) for name in names}


_COLUMNS = 'id, "table", day, place, rows, bytes, sha256, path, gone, gone_at'


def _files(alias: str, where: str, given: Mapping[str, Any]) -> list[File]:
    with connections[alias].cursor() as cursor:
        cursor.execute(f'SELECT {_COLUMNS} FROM lake_file WHERE {where} ORDER BY "table", day, place, id', given)
        return [File(*row) for row in cursor.fetchall()]


def live(alias: str, table: str, first: date, last: date) -> list[File]:
    """The files in force of some days, both ends included; as APP those that the viewer may know of."""
    given = {"table": table, "first": first, "last": last}
    return _files(alias, "gone = '' AND \"table\" = %(table)s AND day BETWEEN %(first)s AND %(last)s", given)


def of_part(part: Part) -> list[File]:
    """The file in force of one day and district, if there is one."""
    return [one for one in live(ROAD, part.table, part.day, part.day) if one.place == part.district]


def everything() -> list[File]:
    """Every file that there ever was."""
    return _files(ROAD, "true", {})


def kept_before(tables: Sequence[str], day: date) -> list[File]:
    """The files of the days before one that are in force, or were until others took their place."""
    where = "gone <> 'erased' AND \"table\" = ANY (%(tables)s) AND day < %(day)s"
    return _files(ROAD, where, {"tables": list(tables), "day": day})


def erased(days: Sequence[tuple[date, str]]) -> set[tuple[date, str]]:
    """Of some days and districts those whose observations were deleted for good."""
    with connections[ROAD].cursor() as cursor:
        cursor.execute(
            "SELECT DISTINCT day, place FROM lake_file WHERE gone = 'erased' AND day = ANY (%s)",
            [[day for day, _ in days]],
        )
        return set(cursor.fetchall()) & set(days)


def copied_until(alias: str) -> datetime | None:
    """Facts written down before this moment are in the lake; None when none are."""
    with connections[alias].cursor() as cursor:
        cursor.execute("SELECT max(day) FROM lake_file WHERE \"table\" = %s AND gone = ''", [FACT])
        found = cursor.fetchone()[0]
    return begins(found + DAY) if found else None


def run_begun(at: datetime, cutoff: date) -> int:
    with connections[ROAD].cursor() as cursor:
        cursor.execute(
            "INSERT INTO lake_run (at, cutoff, moved, copied, erased, files) VALUES (%s, %s, 0, 0, 0, 0) RETURNING id",
            [at, cutoff],
        )
        return int(cursor.fetchone()[0])


def run_ended(number: int, at: datetime, counts: Mapping[str, int]) -> None:
    with connections[ROAD].cursor() as cursor:
        cursor.execute(
            "UPDATE lake_run SET ended_at = %(at)s, moved = %(moved)s, copied = %(copied)s, erased = %(erased)s,"
            " files = %(files)s WHERE id = %(id)s",
            {"id": number, "at": at, **counts},
        )


def last_run(alias: str = ROAD) -> dict[str, Any] | None:
    """The newest run: at, ended_at (None when it was cut short), cutoff, moved, copied, erased, files."""
    with connections[alias].cursor() as cursor:
        cursor.execute(
            "SELECT at, ended_at, cutoff, moved, copied, erased, files FROM lake_run ORDER BY id DESC LIMIT 1"
        )
        return next(iter(dicts(cursor)), None)
