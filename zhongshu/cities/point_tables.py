"""积分表 the table of a city pack that says what residents' confirmed acts are worth, and how much of it counts."""

from __future__ import annotations

from zhongshu.cities.columns import Table, optional, required
from zhongshu.cities.sign_tables import BASES

ACTS = ("report", "verify", "adopt", "volunteer")

POINT_RULES = Table(
    "point_rules",
    # one rule for each act, several for `volunteer`, whose points are by the hour. A household counts no more than
    # `month_ceiling` points of a rule in one month, a person no more than `per_day` acts of it in one day. `law` binds
    # how the act is recorded; `basis` and its text say where the numbers come from
    (
        required("code"),
        required("name"),
        optional("name_en"),
        required("act", choices=ACTS),
        required("points", "int", low=1, high=1000),
        required("month_ceiling", "int", low=1, high=100_000),
        required("per_day", "int", low=1, high=100),
        required("basis", choices=BASES),
        required("basis_text"),
        optional("basis_text_en"),
        optional("law"),
        optional("law_en"),
        required("author"),
        optional("author_en"),
        required("since", "date"),
    ),
)
POINT_TABLES = (POINT_RULES,)
