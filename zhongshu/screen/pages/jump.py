"""直达 jump: pages, cases, calls and things by a few letters, as a dialog of the bar or a page of its own."""

from __future__ import annotations

from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.cache import patch_vary_headers

from zhongshu.screen import gate, jumping
from zhongshu.screen.frame import URLS
from zhongshu.screen.pages.account import signed_in, viewer

LONGEST = 60


@signed_in()
def go(request: HttpRequest) -> HttpResponse:
    """What `q` may mean. Sent by Enter (`first`) it leads at once to the first of it."""
    q, who = request.GET.get("q", "")[:LONGEST].strip(), viewer(request)
    partial = request.headers.get("HX-Request") == "true"
    named = jumping.things(who, q, gate.hub().tools.knowledge)
    found = [*jumping.numbered(who, q), *jumping.matters(who, q), *jumping.matching(jumping.pages(who), q), *named]
    search = f"{URLS['cases']}?{urlencode({'q': q})}" if q else ""
    if request.GET.get("first") and q and not partial:
        return redirect(found[0]["url"] if found else search)
    response = render(
        request,
        "parts/jump_list.html" if partial else "desk/go.html",
        {"found": found, "q": q, "search_url": search},
    )
    # One address, two bodies: a browser going back must not show the list as the page.
    response["Cache-Control"] = "no-store"
    patch_vary_headers(response, ["HX-Request"])
    return response
