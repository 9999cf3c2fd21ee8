"""答复质量 how replies score: while one is written, and the list of those that were sent, by unit and flag."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from zhongshu.data import replies as data
from zhongshu.hub.forms import TEXT
from zhongshu.hub.sense.normalise import clean
from zhongshu.kernel.lifecycle import Role
from zhongshu.screen import gate, naming, periods, replies
from zhongshu.screen.frame import URLS
from zhongshu.screen.pages import evaluation
from zhongshu.screen.pages.account import signed_in, viewer
from zhongshu.screen.pages.case import scene_of
from zhongshu.screen.periods import Scope
from zhongshu.screen.queries import whole

ANY, HELD = "any", "held"
TALLIES = 10
"""Units in sight, the largest share of held ones first; the others are folded."""
_WIDE: dict[str, Any] = {
    ANY: gettext_lazy("有提示的"),
    HELD: gettext_lazy("提示后仍发送的"),
    "": gettext_lazy("全部答复"),
}


@require_POST
@signed_in(Role.HANDLER)
def advise(request: HttpRequest, case: int) -> HttpResponse:
    """边写边评: the score of what has been written so far; nothing is kept."""
    text = clean(request.POST.get("result"), TEXT)
    found = replies.advice(scene_of(request, case), text) if text else None
    if found is None:
        return HttpResponse(status=204)
    despite = clean(request.POST.get("despite"), TEXT)
    return render(request, "parts/reply_advice.html", {"found": found, "despite": despite})


@signed_in()
def listing(request: HttpRequest) -> HttpResponse:
    """答复质量: counts by unit and flag, each opening its replies, newest first."""
    who, knowledge = viewer(request), gate.hub().tools.knowledge
    scope = periods.read(request.GET, knowledge)
    flags = gate.hub().tools.rubric.flags
    flag = request.GET.get("flag", ANY)
    unit = request.GET.get("unit", "")
    sent = data.Sent(
        scope.asked.start,
        scope.asked.end,
        unit if unit in knowledge.units else "",
        flag if flag in {*_WIDE, *flags} else ANY,
    )
    rows, after = data.page(who, sent, whole(request.GET.get("cursor", "")))
    parts = data.tallies(who, sent.start, sent.end)
    tallies = [_tally(one, scope, list(flags)) for one in ([data.together(parts)] if parts else []) + parts]
    context = {
        **evaluation.context_of(request, scope, "replies"),
        "heads": [replies.flag_name(code) for code in flags],
        "tallies": tallies[:TALLIES],
        "tallies_folded": tallies[TALLIES:],
        "flags": [*_WIDE.items(), *((code, replies.flag_name(code)) for code in flags)],
        "units": [(one.unit, naming.unit_name(one.unit, knowledge)) for one in parts],
        "flag": sent.flag,
        "unit": sent.unit,
        "rows": [_row(one) for one in rows],
        "next_cursor": after or "",
        "contents": [("tallies", _("各单位答复"), len(parts)), ("listed", _("答复清单"), 0)],
    }
    return render(request, "desk/replies.html", context)


def _tally(one: data.Tally, scope: Scope, flags: list[str]) -> dict[str, Any]:
    knowledge = gate.hub().tools.knowledge

    def link(flag: str) -> str:
        asked = {**scope.fields, "flag": flag, **({"unit": one.unit} if one.unit else {})}
        return f"{URLS['replies']}?{urlencode(asked)}"

    return {
        "name": naming.unit_name(one.unit, knowledge) if one.unit else _("合计"),
        "sent": (one.sent, link("")),
        "flags": [(one.flags.get(code, 0), link(code)) for code in flags],
        "held": (one.held, link(HELD)),
        "share": one.held / one.sent if one.sent else None,
        "mean": one.mean,
    }


def _row(one: dict[str, Any]) -> dict[str, Any]:
    knowledge = gate.hub().tools.knowledge
    return {
        **one,
        "category_name": naming.category_name(one["category"], knowledge),
        "unit_name": naming.unit_name(one["unit"], knowledge),
        "place_name": naming.place_name(one["place"], knowledge),
        "flag_name": replies.flag_name(one["flag"]),
        "state_name": naming.STATES.get(one["state"], one["state"]),
    }
