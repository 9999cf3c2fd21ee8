"""培训页 what I must learn and have learned, a course with its examination; for who trains, units and their people."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from zhongshu.data.elements import inventory
from zhongshu.data.training import courses
from zhongshu.data.training.classes import SUBJECT
from zhongshu.data.training.courses import Course
from zhongshu.hub.resources import proceedings
from zhongshu.hub.resources import training as work
from zhongshu.hub.resources.classes import CLASS_FAMILY
from zhongshu.kernel.access import Viewer
from zhongshu.kernel.errors import BadInput, IllegalMove
from zhongshu.kernel.places import Level
from zhongshu.screen import collecting, gate, naming, resources, skill
from zhongshu.screen.middleware import STATUS
from zhongshu.screen.pages import data_classes
from zhongshu.screen.pages.account import signed_in, viewer
from zhongshu.screen.queries import whole
from zhongshu.screen.story import sentence

ADDRESS = "/data/training"
STATES: Mapping[str, tuple[Any, str]] = {
    "held": (gettext_lazy("已持证"), "ok"),
    "lapsed": (gettext_lazy("已过期"), "warn"),
    "failed": (gettext_lazy("未通过"), "danger"),
    "never": (gettext_lazy("未参加"), ""),
}
"""Where somebody stands with a course -> word and tone."""
Row = dict[str, Any]


def _state(record: Mapping[str, Any] | None, now: datetime) -> Row:
    found = courses.standing(record, now)
    label, tone = STATES[found["state"]]
    return {**found, "state_name": label, "tone": tone}


def _name(course: Course) -> str:
    return course.name_en if naming.english() and course.name_en else course.name


@signed_in()
def listing(request: HttpRequest) -> HttpResponse:
    return _list(request, None)


def _list(request: HttpRequest, refused: Exception | None) -> HttpResponse:
    """My courses; of all units within the viewer's place the share that holds what it must."""
    who, hub = viewer(request), gate.hub()
    now, knowledge = hub.clock(), hub.tools.knowledge
    every, asked = courses.every(), request.GET.get("course", "")
    chosen = asked if asked in every else ""
    units = courses.by_unit(who, now, chosen)
    wrong = courses.wrong_by_place(who)
    context = {
        "tabs": resources.tabs("training"),
        "mine": _mine(who, every, now),
        "classes": data_classes.rows(who),
        "courses": [(code, _name(one)) for code, one in every.items()],
        "course": chosen,
        "units": [_unit(one, wrong) for one in units],
        "told": _told(units),
        "groups": skill.groups(units, wrong),
        "alike": _alike(who, units, wrong, now),
        "listed": _listed(request, who, chosen, now),
        "errors": {"": sentence(refused)} if refused else {},
        "knowledge": knowledge,
    }
    status = STATUS[type(refused)] if isinstance(refused, BadInput | IllegalMove) else 200
    return render(request, "data/training.html", context, status=status)


def _mine(who: Viewer, every: Mapping[str, Course], now: datetime) -> list[Row]:
    unit = gate.hub().tools.knowledge.units.get(who.unit)
    must, held = courses.wanted(who, unit.kind if unit else ""), courses.mine(who.user)
    codes = [*must, *(code for code in held if code not in must)]
    lacking = [code for code in must if not courses.holds(held.get(code), now)]
    soon = data_classes.reminders(who, lacking)
    return [
        {
            "name": _name(every[code]),
            "url": f"{ADDRESS}/{code}",
            "minutes": every[code].minutes,
            "gates": every[code].gates,
            "must": code in must,
            "classroom": every[code].classroom,
            "class": soon.get(code),
            **_state(held.get(code), now),
        }
        for code in codes
        if code in every
    ]


def _told(units: list[Row]) -> Row:
    must, held = sum(one["must"] for one in units), sum(one["held"] for one in units)
    return {"must": must, "held": held, "share": f"{held / must:.0%}" if must else "—", "units": len(units)}


def _alike(who: Viewer, units: list[Row], wrong: Mapping[str, tuple[int, int]], now: datetime) -> Row:
    found = skill.alike(who, units, wrong, now)
    codes = {
        one["place"]: one["unit"] for one in units if one["level"] == Level.COMMUNITY and one["held"] < one["must"]
    }
    return {
        **found,
        "first": [{**one, "url": f"{ADDRESS}?unit={codes[one['place']]}#people"} for one in found["first"]],
    }


