"""分段取数 the rows of a data set in parts, as often as they are wanted: for what is too large to be held at once."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import pyarrow as pa
from psycopg import sql

from zhongshu.data.catalogue import entries, files, reading
from zhongshu.kernel.errors import BadInput

Read = Callable[[Sequence[str]], Iterator[pa.Table]]
"""Items -> the rows in parts of a size, at least one part, which may be empty. May be called again."""

_SAME_ROWS = "SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY"
_SAME_ORDER = "SET LOCAL synchronize_seqscans = off"


@contextmanager
def parted(found: entries.Dataset, size: int) -> Iterator[Read]:
    """Read a data set in parts of `size` rows: however often, the same rows in the same order.

    A table of a database is seen in one transaction. Of files, Parquet and CSV are read piece by piece; workbooks and
    shapes are small by their kind, and the lake answers whole: those are cut after reading. BadInput as reading.table.
    """
    way, _, where = found.stored.partition(":")
    if way == "file":
        path = reading.folder() / where
        yield lambda columns: _of_file(path, reading.known(found, columns), size)
    elif way == "lake":
        yield lambda columns: _cut(reading.table_of(found, columns), size)
    else:
        with _of_table(found, size) as read:
            yield read


@contextmanager
def _of_table(found: entries.Dataset, size: int) -> Iterator[Read]:
    from adbc_driver_postgresql import dbapi

    told = reading.relation(found)
    try:
        with dbapi.connect(reading.own_address()) as connection, connection.cursor() as cursor:
            cursor.execute(_SAME_ROWS)
            cursor.execute(_SAME_ORDER)

            def read(columns: Sequence[str]) -> Iterator[pa.Table]:
                cursor.execute(_statement(told, reading.known(found, columns)))
                rows = cursor.fetch_record_batch()
                yield from files.grouped(rows.schema, rows, size)

            yield read
    except dbapi.Error as error:
        raise BadInput(str(error).split("\n")[0]) from None


def _statement(told: reading.Relation, wanted: Sequence[str]) -> str:
    parts = sql.SQL("SELECT {} FROM {} WHERE {}").format(reading.listed(told, wanted), told.name, told.condition)
    return parts.as_string()


def _of_file(path: Path, columns: Sequence[str], size: int) -> Iterator[pa.Table]:
    schema, batches = files.batches(path, columns, size)
    yield from files.grouped(schema, batches, size)


def _cut(table: pa.Table, size: int) -> Iterator[pa.Table]:
    yield from files.grouped(table.schema, table.to_batches(), size)
