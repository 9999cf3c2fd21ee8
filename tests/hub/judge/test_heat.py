"""The heat index."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from math import log

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhongshu.hub.judge.heat import Voice, heat, peak

NOW = datetime(2026, 6, 30, tzinfo=UTC)
voices = st.lists(
    st.builds(
        Voice, st.floats(0, 60).map(lambda days: NOW - timedelta(days=days)), st.sampled_from("abc"), st.integers(0, 50)
    ),
    min_size=1,
    max_size=12,
)


def test_the_formula_by_hand() -> None:
    said = [Voice(NOW, "a", 2), Voice(NOW - timedelta(days=14), "a"), Voice(NOW - timedelta(days=14), "b")]
    found = heat(said, NOW)
    assert (found.reports, found.reporters) == (2.0, 1.5)
    assert found.likes == pytest.approx(log(3))
    assert found.growth == 1.0
    assert found.index == pytest.approx((2 + 2 * 1.5 + 0.5 * log(3)) * 1.5)
    assert found.trend == "rising"


@given(voices)
def test_silence_cools(said: list[Voice]) -> None:
    assert heat(said, NOW + timedelta(days=90)).index < heat(said, NOW).index
    assert heat(said, NOW + timedelta(days=90)).trend == "still"


@given(voices, st.sampled_from("abcd"))
def test_one_more_report_never_cools(said: list[Voice], who: str) -> None:
    assert heat([*said, Voice(NOW, who)], NOW).index > heat(said, NOW).index


@given(voices)
def test_the_peak_is_at_a_report_and_not_below_any_other(said: list[Voice]) -> None:
    when, most = peak(said)
    assert when in {voice.at for voice in said}
    assert all(heat(said, voice.at).index <= most.index for voice in said)


def test_many_people_are_hotter_than_one_who_insists() -> None:
    crowd, one = [Voice(NOW, str(n)) for n in range(5)], [Voice(NOW, "a")] * 5
    assert heat(crowd, NOW).index > heat(one, NOW).index
    assert heat([Voice(NOW)] * 5, NOW) == heat(crowd, NOW)


def test_what_comes_later_is_not_heard() -> None:
    assert heat([Voice(NOW + timedelta(days=1), "a", 9)], NOW).index == 0
    falling = [Voice(NOW - timedelta(days=days), "a") for days in (8, 9, 10)]
    assert heat(falling, NOW).trend == "falling"
    assert heat([Voice(NOW, "a"), Voice(NOW - timedelta(days=8), "b")], NOW).trend == "steady"
