"""培训班页 classes of a course: put up by who trains, people enrol or are enrolled, attendance is noted by others."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from zhongshu.data import proceedings as matters
from zhongshu.data.training import classes, courses
from zhongshu.hub.resources import proceedings
from zhongshu.hub.resources.classes import CLASS_FAMILY
from zhongshu.hub.resources.moves import STATES
from zhongshu.kernel.access import Viewer
from zhongshu.kernel.errors import BadInput, IllegalMove, NotFound
from zhongshu.kernel.lifecycle import Role
from zhongshu.screen import gate, naming, resources
from zhongshu.screen.middleware import STATUS
from zhongshu.screen.pages.account import signed_in, viewer
from zhongshu.screen.queries import local_moment, whole
from zhongshu.screen.story import sentence

ADDRESS = "/data/training/classes"
GIVEN = ("trainer", "where", "seats", "text")
Row = dict[str, Any]


def rows(who: Viewer, course: str = "") -> list[Row]:
    """Classes that this viewer may enrol in, sits in, or whose unit put them up."""
    return [row(one, who) for one in classes.listed(who.user, who.unit, course)]


def row(one: Mapping[str, Any], who: Viewer) -> Row:
    """A class as its lists and its page show it."""
    knowledge, state = gate.hub().tools.knowledge, STATES[CLASS_FAMILY, one["state"]]
    mine, tone = resources.SEATS.get(one["mine"] or "", ("", ""))
    seated, full = bool(mine), one["taken"] >= one["seats"]
    here = knowledge.scheme.span(one["place"]).holds(who.place or knowledge.city)
    return {
        **one,
        "name": _title(one["course"], one["title"]),
        "url": f"{ADDRESS}/{one['id']}",
        "act_url": f"{ADDRESS}/{one['id']}/act",
        "state_name": state.english if naming.english() else state.label,
        "tone": state.tone,
        "asker_name": naming.unit_name(one["asker"], knowledge),
        "mine_name": mine,
        "mine_tone": tone,
        "full": full,
        "may_enrol": one["state"] == "open" and here and not seated and not full,
        "may_leave": one["state"] == "open" and seated,
    }


def _title(code: str, otherwise: str) -> str:
    found = courses.every().get(code)
    return naming.called(found) if found else otherwise


def reminders(who: Viewer, codes: Iterable[str]) -> dict[str, Row]:
    """Course -> its next class with a free seat, for who must hold it and doesn't."""
    found = [one for one in classes.listed(who.user, who.unit) if row(one, who)["may_enrol"]]
    return {code: row(one, who) for code, one in classes.next_of(set(codes), found).items()}


def given(post: QueryDict) -> Row:
    """What the form of a new class carries; a local wall time gets its zone, what is none is refused by its name."""
    told: Row = {name: post.get(name, "").strip() for name in GIVEN}
    when = local_moment(post.get("when", ""))
    return told | {"when": when.isoformat() if when else post.get("when", "")}


@require_safe
@signed_in()
def show(request: HttpRequest, taught: int) -> HttpResponse:
    return _page(request, taught, None)


def _page(request: HttpRequest, taught: int, refused: Exception | None) -> HttpResponse:
    """A class: when, where, who teaches it, its seats, and what this person may do."""
    who, knowledge = viewer(request), gate.hub().tools.knowledge
    found, whole_row = classes.one(taught, who.user), matters.whole(who, taught)
    if found is None or whole_row is None:
        raise NotFound(f"there is no class {taught} here / 没有这个培训班")
    moves = {move.name: resources.button(move) for move in proceedings.open_moves(who, whole_row, knowledge)}
    seats = classes.seats(taught)
    seated = {one["person"] for one in seats}
    context = {
        "tabs": resources.tabs("training"),
        "one": row(found, who),
        "seats": [_seat(one, who, moves) for one in seats if _seen(one, found, who)],
        "hidden": len([one for one in seats if not _seen(one, found, who)]),
        "others": _others(who, found, seated) if "enrol" in moves and Role.CHIEF in who.roles else [],
        "buttons": [moves[name] for name in ("close", "cancel") if name in moves],
        "act_url": f"{ADDRESS}/{taught}/act",
        "timeline": [resources.step(fact, knowledge) for fact in whole_row["timeline"]],
        "errors": {"": sentence(refused)} if refused else {},
    }
    status = STATUS[type(refused)] if isinstance(refused, BadInput | IllegalMove) else 200
    return render(request, "data/class.html", context, status=status)


def _seen(one: Mapping[str, Any], found: Mapping[str, Any], who: Viewer) -> bool:
    """Names are for who trains, for chiefs of the place where somebody works, and for himself."""
    leads = Role.CHIEF in who.roles and who.span.holds(one["place"])
    return who.unit == found["asker"] or leads or one["person"] == who.user


def _seat(one: Mapping[str, Any], who: Viewer, moves: Mapping[str, Any]) -> Row:
    label, tone = resources.SEATS[one["state"]]
    other = one["person"] != who.user
    return {
        **one,
        "unit_name": naming.unit_name(one["unit"], gate.hub().tools.knowledge),
        "state_name": label,
        "tone": tone,
        "acts": [moves[name] for name in ("attend", "absent") if name in moves and other],
        "may_leave": "leave" in moves and (not other or (Role.CHIEF in who.roles and who.span.holds(one["place"]))),
    }


def _others(who: Viewer, found: Mapping[str, Any], seated: set[int]) -> list[tuple[int, str]]:
    """People within a chief's place who must hold the course and don't, and sit in this class not yet."""
    hub = gate.hub()
    now, span = hub.clock(), hub.tools.knowledge.scheme.span(found["place"])
    listed = courses.people(who, now, course=found["course"])
    asked = [one for one in listed if one["person"] not in seated and span.holds(one["place"])]
    names = {
        one["person"]: naming.aside(one["name"], naming.unit_name(one["unit"], hub.tools.knowledge)) for one in asked
    }
    held = {one["person"] for one in listed if one["until"] and one["until"] > now}
    return [(person, name) for person, name in names.items() if person not in held and person != who.user]


@signed_in()
@require_POST
def act(request: HttpRequest, taught: int) -> HttpResponse:
    """Enrol, leave, note attendance, close or cancel; the page again with the sentence that refuses it."""
    post = request.POST
    told: dict[str, Any] = {name: post[name] for name in ("reason", "text") if post.get(name, "").strip()}
    if post.get("person"):
        told["person"] = whole(post["person"]) or 0
    try:
        proceedings.act(gate.hub().desk, viewer(request), taught, post.get("move", ""), told)
    except (BadInput, IllegalMove) as error:
        return _page(request, taught, error)
    messages.success(request, _("已记下"))
    return redirect(f"{ADDRESS}/{taught}")
