"""抄入 whole columns into a table at once, with ids that were reserved for them."""

from __future__ import annotations

import io
from collections.abc import Mapping

import pyarrow as pa
import pyarrow.csv as arrow_csv
from django.db import connections

from zhongshu.data.databases import OWNER

PIECE = 200_000
"""Rows that are spelt out at once: what a load needs of memory beside the columns themselves."""


def reserve(table: str, count: int, using: str = OWNER) -> int:
    """The first of `count` new ids of a table, taken from its sequence in one go."""
    with connections[using].cursor() as cursor:
        cursor.execute(f"SELECT setval('{table}_id_seq', nextval('{table}_id_seq') + %s)", [count])
        return int(cursor.fetchone()[0]) - count


def copy(table: str, columns: Mapping[str, pa.Array | pa.ChunkedArray], using: str = OWNER) -> None:
    """COPY whole columns into a table; null stays null, an empty text stays one."""
    held = pa.table(dict(columns))
    names = ", ".join(f'"{name}"' for name in held.column_names)
    style = arrow_csv.WriteOptions(include_header=False, quoting_style="needed")
    with connections[using].cursor() as cursor, cursor.copy(f"COPY {table} ({names}) FROM STDIN (FORMAT csv)") as out:
        for start in range(0, held.num_rows, PIECE):
            piece = io.BytesIO()
            arrow_csv.write_csv(held.slice(start, PIECE), piece, style)
            out.write(piece.getvalue())
