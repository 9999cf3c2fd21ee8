"""工作台 the work list of every level, its filters, bulk actions, the arbitration desk and the stuck list."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from zhongshu.data import casefile, lists, people
from zhongshu.data.lists import Box, Wanted
from zhongshu.hub.hub import Move
from zhongshu.kernel.access import Viewer
from zhongshu.kernel.desk import Knowledge
from zhongshu.kernel.facts import Kind
from zhongshu.kernel.lifecycle import Role
from zhongshu.kernel.places import Level
from zhongshu.screen import gate, naming, tabs
from zhongshu.screen.frame import URLS
from zhongshu.screen.pages.account import signed_in, viewer
from zhongshu.screen.story import sentence

FLAGS = ("overdue", "due_soon", "mine", "urgent", "stuck", "open", "proactive")
BULK_AT_MOST = 200
OPTIONS_AT_MOST = 600


def local_day() -> datetime:
    """The moment at which today began where the city lies."""
    return timezone.localtime().replace(hour=0, minute=0, second=0, microsecond=0)


def whole(text: str) -> int | None:
    """A positive number from a form or a query string that the database can hold; None for anything else."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else None


def read_filters(given: Mapping[str, str], knowledge: Knowledge) -> Wanted:
    """A query string as what to look for; what makes no sense is passed over."""
    category, place = given.get("category", ""), given.get("place", "")
    since = {"today": local_day(), "week": local_day() - timedelta(days=6)}
    return Wanted(
        q=given.get("q", "")[:200],
        states=tuple(state for state in given.get("state", "").split(",") if state in naming.STATES),
        categories=descendants(category, knowledge) if category else (),
        unit=given.get("unit", "")[:64],
        place=knowledge.scheme.span(place) if place in knowledge.names else None,
        opened_since=since.get(given.get("opened", "")),
        closed_since=since.get(given.get("closed", "")),
        box=_box(given.get("bbox", "")),
        queue=given.get("queue", "") if given.get("queue") in (*lists.QUEUES, lists.TAIL) else "",
        **{flag: given.get(flag) == "1" for flag in FLAGS},
    )


def _box(text: str) -> Box | None:
    try:
        west, south, east, north = (float(part) for part in text.split(","))
    except ValueError:
        return None
    return west, south, east, north


def descendants(code: str, knowledge: Knowledge) -> tuple[str, ...]:
    """A category and everything below it."""
    children: dict[str, list[str]] = {}
    for one in knowledge.categories.values():
        children.setdefault(one.parent, []).append(one.code)
    found, todo = [], [code]
    while todo:
        found.append(todo.pop())
        todo += [child for child in children.get(found[-1], ()) if child not in found]
    return tuple(found)


def _joined(state: str) -> list[tuple[str, str]]:
    """A list of several states as one choice more, so that narrowing it further does not lose it."""
    several = [code for code in state.split(",") if code in naming.STATES]
    return [(state, "、".join(str(naming.STATES[code]) for code in several))] if len(several) > 1 else []


def choices(who: Viewer, knowledge: Knowledge, state: str = "") -> dict[str, list[tuple[str, Any]]]:
    """What the four selects offer: the units and the divisions of this post's own place and the level below."""
    below = min(Level.COMMUNITY, who.level + 1)
    units = [one for one in knowledge.units.values() if one.level <= below and who.span.holds(one.place)]
    places = [
        (code, name)
        for code, name in sorted(knowledge.names.items())
        if who.span.holds(code) and who.level <= knowledge.scheme.level(code) <= below
    ]
    return {
        "states": [*_joined(state), *naming.STATES.items()],
        "categories": category_options(knowledge),
        "units": [(one.code, naming.unit_name(one.code, knowledge)) for one in units[:OPTIONS_AT_MOST]],
        "places": places[:OPTIONS_AT_MOST],
    }


def category_options(knowledge: Knowledge) -> list[tuple[str, str]]:
    """Every category by its full name, parents before children."""
    named = [(code, naming.category_name(code, knowledge)) for code in knowledge.categories]
    return sorted(named, key=lambda pair: pair[0])


def _count_text(page: lists.Page) -> str:
    if page.count is None:
        return ""
    return _("{n} 件").format(n=f"{page.count:,}" + ("+" if page.capped else ""))


