"""自查 the page where chiefs look for the three tendencies in their own platform: numbers and lists, no verdicts."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from zhongshu.data import lists, spending, tendencies
from zhongshu.data.signs import measures
from zhongshu.data.signs.measures import Asked, Found, Object
from zhongshu.data.tendencies import TENDENCIES, Audit, Tendency
from zhongshu.kernel.access import Viewer
from zhongshu.kernel.desk import Knowledge
from zhongshu.kernel.errors import NotFound
from zhongshu.kernel.lifecycle import Role
from zhongshu.kernel.places import EVERYWHERE, Level
from zhongshu.screen import gate, naming
from zhongshu.screen import tendencies as words
from zhongshu.screen.frame import URLS
from zhongshu.screen.pages import audit_books as books
from zhongshu.screen.pages.account import signed_in, viewer
from zhongshu.screen.pages.signs import place_of, places
from zhongshu.screen.templatetags.screen import amount

SECONDS = 600
"""How old the numbers may be: nine statements over the whole city are not asked for each look."""


@require_safe
@signed_in(Role.CHIEF)
def show(request: HttpRequest) -> HttpResponse:
    """The measures of each tendency at one place, those below it beside each other, and what has no source."""
    who, knowledge = viewer(request), gate.hub().tools.knowledge
    place, audit = place_of(request, who, knowledge), _audit(knowledge)
    years = spending.years()
    rows = [_row(one, place, audit, knowledge) for one in TENDENCIES.values() if years or not one.money]
    span = books.span_of(who, place, knowledge)
    context = {
        "groups": [
            (name, about, [row for row in rows if row["of"] == of]) for of, (name, about) in words.NAMES.items()
        ],
        "missing": words.MISSING if years else (*words.NO_MONEY, *words.MISSING),
        "spent": books.spent(span, place, years, request),
        "used": books.used(books.facts_span(who, place, knowledge), place),
        "place": place,
        "place_name": naming.place_name(place, knowledge),
        "places": places(who, knowledge),
        "age": naming.ago(audit.at),
        "at": audit.at,
        "heads": [row for row in rows if not row["whole"]],
        "below": _below(place, audit, knowledge, bool(years)),
        "level_name": naming.LEVELS.get(int(knowledge.scheme.level(place)) + 1, ""),
    }
    return render(request, "desk/audit.html", context)


def _audit(knowledge: Knowledge) -> Audit:
    key = f"tendencies:{knowledge.versions.get('pack', '')}"
    kept: Audit | None = cache.get(key)
    if kept is None:
        kept = tendencies.take(_asked(knowledge))
        cache.set(key, kept, SECONDS)
    return kept


def _asked(knowledge: Knowledge) -> Asked:
    return Asked(timezone.now(), (), knowledge.scheme, knowledge.city)


def _row(one: Tendency, place: str, audit: Audit, knowledge: Knowledge) -> dict[str, Any]:
    code = one.measure.code
    said = words.WORDS[code]
    return {
        "code": code,
        "of": one.of,
        "name": said.name,
        "basis": said.basis,
        "whole": one.whole,
        "act": said.act,
        "act_url": said.page,
        **_cell(one, knowledge.city if one.whole else place, audit),
    }


def _cell(one: Tendency, place: str, audit: Audit) -> dict[str, Any]:
    """The number of one place with the address of its list; a share of nothing is no number, and has no list."""
    code = one.measure.code
    found: Found | None = audit.found[code].get(place)
    shown = found is not None and found.value is not None
    return {
        "value": f"{found.value:.1f}%" if found is not None and found.value is not None else "",
        "a": amount(found.a) if found is not None else "0",
        "b": amount(found.b) if found is not None else "0",
        "newest": found.newest if found is not None else None,
        "list_url": f"{URLS['audit']}/{code}?place={place}" if shown else "",
    }


def _below(place: str, audit: Audit, knowledge: Knowledge, money: bool) -> list[dict[str, Any]]:
    """The districts of the city or the streets of a district, in the order of their codes: nobody is ranked."""
    level, span = int(knowledge.scheme.level(place)), knowledge.scheme.span(place)
    told = [one for one in TENDENCIES.values() if not one.whole and (money or not one.money)]
    if level >= int(Level.STREET):
        return []
    return [
        {
            "name": naming.place_name(code, knowledge),
            "url": f"{URLS['audit']}?place={code}",
            "cells": [_cell(one, code, audit) for one in told],
        }
        for code in sorted(knowledge.names)
        if span.holds(code) and int(knowledge.scheme.level(code)) == level + 1
    ]


@require_safe
@signed_in(Role.CHIEF)
def listing(request: HttpRequest, code: str) -> HttpResponse:
    """What one number counted, at first what misses (`all=1`: the whole base); each opens its own page."""
    who, knowledge = viewer(request), gate.hub().tools.knowledge
    one = TENDENCIES.get(code)
    if one is None:
        raise NotFound(f"there is no measure {code} / 没有这项自查")
    place, every = place_of(request, who, knowledge), request.GET.get("all") == "1"
    span = EVERYWHERE if one.whole else books.span_of(who, place, knowledge)
    found = measures.objects(one.measure, _asked(knowledge), span, (not every, request.GET.get("after", "")[:80]))
    page, said = found[: measures.SIZE], words.WORDS[code]
    of_cases = one.measure.of == "case"
    context = {
        "name": said.name,
        "basis": said.basis,
        "act": said.act,
        "act_url": said.page,
        "kind_name": words.KINDS[one.measure.of][0],
        "place": place,
        "place_name": naming.place_name(knowledge.city if one.whole else place, knowledge),
        "every": every,
        "of_cases": of_cases,
        "cases": _cases(who, page, knowledge) if of_cases else [],
        "rows": [_object(row, one.measure.of, knowledge) for row in page],
        "next": page[-1].ref if len(found) > measures.SIZE else "",
    }
    return render(request, "desk/audit_list.html", context)


def _cases(who: Viewer, page: Sequence[Object], knowledge: Knowledge) -> list[dict[str, Any]]:
    return [naming.case_row(row, knowledge) for row in lists.rows(who, [int(one.ref) for one in page])]


def _object(one: Object, kind: str, knowledge: Knowledge) -> dict[str, Any]:
    _name, address = words.KINDS[kind]
    return {
        "ref": naming.unit_name(one.ref, knowledge) if kind == "unit" else one.ref,
        "url": address.format(ref=one.ref),
        "place_name": naming.place_name(one.place, knowledge),
        "a": amount(one.a),
        "b": amount(one.b),
        "at": one.at,
    }
