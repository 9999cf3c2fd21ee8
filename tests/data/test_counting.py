"""Clocks against an oracle that knows of every minute of three years whether it counts."""

from __future__ import annotations

import csv
import random
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

import zhongshu
from zhongshu.data.counting import Count, count
from zhongshu.kernel.clocks import CITY_TIME, Calendar, ClockRule, begin, move, resume
from zhongshu.kernel.facts import Fact, Kind

FIRST, LAST = date(2025, 1, 1), date(2027, 12, 31)
MORNING = datetime.combine(FIRST, time(), CITY_TIME)
DAY = 86_400
HOLIDAYS = Path(zhongshu.__file__).parent / "cities" / "demo" / "tables" / "holidays.csv"
SPANS = 10_000


def exceptions() -> dict[date, bool]:
    """The holidays of three years and the weekend days that are worked for them, as the State Council named them."""
    found: dict[date, bool] = {}
    for row in csv.DictReader(HOLIDAYS.read_text("utf-8").splitlines()):
        start, end = date.fromisoformat(row["from"]), date.fromisoformat(row["to"])
        found.update({start + timedelta(days=n): False for n in range((end - start).days + 1)})
        found.update({date.fromisoformat(text): True for text in row["days_at_work"].split(";") if text})
    return found


@dataclass(frozen=True)
class Oracle:
    """`before[n]`: seconds that count in the first n minutes since MORNING."""

    before: NDArray[np.int64]

    @classmethod
    def of(cls, shifts: list[tuple[int, int]], days: Mapping[date, bool]) -> Oracle:
        """Shifts as (first, last) hours; a day is written down minute by minute."""
        mask = np.zeros(((LAST - FIRST).days + 1, 1440), dtype=np.int64)
        for n in range(len(mask)):
            day = FIRST + timedelta(days=n)
            for start, end in shifts if days.get(day, day.isoweekday() <= 5) else []:
                mask[n, start * 60 : end * 60] = 60
        return cls(np.concatenate([[0], np.cumsum(mask.ravel())]))

    def counted(self, second: int) -> int:
        """Seconds that count from MORNING until `second`."""
        minute, rest = divmod(second, 60)
        whole = int(self.before[minute])
        return whole + (rest if self.before[minute + 1] > whole else 0)

    def due(self, second: int, seconds: int) -> int:
        """When `seconds` more have counted."""
        wanted = self.counted(second) + seconds
        minute = int(np.searchsorted(self.before, wanted, side="left"))
        return minute * 60 - (int(self.before[minute]) - wanted)


OFFICE = Calendar("office", "1", ((time(9), time(12)), (time(14), time(18))), exceptions())
CREWS = Calendar("crews", "1", ((time(8), time(12)), (time(13), time(20))), {**exceptions(), date(2026, 10, 2): True})
FORMER = Calendar("office", "0", OFFICE.shifts, {**exceptions(), date(2026, 10, 10): False, date(2026, 10, 8): False})
CALENDARS = {f"{one.code}@{one.version}": one for one in (OFFICE, CREWS, FORMER)}
ORACLES = {
    "office@1": Oracle.of([(9, 12), (14, 18)], OFFICE.exceptions),
    "crews@1": Oracle.of([(8, 12), (13, 20)], CREWS.exceptions),
    "office@0": Oracle.of([(9, 12), (14, 18)], FORMER.exceptions),
}


def moment(second: int) -> datetime:
    return MORNING + timedelta(seconds=second)


def second(when: datetime) -> int:
    return round((when - MORNING).total_seconds())


def spans(count: int) -> Iterator[tuple[int, int]]:
    """Random (start, length) in seconds, half of them about a holiday or a make-up day."""
    dice = random.Random(20260101)
    odd = sorted(exceptions())
    for n in range(count):
        near = second(datetime.combine(dice.choice(odd), time(), CITY_TIME)) + dice.randrange(-3 * DAY, 2 * DAY)
        start = max(0, near) if n % 2 else dice.randrange(700 * DAY)
        yield min(start, 800 * DAY), dice.randrange(1, dice.choice((DAY, 12 * DAY, 200 * DAY)))


@pytest.mark.parametrize("name", ["office@1", "crews@1"])
def test_ten_thousand_spans_agree_with_the_minutes(name: str) -> None:
    calendar, oracle = CALENDARS[name], ORACLES[name]
    for start, length in spans(SPANS):
        used = oracle.counted(start + length) - oracle.counted(start)
        assert round(calendar.used(moment(start), moment(start + length)) * 60) == used
        minutes = length % 8000 + 1
        assert second(calendar.due(moment(start), minutes)) == oracle.due(start, minutes * 60)


RULE = ClockRule("handle", 2100, nearly=0.8)
Step = tuple[str, int, int]


