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
        # the item whose newest value says how fresh the rows are
        optional("dated"),
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
        # where there is none, the English name of its element is shown
        optional("name_en"),
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
SYSTEMS = Table(
    "systems",
    # 业务系统 of a unit, the data sets it writes and those it reads: one that does neither is an island
    (
        required("system"),
        required("name"),
        optional("name_en"),
        required("owner", refers="units"),
        optional("writes", "words", refers="datasets"),
        optional("reads", "words", refers="datasets"),
    ),
    key=("system",),
)
SOURCES = Table(
    "sources",
    # 数据源: `location` is a file beside the pack, or the name of the environment variable that holds the address of a
    # PostgreSQL (never the address itself); `relation` its table. `schedule` is minute hour day month weekday.
    # `mapping` is item=column for columns that have other names; `watermark` the item by which only newer rows are read
    (
        required("source"),
        optional("system", refers="systems"),
        required("dataset", refers="datasets"),
        required("kind", choices=("file", "postgresql")),
        required("location"),
        optional("relation"),
        required("mode", choices=("full", "incremental")),
        optional("watermark"),
        required("schedule"),
        optional("mapping", "words"),
        optional("basis"),
    ),
    key=("source",),
)
STANDARDS = Table(
    "standards",
    # 标准: what it demands stands in standard_rules.csv; its life from draft to superseded is decided by people
    (
        required("standard"),
        required("number"),
        required("name"),
        optional("name_en"),
        required("scope", choices=("schema", "interface", "process")),
        required("issuer", refers="units"),
        optional("replaces", refers="standards"),
        optional("basis"),
    ),
    key=("standard",),
)
DEMANDS = (
    "present",
    "required",
    "unique",
    "type",
    "codes",
    "pattern",
    "range",
    "length",
    "not_before",
    "format",
    "encoding",
    "rows",
    "fresh",
)
STANDARD_RULES = Table(
    "standard_rules",
    # 标准条款 for a machine: `item` of the data set, several apart by ; together (unique), none for the whole feed.
    # `value`: a type, codes apart by ;, a regular expression, low..high, a length, another item, formats, rows, days
    (
        required("standard", refers="standards"),
        required("rule"),
        required("dataset", refers="datasets"),
        optional("item"),
        required("demand", choices=DEMANDS),
        optional("value"),
        # 1 must, 0 should: only what must be can fail a feed
        optional("must", "flag"),
        required("clause"),
    ),
    key=("rule",),
)
CATALOGUE_TABLES = (DATASETS, DATASET_ITEMS, SYSTEMS, SOURCES, STANDARDS, STANDARD_RULES)
