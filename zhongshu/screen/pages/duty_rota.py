"""值班 the page of chiefs: who holds which post now, who stands in for whom, and until when."""

from __future__ import annotations

from datetime import datetime

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from zhongshu.data import rota
from zhongshu.kernel.errors import BadInput, IllegalMove
from zhongshu.kernel.lifecycle import Role
from zhongshu.screen.frame import URLS
from zhongshu.screen.middleware import STATUS
from zhongshu.screen.naming import english
from zhongshu.screen.pages.account import signed_in, viewer
from zhongshu.screen.story import sentence


@signed_in(Role.CHIEF)
def show(request: HttpRequest) -> HttpResponse:
    """Posts and their people; with ?post= the form for a substitute in it; a posted form adds the line."""
    if request.method != "POST":
        return _page(request)
    given = request.POST
    try:
        between = _moment(given.get("starts_at", "")), _moment(given.get("ends_at", ""))
        account = given.get("person", "").rpartition("@")[2].strip()
        rota.approve(viewer(request), given.get("post", ""), account, between, given.get("reason", ""))
    except (BadInput, IllegalMove) as error:
        return _page(request, error)
    messages.success(request, _("代班已安排，已记入代班表。"))
    return redirect(URLS["rota"])


def _moment(text: str) -> datetime:
    """A local wall time from a form."""
    try:
        return datetime.fromisoformat(text).replace(tzinfo=timezone.get_current_timezone())
    except ValueError:
        raise BadInput("starts_at: expected a day and a time / 请填写起止时间") from None


def _page(request: HttpRequest, refused: BadInput | IllegalMove | None = None) -> HttpResponse:
    who = viewer(request)
    q, post = request.GET.get("q", ""), request.POST.get("post") or request.GET.get("post", "")
    shown = rota.manned(who, q)
    chosen = next((one for one in rota.manned(who, post) if one.code == post), None) if post else None
    context = {
        "q": q,
        "manned": shown,
        "more": len(shown) == rota.SHOWN,
        "chosen": chosen,
        "english": english(),
        "people": rota.candidates(who) if chosen else [],
        "lines": rota.lines(who),
        "values": request.POST,
        "errors": {"": sentence(refused)} if refused else {},
    }
    return render(request, "desk/rota.html", context, status=STATUS[type(refused)] if refused else 200)


@require_POST
@signed_in(Role.CHIEF)
def call_off(request: HttpRequest, line: int) -> HttpResponse:
    """The substitution ends now."""
    rota.call_off(viewer(request), line)
    messages.success(request, _("代班已结束。"))
    return redirect(URLS["rota"])
