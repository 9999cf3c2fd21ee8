"""走访一张表 a grid officer's one form about somebody, a house or a firm, in place of one from each department."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from zhongshu.data.elements import inventory, values
from zhongshu.data.elements.terms import KEEPS
from zhongshu.hub.resources import rounds, training
from zhongshu.hub.resources.filling import Whom
from zhongshu.kernel.errors import BadInput, IllegalMove, NotFound
from zhongshu.screen import collecting as words
from zhongshu.screen import gate
from zhongshu.screen.frame import URLS
from zhongshu.screen.middleware import STATUS
from zhongshu.screen.pages.account import signed_in, viewer
from zhongshu.screen.queries import whole
from zhongshu.screen.story import sentence


def address(subject: str, entity: int | str = "") -> str:
    return f"{URLS['field']}/one/{subject}" + (f"/{entity}" if entity != "" else "")


def told(request: HttpRequest) -> tuple[dict[str, str], list[str]]:
    """What was said (element -> value) and the forms that were chosen: `form` once each, or in one field by spaces."""
    known = inventory.book().elements
    given = {name: value for name, value in request.POST.items() if name in known and isinstance(value, str)}
    return given, " ".join(request.POST.getlist("form")).split()


@require_safe
@signed_in()
def subjects(request: HttpRequest, subject: str) -> HttpResponse:
    """Whom to visit, within the viewer's place; who was visited in the shortest period that runs is marked."""
    who, now = viewer(request), gate.hub().clock()
    forms = rounds.forms_of(subject, now)
    place = request.GET.get("place", "").strip()
    behind, _bar, number = request.GET.get("after", "").partition("~")
    after = (behind, -1 if (last := whole(number)) is None else last)
    first = min(forms, key=lambda form: KEEPS[form.cycle])
    listed = values.subjects(who, subject, first.code, place, after)
    context = {
        "name": words.SUBJECTS[subject],
        "forms": [words.named(form) for form in forms],
        "place": place,
        "rows": [
            {
                "name": one.name,
                "note": one.note,
                "url": address(subject, one.id),
                "last": one.last,
                "done": words.done(one.last, now, KEEPS[first.cycle]),
            }
            for one in listed
        ],
        "next": f"{listed[-1].place}~{listed[-1].id}" if len(listed) == values.SIZE else None,
    }
    return render(request, "field/subjects.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in()
def show(request: HttpRequest, subject: str, entity: int) -> HttpResponse:
    """What is still to ask about one subject, once for all forms."""
    if subject not in values.REGISTERS:
        raise NotFound(f"there is no register of {subject!r} / 没有这类登记对象")
    whom, who, hub = Whom(subject, entity), viewer(request), gate.hub()
    given, chosen = told(request) if request.method == "POST" else ({}, request.GET.getlist("form"))
    asked = rounds.forms_of(subject, hub.clock())
    closed = training.lacking(who, [form.code for form in asked], hub.tools.knowledge, hub.clock())
    # All forms go or none: those that this person may not fill yet are left out before anything is asked.
    chosen = chosen or [form.code for form in asked if closed and form.code not in closed]
    errors: dict[str, str] = {}
    status = 200
    if request.method == "POST":
        try:
            facts = rounds.fill(hub.desk, who, whom, given, chosen)
        except (BadInput, IllegalMove) as error:
            errors, status = {"": sentence(error)}, STATUS[type(error)]
        else:
            messages.success(request, _("一次走访，{n} 张表已填报").format(n=len(facts)))
            return redirect(address(subject))
    found = rounds.opened(who, whom, hub.clock(), chosen)
    lists = words.lists()
    context = {
        "name": words.SUBJECTS[subject],
        "forms": [words.named(view.form) for view in found.views],
        "choices": [
            {"code": form.code, "name": words.named(form), "chosen": not chosen or form.code in chosen}
            for form in asked
            if form.code not in closed
        ],
        "closed": [{"name": words.named(form), "course": closed[form.code]} for form in asked if form.code in closed],
        "chosen": chosen,
        "to_ask": [
            words.entry(one, view.book.elements[one.field.element], lists, request.POST) | {"forms": " ".join(codes)}
            for view, one, codes in found.asked
        ],
        "seconds": round(found.seconds),
        "spared": round(found.apart - found.seconds),
        "back": address(subject),
        "subject": subject,
        "entity": entity,
        "owner": request.user.pk,
        "errors": errors,
    }
    return render(request, "field/one.html", context, status=status)
