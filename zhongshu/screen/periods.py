"""统计时段 which period, cut and ledger state a page of the evaluation is about, read from its query string."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from zhongshu.data.figures import rules, shown
from zhongshu.data.figures.counting import Asked
from zhongshu.data.figures.formulas import Rules, first_day
from zhongshu.kernel.clocks import period
from zhongshu.kernel.desk import Knowledge
from zhongshu.screen import naming

DAYS = 30
CUSTOM = "custom"
CUTS: dict[str, Any] = {
    "unit": gettext_lazy("单位"),
    "level": gettext_lazy("层级"),
    "district": gettext_lazy("区"),
    "street": gettext_lazy("街镇"),
    "community": gettext_lazy("社区"),
    "cohort": gettext_lazy("街镇类型"),
    "category": gettext_lazy("类别"),
    "grid": gettext_lazy("网格"),
    "day": gettext_lazy("日期"),
}
LEVELS: dict[str, Any] = {
    "city": gettext_lazy("市级"),
    "district": gettext_lazy("区级"),
    "street": gettext_lazy("街镇级"),
    "community": gettext_lazy("村居社区级"),
}


def read_day(text: str, default: date) -> date:
    """A date of a query string, or the default when it is none."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        return default


@dataclass(frozen=True, slots=True)
class Scope:
    """范围: a period by a window of the rules, or from one day to another; and what it is cut by."""

    window: str
    first: date
    last: date
    cut: str
    asked: Asked
    rules: Rules
    closed: bool

    @property
    def query(self) -> str:
        """This scope again, as a query string."""
        return urlencode(self.fields)

    @property
    def fields(self) -> dict[str, str]:
        return {
            "window": self.window,
            "day": self.first.isoformat(),
            "from": self.first.isoformat(),
            "to": self.last.isoformat(),
            "by": self.cut,
        }

    @property
    def title(self) -> str:
        """The period in words, with the moments between which it lies."""
        start, end = (timezone.localtime(moment) for moment in (self.asked.start, self.asked.end))
        name = self.first.isoformat()
        if self.window != CUSTOM:
            window = self.rules.windows[self.window]
            name = f"{(naming.english() and window.name_en) or window.name} {name}"
        return _("{name}（{start} 至 {end}）").format(
            name=name, start=f"{start:%Y-%m-%d %H:%M}", end=f"{end:%Y-%m-%d %H:%M}"
        )


def read(given: Mapping[str, str], knowledge: Knowledge) -> Scope:
    """What a query string asks for; without one the last 30 days up to now, cut by unit.

    A window that has closed is read at the ledger's head of that moment, so that a page shows what it showed then.
    """
    in_force = rules.in_force()
    today = timezone.localdate()
    cut = given.get("by", "unit")
    cut = cut if cut in CUTS else "unit"
    window = in_force.windows.get(given.get("window", ""))
    if window is None:
        first = read_day(given.get("from", ""), today - timedelta(days=DAYS - 1))
        last = max(first, read_day(given.get("to", ""), today))
        start, end = period(first, last)
        asked = Asked(start, end, shown.cut_of(cut, knowledge, in_force))
        return Scope(CUSTOM, first, last, cut, asked, in_force, False)
    day = first_day(window.unit, read_day(given.get("day", ""), today))
    head = shown.kept_head(window.code, day)
    if head is not None:
        in_force = rules.in_force(window.closes_at(day))
    start, end = window.bounds(day)
    asked = Asked(start, end, shown.cut_of(cut, knowledge, in_force), head)
    return Scope(window.code, day, day, cut, asked, in_force, head is not None)


def before(scope: Scope) -> tuple[datetime, datetime]:
    """The period before this one, of the same length or the same window."""
    if scope.window == CUSTOM:
        length = scope.asked.end - scope.asked.start
        return scope.asked.start - length, scope.asked.start
    window = scope.rules.windows[scope.window]
    return window.bounds(first_day(window.unit, scope.first - timedelta(days=1)))


def by(scope: Scope, cut: str, knowledge: Knowledge) -> Scope:
    """The same period by another cut."""
    return replace(scope, cut=cut, asked=replace(scope.asked, cut=shown.cut_of(cut, knowledge, scope.rules)))


def key_name(key: str, cut: str, knowledge: Knowledge, in_force: Rules) -> str:
    """What a row is called."""
    if not key:
        return "—"
    if cut == "unit":
        return naming.unit_name(key, knowledge)
    if cut == "category":
        return naming.category_name(key, knowledge)
    if cut == "level":
        return str(LEVELS.get(key, key))
    if cut == "cohort":
        return in_force.cohort_names.get(key, (key, key))[naming.english()]
    if cut in shown.PLACES:
        return naming.place_name(key.ljust(knowledge.scheme.lengths[-1], "0"), knowledge)
    return key
