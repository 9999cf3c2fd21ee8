"""The tables of calls and directives, and what a move does to the clocks of one unit."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from zhongshu.kernel.convening import CALL, CALL_RULES, DIRECTIVE, rule_of, tick, wake
from zhongshu.kernel.errors import IllegalMove
from zhongshu.kernel.facts import Kind

NOW = datetime(2026, 6, 1, 4, 0, tzinfo=UTC)
SOON, LATER = ((NOW + timedelta(minutes=n)).isoformat() for n in (30, 60))
ROW = {"limits": {"acknowledge": SOON, "arrive": LATER}, "stopped": [], "missed": []}


def test_every_state_of_a_unit_can_be_left_or_ends_it() -> None:
    for matter in (CALL, DIRECTIVE):
        moves = [arrow for arrow in matter.arrows.values() if arrow is not matter.birth]
        left = {state for arrow in moves for state in arrow.sources if arrow.target not in (None, state)}
        entered = {arrow.target for arrow in moves if arrow.target} | {matter.first, matter.opens}
        stays = entered - left - matter.done
        assert {state.value for state in stays} == {"ended", "withdrawn"}


def test_a_clock_that_is_answered_in_time_stops_and_the_next_one_wakes() -> None:
    found = tick(CALL.arrows[Kind.CALL_ACKNOWLEDGED], ROW, NOW, {})
    assert (found["stopped"], found["missed"], found["wake_at"]) == (["acknowledge"], [], LATER)


def test_one_that_is_answered_late_is_missed() -> None:
    found = tick(CALL.arrows[Kind.CALL_ARRIVED], ROW, NOW + timedelta(minutes=45), {})
    assert (found["missed"], found["wake_at"]) == (["acknowledge"], None)


def test_a_missed_clock_starts_again_only_with_a_new_limit() -> None:
    row = {"limits": {"execute": SOON}, "stopped": ["receive", "execute"], "missed": ["execute"]}
    back = DIRECTIVE.arrows[Kind.PROOF_RETURNED]
    assert tick(back, row, NOW, {})["wake_at"] is None
    assert tick(back, row, NOW, {"execute": LATER})["wake_at"] == LATER
    assert tick(back, {**row, "missed": []}, NOW, {})["wake_at"] == SOON
    assert wake({}, ()) is None


def test_the_rule_of_a_kind_and_the_lack_of_one() -> None:
    assert rule_of(CALL_RULES, "street", True).acknowledge_minutes == 30
    plain = {"party": CALL_RULES["party"]}
    assert rule_of(plain, "party", True) is CALL_RULES["party"]
    with pytest.raises(IllegalMove, match="没有“street”这类呼叫的规则"):
        rule_of(plain, "street", False)
