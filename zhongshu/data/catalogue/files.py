"""文件 tables that lie in files: CSV, XLSX, Parquet, GeoJSON, GeoPackage, read as columns."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
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
        raise _unread(path, error) from None
    raise BadInput(f"{path.name}: found {suffix or 'no suffix'}, expected one of {', '.join(KNOWN)}")


def batches(path: Path, columns: Sequence[str], size: int) -> tuple[pa.Schema, Iterator[pa.RecordBatch]]:
    """The schema of a file, and its rows piece by piece where its format allows that. BadInput as `read`."""
    suffix = path.suffix.lower()
    if suffix not in (*_TEXT, *_COLUMNS) or not path.is_file():
        held = read(path, columns)
        return held.schema, iter(held.to_batches(max_chunksize=size))
    try:
        return _rows(path, columns, size) if suffix in _COLUMNS else _lines(path, columns, size)
    except (pa.ArrowInvalid, KeyError, UnicodeDecodeError, OSError) as error:
        raise _unread(path, error) from None


def _rows(path: Path, columns: Sequence[str], size: int) -> tuple[pa.Schema, Iterator[pa.RecordBatch]]:
    """Of a Parquet file. A scanner reads ahead, which took a third more memory than this."""
    file = pyarrow.parquet.ParquetFile(path, pre_buffer=False)
    wanted = list(columns) or file.schema_arrow.names
    schema = pa.schema([file.schema_arrow.field(name) for name in wanted])
    return schema, _pieces(path, file.iter_batches(size, columns=wanted, use_threads=False))


def _lines(path: Path, columns: Sequence[str], size: int) -> tuple[pa.Schema, Iterator[pa.RecordBatch]]:
    plan = _plan(path)
    told = plan.scanner(columns=list(columns) or None, batch_size=size, batch_readahead=1, fragment_readahead=1)
    return told.projected_schema, _pieces(path, told.to_batches())


def _pieces(path: Path, told: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
    try:
        yield from told
    except (pa.ArrowInvalid, OSError) as error:
        raise _unread(path, error) from None


def _unread(path: Path, error: Exception) -> BadInput:
    return BadInput(f"{path.name}: {str(error).splitlines()[0]}")


def grouped(schema: pa.Schema, batches: Iterable[pa.RecordBatch], size: int) -> Iterator[pa.Table]:
    """Batches of any length as tables of `size` rows; the last one may be shorter, and empty when it is the only."""
    held: list[pa.RecordBatch] = []
    rows, told = 0, False
    for batch in batches:
        start = 0
        while start < batch.num_rows:
            piece = batch.slice(start, size - rows)
            held, rows, start = [*held, piece], rows + piece.num_rows, start + piece.num_rows
            if rows == size:
                yield pa.Table.from_batches(held, schema)
                held, rows, told = [], 0, True
    if held or not told:
        yield pa.Table.from_batches(held, schema)


def count(path: Path) -> int:
    """Rows in a file; a Parquet file says it by itself, others are read."""
    if path.suffix.lower() in _COLUMNS:
        return int(pyarrow.parquet.read_metadata(path).num_rows)
    return int(read(path).num_rows)


def _csv(path: Path, columns: Sequence[str], limit: int | None) -> pa.Table:
    return _first(_plan(path), columns, limit)


def _plan(path: Path) -> pyarrow.dataset.Dataset:
    """A CSV file whose cells are all texts."""
    encoding = encoding_of(path)
    with path.open(encoding="utf-8-sig" if encoding == "utf-8" else encoding, newline="") as file:
        header = file.readline().rstrip("\r\n")
    names = pyarrow.csv.read_csv(pa.BufferReader((header + "\n").encode())).column_names if header else []
    plan = pyarrow.dataset.CsvFileFormat(
        parse_options=pyarrow.csv.ParseOptions(newlines_in_values=True),
        convert_options=pyarrow.csv.ConvertOptions(column_types=dict.fromkeys(names, pa.string())),
        read_options=pyarrow.csv.ReadOptions(encoding="utf8" if encoding == "utf-8" else encoding),
    )
    return pyarrow.dataset.dataset(path, format=plan)


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
