"""权责 the page of who may do what: the authority matrix, duties per power of each street, precedents in force."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from zhongshu.data import lists, precedents
from zhongshu.data import powers as data
from zhongshu.hub.sense.normalise import clean as clean_text
from zhongshu.kernel.access import Viewer
from zhongshu.kernel.desk import FALLBACK, Knowledge
from zhongshu.kernel.errors import BadInput, IllegalMove, NotFound
from zhongshu.kernel.facts import Kind
from zhongshu.kernel.lifecycle import Role
from zhongshu.kernel.places import Level
from zhongshu.screen import gate, naming
from zhongshu.screen.frame import URLS
from zhongshu.screen.middleware import STATUS
from zhongshu.screen.pages.account import signed_in, viewer
from zhongshu.screen.story import sentence

POWERS: Mapping[str, Any] = {
    "exercise": gettext_lazy("行使"),
    "convene": gettext_lazy("召集"),
    "evaluate": gettext_lazy("评价"),
    "veto": gettext_lazy("否决"),
}
USES: Mapping[str, tuple[Any, str, Any]] = {
    "exercise": (
        gettext_lazy("责任清单把这类事派给本级单位，在工作台签收、办理"),
        URLS["cases"],
        gettext_lazy("工作台"),
    ),
    "convene": (
        gettext_lazy("发起呼叫，点名要来的单位，限时响应、到场"),
        f"{URLS['calls']}/new",
        gettext_lazy("发起呼叫"),
    ),
    "evaluate": (gettext_lazy("放行之后给每个应方评分，分数计入各单位应呼情况"), URLS["calls"], gettext_lazy("呼应")),
    "veto": (
        gettext_lazy("呼方不放行，应方就不能撤；延期、挂账、作废等申请写明理由不准"),
        f"{URLS['cases']}?queue=asked",
        gettext_lazy("待我审批"),
    ),
}
"""Where each power is used: what is done there, the page, and what the page is called."""
COUNTS: Mapping[str, Any] = {
    "listed": gettext_lazy("清单责任"),
    "sent": gettext_lazy("清单外派来的类别"),
    "cases": gettext_lazy("派来的案件"),
    **POWERS,
}
ALL: Mapping[str, Any] = {
    FALLBACK: gettext_lazy("全部事项"),
    f"{FALLBACK}/appeal": gettext_lazy("全部诉求"),
    f"{FALLBACK}/event": gettext_lazy("全部事件"),
    f"{FALLBACK}/component": gettext_lazy("全部部件"),
}
TABS: Mapping[str, Any] = {
    "matrix": gettext_lazy("权力清单"),
    "burdens": gettext_lazy("权小责大"),
    "precedents": gettext_lazy("裁定先例"),
}


@signed_in(Role.ARBITER, Role.CHIEF)
def show(request: HttpRequest) -> HttpResponse:
    """One of the three tabs."""
    return _page(request, request.GET.get("tab", "matrix"))


def _page(request: HttpRequest, tab: str, refused: BadInput | IllegalMove | None = None) -> HttpResponse:
    tab = tab if tab in TABS else "matrix"
    who, knowledge = viewer(request), gate.hub().tools.knowledge
    context = {
        "tab": tab,
        "tabs": [
            {"label": label, "url": f"{URLS['powers']}?tab={key}", "here": key == tab} for key, label in TABS.items()
        ],
        "errors": {"": sentence(refused)} if refused else {},
        **_MAKES[tab](request, who, knowledge),
    }
    return render(request, "desk/powers.html", context, status=STATUS[type(refused)] if refused else 200)


def _matrix(request: HttpRequest, who: Viewer, knowledge: Knowledge) -> dict[str, Any]:
    """A row for each item, level and place, its ground under each power that is given."""
    q = request.GET.get("q", "").strip()[:64]
    wanted = _wanted(q, knowledge) if q else None
    found: dict[tuple[str, int, str], dict[str, str]] = {}
    for row in data.matrix():
        if (wanted is None or row["item"] in wanted) and _concerns(who, row["place"], knowledge):
            found.setdefault((row["item"], row["level"], row["place"]), {})[row["power"]] = row["basis"]
    rows = [
        {
            "item": item,
            "name": ALL.get(item) or naming.category_name(item, knowledge),
            "level_name": naming.LEVELS[level],
            "place_name": naming.place_name(place, knowledge) if place else "",
            "cells": [given.get(power, "") for power in POWERS],
        }
        for (item, level, place), given in found.items()
    ]
    uses = [(POWERS[power], *USES[power]) for power in POWERS]
    return {"q": q, "heads": list(POWERS.values()), "rows": rows, "uses": uses}


def _concerns(who: Viewer, place: str, knowledge: Knowledge) -> bool:
    """A power held everywhere, in the viewer's area, or in an area that the viewer's lies in."""
    return not place or who.span.holds(place) or bool(who.place and knowledge.scheme.span(place).holds(who.place))


def _wanted(q: str, knowledge: Knowledge) -> set[str]:
    """Items that a search means: the classes found by name or code, those above them, and what is said of all."""
    found: set[str] = set()
    for code, category in knowledge.categories.items():
        if q.lower() in f"{code} {category.name} {category.name_en}".lower():
            found |= {FALLBACK, f"{FALLBACK}/{category.kind}"}
            above = code
            while above and above not in found:
                found.add(above)
                above = knowledge.categories[above].parent if above in knowledge.categories else ""
    return found


def _burdens(request: HttpRequest, who: Viewer, knowledge: Knowledge) -> dict[str, Any]:
    """Streets of the viewer's area, the heaviest first; `?street=&list=` opens the classes behind one count."""
    streets = [
        code
        for code in sorted(knowledge.names)
        if knowledge.scheme.level(code) is Level.STREET and who.span.holds(code)
    ]
    rows = [_burden(one) for one in data.burdens(streets, knowledge=knowledge)] if streets else []
    street, what = request.GET.get("street", ""), request.GET.get("list", "")
    asked = street in streets and what in COUNTS
    opened = _opened(who, knowledge, (street, what), request.GET.get("category", "")) if asked else None
    return {"days": data.DAYS, "heads": list(COUNTS.values()), "rows": rows, "opened": opened}


