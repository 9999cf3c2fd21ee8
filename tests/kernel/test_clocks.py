"""Working time against an oracle that counts minute by minute."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from zhongshu.kernel.clocks import CITY_TIME, Calendar, number_of, parse_shifts

HOLIDAYS = {
    date(2026, 10, 1): False,
    date(2026, 10, 2): False,
    date(2026, 10, 5): False,
    date(2026, 10, 6): False,
    date(2026, 10, 7): False,
    date(2026, 9, 27): True,
    date(2026, 10, 10): True,
}
"""Holidays on working days, and make-up workdays on a Sunday and a Saturday."""
SHIFTS = ((time(9), time(12)), (time(14), time(18)))
OFFICE = Calendar("office", "1", SHIFTS, HOLIDAYS)
FIRST = datetime(2026, 9, 21, tzinfo=CITY_TIME)
MINUTES = 63 * 1440


def counted(minute: int) -> bool:
    """Whether the minute that begins `minute` minutes after FIRST counts, told from the wall clock alone."""
    moment = FIRST + timedelta(minutes=minute)
    works = HOLIDAYS.get(moment.date(), moment.isoweekday() <= 5)
    return works and any(start <= moment.time() < end for start, end in SHIFTS)


COUNTED = [counted(minute) for minute in range(MINUTES)]
BEFORE = [0]
for one in COUNTED:
    BEFORE.append(BEFORE[-1] + one)

moments = st.integers(0, MINUTES // 3)


@settings(max_examples=500)
@given(moments, st.integers(0, MINUTES // 2))
def test_used_is_the_number_of_minutes_that_count(start: int, length: int) -> None:
    used = OFFICE.used(FIRST + timedelta(minutes=start), FIRST + timedelta(minutes=start + length))
    assert used == BEFORE[start + length] - BEFORE[start]


@settings(max_examples=500)
@given(moments, st.integers(1, 2400))
def test_due_is_the_end_of_the_last_minute_that_counts(start: int, minutes: int) -> None:
    due = OFFICE.due(FIRST + timedelta(minutes=start), minutes)
    last = next(n for n in range(start, MINUTES) if BEFORE[n + 1] - BEFORE[start] == minutes)
    assert due == FIRST + timedelta(minutes=last + 1)
    assert due.tzinfo is UTC


@given(st.integers(0, MINUTES * 60), st.integers(0, 3000))
def test_due_and_used_agree_to_the_second(second: int, minutes: int) -> None:
    start = FIRST + timedelta(seconds=second)
    assert OFFICE.used(start, OFFICE.due(start, minutes)) == pytest.approx(minutes)


@given(moments, moments, moments)
def test_used_adds_up(a: int, b: int, c: int) -> None:
    x, y, z = (FIRST + timedelta(minutes=n) for n in sorted((a, b, c)))
    assert OFFICE.used(x, y) + OFFICE.used(y, z) == pytest.approx(OFFICE.used(x, z))
    assert OFFICE.used(z, x) == 0


@given(moments, st.integers(0, 10_000))
def test_without_shifts_every_minute_counts(start: int, minutes: int) -> None:
    always, moment = Calendar("always", "1"), FIRST + timedelta(minutes=start)
    assert always.due(moment, minutes) == moment + timedelta(minutes=minutes)
    assert always.used(moment, moment + timedelta(minutes=minutes)) == minutes


def test_a_calendar_that_never_works_says_so() -> None:
    never = Calendar("never", "3", SHIFTS, {date(2026, 1, 1) + timedelta(days=n): False for n in range(3700)})
    with pytest.raises(ValueError, match="calendar never 3 has no working time"):
        never.due(datetime(2026, 1, 1, tzinfo=UTC), 1)


def test_shifts_as_they_are_written() -> None:
    assert parse_shifts("09:00-12:00; 14:00-18:00") == SHIFTS
    assert parse_shifts("") == ()


@pytest.mark.parametrize("wrong", ["12:00-09:00", "09:00-12:00;11:00-13:00", "9-12", "09:00", "09:00-24:00"])
def test_wrong_shifts_are_refused(wrong: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011  each names its own piece
        parse_shifts(wrong)


def test_a_number_bears_the_day_of_the_city() -> None:
    after_midnight = datetime(2026, 11, 22, 17, 57, tzinfo=UTC)
    assert number_of(after_midnight, 7) == "20261123-7"
    assert number_of(after_midnight, 7, "H") == "H20261123-7"
