"""质量看板 the quality board: data set by dimension, why one fell, its rules, the rows that failed, tickets."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from zhongshu.data.catalogue import entries
from zhongshu.data.quality import courses, kept, told
from zhongshu.data.quality.rules import Rule
from zhongshu.hub.resources import moves, proceedings
from zhongshu.hub.resources import quality as work
from zhongshu.hub.resources.courses import may
from zhongshu.kernel.access import Viewer
from zhongshu.kernel.desk import Knowledge
from zhongshu.kernel.errors import BadInput, IllegalMove, NotFound
from zhongshu.kernel.places import Level
from zhongshu.screen import gate, naming, quality, resources
from zhongshu.screen.frame import URLS
from zhongshu.screen.middleware import STATUS
from zhongshu.screen.pages.account import signed_in, viewer
from zhongshu.screen.queries import whole
from zhongshu.screen.story import moment, sentence

GRID = 32
"""Digits of the smallest place that a row may bear."""
AT_ONCE = 20.0
"""Seconds that a check may have taken last time for a person to wait for it; longer ones are the errand's."""


@signed_in()
def board(request: HttpRequest) -> HttpResponse:
    """Every data set that has rules, the worst first."""
    who = viewer(request)
    known, ruled, runs = entries.every(), kept.rules(), kept.board(who)
    lost, waiting = kept.suspended(), _open_tickets(who, ruled)
    rows = [
        (runs.get(name, []), quality.board_row(known[name], runs.get(name, []), name in lost, waiting[name]))
        for name in ruled
        if name in known
    ]
    rows.sort(key=lambda one: (not one[0], one[0][0]["total"] or 0 if one[0] else 0))
    context = {
        "tabs": resources.tabs("quality"),
        "dimensions": quality.dimensions(),
        "rows": [row for _runs, row in rows],
        "bars": work.bars(),
    }
    return render(request, "data/quality.html", context)


def _open_tickets(who: Viewer, ruled: Mapping[str, list[Rule]]) -> Counter[str]:
    of_rule = {f"rule:{rule.code}": name for name, held in ruled.items() for rule in held}
    found = kept.tickets(who, list(of_rule))
    return Counter(of_rule[one["subject"]] for one in found if one["ended_at"] is None)


def _held(dataset: str) -> tuple[entries.Dataset, list[Rule]]:
    """A data set and its rules; NotFound without either."""
    found, held = entries.one(dataset), kept.rules().get(dataset, [])
    if not held:
        raise NotFound(f"there are no quality rules for {dataset!r} / 没有这个数据资源的质量规则")
    return found, held


@signed_in()
def show(request: HttpRequest, dataset: str) -> HttpResponse:
    return _page(request, dataset)


def _page(request: HttpRequest, dataset: str, refused: Exception | None = None) -> HttpResponse:
    """One data set: why it fell, its rules, its runs, its tickets."""
    who, knowledge = viewer(request), gate.hub().tools.knowledge
    found, held = _held(dataset)
    runs = kept.board(who, dataset).get(dataset, [])
    asked = request.GET.get("dimension", "")
    context = {
        "tabs": resources.tabs("quality"),
        "one": quality.board_row(found, runs, dataset in kept.suspended(), 0),
        "dataset": dataset,
        "provider_name": naming.unit_name(found.provider, knowledge),
        "dimensions": quality.dimensions(),
        "dimension": asked,
        "said": runs[0]["said"] if runs else "",
        "runs": [{**one, "at": moment(one["at"]), "total": quality.percent(one["total"])} for one in runs],
        "fall": _fall(who, runs, held, knowledge),
        "rules": _rules(who, (found, held), runs, asked),
        "may_run": moves.of_bureau(who, knowledge),
        "courses": _courses(who, dataset) if may(who, found, _bureau_of(knowledge)) else None,
        "errors": {"": sentence(refused)} if refused else {},
        "begin_url": f"{URLS['data']}/begin",
    }
    status = STATUS[type(refused)] if isinstance(refused, BadInput | IllegalMove) else 200
    return render(request, "data/quality_dataset.html", context, status=status)


def _bureau_of(knowledge: Knowledge) -> str:
    return knowledge.unit_at.get((knowledge.city, moves.BUREAU), "")


def _courses(who: Viewer, dataset: str) -> list[dict[str, Any]]:
    return [{**one, "opened_at": moment(one["opened_at"])} for one in courses.of_dataset(who, dataset)]


def _fall(who: Viewer, runs: list[dict[str, Any]], held: list[Rule], knowledge: Knowledge) -> dict[str, Any] | None:
    digits = knowledge.scheme.lengths[Level.STREET - 1]
    found = told.fall(who, runs, held, digits)
    if found is None:
        return None
    return {
        "now": quality.percent(found.now["total"]),
        "before": quality.percent(found.before["total"]),
        "before_at": moment(found.before["at"]),
        "dimension": quality.dimension_name(found.dimension),
        "rule": quality.rule_name(found.rule),
        "item": found.rule.item,
        "share": quality.percent(found.share),
        "share_before": quality.percent(found.share_before),
        "failing": found.failing,
        "rows_url": f"{quality.ADDRESS}/{found.rule.dataset}/rows?rule={found.rule.code}",
        "places": [(quality.where(code, knowledge), n) for code, n in found.places],
        "tickets": [resources.row(_as_row(one), knowledge) for one in found.tickets],
    }


