"""一张表单 one form: its fields and where each can be got, its overlaps, what was decided, asking for a review."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from zhongshu.data.elements import fills, inventory
from zhongshu.data.elements.deciding import asks, carried
from zhongshu.data.elements.overlap import Pair
from zhongshu.data.elements.shapes import Field, Form
from zhongshu.hub.resources import moves, proceedings, tables
from zhongshu.kernel.errors import BadInput, IllegalMove, NotFound
from zhongshu.screen import collecting as words
from zhongshu.screen import gate, naming, resources
from zhongshu.screen.frame import URLS
from zhongshu.screen.middleware import STATUS
from zhongshu.screen.pages.account import signed_in, viewer
from zhongshu.screen.pages.data_forms import Look, look_at, row
from zhongshu.screen.story import moment, sentence


@signed_in()
def show(request: HttpRequest, form: str) -> HttpResponse:
    return _one(request, form, None)


def _one(request: HttpRequest, code: str, refused: Exception | None) -> HttpResponse:
    look = look_at(viewer(request))
    book = look.seen.book
    found = book.forms.get(code)
    if found is None:
        raise NotFound(f"there is no form {code!r} / 没有这张表单")
    turn = inventory.turns().get(code)
    pairs = [pair for pair in look.seen.overlap.pairs if code in (pair.first, pair.second)]
    context = {
        "tabs": resources.tabs("forms"),
        "one": row(found, look) | {"return_promise": found.return_promise},
        "level_name": words.LEVELS[found.level],
        "per_hundred": found.per_hundred,
        "fields": [_field(field, found, account, look) for field, account in asks(found, book, carried(book))],
        "pairs": [_pair(pair, code, look) for pair in pairs],
        "turn": turn and {**turn, "at": moment(turn["at"])},
        "review": look.reviewed.get(code),
        "buttons": [] if code in look.reviewed else [resources.button(moves.births("form")[0])],
        "act_url": f"{URLS['data']}/forms/{code}/review",
        "may_take": tables.may_take(viewer(request), found),
        "tables": [
            {**one, "unit_name": naming.unit_name(one["unit"], look.knowledge)}
            for one in fills.tables(viewer(request), code)
        ],
        "errors": {"": sentence(refused)} if refused else {},
    }
    status = STATUS[type(refused)] if isinstance(refused, BadInput | IllegalMove) else 200
    return render(request, "data/form.html", context, status=status)


def _pair(pair: Pair, code: str, look: Look) -> dict[str, Any]:
    other = pair.second if pair.first == code else pair.first
    shared = [words.element_name(one, look.seen.book) for one in pair.shared]
    return {"code": other, "name": words.form_name(other, look.seen.book), "share": pair.jaccard, "shared": shared}


def _field(field: Field, found: Form, account: str, look: Look) -> Mapping[str, Any]:
    """A field with the source that could serve it, and the other forms that ask the same."""
    book, meant = look.seen.book, look.seen.book.one(field.element)
    source = book.given_to(field.element, book.forms[account].asker)
    others = [
        (one.code, words.named(one))
        for one in book.asked(look.seen.day)
        if one.code not in (found.code, account)
        and one.subject == found.subject
        and meant in map(book.one, one.elements)
    ]
    return {
        "field": field.field,
        "name": naming.said(field.name, book.elements[field.element].name_en),
        "element": field.element,
        "element_name": words.element_name(field.element, book),
        "seconds": book.seconds(field.element),
        "source": source.source if source else "",
        "unit_name": naming.unit_name(source.unit, look.knowledge) if source else "",
        "others": others,
        "account": "" if account == found.code else words.form_name(account, book),
    }


@require_POST
@signed_in()
def take(request: HttpRequest, form: str) -> HttpResponse:
    """取表: the file for the unit that asks for the form; the ledger keeps its seal."""
    try:
        content, fact = tables.take(gate.hub().desk, viewer(request), form)
    except IllegalMove as error:
        return _one(request, form, error)
    seal = fact.payload["sha256"]
    told = {"Content-Disposition": f'attachment; filename="{form}-{seal[:12]}.csv"', "X-Content-SHA256": seal}
    return HttpResponse(content, content_type="text/csv; charset=utf-8", headers=told)


@require_POST
@signed_in()
def review(request: HttpRequest, form: str) -> HttpResponse:
    """Whoever fills a form, or asks it, may ask for its review."""
    try:
        given = resources.given(moves.births("form")[0], request.POST)
        fact = proceedings.begin(gate.hub().desk, viewer(request), "form", given, f"form:{form}")
    except (BadInput, IllegalMove) as error:
        return _one(request, form, error)
    return redirect(f"{URLS['data']}/proceedings/{fact.subject}")
