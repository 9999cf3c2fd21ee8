"""案件页 the page of one case: what was said, who must act and why, what happened, and what this post may do."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from zhongshu.data import attachments, casefile, cause_views, convening, pack_rows, people, volunteering
from zhongshu.hub import community, past
from zhongshu.hub.resend import resend
from zhongshu.hub.sense.normalise import clean as clean_text
from zhongshu.hub.suggest import strange
from zhongshu.kernel.access import Viewer
from zhongshu.kernel.convening import CALL, DIRECTIVE
from zhongshu.kernel.desk import Knowledge, title_of
from zhongshu.kernel.errors import BadInput, IllegalMove, NotFound
from zhongshu.kernel.facts import Kind
from zhongshu.kernel.places import metres_apart
from zhongshu.screen import acts, causal, fields, gate, grounds, naming, places, replies, story
from zhongshu.screen import convening as words
from zhongshu.screen.fields import Scene
from zhongshu.screen.frame import URLS
from zhongshu.screen.middleware import STATUS
from zhongshu.screen.pages import desk_next, summary
from zhongshu.screen.pages.account import signed_in, viewer
from zhongshu.screen.photos import clean

Contacts = Mapping[int, Mapping[str, str]]


def scene_of(request: HttpRequest, case: int) -> Scene:
    found = casefile.whole(viewer(request), case)
    if found is None:
        raise NotFound(f"there is no case {case} here / 没有这个案件，或不在您的范围内")
    contacts = people.masked({one["contact"]: one["id"] for one in found["reported"] if one["contact"]})
    return Scene(viewer(request), found, gate.hub().tools.knowledge, contacts)


@signed_in()
def show(request: HttpRequest, case: int) -> HttpResponse:
    """The page of one case."""
    return _page(request, scene_of(request, case))


def _page(
    request: HttpRequest,
    scene: Scene,
    refused: BadInput | IllegalMove | None = None,
    clear: Contacts | None = None,
) -> HttpResponse:
    """The page; `refused` when a move was, `clear` with the contacts that this very request may read."""
    found, knowledge = scene.case, scene.knowledge
    case = int(found["id"])
    reported, brought = story.photos(found, f"{URLS['case']}{case}")
    offered = acts.buttons(scene)
    shown = naming.case_row({**found, **_times(found)}, knowledge) | {
        "others": [
            (naming.category_name(code, knowledge), share) for code, share in found["others"] if share >= grounds.SHOWN
        ],
        "duty": story.duty(found, knowledge),
        "clocks": story.clocks(found),
        "path": story.path(found),
        "counters": story.counters(found),
        "ended": found["closed_at"] is not None,
        "overlays": _overlays(found["grid"]),
        "reports": [_report(one, clear or scene.contacts) for one in found["reported"]],
        "tasks": [_task(task, knowledge) for task in found["tasks"]],
        "reasons": grounds.reasons(found["reasons"]),
        "needs": story.needs(found),
        "photos": reported,
        "places": places.listed(places.of(found), knowledge),
    }
    context = {
        "case": shown,
        "timeline": story.steps(found, knowledge, brought),
        "buttons": offered,
        "panel": acts.panel(scene, offered),
        "choices": _asked(scene, offered, shown["places"]),
        "requests": story.requests(found, offered, knowledge),
        "lists": _lists(scene, offered),
        "reply": replies.judged(scene),
        "act_url": f"{URLS['case']}{case}/act{desk_next.carried(request.GET)}",
        "next": desk_next.offered(request.GET, case),
        "strange": None if found["closed_at"] else strange(gate.hub(), found["text"], found["place"]),
        "past": past_cases(scene.viewer, found, knowledge),
        "proposals": [_proposal(one, found) for one in found["proposals"]],
        "may_reveal": bool(scene.contacts) and people.may_reveal(scene.viewer, found["host"], found["assists"]),
        "contacts_url": f"{URLS['case']}{case}/contacts{desk_next.carried(request.GET)}",
        "revealed": clear is not None,
        "linked": _linked(scene),
        "summary": summary.part(scene),
        "looks": people.looks(scene.viewer, case),
        "errors": {"": story.sentence(refused)} if refused else {},
    }
    status = STATUS[type(refused)] if refused else 200
    return render(request, "desk/case.html", context, status=status)


def _asked(scene: Scene, offered: list[dict[str, Any]], listed: list[dict[str, Any]]) -> list[Mapping[str, Any]]:
    """The places to choose from, for whoever may classify a case that waits for no more than its place."""
    may = any(button["kind"] == Kind.CLASSIFIED for button in offered)
    return places.choices(listed) if may and places.asks(scene.case) else []


def _lists(scene: Scene, offered: list[dict[str, Any]]) -> dict[str, list[str]]:
    """The names that searchable fields offer, each list once for all the forms that use it."""
    wanted = {one["list"] for button in offered for one in button["fields"] if "list" in one}
    return {name: list(fields.choices(scene, name)) for name in sorted(wanted)}


def _overlays(grid: str) -> list[str]:
    """块状网格: the departments' own grids that the place lies in."""
    held = pack_rows.overlays_of(grid).values() if grid else ()
    return [(naming.english() and english) or name for _code, name, english in held]


def past_cases(who: Viewer, found: Mapping[str, Any], knowledge: Knowledge) -> list[dict[str, Any]]:
    """相似往案: closed cases of the class that read most like this `text`, looked up when somebody asks."""
    return [
        {**row, "likeness": score, "unit_name": naming.unit_name(row["host"], knowledge)}
        for row, score in past.alike(who, found["category"], found["text"], int(found.get("id", 0)))
    ]


