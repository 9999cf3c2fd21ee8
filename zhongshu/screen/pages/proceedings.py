"""数据资源工作台 the data desk: what waits for this post, every proceeding, one with its moves, and how one begins."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from zhongshu.data import proceedings as rows
from zhongshu.hub.resources import moves, proceedings
from zhongshu.hub.resources.classes import CLASS_FAMILY
from zhongshu.kernel.errors import BadInput, IllegalMove, NotFound
from zhongshu.screen import gate, resources
from zhongshu.screen.frame import URLS
from zhongshu.screen.middleware import STATUS
from zhongshu.screen.pages.account import signed_in, viewer
from zhongshu.screen.queries import whole
from zhongshu.screen.story import sentence

NEWEST = 2**63 - 1
BOXES: tuple[tuple[str, Any], ...] = (
    ("", _("待我办理")),
    ("asker", _("我方发起")),
    ("provider", _("我方答复")),
    ("all", _("全部")),
)


@signed_in()
def listing(request: HttpRequest) -> HttpResponse:
    """The inbox: `box` what waits for me, what my unit asked or must answer, or all; `family`, `state`, `late`."""
    who, knowledge = viewer(request), gate.hub().tools.knowledge
    box, family = request.GET.get("box", ""), request.GET.get("family", "")
    asked = {"family": family, "state": request.GET.get("state", ""), "late": request.GET.get("late") == "1"}
    asked |= {"side": box if box in moves.SIDES else "", "subject": request.GET.get("subject", "")}
    waits = proceedings.waits(who, knowledge) if not box else None
    found = rows.listed(who, whole(request.GET.get("cursor", "")) or NEWEST, waits, **asked)
    families = resources.families()
    context = {
        "tabs": resources.tabs("inbox"),
        "boxes": [(code, label, code == box) for code, label in BOXES],
        "box": box,
        "families": families,
        "family": family,
        "states": resources.states(family),
        "asked": asked,
        "rows": [resources.row(one, knowledge) for one in found],
        "next": found[-1]["id"] if len(found) == rows.SIZE else None,
        "begin_url": f"{URLS['data']}/begin",
        "births": [_birth(code, name) for code, name in families if _may_begin(code, who.roles)],
    }
    return render(request, "data/inbox.html", context)


def _birth(code: str, name: str) -> dict[str, Any]:
    return {**resources.button(moves.births(code)[0]), "kind": code, "label": name}


def _may_begin(family: str, roles: frozenset[Any]) -> bool:
    """Those that name no subject begin here; the others where their subject is shown."""
    births = moves.births(family)
    return bool(births) and bool(births[0].roles & roles) and family in moves.FREE


@signed_in()
@require_POST
def begin(request: HttpRequest) -> HttpResponse:
    """One begins; back to its page, or to the list with the sentence that refuses it."""
    family = request.POST.get("family", "")
    births = moves.births(family)
    if not births:
        raise NotFound(f"there is no family {family!r} / 没有这类事项")
    told = resources.given(births[0], request.POST)
    fact = proceedings.begin(gate.hub().desk, viewer(request), family, told, request.POST.get("subject", ""))
    return redirect(f"{URLS['data']}/proceedings/{fact.subject}")


@signed_in()
def show(request: HttpRequest, proceeding: int) -> HttpResponse:
    found = rows.whole(viewer(request), proceeding)
    if found is not None and found["family"] == CLASS_FAMILY:
        return redirect(f"{URLS['data']}/training/classes/{proceeding}")
    return _page(request, proceeding)


def _page(request: HttpRequest, proceeding: int, refused: Exception | None = None) -> HttpResponse:
    who, knowledge = viewer(request), gate.hub().tools.knowledge
    found = rows.whole(who, proceeding)
    if found is None:
        raise NotFound(f"there is no proceeding {proceeding} here / 没有这件事项，或不在您的范围内")
    context = {
        "tabs": resources.tabs("inbox"),
        "one": resources.row(found, knowledge),
        "said": resources.said(found["given"]),
        "timeline": [resources.step(fact, knowledge) for fact in found["timeline"]],
        "buttons": [resources.button(move) for move in proceedings.open_moves(who, found, knowledge)],
        "act_url": f"{URLS['data']}/proceedings/{proceeding}/act",
        "errors": {"": sentence(refused)} if refused else {},
    }
    status = STATUS[type(refused)] if isinstance(refused, BadInput | IllegalMove) else 200
    return render(request, "data/proceeding.html", context, status=status)


@signed_in()
@require_POST
def act(request: HttpRequest, proceeding: int) -> HttpResponse:
    """A person's move; the page again, with the sentence that refuses it when it is refused."""
    who, name = viewer(request), request.POST.get("move", "")
    found = rows.whole(who, proceeding)
    if found is None:
        raise NotFound(f"there is no proceeding {proceeding} here / 没有这件事项，或不在您的范围内")
    try:
        told = resources.given(moves.move_of(found["family"], name), request.POST)
        proceedings.act(gate.hub().desk, who, proceeding, name, told)
    except (BadInput, IllegalMove) as error:
        return _page(request, proceeding, error)
    return redirect(f"{URLS['data']}/proceedings/{proceeding}")
