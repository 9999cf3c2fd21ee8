"""时限 clocks: working minutes of a versioned calendar, holidays and make-up workdays included."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta, timezone
from functools import lru_cache
from itertools import accumulate
from operator import sub
from typing import Any

CITY_TIME = timezone(timedelta(hours=8))
"""Default zone of a Chinese pack: fixed UTC+8, no daylight saving."""


def number_of(at: datetime, id: int, letter: str = "") -> str:
    """编号 as people say it: the day in the city, and the id; `letter` says of what, a case has none."""
    return f"{letter}{at.astimezone(CITY_TIME):%Y%m%d}-{id}"


@dataclass(frozen=True, slots=True)
class Year:
    """One local year of a calendar as an axis of counted time.

    Window `i` runs from `opens[i]` to `closes[i]` (UTC); `before[i]` and `after[i]` are what the year has counted when
    it begins and when it ends.
    """

    opens: Sequence[datetime]
    closes: Sequence[datetime]
    before: Sequence[timedelta]
    after: Sequence[timedelta]

    @classmethod
    def of(cls, windows: Iterable[tuple[datetime, datetime]]) -> Year:
        opens, closes = zip(*windows, strict=True) if (windows := list(windows)) else ((), ())
        sums = list(accumulate(map(sub, closes, opens), initial=timedelta(0)))
        return cls(opens, closes, sums[:-1], sums[1:])

    def counted(self, moment: datetime) -> timedelta:
        """What the year has counted at a moment within it."""
        n = bisect_right(self.closes, moment)
        if n == len(self.closes):
            return self.whole
        return self.before[n] + max(timedelta(0), moment - self.opens[n])

    @property
    def whole(self) -> timedelta:
        return self.after[-1] if self.after else timedelta(0)

    def due(self, start: datetime, left: timedelta) -> datetime | timedelta:
        """When `left` has been counted after `start`; what is still left after the year when that isn't within it."""
        target = self.counted(start) + left
        n = bisect_left(self.after, target, bisect_right(self.closes, start))
        return target - self.whole if n == len(self.after) else self.opens[n] + (target - self.before[n])


@dataclass(frozen=True, slots=True, eq=False)
class Calendar:
    """工作日历: which minutes count. Compared as an object, for `begin` remembers what it was asked about one.

    `shifts` are (start, end) pairs of local wall time on a workday; no shifts at all means 7x24 (紧急类).
    `exceptions` maps a date to True (调休上班, make-up workday) or False (holiday); other days follow the weekday.
    """

    code: str
    version: str
    shifts: tuple[tuple[time, time], ...] = ()
    exceptions: Mapping[date, bool] = field(default_factory=dict)
    zone: timezone = CITY_TIME
    _years: dict[int, Year] = field(default_factory=dict, init=False, repr=False, compare=False)
    """Years that were asked for: every case asks for the same one or two."""

    def works(self, day: date) -> bool:
        return self.exceptions.get(day, day.weekday() < 5)

    def windows(self, day: date) -> list[tuple[datetime, datetime]]:
        """The counted intervals of one local day, in UTC."""
        return [
            (
                datetime.combine(day, start, self.zone).astimezone(UTC),
                datetime.combine(day, end, self.zone).astimezone(UTC),
            )
            for start, end in (self.shifts if self.works(day) else ())
        ]

    def year(self, number: int) -> Year:
        found = self._years.get(number)
        if found is None:
            first = date(number, 1, 1)
            days = (first + timedelta(days=n) for n in range((date(number + 1, 1, 1) - first).days))
            found = self._years[number] = Year.of(window for day in days for window in self.windows(day))
        return found

    def due(self, start: datetime, minutes: float) -> datetime:
        """When `minutes` counted minutes after `start` have passed (UTC); ValueError if it never works."""
        left = timedelta(minutes=minutes)
        if not self.shifts:
            return start.astimezone(UTC) + left
        first = start.astimezone(self.zone).year
        for number in range(first, first + 10):
            found = self.year(number).due(start, left)
            if isinstance(found, datetime):
                return found
            left = found
        raise ValueError(
            f"calendar {self.code} {self.version} has no working time in the ten years after {start:%Y-%m-%d}"
        )

    def used(self, start: datetime, end: datetime) -> float:
        """Counted minutes between two moments; 0 when `end` is not after `start`."""
        if end <= start:
            return 0.0
        if not self.shifts:
            return (end - start).total_seconds() / 60
        first, last = start.astimezone(self.zone).year, end.astimezone(self.zone).year
        whole = sum((self.year(number).whole for number in range(first, last)), timedelta(0))
        return (whole + self.year(last).counted(end) - self.year(first).counted(start)).total_seconds() / 60


@dataclass(frozen=True, slots=True)
class ClockRule:
    """时限规则: what a clock measures against where the duty list names no limit of its own.

    `minutes` of `calendar`, 0 for no such clock; after the share `nearly` of it a case is nearly overdue (预逾期), or
    never when 0; `escalates` tells whether running out raises the case one level (提级) or is only counted.
    """

    code: str
    minutes: int
    calendar: str = "office"
    nearly: float = 0.0
    escalates: bool = False
    basis: str = "default"