def _shown(who: Viewer, found: Sequence[Mapping[str, Any]], knowledge: Knowledge) -> list[dict[str, Any]]:
    """Rows with what was asked of them and, for the unit's own people, who has claimed them."""
    asked = lists.asked(who, [row["id"] for row in found])
    own = {row["claimed"] for row in found if row["claimed"] and row["host"] == who.unit}
    named = people.names(own) if own else {}
    return [
        {
            **naming.case_row(dict(row), knowledge),
            "asked": [naming.FACTS[kind] for kind in asked.get(row["id"], ())],
            "claimed_by": named.get(row["claimed"], "") if row["host"] == who.unit else "",
            "must_meet": row["state"] in ("undecided", "returned") and row["returned"] > 1 and not row["met"],
        }
        for row in found
    ]


def _partial(request: HttpRequest) -> bool:
    return request.headers.get("HX-Request") == "true" and not request.headers.get("HX-History-Restore-Request")


def _listing(request: HttpRequest, template: str, given: Mapping[str, str]) -> HttpResponse:
    who, knowledge = viewer(request), gate.hub().tools.knowledge
    wanted = read_filters(given, knowledge)
    mark = request.GET.get("cursor", "")
    page = (
        lists.tail(who, wanted, timezone.now(), whole(mark) or 0)
        if wanted.queue == lists.TAIL
        else lists.page(who, wanted, timezone.now(), whole(mark))
    )
    context: dict[str, Any] = {
        "cases": _shown(who, page.rows, knowledge),
        "next_cursor": page.next or "",
        "count_text": _count_text(page),
        "bulk_acts": tabs.bulk_acts(who, given),
        "answer_limits": tabs.ANSWER_LIMITS if Kind.SUPERVISED in dict(tabs.bulk_acts(who, given)) else (),
        "tabs": tabs.tabs(who, given),
        "bulk_url": URLS["cases"] + "/bulk",
        "filters": given,
    }
    if _partial(request):
        response = render(request, "desk/rows.html", context)
    else:
        response = render(request, template, {**context, "choices": choices(who, knowledge, given.get("state", ""))})
    # The rows alone have the address of the whole page: a browser going back must not show them as the page.
    response["Cache-Control"] = "no-store"
    patch_vary_headers(response, ["HX-Request"])
    return response


@signed_in()
def cases(request: HttpRequest) -> HttpResponse:
    """工作台: without any filter a post sees what waits for it; a chief, for whom nothing waits, all that is open."""
    first = "mine" if viewer(request).roles & tabs.WORKING else "open"
    return _listing(request, "desk/list.html", request.GET.dict() or {first: "1"})


@signed_in(Role.ARBITER, Role.CHIEF)
def arbitration(request: HttpRequest) -> HttpResponse:
    """裁定: what no duty matched, or what came back; the ruling itself is made on the case's page."""
    given = {**request.GET.dict(), "state": request.GET.get("state") or "undecided,returned"}
    return _listing(request, "desk/arbitration.html", given)


@require_POST
@signed_in()
def bulk(request: HttpRequest) -> HttpResponse:
    """批量操作: one move on many cases in one transaction; each that isn't allowed says why."""
    who, kind = viewer(request), request.POST.get("kind", "")
    ids = [found for one in request.POST.getlist("case") if (found := whole(one))][:BULK_AT_MOST]
    if kind not in {*tabs.BULK, *tabs.ANSWERS}:
        ids = []
    words = request.POST.get("reason", "").strip()[:2000]
    payload = tabs.bulk_payload(kind, words, request.POST.get("answer_minutes", ""))
    outcomes = gate.hub().act_many([Move(who, one, kind, payload) for one in dict.fromkeys(ids)])
    failed = [outcome for outcome in outcomes if outcome.error]
    numbers = {row["id"]: row["number"] for row in lists.rows(who, [one.move.case for one in failed])}
    context = {
        "done": [one.move.case for one in outcomes if not one.error],
        "failed": [
            {"id": one.move.case, "number": numbers.get(one.move.case, one.move.case), "sentence": sentence(one.error)}
            for one in failed
        ],
    }
    return render(request, "desk/bulk_result.html", context)


@signed_in(Role.OPERATOR, Role.CHIEF)
def stuck(request: HttpRequest) -> HttpResponse:
    """卡单: what a room could not take; a person sends it again."""
    mark = request.GET.get("cursor", "")
    found = casefile.stuck(viewer(request), whole(mark))
    items = [
        {
            **item,
            "kind_name": naming.FACTS.get(item["kind"], item["kind"]),
            "number": item["number"] or item["case_id"],
            "act_url": f"/stuck/{item['id']}",
        }
        for item in found
    ]
    return render(
        request, "desk/stuck.html", {"items": items, "next_cursor": found[-1]["id"] if len(found) == 50 else ""}
    )
