"""摘要 the summary on a case's page: a draft on demand, labelled as the machine's, and a person's confirmed words."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from zhongshu.data import casefile
from zhongshu.hub import summing
from zhongshu.kernel.errors import IllegalMove, NotFound, Unavailable
from zhongshu.screen import gate, naming, story
from zhongshu.screen.fields import Scene
from zhongshu.screen.frame import URLS
from zhongshu.screen.pages.account import signed_in, viewer


def part(scene: Scene) -> dict[str, Any]:
    """What the case's page shows: confirmed words, an open draft, and whether one may be asked for."""
    confirmed, newest = summing.standing(scene.case)
    may = summing.may(scene.viewer)
    return {
        "text": confirmed["payload"]["text"] if confirmed else "",
        "at": story.moment(confirmed["at"]) if confirmed else None,
        "edited": confirmed["payload"].get("edited", True) if confirmed else True,
        "draft": newest if may else None,
        "ask": may and gate.hub().assistant is not None,
        "url": f"{URLS['case']}{scene.case['id']}/draft",
    }


@require_POST
@signed_in()
def draft(request: HttpRequest, case: int) -> HttpResponse:
    """机器起草: asked by a person, for this case, now."""
    who = viewer(request)
    found = casefile.whole(who, case)
    if found is None:
        raise NotFound(f"there is no case {case} here / 没有这个案件，或不在您的范围内")
    category = naming.category_name(found["category"], gate.hub().tools.knowledge)
    try:
        summing.draft(gate.hub(), who, found, category)
    except (IllegalMove, Unavailable) as error:
        messages.error(request, story.sentence(error))
    else:
        messages.success(request, _("草稿已起草，请核对、修改后确认。"))
    return redirect(f"{URLS['case']}{case}#summary")
