"""外勤 a grid officer's telephone: today's tasks, checking in, reporting in a few taps; it works without a network."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from itertools import chain
from typing import Any

from django.contrib.staticfiles import finders
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from zhongshu.data import attachments, casefile
from zhongshu.data import field as rows
from zhongshu.data.databases import ROAD
from zhongshu.data.elements import fills
from zhongshu.data.people import posts_of
from zhongshu.hub import field, helping
from zhongshu.hub.resources import forms
from zhongshu.hub.resources.filling import Whom
from zhongshu.kernel.access import Viewer
from zhongshu.kernel.clocks import CITY_TIME
from zhongshu.kernel.errors import BadInput, IllegalMove, NotFound
from zhongshu.kernel.facts import Kind
from zhongshu.kernel.lifecycle import Role, State
from zhongshu.kernel.places import Level
from zhongshu.screen import acts, collecting, gate, naming
from zhongshu.screen.api import answers
from zhongshu.screen.fields import Scene
from zhongshu.screen.frame import URLS
from zhongshu.screen.middleware import STATUS
from zhongshu.screen.pages import field_round
from zhongshu.screen.pages.account import signed_in, viewer
from zhongshu.screen.pages.resident import bounds, take_in
from zhongshu.screen.photos import clean
from zhongshu.screen.queries import whole
from zhongshu.screen.story import sentence

QUICK: Mapping[str, tuple[Kind, ...]] = {
    State.DISPATCHED: (Kind.SIGNED,),
    State.HANDLING: (Kind.HANDLED,),
    State.VERIFYING: (Kind.VERIFIED, Kind.NOT_FILED),
    State.CHECKING: (Kind.CHECK_PASSED, Kind.CHECK_FAILED),
}
"""What a telephone offers for a task in a state; the case page offers the rest, and the table of moves decides."""
SAYS: Mapping[Kind, str] = {
    Kind.HANDLED: "result",
    Kind.VERIFIED: "text",
    Kind.NOT_FILED: "reason",
    Kind.CHECK_FAILED: "reason",
}
"""The payload field that holds what the officer writes."""
PHRASES = 8
HELPS: Mapping[str, Any] = {
    "elder": gettext_lazy("老年人"),
    "disabled": gettext_lazy("残疾人"),
    "other": gettext_lazy("其他不便"),
}
"""Whom somebody reports for (hub.helping.WHY)."""


@require_safe
@signed_in(Role.HANDLER, Role.CHECKER)
def show(request: HttpRequest) -> HttpResponse:
    """外勤: what waits for this person in any of his posts, ordered by the clock that ends first."""
    who, hub = viewer(request), gate.hub()
    midnight = hub.clock().astimezone(CITY_TIME).replace(hour=0, minute=0, second=0, microsecond=0)
    tasks = _tasks(request, hub.clock())
    context = {
        "tasks": tasks,
        "phrases": _phrases(who, hub.clock()),
        "forms": _forms(who, midnight),
        "check_ins": [_check_in(one) for one in rows.check_ins(who, midnight)],
        "owner": request.user.pk,
        "bounds": bounds(who.place),
        "helps": list(HELPS.items()),
        "as_of": hub.clock(),
    }
    return render(request, "field/field.html", context)


def _phrases(who: Viewer, now: datetime) -> list[str]:
    """Words to begin a report with by one tap: what is usual here."""
    knowledge = gate.hub().tools.knowledge
    scheme = knowledge.scheme
    # Where little was reported yet the whole district's matters are the likelier ones.
    around = [scheme.span(scheme.at(who.place, Level.DISTRICT))] if who.level > Level.DISTRICT else []
    found = chain.from_iterable(rows.common(span, now, 5 * PHRASES) for span in (who.span, *around))
    # What an officer sees is an event or a component; what people ask for comes by other ways, where these are known.
    known = [code for code in found if code in knowledge.categories]
    known = [code for code in known if knowledge.categories[code].kind != "appeal"] or known
    return list(dict.fromkeys(naming.category_name(code, knowledge).rpartition(" / ")[2] for code in known))[:PHRASES]


def _beat(who: Viewer) -> str:
    """The officer's own place in words: where a report is that names no other."""
    knowledge = gate.hub().tools.knowledge
    levels = (level for level in (Level.DISTRICT, Level.STREET, Level.COMMUNITY) if level <= who.level)
    return "".join(naming.place_name(knowledge.scheme.at(who.place, level), knowledge) for level in levels)


def _tasks(request: HttpRequest, now: datetime) -> list[dict[str, Any]]:
    """Tasks of every post that this person holds, each once; a post without such a role has none."""
    found: dict[int, dict[str, Any]] = {}
    for held in posts_of(viewer(request).user):
        if held.viewer.roles & {Role.HANDLER, Role.CHECKER}:
            for row in rows.tasks(held.viewer, now):
                found.setdefault(row["id"], _task(row, held.viewer))
    return sorted(found.values(), key=lambda one: (one["due_at"] is None, one["due_at"] or one["opened_at"]))


def _task(row: Mapping[str, Any], who: Viewer) -> dict[str, Any]:
    clock = row["clock"] or {"due_at": row["due_at"], "overdue": row["overdue"], "name": "handle"}
    return {
        **naming.case_row(dict(row), gate.hub().tools.knowledge),
        "due_at": clock["due_at"],
        "overdue": clock["overdue"],
        "clock_name": naming.CLOCKS.get(clock["name"], clock["name"]),
        "post": who.post,
        "acts": [
            {"kind": kind.value, "label": naming.FACTS[kind], "says": SAYS.get(kind, ""), "photos": _shows(kind)}
            for kind in QUICK.get(row["state"], ())
        ],
    }


