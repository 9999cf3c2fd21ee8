"""唯一性 which rows share their key with another: the part of a check that costs most, so it has a way of its own.

Whole numbers are sorted as they are, everything else by a hash of 64 bits. Equal hashes only name suspects: what counts
are the values themselves, compared among the suspects. Nothing else that we measured comes near a sort: see ADR 0025.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import polars as pl
from numpy.typing import NDArray

Rows = NDArray[np.int64]
SPREAD = 4
"""A table of marks may have this many places for each row."""
MANY = 0.2
"""Share of suspects from which on sorting them out costs more than asking polars."""


def duplicates(frame: pl.DataFrame, items: Sequence[str]) -> tuple[int, Rows]:
    """How many rows have a key (every part of it not null), and which of them share it with another row."""
    chosen = frame.select(items)
    if not any(chosen[item].null_count() for item in items):
        return len(chosen), _shared(chosen)
    keyed = chosen.select(pl.all_horizontal(pl.all().is_not_null())).to_series()
    full = chosen.filter(keyed)
    return len(full), np.flatnonzero(keyed.to_numpy())[_shared(full)]


def _shared(frame: pl.DataFrame) -> Rows:
    if len(frame) < 2:
        return np.empty(0, np.int64)
    only = frame.to_series(0)
    if frame.width == 1 and only.dtype.is_integer():
        return _repeated(only.to_numpy())
    hashes = only.hash().to_numpy() if frame.width == 1 else frame.hash_rows().to_numpy()
    suspects = _repeated(hashes)
    if not len(suspects):
        return suspects
    if len(suspects) > MANY * len(frame):
        return np.flatnonzero(frame.is_duplicated().to_numpy())
    found: Rows = suspects[frame[suspects].is_duplicated().to_numpy()]
    return found


def _repeated(values: NDArray[np.int64] | NDArray[np.uint64]) -> Rows:
    """Rows whose number occurs more than once. numpy sorts numbers with the processor's widest registers."""
    order = np.sort(values)
    twice = np.unique(order[1:][order[1:] == order[:-1]])
    if not len(twice):
        return np.empty(0, np.int64)
    low, high = int(order[0]), int(order[-1])
    if high - low < SPREAD * len(values):
        marked = np.zeros(high - low + 1, bool)
        marked[twice - low] = True
        return np.flatnonzero(marked[values - low])
    if len(twice) > MANY * len(values):
        return np.flatnonzero(np.isin(values, twice))
    return np.flatnonzero(pl.Series(values).is_in(pl.Series(twice).implode()).to_numpy())
