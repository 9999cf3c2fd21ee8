"""批量操作 one move on many cases: done some at a time, each result told, taken back where that is honest."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_POST

from zhongshu.data import assigning, lists
from zhongshu.data import bulk as jobs
from zhongshu.data.bulk import Job
from zhongshu.hub import bulk
from zhongshu.hub.enrich import UNDO_WITHIN, UNDOABLE
from zhongshu.kernel.access import Viewer
from zhongshu.kernel.errors import IllegalMove
from zhongshu.kernel.facts import Kind
from zhongshu.kernel.lifecycle import arrow
from zhongshu.screen import gate, naming, tabs
from zhongshu.screen.frame import URLS
from zhongshu.screen.pages.account import signed_in, viewer
from zhongshu.screen.pages.desk_filters import known, read_filters, spelt
from zhongshu.screen.queries import whole
from zhongshu.screen.story import sentence

URL = URLS["cases"] + "/bulk"


def bar(who: Viewer, given: Mapping[str, str], own: bool) -> dict[str, Any]:
    """What the bar of bulk actions offers: moves that can be taken back, and those that can't, apart.

    `own`: the page shows a case of the viewer's own unit.
    """
    return {
        **offered(who, tabs.bulk_acts(who, given, own)),
        "bulk_most": bulk.MOST,
        "bulk_query": urlencode(known(given)),
    }


def offered(who: Viewer, acts: Sequence[tuple[str, Any]]) -> dict[str, Any]:
    """These moves as a bar of bulk actions shows them."""
    kinds = {kind for kind, _label in acts}
    return {
        "bulk_acts": acts,
        "bulk_undoable": [one for one in acts if one[0] in UNDOABLE],
        "bulk_final": [one for one in acts if one[0] not in UNDOABLE],
        "bulk_minutes": int(UNDO_WITHIN.total_seconds() // 60),
        "answer_limits": tabs.ANSWER_LIMITS if Kind.SUPERVISED in kinds else (),
        "persons": assigning.colleagues(who.unit) if Kind.ASSIGNED in kinds else [],
        "bulk_url": URL,
    }


def unfinished(who: Viewer) -> list[dict[str, Any]]:
    """Jobs of this person that were broken off, to be gone on with."""
    return [
        {**one, "name": naming.FACTS.get(one["kind"], one["kind"]), "url": f"{URL}/{one['id']}"}
        for one in jobs.unfinished(who)
    ]


@require_POST
@signed_in()
def begin(request: HttpRequest) -> HttpResponse:
    """The ticked cases, or with `every` all that the list holds; the first step is done at once."""
    who, kind, hub = viewer(request), request.POST.get("kind", ""), gate.hub()
    allowed = kind in {*tabs.BULK, *tabs.ANSWERS}
    if request.POST.get("every") == "1" and allowed:
        wanted = read_filters(spelt(request.POST.get("query", "")), hub.tools.knowledge, who.user)
        ids = lists.matching(who, wanted, timezone.now(), bulk.MOST)
    else:
        ids = [found for one in request.POST.getlist("case") if (found := whole(one))]
    payload = tabs.bulk_payload(kind, request.POST.dict())
    if allowed and any(name not in payload for name in arrow(kind).fields if name != "person"):
        # A job in which nothing could succeed would only tell so case by case.
        return render(request, "desk/bulk_lacks.html", {"kind_name": naming.FACTS[kind]})
    number = bulk.begin(who, kind if allowed else Kind.SIGNED, payload, ids if allowed else [])
    return _told(request, bulk.step(hub, who, number))


@signed_in()
def show(request: HttpRequest, job: int) -> HttpResponse:
    """How far a job is; posted, its next step."""
    who = viewer(request)
    found = bulk.step(gate.hub(), who, job) if request.method == "POST" else bulk.found(who, job)
    return _told(request, found)


@require_POST
@signed_in()
def undo(request: HttpRequest, job: int) -> HttpResponse:
    """撤回这一批: a job of its own, whose first step is done at once."""
    who, hub = viewer(request), gate.hub()
    try:
        number = bulk.undo(hub, who, job)
    except IllegalMove as error:
        return _told(request, bulk.found(who, job), sentence(error))
    return _told(request, bulk.step(hub, who, number))


def _told(request: HttpRequest, job: Job, refused: str = "") -> HttpResponse:
    numbers = {row["id"]: row["number"] for row in lists.rows(viewer(request), [one["case"] for one in job.failed])}
    context = {
        "job": job,
        "job_url": f"{URL}/{job.id}",
        "kind_name": naming.FACTS.get(job.kind, job.kind),
        "may_undo": not job.waiting and bulk.undoable(gate.hub(), job),
        "final": job.kind not in UNDOABLE and not job.undoes,
        "bulk_minutes": int(UNDO_WITHIN.total_seconds() // 60),
        "refused": refused,
        "failed": [
            {"id": one["case"], "number": numbers.get(one["case"], one["case"]), "sentence": sentence(one["sentence"])}
            for one in job.failed
        ],
    }
    whole = request.headers.get("HX-Request") != "true" and request.method == "GET"
    return render(request, "desk/bulk.html" if whole else "desk/bulk_result.html", context)
