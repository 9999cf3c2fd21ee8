"""两表核对 a data set held against another: an external frame, a relation that must hold, one value in two places."""

from __future__ import annotations

import numpy as np
import polars as pl
from numpy.typing import NDArray

from zhongshu.data.quality.rules import Rule

Rows = NDArray[np.int64]
ROW = "__row"


def missing(rule: Rule, frame: pl.DataFrame, other: pl.DataFrame) -> tuple[Rows, int]:
    """应有未有: rows of the frame (`other`) without a record here, and how many records the frame expects."""
    wanted = expected(rule, other)
    return rows(unmet(rule, frame, wanted)), len(wanted)


def expected(rule: Rule, other: pl.DataFrame) -> pl.DataFrame:
    """Keys that should have a record: what `condition` chooses of the other data set, each once, with its first row."""
    wanted = other.with_row_index(ROW)
    for item, yes, values in rule.wanted:
        met = pl.col(item).cast(pl.String).is_in(values).fill_null(False)
        wanted = wanted.filter(met if yes else ~met)
    sides = [one for _own, one in _paired(rule)]
    return wanted.select(ROW, *(pl.col(one).cast(pl.String) for one in sides)).drop_nulls().unique(sides, keep="first")


def _paired(rule: Rule) -> tuple[tuple[str, str], ...]:
    return rule.pairs or ((rule.item, rule.other[1]),)


def unmet(rule: Rule, frame: pl.DataFrame, wanted: pl.DataFrame) -> pl.DataFrame:
    """Those of `expected` that have no record among these rows."""
    pairs = _paired(rule)
    own = frame.select(pl.col(one).cast(pl.String) for one, _other in pairs).unique()
    ours, theirs = [one for one, _other in pairs], [one for _own, one in pairs]
    return wanted.join(own, left_on=theirs, right_on=ours, how="anti")


def differing(rule: Rule, frame: pl.DataFrame, other: pl.DataFrame) -> tuple[int, Rows]:
    """`relates`: rows whose value the other data set lacks. `same`: matched rows whose two values differ."""
    theirs = rule.other[1]
    if rule.kind == "relates":
        given = _keyed(frame, [rule.item])
        known = other.select(pl.col(theirs).cast(pl.String)).drop_nulls().unique()
        lost = given.join(known, left_on=rule.item, right_on=theirs, how="anti")
        return len(given), rows(lost)
    own = [one for one, _other in rule.pairs]
    sides = [one for _own, one in rule.pairs]
    given = _keyed(frame, [*own, rule.item])
    value = "__value"
    known = other.select([*(pl.col(one).cast(pl.String) for one in sides), pl.col(theirs).cast(pl.String).alias(value)])
    known = known.drop_nulls().unique(sides, keep="first")
    both = given.join(known, left_on=own, right_on=sides, how="inner")
    return len(both), rows(both.filter(pl.col(rule.item) != pl.col(value)))


def _keyed(frame: pl.DataFrame, items: list[str]) -> pl.DataFrame:
    named = list(dict.fromkeys(items))
    return frame.with_row_index(ROW).select(ROW, *(pl.col(one).cast(pl.String) for one in named)).drop_nulls()


def rows(found: pl.DataFrame) -> Rows:
    """The numbers of rows that were found, in their order."""
    return np.sort(found[ROW].to_numpy().astype(np.int64))
