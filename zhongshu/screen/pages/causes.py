"""找源头 the pages of causes: candidates and alarms of the last search, one cause with its places, and what to do."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import orjson
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from zhongshu.data import cause_views, lists
from zhongshu.hub import causes as moves
from zhongshu.hub.cause_effect import Effect, effect
from zhongshu.hub.evaluate import recurrence
from zhongshu.kernel.access import Viewer
from zhongshu.kernel.convening import CALL, CAUSE_ARROWS, DIRECTIVE
from zhongshu.kernel.desk import Knowledge
from zhongshu.kernel.errors import BadInput, IllegalMove, NotFound
from zhongshu.kernel.facts import Kind
from zhongshu.screen import causal as words
from zhongshu.screen import gate, naming
from zhongshu.screen.convening import FACTS
from zhongshu.screen.frame import URLS
from zhongshu.screen.middleware import STATUS
from zhongshu.screen.pages.account import signed_in, viewer
from zhongshu.screen.queries import whole
from zhongshu.screen.story import sentence

DRAWN = 14
"""Links in one drawing: with more of them nobody could follow an arrow. The table beside it has all."""
SHOWN = 60
"""Cases of one place that the page lists."""
WEEKS = 3
"""Weeks of reports below which a search can find no link."""
BESIDE = 0.002
"""Degrees left around the places on the map."""


@signed_in()
def listing(request: HttpRequest) -> HttpResponse:
    """Candidate causes, what goes together, and alarms; `?alarm=` opens the cases of one."""
    who, knowledge = viewer(request), gate.hub().tools.knowledge
    state = request.GET.get("state", "")
    state = state if state in words.STATES else ""
    run = cause_views.run(who)
    links = cause_views.links(who, run["id"]) if run else []
    alarms = cause_views.alarms(who, run["id"]) if run else []
    opened = whole(request.GET.get("alarm", ""))
    context = {
        "state": state,
        "states": [("", _("全部")), *((code, word) for code, (word, _tone, _icon) in words.STATES.items())],
        "causes": [_row(one, knowledge) for one in cause_views.listed(who, state)],
        "run": run and _run(run),
        "graph": words.drawing(links[:DRAWN], knowledge),
        "links": words.rows(links, knowledge),
        "alarms": [_alarm(one, opened, who, knowledge) for one in alarms],
    }
    return render(request, "desk/causes.html", context)


def _run(run: Mapping[str, Any]) -> dict[str, Any]:
    moments = {name: datetime.fromisoformat(run[name]) for name in ("at", "start", "end")}
    return {**run, **moments, "short": run["counts"].get("weeks", 0) < WEEKS}


def _row(found: Mapping[str, Any], knowledge: Knowledge) -> dict[str, Any]:
    word, tone, picture = words.STATES[found["state"]]
    return {
        **found,
        "first_name": words.leaf(found["first"], knowledge),
        "second_name": words.leaf(found["second"], knowledge),
        "first_whole": naming.category_name(found["first"], knowledge),
        "second_whole": naming.category_name(found["second"], knowledge),
        "place_name": naming.place_name(found["place"], knowledge),
        "lag_name": words.lag_text(found["lag"]),
        "p_name": words.p_text(found["p"]),
        "q_name": words.p_text(found["q"]),
        "state_name": word,
        "tone": tone,
        "picture": picture,
        "found_at": datetime.fromisoformat(found["found_at"]),
        **{name: _moment(found[name]) for name in ("tasked_at", "treated_at", "decided_at")},
    }


def _moment(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None


def _alarm(one: Mapping[str, Any], opened: int | None, who: Viewer, knowledge: Knowledge) -> dict[str, Any]:
    return {
        **one,
        "category_name": naming.category_name(one["category"], knowledge),
        "place_name": naming.place_name(one["place"], knowledge),
        "p_name": words.p_text(one["p"]),
        "listed": _cases(who, one["cases"], knowledge) if opened == one["id"] else None,
    }


def _cases(who: Viewer, ids: Sequence[int], knowledge: Knowledge) -> list[dict[str, Any]]:
    return [naming.case_row(row, knowledge) for row in lists.rows(who, ids)]


def _found(who: Viewer, cause: int) -> dict[str, Any]:
    found = cause_views.whole(who, cause)
    if found is None:
        raise NotFound(f"there is no cause {cause} here / 没有这个病因，或不在您的范围内")
    return found


@signed_in()
def show(request: HttpRequest, cause: int) -> HttpResponse:
    """The page of one cause."""
    return _page(request, _found(viewer(request), cause))


def _page(request: HttpRequest, found: Mapping[str, Any], refused: Exception | None = None) -> HttpResponse:
    who, hub = viewer(request), gate.hub()
    knowledge = hub.tools.knowledge
    run = cause_views.run(who, found["run"])
    links = cause_views.links(who, found["run"])
    own = (found["first"], found["second"])
    around = [one for one in links if {one["first"], one["second"]} & set(own)]
    link = next((one for one in links if (one["first"], one["second"]) == own), None)
    places = _places(who, found, knowledge)
    may = moves.open_moves(who, found, hub.clock())
    context = {
        "cause": _row(found, knowledge),
        "run": run and _run(run),
        "link": link,
        "explained": words.explained(link, run["parameters"]["permutations"], knowledge) if link and run else [],
        "graph": words.drawing(around[:DRAWN], knowledge, own),
        "links": words.rows(around, knowledge),
        "places": places,
        "areas": _areas(found, places),
        "bounds": _bounds(places),
        "timeline": [_step(fact, knowledge) for fact in found["timeline"]],
        "buttons": [_button(move.kind) for move in may if move.kind != Kind.CAUSE_TASKED],
        "tasks": _tasks(who, found["id"]) if any(move.kind == Kind.CAUSE_TASKED for move in may) else [],
        "task_url": f"{URLS[found['matter'] + 's']}/{found['task']}" if found["task"] else "",
        "act_url": f"{URLS['causes']}/{found['id']}/act",
        "effect": _effect(who, found, knowledge, request.GET.get("list", "")),
        "errors": {"": sentence(refused)} if refused else {},
    }
    status = STATUS[type(refused)] if isinstance(refused, BadInput | IllegalMove) else 200
    return render(request, "desk/cause.html", context, status=status)


def _places(who: Viewer, found: Mapping[str, Any], knowledge: Knowledge) -> list[dict[str, Any]]:
    """Its concrete places with their cases, those that this viewer may see."""
    wanted = [case for place in found["places"] for case in place["cases"][:SHOWN]]
    rows = {row["id"]: row for row in _cases(who, wanted, knowledge)}
    return [
        {
            **place,
            "n": n,
            "place_name": naming.place_name(place["place"], knowledge),
            "began": datetime.fromisoformat(place["began"]),
            "ended": datetime.fromisoformat(place["ended"]),
            "listed": [rows[case] for case in place["cases"][:SHOWN] if case in rows],
            "more": max(0, len(place["cases"]) - SHOWN),
        }
        for n, place in enumerate(found["places"], 1)
    ]


def _areas(found: Mapping[str, Any], places: Sequence[Mapping[str, Any]]) -> str:
    """Circles and cases for the map, as JSON for its attribute; `kind` 0 is the first class, 1 the second."""
    kinds = {found["first"]: 0, found["second"]: 1}
    areas = [
        {
            "n": place["n"],
            "at": [place["lon"], place["lat"]],
            "metres": found["distance"],
            "name": place["place_name"],
            "cases": [
                [case["lon"], case["lat"], kinds.get(case["category"], 0), case["id"]]
                for case in place["listed"]
                if case["lon"] is not None
            ],
        }
        for place in places
    ]
    return orjson.dumps(areas).decode()


def _bounds(places: Sequence[Mapping[str, Any]]) -> str:
    if not places:
        return ""
    lon, lat = [one["lon"] for one in places], [one["lat"] for one in places]
    edges = (min(lon) - BESIDE, min(lat) - BESIDE, max(lon) + BESIDE, max(lat) + BESIDE)
    return ",".join(f"{edge:.5f}" for edge in edges)


def _step(fact: Mapping[str, Any], knowledge: Knowledge) -> dict[str, Any]:
    p = fact["payload"]
    found = fact["kind"] == Kind.CAUSE_FOUND
    said = _("案件 {n} 件").format(n=p["cases"]) if found else str(p.get("reason", ""))
    return {
        "at": datetime.fromisoformat(fact["at"]),
        "kind_name": FACTS.get(fact["kind"], fact["kind"]),
        "unit_name": naming.actor_name(fact["actor"], p.get("unit", ""), knowledge),
        "text": said,
    }


_REASONS = {
    Kind.CAUSE_CONFIRMED: gettext_lazy("为什么认定是病因（许可、现场、证据）"),
    Kind.CAUSE_DISMISSED: gettext_lazy("为什么不是病因"),
    Kind.CAUSE_SETTLED: gettext_lazy("为什么可以销号（复发情况）"),
}


def _button(kind: str) -> dict[str, Any]:
    reason = {"name": "reason", "label": _REASONS[Kind(kind)], "type": "textarea", "required": True, "options": []}
    return {"kind": kind, "label": FACTS[kind], "fields": [reason]}


def _tasks(who: Viewer, cause: int) -> list[tuple[str, Any]]:
    """(address, label) of the ways to convene a joint task that are open to this post."""
    ways = ((DIRECTIVE, _("下达联合任务指令")), (CALL, _("呼叫各单位联合治理")))
    return [(f"{URLS[f'{m.name}s']}/new?cause={cause}", label) for m, label in ways if m.birth.roles & who.roles]


def _effect(who: Viewer, found: Mapping[str, Any], knowledge: Knowledge, which: str) -> dict[str, Any] | None:
    """复发: the comparison with its numbers and their lists; None before the cause is treated."""
    if found["state"] not in ("treated", "settled") or not found["treated_at"]:
        return None
    told = effect(found, found["places"], knowledge, gate.hub().clock())
    if isinstance(told.told, recurrence.Refused):
        given = {"after": round(recurrence.AFTER), "days": round(told.told.days), "matched": told.told.matched}
        return {"refused": str(words.REFUSALS[told.told.why]).format(**given, least=recurrence.MATCHED)}
    return _compared(who, told, knowledge, which)


def _compared(who: Viewer, told: Effect, knowledge: Knowledge, which: str) -> dict[str, Any]:
    asked = {"before": told.before, "after": told.after}
    found = told.told
    assert isinstance(found, recurrence.Recurrence)
    if found.high < 0:
        verdict = _("减少：区间不含 0")
    else:
        verdict = _("增加：区间不含 0") if found.low > 0 else _("看不出变化：区间含 0")
    return {
        "told": found,
        "radius": told.radius,
        "verdict": verdict,
        "before_n": len(told.before),
        "after_n": len(told.after),
        "list_name": {"before": _("治理前的案件"), "after": _("治理后的案件")}.get(which, ""),
        "listed": _cases(who, asked[which], knowledge) if which in asked else None,
    }


@require_POST
@signed_in()
def act(request: HttpRequest, cause: int) -> HttpResponse:
    """One move from a form of the page; what is refused comes back on the page with its sentence."""
    who, kind = viewer(request), request.POST.get("move", "")
    found = _found(who, cause)
    try:
        reason = request.POST.get("reason", "").strip()[:4000]
        moves.act(gate.hub().desk, who, cause, kind, {"reason": reason} if kind in CAUSE_ARROWS else {})
    except (BadInput, IllegalMove) as error:
        return _page(request, found, error)
    messages.success(request, _("已完成：{act}").format(act=FACTS[kind]))
    return redirect(f"{URLS['causes']}/{cause}")
