"""研判表 the tables of a city pack that the judge room reads beside its model."""

from __future__ import annotations

from zhongshu.cities.columns import Table, optional, required

KEYWORDS = Table(
    "keywords",
    # a clause with one of `words` (parts joined by + in any order) and none of `not_words` speaks for the category;
    # `weight` is how often such a clause is right
    (
        required("code"),
        required("category", refers="categories"),
        required("words", "words"),
        optional("not_words", "words"),
        required("weight", "float", low=0.5, high=1),
        required("basis", choices=("law", "standard", "statistics", "expert", "default")),
    ),
)
RAISES = Table(
    "raises",
    # a matter of the category, or of one below it, is `step` more urgent: in this weather (`what` is the kind of a
    # warning, or of a sensor that warns), or on the local days `begins` to `ends` (`what` is their name)
    (
        required("code"),
        required("on", choices=("weather", "date")),
        required("what"),
        required("category", refers="categories"),
        required("step", "int", low=1, high=2),
        required("reason"),
        optional("begins", "date"),
        optional("ends", "date"),
        required("basis", choices=("law", "standard", "statistics", "expert", "default")),
    ),
)
JUDGE_TABLES = (KEYWORDS, RAISES)
