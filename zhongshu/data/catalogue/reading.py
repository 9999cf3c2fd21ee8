"""取数 read a data set as columns wherever its rows are: a table of this database, a file, what a source brought."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pyarrow as pa
from django.apps import apps
from django.db import connections
from psycopg import sql
from psycopg.conninfo import make_conninfo

from zhongshu.data import packs
from zhongshu.data.catalogue import cells, entries, files
from zhongshu.data.databases import ROAD
from zhongshu.data.lake.place import lake
from zhongshu.data.models.pack import Version
from zhongshu.kernel.access import MASKS
from zhongshu.kernel.access import ROAD as EVERYBODY
from zhongshu.kernel.errors import BadInput, NotFound
from zhongshu.kernel.places import EVERYWHERE, Span

LANDING = "landing"
"""Schema of the tables that sources fill, each named after its data set."""
MORE = "more"
"""The JSON column of a register's records for items that only one data set has."""


def table(dataset: str, columns: Sequence[str] = (), limit: int | None = None) -> pa.Table:
    """The rows of a data set now in force: `columns` of its items (all when empty), the first `limit` rows.

    No row becomes an object on the way. Types are those of the store; cells of CSV files and workbooks are text.
    NotFound for an unknown data set; BadInput for an unknown item, or one whose rows were not gathered.
    """
    return table_of(entries.one(dataset), columns, limit)


def table_of(
    found: entries.Dataset, columns: Sequence[str] = (), limit: int | None = None, within: Span | None = None
) -> pa.Table:
    """As `table`, of an entry at hand; `within` keeps the rows of a span of divisions (those in files all stay)."""
    wanted = known(found, columns)
    way, _, where = found.stored.partition(":")
    if way == "file":
        return files.read(folder() / where, wanted, limit)
    if way == "lake":
        return _of_lake(where, wanted, limit, within or EVERYWHERE)
    told = relation(found)
    parts = [sql.SQL("SELECT {} FROM {} WHERE {}").format(listed(told, wanted), told.name, told.condition)]
    if within is not None and found.place:
        at = told.column(found.place)
        parts.append(sql.SQL("AND {0} >= {1} AND {0} < {2}").format(at, sql.Literal(within.lo), sql.Literal(within.hi)))
    if limit is not None:
        parts.append(sql.SQL("LIMIT {}").format(sql.Literal(int(limit))))
    return query(sql.SQL(" ").join(parts).as_string())


def masked(found: entries.Dataset, kinds: Mapping[str, str], limit: int, within: Span) -> pa.Table:
    """The first rows as texts, each item masked as `kinds` says (MASKS): by the database itself where they are in it.

    Rows of files and of the lake are masked as they are read. Raises as `table_of`.
    """
    way = found.stored.partition(":")[0]
    if way in ("file", "lake"):
        held = table_of(found, list(kinds), limit, within)
        texts = {name: cells.texts(held[name]).to_pylist() for name in kinds}
        return pa.table({name: [MASKS[kinds[name]](value or "") for value in texts[name]] for name in kinds})
    told = relation(found)
    each = [
        sql.SQL("shown({}, {}::text) AS {}").format(sql.Literal(kind), told.column(name), sql.Identifier(name))
        for name, kind in kinds.items()
    ]
    parts = [sql.SQL("SELECT {} FROM {} WHERE {}").format(sql.SQL(", ").join(each), told.name, told.condition)]
    if found.place:
        at = told.column(found.place)
        parts.append(sql.SQL("AND {0} >= {1} AND {0} < {2}").format(at, sql.Literal(within.lo), sql.Literal(within.hi)))
    parts.append(sql.SQL("LIMIT {}").format(sql.Literal(int(limit))))
    return query(sql.SQL(" ").join(parts).as_string())


def _of_lake(name: str, wanted: Sequence[str], limit: int | None, within: Span) -> pa.Table:
    """Hot and cold rows together, the oldest first."""
    from zhongshu.data.lake.asking import Asker

    asker = Asker(lake(), packs.scheme(packs.about()), EVERYBODY)
    return asker.everything(name, within, limit).select(list(wanted))


