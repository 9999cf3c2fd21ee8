"""呼应与指令 the pages of calls and directives: lists, one with its units and buttons, and the form for a new one."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from zhongshu.data import attachments, casefile, cause_views, convening, hot
from zhongshu.hub import convening as moves
from zhongshu.hub.forms import CASES
from zhongshu.kernel.access import Viewer
from zhongshu.kernel.convening import CALL, DIRECTIVE, Matter, rule_of
from zhongshu.kernel.desk import Knowledge, title_of
from zhongshu.kernel.errors import BadInput, IllegalMove, NotFound
from zhongshu.screen import causal, gate, naming
from zhongshu.screen import convening as words
from zhongshu.screen.fields import places
from zhongshu.screen.frame import URLS
from zhongshu.screen.middleware import STATUS
from zhongshu.screen.pages.account import signed_in, viewer
from zhongshu.screen.photos import clean
from zhongshu.screen.queries import whole
from zhongshu.screen.story import sentence
from zhongshu.screen.templatetags.screen import listed

MATTERS: Mapping[str, Matter[Any]] = {"call": CALL, "directive": DIRECTIVE}
TITLES: Mapping[str, Mapping[str, Any]] = {
    "call": {
        "list": gettext_lazy("呼应"),
        "lead": gettext_lazy("有呼必应：谁呼、呼谁、到没到、呼方怎么评。无人响应的自动升级。"),
        "answer": gettext_lazy("要我应的"),
        "own": gettext_lazy("我呼的"),
        "new": gettext_lazy("发起呼叫"),
        "unit": gettext_lazy("被呼单位"),
    },
    "directive": {
        "list": gettext_lazy("指令"),
        "lead": gettext_lazy("令行禁止：令与禁都要签收、执行证据、例外报告；到期不执行即可问责。"),
        "answer": gettext_lazy("要我办的"),
        "own": gettext_lazy("我下达的"),
        "new": gettext_lazy("下达指令"),
        "unit": gettext_lazy("受令单位"),
    },
}
BOXES = ("answer", "own", "all")
DAYS = 365
"""双考核 counts the calls of the last year (default: the appraisal is a yearly one)."""


ROWS = 20
"""Of what is looked up, not worked off by its limits: so many stand on a page."""


@signed_in()
def listing(request: HttpRequest, name: str) -> HttpResponse:
    """What waits for this unit's answer, what it began itself, or all that it may see."""
    who, knowledge, matter = viewer(request), gate.hub().tools.knowledge, MATTERS[name]
    box = request.GET.get("box", "answer")
    box = box if box in BOXES else "answer"
    mark, unit = whole(request.GET.get("cursor", "")), request.GET.get("unit", "")[:64]
    found = convening.listed(who, matter, "unit" if unit else box, mark, unit)
    page = found if box == "answer" else found[:ROWS]
    labels = {**TITLES[name], "all": _("全部")}
    context = {
        "title": TITLES[name],
        "base": URLS[f"{name}s"],
        "boxes": [(one, labels[one]) for one in BOXES],
        "box": box,
        "rows": by_limit([shown(one, matter, knowledge) for one in page], who.unit)
        if box == "answer"
        else [shown(one, matter, knowledge) for one in page],
        "next_cursor": page[-1]["id"] if len(page) < len(found) or len(found) == convening.SIZE else "",
        "may_begin": bool(matter.birth.roles & who.roles),
        "name": name,
        "unit_name": naming.unit_name(unit, knowledge),
        "answers": _answers(who, knowledge) if matter is CALL and box == "all" and not unit else [],
    }
    return render(request, "desk/matters.html", context)


def _answers(who: Viewer, knowledge: Knowledge) -> list[dict[str, Any]]:
    """双考核: how each unit answered; its name opens its calls."""
    now = gate.hub().clock()
    found = convening.answers(who, now - timedelta(days=DAYS), now + timedelta(days=1))
    return [{"of": one, "unit_name": naming.unit_name(one.unit, knowledge)} for one in found]


