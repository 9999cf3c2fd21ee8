"""数据元 the registry of elements: search, where each is used and held, and which may mean the same."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from zhongshu.data.elements import fills, inventory
from zhongshu.data.elements.shapes import Book, Element
from zhongshu.hub.resources import forms
from zhongshu.hub.resources.moves import of_bureau
from zhongshu.kernel.access import Viewer
from zhongshu.kernel.errors import BadInput, NotFound
from zhongshu.kernel.lifecycle import Role
from zhongshu.screen import collecting as words
from zhongshu.screen import gate, naming, resources
from zhongshu.screen.frame import URLS
from zhongshu.screen.pages.account import signed_in, viewer

SETTLERS = frozenset({Role.HANDLER, Role.CHIEF, Role.ARBITER})
SOURCED = ("with", "without")


def uses(book: Book) -> dict[str, list[str]]:
    """Element -> the forms that ask it."""
    found: dict[str, list[str]] = {}
    for code, form in sorted(book.forms.items()):
        for element in form.elements:
            found.setdefault(element, []).append(code)
    return found


def may_settle(who: Viewer) -> bool:
    return bool(who.roles & SETTLERS) and of_bureau(who, gate.hub().tools.knowledge)


@signed_in()
def listing(request: HttpRequest) -> HttpResponse:
    """Elements by `q`, `subject` and `source` (with, without, or a data set), and pairs that wait for a person."""
    who, knowledge, book = viewer(request), gate.hub().tools.knowledge, inventory.book()
    asked = {name: request.GET.get(name, "").strip() for name in ("q", "subject", "source")}
    used = uses(book)
    found = [one for one in book.elements.values() if _fits(one, asked)]
    doubtful = [_doubt(one, book, used) for one in inventory.doubtful(book)]
    rows = [words.element_row(one, book, used, knowledge) for one in sorted(found, key=lambda e: e.code)]
    groups = [(code, label, own) for code, label in words.SUBJECTS.items() if (own := _about(rows, code))]
    context = {
        "tabs": resources.tabs("elements"),
        "asked": asked,
        "subjects": words.options(words.SUBJECTS, [asked["subject"]]),
        "found": len(found),
        "groups": groups,
        "narrowed": any(asked.values()),
        "contents": [
            ("doubtful", _("疑似同义"), len(doubtful)),
            *((f"subject-{code}", label, len(own)) for code, label, own in groups),
        ][0 if doubtful else 1 :],
        "total": len(book.elements),
        "orphans": sum(not one.source for one in book.elements.values()),
        "joined": len(book.same),
        "doubtful": doubtful,
        "doubtful_more": max(0, len(doubtful) - 4),
        "may_settle": may_settle(who),
        "settle_url": f"{URLS['data']}/elements/settle",
    }
    return render(request, "data/elements.html", context)


def _about(rows: Sequence[dict[str, Any]], subject: str) -> list[dict[str, Any]]:
    return [row for row in rows if row["subject"] == subject]


def _fits(one: Element, asked: Mapping[str, str]) -> bool:
    said = f"{one.code} {one.name} {one.name_en} {one.definition}".lower()
    sourced = {"": True, "with": bool(one.source), "without": not one.source}
    return (
        all(word in said for word in asked["q"].lower().split())
        and asked["subject"] in ("", one.subject)
        and sourced.get(asked["source"], one.source == asked["source"])
    )


def _doubt(one: Any, book: Book, used: Mapping[str, Sequence[str]]) -> dict[str, Any]:
    halves = [
        {
            "code": code,
            "name": words.named(book.elements[code]),
            "definition": naming.said(book.elements[code].definition, book.elements[code].definition_en),
            "forms": len(used.get(code, ())),
        }
        for code in (one.first, one.second)
    ]
    return {"key": one.key, "score": one.score, "halves": halves, "parts": one}


@signed_in()
def show(request: HttpRequest, element: str) -> HttpResponse:
    """One element: what it means, its values, who holds it, which forms ask it, what means the same."""
    knowledge, book = gate.hub().tools.knowledge, inventory.book()
    found = book.elements.get(element)
    if found is None:
        raise NotFound(f"there is no element {element!r} / 没有这个数据元")
    used = uses(book)
    meant = book.one(element)
    alike = sorted(code for code in {*book.same, *book.same.values()} if book.one(code) == meant and code != element)
    context = {
        "tabs": resources.tabs("elements"),
        "one": words.element_row(found, book, used, knowledge),
        "values": words.lists().get(found.codes, {}),
        "held": [
            (dataset, item, naming.said(item_name, item_en), naming.said(name, name_en))
            for dataset, item, item_name, item_en, name, name_en in fills.held_by(element)
        ],
        "forms": [(code, words.form_name(code, book)) for code in used.get(element, ())],
        "alike": [
            (code, words.element_name(code, book), [(one, words.form_name(one, book)) for one in used.get(code, ())])
            for code in alike
        ],
        "verdicts": [
            {"id": said["id"], "pair": pair.split("|"), **said["given"]}
            for pair, said in inventory.verdicts().items()
            if element in pair.split("|")
        ],
    }
    return render(request, "data/element.html", context)


@require_POST
@signed_in()
def settle(request: HttpRequest) -> HttpResponse:
    """A person says whether two elements mean the same."""
    first, bar, second = request.POST.get("pair", "").partition("|")
    if not bar:
        raise BadInput("pair: expected two elements joined by | / 请指明两个数据元")
    verdict = request.POST.get("verdict", "")
    forms.settle(gate.hub().desk, viewer(request), (first, second), verdict, request.POST.get("reason", "").strip())
    messages.success(request, _("已认定"))
    return redirect(f"{URLS['data']}/elements#doubtful")
