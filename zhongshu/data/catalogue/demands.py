"""要求 what can be demanded of a feed: each demand looks at whole columns and says which rows fail it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from zhongshu.data.catalogue import cells

EVIDENCE = 1000
"""Failing rows of one demand that are shown; all are counted."""


@dataclass(frozen=True, slots=True)
class Demand:
    """要求: a row of standard_rules.csv. `items` are those it is about; none: the feed as a whole."""

    rule: str
    items: tuple[str, ...]
    demand: str
    value: str
    must: bool
    clause: str


@dataclass(frozen=True, slots=True)
class Feed:
    """来件: a delivered table. `texts` holds each column as texts, `lines` where each row stood in its file."""

    file: str
    format: str
    encoding: str
    texts: pa.Table
    lines: pa.Array
    now: datetime


@dataclass(frozen=True, slots=True)
class Finding:
    """One fault: line 0 is the feed as a whole, or a column of it."""

    rule: str
    clause: str
    must: bool
    line: int
    field: str
    found: str
    expected: str


@dataclass(frozen=True, slots=True)
class Checked:
    """What one demand found: how many rows fail it of how many looked at, with evidence."""

    demand: Demand
    rows: int
    failing: int
    findings: tuple[Finding, ...]
    mask: pa.Array | None = None


def check(demand: Demand, feed: Feed) -> Checked:
    """Hold a feed against one demand."""
    rows = feed.texts.num_rows
    if demand.demand in _WHOLE:
        said = _WHOLE[demand.demand](demand, feed)
        return _told(demand, rows, said)
    lacking = [name for name in demand.items if name not in feed.texts.column_names]
    if lacking or demand.demand == "present":
        return _told(demand, rows, (lacking[0], "no such column", f"a column {lacking[0]!r}") if lacking else None)
    mask = _ROWS[demand.demand](demand, feed)
    if isinstance(mask, pa.ChunkedArray):
        mask = mask.combine_chunks()
    return Checked(demand, rows, pc.sum(mask).as_py() or 0, tuple(_evidence(demand, feed, mask)), mask)


def _told(demand: Demand, rows: int, said: tuple[str, str, str] | None) -> Checked:
    if said is None:
        return Checked(demand, rows, 0, ())
    return Checked(demand, rows, rows or 1, (Finding(demand.rule, demand.clause, demand.must, 0, *said),))


def _evidence(demand: Demand, feed: Feed, mask: pa.Array) -> list[Finding]:
    spots = np.flatnonzero(mask.to_numpy(zero_copy_only=False))[:EVIDENCE]
    lines = feed.lines.take(pa.array(spots)).to_pylist()
    held = [feed.texts[name].take(pa.array(spots)).to_pylist() for name in demand.items]
    field, expected = "+".join(demand.items), expectation(demand)
    return [
        Finding(demand.rule, demand.clause, demand.must, line, field, "+".join(values), expected)
        for line, *values in zip(lines, *held, strict=True)
    ]


def expectation(demand: Demand) -> str:
    """In words, what a demand expects."""
    said = {
        "required": "a value",
        "unique": "a key of its own",
        "codes": f"one of {demand.value.replace(';', ', ')}",
        "pattern": f"a text like {demand.value}",
        "range": f"a number in {demand.value}",
        "length": f"at most {demand.value} characters",
        "not_before": f"not before {demand.value}",
    }
    return said.get(demand.demand) or cells.EXPECTED.get(demand.value, demand.value)


def _format(demand: Demand, feed: Feed) -> tuple[str, str, str] | None:
    known = demand.value.split(";")
    return None if feed.format in known else ("format", feed.format, f"one of {', '.join(known)}")


def _encoding(demand: Demand, feed: Feed) -> tuple[str, str, str] | None:
    known = demand.value.split(";")
    return None if feed.encoding in ("", *known) else ("encoding", feed.encoding, f"one of {', '.join(known)}")


def _rows(demand: Demand, feed: Feed) -> tuple[str, str, str] | None:
    found = feed.texts.num_rows
    return None if found >= int(demand.value) else ("rows", str(found), f"at least {demand.value} rows")


def _fresh(demand: Demand, feed: Feed) -> tuple[str, str, str] | None:
    item = demand.items[0]
    if item not in feed.texts.column_names:
        return item, "no such column", f"a column {item!r}"
    newest = pc.max(pc.filter(feed.texts[item], pc.match_substring_regex(feed.texts[item], cells.PATTERNS["time"])))
    least = (feed.now - timedelta(days=int(demand.value))).date().isoformat()
    found = newest.as_py() or "nothing"
    return None if newest.as_py() and found[:10] >= least else (item, found, f"a row of {least} or later")


_WHOLE: dict[str, Callable[[Demand, Feed], tuple[str, str, str] | None]] = {
    "format": _format,
    "encoding": _encoding,
    "rows": _rows,
    "fresh": _fresh,
}


def _column(demand: Demand, feed: Feed) -> pa.ChunkedArray:
    return feed.texts[demand.items[0]]


def _said(values: pa.ChunkedArray, bad: pa.ChunkedArray) -> pa.ChunkedArray:
    """Of what is empty nothing is demanded but that it be filled."""
    return pc.and_(bad, pc.not_equal(values, ""))


def _required(demand: Demand, feed: Feed) -> pa.ChunkedArray:
    return cells.empty(_column(demand, feed))


def _unique(demand: Demand, feed: Feed) -> pa.Array:
    joined = pc.binary_join_element_wise(*(feed.texts[name] for name in demand.items), "\x1f")
    numbers = joined.combine_chunks().dictionary_encode()
    codes = (numbers if isinstance(numbers, pa.Array) else numbers.combine_chunks()).indices.to_numpy()
    again = np.ones(len(codes), dtype=bool)
    again[np.unique(codes, return_index=True)[1]] = False
    return pa.array(again)


def _type(demand: Demand, feed: Feed) -> pa.ChunkedArray:
    return cells.unfit(_column(demand, feed), demand.value)


def _codes(demand: Demand, feed: Feed) -> pa.ChunkedArray:
    values = _column(demand, feed)
    return _said(values, pc.invert(pc.is_in(values, pa.array(demand.value.split(";")))))


def _pattern(demand: Demand, feed: Feed) -> pa.ChunkedArray:
    values = _column(demand, feed)
    return _said(values, pc.invert(pc.match_substring_regex(values, f"^(?:{demand.value})$")))


def _range(demand: Demand, feed: Feed) -> pa.ChunkedArray:
    values = _column(demand, feed)
    fits = pc.match_substring_regex(values, cells.PATTERNS["number"])
    numbers = pc.if_else(fits, values, "nan").cast(pa.float64())
    low, _, high = demand.value.partition("..")
    inside = pc.and_(pc.greater_equal(numbers, float(low or "-inf")), pc.less_equal(numbers, float(high or "inf")))
    return _said(values, pc.invert(inside))


def _length(demand: Demand, feed: Feed) -> pa.ChunkedArray:
    return pc.greater(pc.utf8_length(_column(demand, feed)), int(demand.value))


def _not_before(demand: Demand, feed: Feed) -> pa.ChunkedArray:
    """Days and moments of one form follow one another as their texts do."""
    values, other = _column(demand, feed), feed.texts[demand.value]
    return pc.and_(_said(values, pc.less(values, other)), pc.not_equal(other, ""))


_ROWS: dict[str, Callable[[Demand, Feed], pa.Array | pa.ChunkedArray]] = {
    "required": _required,
    "unique": _unique,
    "type": _type,
    "codes": _codes,
    "pattern": _pattern,
    "range": _range,
    "length": _length,
    "not_before": _not_before,
}


def many(demands: Sequence[Demand], feed: Feed) -> list[Checked]:
    return [check(one, feed) for one in demands]
