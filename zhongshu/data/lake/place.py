"""湖在何处 where the lake is, how wide the hot window is, and how long observations are kept."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path

from django.conf import settings as django_settings

from zhongshu.kernel.clocks import CITY_TIME
from zhongshu.kernel.errors import BadInput
from zhongshu.kernel.settings import Settings, load, variable

DAY = timedelta(days=1)
FIRST_YEAR, LAST_YEAR = 1900, 2200
OBSERVATION, HOUR, FACT = "observation", "hour", "fact"
"""The tables of the lake: single observations, their sums by grid and hour, facts."""
STORED = f"lake:{OBSERVATION}"
"""Where the catalogue says that the rows of a data set are, when they are the observations."""


@dataclass(frozen=True, slots=True)
class Part:
    """一份: the rows of one table, one day of the city and one district."""

    table: str
    day: date
    district: str


@dataclass(frozen=True, slots=True)
class Lake:
    """数据湖: `hot_days` stay in the database, single observations are kept `keep_days` (0: always)."""

    folder: Path
    hot_days: int = 7
    keep_days: int = 0
    spark: str = ""

    def cutoff(self, now: datetime) -> date:
        """The first day of the city that is still hot: every earlier one lies wholly outside the window."""
        return now.astimezone(CITY_TIME).date() - self.hot_days * DAY

    def kept_since(self, now: datetime) -> date | None:
        """The first day whose observations are still kept; None when all are."""
        return now.astimezone(CITY_TIME).date() - self.keep_days * DAY if self.keep_days else None


def lake() -> Lake:
    """The lake of this installation; BadInput names a setting that is no number, or makes no sense."""
    from zhongshu.data.catalogue import entries

    given = _settings()
    hot = _days(given, "lake_hot_days", 1)
    keep = _days(given, "lake_keep_days", 0) if given.lake_keep_days else entries.retention(STORED)
    if 0 < keep <= hot:
        raise BadInput(
            f"{variable('lake_keep_days')}: found {keep}, expected 0 or more than the {hot} days of the hot window"
            " / 保存天数应大于热窗口"
        )
    return Lake(folder(), hot, keep, given.lake_spark)


def folder() -> Path:
    """Where the files of this installation's lake are."""
    given = _settings()
    return Path(given.lake).expanduser() if given.lake else given.home_path / "lake"


def _settings() -> Settings:
    found: Settings = getattr(django_settings, "ZHONGSHU_LAKE", None) or load()
    return found


def _days(given: Settings, name: str, least: int) -> int:
    said = str(getattr(given, name))
    if not said.isdecimal() or int(said) < least:
        raise BadInput(f"{variable(name)}: found {said!r}, expected a number of days from {least} / 应为天数")
    return int(said)


def ends(day: date) -> datetime:
    """When a day of the city ends."""
    return begins(day) + DAY


def day_of(moment: datetime) -> date:
    """The day of the city that a moment falls in."""
    return moment.astimezone(CITY_TIME).date()


def begins(day: date) -> datetime:
    """When a day of the city begins; BadInput for one that no calendar of ours reaches."""
    if not FIRST_YEAR <= day.year < LAST_YEAR:
        raise BadInput(f"day: found {day}, expected one from {FIRST_YEAR} on and before {LAST_YEAR} / 日期超出范围")
    return datetime(day.year, day.month, day.day, tzinfo=CITY_TIME)
