"""两表核对 a data set held against another: an external frame, a relation that must hold, one value in two places."""

from __future__ import annotations

import numpy as np
import polars as pl
from numpy.typing import NDArray

from zhongshu.data.quality.rules import Rule

Rows = NDArray[np.int64]
ROW = "__row"


def missing(rule: Rule, frame: pl.DataFrame, other: pl.DataFrame) -> tuple[Rows, int]:
    """应有未有: rows of the frame (`other`) without a record here, and how many records the frame expects.

    The frame is what `condition` chooses of the other data set; each of its keys counts once.
    """
    theirs = rule.other[1]
    pairs = rule.pairs or ((rule.item, theirs),)
    wanted = other.with_row_index(ROW)
    for item, yes, values in rule.wanted:
        met = pl.col(item).cast(pl.String).is_in(values).fill_null(False)
        wanted = wanted.filter(met if yes else ~met)
    sides = [one for _own, one in pairs]
    wanted = (
        wanted.select(ROW, *(pl.col(one).cast(pl.String) for one in sides)).drop_nulls().unique(sides, keep="first")
    )
    own = frame.select(pl.col(one).cast(pl.String) for one, _other in pairs).unique()
    lacking = wanted.join(own, left_on=sides, right_on=[one for one, _other in pairs], how="anti")
    return np.sort(lacking[ROW].to_numpy().astype(np.int64)), len(wanted)


def differing(rule: Rule, frame: pl.DataFrame, other: pl.DataFrame) -> tuple[int, Rows]:
    """`relates`: rows whose value the other data set lacks. `same`: matched rows whose two values differ."""
    theirs = rule.other[1]
    if rule.kind == "relates":
        given = _keyed(frame, [rule.item])
        known = other.select(pl.col(theirs).cast(pl.String)).drop_nulls().unique()
        lost = given.join(known, left_on=rule.item, right_on=theirs, how="anti")
        return len(given), _rows(lost)
    own = [one for one, _other in rule.pairs]
    sides = [one for _own, one in rule.pairs]
    given = _keyed(frame, [*own, rule.item])
    value = "__value"
    known = other.select([*(pl.col(one).cast(pl.String) for one in sides), pl.col(theirs).cast(pl.String).alias(value)])
    known = known.drop_nulls().unique(sides, keep="first")
    both = given.join(known, left_on=own, right_on=sides, how="inner")
    return len(both), _rows(both.filter(pl.col(rule.item) != pl.col(value)))


def _keyed(frame: pl.DataFrame, items: list[str]) -> pl.DataFrame:
    named = list(dict.fromkeys(items))
    return frame.with_row_index(ROW).select(ROW, *(pl.col(one).cast(pl.String) for one in named)).drop_nulls()


def _rows(found: pl.DataFrame) -> Rows:
    return np.sort(found[ROW].to_numpy().astype(np.int64))
