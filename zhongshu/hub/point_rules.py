"""积分规则 what a confirmed act is worth and how much of it counts: pure, so that it can be tried on any sequence."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from zhongshu.kernel.clocks import CITY_TIME

REPORT, VERIFY, ADOPT, VOLUNTEER = "report", "verify", "adopt", "volunteer"
ACTS = (REPORT, VERIFY, ADOPT, VOLUNTEER)
WHY = ("ceiling", "same_day", "own_household", "no_household", "duplicate", "untrue")
"""Why something did not count, or not in full."""
GROUNDS = ("untrue", "not_done", "household", "mistake")
"""Why a line may be reversed; that somebody is disliked is none."""


@dataclass(frozen=True, slots=True)
class PointRule:
    """积分规则 in force at a moment; `version` says since when, so that a line can name what it stood on."""

    code: str
    name: str
    name_en: str
    act: str
    points: int
    month_ceiling: int
    per_day: int
    version: str


@dataclass(frozen=True, slots=True)
class Deed:
    """一件善行, confirmed by another person: whose, when it was done, how much of it, and what speaks against it.

    `bar` is one of WHY that is known beforehand, "" when there is none.
    """

    member: int
    day: date
    amount: float = 1
    bar: str = ""


@dataclass(frozen=True, slots=True)
class Earned:
    """An earlier line of the same household under the same rule."""

    member: int
    day: date
    points: int


@dataclass(frozen=True, slots=True)
class Reckoned:
    """`worth` is what the rule gives, `points` what of it counts, `why` what kept it from counting in full."""

    worth: int
    points: int
    why: str


def day_of(at: datetime) -> date:
    """The city's day of a moment."""
    return at.astimezone(CITY_TIME).date()


def reckon(rule: PointRule, deed: Deed, earlier: Iterable[Earned]) -> Reckoned:
    """What a deed gives its member: whole points, never more than the household's month has left.

    A line that was reversed since keeps its share of the ceiling and of the day: it may be restored on appeal.
    """
    worth = int(rule.points * deed.amount)
    if deed.bar:
        return Reckoned(worth, 0, deed.bar)
    held = list(earlier)
    today = [one for one in held if one.member == deed.member and one.day == deed.day and one.points > 0]
    if len(today) >= rule.per_day:
        return Reckoned(worth, 0, "same_day")
    month = sum(one.points for one in held if (one.day.year, one.day.month) == (deed.day.year, deed.day.month))
    left = max(0, rule.month_ceiling - month)
    return Reckoned(worth, worth, "") if worth <= left else Reckoned(worth, left, "ceiling")


def use_refusal(balance: int, points: int) -> str:
    """Why so many points can't be used; "" when they can."""
    if points < 1:
        return f"points: found {points}, expected at least 1 / 请填写要兑换的积分，至少 1 分"
    if points > balance:
        return f"points: found {points}, expected at most the balance of {balance} / 积分不足，当前可用 {balance} 分"
    return ""
