"""校验码 identity numbers (GB 11643-1999) and unified social credit codes (GB 32100-2015), whole columns at once."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import numpy as np
import polars as pl
import pyarrow as pa
from numpy.typing import NDArray

from zhongshu.data.registers import numbers

LENGTH = 18
_BLOCK = 1 << 15
"""Rows worked on at once, so that a block and what is made of it stay in the processor's cache."""
_WEIGHTS, _CREDIT_WEIGHTS = numbers.WEIGHTS.astype(np.int32), numbers.CREDIT_WEIGHTS.astype(np.int32)
_DAYS = np.array([0, 31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31], np.int32)
_NONE = 255

Bools = NDArray[np.bool_]
Bytes = NDArray[np.uint8]


def _digits() -> NDArray[np.uint8]:
    table = np.full(256, _NONE, np.uint8)
    table[np.frombuffer(numbers.ALPHABET, np.uint8)] = np.arange(len(numbers.ALPHABET), dtype=np.uint8)
    return table


_VALUE = _digits()


def _matrix(column: pl.Series) -> tuple[Bytes, Bools]:
    """The texts of 18 bytes as rows of a matrix, and which rows of the column they are."""
    fitting = (column.str.len_bytes() == LENGTH).fill_null(False)
    chosen = column if fitting.all() else column.filter(fitting)
    text = chosen.rechunk().to_arrow(compat_level=pl.CompatLevel.oldest())
    buffers = pa.array(text).buffers()
    held = np.frombuffer(buffers[2] or b"", np.uint8)
    return held[: len(chosen) * LENGTH].reshape(-1, LENGTH), fitting.to_numpy()


def _checked(column: pl.Series, block: Callable[[Bytes], Bools]) -> Bools:
    """Which rows pass `block`; those that are empty or of another length don't."""
    matrix, fitting = _matrix(column.cast(pl.String))
    passed = np.empty(len(matrix), bool)
    for start in range(0, len(matrix), _BLOCK):
        passed[start : start + _BLOCK] = block(matrix[start : start + _BLOCK])
    if len(passed) == len(fitting):
        return passed
    whole: Bools = np.zeros(len(fitting), bool)
    whole[fitting] = passed
    return whole


def identity(column: pl.Series, today: date) -> Bools:
    """公民身份号码: 17 digits with a date of birth from 1900 to `today`, and a check character (mod 11-2)."""
    last = today.year * 10_000 + today.month * 100 + today.day

    def block(rows: Bytes) -> Bools:
        digits = rows[:, :17].astype(np.int32) - 48
        plain = ((digits >= 0) & (digits <= 9)).all(axis=1)
        checked = numbers.CHECKS[(digits @ _WEIGHTS) % 11] == rows[:, 17]
        right: Bools = plain & checked & _born(digits, last)
        return right

    return _checked(column, block)


def _born(digits: NDArray[np.int32], last: int) -> Bools:
    """Whether digits 7 to 14 are a day of the calendar, from 1900 to `last` (yyyymmdd)."""
    year = digits[:, 6:10] @ np.array([1000, 100, 10, 1], np.int32)
    month = digits[:, 10:12] @ np.array([10, 1], np.int32)
    day = digits[:, 12:14] @ np.array([10, 1], np.int32)
    most = _DAYS[np.clip(month, 0, 12)]
    leap = ((year % 4 == 0) & (year % 100 != 0)) | (year % 400 == 0)
    real = (month >= 1) & (month <= 12) & (day >= 1) & (day <= most) & ~((month == 2) & (day == 29) & ~leap)
    born: Bools = real & (year >= 1900) & (year * 10_000 + month * 100 + day <= last)
    return born


def credit_code(column: pl.Series) -> Bools:
    """统一社会信用代码: 18 characters of its alphabet, of which the last makes the weighted sum a multiple of 31."""

    def block(rows: Bytes) -> Bools:
        values = _VALUE[rows].astype(np.int32)
        known = (values != _NONE).all(axis=1)
        check: Bools = known & ((-(values[:, :17] @ _CREDIT_WEIGHTS)) % 31 == values[:, 17])
        return check

    return _checked(column, block)


def birth(item: str) -> pl.Expr:
    """The date of birth that an identity number tells; null where it tells none."""
    return pl.col(item).cast(pl.String).str.slice(6, 8).str.to_date("%Y%m%d", strict=False)


def sex(item: str) -> pl.Expr:
    """1 male, 2 female, as the 17th digit of an identity number tells; null where it tells none."""
    digit = pl.col(item).cast(pl.String).str.slice(16, 1).cast(pl.Int8, strict=False)
    return pl.when(digit % 2 == 1).then(1).when(digit.is_not_null()).then(2).cast(pl.Int8)


def completed(body: str) -> str:
    """17 digits with their check character, for what makes up identity numbers; ValueError for anything else."""
    if len(body) != 17 or not (body.isascii() and body.isdigit()):
        raise ValueError("17 digits")
    total = sum(int(one) * int(weight) for one, weight in zip(body, _WEIGHTS, strict=True))
    return body + chr(numbers.CHECKS[total % 11])


def completed_credit(body: str) -> str:
    """17 characters of a credit code with their check character; ValueError for characters that it can't have."""
    values = [numbers.ALPHABET.find(one.encode()) for one in body]
    if len(body) != 17 or min(values) < 0:
        raise ValueError(f"17 characters of {numbers.ALPHABET.decode()}")
    total = sum(value * int(weight) for value, weight in zip(values, _CREDIT_WEIGHTS, strict=True))
    return body + chr(numbers.ALPHABET[-total % 31])
