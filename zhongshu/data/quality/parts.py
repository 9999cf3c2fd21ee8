"""分段检查 the rules of a data set that is too large for one frame: the same counts, over one part after the other.

What a rule says of a row is counted part by part. What it says of rows together (unique, spread) is told by hashes of
eight bytes a row: which of them occur too often names suspects, and a second reading compares the suspects' own values.
A frame's keys are crossed off as they are met.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain

import numpy as np
import polars as pl
from numpy.typing import NDArray

from zhongshu.data.quality import engine, together
from zhongshu.data.quality.engine import Outcome, World
from zhongshu.data.quality.rules import ROWLESS, SEVERAL, Rule

SIZE = 500_000
"""Rows of one part. Smaller sets are one frame."""
ROW = "__row"
Read = Callable[[Collection[str]], Iterator[pl.DataFrame]]
"""Items -> the rows in parts, always the same rows in the same order; at least one part. () are all that is read."""


@dataclass(frozen=True, slots=True)
class Checked:
    """分段检查结果: `outcomes` in the order of the rules, whose `failed` are rows of `evidence`, by rule.

    A set that fitted one part is kept as its `frame`, and `failed` are rows of that; of a frame rule, of the other set.
    """

    outcomes: Sequence[Outcome]
    rows: int
    frame: pl.DataFrame | None
    evidence: Mapping[str, pl.DataFrame]

    def failing(self, one: Outcome, most: int) -> pl.DataFrame | None:
        """The first rows of this data set that failed a rule; None when its evidence is rows of another."""
        if one.rule.kind == "frame":
            return None
        if self.frame is not None:
            return self.frame[one.failed[:most]]
        return self.evidence[one.rule.code][:most] if one.rule.code in self.evidence else None


@dataclass(slots=True)
class _Sum:
    """What one rule counted so far, with the first rows that failed it."""

    rule: Rule
    most: int
    checked: int = 0
    failed: int = 0
    rows: list[pl.DataFrame] = field(default_factory=list)
    kept: int = 0

    def add(self, checked: int, failing: pl.DataFrame) -> None:
        self.checked += checked
        self.failed += len(failing)
        if self.kept < self.most and len(failing):
            # A copy, so that a few rows don't keep their whole part in memory
            self.rows.append(failing[: self.most - self.kept].clone().rechunk())
            self.kept += len(self.rows[-1])

    def outcome(self) -> Outcome:
        return Outcome(self.rule, self.checked, self.checked - self.failed, np.arange(self.kept, dtype=np.int64))

    def evidence(self, empty: pl.DataFrame) -> pl.DataFrame:
        return pl.concat(self.rows) if self.rows else empty


def check(read: Read, given: Sequence[Rule], around: World, most: int) -> Checked:
    """Every rule over rows read in parts; at most `most` failing rows of each are kept as evidence."""
    parts = read(())
    first, second = next(parts), next(parts, None)
    if second is None:
        return Checked(engine.check(first, given, around), len(first), first, {})
    told = {rule.code: Outcome(rule, said=said) for rule in given if (said := engine.lacking(rule, first, around))}
    told |= {rule.code: engine.rowless(rule, around) for rule in given if rule.kind in ROWLESS}
    todo = [rule for rule in given if rule.code not in told]
    sums = {rule.code: _Sum(rule, most) for rule in todo if rule.kind not in (*SEVERAL, "frame")}
    keyed = {rule.code: _Keyed(rule) for rule in todo if rule.kind in SEVERAL}
    framed = {rule.code: _Framed(rule, around.others[rule.other[0]]) for rule in todo if rule.kind == "frame"}
    rows = 0
    across: list[_Keyed | _Framed] = [*keyed.values(), *framed.values()]
    for part in chain((first, second), parts):
        rows += len(part)
        for one in engine.check(part, [tally.rule for tally in sums.values()], around, look=first):
            sums[one.rule.code].add(one.checked, part[one.failed])
        for tally in across:
            tally.see(part)
    sums |= {code: tally.verified(read, most, len(first)) for code, tally in keyed.items()}
    told |= {code: tally.outcome() for code, tally in (sums | framed).items()}
    evidence = {code: tally.evidence(first[:0]) for code, tally in sums.items()}
    return Checked([told[rule.code] for rule in given], rows, None, evidence)


class _Framed:
    """应有记录: keys of the frame that were not met yet."""

    def __init__(self, rule: Rule, other: pl.DataFrame) -> None:
        self.rule = rule
        self._left = together.expected(rule, other)
        self._expected = len(self._left)

    def see(self, part: pl.DataFrame) -> None:
        self._left = together.unmet(self.rule, part, self._left)

    def outcome(self) -> Outcome:
        missing = together.rows(self._left)
        return Outcome(self.rule, self._expected, self._expected - len(missing), missing)


class _Keyed:
    """不重复与不过度集中: the hash of each row's key, then the values of those that occur too often."""

    def __init__(self, rule: Rule) -> None:
        self.rule = rule
        self._hashes: list[NDArray[np.uint64]] = []
        self._checked = 0
        self._limit = 1 if rule.kind == "unique" else int(rule.value)

    def _pool(self, part: pl.DataFrame) -> pl.DataFrame:
        """Rows whose keys are counted; `unique` compares those that it checks, `spread` checks some of all rows."""
        full = part.filter(pl.all_horizontal(pl.col(item).is_not_null() for item in self.rule.items))
        return full.filter(engine.chosen(self.rule)) if self.rule.kind == "unique" else full

    def _hashed(self, pool: pl.DataFrame) -> NDArray[np.uint64]:
        keys = pool.select(self.rule.items)
        found: NDArray[np.uint64] = (keys.to_series().hash() if keys.width == 1 else keys.hash_rows()).to_numpy()
        return found

    def see(self, part: pl.DataFrame) -> None:
        pool = self._pool(part)
        self._checked += len(pool) if self.rule.kind == "unique" else len(pool.filter(engine.chosen(self.rule)))
        self._hashes.append(self._hashed(pool))

    def verified(self, read: Read, most: int, size: int) -> _Sum:
        """Equal hashes name suspects; what counts are the values themselves, so many of them at once as a part has."""
        order = np.concatenate(self._hashes)
        self._hashes.clear()
        order.sort()
        often = np.unique(order[self._limit :][order[self._limit :] == order[: -self._limit]])
        suspects = int(np.searchsorted(order, often, "right").sum() - np.searchsorted(order, often, "left").sum())
        del order
        slices = -(-suspects // max(size, 1))
        failing = [self._failing(read, often[often % slices == n]) for n in range(slices)]
        found = _Sum(self.rule, most, checked=self._checked)
        if failing:
            total = sum(len(one) for one in failing)
            first = pl.concat([one.head(most) for one in failing]).sort(ROW).drop(ROW)
            found.add(0, first.head(most))
            found.failed = total
        return found

    def _failing(self, read: Read, often: NDArray[np.uint64]) -> pl.DataFrame:
        """Rows whose key really occurs too often, of those whose hash is one of these."""
        known, held, before = pl.Series(often), [], 0
        for part in read(()):
            pool = self._pool(part.with_row_index(ROW, offset=before))
            before += len(part)
            hashes = pl.Series(self._hashed(pool))
            held.append(pool.filter(hashes.is_in(known.implode())))
        every = pl.concat(held)
        found = every.filter(pl.len().over(self.rule.items) > self._limit)
        return found.filter(engine.chosen(self.rule))
