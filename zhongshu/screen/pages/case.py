"""案件页 the page of one case: what was said, who must act and why, what happened, and what this post may do."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from zhongshu.data import attachments, casefile, people
from zhongshu.hub.resend import resend
from zhongshu.hub.sense.normalise import clean as clean_text
from zhongshu.kernel.desk import Knowledge
from zhongshu.kernel.errors import BadInput, IllegalMove, NotFound
from zhongshu.kernel.facts import Kind
from zhongshu.kernel.places import metres_apart
from zhongshu.screen import acts, gate, naming
from zhongshu.screen.frame import URLS
from zhongshu.screen.middleware import STATUS
from zhongshu.screen.pages.account import signed_in, viewer
from zhongshu.screen.pages.desk import sentence
from zhongshu.screen.photos import clean

Contacts = Mapping[int, Mapping[str, str]]
HIDDEN_FACTS = frozenset({Kind.EVALUATED})


def _moment(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None


def _whole(request: HttpRequest, case: int) -> acts.Scene:
    found = casefile.whole(viewer(request), case)
    if found is None:
        raise NotFound(f"there is no case {case} here / 没有这个案件，或不在您的范围内")
    contacts = people.masked({one["contact"]: one["id"] for one in found["reported"] if one["contact"]})
    return acts.Scene(viewer(request), found, gate.hub().tools.knowledge, contacts)


@signed_in()
def show(request: HttpRequest, case: int) -> HttpResponse:
    """The page of one case."""
    return _page(request, _whole(request, case))


def _page(
    request: HttpRequest,
    scene: acts.Scene,
    refused: BadInput | IllegalMove | None = None,
    clear: Contacts | None = None,
) -> HttpResponse:
    """The page; `refused` when a move was, `clear` with the contacts that this very request may read."""
    found, knowledge = scene.case, scene.knowledge
    case = int(found["id"])
    shown = naming.case_row({**found, **_times(found)}, knowledge) | {
        "others": [(naming.category_name(code, knowledge), share) for code, share in found["others"]],
        "duty": _duty(found, knowledge),
        "clocks": [_clock(clock) for clock in found["clocks"]],
        "reports": [_report(one, clear or scene.contacts) for one in found["reported"]],
        "tasks": [_task(task, knowledge) for task in found["tasks"]],
        "reasons": naming.reasons(found["reasons"]),
        "photos": [{"url": f"{URLS['case']}{case}/photos/{photo['id']}"} for photo in found["photos"]],
    }
    context = {
        "case": shown,
        "timeline": [step(fact, knowledge) for fact in found["timeline"] if fact["kind"] not in HIDDEN_FACTS],
        "buttons": acts.buttons(scene),
        "act_url": f"{URLS['case']}{case}/act",
        "proposals": [_proposal(one, found) for one in found["proposals"]],
        "may_reveal": bool(scene.contacts) and people.may_reveal(scene.viewer, found["host"], found["assists"]),
        "contacts_url": f"{URLS['case']}{case}/contacts",
        "revealed": clear is not None,
        "looks": people.looks(scene.viewer, case),
        "errors": {"": sentence(refused)} if refused else {},
    }
    status = STATUS[type(refused)] if refused else 200
    return render(request, "desk/case.html", context, status=status)


def _task(task: Mapping[str, Any], knowledge: Knowledge) -> dict[str, Any]:
    """An assisting unit need not sign: what it has not done is not shown as waiting."""
    assists = task["role"] == "assist"
    state = "" if assists and task["state"] == "given" else naming.TASKS.get(task["state"], "")
    kind = _("协办") if assists else _("承办")
    return {"unit_name": naming.unit_name(task["unit"], knowledge), "kind_name": kind, "state_name": state}


def _times(found: Mapping[str, Any]) -> dict[str, Any]:
    return {name: _moment(found[name]) for name in ("opened_at", "due_at", "closed_at")}


def _report(one: Mapping[str, Any], contacts: Mapping[int, Mapping[str, str]]) -> dict[str, Any]:
    who = contacts.get(one["id"], {})
    return {
        "at": _moment(one["at"]),
        "text": one["text"],
        "channel_name": naming.CHANNELS.get(one["channel"], one["channel"]),
        "name_masked": who.get("name", ""),
        "phone_masked": who.get("phone", ""),
    }


def _clock(clock: Mapping[str, Any]) -> dict[str, Any]:
    due, stopped = _moment(clock["due_at"]), _moment(clock["stopped_at"])
    late = clock["overdue"] or (due is not None and (stopped or timezone.now()) > due)
    return {
        "name": naming.CLOCKS.get(clock["name"], clock["name"]),
        "due_at": due,
        "stopped_at": stopped,
        "limit_text": naming.limit_text(clock["minutes"], clock["calendar"]),
        "state": "late" if late else "running",
    }


def _duty(found: Mapping[str, Any], knowledge: Knowledge) -> dict[str, Any] | None:
    """Why this unit: from the fact that decided, so that it stays true when the rules change."""
    decided = [fact for fact in found["timeline"] if fact["kind"] in (Kind.DECIDED, Kind.RULED)]
    if not decided or not found["host"]:
        return None
    p = decided[-1]["payload"]
    ruled = decided[-1]["kind"] == Kind.RULED
    return {
        "code": p.get("duty", "") or "—",
        "basis": p.get("reason", "") if ruled else p.get("basis", ""),
        "list_kind": _("裁定") if ruled else naming.LIST_KINDS.get(p.get("list_kind", ""), ""),
        "host": naming.unit_name(found["host"], knowledge),
        "assists": [naming.unit_name(unit, knowledge) for unit in found["assists"]],
        "condition": p.get("matched", {}).get("condition", ""),
        "route": naming.ROUTES.get(p.get("route", ""), ""),
        "reasons": [sentence(Exception(said)) for said in p.get("reasons", ())],
    }


def step(fact: Mapping[str, Any], knowledge: Knowledge) -> dict[str, Any]:
    """One fact of the timeline in words: when, what, who, and by which rules."""
    p = fact["payload"]
    return {
        "at": _moment(fact["at"]),
        "kind_name": naming.FACTS.get(fact["kind"], fact["kind"]),
        "actor_name": naming.actor_name(fact["actor"], p.get("unit", ""), knowledge),
        "text": _words(fact["kind"], p, knowledge),
        "versions": "  ".join(f"{name} {said}" for name, said in fact["versions"].items()),
    }


def _words(kind: str, p: Mapping[str, Any], knowledge: Knowledge) -> str:
    """What a fact says in one line or a few."""
    said = [sentence(Exception(p[name])) for name in ("reason", "result", "sentence", "text") if _says(kind, p, name)]
    if kind in (Kind.JUDGED, Kind.CLASSIFIED, Kind.UNCLEAR) and p.get("category"):
        said.insert(0, naming.category_name(p["category"], knowledge))
    if kind in (Kind.DECIDED, Kind.RULED, Kind.DISPATCHED) and p.get("host"):
        said.insert(0, naming.unit_name(p["host"], knowledge))
    if kind == Kind.CALLED_BACK:
        words = [_("已联系") if p.get("contacted") else _("未联系到")]
        words += [{True: _("已解决"), False: _("没有解决")}[p["solved"]]] if p.get("solved") is not None else []
        words += [_("满意度 {n}/5").format(n=p["satisfaction"])] if p.get("satisfaction") else []
        said.insert(0, "，".join(words))
    if kind in (Kind.OVERDUE, Kind.ESCALATED):
        said += [str(naming.CLOCKS.get(p.get("clock", ""), "")), naming.unit_name(p.get("unit", ""), knowledge)]
    return "\n".join(part for part in said if part)


def _says(kind: str, p: Mapping[str, Any], name: str) -> bool:
    """A judged case repeats the report's text in its payload: it is on the page already."""
    return isinstance(p.get(name), str) and not (name == "text" and kind in (Kind.JUDGED, Kind.UNCLEAR, Kind.WARNED))