def _burden(one: data.Burden) -> dict[str, Any]:
    counts = {"listed": one.listed, "sent": one.sent, "cases": one.cases, **{p: one.powers.get(p, 0) for p in POWERS}}
    return {
        "code": one.street,
        "name": one.name,
        "index": one.index,
        "duties": one.duties,
        "granted": one.granted,
        "counts": [(n, _address(one.street, what) if n else "") for what, n in counts.items()],
    }


def _address(street: str, what: str, category: str = "") -> str:
    asked = {"tab": "burdens", "street": street, "list": what} | ({"category": category} if category else {})
    return f"{URLS['powers']}?{urlencode(asked)}#opened"


def _opened(who: Viewer, knowledge: Knowledge, count: tuple[str, str], category: str) -> dict[str, Any]:
    """The classes behind one count; of one of them the cases that this viewer may see."""
    street, what = count
    classes = data.behind(street, what, knowledge=knowledge)
    ids = data.dispatched(street, category, knowledge=knowledge) if category in dict(classes) else None
    return {
        "title": f"{naming.place_name(street, knowledge)} · {COUNTS[what]}",
        "classes": [
            {
                "name": naming.category_name(code, knowledge),
                "count": n,
                "url": _address(street, what, code) if n else "",
            }
            for code, n in classes
        ],
        "cases": None if ids is None else [naming.case_row(row, knowledge) for row in lists.rows(who, ids)],
    }


def _precedents(request: HttpRequest, who: Viewer, knowledge: Knowledge) -> dict[str, Any]:
    rows = [
        {
            **one,
            "category_name": naming.category_name(one["category"], knowledge),
            "place_name": naming.place_name(one["place"], knowledge),
            "host_name": naming.unit_name(one["host"], knowledge),
        }
        for one in precedents.listed(who)
    ]
    return {"rows": rows, "may_withdraw": bool({Role.ARBITER, Role.CHIEF} & who.roles)}


_MAKES = {"matrix": _matrix, "burdens": _burdens, "precedents": _precedents}


@require_POST
@signed_in(Role.ARBITER, Role.CHIEF)
def withdraw(request: HttpRequest, ruling: int) -> HttpResponse:
    """撤销先例: it decides nothing any more from now on; what was decided by it stays."""
    who = viewer(request)
    found = next((one for one in precedents.listed(who) if one["id"] == ruling), None)
    if found is None:
        raise NotFound(f"there is no precedent {ruling} in force here / 没有这个有效先例")
    given = {"precedent": ruling, "reason": clean_text(request.POST.get("reason"), 500)}
    try:
        gate.hub().act(who, found["case"], Kind.PRECEDENT_WITHDRAWN, given)
    except (BadInput, IllegalMove) as error:
        return _page(request, "precedents", error)
    messages.success(request, _("先例已撤销。"))
    return redirect(f"{URLS['powers']}?tab=precedents")
