"""Values of addresses: what is no box, mark or number is none, and never reaches the database."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhongshu.screen.queries import box_of, mark_of, mark_text, whole


@pytest.mark.parametrize(
    "text", ["", "1,2,3", "a,b,c,d", "nan,1,2,3", "10,10,5,20", "10,20,20,10", "1,2,inf,4", "-181,0,0,1"]
)
def test_what_is_no_box_on_earth_is_none(text: str) -> None:
    assert box_of(text) is None


def test_a_box_is_west_south_east_north() -> None:
    assert box_of("113.1,23,113.2,23.5") == (113.1, 23.0, 113.2, 23.5)


@given(st.text(max_size=200), st.integers(0, 10**18 - 1))
def test_a_mark_comes_back_as_it_went(value: str, last: int) -> None:
    assert mark_of(mark_text((value, last))) == (value, last)


@pytest.mark.parametrize("text", ["", "~", "a~b", "a~-1", "a~９", "a~1234567890123456789"])
def test_what_is_no_mark_is_none(text: str) -> None:
    assert (mark_of(text), whole(text)) == (None, None)
