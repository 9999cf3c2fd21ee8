"""我的视图 saved views of the desk: keep the list that is shown, share it with the unit, open the desk with it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from zhongshu.data import saved
from zhongshu.kernel.access import Viewer
from zhongshu.kernel.errors import BadInput
from zhongshu.screen.frame import URLS
from zhongshu.screen.pages.account import signed_in, viewer
from zhongshu.screen.pages.desk_filters import known, spelt
from zhongshu.screen.queries import whole
from zhongshu.screen.story import sentence


def first(who: Viewer) -> dict[str, str]:
    """The list that this person's desk opens with; empty when none was chosen."""
    return next((spelt(one["query"]) for one in saved.views(who) if one["main"]), {})


def offered(who: Viewer, given: Mapping[str, str]) -> dict[str, Any]:
    """The views of this person and of the unit, each with its address, and whether it is the one that is shown."""
    here = known(given)
    shown = [
        {**one, "url": f"{URLS['cases']}?{urlencode(spelt(one['query']))}", "here": spelt(one["query"]) == here}
        for one in saved.views(who)
    ]
    return {"views": shown, "view_query": urlencode(here), "views_url": URLS["cases"] + "/views"}


@require_POST
@signed_in()
def keep(request: HttpRequest) -> HttpResponse:
    """Keep, forget, or open the desk with a view; then its list again."""
    who, given = viewer(request), request.POST
    query = spelt(given.get("query", ""))
    number = whole(given.get("view", "")) or 0
    try:
        match given.get("act"):
            case "drop":
                saved.drop(who, number)
                messages.success(request, _("视图已删除。"))
            case "main" | "unmain":
                saved.make_main(who, number, given["act"] == "main")
                messages.success(request, _("已更改打开工作台时看到的视图。"))
            case _:
                shared, main = given.get("shared") == "1", given.get("main") == "1"
                saved.save(who, given.get("name", ""), urlencode(query), shared, main)
                messages.success(request, _("视图已保存。"))
    except BadInput as error:
        messages.error(request, sentence(error))
    return redirect(f"{URLS['cases']}?{urlencode(query)}" if query else URLS["cases"])
