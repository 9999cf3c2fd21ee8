"""量法 what a measure is: one set-based statement, and how its rows become one number for each place."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

HOUR, DAY, WEEK, MONTH = timedelta(hours=1), timedelta(days=1), timedelta(days=7), timedelta(days=30)

TOGETHER = {
    "sum": "sum(a)",
    "share": "100.0 * sum(a) / nullif(sum(b), 0)",
    "mean": "sum(a) / nullif(sum(b), 0)",
    "max": "max(a)",
    "median": "percentile_cont(0.5) WITHIN GROUP (ORDER BY a)",
}
"""How rows become a number: how many, per cent of a base, mean, greatest, median. Colours are never averaged."""


@dataclass(frozen=True, slots=True)
class Measure:
    """量法.

    `sql` yields rows (place, a, b, ref, at): where, what counts, its base, which object, and how new it is; it knows
    the moments %(now)s and %(since)s, which lie `window` apart, and %(classes)s. `of` says what a ref names. With
    `past` the same statement is true of any earlier moment, so history can be filled; without, only of now. `live`
    are our own books, as new as the moment itself; otherwise the newest `at` of the rows says how new the number is.
    """

    code: str
    of: str
    together: str
    sql: str
    window: timedelta = MONTH
    past: bool = False
    live: bool = True
    of_classes: bool = False

    @property
    def counts(self) -> bool:
        """Whether nothing found means 0; a share, a mean or a greatest value of nothing is no number."""
        return self.together == "sum"
