"""抽样 a simple random sample of rows, and what a sample says of all of them. Pure.

Sources: Wilson's score interval for a share (1927), which holds for small samples and shares near 1, where the usual
one reaches beyond 1; the sample by the smallest of one random number a row, so that the rows need be read once only.
"""

from __future__ import annotations

from collections.abc import Iterable
from math import sqrt

import numpy as np
import polars as pl

NINETY_FIVE = 1.959963984540054
"""Standard errors of a confidence of 95 %."""
_DRAWN = "__drawn"


def interval(met: int, checked: int) -> tuple[float, float] | None:
    """The bounds of a share at a confidence of 95 %; None where nothing was checked."""
    if not checked:
        return None
    share, z = met / checked, NINETY_FIVE * NINETY_FIVE / checked
    middle = share + z / 2
    reach = NINETY_FIVE * sqrt(share * (1 - share) / checked + z / (4 * checked))
    low, high = (middle - reach) / (1 + z), (middle + reach) / (1 + z)
    return (0.0 if met == 0 else low, 1.0 if met == checked else high)


def difference(one: tuple[int, int], other: tuple[int, int]) -> tuple[float, float] | None:
    """The bounds of one share (met, checked) less another at a confidence of 95 %; None where either has nothing.

    Newcombe's hybrid of two score intervals (1998, method 10), which holds where the usual one leaves -1..1.
    """
    mine, theirs = interval(*one), interval(*other)
    if mine is None or theirs is None:
        return None
    here, there = one[0] / one[1], other[0] / other[1]
    low = sqrt((here - mine[0]) ** 2 + (theirs[1] - there) ** 2)
    high = sqrt((mine[1] - here) ** 2 + (there - theirs[0]) ** 2)
    return here - there - low, here - there + high


def draw(parts: Iterable[pl.DataFrame], size: int, seed: int) -> tuple[pl.DataFrame, int]:
    """`size` rows of all parts, each as likely as any other, in random order; and how many rows there were."""
    generator = np.random.default_rng(seed)
    held, of = pl.DataFrame(), 0
    for part in parts:
        of += len(part)
        drawn = part.with_columns(pl.Series(_DRAWN, generator.random(len(part))))
        held = pl.concat([held, drawn.bottom_k(size, by=_DRAWN)]) if len(held) else drawn.bottom_k(size, by=_DRAWN)
        held = held.bottom_k(size, by=_DRAWN).rechunk()
    return held.sort(_DRAWN).drop(_DRAWN), of
