"""质量检查 one pass of all rules over a data set: what each counted (A of B), and the rows that failed it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import date, timedelta

import numpy as np
import polars as pl
from numpy.typing import NDArray

from zhongshu.data.quality import checksums, keys, rules, together
from zhongshu.data.quality.rules import Rule

Rows = NDArray[np.int64]
NO_ROWS: Rows = np.empty(0, np.int64)
NOTHING = "(n/?a|null|none|nan|unknown|test|xxx+|[-?？.。/、*]+|无|空|未知|不详|暂无|待补|待填|测试)"
DIRTY = r"^\s|\s$|[\x00-\x1f\x7f\u{fffd}]|^(?i)" + NOTHING + "$"
"""Outer blanks, control characters, characters lost in a conversion, and words that stand for nothing."""
FEW = 6
"""Values up to which comparing with each is faster than looking them up."""
MALE, FEMALE = ("1", "男", "男性", "M", "m"), ("2", "女", "女性", "F", "f")


@dataclass(frozen=True, slots=True)
class World:
    """What rules look at beside the data set: the day of the run, other data sets, code lists, how reads went.

    `reads` counts (successful, all) reads of each data set in the last days, `visits` (right, confirmed) rows of the
    samples of one of its items that people held against what is there.
    """

    today: date
    others: Mapping[str, pl.DataFrame]
    lists: Mapping[str, Sequence[str]]
    reads: Callable[[str, int], tuple[int, int]]
    visits: Callable[[str, str, int], tuple[int, int]] = lambda _dataset, _item, _days: (0, 0)


def world(today: date, others: Mapping[str, pl.DataFrame] | None = None) -> World:
    """A world of a day and some other data sets, without code lists or reads."""
    return World(today, others or {}, {}, lambda _dataset, _days: (1, 1))


@dataclass(frozen=True, slots=True)
class Outcome:
    """检查结果: `met` of `checked` rows are right (A / B), `failed` are the numbers of the others.

    For a frame they are rows of the other data set: those that should have a record and don't. `said` is a sentence
    when the rule could not be applied; then nothing was counted.
    """

    rule: Rule
    checked: int = 0
    met: int = 0
    failed: Rows = field(default_factory=lambda: NO_ROWS)
    said: str = ""

    @property
    def share(self) -> float | None:
        return self.met / self.checked if self.checked else None


def check(
    frame: pl.DataFrame, given: Sequence[Rule], around: World, bare: bool = False, look: pl.DataFrame | None = None
) -> list[Outcome]:
    """Every rule's outcome, in the order given. All plain rules go over the rows in one pass.

    `bare` says that there are no rows to look at: for rules that look at none. By the rows of `look`, else by the
    first of the frame, is told how texts are to be compared: each part of a set must be read like the first.
    """
    said = {rule.code: "" if bare else lacking(rule, frame, around) for rule in given}
    sound = [rule for rule in given if not said[rule.code]]
    plain = [rule for rule in sound if rule.kind in PLAIN]
    apart = [rule for rule in sound if rule.kind not in PLAIN and rule.kind not in rules.ROWLESS]
    with ThreadPoolExecutor(1) as beside:
        # Sorting leaves one core free, and polars takes both as soon as it can
        waiting = [beside.submit(_beside, rule, frame, around) for rule in apart]
        found = {one.rule.code: one for one in _plain(frame, plain, around, look)}
        found |= {rule.code: rowless(rule, around) for rule in sound if rule.kind in rules.ROWLESS}
        found |= {one.rule.code: one for one in (job.result() for job in waiting)}
    return [found.get(rule.code) or Outcome(rule, said=said[rule.code]) for rule in given]


def lacking(rule: Rule, frame: pl.DataFrame, around: World) -> str:
    """Why a rule can't be applied to a frame of these columns, or ""."""
    lacking = sorted(rule.reads() - set(frame.columns))
    if lacking:
        return f"没有数据项 {', '.join(lacking)} · no such item"
    name = rule.other[0]
    if not name:
        return ""
    if name not in around.others:
        return f"读不到数据集 {name} · can't be read"
    lacking = sorted(rule.reads_of_other() - set(around.others[name].columns))
    return f"{name} 没有数据项 {', '.join(lacking)} · no such item" if lacking else ""


