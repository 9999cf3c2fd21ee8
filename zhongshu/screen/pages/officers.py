"""网格队伍 the roster of grid officers and the last metre: who walks where, and how soon somebody comes."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from zhongshu.data import lists, roster
from zhongshu.data.roster import Officer, Roster
from zhongshu.kernel.access import Viewer
from zhongshu.kernel.desk import Knowledge
from zhongshu.kernel.lifecycle import Role
from zhongshu.kernel.places import Level
from zhongshu.screen import gate, naming
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
CASES: Mapping[str, Any] = {
    "closed": gettext_lazy("近 30 天办结"),
    "community": gettext_lazy("社区办结"),
    "street": gettext_lazy("街镇办结"),
    "visited": gettext_lazy("有人到门"),
    "helped": gettext_lazy("代办"),
}


@require_safe
@signed_in(Role.CHIEF)
def show(request: HttpRequest) -> HttpResponse:
    """网格员队伍 and 最后一米 of the viewer's place, or of a division in it."""
    knowledge, hub = gate.hub().tools.knowledge, gate.hub()
    who = _within(viewer(request), request.GET.get("place", ""), knowledge)
    now = hub.clock()
    # A whole city's month of cases is too much to look through for one page: there each district has its own.
    found = roster.read(who.span, now, loads=who.level is not Level.CITY)
    metre = roster.last_metre(who.span, now)
    helped = roster.helped(who.span, now)
    chosen = request.GET.get("show", "")
    context = {
        "place": who.place,
        "name": naming.place_name(who.place, knowledge),
        "numbers": _numbers(found),
        "metre": _metre(metre, sum(helped.values())),
        "loads": who.level is not Level.CITY,
        "below": _below(who, knowledge),
        "chosen": LISTS[chosen][0] if chosen in LISTS else CASES.get(chosen) or _("没有人走的网格"),
        "officers": [_row(one, knowledge) for one in _listed(found, chosen)],
        "uncovered": found.uncovered[: roster.AT_MOST] if chosen == "uncovered" else [],
        "cases": _cases(viewer(request), who, chosen, knowledge),
        "show": chosen,
        "url": f"{URLS['officers']}?place={who.place}",
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


def _metre(found: roster.LastMetre, helped: int) -> list[dict[str, Any]]:
    door = _("中位 {t}").format(t=_span(found.door_minutes)) if found.visited else _("没有到场签到")
    contact = _("首次联系中位 {t}，{n} 件").format(t=_span(found.contact_minutes), n=found.contacted)
    under = {
        "closed": contact,
        "community": share(found.share(found.at_community)),
        "street": share(found.share(found.at_street)),
        "visited": door,
        "helped": _("为不便的人上报"),
    }
    counts = (found.closed, found.at_community, found.at_street, found.visited, helped)
    return [
        {"code": code, "label": label, "n": n, "under": under[code]}
        for (code, label), n in zip(CASES.items(), counts, strict=True)
    ]


def _span(minutes: float | None) -> str:
    if minutes is None:
        return "—"
    return _("{n} 分钟").format(n=round(minutes)) if minutes < 120 else _("{n} 小时").format(n=f"{minutes / 60:.1f}")


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
        "started": one.started,
        "ended": one.ended,
        "substitute": one.substitute,
    }


def _cases(viewer: Viewer, who: Viewer, chosen: str, knowledge: Knowledge) -> list[dict[str, Any]]:
    now = gate.hub().clock()
    asked: dict[str, Callable[[], list[int]]] = {
        "closed": lambda: roster.ended(who, now),
        "community": lambda: roster.ended(who, now, int(Level.COMMUNITY)),
        "street": lambda: roster.ended(who, now, int(Level.STREET)),
        "visited": lambda: roster.ended(who, now, visited=True),
        "helped": lambda: roster.helped_cases(who.span, now),
    }
    found = lists.rows(viewer, asked[chosen]()) if chosen in asked else []
    return [naming.case_row(row, knowledge) for row in found]
