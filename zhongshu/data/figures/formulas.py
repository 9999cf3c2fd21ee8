"""公式 formulas: numbers that only combine counters, periods that only shift the calendar, and how sure a share is.

A formula is text such as `satisfied + 0.9 * basic`: names of counters, whole or decimal constants, + - * / (also
− × ÷) and brackets. It is parsed, never evaluated as code. Source of the first ones: domain rules of 接诉即办,
数字城管 (GB/T 30428.4 style) and 12345; `basis` says of each on what ground it stands.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from math import sqrt

from zhongshu.kernel.clocks import CITY_TIME
from zhongshu.kernel.errors import BadInput

_TOKEN = re.compile(r"\s*(?:(\d+(?:\.\d+)?)|([a-z][a-z0-9_]*)|([-+*/()−×÷]))")
_SAME = {"−": "-", "×": "*", "÷": "/"}
_DEEPEST = 40

Node = float | str | tuple[str, "Node", "Node"]
"""A constant, the name of a counter, or (operator, left, right)."""


def parse(text: str) -> Node:
    """The tree of a formula; ValueError names the place that can't be read."""
    tokens = list(_tokens(text))
    tree, rest = _sum(tokens, 0)
    if rest != len(tokens):
        raise ValueError(f"{text!r}: {tokens[rest]!r} is one too many")
    return tree


def _tokens(text: str) -> Iterator[str]:
    at = 0
    while at < len(text.rstrip()):
        found = _TOKEN.match(text, at)
        if not found:
            raise ValueError(f"{text!r}: found {text[at:].strip()[:12]!r}, expected a counter, a number or + - * / ( )")
        at = found.end()
        yield _SAME.get(found[3], found[0].strip()) if found[3] else found[0].strip()


def _sum(tokens: list[str], at: int, depth: int = 0) -> tuple[Node, int]:
    left, at = _product(tokens, at, depth)
    while at < len(tokens) and tokens[at] in "+-":
        right, after = _product(tokens, at + 1, depth)
        left, at = (tokens[at], left, right), after
    return left, at


def _product(tokens: list[str], at: int, depth: int) -> tuple[Node, int]:
    left, at = _atom(tokens, at, depth)
    while at < len(tokens) and tokens[at] in "*/":
        right, after = _atom(tokens, at + 1, depth)
        left, at = (tokens[at], left, right), after
    return left, at


def _atom(tokens: list[str], at: int, depth: int) -> tuple[Node, int]:
    if at >= len(tokens) or depth > _DEEPEST:
        raise ValueError("the formula ends too early" if at >= len(tokens) else "too many brackets")
    token = tokens[at]
    if token == "(":
        inner, after = _sum(tokens, at + 1, depth + 1)
        if tokens[after : after + 1] != [")"]:
            raise ValueError("a bracket is not closed")
        return inner, after + 1
    if token in "+-*/)":
        raise ValueError(f"{token!r} where a counter or a number is expected")
    return (float(token) if token[0].isdigit() else token), at + 1


def names(tree: Node) -> set[str]:
    """The counters that a formula combines."""
    if isinstance(tree, str):
        return {tree}
    return names(tree[1]) | names(tree[2]) if isinstance(tree, tuple) else set()


def value(tree: Node, counters: Mapping[str, float]) -> float | None:
    """What a formula gives; None where it would divide by nothing. KeyError for a counter that isn't counted."""
    if isinstance(tree, str):
        return float(counters[tree])
    if not isinstance(tree, tuple):
        return tree
    left, right = value(tree[1], counters), value(tree[2], counters)
    if left is None or right is None or (tree[0] == "/" and right == 0):
        return None
    return {"+": lambda: left + right, "-": lambda: left - right, "*": lambda: left * right}.get(
        tree[0], lambda: left / right
    )()


def wilson(part: float, base: float, z: float = 1.96) -> tuple[float, float] | None:
    """Wilson's score interval of a share (95 % for z = 1.96); None without a base or when it is no share.

    Source: E. B. Wilson, Probable Inference, the Law of Succession, and Statistical Inference, JASA 22 (1927).
    """
    if base <= 0 or not 0 <= part <= base:
        return None
    share, extra = part / base, z * z / base
    middle = (share + extra / 2) / (1 + extra)
    half = z / (1 + extra) * sqrt(share * (1 - share) / base + extra / (4 * base))
    return max(0.0, middle - half), min(1.0, middle + half)