CLOCK_RULES: Mapping[str, ClockRule] = {
    rule.code: rule
    for rule in (
        ClockRule("accept", 60),
        ClockRule("verify", 240),
        ClockRule("dispatch", 120, escalates=True),
        ClockRule("rule", 960, escalates=True),
        ClockRule("sign", 480, escalates=True),
        ClockRule("contact", 1440, "always"),
        ClockRule("make_safe", 0),
        ClockRule("handle", 2400, nearly=0.8, escalates=True),
        ClockRule("bundled", 0),
        ClockRule("check", 480),
        ClockRule("call_back", 960),
        ClockRule("supervise", 960, nearly=0.8, escalates=True),
        ClockRule("supplement", 4320, "always"),
        ClockRule("review", 43200, "always", escalates=True),
        ClockRule("overall", 0),
        ClockRule("special", 120, "always", nearly=0.5, escalates=True),
        ClockRule("rare", 480, nearly=0.5, escalates=True),
        ClockRule("archive", 43200, "always"),
    )
}
"""Defaults of the project for a pack that says nothing: no law or standard stands behind them.

`archive` is no clock of a case but the window in which a closed one may be opened again (归档期限).
"""

ALWAYS = Calendar("always", "built-in")
"""全天候: every minute counts."""


@lru_cache(4096)
def begin(rule: ClockRule, start: datetime, minutes: float, calendar: Calendar) -> Mapping[str, Any]:
    """A clock that begins at `start` with a limit of `minutes`, as the fact that starts it carries it.

    `wake_at` is when somebody must look at it next: first when it is nearly overdue, then when it is. Remembered,
    because the cases of a batch are dispatched at one moment.
    """
    due = calendar.due(start, minutes)
    wake = calendar.due(start, minutes * rule.nearly) if rule.nearly else due
    return {
        "name": rule.code,
        "starts_at": start.isoformat(),
        "due_at": due.isoformat(),
        "wake_at": wake.isoformat(),
        "minutes": round(minutes),
        "calendar": f"{calendar.code}@{calendar.version}",
    }


def resume(
    clock: Mapping[str, Any], rule: ClockRule, at: datetime, calendar: Calendar, extra: float = 0
) -> dict[str, Any]:
    """A clock that goes on at `at` with what was left of its limit when it was paused, and `extra` minutes more.

    One that ran out already stays out: `due_at` and `overdue` are kept (延期不消除已发生的逾期).
    """
    going = {name: clock[name] for name in ("name", "starts_at", "calendar", "overdue", "nearly")}
    going["minutes"] = clock["minutes"] + round(extra)
    if clock["overdue"]:
        return going | {"due_at": clock["due_at"], "wake_at": None}
    return going | _ends(going, rule, at, calendar, _left(clock, at, calendar) + extra)


def move(clock: Mapping[str, Any], rule: ClockRule, at: datetime, old: Calendar, new: Calendar) -> dict[str, Any]:
    """A clock that goes over from one calendar to another at `at` (时限重算).

    What was counted stays counted, by the calendar that counted it; only what is left is counted by the new one. A
    paused clock stays paused with as much left as it had. One that ran out is nothing to move: ValueError.
    """
    if clock["overdue"] or clock.get("stopped_at"):
        raise ValueError(f"clock {clock['name']} has ended, it can't be moved")
    names = ("name", "starts_at", "minutes", "overdue", "nearly", "paused_at")
    going = {name: clock.get(name) for name in names} | {"calendar": f"{new.code}@{new.version}"}
    return going | _ends(going, rule, _since(clock, at), new, _left(clock, at, old))


def _left(clock: Mapping[str, Any], at: datetime, calendar: Calendar) -> float:
    """Minutes that a clock still has at `at`, or had when it was paused."""
    return calendar.used(_since(clock, at), datetime.fromisoformat(clock["due_at"]))


def _since(clock: Mapping[str, Any], at: datetime) -> datetime:
    """The moment from which what is left has to be counted: a clock that was paused stands where it stood."""
    paused = clock.get("paused_at")
    return datetime.fromisoformat(paused) if paused else max(at, datetime.fromisoformat(clock["starts_at"]))


def _ends(
    clock: Mapping[str, Any], rule: ClockRule, since: datetime, calendar: Calendar, left: float
) -> dict[str, Any]:
    """When a clock is due and when it must be looked at, with `left` minutes from `since` on."""
    wake = left - clock["minutes"] * (1 - rule.nearly) if rule.nearly and not clock["nearly"] else left
    return {
        "due_at": calendar.due(since, left).isoformat(),
        "wake_at": calendar.due(since, max(0.0, wake)).isoformat(),
    }


def period(first: date, last: date, zone: timezone = CITY_TIME) -> tuple[datetime, datetime]:
    """The UTC moments at which local day `first` begins and local day `last` ends."""
    start, end = (datetime.combine(day, time(), zone).astimezone(UTC) for day in (first, last))
    return start, end + timedelta(days=1)


def parse_shifts(text: str) -> tuple[tuple[time, time], ...]:
    """Read "09:00-12:00;14:00-18:00"; "" is 7x24. Raises ValueError with the piece that is wrong."""
    shifts: list[tuple[time, time]] = []
    for piece in filter(None, (part.strip() for part in text.split(";"))):
        start, _, end = piece.partition("-")
        pair = (time.fromisoformat(start), time.fromisoformat(end))
        if pair[0] >= pair[1] or (shifts and pair[0] < shifts[-1][1]):
            raise ValueError(f"shift {piece!r} must end after it starts and after the one before")
        shifts.append(pair)
    return tuple(shifts)
