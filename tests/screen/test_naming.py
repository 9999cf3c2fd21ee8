"""Names of places and units in the reader's language, Chinese where there is no other."""

from __future__ import annotations

from dataclasses import replace

import pytest
from django.utils.translation import override

from tests import town
from zhongshu.screen import grounds, naming
from zhongshu.screen.templatetags.screen import share

KNOWN = replace(
    town.KNOWLEDGE,
    names={town.CITY: "示例市", town.DISTRICT: "东区", town.STREET: "一街"},
    names_en={town.CITY: "Sample City", town.DISTRICT: "East District"},
)


@pytest.mark.parametrize(
    ("language", "called"), [("zh-hans", ["示例市", "东区", "一街"]), ("en", ["Sample City", "East District", "一街"])]
)
def test_places_are_called_in_the_readers_language(database: str, language: str, called: list[str]) -> None:
    with override(language):
        assert [naming.place_name(code, KNOWN) for code in KNOWN.names] == called
        assert naming.named_places(KNOWN) == sorted(zip(KNOWN.names, called, strict=True))
        assert naming.place_name("nowhere", KNOWN) == "nowhere"


def test_figures_are_told_as_people_say_them(database: str) -> None:
    with override("zh-hans"):
        limits = [naming.limit_text(*one) for one in [(5, "always"), (240, "always"), (15, "work"), (450, "work")]]
        assert limits == ["5 分钟", "4 小时", "15 个工作分钟", "7.5 个工作小时"]
    assert [share(one) for one in (None, 0, 0.0034, 0.873, 0.997, 1)] == ["", "0%", "0.3%", "87%", "99.7%", "100%"]


def test_a_source_that_names_the_class_is_said_in_one_language(database: str) -> None:
    told = [("来源指定 said by source", 1.0)]
    with override("en"):
        assert grounds.reasons(told) == [("Said by source", None)]
    with override("zh-hans"):
        assert grounds.reasons(told) == [("来源指定", None)]


def test_a_rule_has_no_number_on_the_models_scale(database: str) -> None:
    with override("zh-hans"):
        told = grounds.reasons([("规则 K1：路灯+不亮", 0.95), ("灯不亮", 0.19), ("个", 0.001)])
    assert told == [("关键词规则 K1：路灯+不亮", None), ("灯不亮", 0.19)]