@dataclass(frozen=True, slots=True)
class Rate:
    """One figure: its two parts, the value (None without a base) and, for a share, how far chance alone may move it."""

    part: float | None
    base: float | None
    value: float | None
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True, slots=True)
class Formula:
    """口径: `numerator` over `denominator` ("" for a plain number). `unit` is percent or points or count or minutes.

    `direction` up means that more is better, down that less is, none neither; `basis` is law, standard, statistics,
    expert or default.
    """

    code: str
    name: str
    name_en: str
    numerator: str
    denominator: str = ""
    unit: str = "percent"
    direction: str = "up"
    basis: str = "default"
    within: bool = False
    """Only ever shown within one cohort: no single average of it over streets of different kinds is published."""

    def rate(self, counters: Mapping[str, float]) -> Rate:
        """This figure of some counters."""
        part = value(parse(self.numerator), counters)
        if not self.denominator:
            return Rate(part, None, part)
        base = value(parse(self.denominator), counters)
        if part is None or not base:
            return Rate(part, base, None)
        low, high = (wilson(part, base) if self.unit == "percent" else None) or (None, None)
        return Rate(part, base, part / base, low, high)

    def counters(self, part: str = "") -> set[str]:
        """Names of the counters of one part (numerator or denominator), or of both."""
        texts = {"numerator": [self.numerator], "denominator": [self.denominator]}.get(
            part, [self.numerator, self.denominator]
        )
        return {name for text in texts if text for name in names(parse(text))}


@dataclass(frozen=True, slots=True)
class Weight:
    """权重: one formula's share in a combined score, e.g. 0.5 of 综合, or 60 of 100 points."""

    score: str
    name: str
    name_en: str
    formula: str
    weight: float
    basis: str = "default"


@dataclass(frozen=True, slots=True)
class Window:
    """统计时段: the `unit` of the calendar (day, week, month, quarter, year), moved by months, days and a time of day.

    It is closed, and its figures kept, `closes_minutes` after its end: what is written down later no longer moves it.
    """

    code: str
    name: str
    name_en: str
    unit: str
    shift_months: int = 0
    shift_days: int = 0
    start_time: str = "00:00"
    closes_minutes: int = 360
    basis: str = "default"

    def bounds(self, day: date) -> tuple[datetime, datetime]:
        """First moment of the period of this name, and the first moment after it (city time)."""
        first = first_day(self.unit, day)
        return self._moved(first), self._moved(next_first(self.unit, first))

    def _moved(self, day: date) -> datetime:
        moved = add_months(day, self.shift_months) + timedelta(days=self.shift_days)
        return datetime.combine(moved, time.fromisoformat(self.start_time), CITY_TIME)

    def closes_at(self, day: date) -> datetime:
        """When the figures of this period are kept."""
        return self.bounds(day)[1] + timedelta(minutes=self.closes_minutes)


def add_months(day: date, months: int) -> date:
    """The same day of another month; the last one where that month is shorter."""
    count = day.year * 12 + day.month - 1 + months
    first = date(count // 12, count % 12 + 1, 1)
    last = date((count + 1) // 12, (count + 1) % 12 + 1, 1) - timedelta(days=1)
    return first.replace(day=min(day.day, last.day))


_MONTHS = {"month": 1, "quarter": 3, "year": 12}


def first_day(unit: str, day: date) -> date:
    """The first day of the natural day, week, month, quarter or year around a day."""
    if unit in _MONTHS:
        months = _MONTHS[unit]
        return date(day.year, (day.month - 1) // months * months + 1, 1)
    return day - timedelta(days=day.weekday()) if unit == "week" else day


def next_first(unit: str, first: date) -> date:
    """The first day of the unit after the one that begins at `first`."""
    if unit in _MONTHS:
        return add_months(first, _MONTHS[unit])
    return first + timedelta(days=7 if unit == "week" else 1)


@dataclass(frozen=True, slots=True)
class Rules:
    """口径版本: the formulas, weights, windows and cohorts in force at a moment; `version` names exactly these."""

    version: str
    formulas: Mapping[str, Formula]
    weights: tuple[Weight, ...]
    windows: Mapping[str, Window]
    cohorts: Mapping[str, str]
    """Division code -> its cohort (街镇类型)."""
    cohort_names: Mapping[str, tuple[str, str]]
    """Cohort -> its name in Chinese and English."""

    def formula(self, code: str) -> Formula:
        """BadInput when no such formula is in force."""
        if code not in self.formulas:
            raise BadInput(f"there is no formula {code!r} / 没有“{code}”这个口径")
        return self.formulas[code]

    def window(self, code: str) -> Window:
        if code not in self.windows:
            raise BadInput(f"there is no window {code!r} / 没有“{code}”这个统计时段")
        return self.windows[code]

    def within_only(self) -> set[str]:
        """Formulas, and scores made of them, that are shown within one cohort only."""
        codes = {code for code, formula in self.formulas.items() if formula.within}
        return codes | {one.score for one in self.weights if one.formula in codes}

    def scores(self, counters: Mapping[str, float]) -> dict[str, float | None]:
        """综合得分: every combined score by its code; None while one of its parts has no base."""
        found: dict[str, float | None] = {}
        for one in self.weights:
            share = self.formula(one.formula).rate(counters).value
            before = found.get(one.score, 0.0)
            found[one.score] = None if share is None or before is None else before + one.weight * share
        return found

    def rates(self, counters: Mapping[str, float]) -> dict[str, Rate]:
        """Every formula of some counters, by its code."""
        return {code: formula.rate(counters) for code, formula in self.formulas.items()}
