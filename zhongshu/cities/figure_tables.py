"""口径表 the tables of a city pack that say how figures are counted: formulas, weights, periods, cohorts, bars."""

from __future__ import annotations

from zhongshu.cities.columns import Table, optional, required

_BASIS = required("basis", choices=("law", "standard", "statistics", "expert", "default"))
FORMULAS = Table(
    "formulas",
    # `numerator` and `denominator` combine base counters (zhongshu/data/figures/counting.py) by + - * / and brackets
    (
        required("code"),
        required("name"),
        optional("name_en"),
        required("numerator"),
        optional("denominator"),
        required("unit", choices=("percent", "points", "count", "minutes")),
        required("direction", choices=("up", "down", "none")),
        optional("within", "flag"),
        _BASIS,
    ),
)
WEIGHTS = Table(
    "weights",
    (
        required("score"),
        required("name"),
        optional("name_en"),
        required("formula", refers="formulas"),
        required("weight", "float"),
        _BASIS,
    ),
    key=("score", "formula"),
)
WINDOWS = Table(
    "windows",
    (
        required("code"),
        required("name"),
        optional("name_en"),
        required("unit", choices=("day", "week", "month", "quarter", "year")),
        required("shift_months", "int", low=-12, high=12),
        required("shift_days", "int", low=-366, high=366),
        required("start_time"),
        required("closes_minutes", "int", low=0, high=1_000_000),
        _BASIS,
    ),
)
COHORTS = Table(
    "cohorts",
    (required("cohort"), required("name"), optional("name_en"), required("division", refers="divisions")),
    key=("cohort", "division"),
)
THRESHOLDS = Table(
    "thresholds", (required("code"), required("name"), optional("name_en"), required("value", "float"), _BASIS)
)

FIGURE_TABLES = (FORMULAS, WEIGHTS, WINDOWS, COHORTS, THRESHOLDS)
"""Those that are referred to before those that refer."""
