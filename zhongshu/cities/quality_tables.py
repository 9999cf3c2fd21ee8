"""质量规则表 the table of a city pack that says what good data are, rule by rule."""

from __future__ import annotations

from zhongshu.cities.columns import Table, optional, required
from zhongshu.data.quality.rules import KINDS
from zhongshu.data.quality.standard import INDICATORS

QUALITY_RULES = Table(
    "quality_rules",
    # `indicator` is a sub-indicator of GB/T 36344 and says the dimension; `item` is one item, or several joined by +
    # for unique; `value`, `against` (data set.item), `keys` (own=other) and `condition` (item=a|b) are read by `kind`
    (
        required("code"),
        required("dataset"),
        required("item"),
        required("name"),
        optional("name_en"),
        required("indicator", choices=tuple(INDICATORS)),
        required("kind", choices=tuple(KINDS)),
        optional("value"),
        optional("against"),
        optional("keys", "words"),
        optional("condition", "words"),
        required("weight", "float", low=0.01, high=100),
        required("basis"),
    ),
)
QUALITY_TABLES = (QUALITY_RULES,)
