"""自查的两本账 what was spent, and which modules were built and used: each part opens its rows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from zhongshu.data import packs, spending, usage
from zhongshu.data.spending import Wanted
from zhongshu.data.usage import MODULES, Use
from zhongshu.kernel.access import Viewer
from zhongshu.kernel.desk import Knowledge
from zhongshu.kernel.errors import NotFound
from zhongshu.kernel.lifecycle import Role
from zhongshu.kernel.places import EVERYWHERE, Level, Span
from zhongshu.screen import gate, naming
from zhongshu.screen import spending as money
from zhongshu.screen import usage as words
from zhongshu.screen.pages.account import signed_in, viewer
from zhongshu.screen.pages.signs import place_of, places
from zhongshu.screen.queries import whole

SECONDS = 3600
"""How old the count of a month's facts may be: it reads every fact of that month."""


def span_of(who: Viewer, place: str, knowledge: Knowledge) -> Span:
    """The viewer's own range, narrowed to the place; the whole city keeps what has no place."""
    if place == knowledge.city and who.place in ("", knowledge.city):
        return who.span
    wanted = knowledge.scheme.span(place)
    return Span(max(who.span.lo, wanted.lo), min(who.span.hi, wanted.hi))


def facts_span(who: Viewer, place: str, knowledge: Knowledge) -> Span:
    """Of facts: the whole city's also hold what has no place yet, as a report that nobody has judged."""
    everything = place == knowledge.city and who.place in ("", knowledge.city)
    return EVERYWHERE if everything else span_of(who, place, knowledge)


def _year(years: Sequence[int], request: HttpRequest) -> int:
    """The year that was asked for when the table has it, else its last one."""
    asked = whole(request.GET.get("year", ""))
    return asked if asked is not None and asked in years else years[0]


def spent(span: Span, place: str, years: Sequence[int], request: HttpRequest) -> dict[str, Any] | None:
    """The split of a year as the page shows it; None in a city that keeps no table of its spending."""
    if not years:
        return None
    year = _year(years, request)
    return {
        "year": year,
        "years": years,
        "rows": money.table(spending.split(span, year), place, year),
        "levels": [naming.LEVELS[int(level)] for level in Level],
        "synthetic": packs.about().get("synthetic", False),
    }


def used(span: Span, place: str) -> dict[str, Any]:
    """Built so many, used so many."""
    at, found = _used(span)
    published, judging = usage.models()
    loaded = {run.__module__ for runs in gate.hub().tools.scenarios.values() for run in runs}
    return {
        **words.summary(found, place),
        "age": naming.ago(at),
        "models": (published, judging),
        "scenarios": len(loaded),
        "warned": found["scenarios"].system,
    }


def _used(span: Span) -> tuple[Any, Mapping[str, Use]]:
    """When it was counted, and what was found."""
    key = f"usage:{span.lo}:{span.hi}"
    kept: tuple[Any, Mapping[str, Use]] | None = cache.get(key)
    if kept is None:
        now = timezone.now()
        kept = (now, usage.taken(span, now))
        cache.set(key, kept, SECONDS)
    return kept


@require_safe
@signed_in(Role.CHIEF)
def projects(request: HttpRequest) -> HttpResponse:
    """The projects behind one part of the split: `kind` (or a side), `level`, `year`, `place`, or one `code`."""
    who, knowledge, years = viewer(request), gate.hub().tools.knowledge, spending.years()
    if not years:
        raise NotFound("this city keeps no table of spending / 本市没有支出表，无数据源")
    place, kind = place_of(request, who, knowledge), request.GET.get("kind", "")
    level, after = whole(request.GET.get("level", "")), whole(request.GET.get("after", "")) or 0
    levels = [level] if level in set(map(int, Level)) else None
    span = span_of(who, place, knowledge)
    wanted = Wanted(span, _year(years, request), money.kinds_of(kind), levels, request.GET.get("code", "")[:64])
    found = spending.rows(wanted, after)
    context = {
        "name": money.name_of(kind),
        "year": wanted.year,
        "level_name": naming.LEVELS.get(level or 0, ""),
        "place": place,
        "place_name": naming.place_name(place, knowledge),
        "rows": [money.project(one, knowledge) for one in found[: spending.SIZE]],
        "next": after + spending.SIZE if len(found) > spending.SIZE else "",
        "synthetic": packs.about().get("synthetic", False),
    }
    return render(request, "desk/audit_spending.html", context)


@require_safe
@signed_in(Role.CHIEF)
def modules(request: HttpRequest) -> HttpResponse:
    """Every module of the hub, with who used it in the last month; `state` people, itself or unused narrows."""
    who, knowledge = viewer(request), gate.hub().tools.knowledge
    place, state = place_of(request, who, knowledge), request.GET.get("state", "")
    at, found = _used(facts_span(who, place, knowledge))
    every = words.rows(found, place)
    context = {
        **words.summary(found, place),
        "rows": [row for row in every if row["state"] == state] if state in words.STATES_OF_USE else every,
        "state": state,
        "levels": [naming.LEVELS[int(level)] for level in Level],
        "seen_only": words.SEEN_ONLY,
        "place": place,
        "place_name": naming.place_name(place, knowledge),
        "places": places(who, knowledge),
        "at": at,
        "age": naming.ago(at),
    }
    return render(request, "desk/audit_used.html", context)


@require_safe
@signed_in(Role.CHIEF)
def module(request: HttpRequest, code: str) -> HttpResponse:
    """Which units used one module, and what they did."""
    who, knowledge = viewer(request), gate.hub().tools.knowledge
    one = next((one for one in MODULES if one.code == code), None)
    if one is None:
        raise NotFound(f"there is no module {code} / 没有这个模块")
    place, (name, page) = place_of(request, who, knowledge), words.NAMES[code]
    found = usage.hands(facts_span(who, place, knowledge), timezone.now(), one)
    context = {
        "name": name,
        "page": page,
        "place": place,
        "place_name": naming.place_name(place, knowledge),
        "rows": [words.hand(row, knowledge) for row in found],
    }
    return render(request, "desk/audit_module.html", context)
