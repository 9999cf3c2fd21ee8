"""查包 check a pack: every fault, each with file, line, field, what was found and what was expected."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, time
from pathlib import Path
from typing import Any

import shapely

from zhongshu.cities import (
    catalogue,
    elements,
    judging,
    overlays,
    points,
    quality,
    rubrics,
    sharing_checks,
    signs,
    spending,
    supervision,
    training,
)
from zhongshu.cities.read import LINE, SHAPE, Pack, Row, read
from zhongshu.cities.spec import ABOUT_KEYS, GRIDS, TABLES, Column, Table
from zhongshu.data.figures.counting import COUNTERS
from zhongshu.data.figures.formulas import names, parse
from zhongshu.kernel.desk import fallbacks
from zhongshu.kernel.errors import Flaw, PackError
from zhongshu.kernel.places import Datum, Level


@dataclass(frozen=True, slots=True)
class Verdict:
    """`flaws` forbid loading; `gaps` are what a person should know and may leave."""

    pack: Pack | None
    flaws: list[Flaw]
    gaps: list[Flaw]


def check(folder: Path) -> list[Flaw]:
    """Every fault that forbids loading the pack in `folder`; an empty list when it is sound."""
    return examine(folder).flaws


def examine(folder: Path) -> Verdict:
    """Read the pack once and look at everything: faults, gaps, and the pack itself."""
    try:
        pack, flaws = read(folder)
    except PackError as error:
        return Verdict(None, error.flaws, [])
    about = list(_about(pack))
    flaws += about
    for table in TABLES:
        rows = pack.rows(table.held)
        flaws += _duplicates(table, rows)
        flaws += _references(pack, table, rows)
        flaws += _cycles(table, rows)
    flaws += _hosts(pack)
    flaws += _recalled(pack)
    flaws += _limits(pack)
    flaws += _shapes(pack)
    flaws += _formulas(pack)
    flaws += overlays.faults(pack)
    flaws += judging.faults(pack)
    flaws += rubrics.faults(pack)
    flaws += elements.faults(pack)
    flaws += quality.faults(pack)
    flaws += training.faults(pack)
    flaws += catalogue.faults(pack)
    flaws += sharing_checks.faults(pack)
    flaws += signs.faults(pack)
    flaws += spending.faults(pack)
    flaws += points.faults(pack)
    flaws += supervision.faults(pack)
    if not about:
        flaws += _levels(pack)
        flaws += _points(pack)
        flaws += _years(pack)
    return Verdict(pack, flaws, list(_gaps(pack)))


def _key(table: Table, row: Row) -> str:
    return "/".join(str(row[name]) for name in table.key)


def _about(pack: Pack) -> Iterator[Flaw]:
    for name, kind in ABOUT_KEYS.items():
        if name not in pack.about:
            yield Flaw("pack.toml", 0, name, "nothing", "a value")
        elif not isinstance(pack.about[name], kind):
            yield Flaw("pack.toml", 0, name, str(pack.about[name]), f"a value of type {kind}")
    about = pack.about
    if "effective" in about and type(about["effective"]) is not date:
        yield Flaw("pack.toml", 0, "effective", str(about["effective"]), "a date such as 2025-01-01")
    if about.get("datum") not in set(Datum):
        yield Flaw("pack.toml", 0, "datum", str(about.get("datum")), f"one of {', '.join(Datum)}")
    yield from _about_lists(about)


def _about_lists(about: Row) -> Iterator[Flaw]:
    lengths = about.get("code_lengths", [])
    if len(lengths) != 4 or list(lengths) != sorted(set(lengths)):
        yield Flaw("pack.toml", 0, "code_lengths", str(lengths), "four growing lengths, one for each level")
    box = about.get("bounds", [])
    if len(box) != 4 or not (box[0] < box[2] and box[1] < box[3]):
        yield Flaw("pack.toml", 0, "bounds", str(box), "[west, south, east, north]")


def _duplicates(table: Table, rows: list[Row]) -> Iterator[Flaw]:
    seen: dict[str, Row] = {}
    for row in rows:
        key = _key(table, row)
        first = seen.setdefault(key, row)
        if first is not row:
            yield Flaw(
                table.file, row[LINE], "+".join(table.key), key, f"a key of its own (line {first[LINE]} has it too)"
            )


def _references(pack: Pack, table: Table, rows: list[Row]) -> Iterator[Flaw]:
    for column in table.columns:
        if column.refers:
            yield from _dangling(pack, table, column, rows)


def _dangling(pack: Pack, table: Table, column: Column, rows: list[Row]) -> Iterator[Flaw]:
    known = pack.codes.get(column.refers, set()) | set(column.also)
    for row in rows:
        values = row[column.name] if column.kind == "words" else (row[column.name],)
        for value in values:
            if value and value not in known:
                yield Flaw(table.file, row[LINE], column.name, value, f"a code of {column.refers}")


def _cycles(table: Table, rows: list[Row]) -> Iterator[Flaw]:
    """A row whose chain of parents comes back to it; reported once for each row of the circle."""
    if not table.tree:
        return
    above = {row["code"]: row[table.tree] for row in rows}
    for row in rows:
        if row["code"] in chain(above[row["code"]], above):
            yield Flaw(table.file, row[LINE], table.tree, row[table.tree], "a parent that isn't below the row itself")


def _hosts(pack: Pack) -> Iterator[Flaw]:
    held = {f"{Level(row['level']).name.lower()}/{row['kind']}" for row in pack.rows("units")}
    for table in ("duties", "emergencies"):
        for row in pack.rows(table):
            for name, hosts in (("host", (row["host"],)), ("assists", row["assists"])):
                yield from (_unheld(table, row, name, host) for host in hosts if host not in held)
    for row in pack.rows("calls"):
        yield from (_unheld("calls", row, "needs", host) for host in row["needs"] if host not in held)
    for row in pack.rows("categories"):
        if row["verify"] and row["verify"] not in held:
            yield _unheld("categories", row, "verify", row["verify"])


def _unheld(table: str, row: Row, name: str, host: str) -> Flaw:
    return Flaw(f"{table}.csv", row[LINE], name, host, "a level/kind that at least one unit has")


def _recalled(pack: Pack) -> Iterator[Flaw]:
    low = ("street", "community")
    for row in pack.rows("duties"):
        if row["list_kind"] == "recalled" and row["host"].split("/")[0] in low:
            yield Flaw("duties.csv", row[LINE], "host", row["host"], "city or district: a recalled item can't go lower")


def _limits(pack: Pack) -> Iterator[Flaw]:
    """A limit is for one duty or for one category, and exact in at least one way beyond the duty's own."""
    for row in pack.rows("limits"):
        if bool(row["duty"]) == bool(row["category"]):
            found = f"{row['duty']}+{row['category']}"
            yield Flaw("limits.csv", row[LINE], "duty", found, "either a duty or a category")


