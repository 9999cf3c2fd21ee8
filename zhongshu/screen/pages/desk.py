"""工作台 the work list of every level, its filters and counts, the arbitration desk and the stuck list."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import urlencode

from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext as _

from zhongshu.data import assigning, casefile, lists, people
from zhongshu.data.lists import Wanted
from zhongshu.kernel.access import Viewer
from zhongshu.kernel.desk import Knowledge
from zhongshu.kernel.lifecycle import Role
from zhongshu.screen import gate, naming, story, tabs
from zhongshu.screen.choosing import category_options, offered
from zhongshu.screen.frame import URLS
from zhongshu.screen.pages import desk_bulk, desk_views
from zhongshu.screen.pages.account import signed_in, viewer
from zhongshu.screen.pages.desk_filters import descendants, known, local_day, read_filters
from zhongshu.screen.queries import whole
from zhongshu.screen.templatetags.screen import RUNNING, listed

__all__ = [
    "arbitration",
    "cases",
    "category_options",
    "choices",
    "counts",
    "descendants",
    "local_day",
    "standing",
    "stuck",
]

UNSEEN = ("queue", "bbox", "opened", "closed", "broken", "urgent", "due_soon", "stuck", "proactive")
"""What narrows a list without a field of its own: it stays while the fields change."""
WAITING = ("mine", "queue", "overdue", "due_soon", "assignee")
"""Lists of what waits for somebody: by their limits, unless the person asks otherwise."""
BADGE = 100
"""A tab counts up to here; from there it says "99+"."""
BADGE_SECONDS = 20


def _joined(state: str) -> list[tuple[str, str]]:
    """A list of several states as one choice more, so that narrowing it further does not lose it."""
    several = [code for code in state.split(",") if code in naming.STATES]
    return [(state, listed(naming.STATES[code] for code in several))] if len(several) > 1 else []


def choices(who: Viewer, knowledge: Knowledge, given: Mapping[str, str]) -> dict[str, list[tuple[Any, Any]]]:
    """What the selects offer: the units and the divisions of this post's own place and the level below."""
    return {
        "states": [*_joined(given.get("state", "")), *naming.STATES.items()],
        **offered(who, knowledge),
        "assignees": _people(who, given.get("unit", "")),
    }


def _people(who: Viewer, unit: str) -> list[tuple[Any, Any]]:
    """担当人: oneself, nobody yet, and the people of the chosen unit, or of one's own."""
    named = assigning.colleagues(unit or who.unit)
    return [("me", _("我")), ("none", _("无人认领")), *(one for one in named if one[0] != who.user)]


def _count_text(page: lists.Page) -> str:
    if page.count is None:
        return ""
    return _("{n} 件").format(n=f"{page.count:,}" + ("+" if page.capped else ""))


def _shown(who: Viewer, found: Sequence[Mapping[str, Any]], knowledge: Knowledge) -> list[dict[str, Any]]:
    """Rows with what was asked of them and, for the unit's own people and chiefs, in whose hands they are."""
    asked = lists.asked(who, [row["id"] for row in found])
    stands = standing(who, found)
    seen = {row["id"] for row in found if row["host"] == who.unit or Role.CHIEF in who.roles}
    own = {row["claimed"] for row in found if row["claimed"] and row["id"] in seen}
    named = people.names(own) if own else {}
    return [
        {
            **naming.case_row(dict(row), knowledge),
            "asked": [naming.FACTS[kind] for kind in asked.get(row["id"], ())],
            "claimed_by": named.get(row["claimed"], "") if row["id"] in seen else "",
            "clock_name": naming.CLOCKS.get(row.get("clock", ""), ""),
            "standing": stands.get(row["id"]),
            "must_meet": row["state"] in ("undecided", "returned") and row["returned"] > 1 and not row["met"],
        }
        for row in found
    ]


def standing(who: Viewer, found: Sequence[Mapping[str, Any]]) -> dict[int, dict[str, Any]]:
    """Of open cases that are not being handled just now, by id: the clock that counts instead, and how others ended."""
    states = {row["id"]: row["state"] for row in found if row["closed_at"] is None and row["state"] not in RUNNING}
    return {case: story.standing(rows, states[case]) for case, rows in lists.clocks(who, list(states)).items()}


