"""取数 read a data set as columns wherever its rows are: a table of this database, a file, another PostgreSQL."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pyarrow as pa
from django.apps import apps
from django.db import connections
from psycopg import sql
from psycopg.conninfo import make_conninfo

from zhongshu.data import packs
from zhongshu.data.catalogue import entries, files
from zhongshu.data.databases import ROAD
from zhongshu.data.models.pack import Version
from zhongshu.kernel.errors import BadInput


def table(dataset: str, columns: Sequence[str] = (), limit: int | None = None) -> pa.Table:
    """The rows of a data set now in force: `columns` of its items (all when empty), the first `limit` rows.

    No row becomes an object on the way. Types are those of the store; cells of CSV files and workbooks are text.
    NotFound for an unknown data set; BadInput for an unknown item, or one whose rows were not gathered.
    """
    return table_of(entries.one(dataset), columns, limit)


def table_of(found: entries.Dataset, columns: Sequence[str] = (), limit: int | None = None) -> pa.Table:
    """As `table`, of an entry at hand."""
    known = [one.item for one in found.items]
    strange = [name for name in columns if name not in known]
    if strange:
        raise BadInput(f"{found.dataset}: found item {strange[0]!r}, expected one of {', '.join(known)}")
    way, _, where = found.stored.partition(":")
    wanted = list(columns) or known
    if way == "table":
        return query(_select(where, wanted, limit))
    if way == "file":
        return files.read(folder() / where, wanted, limit)
    raise BadInput(f"{found.dataset}: its rows are not gathered here yet / 该数据资源尚未归集")


def folder() -> Path:
    """Where the pack in force was loaded from; files of data sets lie beside it."""
    return Path(packs.about().get("folder", "."))


def query(statement: str, address: str = "") -> pa.Table:
    """What a statement finds, as columns; `address` is the libpq address of another database, "" is our own."""
    from adbc_driver_postgresql import dbapi

    with dbapi.connect(address or own_address()) as connection, connection.cursor() as cursor:
        try:
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


def _select(name: str, columns: Sequence[str], limit: int | None) -> str:
    """A statement over one of our own tables; of versions those in force."""
    found = next((one for one in apps.get_app_config("data").get_models() if one._meta.db_table == name), None)
    if found is None:
        raise BadInput(f"found table {name!r}, expected one of this database / 没有这张表")
    statement = sql.SQL("SELECT {} FROM {}").format(
        sql.SQL(", ").join(sql.Identifier(column) for column in columns), sql.Identifier(name)
    )
    if issubclass(found, Version):
        statement += sql.SQL(" WHERE valid_to IS NULL")
    if limit is not None:
        statement += sql.SQL(" LIMIT {}").format(sql.Literal(int(limit)))
    return statement.as_string()
