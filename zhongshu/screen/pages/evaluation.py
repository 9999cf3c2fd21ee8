"""评价 the rates of a period by unit, place, category, grid or day, each over its named base."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext_lazy

from zhongshu.data import evaluation
from zhongshu.data.viewing import viewing
from zhongshu.kernel.desk import Knowledge
from zhongshu.kernel.places import Level
from zhongshu.screen import gate, naming
from zhongshu.screen.frame import URLS
from zhongshu.screen.pages.account import signed_in, viewer

DAYS = 30
CUTS: dict[str, Any] = {
    "unit": gettext_lazy("单位"),
    "district": gettext_lazy("区"),
    "street": gettext_lazy("街镇"),
    "community": gettext_lazy("社区"),
    "category": gettext_lazy("类别"),
    "grid": gettext_lazy("网格"),
    "day": gettext_lazy("日期"),
}
SMALL = 30
"""Fewer valid call-backs than this say little: the row says so instead of looking as sure as the others."""


def _day(text: str, default: date) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return default


def _opens(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time()))


def _name(key: str, cut: str, knowledge: Knowledge) -> tuple[str, str]:
    """What a row is called, and the query of the work list behind it ("" when no list can show it)."""
    if cut == "unit":
        return naming.unit_name(key, knowledge) or key, f"unit={key}"
    if cut == "category":
        return naming.category_name(key, knowledge) or key, f"category={key}"
    if cut in ("district", "street", "community"):
        code = key.ljust(knowledge.scheme.lengths[-1], "0")
        return knowledge.names.get(code, key), f"place={code}"
    return key, ""


def _row(one: evaluation.Figures, cut: str, knowledge: Knowledge) -> dict[str, Any]:
    name, query = _name(one.key, cut, knowledge)
    url = f"{URLS['cases']}?{query}" if query and one.key else ""
    rates = {key: None if share is None else f"{share:.1%}" for key, share in one.rates.items()}
    return {"name": name, "url": url, "figures": one, "rates": rates, "small": 0 < one.valid < SMALL}


@signed_in()
def figures(request: HttpRequest) -> HttpResponse:
    """The table; without dates the last 30 days up to now."""
    today = timezone.localdate()
    first = _day(request.GET.get("from", ""), today - timedelta(days=DAYS - 1))
    last = max(first, _day(request.GET.get("to", ""), today))
    cut = request.GET.get("by", "unit")
    cut = cut if cut in CUTS else "unit"
    who, knowledge = viewer(request), gate.hub().tools.knowledge
    level = Level[cut.upper()] if cut.upper() in Level.__members__ else Level.COMMUNITY
    start, end = _opens(first), _opens(last + timedelta(days=1))
    with viewing(who):
        by = "place" if cut in ("district", "street", "community") else cut
        found = evaluation.figures(start, end, by, knowledge.scheme.lengths[level - 1])
        whole = evaluation.figures(start, end, "all")
    context = {
        "rows": [_row(one, cut, knowledge) for one in found],
        "whole": _row(whole[0], "all", knowledge) if whole else None,
        "cut": cut,
        "cuts": list(CUTS.items()),
        "first": first,
        "last": last,
        "small": SMALL,
        "as_of": datetime.now(timezone.get_current_timezone()),
    }
    return render(request, "desk/evaluation.html", context)
