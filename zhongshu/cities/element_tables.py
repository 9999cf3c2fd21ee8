"""数据元与表单的表 the tables of a city pack that say what may be collected, and which forms ask for it."""

from __future__ import annotations

from zhongshu.cities.columns import Table, optional, required
from zhongshu.data.elements.terms import CYCLES, LEVELS, MASKS, SUBJECTS, TYPES

CODE_LISTS = Table(
    "code_lists", (required("list"), required("code"), required("name"), optional("name_en")), key=("list", "code")
)
ELEMENTS = Table(
    "elements",
    # 数据元: what one field means. `codes` names a list of code_lists.csv; `source` the data set that is its source of
    # truth (empty: nobody holds it, it has to be asked), `unit` who keeps that; `seconds` to ask it and write it down
    (
        required("element"),
        required("name"),
        optional("name_en"),
        required("definition"),
        optional("definition_en"),
        required("type", choices=TYPES),
        optional("codes"),
        required("subject", choices=SUBJECTS),
        optional("source"),
        optional("unit", refers="units"),
        required("cycle", choices=CYCLES),
        required("grade", choices=("1", "2", "3", "4", "important", "core")),
        optional("personal", "flag"),
        optional("sensitive", "flag"),
        required("mask", choices=MASKS),
        required("seconds", "float", low=1, high=3600),
    ),
    key=("element",),
)
FORMS = Table(
    "forms",
    # 表单: who asks whom how often. `level` fills it; `per_hundred` is how many subjects are asked in one period for
    # each 100 households; without `basis` nobody may ask, from the day after `until` nobody asks any more
    (
        required("form"),
        required("name"),
        optional("name_en"),
        required("asker", refers="units"),
        required("subject", choices=SUBJECTS),
        required("cycle", choices=CYCLES),
        required("level", choices=LEVELS),
        required("per_hundred", "float", low=0, high=100_000),
        optional("basis"),
        optional("until", "date"),
        optional("return_promise"),
    ),
    key=("form",),
)
FORM_FIELDS = Table(
    "form_fields",
    (
        required("form", refers="forms"),
        required("field"),
        required("name"),
        required("element", refers="elements"),
    ),
    key=("form", "field"),
)
ELEMENT_TABLES = (CODE_LISTS, ELEMENTS, FORMS, FORM_FIELDS)
"""Those that are referred to before those that refer."""
