"""时限数据 timetables: calendars as they are and as they ever were, rules of clocks, limits by area and nature."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta, timezone
from typing import Any

from zhongshu.data import models as rows
from zhongshu.data.databases import OWNER
from zhongshu.data.versions import fingerprint, in_force
from zhongshu.kernel.clocks import CLOCK_RULES, Calendar, ClockRule, parse_shifts
from zhongshu.kernel.desk import Limit

_DAY = ("valid_from", "valid_to", "calendar", "date", "works")
_CALENDAR = ("valid_from", "valid_to", "code", "digest", "shifts", "zone_minutes")
Row = Sequence[Any]


@dataclass(frozen=True, slots=True)
class Almanac:
    """历书: every version of every calendar and of every holiday, read once."""

    calendars: Sequence[Row]
    days: Sequence[Row]
    zone_minutes: int

    def at(self, moment: datetime) -> dict[str, Calendar]:
        """The calendars in force: days of "*" count for all, a calendar's own days come before them."""
        days: dict[str, dict[date, bool]] = {}
        for code, day, works in _then(self.days, moment):
            days.setdefault(code, {})[day] = works
        found = {}
        for code, digest, shifts, zone in _then(self.calendars, moment):
            exceptions = {**days.get("*", {}), **days.get(code, {})}
            version = fingerprint([digest, *(f"{day}{works}" for day, works in sorted(exceptions.items()))])
            offset = timezone(timedelta(minutes=self.zone_minutes if zone is None else zone))
            found[code] = Calendar(code, version, parse_shifts(shifts), exceptions, offset)
        return found

    def every(self) -> dict[str, Calendar]:
        """ "code@version" -> the calendar, for every version that was ever in force."""
        moments = sorted({row[0] for row in (*self.calendars, *self.days)} | {row[1] for row in self.days if row[1]})
        known = (calendar for moment in moments for calendar in self.at(moment).values())
        return {f"{one.code}@{one.version}": one for one in known}


def _then(versions: Iterable[Row], moment: datetime) -> Iterable[Row]:
    return (row[2:] for row in versions if row[0] <= moment and (row[1] is None or row[1] > moment))


def almanac(zone_minutes: int, using: str = OWNER) -> Almanac:
    """Everything that packs ever said about calendars; `zone_minutes` for those that name no zone of their own."""
    calendars = rows.Calendar.objects.using(using).order_by("code").values_list(*_CALENDAR)
    days = rows.CalendarDay.objects.using(using).order_by("code").values_list(*_DAY)
    return Almanac(list(calendars), list(days), zone_minutes)


def clock_rules(at: datetime, using: str = OWNER) -> dict[str, ClockRule]:
    """The pack's rules by clock; those of the project where it says nothing."""
    found = in_force(rows.ClockRule, at, using).values_list(
        "code", "minutes", "calendar", "nearly", "escalates", "basis"
    )
    return {**CLOCK_RULES, **{row[0]: ClockRule(*row) for row in found}}


_MINUTES = ("make_safe", "sign", "contact", "handle")


def limits(at: datetime, using: str = OWNER) -> dict[str, list[Limit]]:
    """Limits by area grade and nature of the work, by the code of their duty or category."""
    columns = ("duty", "category", "area_grade", "work_nature", "basis", *(f"{name}_minutes" for name in _MINUTES))
    found: dict[str, list[Limit]] = {}
    for duty, category, grade, nature, basis, *minutes in in_force(rows.Limit, at, using).values_list(*columns):
        given = {name: value for name, value in zip(_MINUTES, minutes, strict=True) if value is not None}
        found.setdefault(duty or category, []).append(Limit(duty or category, grade, nature, given, basis))
    return found


def grades(at: datetime, using: str = OWNER) -> dict[str, str]:
    """Area grade by division, of those that have one."""
    return dict(in_force(rows.Division, at, using).exclude(area_grade="").values_list("code", "area_grade"))
