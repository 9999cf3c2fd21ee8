"""比对尺度 by what, and how much, two records of people, firms or houses speak for being one: Splink's comparisons.

Levels are tried from the top; shares m (among the same) and u (among others) of most are learnt from the records.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import splink.internals.comparison_level_library as levels
import splink.internals.comparison_library as library
from splink import block_on

NEVER = 1e-12
"""Two numbers that both prove themselves and differ belong to two people, whatever else they share."""
RELATED = 2e-5
"""A name with one other character is more often a twin or a brother than a slip of the pen: the household is shared."""
NEARLY = 0.006
"""Share of birthdays told by the lunar calendar or as the first of January (default): proven numbers can't teach it."""
DAYS = 50
"""The lunar calendar is at most so many days behind."""


def _level(sql: str, label: str, m: float | None = None, u: float | None = None) -> Any:
    found = levels.CustomLevel(sql, label)
    if m is None:
        return found
    fixed: dict[str, Any] = {"m_probability": m, "fix_m_probability": True}
    if u is not None:
        fixed |= {"u_probability": u, "fix_u_probability": True}
    return found.configure(**fixed)


def _missing(*columns: str) -> Any:
    sql = " OR ".join(f"{column}_l IS NULL OR {column}_r IS NULL" for column in columns)
    return levels.CustomLevel(sql, "missing").configure(is_null_level=True)


def _often(column: str) -> Any:
    """The same value counts less the more records have it: common names, shared telephones."""
    same = levels.CustomLevel(f"{column}_l = {column}_r", "same")
    return same.configure(tf_adjustment_column=column)


def _comparison(name: str, *found: Any) -> Any:
    return library.CustomComparison(output_column_name=name, comparison_levels=[*found, levels.ElseLevel()])


_CHARS = [f"c{n}" for n in range(1, 5)]
_UNREAD = " AND ".join(f"({c}_l = {c}_r OR {c}_l = -1 OR {c}_r = -1)" for c in _CHARS)
_ONE = " + ".join(f"({c}_l <> {c}_r)::INT" for c in _CHARS)
_NEAR = (
    f"abs(datediff('day', born_l, born_r)) <= {DAYS} OR (year(born_l) = year(born_r)"
    " AND (dayofyear(born_l) = 1 OR dayofyear(born_r) = 1))"
)


@dataclass(frozen=True, slots=True)
class Plan:
    """比对方案 for one subject: what is compared, where pairs are looked for, what teaches, and when they are one.

    `blocks` are columns that a pair must share; `sure` those that only the same share; `teaches` two of the blocks.
    """

    comparisons: tuple[Any, ...]
    blocks: tuple[tuple[str, ...], ...]
    sure: tuple[tuple[str, ...], ...]
    teaches: tuple[tuple[str, ...], ...]
    proof: str
    """Column of which two values that prove themselves can't be those of one."""
    rare: tuple[str, ...]
    """Columns of which an equal value counts the more the fewer have it."""
    joins: float = 0.95
    doubts: float = 0.05

    def rules(self, which: tuple[tuple[str, ...], ...]) -> list[Any]:
        return [block_on(*columns) for columns in which]


def _number(proof: str) -> Any:
    return _comparison(
        "number",
        _missing("raw"),
        _level(f"{proof}_l = {proof}_r", "same"),
        _level(f"{proof}_l <> {proof}_r", "differ", NEVER, 0.97),
        _level("damerau_levenshtein(raw_l, raw_r) <= 1", "slip"),
    )


PEOPLE = Plan(
    (
        _number("number"),
        _comparison(
            "name",
            _missing("name"),
            _often("name"),
            _level("sound_l = sound_r", "sound"),
            _level(_UNREAD, "unread"),
            _level(f"{_ONE} = 1", "one", RELATED),
        ),
        _comparison("born", _missing("born"), _level("born_l = born_r", "same"), _level(_NEAR, "near", NEARLY)),
        _comparison("phone", _missing("phone"), _often("phone")),
        _comparison("home", _missing("room"), _level("room_l = room_r", "room"), _level("road_l = road_r", "road")),
    ),
    (("number",), ("sound", "born"), ("sound", "phone"), ("sound", "room"), ("born", "phone"), ("born", "room")),
    (("number",), ("name", "born", "room")),
    (("number",), ("sound", "born")),
    "number",
    ("name", "phone"),
)
"""Where families and twins share rooms, telephones and birthdays, only names and proven numbers tell them apart."""

FIRMS = Plan(
    (
        _number("number"),
        _comparison(
            "name",
            _missing("core"),
            _often("core"),
            _level("sound_l = sound_r", "sound"),
            _level("jaro_winkler_similarity(core_l, core_r) >= 0.9", "alike"),
        ),
        _comparison("phone", _missing("phone"), _often("phone")),
        _comparison("head", _missing("head"), _often("head")),
        _comparison("home", _missing("room"), _level("room_l = room_r", "room"), _level("road_l = road_r", "road")),
    ),
    (("number",), ("core",), ("sound",), ("phone",), ("head", "road"), ("room",)),
    (("number",), ("core", "road")),
    (("number",), ("core",)),
    "number",
    ("core", "phone", "head"),
)
"""`core` is the name without place, trade form and brackets; `head` the legal person."""

PLANS = {"person": PEOPLE, "organisation": FIRMS}