def _proposal(one: Mapping[str, Any], found: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "report": one["report"],
        "text": one["text"],
        "distance": metres_between(one, found),
        "age": naming.ago(datetime.fromisoformat(one["opened_at"])),
        "score": one["score"],
    }


def metres_between(one: Mapping[str, Any], other: Mapping[str, Any]) -> int | None:
    """Whole metres between two rows with lon and lat, or None."""
    apart = metres_apart((one["lon"], one["lat"]), (other["lon"], other["lat"]))
    return None if apart is None else round(apart)


@require_POST
@signed_in()
def act(request: HttpRequest, case: int) -> HttpResponse:
    """One move from a form of the page; what is refused comes back on the page with its sentence."""
    scene = _whole(request, case)
    kind, hub = request.POST.get("kind", ""), gate.hub()
    try:
        target, payload = _target(scene, kind, request.POST)
        photos = clean(request.FILES.getlist("photos")) if kind == Kind.HANDLED else []
        ids = [hub.ids.take() for _photo in photos]
        attachments.store(ids, photos)
        hub.act(scene.viewer, target, kind, {**payload, "photos": ids} if ids else payload)
        attachments.tie(ids, target)
    except (BadInput, IllegalMove) as error:
        return _page(request, scene, error)
    messages.success(request, _("已完成：{act}").format(act=naming.FACTS.get(kind, kind)))
    return redirect(f"{URLS['case']}{target}")


@require_POST
@signed_in()
def contacts(request: HttpRequest, case: int) -> HttpResponse:
    """查看联系方式: the page with names and telephones in clear, this once; each read is logged with its purpose."""
    scene = _whole(request, case)
    try:
        clear = people.reveal(scene.viewer, case, clean_text(request.POST.get("purpose"), 200))
    except (BadInput, IllegalMove) as error:
        return _page(request, scene, error)
    response = _page(request, scene, clear=clear)
    response["Cache-Control"] = "no-store"
    return response


def _target(scene: acts.Scene, kind: str, given: Mapping[str, str]) -> tuple[int, dict[str, Any]]:
    """The case that a move is made on: a merge goes into the case that was open first, from whichever page."""
    case = int(scene.case["id"])
    if kind not in (Kind.MERGED, Kind.MERGE_DECLINED):
        return case, acts.payload(scene, kind, given)
    found = [one for one in scene.case["proposals"] if str(one["report"]) == given.get("report")]
    if not found:
        raise IllegalMove("this proposal is settled already / 这条建议已处理")
    target = int(found[0]["other"]) if kind == Kind.MERGED else case
    return target, {"report": found[0]["report"], "proposal": found[0]["id"]}


@signed_in()
def photo(request: HttpRequest, case: int, photo: int) -> HttpResponse:
    """A photo of a case that this viewer may see."""
    found = attachments.content(viewer(request), case, photo)
    if found is None:
        raise Http404
    return HttpResponse(found[1], content_type=found[0], headers={"Cache-Control": "private, max-age=3600"})


@require_POST
@signed_in()
def send_again(request: HttpRequest, stuck: int) -> HttpResponse:
    """A stuck fact travels the road once more."""
    resend(gate.hub(), viewer(request), stuck)
    messages.success(request, _("已重新送上流程。"))
    return redirect(URLS["stuck"])
