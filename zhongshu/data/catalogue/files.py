"""文件 tables that lie in files: CSV, XLSX, Parquet, GeoJSON, GeoPackage, read as columns."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pyarrow as pa
import pyarrow.csv
import pyarrow.dataset
import pyarrow.parquet

from zhongshu.kernel.errors import BadInput

HEAD = 1 << 16
"""Bytes of a CSV file by which its encoding is told."""
GEOMETRY = "geometry"
"""The column that holds shapes as WKB, lon and lat."""

_TEXT = (".csv",)
_BOOKS = (".xlsx", ".xlsm", ".xls", ".ods")
_COLUMNS = (".parquet",)
_SHAPES = (".geojson", ".json", ".gpkg")
KNOWN = (*_TEXT, *_BOOKS, *_COLUMNS, *_SHAPES)


def read(path: Path, columns: Sequence[str] = (), limit: int | None = None) -> pa.Table:
    """The table in a file, or some of its columns and first rows. BadInput when it can't be read or lacks a column.

    Cells of CSV files and workbooks are text as it was written: whoever checks them must see what stood there.
    """
    suffix = path.suffix.lower()
    if not path.is_file():
        raise BadInput(f"{path.name}: found no such file / 没有这个文件")
    try:
        if suffix in _TEXT:
            return _csv(path, columns, limit)
        if suffix in _BOOKS:
            return _chosen(_book(path, limit), columns, path)
        if suffix in _COLUMNS:
            return _first(pyarrow.dataset.dataset(path, format="parquet"), columns, limit)
        if suffix in _SHAPES:
            return _chosen(_shapes(path, limit), columns, path)
    except (pa.ArrowInvalid, pa.ArrowKeyError, UnicodeDecodeError, OSError, ValueError) as error:
        raise BadInput(f"{path.name}: {str(error).splitlines()[0]}") from None
    raise BadInput(f"{path.name}: found {suffix or 'no suffix'}, expected one of {', '.join(KNOWN)}")


def count(path: Path) -> int:
    """Rows in a file; a Parquet file says it by itself, others are read."""
    if path.suffix.lower() in _COLUMNS:
        return int(pyarrow.parquet.read_metadata(path).num_rows)
    return int(read(path).num_rows)


def _csv(path: Path, columns: Sequence[str], limit: int | None) -> pa.Table:
    encoding = encoding_of(path)
    with path.open(encoding="utf-8-sig" if encoding == "utf-8" else encoding, newline="") as file:
        header = file.readline().rstrip("\r\n")
    names = pyarrow.csv.read_csv(pa.BufferReader((header + "\n").encode())).column_names if header else []
    plan = pyarrow.dataset.CsvFileFormat(
        parse_options=pyarrow.csv.ParseOptions(newlines_in_values=True),
        convert_options=pyarrow.csv.ConvertOptions(column_types=dict.fromkeys(names, pa.string())),
        read_options=pyarrow.csv.ReadOptions(encoding="utf8" if encoding == "utf-8" else encoding),
    )
    return _first(pyarrow.dataset.dataset(path, format=plan), columns, limit)


def encoding_of(path: Path) -> str:
    """UTF-8 with or without a mark, otherwise GB 18030, which every office program here writes."""
    with path.open("rb") as file:
        head = file.read(HEAD)
    try:
        head.decode("utf-8")
    except UnicodeDecodeError as error:
        return "gb18030" if error.start < len(head) - 4 else "utf-8"
    return "utf-8"


def _first(found: pyarrow.dataset.Dataset, columns: Sequence[str], limit: int | None) -> pa.Table:
    wanted = list(columns) or None
    return found.to_table(columns=wanted) if limit is None else found.head(limit, columns=wanted)


def _book(path: Path, limit: int | None) -> pa.Table:
    import fastexcel

    sheet = fastexcel.read_excel(path).load_sheet(0, dtypes="string", n_rows=limit)
    return pa.Table.from_batches([pa.record_batch(sheet.to_arrow())])


def _shapes(path: Path, limit: int | None) -> pa.Table:
    import pyogrio

    about, found = pyogrio.read_arrow(path, max_features=limit)
    shape = about["geometry_name"] or "wkb_geometry"
    names = [GEOMETRY if name == shape else name for name in found.column_names]
    return found.rename_columns(names)


def _chosen(found: pa.Table, columns: Sequence[str], path: Path) -> pa.Table:
    lacking = [name for name in columns if name not in found.column_names]
    if lacking:
        raise BadInput(f"{path.name}: found {', '.join(found.column_names)}, expected a column {lacking[0]!r}")
    return found.select(list(columns)) if columns else found
