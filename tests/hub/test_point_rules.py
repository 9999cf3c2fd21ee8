"""Points by themselves: no sequence of acts passes a ceiling, a reversal takes what was given, nothing is overdrawn."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhongshu.hub.point_rules import Deed, Earned, PointRule, Reckoned, reckon, use_refusal

RULE = PointRule("care", "助老", "", "volunteer", 3, 12, 1, "2026-01-01")
DAY = date(2026, 6, 1)
DEEDS = st.lists(
    st.tuples(st.integers(1, 3), st.integers(0, 59), st.integers(1, 8), st.sampled_from(["", "", "own_household"])),
    max_size=60,
)


def day(n: int) -> date:
    return date.fromordinal(DAY.toordinal() + n)


@given(DEEDS, st.integers(1, 5), st.integers(1, 40), st.integers(1, 3))
def test_no_sequence_of_acts_passes_a_ceiling(
    deeds: list[tuple[int, int, int, str]], points: int, ceiling: int, per_day: int
) -> None:
    rule = PointRule("care", "", "", "volunteer", points, ceiling, per_day, "")
    held: list[Earned] = []
    for member, n, halves, bar in deeds:
        found = reckon(rule, Deed(member, day(n), halves / 2, bar), held)
        assert 0 <= found.points <= found.worth == int(points * halves / 2)
        assert (found.points < found.worth) <= bool(found.why)
        held.append(Earned(member, day(n), found.points))
    for month in {(one.day.year, one.day.month) for one in held}:
        assert sum(one.points for one in held if (one.day.year, one.day.month) == month) <= ceiling
    for member, at in {(one.member, one.day) for one in held}:
        counted = [one for one in held if (one.member, one.day) == (member, at) and one.points]
        assert len(counted) <= per_day


def test_what_is_left_of_the_month_counts_and_says_why() -> None:
    held = [Earned(2, day(0), 9), Earned(2, date(2026, 5, 31), 12)]
    assert reckon(RULE, Deed(1, day(1), 2), held) == Reckoned(6, 3, "ceiling")
    assert reckon(RULE, Deed(2, day(0), 1), held) == Reckoned(3, 0, "same_day")
    assert reckon(RULE, Deed(1, day(1), 1, "own_household"), held) == Reckoned(3, 0, "own_household")
    assert reckon(RULE, Deed(1, date(2026, 7, 1), 2), held) == Reckoned(6, 6, "")


@pytest.mark.parametrize(("balance", "points", "refused"), [(5, 5, False), (5, 6, True), (5, 0, True), (-2, 1, True)])
def test_nobody_uses_what_he_has_not(balance: int, points: int, refused: bool) -> None:
    assert bool(use_refusal(balance, points)) is refused
