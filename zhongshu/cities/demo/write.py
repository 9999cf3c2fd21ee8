"""写包 write a pack's files; the same rows always give the same bytes."""

from __future__ import annotations

import csv
import gzip
import json
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import shapely

from zhongshu.cities.spec import TABLES


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return "1" if value else "0"
    if isinstance(value, float):
        return f"{value:.6f}".rstrip("0").rstrip(".")
    if isinstance(value, (list, tuple)):
        return ";".join(map(str, value))
    return "" if value is None else str(value)


def write_csv(folder: Path, name: str, rows: Iterable[Mapping[str, Any]]) -> None:
    """Write NAME.csv with the columns that the specification gives it, in that order."""
    table = next(table for table in TABLES if table.name == name and not table.geo)
    columns = [column.name for column in table.columns]
    with (folder / table.file).open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(columns)
        writer.writerows([_text(row.get(column)) for column in columns] for row in rows)


def write_geojson(folder: Path, name: str, rows: Sequence[Mapping[str, Any]], shapes: Any, zipped: bool) -> None:
    """Write NAME.geojson (or .geojson.gz), one feature a line."""
    lines = [
        f'{{"type": "Feature", "properties": {json.dumps(row, ensure_ascii=False)}, "geometry": {shape}}}'
        for row, shape in zip(rows, shapely.to_geojson(shapes), strict=True)
    ]
    data = ('{"type": "FeatureCollection", "features": [\n' + ",\n".join(lines) + "\n]}\n").encode()
    path = folder / f"{name}.geojson"
    if zipped:
        path.unlink(missing_ok=True)
        path.with_name(path.name + ".gz").write_bytes(gzip.compress(data, 6, mtime=0))
    else:
        path.with_name(path.name + ".gz").unlink(missing_ok=True)
        path.write_bytes(data)


def write_json(folder: Path, name: str, value: Any) -> None:
    (folder / name).write_text(json.dumps(value, ensure_ascii=False, indent=1, sort_keys=True) + "\n", "utf-8")
