"""查目录 what is wrong with the catalogue of a pack beyond what each cell shows by itself."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import PurePosixPath

from zhongshu.cities.read import LINE, Pack, Row
from zhongshu.kernel.errors import Flaw

WAYS = ("table", "file", "source", "lake")
NAME = re.compile(r"[a-z][a-z0-9_]{0,62}")
"""A data set, an item or a table: small letters, digits and _ ."""
CLASS = re.compile(r"[1-3]-\d{2}-\d{3}-\d{2,}")
"""类 1 basic, 2 theme, 3 department; 项 two digits, 目 three, 细目 two or more (domain.md §5.1)."""
KINDS = {"basic": "1", "theme": "2", "department": "3"}


def faults(pack: Pack) -> Iterator[Flaw]:
    """Whatever forbids loading: a name no table can have, a store that isn't one, items nobody may use as declared."""
    rows = pack.rows("datasets")
    with_items = {row["dataset"] for row in pack.rows("dataset_items")}
    for row in rows:
        yield from _dataset(row)
        if row["dataset"] not in with_items:
            yield Flaw("datasets.csv", row[LINE], "dataset", row["dataset"], "at least one row in dataset_items.csv")
    elements = {row["element"] for row in pack.rows("elements")}
    for row in pack.rows("dataset_items"):
        yield from _item(row, elements)


def _dataset(row: Row) -> Iterator[Flaw]:
    def flaw(name: str, expected: str) -> Flaw:
        return Flaw("datasets.csv", row[LINE], name, str(row[name]), expected)

    if not NAME.fullmatch(row["dataset"]):
        yield flaw("dataset", "small letters, digits and _")
    if not CLASS.fullmatch(row["class"]):
        yield flaw("class", "类-项-目-细目 such as 1-01-001-01")
    elif row["class"][0] != KINDS[row["kind"]]:
        yield flaw("class", f"a class that begins with {KINDS[row['kind']]}, as its kind does")
    if row["stored"] and not stored(row["stored"]):
        yield flaw("stored", "table:NAME, file:PATH inside the pack, source:NAME or lake:NAME")


def stored(text: str) -> bool:
    """Whether a place of rows is well-formed; a file lies inside the pack's folder."""
    way, _, where = text.partition(":")
    if way not in WAYS or not where:
        return False
    if way != "file":
        return bool(NAME.fullmatch(where))
    path = PurePosixPath(where)
    return not path.is_absolute() and ".." not in path.parts


def _item(row: Row, elements: set[str]) -> Iterator[Flaw]:
    def flaw(name: str, expected: str) -> Flaw:
        return Flaw("dataset_items.csv", row[LINE], name, str(row[name]), expected)

    if not NAME.fullmatch(row["item"]):
        yield flaw("item", "small letters, digits and _")
    if row["share"] == "2" and not row["condition"]:
        yield flaw("condition", "the condition of sharing")
    if row["share"] == "3" and not row["clause"]:
        yield flaw("clause", "the clause that forbids sharing")
    if row["open"] and row["share"] == "3":
        yield flaw("open", "0: what is not shared can't be open")
    if elements and row["element"] and row["element"] not in elements:
        yield flaw("element", "an element of elements.csv")