def _partial(request: HttpRequest) -> bool:
    return request.headers.get("HX-Request") == "true" and not request.headers.get("HX-History-Restore-Request")


def page_of(who: Viewer, wanted: Wanted, given: Mapping[str, str], mark: str) -> lists.Page:
    """One page of a list, in the order that it is worked in."""
    if wanted.queue == lists.TAIL:
        return lists.tail(who, wanted, timezone.now(), whole(mark) or 0)
    if ordered(given) == "clock":
        return lists.by_clock(who, wanted, timezone.now(), mark)
    return lists.page(who, wanted, timezone.now(), whole(mark))


def ordered(given: Mapping[str, str]) -> str:
    """clock or new: what is searched for is shown newest first, what waits for somebody by its limit."""
    if given.get("q"):
        return "new"
    return given.get("order") or ("clock" if any(given.get(name) for name in WAITING) else "new")


def _listing(request: HttpRequest, template: str, given: Mapping[str, str]) -> HttpResponse:
    who, knowledge = viewer(request), gate.hub().tools.knowledge
    page = page_of(who, read_filters(given, knowledge, who.user), given, request.GET.get("cursor", ""))
    context: dict[str, Any] = {
        "cases": _shown(who, page.rows, knowledge),
        "next_cursor": page.next or "",
        "count_text": _count_text(page),
        "matching": page.count or 0,
        "order": ordered(given),
        "filters": given,
        "came": f"?{urlencode({'from': urlencode(known(given))})}",
        **desk_bulk.bar(who, given, any(row["host"] == who.unit for row in page.rows)),
    }
    if _partial(request):
        response = render(request, "desk/rows.html", context)
    else:
        more = {
            "choices": choices(who, knowledge, given),
            "kept": [(name, given[name]) for name in UNSEEN if given.get(name)],
            "tabs": tabs.tabs(who, given),
            "counts_url": f"{URLS['cases']}/counts?{urlencode(known(given))}",
            "split": request.COOKIES.get("desk") == "split",
            "unfinished": desk_bulk.unfinished(who),
            **desk_views.offered(who, given),
        }
        response = render(request, template, context | more)
    # The rows alone have the address of the whole page: a browser going back must not show them as the page.
    response["Cache-Control"] = "no-store"
    patch_vary_headers(response, ["HX-Request"])
    return response


@signed_in()
def cases(request: HttpRequest) -> HttpResponse:
    """工作台: without any filter one's own first view, otherwise what waits for this post by its limits."""
    who = viewer(request)
    given = {name: value for name, value in request.GET.dict().items() if value}
    return _listing(request, "desk/list.html", given or desk_views.first(who) or _waiting(who))


def _waiting(who: Viewer) -> dict[str, str]:
    """What waits for this post; for a chief what was asked, or, when nothing was, all that is open by its limits."""
    if who.roles & tabs.WORKING:
        return {"mine": "1"}
    asked = lists.matching(who, Wanted(queue="asked"), timezone.now(), 1)
    return {"queue": "asked"} if asked else {"open": "1", "order": "clock"}


@signed_in()
def counts(request: HttpRequest) -> HttpResponse:
    """清单数: the tabs with how many cases each holds, at most a hundred; looked up apart, so that no page waits."""
    who, knowledge = viewer(request), gate.hub().tools.knowledge

    def count(query: Mapping[str, str]) -> int:
        key = f"desk:{who.user}:{who.post}:{urlencode(query)}"
        found: int | None = cache.get(key)
        if found is None:
            found = len(lists.matching(who, read_filters(query, knowledge, who.user), timezone.now(), BADGE))
            cache.set(key, found, BADGE_SECONDS)
        return found

    given = known(request.GET.dict())
    context = {
        "tabs": tabs.counted(who, given, count),
        "counted": True,
        "counts_url": f"{URLS['cases']}/counts?{urlencode(given)}",
        **desk_views.offered(who, given),
    }
    return render(request, "parts/desk_tabs.html", context)


@signed_in(Role.ARBITER, Role.CHIEF)
def arbitration(request: HttpRequest) -> HttpResponse:
    """裁定: what no duty matched, or what came back; the ruling itself is made on the case's page."""
    given = {"order": "clock", **request.GET.dict(), "state": request.GET.get("state") or "undecided,returned"}
    return _listing(request, "desk/arbitration.html", given)


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
