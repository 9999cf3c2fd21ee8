"""时限 clocks: working minutes of a versioned calendar, holidays and make-up workdays included."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta, timezone

CITY_TIME = timezone(timedelta(hours=8))
"""Default zone of a Chinese pack: fixed UTC+8, no daylight saving."""


@dataclass(frozen=True, slots=True)
class Calendar:
    """工作日历: which minutes count.

    `shifts` are (start, end) pairs of local wall time on a workday; no shifts at all means 7x24 (紧急类).
    `exceptions` maps a date to True (调休上班, make-up workday) or False (holiday); other days follow the weekday.
    """

    code: str
    version: str
    shifts: tuple[tuple[time, time], ...] = ()
    exceptions: Mapping[date, bool] = field(default_factory=dict)
    zone: timezone = CITY_TIME
    _days: dict[date, list[tuple[datetime, datetime]]] = field(
        default_factory=dict, init=False, repr=False, compare=False
    )
    """Windows of days that were asked for: the same few days are asked for by every case."""

    def works(self, day: date) -> bool:
        return self.exceptions.get(day, day.weekday() < 5)

    def windows(self, day: date) -> list[tuple[datetime, datetime]]:
        """The counted intervals of one local day, in UTC."""
        if day not in self._days:
            self._days[day] = [
                (
                    datetime.combine(day, start, self.zone).astimezone(UTC),
                    datetime.combine(day, end, self.zone).astimezone(UTC),
                )
                for start, end in (self.shifts if self.works(day) else ())
            ]
        return self._days[day]

    def due(self, start: datetime, minutes: int) -> datetime:
        """When `minutes` counted minutes after `start` have passed (UTC); ValueError if it never works."""
        start = start.astimezone(UTC)
        if not self.shifts:
            return start + timedelta(minutes=minutes)
        left = timedelta(minutes=minutes)
        day = start.astimezone(self.zone).date()
        for _ in range(3660):
            for opens, closes in self.windows(day):
                span = closes - max(opens, start)
                if span <= timedelta(0):
                    continue
                if left <= span:
                    return max(opens, start) + left
                left -= span
            day += timedelta(days=1)
        raise ValueError(
            f"calendar {self.code} {self.version} has no working time in the ten years after {start:%Y-%m-%d}"
        )

    def used(self, start: datetime, end: datetime) -> float:
        """Counted minutes between two moments; 0 when `end` is not after `start`."""
        if end <= start:
            return 0.0
        if not self.shifts:
            return (end - start).total_seconds() / 60
        total = timedelta(0)
        day, last = start.astimezone(self.zone).date(), end.astimezone(self.zone).date()
        while day <= last:
            for opens, closes in self.windows(day):
                total += max(timedelta(0), min(closes, end) - max(opens, start))
            day += timedelta(days=1)
        return total.total_seconds() / 60


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
