"""登记库 the pages of the registers: search and lists, a profile with the source of every value, pairs, who looked."""

from __future__ import annotations

from dataclasses import replace
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from zhongshu.data.registers import joining as pairs
from zhongshu.data.registers import lists, passes, profiles
from zhongshu.data.registers.pairs import pair_id
from zhongshu.data.registers.subjects import subject_of
from zhongshu.hub.resources import joining
from zhongshu.kernel.access import Viewer
from zhongshu.kernel.clocks import CITY_TIME
from zhongshu.kernel.desk import Knowledge
from zhongshu.kernel.errors import BadInput, IllegalMove
from zhongshu.screen import gate, naming, resources
from zhongshu.screen import registers as words
from zhongshu.screen.frame import URLS
from zhongshu.screen.middleware import STATUS
from zhongshu.screen.pages import looked
from zhongshu.screen.pages.account import signed_in, viewer
from zhongshu.screen.queries import whole
from zhongshu.screen.story import sentence

STATES = (("open", gettext_lazy("待认定")), ("joined", gettext_lazy("已归并")), ("apart", gettext_lazy("已判异")))


def _today() -> Any:
    return gate.hub().clock().astimezone(CITY_TIME).date()


@signed_in()
def listing(request: HttpRequest) -> HttpResponse:
    """Search, or the list behind a count: `subject`, `q`, `under`, `measure`, `band`, `after`."""
    who, knowledge, today = viewer(request), gate.hub().tools.knowledge, _today()
    given = {name: request.GET.get(name, "").strip() for name in ("subject", "q", "under", "measure", "band")}
    subject = subject_of(given["subject"] or "person").name
    asked = lists.Asked(
        subject, given["q"], given["under"], given["measure"], given["band"], whole(request.GET.get("after", "")) or 0
    )
    looked = bool(given["q"] or given["measure"] or given["under"])
    found = lists.listed(who, asked) if looked else []
    more = len(found) > lists.SIZE
    rows = [words.row(one, today, knowledge) for one in found[: lists.SIZE]]
    waiting = pairs.pairs(who, subject)
    context = {
        "tabs": resources.tabs("registers"),
        "subjects": [(code, label, code == subject) for code, label in words.SUBJECTS.items()],
        "subject": subject,
        "given": given,
        "looked": looked,
        "counted": _counted(given, knowledge),
        "rows": rows,
        "next": f"?{urlencode({**given, 'after': found[lists.SIZE - 1]['id']})}" if more else "",
        "pairs": _pairs(who, waiting, knowledge),
        "url": f"{URLS['data']}/registers",
    }
    return render(request, "data/registers.html", context)


def _counted(given: dict[str, str], knowledge: Knowledge) -> str:
    """What the list is, in words: "白云街道 · 实有人口 · 80+ 岁"."""
    parts = [words.block_name(given["under"], knowledge)] if given["under"] else []
    if given["measure"]:
        parts.append(str(words.MEASURES.get(given["measure"], given["measure"])))
    if given["band"]:
        parts.append(words.band(given["measure"], given["band"]))
    return " · ".join(parts)


def _pairs(who: Viewer, waiting: list[dict[str, Any]], knowledge: Knowledge) -> list[dict[str, Any]]:
    """Pairs with both rows; one of which not both are the viewer's is not his to decide."""
    found: list[dict[str, Any]] = []
    for subject in {one["subject"] for one in waiting}:
        mine = [one for one in waiting if one["subject"] == subject]
        rows = lists.shown(who, subject, [one[side] for one in mine for side in ("first", "second")])
        today = _today()
        for one in mine:
            if one["first"] in rows and one["second"] in rows:
                both = [words.row(rows[one[side]], today, knowledge) for side in ("first", "second")]
                said = {"state_name": dict(STATES)[one["state"]], "reasons": words.reasons(one["reasons"])}
                found.append({**one, **said, "both": both})
    return found


@signed_in()
def show(request: HttpRequest, subject: str, entity: int) -> HttpResponse:
    return _page(request, subject, entity)


def _page(
    request: HttpRequest, subject: str, entity: int, purpose: str = "", refused: Exception | None = None
) -> HttpResponse:
    who, knowledge, today = viewer(request), gate.hub().tools.knowledge, _today()
    found = profiles.profile(who, subject, entity, purpose)
    context = {
        "tabs": resources.tabs("registers"),
        "subject": subject,
        "subject_name": words.SUBJECTS[subject],
        "row": words.row(dict(found.row), today, knowledge),
        "clear": found.clear,
        "values": [words.value(one, today, knowledge) for one in found.values],
        "episodes": [_episode(one) for one in profiles.residences(who, subject, entity)],
        "pairs": _pairs(who, pairs.pairs(who, subject, "", entity), knowledge),
        "looks": _looks(who, subject, entity),
        "may_read": bool(who.roles & profiles.READERS),
        "passes": looked.rows(passes.given(who, entity)) if subject == "person" else [],
        "proofs": looked.PROOFS,
        "url": f"{URLS['data']}/registers",
        "here": f"{URLS['data']}/registers/{subject}/{entity}",
        "errors": {"": sentence(refused)} if refused else {},
    }
    status = STATUS[type(refused)] if isinstance(refused, BadInput | IllegalMove) else 200
    return render(request, "data/register.html", context, status=status)


def _episode(one: dict[str, Any]) -> dict[str, Any]:
    code = one["relation"]
    return {**one, "relation_name": words.CODES.get(code, code), "source": words.dataset(one["dataset"])}


def _looks(who: Viewer, subject: str, entity: int) -> list[profiles.Look]:
    """Who looked at a record, the posts in the reader's language."""
    found = profiles.looks(who, subject, entity)
    return [replace(one, post=naming.said(one.post, one.post_en)) for one in found]


@signed_in()
@require_POST
def read(request: HttpRequest, subject: str, entity: int) -> HttpResponse:
    """The profile in clear, this once; the read is logged with its purpose."""
    try:
        return _page(request, subject, entity, request.POST.get("purpose", "") or " ")
    except (BadInput, IllegalMove) as error:
        return _page(request, subject, entity, "", error)


@signed_in()
@require_POST
def decide(request: HttpRequest, subject: str, entity: int) -> HttpResponse:
    """A person says that this one and another are one or two, or takes it back."""
    who, desk = viewer(request), gate.hub().desk
    other, said = whole(request.POST.get("other", "")) or 0, request.POST.get("said", "")
    reason = request.POST.get("reason", "").strip()
    try:
        pair = pair_id(subject, entity, other)
        if said == "undo":
            joining.undo(desk, who, whole(request.POST.get("proceeding", "")) or 0, reason)
        else:
            joining.decide(desk, who, pair, said, reason)
    except (BadInput, IllegalMove) as error:
        return _page(request, subject, entity, "", error)
    return redirect(f"{URLS['data']}/registers/{subject}/{entity}")


@signed_in()
def looks(request: HttpRequest, subject: str, entity: int) -> HttpResponse:
    """谁看过: every read of one record in clear."""
    who, knowledge = viewer(request), gate.hub().tools.knowledge
    row = profiles.profile(who, subject, entity).row
    context = {
        "tabs": resources.tabs("registers"),
        "row": words.row(dict(row), _today(), knowledge),
        "subject_name": words.SUBJECTS[subject],
        "looks": _looks(who, subject, entity),
        "back": f"{URLS['data']}/registers/{subject}/{entity}",
        "title": _("谁看过这份档案"),
    }
    return render(request, "data/looks.html", context)
