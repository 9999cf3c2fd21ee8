"""内容识别 what the values of an item are, whatever it is called: identity numbers, telephones, firms' codes. Pure.

A text without a declared meaning may hold what the catalogue doesn't say. Numbers are told by their check characters
as well as by their form, so that any eighteen digits are not a person.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import polars as pl

from zhongshu.data.quality import checksums

LEAST, SHARE = 3, 0.01
"""So many values, and this part of those given, must hold it: one number in a note is a slip, not what the item is."""
_IDENTITY = r"(?:^|[^0-9A-Za-z])([1-9]\d{16}[\dXx])(?:[^0-9A-Za-z]|$)"
_PHONE = r"(?:^|[^0-9A-Za-z])(1[3-9]\d{9})(?:[^0-9A-Za-z]|$)"
IDENTITY, PHONE = "identity", "phone"


def found(frame: pl.DataFrame, today: date) -> dict[str, str]:
    """Item -> what its texts hold, identity | phone, the more harmful first; items that hold neither are left out."""
    told: dict[str, str] = {}
    for item, kind in frame.schema.items():
        if kind != pl.String:
            continue
        given = frame[item].drop_nulls()
        counts = _counts(given, today)
        enough = max(LEAST, SHARE * len(given))
        held = next((name for name in (IDENTITY, PHONE) if counts[name] >= enough), "")
        if held:
            told[item] = held
    return told


def _counts(given: pl.Series, today: date) -> Mapping[str, int]:
    numbers = given.str.extract(_IDENTITY, 1).drop_nulls().str.to_uppercase()
    return {
        IDENTITY: int(checksums.identity(numbers, today).sum()) if len(numbers) else 0,
        PHONE: int(given.str.extract(_PHONE, 1).is_not_null().sum()),
    }
