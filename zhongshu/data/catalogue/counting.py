"""盘点 how many rows of each data set every district has, and how new they are: counted by night, kept for pages."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
from django.db import DatabaseError, connections, transaction
from psycopg import sql

from zhongshu.data.catalogue import cells, entries, reading
from zhongshu.data.databases import APP, ROAD
from zhongshu.data.lake import state
from zhongshu.kernel.errors import BadInput

LENGTH = 6
"""Digits of a district's code."""
SQL_WAYS = ("table", "source")


@dataclass(frozen=True, slots=True)
class Count:
    """在库: rows in one district (`place` "" everywhere), and the newest of them."""

    dataset: str
    place: str
    rows: int
    newest: datetime | None


def count(found: entries.Dataset) -> list[Count]:
    """The rows of a data set everywhere and in each district; nothing when none were gathered yet.

    BadInput when what is declared can't be read.
    """
    way = found.stored.partition(":")[0]
    if not way:
        return []
    if way == "source" and not reading.landed(found.dataset):
        return []
    ways = {"lake": _in_lake, **dict.fromkeys(SQL_WAYS, _in_database)}
    counted = ways.get(way, _in_columns)(found)
    total = sum(one.rows for one in counted)
    days = [one.newest for one in counted if one.newest is not None]
    whole = Count(found.dataset, "", total, max(days, default=None))
    return [whole, *(one for one in counted if one.place)]


def _in_database(found: entries.Dataset) -> list[Count]:
    told = reading.relation(found)
    place = told.column(found.place) if found.place else sql.SQL("''")
    newest = sql.SQL("max({})::timestamptz").format(told.column(found.dated)) if found.dated else sql.SQL("NULL")
    statement = sql.SQL("SELECT left({}::text, {}), count(*), {} FROM {} WHERE {} GROUP BY 1").format(
        place, sql.Literal(LENGTH), newest, told.name, told.condition
    )
    try:
        with transaction.atomic(using=ROAD), connections[ROAD].cursor() as cursor:
            cursor.execute(statement.as_string())
            return [Count(found.dataset, row[0] or "", row[1], row[2]) for row in cursor.fetchall()]
    except DatabaseError as error:
        raise BadInput(f"{found.dataset}: {str(error).splitlines()[0]}") from None


def _in_lake(found: entries.Dataset) -> list[Count]:
    """Observations by the sums that are maintained: no file is opened."""
    return [Count(found.dataset, *row) for row in state.counted(LENGTH)]


def _in_columns(found: entries.Dataset) -> list[Count]:
    wanted = [name for name in (found.place, found.dated) if name]
    held = reading.table_of(found, wanted or found.keys[:1])
    if not found.place:
        return [Count(found.dataset, "", held.num_rows, None)]
    codes = pc.utf8_slice_codeunits(cells.texts(held[found.place]), 0, LENGTH)
    days = cells.texts(held[found.dated]) if found.dated else pa.array([""] * held.num_rows)
    told = pa.table({"place": codes, "day": days}).group_by("place").aggregate([("day", "max"), ([], "count_all")])
    columns = (told["place"].to_pylist(), told["count_all"].to_pylist(), told["day_max"].to_pylist())
    return [Count(found.dataset, place, rows, _moment(day)) for place, rows, day in zip(*columns, strict=True)]


def _moment(text: str) -> datetime | None:
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        return None
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def keep(dataset: str, counts: Sequence[Count], now: datetime) -> None:
    """Replace what is known of a data set."""
    with transaction.atomic(using=ROAD), connections[ROAD].cursor() as cursor:
        cursor.execute("DELETE FROM dataset_count WHERE dataset = %s", [dataset])
        cursor.executemany(
            "INSERT INTO dataset_count (dataset, place, rows, newest, at) VALUES (%s, %s, %s, %s, %s)",
            [(one.dataset, one.place, one.rows, one.newest, now) for one in counts],
        )


def held(using: str = APP) -> dict[str, dict[str, Count]]:
    """What was counted last: data set -> district ("" everywhere) -> count."""
    found: dict[str, dict[str, Count]] = {}
    with connections[using].cursor() as cursor:
        cursor.execute("SELECT dataset, place, rows, newest FROM dataset_count")
        for row in cursor.fetchall():
            found.setdefault(row[0], {})[row[1]] = Count(*row)
    return found


def last(using: str = ROAD) -> datetime | None:
    """When anything was counted last."""
    with connections[using].cursor() as cursor:
        cursor.execute("SELECT max(at) FROM dataset_count")
        row: Any = cursor.fetchone()
    found: datetime | None = row[0]
    return found
