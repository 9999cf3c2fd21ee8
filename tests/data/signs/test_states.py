"""Colours: limits, hysteresis, least duration, staleness and percentiles, as properties."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from zhongshu.data.signs.states import (
    AMBER,
    COLOURS,
    LEAST,
    NONE,
    OK,
    RED,
    Limit,
    Standing,
    by_history,
    held,
    percentile,
    plain,
    stale,
    step,
)

AT = datetime(2026, 6, 1, tzinfo=UTC)
VALUES = st.floats(-1000, 1000)
LIMITS = st.builds(
    lambda up, one, more, back, minutes: Limit(up, one, one + more if up else one - more, back, minutes),
    st.booleans(),
    st.floats(-500, 500),
    st.floats(0, 100),
    st.floats(0, 50),
    st.integers(0, 120),
)
LOOKS = st.lists(st.tuples(st.integers(1, 60), st.one_of(st.none(), VALUES)), max_size=30)


def test_plain_colours() -> None:
    up, down = Limit(True, 10, 20), Limit(False, 95, 90)
    assert [plain(value, up) for value in (9, 10, 19.9, 20, None)] == [OK, AMBER, AMBER, RED, NONE]
    assert [plain(value, down) for value in (96, 95, 90, 10)] == [OK, AMBER, RED, RED]
    assert plain(5, Limit()) == NONE


@given(VALUES, LIMITS)
def test_a_colour_that_is_held_is_never_better_than_the_plain_one(value: float, limit: Limit) -> None:
    for before in COLOURS:
        assert COLOURS.index(held(before, value, limit)) >= COLOURS.index(plain(value, limit))


@given(LIMITS)
def test_a_ripple_within_the_hysteresis_does_not_flap(limit: Limit) -> None:
    red = limit.red or 0.0
    back = limit.hysteresis * 0.99
    ripple = red - back if limit.up else red + back
    assert held(RED, red, limit) == RED
    assert held(RED, ripple, limit) == RED


@given(LIMITS, VALUES)
def test_what_lasts_comes_through_and_what_does_not_leaves_no_trace(limit: Limit, value: float) -> None:
    begun = Standing(OK, AT)
    wanted = held(OK, value, limit)
    waiting = step(begun, value, AT, limit)
    lasted = step(waiting, value, AT + timedelta(minutes=limit.minutes), limit)
    assert lasted.colour == wanted
    assert wanted == OK or limit.minutes == 0 or waiting.colour == OK
    better = -2000.0 if limit.up else 2000.0
    gone = step(waiting, better, AT + timedelta(minutes=1), limit)
    assert gone.next in ("", OK)


@given(LIMITS, LOOKS)
def test_a_sign_changes_only_after_its_least_duration(limit: Limit, looks: list[tuple[int, float | None]]) -> None:
    at, now = AT, Standing(OK, AT)
    for minutes, value in looks:
        at += timedelta(minutes=minutes)
        after = step(now, value, at, limit)
        turned = after.colour != now.colour and NONE not in (after.colour, now.colour)
        waited = at - (now.next_since if now.next == after.colour and now.next_since else at)
        assert not turned or waited >= timedelta(minutes=limit.minutes)
        assert (after.next == "") == (after.next_since is None)
        now = after


@given(st.integers(1, 10_000), st.integers(0, 20_000))
def test_stale_by_its_own_limit(minutes: int, age: int) -> None:
    assert stale(AT - timedelta(minutes=age), AT, minutes) == (age > minutes)
    assert stale(None, AT, minutes)


@given(st.lists(VALUES, min_size=1, max_size=60), st.floats(0, 100))
def test_a_percentile_lies_among_its_values(values: list[float], share: float) -> None:
    found = percentile(values, share)
    assert found is not None
    assert min(values) - 1e-9 <= found <= max(values) + 1e-9


@given(st.lists(VALUES, min_size=LEAST, max_size=60), st.booleans())
def test_limits_of_history_stand_in_order(values: list[float], up: bool) -> None:
    found = by_history(Limit(up, 90, 97), values)
    assert found.amber is not None
    assert found.red is not None
    assert (found.amber <= found.red + 1e-9) if up else (found.amber >= found.red - 1e-9)


def test_too_short_a_history_sets_no_limit() -> None:
    found = by_history(Limit(True, 90, 97), [1.0] * (LEAST - 1))
    assert (found.amber, found.red) == (None, None)
    assert percentile([], 50) is None
