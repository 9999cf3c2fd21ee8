"""Names of places and units in the reader's language, Chinese where there is no other."""

from __future__ import annotations

from dataclasses import replace

import pytest
from django.utils.translation import override

from tests import town
from zhongshu.screen import naming

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