def _unit(one: Row, wrong: Mapping[str, tuple[int, int]]) -> Row:
    bad, confirmed = skill.within(one["place"], one["level"], wrong)
    return {
        **one,
        "name": naming.unit_name(one["unit"], gate.hub().tools.knowledge),
        "share": f"{one['held'] / one['must']:.0%}",
        "full": one["held"] == one["must"],
        "url": f"{ADDRESS}?unit={one['unit']}#people",
        "wrong": f"{bad / confirmed:.1%}" if confirmed else "",
        "confirmed": confirmed,
    }


def _listed(request: HttpRequest, who: Viewer, course: str, now: datetime) -> list[Row]:
    """Who must hold what, of one unit or in one state when asked."""
    unit, state = request.GET.get("unit", ""), request.GET.get("state", "")
    if not (unit or state):
        return []
    knowledge, every = gate.hub().tools.knowledge, courses.every()
    return [
        {
            **one,
            **_state(one, now),
            "unit_name": naming.unit_name(one["unit"], knowledge),
            "course_name": _name(every[one["course"]]),
            "may": work.may_record(who, one["unit"], knowledge) and one["person"] != who.user,
        }
        for one in courses.people(who, now, unit, course, state if state in STATES else "")
        if one["course"] in every
    ]


@signed_in()
def show(request: HttpRequest, course: str) -> HttpResponse:
    return one(request, course, None)


def one(request: HttpRequest, code: str, refused: Exception | None) -> HttpResponse:
    """A course: what has to be known, the forms it is about, and its questions."""
    who, hub = viewer(request), gate.hub()
    course, book = work.course_of(code), inventory.book()
    context = {
        "tabs": resources.tabs("training"),
        "course": course,
        "name": _name(course),
        "classes": data_classes.rows(who, code),
        "may_teach": bool(who.roles & work.TRAINERS),
        "class_url": f"{ADDRESS}/{code}/class",
        "paragraphs": [one for one in course.text.split("|") if one],
        "forms": [(form, collecting.form_name(form, book)) for form in course.forms if form in book.forms],
        "need": f"{course.pass_share:.0%}",
        **_state(courses.mine(who.user).get(code), hub.clock()),
        "questions": [
            {
                "id": one.question,
                "text": one.text,
                "options": list(enumerate(one.options, 1)),
                "chosen": whole(request.POST.get(f"q-{one.question}", "")),
            }
            for one in courses.questions(code)
        ],
        "errors": {"": sentence(refused)} if refused else {},
    }
    status = STATUS[type(refused)] if isinstance(refused, BadInput | IllegalMove) else 200
    return render(request, "data/course.html", context, status=status)


@signed_in()
@require_POST
def take(request: HttpRequest, course: str) -> HttpResponse:
    """The answers of an examination."""
    given = {name[2:]: whole(str(value)) for name, value in request.POST.items() if name.startswith("q-")}
    answers = {question: option for question, option in given.items() if option is not None}
    try:
        told = work.take(gate.hub().desk, viewer(request), course, answers).payload
    except (BadInput, IllegalMove) as error:
        return one(request, course, error)
    counts = {"n": told["right"], "m": told["asked"]}
    if told["passed"]:
        messages.success(request, _("通过：{m} 题对 {n} 题").format(**counts))
        return redirect(ADDRESS)
    messages.warning(request, _("没有通过：{m} 题对 {n} 题，可以再考").format(**counts))
    return redirect(f"{ADDRESS}/{course}")


@signed_in()
@require_POST
def begin_class(request: HttpRequest, course: str) -> HttpResponse:
    """A class is put up; back to the course's page with the sentence that refuses it."""
    told = data_classes.given(request.POST)
    try:
        fact = proceedings.begin(gate.hub().desk, viewer(request), CLASS_FAMILY, told, f"{SUBJECT}{course}")
    except (BadInput, IllegalMove) as error:
        return one(request, course, error)
    messages.success(request, _("培训班已开，可以报名"))
    return redirect(f"{data_classes.ADDRESS}/{fact.subject}")


@signed_in()
@require_POST
def record(request: HttpRequest) -> HttpResponse:
    """A trainer records that somebody took a course otherwise."""
    post, who, hub = request.POST, viewer(request), gate.hub()
    try:
        work.record(hub.desk, who, post.get("course", ""), whole(post.get("person", "")) or 0, post.get("text", ""))
    except (BadInput, IllegalMove) as error:
        return _list(request, error)
    messages.success(request, _("已补记"))
    return redirect(f"{ADDRESS}?unit={_known(post.get('unit', ''))}#people")


def _known(code: str) -> str:
    """A unit's code as an address may bear it."""
    return code if code in gate.hub().tools.knowledge.units else ""
