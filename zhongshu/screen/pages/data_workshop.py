"""表单工坊 building a form from elements, with the gate's answer at once, and applying for its admission."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from zhongshu.data.elements import inventory
from zhongshu.data.elements.shapes import Book
from zhongshu.hub.resources import forms
from zhongshu.hub.resources.forms import Checked
from zhongshu.kernel.errors import BadInput, IllegalMove
from zhongshu.kernel.lifecycle import Role
from zhongshu.screen import collecting as words
from zhongshu.screen import gate, naming, resources
from zhongshu.screen.frame import URLS
from zhongshu.screen.middleware import STATUS
from zhongshu.screen.pages.account import signed_in, viewer
from zhongshu.screen.pages.data_forms import Scope, scope_of
from zhongshu.screen.story import sentence

TEXTS = ("title", "about", "cycle", "level", "per_hundred", "basis", "until", "return_promise", "reason")
USUAL = {"cycle": "month", "level": "community", "per_hundred": "10"}
WITHOUT = ("reason",)
"""Fields of the page that the application does not carry."""


@signed_in(Role.HANDLER, Role.CHIEF, Role.ARBITER)
def new(request: HttpRequest) -> HttpResponse:
    """The empty workshop; `about` chooses the subject whose elements are offered."""
    return _page(request, request.GET, None)


def _page(request: HttpRequest, given: QueryDict, refused: Exception | None) -> HttpResponse:
    book = inventory.book()
    about = given.get("about", "")
    about = about if about in words.SUBJECTS else "person"
    picked = given.getlist("elements")
    values = {name: given.get(name, "") for name in TEXTS} | {"about": about}
    context = {
        "tabs": resources.tabs("forms"),
        "values": {"cycle": "month", "level": "community", "per_hundred": "10"}
        | {k: v for k, v in values.items() if v},
        "subjects": words.options(words.SUBJECTS, [about]),
        "cycles": words.options(words.CYCLES),
        "levels": words.options(words.LEVELS),
        "elements": [
            {
                "code": one.code,
                "name": words.named(one),
                "hint": naming.said(one.definition, one.definition_en),
                "picked": one.code in picked,
            }
            for one in sorted(book.elements.values(), key=lambda one: one.code)
            if one.subject == about and one.code not in book.same
        ],
        "answer": _answer(request, _told(given), book) if picked else None,
        "errors": {"": sentence(refused)} if refused else {},
    }
    status = STATUS[type(refused)] if isinstance(refused, BadInput | IllegalMove) else 200
    return render(request, "data/workshop.html", context, status=status)


def _told(given: QueryDict) -> dict[str, Any]:
    """What the page sent, as an application carries it."""
    told: dict[str, Any] = {name: given.get(name, "").strip() for name in TEXTS if name not in WITHOUT}
    told = {name: value for name, value in told.items() if value}
    number = told.get("per_hundred", "0")
    told["per_hundred"] = int(number) if number.isdecimal() and len(number) < 6 else 0
    return {"title": "", **told, "elements": given.getlist("elements")}


@require_POST
@signed_in(Role.HANDLER, Role.CHIEF, Role.ARBITER)
def check(request: HttpRequest) -> HttpResponse:
    """预审: the gate's answer to what is ticked now, as a part of the page; nothing is kept."""
    book = inventory.book()
    return render(request, "data/gate.html", {"answer": _answer(request, _told(request.POST), book)})


def _answer(request: HttpRequest, told: Mapping[str, Any], book: Book) -> dict[str, Any] | None:
    if not told["elements"]:
        return None
    who, hub = viewer(request), gate.hub()
    try:
        found = forms.check(who, told, hub.tools.knowledge, hub.clock())
    except BadInput as error:
        return {"error": sentence(error)}
    return answer(found, book, scope_of(who, ""))


def answer(found: Checked, book: Book, scope: Scope) -> dict[str, Any]:
    """The gate's answer in words: what may be asked, what is refused and where it is, and a worker's minutes."""
    knowledge = gate.hub().tools.knowledge
    return {
        "open": found.answer.open,
        "faults": [words.FAULTS[fault] for fault in found.answer.faults],
        "allowed": [(code, words.element_name(code, book)) for code in found.answer.allowed],
        "refused": [
            {
                "code": item.element,
                "name": words.element_name(item.element, book),
                "why": _why(item.verdict),
                "where": words.form_name(item.where, book) if item.verdict == "asked" else item.where,
                "form": item.where if item.verdict == "asked" else "",
                "unit_name": naming.unit_name(item.unit, knowledge) if item.unit else "",
            }
            for item in found.answer.refused
        ],
        "minutes": found.answer.minutes * scope.scale,
        "spared": found.answer.spared * scope.scale,
    }


def _why(verdict: str) -> str:
    return {"served": _("数源可共享"), "asked": _("已有表单采集"), "strange": _("不是这类对象的数据元")}[verdict]


@require_POST
@signed_in(Role.HANDLER, Role.CHIEF, Role.ARBITER)
def apply(request: HttpRequest) -> HttpResponse:
    """申请准入 with what the gate lets through; what it refuses is named in the application."""
    try:
        fact = forms.apply(gate.hub().desk, viewer(request), _told(request.POST))
    except (BadInput, IllegalMove) as error:
        return _page(request, request.POST, error)
    return redirect(f"{URLS['data']}/proceedings/{fact.subject}")