def _formulas(pack: Pack) -> Iterator[Flaw]:
    """Formulas must be readable and combine what is counted; periods must begin at a time of day."""
    for row in pack.rows("formulas"):
        for name in ("numerator", "denominator"):
            yield from _formula(row, name)
    for row in pack.rows("windows"):
        try:
            time.fromisoformat(row["start_time"])
        except ValueError:
            yield Flaw("windows.csv", row[LINE], "start_time", row["start_time"], "a time such as 12:00")


def _formula(row: Row, name: str) -> Iterator[Flaw]:
    text = row[name]
    try:
        unknown = sorted(names(parse(text)) - set(COUNTERS)) if text else []
    except ValueError as error:
        yield Flaw("formulas.csv", row[LINE], name, text, f"a formula of counters ({error})")
        return
    if unknown:
        yield Flaw("formulas.csv", row[LINE], name, unknown[0], "a counter that is counted")


def _levels(pack: Pack) -> Iterator[Flaw]:
    """Codes must say what the tree says: the level that the code's digits show, and the parent's prefix."""
    scheme = pack.scheme
    level_of = {row["code"]: row["level"] for row in pack.rows("divisions")}
    for row in pack.rows("divisions"):
        code, parent = row["code"], row["parent"]
        if len(code) != scheme.lengths[-1]:
            yield Flaw("divisions.csv", row[LINE], "code", code, f"{scheme.lengths[-1]} characters")
        elif scheme.level(code) != row["level"]:
            shown = int(scheme.level(code))
            yield Flaw("divisions.csv", row[LINE], "level", str(row["level"]), f"{shown}, which the code shows")
        if row["level"] > 1 and not parent:
            yield Flaw("divisions.csv", row[LINE], "parent", "", "the division above")
        elif parent in level_of and not (level_of[parent] < row["level"] and scheme.span(parent).holds(code)):
            yield Flaw("divisions.csv", row[LINE], "parent", parent, "a higher division whose prefix the code has")


