"""质量规则 one rule: what it checks of which item, how its parameters are read, and what is wrong with them."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date

import polars as pl

from zhongshu.data.quality.standard import INDICATORS

TODAY = "today"
LONGEST = 500
"""Characters of a pattern."""
OPERATORS = ("<=", ">=", "==", "!=", "<", ">")
_STEP = re.compile(r"\s*(<=|>=|==|!=|<|>)\s*([^<>=!\s]+)\s*")
_SIDE = re.compile(r"^([^.\s]+)\.([^.\s]+)$")
IDENTITY_PARTS = ("birth", "sex")


@dataclass(frozen=True, slots=True)
class Rule:
    """质量规则. `items` joined by + in the table; `value` is read by `kind`, `against` is (data set, item) of another.

    `keys` pair own items with the other's; `condition` holds (item, wanted, values) that choose the rows checked: of
    the other data set for a frame, of this one otherwise.
    """

    code: str
    dataset: str
    item: str
    indicator: str
    kind: str
    value: str = ""
    against: str = ""
    keys: tuple[str, ...] = ()
    condition: tuple[str, ...] = ()
    weight: float = 1.0
    name: str = ""
    name_en: str = ""

    @property
    def items(self) -> tuple[str, ...]:
        return tuple(self.item.split("+"))

    @property
    def dimension(self) -> str:
        return INDICATORS[self.indicator].dimension

    @property
    def other(self) -> tuple[str, str]:
        """(data set, item) that it is compared with; two empty texts when with none."""
        found = _SIDE.match(self.against)
        return (found[1], found[2]) if found else ("", "")

    @property
    def pairs(self) -> tuple[tuple[str, str], ...]:
        """(own item, the other's item) of each key."""
        return tuple(pair(key) for key in self.keys)

    @property
    def wanted(self) -> tuple[tuple[str, bool, tuple[str, ...]], ...]:
        return tuple(wish(part) for part in self.condition)

    def reads(self) -> set[str]:
        """Items of its own data set that it looks at."""
        own = {one for one, _other in self.pairs}
        own |= {one for one, _yes, _values in self.wanted} if self.kind != "frame" else set()
        own |= {item for _step, item in steps(self.value)} if self.kind == "compare" else set()
        own |= {self.value.partition(".")[0]} if self.kind == "agrees" else set()
        return {*self.items, *own}

    def reads_of_other(self) -> set[str]:
        """Items of the other data set that it looks at."""
        if not self.against:
            return set()
        found = {self.other[1], *(other for _own, other in self.pairs)}
        return found | ({one for one, _yes, _values in self.wanted} if self.kind == "frame" else set())


def pair(text: str) -> tuple[str, str]:
    """ "own=other", or one name for both."""
    own, _equals, other = text.partition("=")
    return own, other or own


def wish(text: str) -> tuple[str, bool, tuple[str, ...]]:
    """ "item=a|b" or "item!=a|b" as (item, whether it must be one of them, values)."""
    item, equals, values = text.partition("!=")
    yes = not equals
    if yes:
        item, equals, values = text.partition("=")
    return item, yes, tuple(values.split("|")) if equals else ()


def steps(text: str) -> list[tuple[str, str]]:
    """ "<= signed <= closed" as [("<=", "signed"), ("<=", "closed")]; ValueError when it can't be read."""
    found, at = [], 0
    while at < len(text):
        match = _STEP.match(text, at)
        if match is None:
            raise ValueError("a comparison such as <= until")
        found.append((match[1], match[2]))
        at = match.end()
    if not found:
        raise ValueError("a comparison such as <= until")
    return found


def bounds(text: str, today: date | None = None) -> tuple[float | date | None, float | date | None]:
    """ "low..high" of numbers or of dates, an empty side being open; `today` is a date. ValueError otherwise."""
    low, dots, high = text.partition("..")
    if not dots or not (low or high):
        raise ValueError("two ends such as 0..150, 2000-01-01..today or ..10")
    ends = (_end(low, today), _end(high, today))
    kinds = {type(one) for one in ends if one is not None}
    if len(kinds) > 1:
        raise ValueError("two numbers or two dates")
    if None not in ends and ends[0] > ends[1]:  # type: ignore[operator]
        raise ValueError("a lower end that is not above the upper one")
    return ends


def _end(text: str, today: date | None) -> float | date | None:
    if not text:
        return None
    if text == TODAY:
        return today or date.max
    try:
        return float(text)
    except ValueError:
        return date.fromisoformat(text)


_DIGITS = re.compile(r"\^([1-9][0-9]*)?(?:\[([0-9])-([0-9])\])?\\d\{([0-9]{1,2})\}\$")
MOST_DIGITS = 18
"""Digits of a number that fits 64 bits."""


def digits(pattern: str) -> tuple[int, int, int] | None:
    """(length, lowest, highest) of the whole numbers that a pattern such as ^1[3-9]\\d{9}$ stands for, or None.

    Numbers of a fixed length that don't begin with 0, in one interval: comparing them takes half the time of matching.
    A sign or a blank makes them too short to lie in it.
    """
    found = _DIGITS.fullmatch(pattern)
    if found is None or (found[2] or "0") > (found[3] or "0"):
        return None
    head, low, high, more = found[1] or "", found[2] or "", found[3] or "", int(found[4])
    length = len(head) + len(low) + more
    if length > MOST_DIGITS or (head + low)[:1] in ("", "0"):
        return None
    return length, int(head + low + "0" * more), int(head + high + "9" * more)


def values(text: str) -> tuple[str, ...]:
    """The allowed values of `choices`, apart by |."""
    return tuple(one for one in text.split("|") if one)


def _pattern(text: str) -> str:
    if not text or len(text) > LONGEST:
        return f"a regular expression of at most {LONGEST} characters"
    try:
        pl.Series([""]).str.contains(text)
    except pl.exceptions.ComputeError as error:
        said = " ".join(str(error).split())[-120:]
        return f"a regular expression of linear time, without look-around and back-references ({said})"
    return ""


def _bounds(text: str) -> str:
    try:
        bounds(text)
    except ValueError as error:
        return str(error) if "isoformat" not in str(error) else "two numbers or two dates such as 0..150"
    return ""


def _steps(text: str) -> str:
    try:
        steps(text)
    except ValueError as error:
        return str(error)
    return ""


def _choices(text: str) -> str:
    return "" if values(text) or text.startswith("list:") else "values apart by |, or list: and a code list"


def _above(text: str) -> str:
    return "" if text.isdigit() and int(text) > 0 else "a whole number above 0"


def _agrees(text: str) -> str:
    item, _dot, part = text.partition(".")
    return "" if item and part in IDENTITY_PARTS else "an item of identity numbers and .birth or .sex"


def _nothing(text: str) -> str:
    return "nothing" if text else ""


@dataclass(frozen=True, slots=True)
class RuleKind:
    """规则种类: how its `value` must look (a sentence, or "" when right), and whether it needs another data set."""

    name: str
    name_en: str
    value: Callable[[str], str] = _nothing
    against: bool = False
    keys: bool = False


KINDS: Mapping[str, RuleKind] = {
    "filled": RuleKind("已填写", "filled"),
    "unique": RuleKind("不重复", "unique"),
    "spread": RuleKind("不过度集中", "not held by many", _above),
    "pattern": RuleKind("符合格式", "pattern", _pattern),
    "choices": RuleKind("在代码表内", "one of a list", _choices),
    "range": RuleKind("在范围内", "in range", _bounds),
    "length": RuleKind("长度合适", "length", _bounds),
    "compare": RuleKind("项间关系", "compared items", _steps),
    "clean": RuleKind("无脏值", "clean"),
    "identity": RuleKind("身份号码校验", "identity number"),
    "credit_code": RuleKind("信用代码校验", "credit code"),
    "agrees": RuleKind("与身份号码一致", "agrees with the identity number", _agrees),
    "fresh": RuleKind("按期更新", "fresh", _above),
    "frame": RuleKind("应有记录", "records of a frame", against=True),
    "relates": RuleKind("关联存在", "relation exists", against=True),
    "same": RuleKind("两处相同", "same in two places", against=True, keys=True),
    "served": RuleKind("读取成功", "could be read", _above),
    "visited": RuleKind("抽样核实", "confirmed on the spot", _above),
}


ROWLESS = ("served", "visited")
"""Kinds that look at no row: they count how readings went, and what people found who held a sample against reality."""
SEVERAL = ("unique", "spread")
"""Kinds that look at several items together."""


def fault(rule: Rule) -> tuple[str, str, str] | None:
    """(field, found, expected) of the first thing wrong with a rule's parameters, or None."""
    kind = KINDS[rule.kind]
    said = kind.value(rule.value)
    if said:
        return "value", rule.value[:60], said
    if kind.against != bool(rule.other[0]):
        return "against", rule.against, "a data set and an item joined by a point" if kind.against else "nothing"
    if kind.keys and not rule.keys:
        return "keys", "", "the items by which rows are matched"
    unread = next((one for one, wish_ in zip(rule.condition, rule.wanted, strict=True) if not wish_[2]), None)
    if unread is not None:
        return "condition", unread, "an item, = or !=, and values apart by |"
    if rule.kind not in SEVERAL and len(rule.items) > 1:
        return "item", rule.item, "one item: only unique and spread take several"
    return None
