"""下一件 the case that follows in the list that somebody works through, carried along as `from` in the addresses."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from zhongshu.screen import gate
from zhongshu.screen.frame import URLS
from zhongshu.screen.pages.account import signed_in, viewer
from zhongshu.screen.pages.desk import page_of
from zhongshu.screen.pages.desk_filters import read_filters, spelt

FROM = "from"


def carried(query: Mapping[str, str]) -> str:
    """The list as what is put behind an address, "" when nobody came from one."""
    given = spelt(query.get(FROM, ""))
    return f"?{urlencode({FROM: urlencode(given)})}" if given else ""


def offered(query: Mapping[str, str], case: int) -> dict[str, str] | None:
    """Where the next case is asked for, and the list itself: the list is read when somebody goes on, not before."""
    behind = carried(query)
    if not behind:
        return None
    return {"url": f"{URLS['case']}{case}/next{behind}", "list": _list(query)}


@require_safe
@signed_in()
def show(request: HttpRequest, case: int) -> HttpResponse:
    """The case after this one in the list as it is now, its first when this one is done with, the list at its end."""
    who, given = viewer(request), spelt(request.GET.get(FROM, ""))
    listed = page_of(who, read_filters(given, gate.hub().tools.knowledge, who.user), given, "").rows
    ids = [row["id"] for row in listed]
    at = ids.index(case) + 1 if case in ids else 0
    if at < len(ids):
        return redirect(f"{URLS['case']}{ids[at]}{carried(request.GET)}")
    messages.info(request, _("已到清单末尾"))
    return redirect(_list(request.GET))


def _list(query: Mapping[str, str]) -> str:
    return f"{URLS['cases']}?{urlencode(spelt(query.get(FROM, '')))}"
