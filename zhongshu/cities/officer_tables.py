"""网格员名册表 the table of a city pack that says who walks which grids, full or part time, and who stands in."""

from __future__ import annotations

from zhongshu.cities.columns import Table, optional, required

OFFICERS = Table(
    "officers",
    # `kind` is full (专职) or part (兼职); `grids` are those walked; `duties` is what else a part-timer does; who has
    # `ended` is kept for the turnover; `substitute` stands in when this one is away
    (
        required("code"),
        required("name"),
        optional("name_en"),
        required("unit", refers="units"),
        optional("grids", "words", refers="grids"),
        required("kind", choices=("full", "part")),
        optional("duties"),
        required("started", "date"),
        optional("ended", "date"),
        optional("substitute", refers="officers"),
        optional("account", refers="accounts"),
    ),
)
OFFICER_TABLES = (OFFICERS,)
