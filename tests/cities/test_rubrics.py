"""A pack's rows of the reply rubric: each fault with its place, and sound ones in force from their day."""

from __future__ import annotations

from pathlib import Path

import pytest

from zhongshu.cities.check import check
from zhongshu.kernel.errors import Flaw

CRITERIA = "code,zh,en,figure,meaning_zh,meaning_en,holds\n"
WORDS = "criterion,part,points,pattern,zh,en\n"


def flaws(folder: Path, table: str, text: str) -> list[Flaw]:
    (folder / f"{table}.csv").write_text(text, "utf-8")
    return check(folder)


@pytest.mark.parametrize(
    ("table", "text", "field", "expected"),
    [
        ("reply_criteria", CRITERIA + "kind,友善,kind,0.1,,,\n", "code", "timely"),
        ("reply_criteria", CRITERIA + "facts,事实,facts,1.5,,,\n", "figure", "1"),
        ("reply_criteria", CRITERIA + "facts,事实,facts,0.2,,,1\n", "holds", "can hold a reply"),
        ("reply_criteria", CRITERIA + "facts,事实,facts,0.2,,,\nfacts,事实,facts,0.2,,,\n", "code", "key of its own"),
        ("reply_words", WORDS + "formula,own,0,(高度关注,本地,own\n", "pattern", "a regular expression"),
        ("reply_words", WORDS + "formula,own,0,(?:高度)?,本地,own\n", "pattern", "does not match an empty text"),
        ("reply_words", WORDS + f"formula,own,0,{'关' * 2001},本地,own\n", "pattern", "at most 2000"),
        ("reply_words", WORDS + "mood,own,0,高兴,本地,own\n", "criterion", "facts"),
    ],
)
def test_each_fault_is_named(own: Path, table: str, text: str, field: str, expected: str) -> None:
    found = flaws(own, table, text)
    assert [(one.file, one.field) for one in found] == [(f"{table}.csv", field)]
    assert found[0].line in (2, 3)
    assert expected in found[0].expected


def test_sound_rows_pass(own: Path) -> None:
    words = WORDS + "formula,own,0,本单位高度关注,本地套话,local phrase\ncontact,phone,0.7,(?!),电话,phone\n"
    assert flaws(own, "reply_words", words) == []
    assert flaws(own, "reply_criteria", CRITERIA + "terse,太简,too short,0.4,,,1\n") == []
