"""自查的表 the table of a city pack that says what was spent on digital government: by whom, for which place."""

from __future__ import annotations

from zhongshu.cities.columns import Table, optional, required
from zhongshu.data.spending import HARDWARE, SOFT

SPENDING = Table(
    "spending",
    # 数字化支出: one project of one year in yuan. `unit` paid, `place` is whom it serves and gives the level
    (
        required("code"),
        required("unit", refers="units"),
        required("place", refers="divisions"),
        required("year", "int", low=2000, high=2100),
        required("kind", choices=(*HARDWARE, *SOFT)),
        required("project"),
        optional("project_en"),
        required("amount", "float", low=0),
        required("source"),
        optional("source_en"),
    ),
)
AUDIT_TABLES = (SPENDING,)
