"""表格文件 CSV: rows of a .csv or .csv.gz file as reports, by a mapping file, one at a time."""

from __future__ import annotations

import csv
import gzip
import io
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from zhongshu.connectors.mapping import convert, header_flaws, load
from zhongshu.kernel.errors import BadInput, PackError

SUFFIXES = (".csv", ".csv.gz")
CELL_LIMIT = 1 << 20


def accepts(path: Path) -> bool:
    return path.name.lower().endswith(SUFFIXES)


def read(path: Path, mapping: Path) -> Iterator[dict[str, Any]]:
    """Rows as {line, columns, report, flaws}. BadInput for a file that can't be read, PackError for lacking columns.

    UTF-8 with or without a mark, otherwise GB 18030, which every office program here writes.
    """
    rules = load(mapping)
    csv.field_size_limit(CELL_LIMIT)
    with _open(path) as file:
        reader = csv.DictReader(file, restkey="", strict=False)
        if flaws := header_flaws(reader.fieldnames or [], rules, path.name):
            raise PackError(flaws)
        try:
            rows = ((reader.line_num, {k: v for k, v in row.items() if k}) for row in reader)
            yield from convert(rows, rules, path.name)
        except (csv.Error, UnicodeDecodeError, EOFError, OSError) as error:
            raise BadInput(f"{path.name}:{reader.line_num + 1}: {error}") from None


def _open(path: Path) -> io.TextIOWrapper:
    def binary() -> Any:
        return gzip.open(path, "rb") if path.name.endswith(".gz") else path.open("rb")

    try:
        with binary() as file:
            head: bytes = file.read(65536)
    except (OSError, EOFError) as error:
        raise BadInput(f"{path}: {error}") from None
    return io.TextIOWrapper(binary(), encoding=_encoding(head), newline="")


def _encoding(head: bytes) -> str:
    try:
        head.decode("utf-8")
    except UnicodeDecodeError as error:
        return "gb18030" if error.start < len(head) - 4 else "utf-8-sig"
    return "utf-8-sig"
