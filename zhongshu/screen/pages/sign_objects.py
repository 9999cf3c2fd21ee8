"""体征清单 the objects behind a sign's number, each with its page, and what can be done with them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from zhongshu.data import lists
from zhongshu.data.signs import measures
from zhongshu.data.signs.measures import Object
from zhongshu.hub import signs as hub_signs
from zhongshu.kernel.access import Viewer
from zhongshu.kernel.desk import Knowledge
from zhongshu.kernel.errors import NotFound
from zhongshu.kernel.facts import Kind
from zhongshu.kernel.places import Span
from zhongshu.screen import gate, naming, tabs
from zhongshu.screen import signs as shown
from zhongshu.screen.frame import URLS
from zhongshu.screen.pages.account import signed_in, viewer
from zhongshu.screen.pages.signs import place_of, sign_of
from zhongshu.screen.templatetags.screen import amount

PAGES: Mapping[str, tuple[Any, str]] = {
    "case": (_("案件"), "/cases/{ref}"),
    "issue": (_("热点"), "/issues/{ref}"),
    "call": (_("呼叫"), "/calls/{ref}"),
    "directive": (_("指令"), "/directives/{ref}"),
    "block": (_("社区"), "/data/blocks?under={ref}"),
    "sensor": (_("感知设备"), "/map?layer=sensors&q={ref}"),
    "component": (_("部件"), "/map?layer=components&q={ref}"),
    "hydrant": (_("消防栓"), "/data/catalogue/hydrants"),
    "permit": (_("施工许可"), "/data/catalogue/permits"),
    "form": (_("表单"), "/data/forms/{ref}"),
    "source": (_("数据源"), "/data/sources/{ref}"),
    "dataset": (_("数据资源"), "/data/catalogue/{ref}"),
    "weather": (_("气象预警"), ""),
}
"""What a ref names, and the page of one."""


@signed_in()
def listing(request: HttpRequest, code: str) -> HttpResponse:
    """One page of what was counted; of a share first those that miss it (`all=1` shows the base)."""
    who, knowledge = viewer(request), gate.hub().tools.knowledge
    sign = sign_of(code)
    if not sign.measure:
        raise NotFound(f"{code} has no source yet / 这项体征还没有数据源")
    measure = measures.MEASURES[sign.measure]
    place, every = place_of(request, who, knowledge), request.GET.get("all") == "1"
    asked = hub_signs.asked(sign, knowledge, timezone.now())
    span = _span(who, place, knowledge)
    after = request.GET.get("after", "")[:80]
    there = measures.there(measure)
    found = measures.objects(measure, asked, span, (not every, after)) if there else []
    page = found[: measures.SIZE]
    of_cases = measure.of == "case"
    context = {
        "sign": sign,
        "name": shown.name(sign),
        "url": f"{URLS['signs']}/{code}?place={place}",
        "place_name": naming.place_name(place, knowledge),
        "place": place,
        "kind_name": PAGES[measure.of][0],
        "every": every,
        "share": measure.together == "share",
        "cases": _cases(who, page, knowledge) if of_cases else (),
        "of_cases": of_cases,
        "rows": [_row(one, measure.of, knowledge) for one in page],
        "next": page[-1].ref if len(found) > measures.SIZE else "",
        "bulk_acts": [pair for pair in tabs.bulk_acts(who, {}) if pair[0] in (Kind.URGED, Kind.SUPERVISED)]
        if of_cases
        else (),
        "answer_limits": tabs.ANSWER_LIMITS,
        "bulk_url": URLS["cases"] + "/bulk",
    }
    return render(request, "desk/sign_objects.html", context)


def _span(who: Viewer, place: str, knowledge: Knowledge) -> Span:
    """The viewer's own range, narrowed to the place; the whole city keeps what has no place."""
    wanted = knowledge.scheme.span(place)
    if place == knowledge.city and who.place in ("", knowledge.city):
        return who.span
    return Span(max(who.span.lo, wanted.lo), min(who.span.hi, wanted.hi))


def _cases(who: Viewer, page: Sequence[Object], knowledge: Knowledge) -> list[dict[str, Any]]:
    ids = [int(one.ref) for one in page if one.ref.isdigit()]
    return [naming.case_row(row, knowledge) for row in lists.rows(who, ids)]


def _row(one: Object, kind: str, knowledge: Knowledge) -> dict[str, Any]:
    _name, address = PAGES[kind]
    return {
        "ref": naming.place_name(one.ref, knowledge) if kind == "block" else one.ref,
        "url": address.format(ref=one.ref),
        "place_name": naming.place_name(one.place, knowledge),
        "amount": amount(one.a),
        "at": one.at,
    }
