"""答复评分表 the tables of a city pack that change the rubric of a reply."""

from __future__ import annotations

from zhongshu.cities.columns import Table, optional, required

CRITERIA = ("timely", "point", "facts", "ground", "contact", "promise")
FLAGS = ("formula", "passed_on", "off_point", "terse")
PARTS = (*CRITERIA[2:], "done", "act_asked", "formula", "passed_on", "asks", "answers", "demand", "stop")
REPLY_CRITERIA = Table(
    "reply_criteria",
    # a weight of a criterion, or the most that a reply with the flag may get; what is not named keeps the project's own
    (
        required("code", choices=(*CRITERIA, *FLAGS)),
        required("zh"),
        required("en"),
        required("figure", "float", low=0, high=1),
        optional("meaning_zh"),
        optional("meaning_en"),
        optional("holds", "flag"),
    ),
)
REPLY_WORDS = Table(
    "reply_words",
    # a regular expression; a row of the same criterion and part replaces the project's own, (?!) takes it out
    (
        required("criterion", choices=PARTS),
        required("part"),
        required("points", "float", low=0, high=1),
        required("pattern"),
        required("zh"),
        required("en"),
    ),
    key=("criterion", "part"),
)
REPLY_TABLES = (REPLY_CRITERIA, REPLY_WORDS)
