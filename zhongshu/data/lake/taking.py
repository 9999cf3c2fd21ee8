"""取列 rows of the database as columns: what a statement gives, streamed out as text and read by Arrow."""

from __future__ import annotations

import io
from collections.abc import Mapping
from typing import Any

import pyarrow as pa
from django.db import connections
from pyarrow import csv

BLOCK = 1 << 25
"""Bytes that are read at once: longer than any row."""


def columns(alias: str, said: str, given: Mapping[str, Any], schema: pa.Schema) -> pa.Table:
    """What a statement gives, as a table of `schema`; moments come as microseconds since 1970, UTC.

    DELETE ... RETURNING is a statement like any other: what it gives is what it deleted.
    """
    with connections[alias].cursor() as cursor, cursor.copy(f"COPY ({said}) TO STDOUT (FORMAT csv)", given) as copy:
        text = b"".join(copy)
    if not text:
        return schema.empty_table()
    moments = [field.name for field in schema if pa.types.is_timestamp(field.type)]
    kinds = {field.name: pa.int64() if field.name in moments else field.type for field in schema}
    found = csv.read_csv(
        io.BytesIO(text),
        read_options=csv.ReadOptions(column_names=schema.names, block_size=BLOCK),
        parse_options=csv.ParseOptions(newlines_in_values=True),
        # An empty text is a text; nothing that we ask for is NULL.
        convert_options=csv.ConvertOptions(column_types=kinds, null_values=[], strings_can_be_null=False),
    )
    return found.cast(schema)
