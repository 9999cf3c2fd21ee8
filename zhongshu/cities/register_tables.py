"""登记表 the table of a city pack that says whose word counts first in the registers."""

from __future__ import annotations

from zhongshu.cities.columns import Table, required

SOURCE_RANKS = Table(
    "source_ranks",
    # rank 1 counts most; item * is every item that has no row of its own; a data set without a row counts last
    (
        required("subject", choices=("person", "house", "organisation")),
        required("item"),
        required("dataset"),
        required("rank", "int", low=1, high=99),
        required("basis", choices=("law", "standard", "statistics", "expert", "default")),
    ),
    key=("subject", "item", "dataset"),
)
REGISTER_TABLES = (SOURCE_RANKS,)
