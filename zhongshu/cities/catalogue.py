"""查目录 what is wrong with the catalogue of a pack beyond what each cell shows by itself."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import PurePosixPath

from cronsim import CronSim, CronSimError

from zhongshu.cities.read import LINE, Pack, Row
from zhongshu.kernel.clocks import CITY_TIME
from zhongshu.kernel.errors import Flaw

WAYS = ("table", "file", "source", "lake")
NAME = re.compile(r"[a-z][a-z0-9_]{0,62}")
"""A data set, an item or a table: small letters, digits and _ ."""
VARIABLE = re.compile(r"ZHONGSHU_SOURCE_[A-Z0-9_]+")
CLASS = re.compile(r"[1-3]-\d{2}-\d{3}-\d{2,}")
"""类 1 basic, 2 theme, 3 department; 项 two digits, 目 three, 细目 two or more (domain.md §5.1)."""
KINDS = {"basic": "1", "theme": "2", "department": "3"}
BARE = ("format", "encoding", "rows")
"""Demands on a feed as a whole."""


def faults(pack: Pack) -> Iterator[Flaw]:
    """Whatever forbids loading: a name no table can have, a store that isn't one, items nobody may use as declared."""
    items: dict[str, set[str]] = {}
    for row in pack.rows("dataset_items"):
        items.setdefault(row["dataset"], set()).add(row["item"])
    sources = {row["source"]: row["dataset"] for row in pack.rows("sources")}
    for row in pack.rows("datasets"):
        yield from _dataset(row, items.get(row["dataset"], set()), sources)
    elements = {row["element"] for row in pack.rows("elements")}
    for row in pack.rows("dataset_items"):
        yield from _item(row, elements)
    for row in pack.rows("sources"):
        yield from _source(row, items.get(row["dataset"], set()))
    for row in pack.rows("standard_rules"):
        yield from _rule(row, items.get(row["dataset"], set()))


def _flaw(table: str, row: Row, name: str, expected: str) -> Flaw:
    found = row[name]
    return Flaw(f"{table}.csv", row[LINE], name, ";".join(found) if isinstance(found, tuple) else str(found), expected)


def _dataset(row: Row, items: set[str], sources: dict[str, str]) -> Iterator[Flaw]:
    if not NAME.fullmatch(row["dataset"]):
        yield _flaw("datasets", row, "dataset", "small letters, digits and _")
    if not items:
        yield _flaw("datasets", row, "dataset", "at least one row in dataset_items.csv")
    elif row["dated"] and row["dated"] not in items:
        yield _flaw("datasets", row, "dated", "an item of the data set")
    if not CLASS.fullmatch(row["class"]):
        yield _flaw("datasets", row, "class", "类-项-目-细目 such as 1-01-001-01")
    elif row["class"][0] != KINDS[row["kind"]]:
        yield _flaw("datasets", row, "class", f"a class that begins with {KINDS[row['kind']]}, as its kind does")
    way, _, where = row["stored"].partition(":")
    if way == "source" and sources.get(where) != row["dataset"]:
        yield _flaw("datasets", row, "stored", "a source of sources.csv that brings this data set")
    elif row["stored"] and not stored(row["stored"]):
        yield _flaw("datasets", row, "stored", "table:NAME, file:PATH inside the pack, source:NAME or lake:NAME")


def stored(text: str) -> bool:
    """Whether a place of rows is well-formed; a file lies inside the pack's folder."""
    way, _, where = text.partition(":")
    if way not in WAYS or not where:
        return False
    return inside(where) if way == "file" else bool(NAME.fullmatch(where))


def inside(path: str) -> bool:
    """Whether a path stays in the folder it is relative to."""
    parts = PurePosixPath(path)
    return not parts.is_absolute() and ".." not in parts.parts


def _item(row: Row, elements: set[str]) -> Iterator[Flaw]:
    if not NAME.fullmatch(row["item"]):
        yield _flaw("dataset_items", row, "item", "small letters, digits and _")
    if row["share"] == "2" and not row["condition"]:
        yield _flaw("dataset_items", row, "condition", "the condition of sharing")
    if row["share"] == "3" and not row["clause"]:
        yield _flaw("dataset_items", row, "clause", "the clause that forbids sharing")
    if row["open"] and row["share"] == "3":
        yield _flaw("dataset_items", row, "open", "0: what is not shared can't be open")
    if elements and row["element"] and row["element"] not in elements:
        yield _flaw("dataset_items", row, "element", "an element of elements.csv")


def _source(row: Row, items: set[str]) -> Iterator[Flaw]:
    if row["kind"] == "file" and not inside(row["location"]):
        yield _flaw("sources", row, "location", "a path inside the pack's folder")
    if row["kind"] == "postgresql" and not VARIABLE.fullmatch(row["location"]):
        yield _flaw("sources", row, "location", "the name of an environment variable such as ZHONGSHU_SOURCE_TAX")
    if row["kind"] == "postgresql" and not row["relation"]:
        yield _flaw("sources", row, "relation", "the table or view to read")
    if row["mode"] == "incremental" and row["watermark"] not in items:
        yield _flaw("sources", row, "watermark", "an item of the data set")
    if strange := [pair for pair in row["mapping"] if pair.partition("=")[0] not in items or "=" not in pair]:
        yield Flaw("sources.csv", row[LINE], "mapping", strange[0], "item=column, the item one of the data set")
    if wrong := bad_schedule(row["schedule"]):
        yield _flaw("sources", row, "schedule", wrong)


def bad_schedule(text: str) -> str:
    """What is wrong with a schedule, or ""."""
    from datetime import datetime

    try:
        CronSim(text, datetime.now(CITY_TIME))
    except CronSimError as error:
        return f"minute hour day month weekday such as 30 2 * * * ({error})"
    return ""


def _rule(row: Row, items: set[str]) -> Iterator[Flaw]:
    named = [name for name in row["item"].split(";") if name]
    if strange := [name for name in named if name not in items]:
        yield Flaw("standard_rules.csv", row[LINE], "item", strange[0], "an item of the data set")
    elif bool(named) == (row["demand"] in BARE):
        yield _flaw("standard_rules", row, "item", "nothing" if named else "an item of the data set")
    if wrong := bad_value(row["demand"], row["value"], items):
        yield _flaw("standard_rules", row, "value", wrong)


def bad_value(demand: str, value: str, items: set[str]) -> str:
    """What is wrong with the value of a demand, or ""."""
    if demand in ("present", "required", "unique"):
        return "nothing" if value else ""
    if demand in ("rows", "length", "fresh"):
        return "" if value.isdigit() else "a whole number"
    if demand == "not_before":
        return "" if value in items else "another item of the data set"
    if demand == "range":
        return "" if re.fullmatch(r"-?[\d.]*\.\.-?[\d.]*", value) else "low..high"
    if demand == "pattern":
        return _bad_pattern(value)
    return "" if value else "a value"


def _bad_pattern(text: str) -> str:
    try:
        re.compile(text)
    except re.error as error:
        return f"a regular expression ({error})"
    return "" if text else "a regular expression"