def _shapes(pack: Pack) -> Iterator[Flaw]:
    for table in TABLES:
        rows = pack.rows(table.held) if table.geo else []
        shapes: Any = [row[SHAPE] for row in rows]
        kinds = shapely.get_type_id(shapes)
        sound = shapely.is_valid(shapes)
        empty = shapely.is_empty(shapes)
        for row, kind, valid, hollow in zip(rows, kinds, sound, empty, strict=True):
            if kind not in (3, 6) or hollow:
                yield Flaw(table.file, row[LINE], "geometry", str(row[SHAPE])[:40], "a polygon or a multipolygon")
            elif not valid:
                why = shapely.is_valid_reason(row[SHAPE])
                yield Flaw(table.file, row[LINE], "geometry", why, "a valid polygon, its ring not crossing itself")


def _points(pack: Pack) -> Iterator[Flaw]:
    west, south, east, north = pack.about["bounds"]
    for name in ("places", "components", "sensors"):
        for row in pack.rows(name):
            if not west <= row["lon"] <= east:
                yield Flaw(
                    f"{name}.csv", row[LINE], "lon", f"{row['lon']:g}", f"{west:g} to {east:g}, the pack's bounds"
                )
            if not south <= row["lat"] <= north:
                yield Flaw(
                    f"{name}.csv", row[LINE], "lat", f"{row['lat']:g}", f"{south:g} to {north:g}, the pack's bounds"
                )
    yield from _far_shapes(pack)


def _far_shapes(pack: Pack) -> Iterator[Flaw]:
    west, south, east, north = pack.about["bounds"]
    rows = pack.rows("grids")
    boxes = shapely.bounds([row[SHAPE] for row in rows]) if rows else []
    for row, (w, s, e, n) in zip(rows, boxes, strict=True):
        if w < west or s < south or e > east or n > north:
            yield Flaw(GRIDS.file, row[LINE], "geometry", f"{w:g},{s:g},{e:g},{n:g}", "a shape inside the bounds")


def _years(pack: Pack) -> Iterator[Flaw]:
    """A calendar that counts working time must know the holidays of every year the pack is meant for."""
    wanted = pack.about.get("years", [pack.about["effective"].year])
    known: dict[str, set[int]] = {}
    for row in pack.rows("calendar_days"):
        known.setdefault(row["calendar"], set()).add(row["date"].year)
    for row in pack.rows("calendars"):
        have = known.get(row["code"], set()) | known.get("*", set())
        for year in wanted:
            if row["shifts"] and year not in have:
                yield Flaw("calendars.csv", row[LINE], "code", row["code"], f"days of {year} in calendar_days.csv")


def _gaps(pack: Pack) -> Iterator[Flaw]:
    """What a person should know: leaves of the category tree that no duty answers for; what words lack."""
    yield from unanswered(pack.rows("categories"), pack.rows("duties"))
    yield from judging.gaps(pack)
    yield from _uncovered(pack)


def unanswered(categories: list[Row], duties: list[Row]) -> Iterator[Flaw]:
    """缺口: leaves of the tree without a duty of their own, of a class above them or of last resort."""
    above = {row["code"]: row["parent"] for row in categories}
    parents = set(above.values())
    answered = {row["category"] for row in duties}
    for row in categories:
        asked = {*chain(row["code"], above), *fallbacks(row["kind"])}
        if row["code"] not in parents and answered.isdisjoint(asked):
            yield Flaw("categories.csv", row[LINE], "code", row["code"], "a duty (else arbitration)")


def chain(code: str, above: dict[str, str]) -> set[str]:
    """The code and every code above it; a circle ends where it began."""
    seen: set[str] = set()
    while code and code not in seen:
        seen.add(code)
        code = above.get(code, "")
    return seen


def _uncovered(pack: Pack) -> Iterator[Flaw]:
    """A district-level host that one district lacks: matters there go to arbitration."""
    held = {(row["level"], row["kind"], row["place"]) for row in pack.rows("units")}
    places: dict[int, list[str]] = {}
    for row in pack.rows("divisions"):
        places.setdefault(row["level"], []).append(row["code"])
    asked: Iterable[tuple[str, int]] = {row["host"]: row[LINE] for row in reversed(pack.rows("duties"))}.items()
    for host, line in asked:
        level, kind = host.split("/")
        lacking = [p for p in places.get(Level[level.upper()], []) if (Level[level.upper()], kind, p) not in held]
        if lacking:
            yield Flaw("duties.csv", line, "host", host, f"a unit in {len(lacking)} more places, first {lacking[0]}")
