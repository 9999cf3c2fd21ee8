"""湖文件 Parquet files of the lake: written whole, forced to the disk, read back and compared before they count."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from zhongshu.data.lake.place import FACT, HOUR, OBSERVATION, Part
from zhongshu.kernel.errors import Unavailable

_MOMENT = pa.timestamp("us")
"""UTC without a zone: every engine reads it alike, whatever zone its session has."""

SCHEMAS: dict[str, pa.Schema] = {
    OBSERVATION: pa.schema(
        [
            ("sensor", pa.string()),
            ("at", _MOMENT),
            ("district", pa.string()),
            ("place", pa.string()),
            ("grid", pa.string()),
            ("value", pa.float64()),
        ]
    ),
    HOUR: pa.schema(
        [
            ("at", _MOMENT),
            ("district", pa.string()),
            ("place", pa.string()),
            ("grid", pa.string()),
            ("n", pa.int64()),
            ("total", pa.float64()),
            ("least", pa.float64()),
            ("most", pa.float64()),
        ]
    ),
    FACT: pa.schema(
        [
            ("id", pa.int64()),
            ("seq", pa.int64()),
            ("kind", pa.string()),
            ("subject", pa.int64()),
            ("cause", pa.int64()),
            ("at", _MOMENT),
            ("recorded_at", _MOMENT),
            ("actor", pa.string()),
            ("district", pa.string()),
            ("place", pa.string()),
            ("versions", pa.string()),
            ("payload", pa.string()),
            ("hash", pa.string()),
        ]
    ),
}
"""Columns of each table; `hash` is hexadecimal, `cause` 0 for none, `district` the place at that level."""

ORDER: dict[str, Sequence[str]] = {
    OBSERVATION: ("grid", "sensor", "at"),
    HOUR: ("grid", "at", "place"),
    FACT: ("recorded_at", "seq"),
}
"""How rows lie in a file: a question about one grid reads few row groups."""

GROUP = 100_000
"""Rows of a row group."""
NOWHERE = "none"
"""Folder of rows that name no place."""


@dataclass(frozen=True, slots=True)
class Written:
    """A file that lies on the disk under its draft name; `path` is relative to the lake's folder."""

    id: int
    part: Part
    path: str
    rows: int
    bytes: int
    sha256: str


def ordered(rows: pa.Table, table: str) -> pa.Table:
    return rows.sort_by([(name, "ascending") for name in ORDER[table]]).combine_chunks()


def digest(path: Path) -> str:
    """SHA-256 of a file, in hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def draft(path: Path) -> Path:
    return path.with_name(path.name + ".draft")


def found(folder: Path, path: str) -> Path:
    """Where a file lies: a runner that was killed may have left it under its draft name."""
    whole = folder / path
    return whole if whole.exists() or not draft(whole).exists() else draft(whole)


def lay(rows: pa.Table, path: Path) -> None:
    """Write rows as files of the lake have them; nothing is forced to the disk yet."""
    pq.write_table(rows, path, compression="zstd", row_group_size=GROUP)


def write(folder: Path, number: int, part: Part, rows: pa.Table) -> Written:
    """Write rows, force them to the disk, read them back. Unavailable when the disk gives back something else.

    The file keeps its draft name until `settle`, after the transaction that lists it.
    """
    rows = ordered(rows, part.table)
    place = Path(part.table) / part.day.isoformat() / (part.district or NOWHERE)
    (folder / place).mkdir(parents=True, exist_ok=True, mode=0o700)
    begun = folder / place / f"{number}.draft"
    lay(rows, begun)
    _force(begun)
    if not pq.ParquetFile(begun).read().equals(rows):
        raise Unavailable(f"{begun}: what was read back is not what was written / 读回内容与写入不符")
    sha = digest(begun)
    name = f"{number}-{sha[:12]}.parquet"
    begun.rename(draft(folder / place / name))
    _force(folder / place)
    size = draft(folder / place / name).stat().st_size
    return Written(number, part, (place / name).as_posix(), rows.num_rows, size, sha)


def settle(folder: Path, path: str) -> None:
    """Give a listed file its own name. Nothing when it has it already."""
    whole = folder / path
    if draft(whole).exists():
        draft(whole).rename(whole)
        _force(whole.parent)


def _force(path: Path) -> None:
    """What was written to a file, or to a folder's list of names, is on the disk when this returns."""
    if os.name == "nt" and path.is_dir():
        return
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def read(paths: Sequence[Path], table: str) -> pa.Table:
    """All rows of some files of one table."""
    return pa.concat_tables([SCHEMAS[table].empty_table(), *(pq.ParquetFile(path).read() for path in paths)])
