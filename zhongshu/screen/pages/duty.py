"""值班台 the duty desk of a unit: who is on duty, what happened in this shift, what waits, log and hand-over."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from zhongshu.data import convening, dutylog, lists, people, rota
from zhongshu.data.lists import Wanted
from zhongshu.hub import duty
from zhongshu.kernel.access import Viewer
from zhongshu.kernel.convening import CALL, DIRECTIVE
from zhongshu.kernel.desk import Knowledge, title_of
from zhongshu.kernel.errors import BadInput, IllegalMove
from zhongshu.screen import gate, naming
from zhongshu.screen.frame import URLS
from zhongshu.screen.middleware import STATUS
from zhongshu.screen.pages.account import signed_in, viewer
from zhongshu.screen.pages.convening import shown
from zhongshu.screen.story import sentence

URGENT = 20
"""Urgent cases that a hand-over offers, the newest."""
WAITING = {"sent", "notified"}
"""States of a unit that has not yet received a directive or answered a call."""
NEVER = timedelta(hours=24)
"""How far back the board looks while nobody has begun a shift."""


@signed_in(*duty.ROLES)
def show(request: HttpRequest) -> HttpResponse:
    """值班台."""
    return _page(request)


@require_POST
@signed_in(*duty.ROLES)
def act(request: HttpRequest) -> HttpResponse:
    """接班, 记事, 交班; what is refused comes back on the page with its sentence."""
    who, hub, given = viewer(request), gate.hub(), request.POST
    try:
        match given.get("act"):
            case "begin":
                begun = duty.begin(hub, who, given.get("reason", ""))
                signed = _("已接班，上一班的交班事项已由您签收。")
                messages.success(request, signed if begun.payload["before"] else _("已接班。"))
            case "note":
                duty.note(hub, who, given.get("text", ""), given.get("open") == "1")
                messages.success(request, _("已记入值班日志。"))
            case _:
                chosen = set(given.getlist("matter"))
                offered = [one for one in _matters(who, hub.tools.knowledge) if one["key"] in chosen]
                kept = [{name: one[name] for name in ("kind", "id", "title")} for one in offered]
                duty.hand(hub, who, given.get("notes", ""), kept)
                messages.success(request, _("已交班，等另一人签收接班。"))
    except (BadInput, IllegalMove) as error:
        return _page(request, error)
    return redirect(URLS["duty"])


def _page(request: HttpRequest, refused: BadInput | IllegalMove | None = None) -> HttpResponse:
    who, knowledge = viewer(request), gate.hub().tools.knowledge
    found = dutylog.shifts(who, who.unit)
    names = people.names(_people(found))
    newest = found[0] if found else None
    since = newest["begun_at"] if newest else timezone.now() - NEVER
    own, asked = _orders(who, knowledge)
    context = {
        "unit_name": naming.unit_name(who.unit, knowledge),
        "shift": _told(newest, names) if newest else None,
        "on_duty": duty.runs(newest),
        "waits": duty.waits(newest),
        "mine": duty.runs(newest) and newest is not None and newest["begun_by"] == who.user,
        "may_sign": not duty.waits(newest) or (newest is not None and newest["handed_by"] != who.user),
        "since": since,
        "numbers": _board(who, since),
        "orders": own,
        "received": asked,
        "matters": _matters(who, knowledge) if duty.runs(newest) else [],
        "manned": rota.manned(who, naming.unit_name(who.unit, knowledge), 12),
        "shifts": [_told(one, names) for one in found],
        "act_url": f"{URLS['duty']}/act",
        "values": request.POST,
        "errors": {"": sentence(refused)} if refused else {},
    }
    return render(request, "desk/duty.html", context, status=STATUS[type(refused)] if refused else 200)


def _people(found: list[dict[str, Any]]) -> set[int]:
    """Everybody who is named in these shifts."""
    acted = {one[key] for one in found for key in ("begun_by", "handed_by", "taken_by") if one[key]}
    return acted | {entry["by"] for one in found for entry in one["entries"]}


def _told(shift: Mapping[str, Any], names: Mapping[int, str]) -> dict[str, Any]:
    """A shift with the names of its people and the addresses of what was handed over."""
    return {
        **shift,
        "person": names.get(shift["begun_by"], "—"),
        "handed": names.get(shift["handed_by"], ""),
        "taken": names.get(shift["taken_by"], ""),
        "matters": [{**one, "url": _url(one)} for one in shift["matters"]],
        "entries": [{**one, "person": names.get(one["by"], "—")} for one in shift["entries"]],
    }


def _url(matter: Mapping[str, Any]) -> str:
    base = {"case": URLS["case"], "call": URLS["calls"] + "/", "directive": URLS["directives"] + "/"}
    return f"{base[matter['kind']]}{matter['id']}" if matter["kind"] in base else ""


def _board(who: Viewer, since: datetime) -> list[tuple[Any, int, str]]:
    """态势: name, number and the list that it was counted from."""
    found = dutylog.board(who, since, timezone.now() + timedelta(minutes=1))
    moment = since.isoformat()
    asked: dict[str, tuple[Any, dict[str, str]]] = {
        "opened": (_("本班收到"), {"opened": moment}),
        "closed": (_("本班办结"), {"closed": moment}),
        "urgent": (_("在办紧急"), {"urgent": "1"}),
        "warnings": (_("本班预警"), {"proactive": "1", "opened": moment}),
        "broken": (_("本班新逾期"), {"broken": moment}),
    }
    return [(name, found[key], f"{URLS['cases']}?{urlencode(query)}") for key, (name, query) in asked.items()]


def _orders(who: Viewer, knowledge: Knowledge) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """令与呼: what this unit gave out that somebody has not received or answered, and what it has not itself."""
    own: list[dict[str, Any]] = []
    asked: list[dict[str, Any]] = []
    for matter in (DIRECTIVE, CALL):
        base = URLS[f"{matter.name}s"]
        for box, held in (("own", own), ("answer", asked)):
            for row in convening.listed(who, matter, box):
                one = shown(row, matter, knowledge)
                parts = [part for part in one["parts"] if part["state"] in WAITING]
                if box == "answer":
                    parts = [part for part in parts if part["unit"] == who.unit]
                if one["state"] == "open" and parts:
                    held.append({**one, "parts": parts, "url": f"{base}/{one['id']}", "due_at": _first(parts)})
    return _ordered(own), _ordered(asked)


def _first(parts: list[dict[str, Any]]) -> datetime | None:
    return min((part["due_at"] for part in parts if part["due_at"]), default=None)


def _ordered(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The limit that ends first on top."""
    return sorted(rows, key=lambda one: (one["due_at"] is None, one["due_at"] or timezone.now()))


def _matters(who: Viewer, knowledge: Knowledge) -> list[dict[str, Any]]:
    """未了事项: what the next shift should be told of: urgent cases, open orders, entries marked open, matters of the
    shift before that were only words."""
    urgent = lists.first(who, Wanted(urgent=True), timezone.now(), URGENT)
    own, asked = _orders(who, knowledge)
    found = [{"kind": "case", "id": row["id"], "title": row["title"]} for row in urgent]
    found += [
        {"kind": "call" if "caller" in row else "directive", "id": row["id"], "title": title_of(row["text"])}
        for row in (*own, *asked)
    ]
    said = dutylog.shifts(who, who.unit, 2)
    words = [entry for entry in said[0]["entries"] if entry["open"]] if said else []
    found += [{"kind": "entry", "id": one["id"], "title": one["text"]} for one in words]
    found += [dict(one) for one in (said[1]["matters"] if len(said) > 1 else []) if one["kind"] == "entry"]
    once = {f"{one['kind']}-{one['id']}": one for one in found}
    return [{**one, "key": key} for key, one in once.items()]
