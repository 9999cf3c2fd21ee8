"""三级五级 the page of the three platforms and five levels: what each uses, what it did today, who checks there."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from zhongshu.data import levels as data
from zhongshu.data import lists
from zhongshu.kernel.access import Viewer
from zhongshu.kernel.convening import CALL, DIRECTIVE
from zhongshu.kernel.desk import Knowledge
from zhongshu.kernel.lifecycle import Role
from zhongshu.screen import convening, gate, levels, naming
from zhongshu.screen.frame import URLS
from zhongshu.screen.pages.account import signed_in, viewer
from zhongshu.screen.pages.desk import local_day
from zhongshu.screen.queries import whole

NAMES = {**naming.FACTS, **convening.FACTS}
Units = list[tuple[str, int, frozenset[str]]]


@require_safe
@signed_in(Role.ARBITER, Role.CHIEF)
def show(request: HttpRequest) -> HttpResponse:
    """Five levels within the viewer's place; `?level=` lists today's acts, with `duty=` or `both=1` its units."""
    who, knowledge = viewer(request), gate.hub().tools.knowledge
    level, duty = whole(request.GET.get("level", "")) or 0, request.GET.get("duty", "")
    units = data.units(who.span)
    context = {
        "name": naming.place_name(who.place, knowledge),
        "rows": _rows(data.counts(who.span, local_day()), units),
        "duties": [(code, name, levels.EXPLAINED[code]) for code, name in levels.DUTIES.items()],
        "opened": _opened(who, knowledge, level, duty, units),
    }
    return render(request, "desk/levels.html", context)


def _rows(acts: Mapping[int, int], units: Units) -> list[dict[str, Any]]:
    held = Counter((level, duty) for _code, level, duties in units for duty in duties)
    both = Counter(level for _code, level, duties in units if _mixed(duties))
    return [
        {
            "level": one.level,
            "name": one.name,
            "platform": one.platform,
            "does": one.does,
            "pages": one.pages,
            "acts": acts[one.level],
            "acts_url": f"{URLS['levels']}?level={one.level}#list",
            "units": [(held[one.level, duty], _units_url(one.level, duty)) for duty in levels.DUTIES],
            "both": both[one.level],
            "both_url": _units_url(one.level, "both"),
        }
        for one in levels.APPLICATIONS
    ]


def _mixed(duties: frozenset[str]) -> bool:
    """Checks, and rules or handles as well: what the pack's check forbids above the communities."""
    return "checks" in duties and len(duties) > 1


def _units_url(level: int, duty: str) -> str:
    return f"{URLS['levels']}?level={level}&duty={duty}#list"


def _opened(who: Viewer, knowledge: Knowledge, level: int, duty: str, units: Units) -> dict[str, Any] | None:
    """What stands behind the number that was opened: units of a duty, or the acts of a level."""
    name = next((one.name for one in levels.APPLICATIONS if one.level == level), None)
    if name is None:
        return None
    if duty == "both" or duty in levels.DUTIES:
        there = [(code, duties) for code, at, duties in units if at == level]
        found = [code for code, duties in there if (_mixed(duties) if duty == "both" else duty in duties)]
        called = [naming.unit_name(code, knowledge) for code in found]
        return {"name": name, "duty": levels.DUTIES.get(duty, ""), "units": called}
    return {"name": name, "acts": _acts(who, level, knowledge), "most": data.SHOWN}


def _acts(who: Viewer, level: int, knowledge: Knowledge) -> list[dict[str, Any]]:
    found = data.acts(who.span, local_day(), level)
    cases = {row["id"]: row for row in lists.rows(who, list({one["subject"] for one in found}))}
    return [
        {
            **one,
            "name": NAMES.get(one["kind"], one["kind"]),
            "by": naming.actor_name(one["actor"], one["unit"], knowledge),
            "title": cases[one["subject"]]["title"] if one["subject"] in cases else "",
            "url": _url(one, cases),
        }
        for one in found
    ]


def _url(one: Mapping[str, Any], cases: Mapping[int, Any]) -> str:
    """Where the matter of an act is shown; "" for those that have no page of their own."""
    if one["subject"] in cases:
        return f"{URLS['case']}{one['subject']}"
    for key, matter in (("calls", CALL), ("directives", DIRECTIVE)):
        if one["kind"] in matter.arrows:
            return f"{URLS[key]}/{one['subject']}"
    return ""
