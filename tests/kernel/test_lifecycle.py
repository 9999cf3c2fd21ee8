"""The table of moves as a graph: nothing unreachable, no way into a state from which closure can't be reached."""

from __future__ import annotations

from itertools import product

import pytest

from zhongshu.hub.flow import ROAD
from zhongshu.kernel.errors import IllegalMove
from zhongshu.kernel.facts import Kind
from zhongshu.kernel.lifecycle import ARROWS, BIRTHS, OPEN, Role, State, arrow, check, moves

EDGES = {(source, move.target) for move in ARROWS for source in move.sources if move.target is not None}


def reachable(starts: set[State]) -> set[State]:
    seen = set(starts)
    while more := {target for source, target in EDGES if source in seen} - seen:
        seen |= more
    return seen


def test_every_state_is_reached_from_a_birth() -> None:
    assert reachable(set(BIRTHS.values())) == set(State)


@pytest.mark.parametrize("state", sorted(OPEN))
def test_no_dead_end_before_closed(state: State) -> None:
    assert State.CLOSED in reachable({state})


@pytest.mark.parametrize("state", sorted(OPEN))
def test_in_every_open_state_somebody_or_the_road_can_go_on(state: State) -> None:
    leaving = [move for move in ARROWS if state in move.sources and move.target not in (None, state)]
    people = set().union(*(move.roles for move in leaving)) - {Role.SYSTEM}
    road = {kind for kind, born in BIRTHS.items() if born == state} | {m.kind for m in ARROWS if m.target == state}
    assert people or road & set(ROAD), f"a case in {state} waits for nobody"


def test_each_kind_has_one_arrow_and_a_role() -> None:
    assert len({move.kind for move in ARROWS}) == len(ARROWS)
    assert [move.kind for move in ARROWS if not move.roles or not move.sources] == []


@pytest.mark.parametrize(("move", "state"), list(product(ARROWS, State)))
def test_check_allows_exactly_what_the_table_says(move: object, state: State) -> None:
    found = next(one for one in ARROWS if one is move)
    for role in Role:
        listed = found in moves(state, [role])
        assert listed == (state in found.sources and role in found.roles)
        assert listed == allowed(found.kind, state, role, found.fields)
    role = min(found.roles)
    assert not any(allowed(found.kind, state, role, found.fields[1:]) for _ in found.fields)


def allowed(kind: str, state: State, role: Role, payload: tuple[str, ...]) -> bool:
    try:
        check(kind, state, [role], payload)
    except IllegalMove as refusal:
        assert " / " in str(refusal), "told in both languages"
        return False
    return True


@pytest.mark.parametrize("kind", ["", "Reported", "Judged", "Nonsense"])
def test_what_is_no_move_is_refused(kind: str) -> None:
    with pytest.raises(IllegalMove, match="is not a move"):
        arrow(kind)


def test_who_handles_never_decides_that_it_is_solved() -> None:
    judging = {Kind.CHECK_PASSED, Kind.CHECK_FAILED, Kind.CALLED_BACK, Kind.CLOSED}
    assert {kind for kind in judging if Role.HANDLER in arrow(kind).roles} == set()
