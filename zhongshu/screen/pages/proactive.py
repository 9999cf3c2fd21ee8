"""无呼也应 the page of what the city found before anybody called: share, hits and lead, each count with its list."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from zhongshu.data import lists, proactive
from zhongshu.kernel import clocks
from zhongshu.kernel.desk import Knowledge
from zhongshu.screen import gate, naming
from zhongshu.screen.frame import URLS
from zhongshu.screen.pages.account import signed_in, viewer
from zhongshu.screen.periods import read_day
from zhongshu.screen.templatetags.screen import span

COUNTS: dict[str, Any] = {
    "warned": gettext_lazy("预警成案"),
    "right": gettext_lazy("属实"),
    "wrong": gettext_lazy("不实"),
    "open": gettext_lazy("未定"),
    "led": gettext_lazy("先于投诉"),
    "late": gettext_lazy("投诉在先"),
    "quiet": gettext_lazy("始终无人投诉"),
}


DAYS = 30
"""Days that are shown unless somebody asks for others."""


@signed_in()
def foresight(request: HttpRequest) -> HttpResponse:
    """The figures of a period, by class; `?list=` opens the cases behind one count."""
    today = timezone.localdate()
    first = read_day(request.GET.get("from", ""), today - timedelta(days=DAYS - 1))
    last = max(first, read_day(request.GET.get("to", ""), today))
    who, knowledge = viewer(request), gate.hub().tools.knowledge
    period = (*clocks.period(first, last), timezone.now())
    found = proactive.foresight(who, *period)
    which, category = request.GET.get("list", ""), request.GET.get("category", "")[:32]
    opened = proactive.ids(who, period, which, category) if which in COUNTS else None
    base = f"{URLS['proactive']}?from={first:%Y-%m-%d}&to={last:%Y-%m-%d}"
    context = {
        "first": first,
        "last": last,
        "cases": found.cases,
        "share": found.share,
        "heads": list(COUNTS.values()),
        "rows": [_row(one, base, knowledge) for one in (found.whole, *found.classes)],
        "list_name": COUNTS.get(which, ""),
        "listed": None if opened is None else [naming.case_row(row, knowledge) for row in lists.rows(who, opened)],
        "window": proactive.WINDOW.days,
    }
    return render(request, "desk/proactive.html", context)


def _row(one: proactive.Ahead, base: str, knowledge: Knowledge) -> dict[str, Any]:
    more = f"&category={one.category}" if one.category else ""
    return {
        "name": naming.category_name(one.category, knowledge) if one.category else _("合计"),
        "counts": [(n, f"{base}{more}&list={which}") for which, n in one.counts.items()],
        "hits": one.hits,
        "lead": "" if one.lead is None else span(timedelta(minutes=one.lead)),
    }