def _linked(scene: Scene) -> list[dict[str, Any]]:
    """Calls and directives that name this case and that this viewer may see, the newest of each first."""
    found = []
    for matter, kinds in ((CALL, words.CALL_KINDS), (DIRECTIVE, words.FORMS)):
        for one in convening.listed(scene.viewer, matter, "linked", of=int(scene.case["id"])):
            word, tone, picture = words.STATES[one["state"]]
            found.append(
                {
                    "url": f"{URLS[f'{matter.name}s']}/{one['id']}",
                    "title": title_of(one["text"]),
                    "kind_name": kinds[one["kind" if matter is CALL else "form"]],
                    "owner_name": naming.unit_name(one[matter.owner], scene.knowledge),
                    "at": story.moment(one["opened_at"]),
                    "state": (word, tone, picture),
                }
            )
    case = int(scene.case["id"])
    found += [_cause(one, scene.knowledge) for one in cause_views.of_case(scene.viewer, case)]
    neighbours = any(one["source"] == community.SOURCE for one in scene.case["reported"])
    looks = volunteering.of_case(scene.viewer, case) if neighbours else []
    return found + [_looked(one, scene.knowledge) for one in looks]


def _looked(one: Mapping[str, Any], knowledge: Knowledge) -> dict[str, Any]:
    """What neighbours saw of this case: beside the official check, which it never replaces."""
    word = _("{done} 人看到办好，{undone} 人看到没有办好").format(done=one["done"], undone=one["undone"])
    return {
        "url": f"{URLS['community']}/{one['place']}/topics/{one['id']}#looks",
        "title": one["title"],
        "kind_name": _("邻里核实"),
        "owner_name": naming.place_name(one["place"], knowledge),
        "at": one["at"],
        "state": (word, "warn" if one["undone"] else "info", "people"),
    }


def _cause(one: Mapping[str, Any], knowledge: Knowledge) -> dict[str, Any]:
    """A cause of which this case is part, as one more line of what it is linked with."""
    return {
        "url": f"{URLS['causes']}/{one['id']}",
        "title": " → ".join(causal.leaf(one[end], knowledge) for end in ("first", "second")),
        "kind_name": _("病因"),
        "owner_name": naming.place_name(one["place"], knowledge),
        "at": story.moment(one["found_at"]),
        "state": causal.STATES[one["state"]],
    }


def _task(task: Mapping[str, Any], knowledge: Knowledge) -> dict[str, Any]:
    """An assisting unit need not sign: what it has not done is not shown as waiting."""
    assists = task["role"] == "assist"
    state = "" if assists and task["state"] == "given" else naming.TASKS.get(task["state"], "")
    kind = _("协办") if assists else _("承办")
    return {"unit_name": naming.unit_name(task["unit"], knowledge), "kind_name": kind, "state_name": state}


def _times(found: Mapping[str, Any]) -> dict[str, Any]:
    return {name: story.moment(found[name]) for name in ("opened_at", "due_at", "closed_at")}


def _report(one: Mapping[str, Any], contacts: Mapping[int, Mapping[str, str]]) -> dict[str, Any]:
    who = contacts.get(one["id"], {})
    return {
        "at": story.moment(one["at"]),
        "text": one["text"],
        "channel_name": naming.CHANNELS.get(one["channel"], one["channel"]),
        "name_masked": who.get("name", ""),
        "phone_masked": who.get("phone", ""),
    }


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
    scene = scene_of(request, case)
    kind, hub = request.POST.get("kind", ""), gate.hub()
    payload: dict[str, Any] = {}
    new: list[int] = []
    ids: list[int] = []
    try:
        target, payload = _target(scene, kind, request.POST)
        photos = clean(request.FILES.getlist("photos")) if acts.takes_photos(kind) else []
        new = [hub.ids.take() for _photo in photos]
        attachments.store(new, photos)
        ids = [*replies.kept(request.POST, target), *new]
        hub.act(scene.viewer, target, kind, {**payload, "photos": ids} if ids else payload)
        attachments.tie(ids, target)
    except (BadInput, IllegalMove) as error:
        if replies.holds(scene, kind, payload):
            return replies.held(request, scene, payload, ids)
        attachments.drop(new)
        return _page(request, scene, error)
    messages.success(request, _("已完成：{act}").format(act=naming.FACTS.get(kind, kind)))
    came = f"{URLS['case']}{target}{desk_next.carried(request.GET)}"
    return redirect(_back(request.POST.get("back", "")) or came)


def _back(address: str) -> str:
    """The page of judgements from which a move was made; "" for anywhere else."""
    here = URLS["judgement"]
    return address if address == here or address.startswith(f"{here}?") else ""


@require_POST
@signed_in()
def contacts(request: HttpRequest, case: int) -> HttpResponse:
    """查看联系方式: the page with names and telephones in clear, this once; each read is logged with its purpose."""
    scene = scene_of(request, case)
    try:
        clear = people.reveal(scene.viewer, case, clean_text(request.POST.get("purpose"), 200))
    except (BadInput, IllegalMove) as error:
        return _page(request, scene, error)
    response = _page(request, scene, clear=clear)
    response["Cache-Control"] = "no-store"
    return response


def _target(scene: Scene, kind: str, given: QueryDict) -> tuple[int, dict[str, Any]]:
    """The case that a move is made on: a merge goes into the case that was open first, from whichever page."""
    case = int(scene.case["id"])
    if kind == Kind.CLASSIFIED and places.CHOSEN in given:
        return case, places.move(scene.case, places.of(scene.case), str(given[places.CHOSEN]))
    if kind == Kind.SUMMARY_CONFIRMED:
        return case, {name: given[name] for name in ("text", "draft") if given.get(name)}
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
