"""网格队伍 the roster of grid officers and the last metre: who walks where, and how soon somebody comes."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from zhongshu.data import last_metre, lists, roster
from zhongshu.data.roster import Officer, Roster
from zhongshu.kernel.access import Viewer
from zhongshu.kernel.desk import Knowledge
from zhongshu.kernel.lifecycle import Role
from zhongshu.kernel.places import Level
from zhongshu.screen import gate, naming
from zhongshu.screen import last_metre as metres
from zhongshu.screen.frame import URLS
from zhongshu.screen.pages.account import signed_in, viewer
from zhongshu.screen.templatetags.screen import listed, share

KINDS: Mapping[str, Any] = {"full": gettext_lazy("专职"), "part": gettext_lazy("兼职")}
LISTS: Mapping[str, tuple[Any, Callable[[Roster], list[Officer]]]] = {
    "serving": (gettext_lazy("在岗"), lambda found: list(found.serving)),
    "full": (gettext_lazy("专职"), lambda found: found.full),
    "part": (gettext_lazy("兼职"), lambda found: found.part),
    "alone": (gettext_lazy("没有替班人"), lambda found: found.alone),
    "left": (gettext_lazy("一年内离岗"), lambda found: list(found.left)),
    "heavy": (gettext_lazy("负担明显重"), lambda found: found.heavy),
}
"""Each number with the officers behind it."""


@require_safe
@signed_in(Role.CHIEF)
def show(request: HttpRequest) -> HttpResponse:
    """网格员队伍 and 最后一米 of the viewer's place, or of a division in it."""
    knowledge, hub = gate.hub().tools.knowledge, gate.hub()
    who = _within(viewer(request), request.GET.get("place", ""), knowledge)
    now = hub.clock()
    # A whole city's month of cases is too much to look through for one page: there each district has its own.
    found = roster.read(who.span, now, loads=who.level is not Level.CITY)
    windows = last_metre.windows(now)
    metre = last_metre.measured(who.span, windows[last_metre.NOW])
    chosen, when = request.GET.get("show", ""), request.GET.get("when", "")
    when = when if when in windows else last_metre.NOW
    wide = who.level is Level.CITY and request.GET.get("past") != "1"
    context = {
        "place": who.place,
        "name": naming.place_name(who.place, knowledge),
        "numbers": _numbers(found),
        "metre": metres.numbers(metre),
        "past": None if wide else metres.compared(who.span, metre, windows),
        "loads": who.level is not Level.CITY,
        "below": _below(who, knowledge),
        "chosen": _chosen(chosen, when),
        "officers": [_row(one, knowledge) for one in _listed(found, chosen)],
        "uncovered": found.uncovered[: roster.AT_MOST] if chosen == "uncovered" else [],
        "cases": _cases(viewer(request), who, (chosen, windows[when]), knowledge),
        "show": chosen,
        "when": when,
        "url": f"{URLS['officers']}?place={who.place}{'' if wide or who.level is not Level.CITY else '&past=1'}",
        "heavy": roster.HEAVY,
    }
    return render(request, "field/officers.html", context)


def _within(who: Viewer, place: str, knowledge: Knowledge) -> Viewer:
    """The viewer, looking at a division of his own place."""
    if place not in knowledge.names or not who.span.holds(place):
        place = who.place or knowledge.city
    level = knowledge.scheme.level(place)
    span = who.span if place == who.place or level is Level.CITY else knowledge.scheme.span(place)
    return Viewer(who.post, who.name, who.unit, level, place, span, who.roles, who.user, who.rota)


def _numbers(found: Roster) -> list[dict[str, Any]]:
    serving, grids = len(found.serving), len(found.grids)
    under = {
        "full": share(len(found.full) / serving if serving else None),
        "part": share(len(found.part) / serving if serving else None),
        "left": _("每 1 名在岗 {x}").format(x="—" if found.turnover is None else f"{found.turnover:.2f}"),
    }
    rows = [
        {"code": code, "label": label, "n": len(pick(found)), "under": under.get(code, "")}
        for code, (label, pick) in LISTS.items()
    ]
    bare = len(found.uncovered)
    rest = _("{n} 个网格中").format(n=grids)
    return [*rows, {"code": "uncovered", "label": _("没有人走的网格"), "n": bare, "under": rest}]


def _below(who: Viewer, knowledge: Knowledge) -> list[dict[str, str]]:
    level = int(knowledge.scheme.level(who.place))
    if level >= int(Level.STREET):
        return []
    return [
        {"name": naming.place_name(code, knowledge), "url": f"{URLS['officers']}?place={code}"}
        for code in sorted(knowledge.names)
        if who.span.holds(code) and int(knowledge.scheme.level(code)) == level + 1
    ]


def _listed(found: Roster, chosen: str) -> list[Officer]:
    if chosen in LISTS:
        return LISTS[chosen][1](found)[: roster.AT_MOST]
    return [] if chosen else sorted(found.serving, key=lambda one: -one.lately)[:50]


def _row(one: Officer, knowledge: Knowledge) -> dict[str, Any]:
    return {
        "name": one.name,
        "place_name": naming.place_name(one.place, knowledge),
        "kind_name": KINDS[one.kind],
        "duties": one.duties,
        "grids": listed(one.grids),
        "n_grids": len(one.grids),
        "households": one.households,
        "open": one.open,
        "lately": one.lately,
        "own": one.own,
        "training": f"/data/training?unit={one.unit}#people",
        "started": one.started,
        "ended": one.ended,
        "substitute": one.substitute,
    }


def _chosen(chosen: str, when: str) -> str:
    if chosen in LISTS:
        return str(LISTS[chosen][0])
    name = metres.CASES.get(chosen)
    if name is None:
        return _("没有人走的网格")
    return str(name) if when == last_metre.NOW else f"{metres.NAMES[chosen]} · {metres.WHENS[when]}"


def _cases(
    viewer: Viewer, who: Viewer, asked: tuple[str, last_metre.Window], knowledge: Knowledge
) -> list[dict[str, Any]]:
    chosen, window = asked
    found = lists.rows(viewer, last_metre.cases(who, window, chosen)) if chosen in metres.CASES else []
    return [naming.case_row(row, knowledge) for row in found]