def _as_row(ticket: Mapping[str, Any]) -> dict[str, Any]:
    """A ticket as lists show proceedings; its times as the API tells them."""
    times = {name: ticket[name] and ticket[name].isoformat() for name in ("due_at", "ended_at", "opened_at")}
    return {**ticket, **times, "changed_at": None, "asker": "", "providers": []}


def _rules(
    who: Viewer, of: tuple[entries.Dataset, list[Rule]], runs: list[dict[str, Any]], asked: str
) -> list[dict[str, Any]]:
    """The rules of a data set, those of one dimension when asked, what fails most first."""
    found, held = of
    chosen = [rule for rule in held if not asked or rule.dimension == asked]
    new = kept.results(who, runs[0]["id"]) if runs else {}
    old = kept.results(who, runs[1]["id"]) if len(runs) > 1 else {}
    tickets = {one["subject"]: one for one in reversed(kept.tickets(who, [f"rule:{rule.code}" for rule in chosen]))}
    button = _ticket_button(who)
    rows = []
    for rule in chosen:
        row = quality.rule_row(rule, new.get(rule.code), told.share(old.get(rule.code)), found)
        ticket = tickets.get(f"rule:{rule.code}")
        row["ticket"] = ticket and resources.row(_as_row(ticket), gate.hub().tools.knowledge)
        free = ticket is None or ticket["ended_at"] is not None
        row["button"] = button if button and row["failing"] and free else None
        rows.append(row)
    return sorted(rows, key=lambda one: (not one["failing"], -one["failing"]))


def _ticket_button(who: Viewer) -> dict[str, Any] | None:
    """The dialog that begins a ticket, for those who may; what the page knows is not asked for."""
    birth = moves.births("ticket")[0]
    blank = {"asker": "", "providers": [], "people": {}, "state": ""}
    if moves.stands(birth, blank, who, gate.hub().tools.knowledge):
        return None
    told_ = resources.button(birth)
    return {**told_, "kind": "ticket", "fields": [one for one in told_["fields"] if one["name"] == "text"]}


@signed_in()
@require_POST
def ticket(request: HttpRequest, dataset: str) -> HttpResponse:
    """A ticket to the source about one rule; how many rows fail comes from the newest run."""
    who, code = viewer(request), request.POST.get("rule", "")
    runs = kept.board(who, dataset).get(dataset, [])
    counted = kept.results(who, runs[0]["id"]).get(code) if runs else None
    given: dict[str, Any] = {"text": request.POST.get("text", "").strip()}
    if counted:
        given |= {"count": counted["checked"] - counted["met"], "run": runs[0]["id"]}
    try:
        fact = proceedings.begin(gate.hub().desk, who, "ticket", given, f"rule:{code}")
    except (BadInput, IllegalMove) as error:
        return _page(request, dataset, error)
    return redirect(f"{URLS['data']}/proceedings/{fact.subject}")


@signed_in()
@require_POST
def run(request: HttpRequest, dataset: str) -> HttpResponse:
    """Look at the data set now, when that takes no longer than a person waits; else it is the errand's."""
    who = viewer(request)
    _held(dataset)
    runs = kept.board(who, dataset).get(dataset, [])
    try:
        if not moves.of_bureau(who, gate.hub().tools.knowledge):
            raise IllegalMove("only the data bureau checks at once / 只有数据管理部门可以立即检查")
        if runs and runs[0]["seconds"] > AT_ONCE:
            raise IllegalMove(_("这个数据资源检查一次要 %d 秒，请等后台按期检查") % runs[0]["seconds"])
        work.inspect(gate.hub().desk, dataset)
    except (BadInput, IllegalMove) as error:
        return _page(request, dataset, error)
    return redirect(f"{quality.ADDRESS}/{dataset}")


@signed_in()
def rows(request: HttpRequest, dataset: str) -> HttpResponse:
    """The rows that failed one rule in the newest run (or in `run`), within the viewer's place."""
    who, knowledge = viewer(request), gate.hub().tools.knowledge
    found, held = _held(dataset)
    rule = next((one for one in held if one.code == request.GET.get("rule", "")), None)
    if rule is None:
        raise NotFound("there is no such rule / 没有这条质量规则")
    runs = kept.board(who, dataset).get(dataset, [])
    number = whole(request.GET.get("run", "")) or (runs[0]["id"] if runs else 0)
    counted = kept.results(who, number).get(rule.code)
    shown = kept.fails(who, number, rule.code, whole(request.GET.get("after", "")) or 0)
    of = rule.other[0] if rule.kind == "frame" else dataset
    context = {
        "tabs": resources.tabs("quality"),
        "name": quality.dataset_name(found),
        "dataset": dataset,
        "of": of,
        "frame": rule.kind == "frame",
        "rule": quality.rule_row(rule, counted, None, found),
        "kept": counted["kept"] if counted else 0,
        "rows": [{**one, "place_name": quality.where(one["place"], knowledge)} for one in shown],
        "next": shown[-1]["id"] if len(shown) == kept.SIZE else None,
        "run": number,
        "places": [(quality.where(code, knowledge), n) for code, n in kept.by_place(who, number, rule.code, GRID)],
        "button": {**resources.button(moves.births("correction")[0]), "kind": "correction"},
        "begin_url": f"{URLS['data']}/begin",
    }
    return render(request, "data/quality_rows.html", context)
