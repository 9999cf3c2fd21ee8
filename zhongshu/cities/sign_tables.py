"""体征表 the tables of a city pack that say which vital signs are watched, what counts them, and when they alarm."""

from __future__ import annotations

from zhongshu.cities.columns import Table, optional, required

SYSTEMS = ("economy", "society", "survival", "ecology", "culture", "platform")
CYCLES = ("RT", "H", "D", "M", "Q", "Y")
BASES = ("law", "standard", "statistics", "expert", "default")

INDICATORS = Table(
    "indicators",
    # `no` is the number in the city's own list of signs, 0 for one beside it. `measure` is a name of
    # zhongshu/data/signs/measures.py; without one there is no source yet, and `source` says which would be needed.
    # `standin` 1: what is counted only stands in for what the name of this number asks for (代理)
    (
        required("code"),
        required("no", "int", low=0, high=10_000),
        required("name"),
        optional("name_en"),
        optional("unit"),
        optional("unit_en"),
        required("system", choices=SYSTEMS),
        required("cycle", choices=CYCLES),
        required("owner"),
        required("source"),
        optional("source_en"),
        optional("measure"),
        optional("classes", "words", refers="categories"),
        optional("standin", "flag"),
        required("staleness_minutes", "int", low=1),
    ),
)
SIGN_LIMITS = Table(
    "sign_limits",
    # `direction` up: more is worse. `how` value: amber and red are values of the sign; history: per cent of its own
    # values at the same hour of the week (90 and 97 are P90 and P97). A sign turns after `minutes` beyond a limit and
    # comes back only when it has passed it by `hysteresis`. `category` is what a case would be of when it is red
    (
        required("indicator", refers="indicators"),
        required("direction", choices=("up", "down")),
        required("how", choices=("value", "history")),
        optional("amber", "float"),
        optional("red", "float"),
        required("hysteresis", "float", low=0),
        required("minutes", "int", low=0, high=100_000),
        optional("category", refers="categories"),
        required("basis", choices=BASES),
        required("basis_text"),
        optional("basis_text_en"),
        required("author"),
        optional("author_en"),
        required("since", "date"),
    ),
    key=("indicator",),
)
SIGN_TABLES = (INDICATORS, SIGN_LIMITS)