@dataclass
class Life:
    """One clock of one case, lived by the kernel, and beside it a plain stop-watch that asks only the oracle."""

    row: dict[str, Any]
    facts: list[Fact]
    now: int
    left: int
    """Seconds that the stop-watch has left."""

    @classmethod
    def begin(cls, start: int, minutes: int) -> Life:
        clock = begin(RULE, moment(start), minutes, OFFICE)
        fact = Fact(1, Kind.DISPATCHED, 7, moment(start), payload={"clocks": [clock]})
        return cls({**clock, "overdue": False, "nearly": False, "paused_at": None}, [fact], start, minutes * 60)

    @property
    def oracle(self) -> Oracle:
        return ORACLES[self.row["calendar"]]

    def step(self, kind: str, wait: int, extra: int) -> None:
        """Let `wait` seconds pass, but never beyond the limit; then do what can be done."""
        then = self.now + wait
        if not self.row["paused_at"]:
            then = min(then, self.oracle.due(self.now, self.left) - 60) if self.left > 60 else self.now
            then = max(then, self.now)
            self.left -= self.oracle.counted(then) - self.oracle.counted(self.now)
        self.now = then
        {"pause": self._pause, "extend": self._extend, "move": self._move}[kind](extra)

    def _pause(self, extra: int) -> None:
        """Hang, or take up again what hangs."""
        if not self.row["paused_at"]:
            self.row["paused_at"] = moment(self.now).isoformat()
            self._say(Kind.HUNG, {"reason": "待资金"})
            return
        clock = resume(self.row, RULE, moment(self.now), CALENDARS[self.row["calendar"]])
        self._say(Kind.RESUMED, {"clocks": [clock]})
        self.row = {"paused_at": None, **clock}

    def take_up(self) -> None:
        """A clock that hangs is taken up again, so that it can be due."""
        if self.row["paused_at"]:
            self.step("pause", DAY, 0)

    def _extend(self, extra: int) -> None:
        if not self.row["paused_at"]:
            clock = resume(self.row, RULE, moment(self.now), CALENDARS[self.row["calendar"]], extra)
            self._say(Kind.EXTENDED, {"clocks": [clock]})
            self.row = {"paused_at": None, **clock}
            self.left += extra * 60

    def _move(self, extra: int) -> None:
        new = CALENDARS[sorted(CALENDARS)[extra % len(CALENDARS)]]
        clock = move(self.row, RULE, moment(self.now), CALENDARS[self.row["calendar"]], new)
        self._say(Kind.RETIMED, {"clocks": [clock]})
        self.row = clock

    def _say(self, kind: Kind, payload: dict[str, Any]) -> None:
        self.facts.append(Fact(len(self.facts) + 1, kind, 7, moment(self.now), payload=payload))

    def counted(self, at: int) -> Count:
        return next(one for one in count(self.facts, CALENDARS.__getitem__, moment(at)) if one.name == "handle")


steps = st.lists(
    st.tuples(st.sampled_from(["pause", "pause", "extend", "move"]), st.integers(0, 9 * DAY), st.integers(1, 3000)),
    max_size=12,
)


@settings(max_examples=400)
@given(st.integers(0, 640 * DAY), st.integers(30, 9000), steps)
def test_whatever_stops_and_lengthens_a_clock_it_counts_its_limit_and_no_more(
    start: int, minutes: int, history: list[Step]
) -> None:
    life = Life.begin(start, minutes)
    for kind, wait, extra in history:
        life.step(kind, wait, extra)
    life.take_up()
    due = life.oracle.due(life.now, life.left)
    assert second(datetime.fromisoformat(life.row["due_at"])) == due
    assert datetime.fromisoformat(life.row["wake_at"]) <= datetime.fromisoformat(life.row["due_at"])
    at_due = life.counted(due)
    assert at_due.used == pytest.approx(life.row["minutes"]), "what was counted until it is due is the limit"
    assert at_due.limit == life.row["minutes"]
    assert not at_due.late
    assert life.counted(due + 1).late
    assert all(one.end is not None for one in at_due.pauses)


@settings(max_examples=200)
@given(st.integers(0, 640 * DAY), steps)
def test_every_second_of_a_clock_is_either_counted_or_in_a_pause(start: int, history: list[Step]) -> None:
    life = Life.begin(start, 2100)
    for kind, wait, extra in history:
        life.step(kind, wait, extra)
    found = life.counted(life.now)
    parts = sorted(
        [(one.start, one.end) for one in found.stretches] + [(p.start, p.end or moment(life.now)) for p in found.pauses]
    )
    reached = moment(start)
    for begins, ends in parts:
        assert begins == reached
        reached = ends
    assert reached == moment(life.now)
    windows = [(b - a).total_seconds() / 60 for one in found.stretches for a, b in one.windows]
    assert sum(windows) == pytest.approx(found.used)


def test_the_days_that_are_not_as_their_weekday_are_named() -> None:
    start = second(datetime(2026, 9, 30, 9, tzinfo=CITY_TIME))
    life = Life.begin(start, 9000)
    stretch = life.counted(second(datetime(2026, 10, 12, 9, tzinfo=CITY_TIME))).stretches[0]
    assert stretch.special == {
        **{f"2026-10-0{day}": False for day in (1, 2, 5, 6, 7)},
        "2026-10-10": True,
    }, "a Saturday in the holidays is a Saturday"
    assert stretch.minutes == 4 * 420


def test_a_clock_that_ran_out_is_not_moved() -> None:
    life = Life.begin(0, 2100)
    with pytest.raises(ValueError, match="has ended"):
        move({**life.row, "overdue": True}, RULE, moment(9), OFFICE, FORMER)