def shown(found: Mapping[str, Any], matter: Matter[Any], knowledge: Knowledge) -> dict[str, Any]:
    """A matter with its names, as the list and the page want it."""
    word, tone, picture = words.STATES[found["state"]]
    kind = words.CALL_KINDS[found["kind"]] if matter is CALL else words.FORMS[found["form"]]
    return {
        **found,
        "title": title_of(found["text"]),
        "kind_name": kind,
        "state_name": word,
        "tone": tone,
        "picture": picture,
        "owner_name": naming.unit_name(found[matter.owner], knowledge),
        "place_name": naming.place_name(found["place"], knowledge),
        "opened_at": datetime.fromisoformat(found["opened_at"]),
        "ended_at": _moment(found["ended_at"]),
        "proof_name": words.PROOFS.get(found.get("proof", ""), ""),
        "parts": [_part(one, found["state"] == "open", knowledge) for one in found["parts"]],
    }


def by_limit(rows: list[dict[str, Any]], unit: str) -> list[dict[str, Any]]:
    """Of one page of what a unit must answer: the limit of its own that ends first on top."""

    def first(row: Mapping[str, Any]) -> tuple[bool, float]:
        due = min((part["due_at"] for part in row["parts"] if part["unit"] == unit and part["due_at"]), default=None)
        return due is None, due.timestamp() if due else 0.0

    return sorted(rows, key=first)


