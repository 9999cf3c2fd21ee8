"""填报 a worker's pages, made for a telephone: which forms, for whom, and only what is missing or has changed."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from zhongshu.data.elements import fills, inventory, values
from zhongshu.data.elements.prefill import Shown
from zhongshu.data.elements.terms import KEEPS
from zhongshu.hub.resources import filling, forms, training
from zhongshu.hub.resources.filling import View, Whom
from zhongshu.kernel.clocks import CITY_TIME
from zhongshu.kernel.errors import BadInput, IllegalMove, NotFound
from zhongshu.screen import collecting as words
from zhongshu.screen import gate, naming, resources
from zhongshu.screen.frame import URLS
from zhongshu.screen.middleware import STATUS
from zhongshu.screen.pages.account import signed_in, viewer
from zhongshu.screen.queries import whole
from zhongshu.screen.story import sentence


def _whom(subject: str, key: str) -> Whom:
    """The subject that an address names: an id, or the code of a grid."""
    if subject == "place":
        return Whom("place", 0, key)
    number = whole(key)
    if number is None:
        raise NotFound(f"there is no {subject} {key!r} / 没有这个填报对象")
    return Whom(subject, number)


def url_of(form: str, whom: Whom) -> str:
    return f"{URLS['data']}/fill/{form}/{whom.subject}/{whom.place if whom.subject == 'place' else whom.entity}"


@signed_in()
def listing(request: HttpRequest) -> HttpResponse:
    """Forms that are asked today, with how often this person filled each today."""
    who, hub = viewer(request), gate.hub()
    seen = forms.picture(hub.clock())
    midnight = hub.clock().astimezone(CITY_TIME).replace(hour=0, minute=0, second=0, microsecond=0)
    mine = fills.of_worker(who, midnight)
    closed = training.lacking(who, list(seen.book.forms), hub.tools.knowledge, hub.clock())
    rows = [
        {
            "code": form.code,
            "name": words.named(form),
            "asker_name": naming.unit_name(form.asker, hub.tools.knowledge),
            "subject_name": words.SUBJECTS[form.subject],
            "cycle_name": words.CYCLES[form.cycle],
            "today": mine.get(form.code, 0),
            "fields": len(form.fields),
            "can": form.subject in (*values.NUMBERED, "place"),
            "course": closed.get(form.code),
        }
        for form in seen.book.asked(seen.day)
    ]
    return render(request, "data/fill.html", {"tabs": resources.tabs("fill"), "rows": rows})


@signed_in()
def subjects(request: HttpRequest, form: str) -> HttpResponse:
    """Whom a form is about, within the viewer's place; who was done in the period that runs is marked."""
    who, hub = viewer(request), gate.hub()
    found = inventory.book().forms.get(form)
    if found is None:
        raise NotFound(f"there is no form {form!r} / 没有这张表单")
    place = request.GET.get("place", "").strip()
    behind, _bar, number = request.GET.get("after", "").partition("~")
    after = (behind, -1 if (last := whole(number)) is None else last)
    listed = values.subjects(who, found.subject, form, place, after)
    keeps = KEEPS[found.cycle]
    context = {
        "tabs": resources.tabs("fill"),
        "form": {"code": found.code, "name": words.named(found), "cycle_name": words.CYCLES[found.cycle]},
        "asked": found.asked_on(forms.today(hub.clock())),
        "place": place,
        "rows": [
            {
                "name": one.name,
                "note": one.note,
                "url": url_of(form, Whom(found.subject, one.id, one.place)),
                "last": one.last,
                "done": words.done(one.last, hub.clock(), keeps),
            }
            for one in listed
        ],
        "next": f"{listed[-1].place}~{listed[-1].id}" if len(listed) == values.SIZE else None,
    }
    return render(request, "data/fill_subjects.html", context)


@signed_in()
def show(request: HttpRequest, form: str, subject: str, key: str) -> HttpResponse:
    return _page(request, form, _whom(subject, key), None)


def _page(request: HttpRequest, form: str, whom: Whom, refused: Exception | None) -> HttpResponse:
    view = filling.open_view(viewer(request), form, whom, gate.hub().clock())
    lists = words.lists()
    fields = [_field(one, view, lists, request) for one in view.fields]
    context = {
        "tabs": resources.tabs("fill"),
        "form": {"code": form, "name": words.named(view.form)},
        "to_ask": [one for one in fields if one["asked"]],
        "there": [one for one in fields if not one["asked"]],
        "seconds": round(view.seconds),
        "spared": round(view.bare - view.seconds),
        "basis": view.form.basis,
        "asker_name": naming.unit_name(view.form.asker, gate.hub().tools.knowledge),
        "url": url_of(form, view.whom),
        "errors": {"": sentence(refused)} if refused else {},
    }
    status = STATUS[type(refused)] if isinstance(refused, BadInput | IllegalMove) else 200
    return render(request, "data/fill_form.html", context, status=status)


def _field(one: Shown, view: View, lists: dict[str, dict[str, str]], request: HttpRequest) -> dict[str, Any]:
    element = view.book.elements[one.field.element]
    held = one.value.value if one.value else ""
    kind, tone = words.KINDS[one.value.kind] if one.value else ("", "")
    return {
        **words.entry(one, element, lists, request.POST),
        "asked": one.asked,
        "said": lists.get(element.codes, {}).get(held, held),
        "kind": kind,
        "tone": tone,
        "source": one.value.source if one.value else "",
        "locked": view.locked(one),
    }


@require_POST
@signed_in()
def fill(request: HttpRequest, form: str, subject: str, key: str) -> HttpResponse:
    """What was asked or changed; or, by its own button, one correction that goes to a source."""
    whom, who, hub = _whom(subject, key), viewer(request), gate.hub()
    element = request.POST.get("correct", "")
    try:
        if element:
            said = (request.POST.get(f"fix-{element}", "").strip(), request.POST.get(f"why-{element}", "").strip())
            filling.correct(hub.desk, who, element, whom, said)
            messages.success(request, _("纠错已送数源"))
            return redirect(url_of(form, whom))
        fields = inventory.book().elements
        given = {name: value for name, value in request.POST.items() if name in fields and isinstance(value, str)}
        fact = filling.fill(hub.desk, who, form, whom, given)
    except (BadInput, IllegalMove) as error:
        return _page(request, form, whom, error)
    told = fact.payload
    messages.success(request, _("已填报：{n} 项预填，{m} 项由您填写").format(n=told["filled"], m=told["asked"]))
    return redirect(f"{URLS['data']}/fill/{form}")