def _plain(frame: pl.DataFrame, given: Sequence[Rule], around: World, look: pl.DataFrame | None) -> list[Outcome]:
    if not given:
        return []
    seen = frame if look is None else look
    bad = [PLAIN[rule.kind](rule, seen, around).fill_null(False) for rule in given]
    counted = [_counted(rule) for rule in given]
    named = [_mask(rule, one).alias(str(n)) for n, (rule, one) in enumerate(zip(given, bad, strict=True))]
    counts = [(pl.len() if one is None else one.sum()).alias(str(n)) for n, one in enumerate(counted)]
    lazy = frame.lazy()
    found, totals = pl.collect_all([lazy.select(named), lazy.select(counts)])
    return [_outcome(rule, found[str(n)], int(totals[str(n)][0])) for n, rule in enumerate(given)]


def _mask(rule: Rule, bad: pl.Expr) -> pl.Expr:
    counted = _counted(rule) if rule.condition or rule.kind == "spread" else None
    return bad if counted is None else bad & counted


def _outcome(rule: Rule, mask: pl.Series, checked: int) -> Outcome:
    failed = mask.arg_true().to_numpy().astype(np.int64)
    return Outcome(rule, checked, checked - len(failed), failed)


def _counted(rule: Rule) -> pl.Expr | None:
    """B: the rows that a rule applies to, or None for all. What is empty is the business of `filled` alone."""
    chosen = [_met(one) for one in rule.wanted]
    if rule.kind not in ("filled", "fresh"):
        chosen += [_given(item) for item in rule.items]
    if rule.kind == "compare":
        chosen += [_given(item) for _step, item in rules.steps(rule.value)]
    if rule.kind == "agrees":
        chosen.append(_given(rule.value.partition(".")[0]))
    return pl.all_horizontal(chosen) if chosen else None


def _given(item: str) -> pl.Expr:
    return pl.col(item).is_not_null()


def _met(wish: tuple[str, bool, tuple[str, ...]]) -> pl.Expr:
    item, yes, values = wish
    found = pl.col(item).cast(pl.String).is_in(values)
    return (found if yes else ~found).fill_null(False)


def chosen(rule: Rule) -> pl.Expr:
    """Rows that a rule's condition chooses; all of them when it has none."""
    return pl.all_horizontal([_met(one) for one in rule.wanted]) if rule.condition else pl.lit(True)


def _filled(rule: Rule, frame: pl.DataFrame, _: World) -> pl.Expr:
    item = pl.col(rule.item)
    return item.is_null() | (item.str.len_bytes() == 0) if frame.schema[rule.item] == pl.String else item.is_null()


def _spread(rule: Rule, frame: pl.DataFrame, _: World) -> pl.Expr:
    """编造的苗头: more rows than `value` say the same, such as one grid and one day for all."""
    return pl.len().over(rule.items) > int(rule.value)


def _pattern(rule: Rule, frame: pl.DataFrame, _: World) -> pl.Expr:
    text, plain = _text(frame, rule.item), rules.digits(rule.value)
    if plain is None:
        return ~text.str.contains(rule.value.replace(r"\d", "[0-9]"))
    length, low, high = plain
    number = text.cast(pl.Int64, strict=False)
    return ~((text.str.len_bytes() == length) & number.is_between(low, high).fill_null(False)) & _given(rule.item)


def _clean(rule: Rule, frame: pl.DataFrame, _: World) -> pl.Expr:
    return _text(frame, rule.item).str.contains(DIRTY)


def _text(frame: pl.DataFrame, item: str) -> pl.Expr:
    found = pl.col(item)
    return found if frame.schema[item] == pl.String else found.cast(pl.String)


def _choices(rule: Rule, frame: pl.DataFrame, around: World) -> pl.Expr:
    name = rule.value.removeprefix("list:")
    allowed = around.lists.get(name, ()) if name != rule.value else rules.values(rule.value)
    text = _text(frame, rule.item)
    if 0 < len(allowed) <= FEW:
        return ~pl.any_horizontal([text == value for value in allowed])
    return ~text.is_in(list(allowed))


def _range(rule: Rule, frame: pl.DataFrame, around: World) -> pl.Expr:
    low, high = rules.bounds(rule.value, around.today)
    dated = isinstance(low if low is not None else high, date)
    item = _day(frame, rule.item) if dated else _number(frame, rule.item)
    return _outside(item, low, high).fill_null(True) & _given(rule.item)


def _outside(item: pl.Expr, low: float | date | None, high: float | date | None) -> pl.Expr:
    if low is not None and high is not None:
        return ~item.is_between(low, high)
    return item < low if high is None else item > high


def _length(rule: Rule, frame: pl.DataFrame, around: World) -> pl.Expr:
    low, high = rules.bounds(rule.value, around.today)
    return _outside(_text(frame, rule.item).str.len_chars(), low, high)


def _number(frame: pl.DataFrame, item: str) -> pl.Expr:
    found = pl.col(item)
    return found if frame.schema[item].is_numeric() else found.cast(pl.Float64, strict=False)


