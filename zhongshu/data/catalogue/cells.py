"""单元格 whether the texts of a column are what their type says, and what they mean; a whole column at a time."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeAlias

import pyarrow as pa
import pyarrow.compute as pc

from zhongshu.data.registers import numbers

Column: TypeAlias = Any
"""A pyarrow array, chunked or not. Every function takes texts and gives an array of the same length."""

EXPECTED = {
    "date": "a day such as 2026-05-31",
    "time": "a moment such as 2026-05-31T08:00:00+08:00",
    "integer": "a whole number",
    "number": "a number",
    "identity": "an identity number whose check digit is right",
    "credit_code": "a 统一社会信用代码 whose check character is right",
    "phone": "a telephone number",
    "place": "the code of a division or grid, 6 to 15 digits",
}
"""What a type is, in words, for reports; text, code and point may be anything."""

PATTERNS = {
    "date": r"^\d{4}-\d{2}-\d{2}$",
    "time": r"^\d{4}-\d{2}-\d{2}([T ]\d{2}:\d{2}(:\d{2}(\.\d{1,6})?)?([+-]\d{2}:?\d{2}|Z)?)?$",
    "integer": r"^[+-]?\d{1,18}$",
    "number": r"^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d{1,3})?$",
    "identity": r"^(\d{17}[\dXx]|\d{15})$",
    "credit_code": r"^[0-9A-HJ-NP-RT-UW-Y]{2}\d{6}[0-9A-HJ-NP-RT-UW-Y]{10}$",
    "phone": r"^(1[3-9]\d{9}|0\d{2,3}-?\d{7,8}|\d{7,8})$",
    "place": r"^\d{6}(\d{3}){0,3}$",
}

STORED = {"integer": "bigint", "number": "double precision", "date": "date", "time": "timestamptz", "point": "bytea"}
"""Type of an item -> type of a column of ours; others are text."""

BYTES = (pa.types.is_binary, pa.types.is_large_binary)


def texts(values: Column) -> Column:
    """Any column as trimmed texts; what is missing is ""."""
    if any(is_bytes(values.type) for is_bytes in BYTES):
        return pc.fill_null(pc.if_else(pc.is_null(values), "", "geometry"), "")
    if pa.types.is_floating(values.type):
        values = _whole(values)
    plain = values if pa.types.is_string(values.type) else values.cast(pa.string())
    return pc.utf8_trim_whitespace(pc.fill_null(plain, ""))


def _whole(values: Column) -> Column:
    """Floats that are all whole numbers, as files without an integer type bring them, are whole numbers."""
    fit = pc.all(pc.or_kleene(pc.equal(values, pc.round(values)), pc.is_null(values))).as_py()
    return values.cast(pa.int64()) if fit else values


def empty(values: Column) -> Column:
    return pc.equal(values, "")


def unfit(values: Column, kind: str) -> Column:
    """Where a text that isn't empty is not of its type."""
    if kind not in PATTERNS:
        return pc.and_(pc.equal(values, ""), pc.not_equal(values, ""))
    fits = pc.match_substring_regex(values, PATTERNS[kind])
    more = _MORE.get(kind)
    if more is not None:
        fits = pc.and_(fits, more(values))
    return pc.and_(pc.invert(fits), pc.not_equal(values, ""))


def _real_day(values: Column) -> Column:
    """The day exists: written again it is the same."""
    head = pc.utf8_slice_codeunits(values, 0, 10)
    day = pc.strptime(head, format="%Y-%m-%d", unit="s", error_is_null=True)
    same = pc.fill_null(pc.equal(pc.strftime(day, format="%Y-%m-%d"), head), False)
    return pc.and_(same, pc.invert(pc.starts_with(head, "0000")))


def _proven(check: Callable[[Any], tuple[Any, Any]]) -> Callable[[Column], Column]:
    """The number's own check character says that it is one."""

    def fits(values: Column) -> Column:
        plain = values.combine_chunks() if isinstance(values, pa.ChunkedArray) else values
        return pa.array(check(plain)[1])

    return fits


_MORE: dict[str, Callable[[Column], Column]] = {
    "date": _real_day,
    "time": _real_day,
    "identity": _proven(numbers.identity),
    "credit_code": _proven(numbers.credit),
}
