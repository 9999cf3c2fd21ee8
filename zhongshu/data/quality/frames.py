"""取数成表 the rows of a data set as a frame for its rules: only the items they read, blanks as nothing."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager

import polars as pl
import pyarrow as pa

from zhongshu.data.catalogue import entries, parts, reading
from zhongshu.data.quality.parts import Read
from zhongshu.data.quality.rules import Rule
from zhongshu.kernel.errors import BadInput, NotFound
from zhongshu.kernel.places import Span


def frame(
    found: entries.Dataset, items: Collection[str], limit: int | None = None, within: Span | None = None
) -> pl.DataFrame:
    """Items of a data set; those that the catalogue doesn't know are left out. BadInput when it can't be read."""
    known = [one.item for one in found.items if one.item in items]
    return _framed(found, reading.table_of(found, known, limit, within))


def _framed(found: entries.Dataset, told: pa.Table) -> pl.DataFrame:
    held = pl.from_arrow(told)
    if not isinstance(held, pl.DataFrame):
        raise BadInput(f"{found.dataset}: its rows are no table / 读到的不是表")
    return held.with_columns(blank_as_null(name) for name, kind in held.schema.items() if kind == pl.String)


@contextmanager
def parted(found: entries.Dataset, items: Collection[str], size: int) -> Iterator[Read]:
    """As `frame`, in parts of `size` rows, which may be read again. BadInput when it can't be read."""
    known = [one.item for one in found.items if one.item in items]
    with parts.parted(found, size) as read:
        yield lambda columns: (_framed(found, part) for part in read(list(columns) or known))


def blank_as_null(item: str) -> pl.Expr:
    """A text of nothing but blanks says nothing."""
    text = pl.col(item)
    return pl.when(text.str.strip_chars() != "").then(text).alias(item)


def wanted(found: entries.Dataset, rules: Sequence[Rule]) -> set[str]:
    """What rules read of a data set, with what names a row and its place."""
    read = {item for rule in rules for item in rule.reads()}
    return {*read, *found.keys, found.place} - {""}


def others(known: dict[str, entries.Dataset], rules: Sequence[Rule]) -> dict[str, pl.DataFrame]:
    """The other data sets that rules look at; those that can't be read are left out, and their rules say so."""
    asked: dict[str, set[str]] = {}
    for rule in rules:
        if rule.against:
            asked.setdefault(rule.other[0], set()).update(rule.reads_of_other())
    found = {}
    for name, items in asked.items():
        held = _other(known, name, items)
        if held is not None:
            found[name] = held
    return found


def _other(known: dict[str, entries.Dataset], name: str, items: set[str]) -> pl.DataFrame | None:
    entry = known.get(name)
    if entry is None:
        return None
    try:
        return frame(entry, {*items, *entry.keys, entry.place} - {""})
    except (BadInput, NotFound):
        return None