def _shows(kind: Kind) -> bool:
    return acts.takes_photos(kind)


def _forms(who: Viewer, midnight: datetime) -> list[dict[str, Any]]:
    """In how many forms the one about a subject goes, with how many were filled today."""
    seen, mine = forms.picture(gate.hub().clock()), fills.of_worker(who, midnight)
    asked = list(seen.book.asked(seen.day))
    return [
        {
            "subject": subject,
            "name": collecting.SUBJECTS[subject],
            "forms": [collecting.named(form) for form in asked if form.subject == subject],
            "today": sum(mine.get(form.code, 0) for form in asked if form.subject == subject),
            "url": f"{URLS['field']}/one/{subject}",
        }
        for subject in sorted({form.subject for form in asked} & {"person", "house", "organisation"})
    ]


def _check_in(one: Mapping[str, Any]) -> dict[str, Any]:
    knowledge = gate.hub().tools.knowledge
    return {**one, "place_name": naming.place_name(one["place"], knowledge)}


@require_POST
def send(request: HttpRequest) -> JsonResponse:
    """One thing out of a telephone's queue; sent twice it is taken in once. Says what became of it, never a page."""
    who = viewer(request)
    if not request.user.is_authenticated or not who.post:
        return JsonResponse({"state": "signin"}, status=401)
    taken = _SENT.get(request.POST.get("kind", ""))
    try:
        if taken is None:
            raise BadInput(f"kind: expected one of {', '.join(_SENT)} / 不认识的内容")
        return JsonResponse({"state": "done", **taken(request, who)})
    except (BadInput, IllegalMove, NotFound) as error:
        return JsonResponse({"state": "refused", "sentence": sentence(error)}, status=STATUS[type(error)])


def _report(request: HttpRequest, who: Viewer) -> dict[str, Any]:
    """巡查上报, or 代办: reported for somebody who can't well do it himself."""
    with transaction.atomic(using=ROAD):
        receipt = take_in(request, field.SOURCE, "grid", around=_beat(who))
        if request.POST.get("helped") and receipt.new:
            helping.helped(gate.hub(), who, receipt.report, request.POST["helped"])
    body = answers.answer(receipt, gate.hub().tools.knowledge)
    said = " · ".join(part for part in (body["category"]["name"], body["unit"]["name"]) if part)
    return {"number": body["number"], "sentence": said, "url": f"{URLS['case']}{body['case']}"}


def _check(request: HttpRequest, who: Viewer) -> dict[str, Any]:
    given = {name: request.POST.get(name, "") for name in ("lon", "lat", "accuracy", "at", "case")}
    field.check_in(gate.hub(), who, {**given, "key": request.POST.get("client_key", "")})
    return {"number": "", "sentence": _("已签到"), "url": ""}


def _act(request: HttpRequest, who: Viewer) -> dict[str, Any]:
    """A move on a task, in the post that the task is waiting for."""
    held = {one.post: one.viewer for one in posts_of(who.user)}
    actor = held.get(request.POST.get("post", ""), who)
    case, kind, hub = request.POST.get("case", ""), request.POST.get("move", ""), gate.hub()
    found = casefile.whole(actor, whole(case) or 0)
    if found is None:
        raise NotFound("there is no such case here / 没有这个案件，或不在您的范围内")
    payload = acts.payload(Scene(actor, found, hub.tools.knowledge), kind, request.POST)
    photos = clean(request.FILES.getlist("photos")) if acts.takes_photos(kind) else []
    ids = [hub.ids.take() for _photo in photos]
    with transaction.atomic(using=ROAD):
        attachments.store(ids, photos)
        told = {**payload, "photos": ids} if ids else payload
        if field.act_once(hub, actor, request.POST.get("client_key", ""), (int(case), kind, told)):
            attachments.tie(ids, int(case))
        else:
            attachments.drop(ids)
    return {"number": found["number"], "sentence": str(naming.FACTS.get(kind, kind)), "url": f"{URLS['case']}{case}"}


def _visit(request: HttpRequest, who: Viewer) -> dict[str, Any]:
    """走访: what was asked at a door without a network; sent twice it is filled once."""
    whom = Whom(request.POST.get("subject", ""), whole(request.POST.get("entity", "")) or 0)
    told = field_round.told(request)
    n = field.visit_once(gate.hub(), who, request.POST.get("client_key", ""), (whom, *told))
    said = _("一次走访，{n} 张表已填报").format(n=n) if n else _("这次走访已经收到过")
    return {"number": "", "sentence": said, "url": field_round.address(whom.subject)}


_SENT: Mapping[str, Callable[[HttpRequest, Viewer], dict[str, Any]]] = {
    "report": _report,
    "check-in": _check,
    "act": _act,
    "visit": _visit,
}


@require_safe
def worker(request: HttpRequest) -> HttpResponse:
    """The service worker. It lies here because a browser lets one answer only for addresses beside its own."""
    path = finders.find("built/fieldworker.js")
    if not path:
        raise Http404
    with open(path, "rb") as file:
        body = file.read()
    headers = {"Service-Worker-Allowed": URLS["field"], "Cache-Control": "no-cache"}
    return HttpResponse(body, content_type="text/javascript", headers=headers)
