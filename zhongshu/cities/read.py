"""读包 read a pack into typed rows, keeping the line each row stood on so that every fault can be pointed at."""

from __future__ import annotations

import csv
import gzip
import io
import math
import re
import tomllib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta, timezone
from pathlib import Path
from typing import Any

import orjson
import shapely

from zhongshu.cities.spec import TABLES, Column, Table
from zhongshu.kernel.clocks import parse_shifts
from zhongshu.kernel.errors import Flaw, PackError
from zhongshu.kernel.lifecycle import Role
from zhongshu.kernel.places import Level, Scheme

Row = dict[str, Any]
"""One row: column name -> typed value. An empty optional number is None, an empty text ""."""

LINE = "_line"
SHAPE = "_shape"
"""Keys beside the columns: the line of the file, and the shapely geometry of a GeoJSON row."""

_LEVELS = {level.name.lower(): level for level in Level}
_FEATURE = re.compile(r'"type"\s*:\s*"Feature"')


@dataclass(slots=True)
class Pack:
    """城市包: `about` is pack.toml, `tables` the rows by table name, `shapes` of divisions by code.

    `codes` holds every code seen in a table, those of faulty rows too, so that one fault isn't reported twice.
    """

    folder: Path
    about: Row
    tables: dict[str, list[Row]] = field(default_factory=dict)
    shapes: dict[str, Any] = field(default_factory=dict)
    codes: dict[str, set[str]] = field(default_factory=dict)

    @property
    def scheme(self) -> Scheme:
        a, b, c, d = self.about["code_lengths"]
        return Scheme((a, b, c, d))

    @property
    def zone(self) -> timezone:
        return timezone(timedelta(minutes=self.about["zone_minutes"]))

    @property
    def effective(self) -> datetime:
        """The pack's effective date at midnight of its own zone, in UTC."""
        return midnight(self.about["effective"], self.zone)

    @property
    def version(self) -> str:
        return f"{self.about['code']}@{self.about['version']}"

    def rows(self, table: str) -> list[Row]:
        return self.tables.get(table, [])


def midnight(day: date, zone: timezone) -> datetime:
    return datetime.combine(day, time(), zone).astimezone(UTC)


def parse_host(text: str) -> str:
    """Check "level/kind"; the level must be one of the four."""
    level, slash, kind = text.partition("/")
    if level not in _LEVELS or not slash or not kind:
        raise ValueError(f"level/kind with level in {', '.join(_LEVELS)}")
    return text


def _host(text: str) -> str:
    return parse_host(text) if text else ""


def _words(text: str) -> tuple[str, ...]:
    return tuple(part for part in (piece.strip() for piece in text.split(";")) if part)


def _shifts(text: str) -> str:
    try:
        parse_shifts(text)
    except ValueError as error:
        raise ValueError(f'shifts such as "09:00-12:00;14:00-18:00" ({error})') from None
    return text


def _flag(text: str) -> bool:
    if text not in ("0", "1", ""):
        raise ValueError("0 or 1")
    return text == "1"


def _number(make: Callable[[str], float], what: str) -> Callable[[str], float | None]:
    def parse(text: str) -> float | None:
        if not text:
            return None
        try:
            value = make(text)
        except ValueError:
            raise ValueError(what) from None
        if not math.isfinite(value):
            raise ValueError(what)
        return value

    return parse


