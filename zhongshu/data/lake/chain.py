"""湖中的链 the ledger's chain over rows as the lake has them: each row's hash must follow from the hash before it."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from datetime import UTC, date, datetime
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
from django.db import connections

from zhongshu.data.databases import ROAD

_PARTS = ("id", "seq", "kind", "subject", "cause", "at", "recorded_at", "actor", "place", "versions", "payload")

_HASHES = """
SELECT seq, encode(hash, 'hex') FROM ledger
WHERE recorded_at >= %(start)s AND recorded_at < %(start)s + interval '1 month' AND seq BETWEEN %(first)s AND %(last)s
"""


def broken(rows: pa.Table) -> list[int]:
    """Ids of the facts that are not what the ledger's chain says, of rows as the lake has them."""
    months = pc.floor_temporal(rows["recorded_at"], unit="month")
    found: list[int] = []
    for month in pc.unique(months).to_pylist():
        of_month = rows.filter(pc.equal(months, month))
        bounds = pc.min_max(of_month["seq"]).as_py()
        hashes = _hashes(month.date(), bounds["min"] - 1, bounds["max"])
        found += [row[0] for row in _rows(of_month) if not _follows(row, hashes)]
    return found


def _follows(row: tuple[Any, ...], hashes: dict[int, str]) -> bool:
    *parts, told = row
    before = bytes.fromhex(hashes.get(parts[1] - 1, ""))
    said = hashlib.sha256(before + "\x1f".join(map(str, parts)).encode()).hexdigest()
    return bool(said == told == hashes.get(parts[1]))


def _rows(rows: pa.Table) -> Iterator[tuple[Any, ...]]:
    """Moments as microseconds, as the ledger's digest has them."""
    columns = [rows[name].cast(pa.int64()) if pa.types.is_timestamp(rows[name].type) else rows[name] for name in _PARTS]
    return zip(*(column.to_pylist() for column in [*columns, rows["hash"]]), strict=True)


def _hashes(month: date, first: int, last: int) -> dict[int, str]:
    """The ledger's own hashes of some rows of a month."""
    start = datetime(month.year, month.month, 1, tzinfo=UTC)
    with connections[ROAD].cursor() as cursor:
        cursor.execute(_HASHES, {"start": start, "first": first, "last": last})
        return dict(cursor.fetchall())
