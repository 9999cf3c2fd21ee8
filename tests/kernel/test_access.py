"""Masks keep enough to recognise and too little to call."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from zhongshu.kernel.access import NOBODY, ROAD, mask_name, mask_phone


@given(st.text("0123456789+- ", max_size=20))
def test_a_masked_number_keeps_its_length_and_hides_the_middle(phone: str) -> None:
    masked = mask_phone(phone)
    assert len(masked) == len(phone)
    assert masked.count("*") >= min(len(phone), max(1, len(phone) - 5))


def test_a_mobile_number() -> None:
    assert mask_phone("13812345678") == "138******78"
    assert mask_phone("12345") == "*****"
    assert mask_phone("") == ""


@given(st.text(min_size=1, max_size=10))
def test_a_masked_name_shows_one_character(name: str) -> None:
    masked = mask_name(name)
    assert masked[0] == name[0]
    assert set(masked[1:]) == {"*"}


def test_an_empty_name_stays_empty() -> None:
    assert mask_name("") == ""


@given(st.text(max_size=12))
def test_nobody_sees_nothing_and_the_road_sees_codes(code: str) -> None:
    assert not NOBODY.span.holds(code)
    assert not NOBODY.roles
    assert ROAD.span.holds("990101001001")
