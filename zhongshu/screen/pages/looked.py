"""谁查过我 who read my record: an officer gives a person a code; the person looks once, without an account."""

from __future__ import annotations

from typing import Any

from allauth.core import ratelimit
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from zhongshu.data.registers import passes, profiles
from zhongshu.kernel.desk import Knowledge
from zhongshu.kernel.errors import BadInput, NotFound
from zhongshu.screen import gate, naming, resources
from zhongshu.screen import registers as words
from zhongshu.screen.frame import URLS
from zhongshu.screen.middleware import STATUS
from zhongshu.screen.pages.account import signed_in, viewer
from zhongshu.screen.story import sentence

PROOFS = (
    ("id_card", gettext_lazy("居民身份证")),
    ("household_book", gettext_lazy("户口簿")),
    ("passport", gettext_lazy("护照等其他证件")),
    ("face", gettext_lazy("人证核验设备")),
)


def rows(given: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Passes as the profile shows them: what the officer saw, and what became of it."""
    now = gate.hub().clock()
    found = []
    for one in given:
        state = _("已使用") if one["used_at"] else _("已过期") if one["until"] <= now else _("未使用")
        found.append({**one, "proof_name": dict(PROOFS).get(one["proof"], one["proof"]), "state_name": state})
    return found


@signed_in()
@require_POST
@never_cache
def issue(request: HttpRequest, entity: int) -> HttpResponse:
    """开具: the code, shown this once."""
    who = viewer(request)
    code = passes.issue(who, entity, request.POST.get("proof", ""), gate.hub().clock())
    row = profiles.profile(who, "person", entity).row
    context = {
        "tabs": resources.tabs("registers"),
        "row": words.row(dict(row), gate.hub().clock().date(), gate.hub().tools.knowledge),
        "code": code,
        "hours": passes.HOURS,
        "address": request.build_absolute_uri(URLS["looked"]),
        "back": f"{URLS['data']}/registers/person/{entity}",
    }
    return render(request, "data/pass.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def show(request: HttpRequest) -> HttpResponse:
    """谁查过我的信息: a form; with the right code and the end of his number the list, this once."""
    given = {name: request.POST.get(name, "").strip()[:40] for name in ("code", "ending")}
    context: dict[str, Any] = {"given": given, "errors": {}, "opened": False}
    if request.method != "POST":
        return render(request, "resident/looked.html", context)
    try:
        if not ratelimit.consume(request, action="looked"):
            raise BadInput("code: too many tries from here, wait a minute / 尝试过于频繁，请稍后再试")
        found = passes.use(given["code"], given["ending"], gate.hub().clock())
    except (BadInput, NotFound) as error:
        context["errors"] = {"ending" if str(error).startswith("ending") else "code": sentence(error)}
        return render(request, "resident/looked.html", context, status=STATUS[BadInput])
    knowledge = gate.hub().tools.knowledge
    context |= {"opened": True, "rows": [_row(one, knowledge) for one in found], "given": {}}
    return render(request, "resident/looked.html", context)


def _row(one: passes.Reading, knowledge: Knowledge) -> dict[str, Any]:
    what = words.SUBJECTS.get(one.what) or words.dataset(one.what)
    return {
        "at": one.at,
        "unit_name": naming.unit_name(one.unit, knowledge) if one.unit else _("未知单位"),
        "purpose": one.purpose,
        "what": what,
    }
