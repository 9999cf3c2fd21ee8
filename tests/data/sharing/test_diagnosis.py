"""Three diagnoses with three next steps: every word that the database says is known, and nothing else is."""

from __future__ import annotations

import re
from importlib.resources import files

import pytest

from zhongshu.data.sharing.diagnosis import SAID, STEPS, Kind, diagnose, tally
from zhongshu.hub.resources.using import SENTENCES


def test_every_word_of_the_database_has_a_sentence_and_a_step() -> None:
    sql = (files("zhongshu.data.migrations") / "0030_sharing.py").read_text(encoding="utf-8")
    said = set(re.findall(r"RAISE EXCEPTION '(\w+)' USING ERRCODE = 'ZS", sql))
    assert said == set(SENTENCES)
    assert said <= set(STEPS)


@pytest.mark.parametrize(
    ("failure", "kind"),
    [("expired", Kind.CANNOT), ("quality", Kind.CANNOT), ("purpose", Kind.DARE_NOT), ("no_skill", Kind.DONT_KNOW)],
)
def test_the_kind_of_a_failure(failure: str, kind: Kind) -> None:
    assert diagnose(failure) is kind


def test_each_kind_has_its_own_steps_and_is_counted() -> None:
    steps = {kind: {one.step for one in STEPS.values() if one.kind is kind} for kind in Kind}
    assert not steps[Kind.CANNOT] & steps[Kind.DARE_NOT] & steps[Kind.DONT_KNOW]
    assert tally(["expired", "purpose", "purpose"]) == {Kind.CANNOT: 1, Kind.DARE_NOT: 2, Kind.DONT_KNOW: 0}
    assert {diagnose(one) for one in SAID} == set(Kind)
    with pytest.raises(KeyError):
        diagnose("bored")
