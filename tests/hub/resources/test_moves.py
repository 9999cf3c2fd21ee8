"""The two tables of proceedings: every word means something, every state is reached and left, sides and limits hold."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from tests import town
from zhongshu.hub.resources import moves
from zhongshu.hub.resources.moves import MOVES, STATES
from zhongshu.hub.resources.rules import RULES
from zhongshu.kernel.access import Viewer
from zhongshu.kernel.desk import Unit
from zhongshu.kernel.errors import BadInput, IllegalMove
from zhongshu.kernel.lifecycle import Role
from zhongshu.kernel.places import Level

FAMILIES = sorted({family for family, state in STATES if not state})
BUREAU = Unit(f"{town.CITY}-data", "数据局", "data", Level.CITY, town.CITY)
KNOWLEDGE = replace(town.KNOWLEDGE, units={**town.KNOWLEDGE.units, BUREAU.code: BUREAU})


@pytest.mark.parametrize("family", FAMILIES)
def test_every_state_is_reached_and_left(family: str) -> None:
    own = [move for move in MOVES.values() if move.family == family]
    states = {state for of, state in STATES if of == family and state}
    assert {move.target for move in own if move.target} == states
    assert {state for move in own for state in move.sources} == {s for s in states if not STATES[family, s].ended}
    assert [move for move in own if not move.sources], "nothing begins it"
    assert len(STATES[family, ""].letter) == 1


def test_letters_of_families_differ_and_each_family_has_its_rules() -> None:
    letters = [STATES[family, ""].letter for family in FAMILIES]
    assert len(set(letters)) == len(letters)
    assert set(RULES) == set(FAMILIES) == {move.family for move in MOVES.values()}
    for family, rules in RULES.items():
        assert set(rules.guards) <= {move.name for move in MOVES.values() if move.family == family}


def test_two_persons_are_named_by_moves_of_their_family() -> None:
    for move in MOVES.values():
        assert all(f"{move.family}.{other}" in MOVES for other in move.others), move.key


def test_what_the_clock_does_needs_no_person_and_says_nothing() -> None:
    for move in MOVES.values():
        if Role.SYSTEM in move.roles:
            assert move.side == "any", move.key
            # What it begins has to say what it found; what it goes on with, it does by the time alone.
            assert not [field for field in move.fields if field.required and move.sources], move.key


def test_fields_are_read_by_type() -> None:
    consult = MOVES["standard.consult"]
    assert moves.read(consult, {"until": "2026-07-01"}) == {"until": "2026-07-01"}
    with pytest.raises(BadInput, match="until"):
        moves.read(consult, {"until": "soon"})
    with pytest.raises(BadInput, match="colour"):
        moves.read(consult, {"until": "2026-07-01", "colour": "red"})
    with pytest.raises(IllegalMove, match="until"):
        moves.read(consult, {})


def person(unit: str, *roles: Role, user: int = 7) -> Viewer:
    return Viewer("post", unit=unit, roles=frozenset(roles), user=user)


def test_who_stands_where() -> None:
    issue = MOVES["standard.issue"]
    row = {"state": "heard", "asker": "a", "providers": ["b"], "people": {"draft": 7}}
    assert "数据管理部门" in moves.stands(issue, row, person("a", Role.CHIEF), KNOWLEDGE)
    assert "本岗位" in moves.stands(issue, row, person(BUREAU.code, Role.HANDLER), KNOWLEDGE)
    assert "须由他人" in moves.stands(issue, row, person(BUREAU.code, Role.CHIEF), KNOWLEDGE)
    assert moves.stands(issue, row, person(BUREAU.code, Role.CHIEF, user=8), KNOWLEDGE) == ""
    assert "当前状态" in moves.stands(issue, {**row, "state": "draft"}, person(BUREAU.code, Role.CHIEF), KNOWLEDGE)


def test_limits_are_working_days_or_dates() -> None:
    now = datetime(2026, 6, 18, 6, 0, tzinfo=UTC)  # Thursday 14:00; the 19th is a holiday, the 20th is worked
    days = replace(MOVES["standard.consult"], limit="2")
    assert moves.due(days, {}, KNOWLEDGE, now) == "2026-06-22T10:00:00+00:00"
    assert moves.due(MOVES["standard.consult"], {"until": "2026-06-18"}, KNOWLEDGE, now) == "2026-06-19T00:00:00+08:00"
    assert (
        moves.due(MOVES["standard.issue"], {"effective": "2026-07-01"}, KNOWLEDGE, now) == "2026-07-01T00:00:00+08:00"
    )
    with pytest.raises(BadInput, match="today or a later day"):
        moves.due(MOVES["standard.consult"], {"until": "2026-06-17"}, KNOWLEDGE, now)
