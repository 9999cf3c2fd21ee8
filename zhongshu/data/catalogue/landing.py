"""落地 rows of a source into a table of their own, by key: what is new, changed, the same, gone."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from io import BytesIO
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv
from django.db import connections
from psycopg import sql

from zhongshu.data.catalogue import cells, entries
from zhongshu.data.catalogue.reading import LANDING
from zhongshu.data.databases import OWNER, ROAD

AT_ONCE = 1 << 20
"""Bytes that go to the database at a time."""


@dataclass(frozen=True, slots=True)
class Landed:
    """What one landing did, in rows; `gone` only after a full reading."""

    added: int
    changed: int
    same: int
    gone: int


def prepare(found: entries.Dataset) -> None:
    """A table for the data set with a column for each item, typed, and its key; columns that came later are added."""
    name = sql.Identifier(LANDING, found.dataset)
    columns = [
        sql.SQL("{} {}").format(sql.Identifier(one.item), sql.SQL(cells.STORED.get(one.type, "text")))
        for one in found.items
    ]
    key = sql.SQL(", PRIMARY KEY ({})").format(_names(found.keys)) if found.keys else sql.SQL("")
    with connections[OWNER].cursor() as cursor:
        cursor.execute(
            sql.SQL("CREATE TABLE IF NOT EXISTS {} ({}{})").format(name, sql.SQL(", ").join(columns), key).as_string()
        )
        for column in columns:
            cursor.execute(sql.SQL("ALTER TABLE {} ADD COLUMN IF NOT EXISTS {}").format(name, column).as_string())


def land(found: entries.Dataset, given: pa.Table, whole: bool) -> Landed:
    """Take rows in, within the caller's transaction. `given` has a column of texts (bytes for points) for each item.

    `whole`: what is there and not in `given` goes. Without a key every reading must be whole.
    """
    name, beside = sql.Identifier(LANDING, found.dataset), sql.Identifier("incoming")
    items = [one.item for one in found.items]
    with connections[ROAD].cursor() as cursor:
        cursor.execute(sql.SQL("CREATE TEMP TABLE {} (LIKE {}) ON COMMIT DROP").format(beside, name).as_string())
        copied = sql.SQL("COPY {} ({}) FROM STDIN (FORMAT csv)").format(beside, _names(items))
        with cursor.copy(copied.as_string()) as copy:
            _send(copy, found, given)
        done = _merge(cursor, found, whole) if found.keys else _replace(cursor, found)
        cursor.execute("DROP TABLE incoming")
    return done


def _names(names: tuple[str, ...] | list[str]) -> sql.Composed:
    return sql.SQL(", ").join(map(sql.Identifier, names))


def _send(copy: Any, found: entries.Dataset, given: pa.Table) -> None:
    """Whole columns as one CSV text: no row is touched in between."""
    plain = pa.table({one.item: _written(given[one.item], one.type) for one in found.items})
    buffer = BytesIO()
    pyarrow.csv.write_csv(plain, buffer, pyarrow.csv.WriteOptions(include_header=False, quoting_style="needed"))
    view = buffer.getbuffer()
    for start in range(0, len(view), AT_ONCE):
        copy.write(view[start : start + AT_ONCE])


def _written(values: pa.ChunkedArray, kind: str) -> pa.ChunkedArray:
    """As COPY reads it: no value is nothing at all, and "" for items that are texts."""
    if kind == "point":
        return pa.chunked_array([pa.array([None if v is None else f"\\x{v.hex()}" for v in values.to_pylist()])])
    if kind in cells.STORED:
        return pc.if_else(pc.equal(values, ""), None, values)
    return values


_GONE = "DELETE FROM {t} t WHERE NOT EXISTS (SELECT 1 FROM incoming i WHERE {same})"
_CHANGED = "UPDATE {t} t SET {sets} FROM incoming i WHERE {same} AND ROW({old}) IS DISTINCT FROM ROW({new})"
_ADDED = "INSERT INTO {t} ({items}) SELECT {items} FROM incoming i WHERE NOT EXISTS (SELECT 1 FROM {t} t WHERE {same})"


def _merge(cursor: Any, found: entries.Dataset, whole: bool) -> Landed:
    name, keys = sql.Identifier(LANDING, found.dataset), found.keys
    rest = [one.item for one in found.items if not one.key]
    same_key = sql.SQL(" AND ").join(sql.SQL("t.{0} = i.{0}").format(sql.Identifier(key)) for key in keys)
    parts = {"t": name, "same": same_key, "items": _names([one.item for one in found.items])}
    gone = _done(cursor, _GONE, parts) if whole else 0
    changed = 0
    if rest:
        sets = sql.SQL(", ").join(sql.SQL("{0} = i.{0}").format(sql.Identifier(one)) for one in rest)
        old, new = (sql.SQL(", ").join(sql.Identifier(side, one) for one in rest) for side in "ti")
        changed = _done(cursor, _CHANGED, {**parts, "sets": sets, "old": old, "new": new})
    added = _done(cursor, _ADDED, parts)
    cursor.execute("SELECT count(*) FROM incoming")
    total = int(cursor.fetchone()[0])
    return Landed(added, changed, total - added - changed, gone)


def _replace(cursor: Any, found: entries.Dataset) -> Landed:
    parts = {"t": sql.Identifier(LANDING, found.dataset), "items": _names([one.item for one in found.items])}
    gone = _done(cursor, "DELETE FROM {t}", parts)
    added = _done(cursor, "INSERT INTO {t} ({items}) SELECT {items} FROM incoming", parts)
    return Landed(added, 0, 0, gone)


def _done(cursor: Any, statement: str, parts: Mapping[str, sql.Composable]) -> int:
    cursor.execute(sql.SQL(statement).format(**parts).as_string())
    return int(cursor.rowcount)
