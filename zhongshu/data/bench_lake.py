"""实测用 what bench `lake` asks DuckDB without us."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path

import duckdb
import pyarrow as pa

_SAID = """
SELECT district, date_trunc('hour', "at") AS hour, count(*) AS n, sum(value) AS total, min(value) AS least,
  max(value) AS most
FROM read_parquet([{listed}]) WHERE "at" >= TIMESTAMP '{start}' AND "at" < TIMESTAMP '{end}'
GROUP BY ALL ORDER BY ALL
"""


def plainly(paths: Sequence[Path], start: datetime, end: datetime) -> Callable[[], pa.Table]:
    """District by hour of single rows, as somebody asks DuckDB who knows nothing of us: on a connection of its own."""
    listed = ", ".join(f"'{path}'" for path in paths)
    moments = {"start": start.astimezone(UTC).replace(tzinfo=None), "end": end.astimezone(UTC).replace(tzinfo=None)}
    connection, said = duckdb.connect(), _SAID.format(listed=listed, **moments)
    return lambda: connection.sql(said).to_arrow_table()
