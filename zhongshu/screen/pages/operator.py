"""受理台 the operator's desk: write down what a caller says, with the system's suggestion beside it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from zhongshu.data import casefile, lists, telephone
from zhongshu.hub.alike import alike
from zhongshu.hub.suggest import Suggestion, strange, suggest, unknown
from zhongshu.kernel.access import Viewer
from zhongshu.kernel.desk import Knowledge
from zhongshu.kernel.errors import BadInput
from zhongshu.kernel.lifecycle import Role
from zhongshu.screen import gate, grounds, joining, naming, places
from zhongshu.screen.frame import URLS
from zhongshu.screen.pages.account import signed_in, viewer
from zhongshu.screen.pages.case import past_cases
from zhongshu.screen.pages.resident import bounds, case_of, errors_of, take_in
from zhongshu.screen.queries import whole

CHANNELS = ("phone", "letter", "media", "patrol", "superior", "web")
SUGGEST_URL = URLS["operator"] + "/suggest"
RINGING_URL = URLS["operator"] + "/ringing"


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in(Role.OPERATOR)
def operator(request: HttpRequest) -> HttpResponse:
    """受理登记; after a good one the desk is empty again and says the number of the last."""
    errors: dict[str, str] = {}
    if request.method == "POST":
        channel = request.POST.get("channel", "")
        try:
            receipt = take_in(request, "operator", channel if channel in CHANNELS else "phone", _joined(request))
        except BadInput as error:
            errors = errors_of(error)
        else:
            telephone.settle(viewer(request), whole(request.POST.get("call", "")) or 0, receipt.report)
            return redirect(f"{URLS['operator']}?recorded={_recorded_case(receipt.report, case_of(receipt))}")
    context = {
        "values": request.POST or {"channel": "phone"},
        "errors": errors,
        "channels": [(code, naming.CHANNELS[code]) for code in CHANNELS],
        "suggest_url": SUGGEST_URL,
        "ringing_url": RINGING_URL,
        "bounds": bounds(viewer(request).place),
        # A form that came back with errors still stands at the address of the report before it.
        "recorded": None if errors else _recorded(viewer(request), request.GET.get("recorded", "")),
    }
    return render(request, "desk/operator.html", context, status=422 if errors else 200)


def _joined(request: HttpRequest) -> int | None:
    """The case that the caller named, if this post may see it."""
    case = joining.case_of(request.POST.get("join", ""))
    return case if case and lists.rows(viewer(request), [case]) else None


def _recorded_case(report: int, case: int | None) -> int | str:
    """A form sent twice answers with the case of the first time."""
    found = None if case else casefile.tracked(report)
    return case or (found["case"]["id"] if found and found["case"] else "")


def _recorded(who: Viewer, case: str) -> dict[str, Any] | None:
    found = lists.rows(who, [whole(case) or 0])
    return naming.case_row(found[0], gate.hub().tools.knowledge) if found else None


@signed_in(Role.OPERATOR)
def ringing(request: HttpRequest) -> HttpResponse:
    """Which call this desk has on the line, asked every few seconds: one number, 0 without a call."""
    return JsonResponse({"call": telephone.ringing(viewer(request).user)}, headers={"Cache-Control": "no-store"})


@signed_in(Role.OPERATOR)
def incoming(request: HttpRequest, call: int) -> HttpResponse:
    """来电弹屏: who calls, how often, in which language, and this caller's cases; what is read is logged."""
    who, knowledge = viewer(request), gate.hub().tools.knowledge
    found = telephone.call(who, call)
    if found is None:
        raise Http404
    before = (
        telephone.before(who, found["caller"], _("来电弹屏（{call}）").format(call=call)) if found["caller"] else []
    )
    rows = lists.rows(who, list(dict.fromkeys(one["case"] for one in before)))
    shown = [{**naming.case_row(row, knowledge), "token": joining.token(row["id"])} for row in rows]
    context = {
        "call": found,
        "language_name": naming.LANGUAGES.get(found["language"].lower(), found["language"]),
        "name": next((one["name"] for one in before if one["name"]), ""),
        "times": telephone.times(found["caller"]) if found["caller"] else 0,
        "open": [row for row in shown if row["closed_at"] is None],
        "past": [row for row in shown if row["closed_at"] is not None],
    }
    response = render(request, "parts/ringing.html", context)
    response["Cache-Control"] = "no-store"
    return response


@signed_in(Role.OPERATOR)
def suggestion(request: HttpRequest) -> HttpResponse:
    """系统建议, asked while the operator writes; nothing is kept."""
    raw = {name: request.GET.get(name, "") for name in ("text", "address", "lon", "lat")}
    try:
        found = suggest(gate.hub(), {**raw, "channel": "phone"})
    except BadInput:
        return HttpResponse(status=204)
    knowledge = gate.hub().tools.knowledge
    chosen = request.GET.get("join", "")
    duplicates = joining.to_posts(alike(gate.hub(), {**raw, "channel": "phone"}), viewer(request), knowledge, chosen)
    shown = {**_shown(found, viewer(request), knowledge), "duplicates": duplicates}
    shown["strange"] = strange(gate.hub(), raw["text"], found.place)
    shown["doubted"] = not raw["lon"] and unknown(gate.hub(), raw["address"])
    shown["chosen"] = request.GET.get(places.CHOSEN, "")
    return render(request, "desk/suggest.html", shown)


def _shown(found: Suggestion, who: Viewer, knowledge: Knowledge) -> dict[str, Any]:
    judged = found.judged
    listed = places.listed(judged.get("places", ()), knowledge)
    return {
        "places": listed,
        "elements": [places.elements(address) for address in found.addresses[: places.ASKED]],
        "choices": places.choices(listed) if found.asks else [],
        "located": places.LOCATED.get(judged.get("located_by", ""), ""),
        "category_name": naming.category_name(judged.get("category", ""), knowledge),
        "confidence": judged.get("confidence"),
        "reasons": grounds.reasons(judged.get("reasons", ())),
        "others": [(naming.category_name(code, knowledge), share) for code, share in judged.get("others", ())],
        "abstained": found.abstained,
        "urgency": judged.get("urgency", 0),
        "special": judged.get("special", False),
        "place_name": naming.place_name(found.place, knowledge),
        "unit_name": naming.unit_name(found.decided.get("host", ""), knowledge),
        "basis": found.decided.get("basis", ""),
        "clocks": [
            {
                "name": naming.CLOCKS.get(clock["name"], clock["name"]),
                "limit_text": naming.limit_text(clock["minutes"], clock["calendar"]),
                "due_at": datetime.fromisoformat(clock["due_at"]),
            }
            for clock in found.dispatched.get("clocks", ())
        ],
        "past": past_cases(who, judged, knowledge) if judged else [],
    }