def _date(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise ValueError("a date such as 2026-02-17") from None


def _hosts(text: str) -> tuple[str, ...]:
    return tuple(parse_host(part) for part in _words(text))


def _roles(text: str) -> tuple[str, ...]:
    known = {role.value for role in Role} - {Role.SYSTEM.value}
    if set(_words(text)) - known:
        raise ValueError(f"roles out of {', '.join(sorted(known))}")
    return _words(text)


PARSERS: dict[str, Callable[[str], Any]] = {
    "text": str,
    "int": _number(int, "a whole number"),
    "float": _number(float, "a number"),
    "flag": _flag,
    "date": _date,
    "words": _words,
    "shifts": _shifts,
    "host": _host,
    "hosts": _hosts,
    "roles": _roles,
}


def text_of(path: Path) -> str:
    """The text of a pack file; it may be gzipped under the same name with `.gz`. A byte-order mark is dropped."""
    if path.exists():
        return path.read_text("utf-8-sig")
    return gzip.decompress(path.with_name(path.name + ".gz").read_bytes()).decode("utf-8-sig")


def present(folder: Path, table: Table) -> bool:
    return (folder / table.file).exists() or (folder / f"{table.file}.gz").exists()


def raw_rows(folder: Path, table: Table) -> tuple[list[str], Iterator[tuple[int, dict[str, str], Any]]]:
    """Column names found, and (line, texts, geometry or None) of each row; ValueError when the file can't be read."""
    text = text_of(folder / table.file)
    if table.geo:
        return [], _features(text)
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    header = next(reader, [])

    def lines() -> Iterator[tuple[int, dict[str, str], Any]]:
        for cells in reader:
            if cells:
                yield reader.line_num, dict(zip(header, cells, strict=False)), None

    return header, lines()


def _features(text: str) -> Iterator[tuple[int, dict[str, str], Any]]:
    features = orjson.loads(text)["features"]
    lines = [number for number, line in enumerate(text.split("\n"), 1) if _FEATURE.search(line)]
    if len(lines) != len(features):
        lines = [0] * len(features)
    shapes = shapely.from_geojson([orjson.dumps(f["geometry"]).decode() for f in features], on_invalid="ignore")
    for line, feature, shape in zip(lines, features, shapes, strict=True):
        cells = {key: "" if value is None else str(value) for key, value in feature["properties"].items()}
        yield line, cells, shape


def parse_cell(column: Column, text: str) -> Any:
    """The typed value of one cell; ValueError says in words what was expected."""
    if not text:
        if column.required:
            raise ValueError("a value")
        return PARSERS[column.kind]("") if column.kind != "date" else None
    value = PARSERS[column.kind](text)
    if column.choices and value not in column.choices:
        raise ValueError(f"one of {', '.join(column.choices)}")
    if column.low is not None and value < column.low:
        raise ValueError(f"at least {column.low:g}")
    if column.high is not None and value > column.high:
        raise ValueError(f"at most {column.high:g}")
    return value


def read_table(folder: Path, table: Table, codes: set[str]) -> tuple[list[Row], list[Flaw]]:
    """Every row that can be typed, and a flaw for every cell that can't; every code seen is added to `codes`."""
    try:
        header, lines = raw_rows(folder, table)
        missing = [c.name for c in table.columns if c.required and c.name not in header] if header else []
        if missing:
            return [], [Flaw(table.file, 1, name, "no such column", "this column") for name in missing]
        return _typed(table, lines, codes)
    except (UnicodeDecodeError, csv.Error, orjson.JSONDecodeError, KeyError, TypeError) as error:
        return [], [Flaw(table.file, 0, "", str(error), "a readable UTF-8 CSV or GeoJSON file")]


def _typed(
    table: Table, lines: Iterator[tuple[int, dict[str, str], Any]], codes: set[str]
) -> tuple[list[Row], list[Flaw]]:
    rows: list[Row] = []
    flaws: list[Flaw] = []
    for line, cells, shape in lines:
        row: Row = {LINE: line, SHAPE: shape}
        bad = False
        codes.add(cells.get("code" if "code" in cells else table.key[0], "").strip())
        for column in table.columns:
            text = cells.get(column.name, "").strip()
            try:
                row[column.name] = parse_cell(column, text)
            except ValueError as error:
                bad = True
                flaws.append(Flaw(table.file, line, column.name, text, str(error)))
        if not bad:
            rows.append(row)
    return rows, flaws


def read_about(folder: Path) -> Row:
    """pack.toml; PackError when it isn't there or isn't TOML."""
    path = folder / "pack.toml"
    try:
        return tomllib.loads(path.read_text("utf-8"))
    except FileNotFoundError:
        raise PackError([Flaw("pack.toml", 0, "", "no such file", "a description of the pack")]) from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise PackError([Flaw("pack.toml", 0, "", str(error), "valid TOML in UTF-8")]) from None


def read(folder: Path, only: tuple[str, ...] = ()) -> tuple[Pack, list[Flaw]]:
    """The pack with every row that could be typed, and a flaw for each that couldn't; `only` names some tables."""
    pack = Pack(folder, read_about(folder))
    flaws: list[Flaw] = []
    for table in TABLES:
        if only and table.name not in only:
            continue
        if not present(folder, table):
            if table.required:
                flaws.append(Flaw(table.file, 0, "", "no such file", "a table that every pack has"))
            continue
        rows, wrong = read_table(folder, table, pack.codes.setdefault(table.held, set()))
        flaws += wrong
        pack.tables[table.held] = rows
    pack.shapes = {row["code"]: row[SHAPE] for row in pack.rows("division_shapes")}
    return pack, flaws
