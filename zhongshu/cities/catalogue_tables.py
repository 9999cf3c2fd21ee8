"""目录表 the tables of a city pack that say which data there are, whose they are and what may be done with them."""

from __future__ import annotations

from zhongshu.cities.columns import Table, optional, required

CYCLES = ("once", "minute", "hour", "day", "week", "month", "quarter", "half", "year")
TYPES = (
    "text",
    "code",
    "date",
    "time",
    "integer",
    "number",
    "identity",
    "credit_code",
    "phone",
    "place",
    "point",
)
"""What a value is; `time` is a moment with its zone."""

DATASETS = Table(
    "datasets",
    # 核心元数据 (domain.md §5.1). `class` is 类-项-目-细目, `order_no` the number within it. `stored` says where rows
    # are: table:NAME, file:PATH beside the pack, source:NAME of sources.csv, lake:NAME; empty: nothing was gathered yet
    (
        required("dataset"),
        required("name"),
        optional("name_en"),
        required("kind", choices=("basic", "theme", "department")),
        required("class"),
        optional("order_no", "int", low=1),
        required("provider", refers="units"),
        optional("summary"),
        required("format", choices=("table", "file", "map", "service")),
        required("cycle", choices=CYCLES),
        optional("stored"),
        # 牵头收集: the source of truth (数源) for what it holds
        optional("lead", "flag"),
        optional("published", "date"),
        # 密级 is a mark that people give and that no program derives or lowers
        required("secret", choices=("none", "yes")),
        optional("retention_days", "int", low=1),
        optional("basis"),
        optional("related", "words", refers="datasets"),
    ),
    key=("dataset",),
)
DATASET_ITEMS = Table(
    "dataset_items",
    # 信息项: `item` is the column's name where the rows are. share: 1 unconditional, 2 conditional, 3 not shared
    (
        required("dataset", refers="datasets"),
        required("item"),
        required("name"),
        optional("element"),
        required("type", choices=TYPES),
        optional("key", "flag"),
        required("share", choices=("1", "2", "3")),
        optional("condition"),
        optional("clause"),
        optional("open", "flag"),
        optional("grade", choices=("1", "2", "3", "4", "important", "core")),
        optional("basis"),
    ),
    key=("dataset", "item"),
)
CATALOGUE_TABLES = (DATASETS, DATASET_ITEMS)