def row(found: entries.Dataset, key: str, columns: Sequence[str]) -> dict[str, str]:
    """One row by its key (parts joined by /) as texts, item -> value. NotFound when it is there no more."""
    wanted = list(dict.fromkeys([*known(found, columns), *found.keys]))
    way = found.stored.partition(":")[0]
    if way in ("file", "lake"):
        rows = table_of(found, wanted).to_pylist()
        chosen = next((one for one in rows if "/".join(_text(one[name]) for name in found.keys) == key), None)
    else:
        told = relation(found)
        joined = sql.SQL(" || '/' || ").join(sql.SQL("{}::text").format(told.column(name)) for name in found.keys)
        statement = sql.SQL("SELECT {} FROM {} WHERE {} AND {} = {} LIMIT 1").format(
            listed(told, wanted), told.name, told.condition, joined, sql.Literal(key)
        )
        chosen = next(iter(query(statement.as_string()).to_pylist()), None)
    if chosen is None:
        raise NotFound(f"{found.dataset}: there is no row {key[:60]!r} any more / 该记录已不在")
    return {name: _text(chosen[name]) for name in columns}


def _text(value: object) -> str:
    return "" if value is None else str(value)


def known(found: entries.Dataset, columns: Sequence[str]) -> list[str]:
    """The items asked for, all when none is named. BadInput for an unknown one."""
    there = [one.item for one in found.items]
    strange = [name for name in columns if name not in there]
    if strange:
        raise BadInput(f"{found.dataset}: found item {strange[0]!r}, expected one of {', '.join(there)}")
    return list(columns) or there


def listed(told: Relation, wanted: Sequence[str]) -> sql.Composable:
    """Items as the columns of a query."""
    each = [sql.SQL("{} AS {}").format(told.column(name), sql.Identifier(name)) for name in wanted]
    return sql.SQL(", ").join(each)


class Relation:
    """A table of our own database that holds a data set: its name, which of its rows, and where an item stands."""

    def __init__(self, name: sql.Composable, condition: sql.Composable, columns: frozenset[str] | None) -> None:
        self.name = name
        self.condition = condition
        self.columns = columns

    def column(self, item: str) -> sql.Composable:
        """An item as an expression: a column, or a key of the record's JSON."""
        if self.columns is None or item in self.columns:
            return sql.Identifier(item)
        if MORE in self.columns:
            return sql.SQL("{}->>{}").format(sql.Identifier(MORE), sql.Literal(item))
        raise BadInput(f"found item {item!r}, which its table has no column for / 表中没有这一信息项")


def relation(found: entries.Dataset) -> Relation:
    """Where a data set stands in our own database. BadInput when it does not, or nothing was gathered yet."""
    way, _, where = found.stored.partition(":")
    if way == "source" and landed(found.dataset):
        return Relation(sql.Identifier(LANDING, found.dataset), sql.SQL("true"), None)
    if way == "table":
        return _own(found.dataset, where)
    raise BadInput(f"{found.dataset}: its rows are not gathered here yet / 该数据资源尚未归集")


def landed(dataset: str, using: str = ROAD) -> bool:
    """Whether a source has brought this data set."""
    with connections[using].cursor() as cursor:
        cursor.execute("SELECT to_regclass(%s) IS NOT NULL", [sql.Identifier(LANDING, dataset).as_string()])
        return bool(cursor.fetchone()[0])


def _own(dataset: str, name: str) -> Relation:
    """One of our own tables; of versions those in force, of records those of this data set."""
    found: Any = next((one for one in apps.get_app_config("data").get_models() if one._meta.db_table == name), None)
    if found is None:
        raise BadInput(f"found table {name!r}, expected one of this database / 没有这张表")
    columns = frozenset(str(field.column) for field in found._meta.concrete_fields)
    condition: sql.Composable = sql.SQL("true")
    if issubclass(found, Version):
        condition = sql.SQL("valid_to IS NULL")
    elif {"dataset", "valid_to"} <= columns:
        condition = sql.SQL("dataset = {} AND valid_to IS NULL").format(sql.Literal(dataset))
    return Relation(sql.Identifier(name), condition, columns)


def folder() -> Path:
    """Where the pack in force was loaded from; files of data sets lie beside it."""
    return Path(packs.about().get("folder", "."))


def query(statement: str, address: str = "") -> pa.Table:
    """What a statement finds, as columns; `address` is the libpq address of another database, "" is our own."""
    from adbc_driver_postgresql import dbapi

    try:
        with dbapi.connect(address or own_address()) as connection, connection.cursor() as cursor:
            cursor.execute(statement)
            return cursor.fetch_arrow_table()
    except dbapi.Error as error:
        raise BadInput(str(error).split("\n")[0]) from None


def own_address(using: str = ROAD) -> str:
    """The libpq address of our own database, in the role of one of its connections."""
    held = connections[using].settings_dict
    names = {"dbname": "NAME", "user": "USER", "password": "PASSWORD", "host": "HOST", "port": "PORT"}
    given = {name: str(held[key]) for name, key in names.items() if held[key]}
    return make_conninfo(**given, options=held["OPTIONS"].get("options", ""))
