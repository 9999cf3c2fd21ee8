"""证号 numbers that carry their own proof: 公民身份号码 (GB 11643), 统一社会信用代码 (GB 32100); whole columns."""

from __future__ import annotations

from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

Bytes = NDArray[np.uint8]
"""Rows of ASCII characters, one number a row."""

ZERO, BIG_X = ord("0"), ord("X")
WEIGHTS = np.array([7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2], dtype=np.int64)
CHECKS = np.frombuffer(b"10X98765432", dtype=np.uint8)
ALPHABET = b"0123456789ABCDEFGHJKLMNPQRTUWXY"
"""Characters of a credit code: no I, O, S, V, Z."""
CREDIT_WEIGHTS = np.array([1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28], dtype=np.int64)
_VALUE = np.full(256, 99, dtype=np.int64)
_VALUE[np.frombuffer(ALPHABET, dtype=np.uint8)] = np.arange(len(ALPHABET))


def check_digit(body: Bytes) -> Bytes:
    """The last character of identity numbers whose first 17 digits are `body` (n x 17, ASCII)."""
    found: Bytes = CHECKS[((body.astype(np.int64) - ZERO) @ WEIGHTS) % 11]
    return found


def credit_digit(body: Bytes) -> Bytes:
    """The last character of credit codes whose first 17 characters are `body` (n x 17, ASCII)."""
    left = (31 - (_VALUE[body] @ CREDIT_WEIGHTS) % 31) % 31
    found: Bytes = np.frombuffer(ALPHABET, dtype=np.uint8)[left]
    return found


def rows(texts: pa.Array, width: int) -> Bytes:
    """n x `width` ASCII characters, short ones filled with zero bytes; longer or foreign texts become all zero."""
    ascii_only = pc.and_(pc.string_is_ascii(texts), pc.less_equal(pc.utf8_length(texts), width))
    plain = pc.if_else(pc.fill_null(ascii_only, False), pc.fill_null(texts, ""), "")
    fixed: NDArray[Any] = np.asarray(plain.to_numpy(zero_copy_only=False), dtype=f"S{width}")
    return fixed.view(np.uint8).reshape(len(fixed), width)


def texts(found: Bytes) -> pa.Array:
    """The rows as strings; zero bytes at the end are left out."""
    width = found.shape[1]
    return pa.array(np.ascontiguousarray(found).view(f"S{width}").ravel()).cast(pa.string())


def _whole(column: pa.Array | pa.ChunkedArray) -> pa.Array:
    return column.combine_chunks() if isinstance(column, pa.ChunkedArray) else column


def tidy(numbers: pa.Array) -> pa.Array:
    """Full-width forms made plain, spaces and dashes out, small x made big."""
    plain = pc.utf8_upper(pc.utf8_normalize(pc.fill_null(_whole(numbers), ""), "NFKC"))
    return pc.replace_substring_regex(plain, r"[\s\-]", "")


def _days(found: Bytes) -> NDArray[np.bool_]:
    """Whether characters 7 to 14 are a day between 1900 and 2099."""
    digits = found[:, 6:14].astype(np.int64) - ZERO
    year = digits[:, :4] @ np.array([1000, 100, 10, 1])
    month, day = digits[:, 4] * 10 + digits[:, 5], digits[:, 6] * 10 + digits[:, 7]
    long = np.array([0, 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31])
    leap = (year % 4 == 0) & ((year % 100 != 0) | (year % 400 == 0))
    real = (month >= 1) & (month <= 12)
    most = long[np.where(real, month, 0)] + (leap & (month == 2))
    fit: NDArray[np.bool_] = real & (year >= 1900) & (year <= 2099) & (day >= 1) & (day <= most)
    return fit


def identity(numbers: pa.Array) -> tuple[pa.Array, NDArray[np.bool_]]:
    """(numbers of 18 characters, which of them prove themselves).

    A number of 15 digits (before 1999) gets its century and check character and counts as proven when its day is one.
    What can't be read stays as it was, tidied; nothing is an empty text.
    """
    tidied = tidy(numbers)
    given = rows(tidied, 18)
    length = (given > 0).sum(axis=1)
    digits = (given >= ZERO) & (given <= ZERO + 9)
    long = (length == 18) & digits[:, :17].all(axis=1) & (digits[:, 17] | (given[:, 17] == BIG_X))
    short = (length == 15) & digits[:, :15].all(axis=1)
    whole = given.copy()
    old = given[short]
    whole[short, :6], whole[short, 6:8], whole[short, 8:17] = old[:, :6], np.frombuffer(b"19", np.uint8), old[:, 6:15]
    whole[short, 17] = check_digit(whole[short, :17])
    readable = long | short
    proven = np.zeros(len(whole), dtype=bool)
    proven[readable] = _days(whole[readable]) & (check_digit(whole[readable, :17]) == whole[readable, 17])
    return pc.if_else(pa.array(readable), texts(whole), tidied), proven


def proves_itself(numbers: pa.Array) -> pa.Array:
    """Which texts are 18 characters of which the last follows from the others: what the database's function says."""
    given = rows(_whole(numbers), 18)
    digits = (given >= ZERO) & (given <= ZERO + 9)
    long = digits[:, :17].all(axis=1) & (digits[:, 17] | (given[:, 17] == BIG_X))
    long[long] = check_digit(given[long, :17]) == given[long, 17]
    return pa.array(long)


def credit(codes: pa.Array) -> tuple[pa.Array, NDArray[np.bool_]]:
    """(credit codes tidied, which of them prove themselves)."""
    tidied = tidy(codes)
    given = rows(tidied, 18)
    known = (_VALUE[given] < 31).all(axis=1)
    proven = np.zeros(len(given), dtype=bool)
    proven[known] = credit_digit(given[known, :17]) == given[known, 17]
    return tidied, proven


def birthday(numbers: pa.Array, proven: NDArray[np.bool_]) -> pa.Array:
    """The day of birth that proven identity numbers hold, as date32; null for the others."""
    day = pc.utf8_slice_codeunits(numbers, 6, 14)
    said = pc.if_else(pa.array(proven), day, pa.scalar(None, pa.string()))
    return pc.strptime(said, format="%Y%m%d", unit="s", error_is_null=True).cast(pa.date32())


def sex(numbers: pa.Array, proven: NDArray[np.bool_]) -> NDArray[np.int8]:
    """1 man, 2 woman by the 17th digit of proven numbers; 0 for the others."""
    odd = rows(numbers, 18)[:, 16] % 2 == 1
    return np.where(proven, np.where(odd, 1, 2), 0).astype(np.int8)
