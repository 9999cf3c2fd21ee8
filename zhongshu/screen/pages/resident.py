"""市民 residents: report without an account, follow it by a link, rate it, have it opened again."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from urllib.parse import unquote

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from zhongshu.data import attachments, casefile, maps
from zhongshu.data.databases import ROAD
from zhongshu.hub.alike import early, join, joined_to
from zhongshu.hub.hub import Receipt
from zhongshu.hub.sense.normalise import normalise
from zhongshu.hub.suggest import whereabouts
from zhongshu.kernel.access import Viewer
from zhongshu.kernel.desk import title_of
from zhongshu.kernel.errors import BadInput, IllegalMove, NotFound
from zhongshu.kernel.facts import RESIDENT, Kind
from zhongshu.kernel.lifecycle import Role, State
from zhongshu.kernel.places import EVERYWHERE
from zhongshu.screen import gate, joining, naming, places
from zhongshu.screen.api import answers
from zhongshu.screen.pages.joining import near_case
from zhongshu.screen.photos import Photo, clean
from zhongshu.screen.sounds import spoken
from zhongshu.screen.tracking import track_token, track_url, untrack

HIMSELF = Viewer(post=RESIDENT, span=EVERYWHERE, roles=frozenset({Role.OPERATOR}))
"""A reporter speaking for himself, on the one case that his link opens: he needs nobody to write it down for him."""

FIELDS = ("text", "address", "lon", "lat", "name", "phone", "client_key", "channel", "shown")
BORN = (Kind.JUDGED, Kind.UNCLEAR, Kind.MERGED)


def bounds(place: str = "") -> str:
    """The box of a division for the map, of the city without one; "" when the pack holds no outlines."""
    found = maps.bounds(gate.hub().tools.knowledge.scheme.span(place)) if place else maps.bounds()
    return ",".join(f"{edge:.4f}" for edge in found) if found else ""


def errors_of(error: BadInput) -> dict[str, str]:
    """{field: sentence in the reader's language} of a refusal such as "text: found … / 请填写…"."""
    sentence = str(error)
    field = sentence.partition(":")[0].split(",")[0]
    english, slash, chinese = sentence.partition(" / ")
    said = (english if naming.english() else chinese) if slash else sentence
    return {field if field in (*FIELDS, "photos") else "": said}


def take_in(request: HttpRequest, source: str, channel: str, joins: int | None = None, around: str = "") -> Receipt:
    """A posted form down the whole road, its photos with it, into the case that the reporter named if he named one.

    `around` names where it is when neither a point nor an address was given. Raises BadInput; a second sending takes
    nothing in.
    """
    hub = gate.hub()
    photos = [*clean(request.FILES.getlist("photos")), *spoken(request.FILES.getlist("voice"))]
    ids = [hub.ids.take() for _photo in photos]
    raw: dict[str, Any] = {name: request.POST.get(name, "") for name in FIELDS}
    raw |= {"source": source, "key": raw.pop("client_key"), "channel": channel, "photos": ids}
    raw |= _pointed(raw, request.POST.get(places.CHOSEN, ""))
    if not (raw["address"] or raw["lon"]):
        raw["address"] = around
    one = joined_to(normalise(raw, hub.clock()), joins)
    attachments.store(ids, photos, one.shown)
    receipt = hub.take_in([one])[0]
    _settle(receipt, ids, photos)
    return receipt


def _pointed(raw: Mapping[str, Any], sent: str) -> dict[str, Any]:
    """The point of the place that was chosen; one that was set on the map goes before it."""
    place = {} if raw["lon"] or raw["lat"] else places.chosen(sent)
    if not place:
        return {}
    return {"lon": place["lon"], "lat": place["lat"], "address": raw["address"] or place["name"]}


def where(request: HttpRequest) -> HttpResponse:
    """哪一处: asked while the resident writes; one question, and only when the answer decides who acts."""
    raw = {name: request.GET.get(name, "") for name in ("text", "address", "lon", "lat")}
    try:
        found = whereabouts(gate.hub(), {**raw, "channel": "web"})
    except BadInput:
        return HttpResponse(status=204)
    listed = places.listed(found.judged.get("places", ()), gate.hub().tools.knowledge)
    context = {"choices": places.choices(listed) if found.asks else [], "chosen": request.GET.get(places.CHOSEN, "")}
    return render(request, "resident/where.html", context)


def _settle(receipt: Receipt, ids: list[int], photos: list[Photo]) -> None:
    case = case_of(receipt)
    if photos and case:
        attachments.tie(ids, case, receipt.report)
    elif photos:
        attachments.drop(ids)


def case_of(receipt: Receipt) -> int | None:
    """The case that a new report became or joined; None for a report that had been taken in before."""
    return next((fact.subject for fact in receipt.facts if fact.kind in BORN), None)


@require_http_methods(["GET", "HEAD", "POST"])
def report(request: HttpRequest) -> HttpResponse:
    """我要反映: the form; after a good report the browser goes to a page that can be reloaded safely."""
    errors: dict[str, str] = {}
    if request.method == "POST":
        try:
            receipt = take_in(request, "web", "web", joining.case_of(request.POST.get("join", "")))
        except BadInput as error:
            errors = errors_of(error)
        else:
            asked = "?asked=1" if request.POST.get("join") == "none" else ""
            return redirect(f"/report/done/{track_token(receipt.report)}{asked}")
    context = {"values": request.POST, "errors": errors, "bounds": bounds()}
    return render(request, "resident/report.html", context, status=422 if errors else 200)


def _found(token: str) -> tuple[int, dict[str, Any]]:
    number = untrack(token)
    found = casefile.tracked(number)
    if found is None:
        raise NotFound("there is no such report / 没有这条反映")
    return number, found


def _shown(found: Mapping[str, Any]) -> dict[str, Any]:
    """The case as its reporter may see it; a report still on the road has no case yet."""
    knowledge = gate.hub().tools.knowledge
    case = found["case"]
    at = datetime.fromisoformat(found["at"])
    if case is None:
        waiting = {"number": str(found["report"]), "title": title_of(found["text"]), "state": "", "opened_at": at}
        return {**waiting, "state_name": _("已收到"), "due_at": None}
    contact = naming.unit_name(case["contact_unit"], knowledge)
    return {"contact_name": contact} | naming.case_row(
        {
            **case,
            "opened_at": at,
            "title": title_of(found["text"]),
            "due_at": datetime.fromisoformat(case["due_at"]) if case["due_at"] else None,
        },
        knowledge,
    )


@require_http_methods(["GET", "HEAD", "POST"])
def done(request: HttpRequest, token: str) -> HttpResponse:
    """已收到: number, category, unit, deadline, the link to follow; and whether it is the same as something near."""
    number, found = _found(token)
    error = ""
    if request.method == "POST":
        error = _join(number, request.POST.get("join", ""))
        _number, found = _found(token)
    hub = gate.hub()
    context = {
        **_shown(found),
        "track_url": track_url(number),
        "track_address": request.build_absolute_uri(track_url(number)),
        "call": answers.call(found["text"], hub.tools.knowledge),
        "joined": found["merged"],
        "files": attachments.count(number),
        "error": error,
        "near": [] if error or request.GET.get("asked") else _near(found),
    }
    return render(request, "resident/done.html", context, status=409 if error else 200)


def _near(found: Mapping[str, Any]) -> list[dict[str, Any]]:
    """What the report may be the same as, while its own case is young; for whoever saw no list while writing."""
    own = found["case"]
    if not own or found["merged"] or not early(own):
        return []
    return near_case(found["text"], own)


def _join(report: int, token: str) -> str:
    """The report goes into the case of a token; "" when it did, or why it stays a case of its own."""
    case = joining.case_of(token)
    try:
        if case is None:
            raise IllegalMove("this choice has lapsed / 这个选项已失效")
        join(gate.hub(), HIMSELF, report, case)
    except IllegalMove:
        return _("那件事刚刚办结或已不能并入，您的反映照常单独办理，不会丢失。")
    return ""


@require_http_methods(["GET", "HEAD", "POST"])
def find(request: HttpRequest) -> HttpResponse:
    """办理进度 without a link at hand: asks for the link or the number in it, and opens that page.

    A case's number alone opens nothing: it is on paper and screens, and whoever reported may be seen from it.
    """
    given = request.POST.get("link", "").strip()[:500]
    if request.method == "POST":
        token = unquote(given).rstrip("/").rsplit("/", 1)[-1]
        try:
            return redirect(track_url(_found(token)[0]))
        except NotFound:
            return _lost(request, given, 422)
    return render(request, "resident/find.html")


def _lost(request: HttpRequest, given: str, status: int) -> HttpResponse:
    """A link that opens nothing: where to try again, and what to try."""
    errors = {"link": _("没有找到。请粘贴登记时得到的完整查询链接，或其中最后一段查询码。")}
    return render(request, "resident/find.html", {"errors": errors, "link": given}, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
def track(request: HttpRequest, token: str) -> HttpResponse:
    """办理进度: what happened so far; the reporter's own word about it."""
    try:
        number, found = _found(token)
    except NotFound:
        return _lost(request, "", 404)
    errors: dict[str, str] = {}
    if request.method == "POST" and found["case"]:
        errors = _add(request, number, found) if _adds(request) else _speak(request.POST, number, found)
        if not errors:
            messages.success(request, _("已收到，谢谢您。"))
            return redirect(track_url(number))
    state = found["case"]["state"] if found["case"] else ""
    steps = [
        {**step, "name": naming.PUBLIC_FACTS[step["kind"]], "at": datetime.fromisoformat(step["at"])}
        for step in found["steps"]
    ]
    context = {
        "case": _shown(found),
        "steps": steps,
        "choices": _asked(found),
        "photos_shown": attachments.shows(number),
        "can_rate": state == State.CALLING and not found["called"],
        "can_reopen": state == State.CLOSED,
        "can_add": state == State.WAITING,
        "values": request.POST,
        "errors": errors,
    }
    return render(request, "resident/track.html", context, status=422 if errors else 200)


def _asked(found: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """The places to choose from, when the case waits for no more than that."""
    if not found["case"] or not places.asks(found["case"]):
        return []
    return places.choices(places.listed(found["places"] or (), gate.hub().tools.knowledge))


def _speak(given: Mapping[str, str], number: int, found: Mapping[str, Any]) -> dict[str, str]:
    """Rate or reopen in the reporter's own name; returns what is wrong with the form."""
    case = int(found["case"]["id"])
    words = given.get("text", "").strip()[:2000]
    if given.get("act") == "rate":
        if given.get("solved") not in ("yes", "no") or given.get("satisfaction") not in tuple("12345"):
            return {"": _("请选择是否解决和满意程度。")}
        answer = {"solved": given["solved"] == "yes", "satisfaction": int(given["satisfaction"]), "text": words}
        gate.hub().act(HIMSELF, case, Kind.CALLED_BACK, {"report": number, "contacted": True, **answer})
        return {}
    if given.get("act") == "hide":
        attachments.hide(number)
        return {}
    if given.get("act") == "where":
        return _point_at(given.get(places.CHOSEN, ""), case, found)
    reason = given.get("reason", "").strip()[:2000]
    if not reason:
        return {"reason": _("请写下哪里没有解决。")}
    gate.hub().act(HIMSELF, case, Kind.REOPENED, {"reason": reason, "report": number})
    return {}


def _adds(request: HttpRequest) -> bool:
    return request.POST.get("act") == "add"


def _add(request: HttpRequest, number: int, found: Mapping[str, Any]) -> dict[str, str]:
    """补充: the reporter answers what the unit asked; the clocks go on. Returns what is wrong with the form."""
    words = request.POST.get("added", "").strip()[:2000]
    if not words:
        return {"added": _("请写下要补充的情况。")}
    hub, case = gate.hub(), int(found["case"]["id"])
    try:
        photos = clean(request.FILES.getlist("photos"))
    except BadInput as error:
        return errors_of(error)
    ids = [hub.ids.take() for _photo in photos]
    with transaction.atomic(using=ROAD):
        attachments.store(ids, photos)
        hub.act(HIMSELF, case, Kind.SUPPLEMENTED, {"text": words})
        attachments.tie(ids, case, number)
    return {}


def _point_at(sent: str, case: int, found: Mapping[str, Any]) -> dict[str, str]:
    """The reporter says which of the places he meant; only a case that still waits for it is decided again."""
    if not places.asks(found["case"]):
        return {"": _("地点已经确定，无需再选。")}
    try:
        payload = places.move(found["case"], found["places"] or (), sent)
    except BadInput as error:
        return errors_of(error)
    gate.hub().act(HIMSELF, case, Kind.CLASSIFIED, payload)
    return {}