def _moment(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None


def _part(part: Mapping[str, Any], open_: bool, knowledge: Knowledge) -> dict[str, Any]:
    word, tone, picture = words.STATES[part["state"]]
    clocks = words.owed(part, open_)
    return {
        **part,
        "unit_name": naming.unit_name(part["unit"], knowledge),
        "state_name": word,
        "tone": tone,
        "picture": picture,
        "clocks": clocks,
        "due_at": clocks[0]["due_at"] if clocks else None,
        "late_names": words.met_late(part, open_),
        "raised_name": naming.unit_name(part.get("raised_from", ""), knowledge),
        "score_name": words.SCORES[part["score"] - 1] if part.get("score") else "",
    }


def _found(who: Viewer, matter: Matter[Any], subject: int) -> dict[str, Any]:
    found = convening.whole(who, matter, subject)
    if found is None:
        raise NotFound(f"there is no {matter.name} {subject} here / 没有这条呼叫或指令，或与贵单位无关")
    return found


@signed_in()
def show(request: HttpRequest, name: str, subject: int) -> HttpResponse:
    """The page of one call or directive."""
    return _page(request, name, _found(viewer(request), MATTERS[name], subject))


def _page(request: HttpRequest, name: str, found: dict[str, Any], refused: Exception | None = None) -> HttpResponse:
    who, hub, matter = viewer(request), gate.hub(), MATTERS[name]
    knowledge = hub.tools.knowledge
    base = f"{URLS[f'{name}s']}/{found['id']}"
    row = {**found, "parts": {one["unit"]: one for one in found["parts"]}}
    open_ = moves.open_moves(who, matter, row, knowledge, hub.clock())
    options = words.unit_options(who, matter, knowledge)
    context = {
        "title": TITLES[name],
        "base": URLS[f"{name}s"],
        "matter": shown(found, matter, knowledge),
        "timeline": [_step(fact, knowledge) for fact in found["timeline"]],
        "photos": [f"{base}/photos/{one['id']}" for one in found["photos"]],
        "buttons": [_button(arrow.kind, unit, knowledge, options) for arrow, unit in open_],
        "act_url": f"{base}/act",
        "cause": found["timeline"][0]["payload"].get("cause"),
        "errors": {"": sentence(refused)} if refused else {},
        "name": name,
    }
    status = STATUS[type(refused)] if isinstance(refused, BadInput | IllegalMove) else 200
    return render(request, "desk/matter.html", context, status=status)


def _button(kind: str, unit: str, knowledge: Knowledge, options: list[tuple[str, str]]) -> dict[str, Any]:
    """One move as a dialog: which unit it is about is said on it when it is somebody else's."""
    label = str(words.FACTS[kind])
    about = unit if "unit" in moves.MATTERS[kind].arrows[kind].fields else ""
    return {
        "key": f"{kind}-{about}" if about else kind,
        "kind": kind,
        "unit": about,
        "label": _("{act}：{unit}").format(act=label, unit=naming.unit_name(about, knowledge)) if about else label,
        "fields": words.fields(kind, options),
    }


def _step(fact: Mapping[str, Any], knowledge: Knowledge) -> dict[str, Any]:
    p = fact["payload"]
    said = [str(p[name]) for name in ("reason", "result", "word", "measure") if p.get(name)]
    about = p.get("unit") or p.get("caller") or p.get("issuer") or ""
    if p.get("score"):
        said.insert(0, str(words.SCORES[p["score"] - 1]))
    if p.get("clock"):
        said.insert(0, str(words.CLOCKS.get(p["clock"], "")))
    if p.get("metres") is not None:
        said.insert(0, _("距呼叫地点 {n} 米").format(n=round(p["metres"])))
    if p.get("to"):
        said.append(_("升级到 {unit}").format(unit=naming.unit_name(p["to"], knowledge)))
    return {
        "at": datetime.fromisoformat(fact["at"]),
        "kind_name": words.FACTS.get(fact["kind"], fact["kind"]),
        "unit_name": naming.unit_name(about, knowledge) or naming.actor_name(fact["actor"], "", knowledge),
        "text": "\n".join(said),
    }


@require_POST
@signed_in()
def act(request: HttpRequest, name: str, subject: int) -> HttpResponse:
    """One move from a form of the page; what is refused comes back on the page with its sentence."""
    who, hub, kind = viewer(request), gate.hub(), request.POST.get("move", "")
    found = _found(who, MATTERS[name], subject)
    ids: list[int] = []
    try:
        photos = clean(request.FILES.getlist("photos"))
        ids = [hub.ids.take() for _photo in photos]
        attachments.store(ids, photos)
        given = words.posted(kind, request.POST)
        hub.convene(who, kind, {**given, "photos": ids} if ids else given, subject)
    except (BadInput, IllegalMove) as error:
        attachments.drop(ids)
        return _page(request, name, found, error)
    messages.success(request, _("已完成：{act}").format(act=words.FACTS[kind]))
    return redirect(f"{URLS[f'{name}s']}/{subject}")


@signed_in()
def photo(request: HttpRequest, name: str, subject: int, photo: int) -> HttpResponse:
    """A photo of a call or a directive that this viewer may see."""
    found = convening.photo(viewer(request), MATTERS[name], subject, photo)
    if found is None:
        raise Http404
    return HttpResponse(found[1], content_type=found[0], headers={"Cache-Control": "private, max-age=3600"})


@signed_in()
def new(request: HttpRequest, name: str) -> HttpResponse:
    """The form for a new one, filled from the case that it is about (`?case=`); posting it begins it."""
    matter = MATTERS[name]
    if not matter.birth.roles & viewer(request).roles:
        raise IllegalMove("this post begins none / 本岗位不能发起呼叫或下达指令")
    if request.method != "POST":
        return _form(request, name, _from_issue(request) or _from_cause(request) or _from_case(request))
    kind = matter.birth.kind
    try:
        facts = gate.hub().convene(viewer(request), kind, words.posted(kind, request.POST))
    except (BadInput, IllegalMove, NotFound) as error:
        return _form(request, name, request.POST.dict(), error)
    messages.success(request, _("已完成：{act}").format(act=words.FACTS[kind]))
    return redirect(f"{URLS[f'{name}s']}/{facts[0].subject}")


def _from_case(request: HttpRequest) -> dict[str, Any]:
    case = whole(request.GET.get("case", ""))
    found = casefile.whole(viewer(request), case) if case else None
    if found is None:
        return {}
    kept = {name: found[name] for name in ("place", "address", "lon", "lat")}
    return {**kept, "text": f"{found['number']} {found['title']}", "cases": found["id"]}


def _from_issue(request: HttpRequest) -> dict[str, Any]:
    """转为任务: a hot issue with its newest cases, as many as a matter may name."""
    issue = whole(request.GET.get("issue", ""))
    found = hot.whole(viewer(request), issue) if issue else None
    if found is None:
        return {}
    ids = hot.cases(viewer(request), found["id"], None, CASES)
    own = viewer(request).span.holds(found["place"])
    return {
        "text": f"{found['number']} {found['title']}",
        "place": found["place"] if own else viewer(request).place,
        "lon": found["lon"],
        "lat": found["lat"],
        "cases": " ".join(map(str, ids)),
        "issue": found["id"],
    }


def _from_cause(request: HttpRequest) -> dict[str, Any]:
    """联合任务: what a confirmed cause (`?cause=`) says of itself: its cases, where, and who handles such cases."""
    who, knowledge = viewer(request), gate.hub().tools.knowledge
    cause = whole(request.GET.get("cause", ""))
    found = cause_views.whole(who, cause) if cause else None
    if found is None:
        return {}
    cases = list(dict.fromkeys(case for place in found["places"] for case in place["cases"]))[:CASES]
    names = [causal.leaf(found[end], knowledge) for end in ("first", "second")]
    text = _("联合治理：{first}引发{second}，共 {n} 处、{k} 件（{number}）")
    return {
        "cause": found["id"],
        "cases": ",".join(map(str, cases)),
        "place": found["place"],
        "text": text.format(
            first=names[0], second=names[1], n=len(found["places"]), k=len(cases), number=found["number"]
        ),
        "authority": _("联席会议：关联诉求共性问题联合治理"),
        "units": [unit for unit, _count in cause_views.hosts(who, cases)],
        **({"lon": found["places"][0]["lon"], "lat": found["places"][0]["lat"]} if found["places"] else {}),
    }


NAMED = 3
"""Units that are named of those that a rule calls; of more it is said how many."""


def _unnamed(who: Viewer, knowledge: Knowledge) -> list[tuple[Any, str]]:
    """Kind of call -> whom it reaches from the caller's own place when he names nobody; "" when he must."""
    found = []
    for kind, label in words.kinds_for(who, knowledge):
        rule = rule_of(knowledge.calls, kind, False)
        units = moves.answering(who, rule, who.place or knowledge.city, knowledge)
        names = listed(naming.unit_name(one.code, knowledge) for one in units[:NAMED])
        found.append((label, _("{names}等 {n} 个单位").format(names=names, n=len(units)) if units[NAMED:] else names))
    return found


def _form(request: HttpRequest, name: str, values: Mapping[str, Any], refused: Exception | None = None) -> HttpResponse:
    who, knowledge, matter = viewer(request), gate.hub().tools.knowledge, MATTERS[name]
    units = words.unit_options(who, matter, knowledge)
    chosen = request.POST.getlist("units") or list(values.get("units", ()))
    context = {
        "title": TITLES[name],
        "base": URLS[f"{name}s"],
        "name": name,
        "values": {"place": who.place, **values},
        "chosen": chosen,
        "beyond": [naming.unit_name(unit, knowledge) for unit in chosen if unit not in dict(units)],
        "kinds": words.kinds_for(who, knowledge),
        "unnamed": _unnamed(who, knowledge) if matter is CALL else [],
        "forms": list(words.FORMS.items()),
        "proofs": list(words.PROOFS.items()),
        "places": places(who, knowledge),
        "units": sorted(units, key=lambda one: one[0] not in chosen),
        "errors": {"": sentence(refused)} if refused else {},
    }
    status = STATUS[type(refused)] if isinstance(refused, BadInput | IllegalMove | NotFound) else 200
    return render(request, "desk/matter_new.html", context, status=status)
