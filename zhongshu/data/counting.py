"""计时说明 counting: every interval that every clock of a case counted, told again from the facts alone."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from zhongshu.kernel.clocks import Calendar
from zhongshu.kernel.facts import SYSTEM, Fact, Kind
from zhongshu.kernel.lifecycle import BIRTHS, BY_KIND

CalendarOf = Callable[[str], Calendar]
"""Calendar "code@version" -> the calendar as it was (desk.Knowledge.calendar)."""


@dataclass(slots=True)
class Stretch:
    """计时段: one interval in which a clock ran, by one version of one calendar.

    `windows` are the working intervals within it (all of it for a calendar that never sleeps), `special` the holidays
    on weekdays (False) and make-up workdays on weekends (True) that it crosses, by ISO date in city time.
    """

    start: datetime
    end: datetime
    calendar: str
    minutes: float
    windows: list[tuple[datetime, datetime]]
    special: dict[str, bool]


@dataclass(slots=True)
class Pause:
    """停表: from `start` until `end` (None: still) because of the fact `fact` of this `kind`, with what it said."""

    start: datetime
    fact: int
    kind: str
    reason: str
    end: datetime | None = None
    ended_by: int | None = None


@dataclass(slots=True)
class Change:
    """变更: a fact that gave the clock another limit, another due moment or another calendar, or saw it run out."""

    at: datetime
    fact: int
    kind: str
    minutes: int
    due_at: datetime
    calendar: str


@dataclass(slots=True)
class Count:
    """一只时钟的全部计时: one run of one clock, from the fact that started it to the one that stopped it.

    `limit` in minutes with every extension, `used` what was counted, `due_at` as last said; `late` when it ran out, by
    a fact that says so or by the moment it was stopped at. `automatic` is a step that the system did at once.
    """

    name: str
    starts_at: datetime
    fact: int
    kind: str
    limit: int
    calendar: str
    due_at: datetime | None = None
    stretches: list[Stretch] = field(default_factory=list)
    pauses: list[Pause] = field(default_factory=list)
    changes: list[Change] = field(default_factory=list)
    stopped_at: datetime | None = None
    stopped_by: int | None = None
    stopped_kind: str = ""
    late: bool = False
    overdue_at: datetime | None = None
    automatic: bool = False
    since: datetime | None = None
    """Since when it runs without a break; None when it stands."""

    @property
    def used(self) -> float:
        return sum(one.minutes for one in self.stretches)

    @property
    def paused(self) -> bool:
        return bool(self.pauses) and self.pauses[-1].end is None and self.stopped_at is None


@dataclass(slots=True)
class _Book:
    """The clocks of one case while its facts are read."""

    calendar_of: CalendarOf
    counts: list[Count] = field(default_factory=list)
    running: dict[str, Count] = field(default_factory=dict)

    def read(self, fact: Fact) -> None:
        given = {clock["name"]: clock for clock in fact.payload.get("clocks", ())}
        for name, clock in given.items():
            self._given(name, clock, fact)
        move = BY_KIND.get(fact.kind)
        for name in move.stops if move else ():
            if name in self.running and name not in given:
                self._stop(name, fact)
        for name in move.pauses if move else ():
            if name in self.running and not self.running[name].paused:
                self._pause(self.running[name], fact)
        if fact.kind == Kind.OVERDUE and fact.payload["clock"] in self.running:
            count = self.running[fact.payload["clock"]]
            count.late, count.overdue_at = True, fact.at
            self._changed(count, fact)

    def _given(self, name: str, clock: Mapping[str, Any], fact: Fact) -> None:
        starts = datetime.fromisoformat(clock["starts_at"])
        count = self.running.get(name)
        if count is None or count.starts_at != starts:
            if count is not None:
                self._stop(name, fact)
            count = Count(name, starts, fact.id, fact.kind, clock["minutes"], clock["calendar"], since=starts)
            count.due_at = datetime.fromisoformat(clock["due_at"])
            if clock.get("overdue"):  # it ran out before anybody knew of it
                count.late, count.overdue_at = True, count.due_at
            self.counts.append(count)
            self.running[name] = count
            return
        self._break(count, fact.at)
        if count.paused and not clock.get("paused_at"):
            count.pauses[-1].end, count.pauses[-1].ended_by = fact.at, fact.id
        count.limit, count.calendar = clock["minutes"], clock["calendar"]
        count.due_at = datetime.fromisoformat(clock["due_at"])
        count.since = None if count.paused else fact.at
        self._changed(count, fact)

    def _changed(self, count: Count, fact: Fact) -> None:
        if count.due_at is not None:
            count.changes.append(Change(fact.at, fact.id, fact.kind, count.limit, count.due_at, count.calendar))

    def _pause(self, count: Count, fact: Fact) -> None:
        self._break(count, fact.at)
        said = " ".join(str(fact.payload[one]) for one in ("reason_code", "reason", "text") if fact.payload.get(one))
        count.pauses.append(Pause(fact.at, fact.id, fact.kind, said or BY_KIND[fact.kind].name))

    def _stop(self, name: str, fact: Fact) -> None:
        """One that stood still had stopped when it was paused."""
        count = self.running.pop(name)
        self._break(count, fact.at)
        count.stopped_at = count.pauses[-1].start if count.paused else fact.at
        count.stopped_by, count.stopped_kind = fact.id, fact.kind

    def _break(self, count: Count, at: datetime) -> None:
        """What ran until now is one stretch."""
        if count.since is not None and at > count.since:
            count.stretches.append(_stretch(count.since, at, count.calendar, self.calendar_of(count.calendar)))
        count.since = None

    def end(self, at: datetime) -> None:
        """Count what still runs until `at`, and say of each whether it is late."""
        for count in self.running.values():
            self._break(count, at)
        for count in self.counts:
            stood = count.stopped_at or (count.pauses[-1].start if count.paused else at)
            count.late = count.late or (count.due_at is not None and stood > count.due_at)


def _stretch(start: datetime, end: datetime, name: str, calendar: Calendar) -> Stretch:
    first, last = start.astimezone(calendar.zone).date(), end.astimezone(calendar.zone).date()
    days = [first + timedelta(days=n) for n in range((last - first).days + 1)] if calendar.shifts else []
    windows = [
        (max(opens, start), min(closes, end))
        for day in days
        for opens, closes in calendar.windows(day)
        if min(closes, end) > max(opens, start)
    ]
    special = {
        day.isoformat(): calendar.exceptions[day]
        for day in days
        if day in calendar.exceptions and calendar.exceptions[day] != (day.weekday() < 5)
    }
    return Stretch(start, end, name, calendar.used(start, end), windows if days else [(start, end)], special)


def count(facts: Iterable[Fact], calendar_of: CalendarOf, at: datetime) -> list[Count]:
    """Every clock of one case in the order they began, counted until `at` where it still runs (UTC).

    `facts` are all facts of the case in the order they were written. A step that the system did by itself, without a
    clock, is there as an automatic one of 0 minutes.
    """
    book = _Book(calendar_of)
    held = [fact for fact in facts if fact.at <= at]
    for fact in held:
        book.read(fact)
    book.end(at)
    named = {one.name for one in book.counts}
    steps = [one for one in _automatic(held) if one.name not in named]
    return sorted([*steps, *book.counts], key=lambda one: (one.starts_at, one.fact))


def _automatic(facts: Iterable[Fact]) -> list[Count]:
    """受理, 立案 and 派遣 where nobody had to be waited for."""
    found: dict[str, Count] = {}
    for fact in facts:
        name = _STEPS.get(fact.kind)
        if name and name not in found and fact.actor == SYSTEM:
            found[name] = Count(name, fact.at, fact.id, fact.kind, 0, "", automatic=True, stopped_at=fact.at)
    return list(found.values())


_STEPS = {
    **{kind: "accept" for kind in BIRTHS if kind != Kind.UNCLEAR},
    Kind.DECIDED: "file",
    Kind.DISPATCHED: "dispatch",
}