def _day(frame: pl.DataFrame, item: str) -> pl.Expr:
    kind = frame.schema[item]
    if kind == pl.String:
        return pl.col(item).str.slice(0, 10).str.to_date("%Y-%m-%d", strict=False)
    return pl.col(item) if kind == pl.Date else pl.col(item).cast(pl.Date, strict=False)


def _compare(rule: Rule, frame: pl.DataFrame, _: World) -> pl.Expr:
    steps = rules.steps(rule.value)
    every = [rule.item, *(item for _step, item in steps)]
    read = _reader(frame, every)
    pairs = zip(every, steps, strict=False)
    return ~pl.all_horizontal([_holds(read(left), step, read(right)) for left, (step, right) in pairs])


def _holds(left: pl.Expr, step: str, right: pl.Expr) -> pl.Expr:
    return {
        "<=": left <= right,
        ">=": left >= right,
        "<": left < right,
        ">": left > right,
        "==": left == right,
        "!=": left != right,
    }[step]


def _reader(frame: pl.DataFrame, items: Sequence[str]) -> Callable[[str], pl.Expr]:
    """How to read items that are compared: as numbers when all of them can be, else as they are (ISO dates sort)."""
    if all(frame.schema[item] == pl.String for item in items):
        few = frame.select(items).head(200)
        numbers = few.select(pl.all().cast(pl.Float64, strict=False).null_count() == pl.all().null_count())
        return (lambda item: _number(frame, item)) if all(numbers.row(0)) else pl.col
    if any(frame.schema[item].is_temporal() for item in items):
        same = len({frame.schema[item] for item in items}) == 1
        return pl.col if same else lambda item: _day(frame, item)
    return lambda item: _number(frame, item)


def _agrees(rule: Rule, frame: pl.DataFrame, _: World) -> pl.Expr:
    item, _dot, part = rule.value.partition(".")
    if part == "birth":
        return (_day(frame, rule.item) != checksums.birth(item)).fill_null(True) & _given(rule.item) & _given(item)
    text = _text(frame, rule.item)
    told = pl.when(text.is_in(MALE)).then(1).when(text.is_in(FEMALE)).then(2).cast(pl.Int8)
    return (told != checksums.sex(item)) & told.is_not_null()


def _fresh(rule: Rule, frame: pl.DataFrame, around: World) -> pl.Expr:
    since = around.today - timedelta(days=int(rule.value))
    return (_day(frame, rule.item) < since).fill_null(True)


PLAIN: Mapping[str, Callable[[Rule, pl.DataFrame, World], pl.Expr]] = {
    "filled": _filled,
    "spread": _spread,
    "pattern": _pattern,
    "choices": _choices,
    "range": _range,
    "length": _length,
    "compare": _compare,
    "clean": _clean,
    "agrees": _agrees,
    "fresh": _fresh,
}
"""Kinds that are one expression over the rows: true where a row fails."""


def rowless(rule: Rule, around: World) -> Outcome:
    """How many of the last readings went well, or of the rows confirmed on the spot were right."""
    days = int(rule.value)
    if rule.kind == "served":
        good, every = around.reads(rule.dataset, days)
    else:
        good, every = around.visits(rule.dataset, rule.item, days)
    return Outcome(rule, every, good)


def _beside(rule: Rule, frame: pl.DataFrame, around: World) -> Outcome:
    """A rule that has a way of its own."""
    if rule.kind == "frame":
        missing, expected = together.missing(rule, frame, _other(rule, around))
        return Outcome(rule, expected, expected - len(missing), missing)
    mask = frame.select(chosen(rule)).to_series() if rule.condition else None
    checked, failed = _chosen(rule, frame if mask is None else frame.filter(mask), around)
    if mask is not None:
        failed = np.flatnonzero(mask.to_numpy())[failed]
    return Outcome(rule, checked, checked - len(failed), failed)


def _chosen(rule: Rule, frame: pl.DataFrame, around: World) -> tuple[int, Rows]:
    """How many rows were checked, and which failed, of rows already chosen."""
    if rule.kind == "unique":
        return keys.duplicates(frame, rule.items)
    if rule.kind in ("identity", "credit_code"):
        column = frame[rule.item]
        right = (
            checksums.credit_code(column) if rule.kind == "credit_code" else checksums.identity(column, around.today)
        )
        given = column.is_not_null().to_numpy()
        return int(given.sum()), np.flatnonzero(given & ~right)
    return together.differing(rule, frame, _other(rule, around))


def _other(rule: Rule, around: World) -> pl.DataFrame:
    return around.others[rule.other[0]]
