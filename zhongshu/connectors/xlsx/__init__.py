"""电子表格 XLSX: rows of the first sheet of a workbook as reports, by a mapping file, one at a time."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from zhongshu.connectors.mapping import convert, header_flaws, load, text
from zhongshu.kernel.errors import BadInput, PackError


def accepts(path: Path) -> bool:
    return path.name.lower().endswith(".xlsx")


def read(path: Path, mapping: Path) -> Iterator[dict[str, Any]]:
    """Rows as {line, columns, report, flaws}. BadInput for a file that can't be read, PackError for lacking columns."""
    from openpyxl import load_workbook
    from openpyxl.utils.exceptions import InvalidFileException

    rules = load(mapping)
    try:
        book = load_workbook(path, read_only=True, data_only=True)
    except (OSError, KeyError, ValueError, zipfile.BadZipFile, InvalidFileException) as error:
        raise BadInput(f"{path.name}: found no workbook, expected .xlsx ({error})") from None
    try:
        rows = enumerate(book.worksheets[0].iter_rows(values_only=True), start=1)
        header = [text(cell).strip() for cell in next(rows, (1, ()))[1]]
        if flaws := header_flaws(header, rules, path.name):
            raise PackError(flaws)
        yield from convert(
            (
                (line, {name: cell for name, cell in zip(header, cells, strict=False) if name})
                for line, cells in rows
                if any(cell is not None for cell in cells)
            ),
            rules,
            path.name,
        )
    finally:
        book.close()
