"""对照表 mapping: a TOML file that says how the columns of somebody's table become reports.

source = "city-311"            # what the keys are unique in
zone = "Asia/Shanghai"         # zone of times without one
datum = "wgs84"                # of lon and lat
key = ["number"]               # one column, or several that together are the natural key
required = ["number", "lon"]   # columns that must not be empty

[columns]                      # field of the report = column
at = "created"
lon = "longitude"
[templates]                    # field = text with {columns}
text = "{kind}: {words}"
[constants]                    # field = the same for every row
channel = "import"
[dates]                        # column = strptime format
created = "%Y-%m-%d %H:%M:%S"
[values.kind]                  # column: what it says = what it means
"Pot Hole" = "road.hole"
[[checks]]                     # rows that can't be true
left = "closed"
op = ">="
right = "created"
"""

from __future__ import annotations

import operator
import tomllib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from zhongshu.kernel.errors import BadInput, Flaw

FIELDS = frozenset(
    {"text", "channel", "address", "lon", "lat", "datum", "name", "phone", "key", "source", "at", "category", "merge"}
)
TABLES = ("columns", "templates", "constants", "dates", "values")
KNOWN = frozenset({"source", "zone", "datum", "key", "required", "checks", *TABLES})
OPERATORS: dict[str, Callable[[Any, Any], bool]] = {
    ">=": operator.ge,
    ">": operator.gt,
    "<=": operator.le,
    "<": operator.lt,
    "==": operator.eq,
    "!=": operator.ne,
}


@dataclass(frozen=True, slots=True)
class Check:
    """A comparison of two columns of one row; it holds by itself when either is empty."""

    left: str
    op: str
    right: str


@dataclass(frozen=True, slots=True)
class Rules:
    """One mapping file, read and checked."""

    source: str
    key: Sequence[str]
    zone: ZoneInfo
    datum: str = "wgs84"
    required: Sequence[str] = ()
    columns: Mapping[str, str] = field(default_factory=dict)
    templates: Mapping[str, str] = field(default_factory=dict)
    constants: Mapping[str, str] = field(default_factory=dict)
    dates: Mapping[str, str] = field(default_factory=dict)
    values: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    checks: Sequence[Check] = ()


def load(path: Path) -> Rules:
    """Read a mapping; BadInput says what is wrong with it."""
    try:
        data = tomllib.loads(path.read_text("utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise BadInput(f"{path}: {error}") from None
    return parse(data, str(path))


def parse(data: Mapping[str, Any], name: str) -> Rules:
    """A mapping from its TOML tables; BadInput names what is unknown or missing."""
    if unknown := sorted(set(data) - KNOWN):
        raise BadInput(f"{name}: found {', '.join(unknown)}, expected only {', '.join(sorted(KNOWN))}")
    fields = {**data.get("columns", {}), **data.get("templates", {}), **data.get("constants", {})}
    if strange := sorted(set(fields) - FIELDS):
        raise BadInput(f"{name}: found field {', '.join(strange)}, expected one of {', '.join(sorted(FIELDS))}")
    key = data.get("key", [])
    if not data.get("source") or not key or "text" not in fields:
        raise BadInput(f"{name}: source, key and a column or template for text are needed")
    try:
        zone = ZoneInfo(data.get("zone", "Asia/Shanghai"))
        checks = [Check(one["left"], one["op"], one["right"]) for one in data.get("checks", [])]
    except (ZoneInfoNotFoundError, ValueError, KeyError, TypeError) as error:
        raise BadInput(f"{name}: zone or checks: {error}") from None
    if bad := [check.op for check in checks if check.op not in OPERATORS]:
        raise BadInput(f"{name}: checks: found {bad[0]!r}, expected one of {' '.join(OPERATORS)}")
    given = {part: data[part] for part in ("datum", *TABLES) if part in data}
    key = [key] if isinstance(key, str) else key
    return Rules(data["source"], key, zone, required=data.get("required", ()), checks=checks, **given)


Numbered = tuple[int, Mapping[str, Any]]


def convert(rows: Iterable[Numbered], mapping: Rules, file: str) -> Iterator[dict[str, Any]]:
    """Rows as {line, columns, report, flaws}: `report` is what the hub's normalising takes, or None beside flaws."""
    for line, row in rows:
        flaws: list[Flaw] = []
        parsed = {name: _cell(value, name, mapping, (file, line, flaws)) for name, value in row.items()}
        flaws += _needed(parsed, mapping, file, line)
        if not flaws:
            flaws += _checked(parsed, row, mapping, (file, line))
        report = None if flaws else _report(parsed, mapping)
        told = {name: text(value) for name, value in row.items()}
        yield {"line": line, "columns": told, "report": report, "flaws": flaws}


def header_flaws(header: Sequence[str], mapping: Rules, file: str) -> list[Flaw]:
    """Columns that the mapping names and the file lacks."""
    wanted = {*mapping.key, *mapping.required, *mapping.columns.values(), *mapping.dates, *mapping.values}
    wanted |= {side for check in mapping.checks for side in (check.left, check.right)}
    found = ", ".join(header)[:200]
    return [Flaw(file, 1, name, found, f"a column {name!r}") for name in sorted(wanted - set(header))]


def text(value: Any) -> str:
    """A cell as text; a whole number from a spreadsheet without its `.0`."""
    if value is None:
        return ""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return value.isoformat() if isinstance(value, datetime) else str(value)


def _cell(value: Any, name: str, mapping: Rules, where: tuple[str, int, list[Flaw]]) -> Any:
    words = text(value).strip()
    if words and name in mapping.dates:
        file, line, flaws = where
        try:
            at = value if isinstance(value, datetime) else datetime.strptime(words, mapping.dates[name])
        except ValueError:
            flaws.append(Flaw(file, line, name, words, f"a time like {mapping.dates[name]}"))
            return words
        return at if at.tzinfo else at.replace(tzinfo=mapping.zone)
    return mapping.values.get(name, {}).get(words, words)


def _needed(row: Mapping[str, Any], mapping: Rules, file: str, line: int) -> list[Flaw]:
    wanted = dict.fromkeys([*mapping.key, *mapping.required])
    return [Flaw(file, line, name, "", "a value") for name in wanted if row.get(name) in (None, "")]


def _checked(row: Mapping[str, Any], said: Mapping[str, Any], mapping: Rules, where: tuple[str, int]) -> Iterator[Flaw]:
    for check in mapping.checks:
        left, right = row.get(check.left), row.get(check.right)
        if left in (None, "") or right in (None, ""):
            continue
        try:
            holds = OPERATORS[check.op](left, right)
        except TypeError:
            holds = False
        if not holds:
            yield Flaw(
                *where, check.left, text(said[check.left]), f"{check.op} {check.right} ({text(said[check.right])})"
            )


def _report(row: Mapping[str, Any], mapping: Rules) -> dict[str, Any]:
    report: dict[str, Any] = {"source": mapping.source, "datum": mapping.datum, "channel": "import"}
    report |= mapping.constants
    report |= {name: row.get(column, "") for name, column in mapping.columns.items()}
    words = {name: text(value) for name, value in row.items()}
    report |= {name: template.format_map(words) for name, template in mapping.templates.items()}
    report["key"] = "|".join(words[name] for name in mapping.key)
    return report
