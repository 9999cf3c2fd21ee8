"""Codes and the spans that row-level security lets through."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhongshu.kernel.places import EVERYWHERE, NOWHERE, Level, Scheme

SCHEME = Scheme((4, 6, 9, 12))
part = st.integers(1, 99)


@st.composite
def codes(draw: st.DrawFn) -> str:
    """A code of any level: the deeper parts are padding."""
    whole = f"99{draw(part):02}{draw(part):02}{draw(part):03}{draw(part):03}"
    return whole[: draw(st.sampled_from(SCHEME.lengths))].ljust(12, "0")


@given(codes())
def test_level_is_the_deepest_with_digits_of_its_own(code: str) -> None:
    level = SCHEME.level(code)
    assert SCHEME.at(code, level) == code
    assert [lower for lower in Level if lower > level and SCHEME.at(code, lower) != code] == []


@given(codes(), codes())
def test_a_span_holds_exactly_what_lies_in_the_division(division: str, code: str) -> None:
    level = SCHEME.level(division)
    inside = SCHEME.prefix(code, level) == SCHEME.prefix(division, level)
    assert SCHEME.span(division).holds(code) == inside


@given(codes())
def test_every_division_above_holds_the_code(code: str) -> None:
    level = SCHEME.level(code)
    assert all(SCHEME.span(SCHEME.at(code, upper)).holds(code) for upper in Level if upper <= level)
    assert EVERYWHERE.holds(code)
    assert not NOWHERE.holds(code)


def test_no_place_is_nowhere_and_everywhere_sees_it() -> None:
    assert SCHEME.span("") == NOWHERE
    assert EVERYWHERE.holds("")


@pytest.mark.parametrize(("level", "upper"), [(4, 3), (3, 2), (2, 1)])
def test_upper(level: int, upper: int) -> None:
    assert Level(level).upper == Level(upper)
    assert Level.CITY.upper is None
