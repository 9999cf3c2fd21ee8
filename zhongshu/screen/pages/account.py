"""账户 account: who may open a page, the post that somebody works in, and the way home."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate

from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from zhongshu.kernel.access import Viewer
from zhongshu.kernel.lifecycle import Role
from zhongshu.screen import gate
from zhongshu.screen.frame import URLS, start
from zhongshu.screen.middleware import POST_KEY, came_from, refusal

Page = Callable[Concatenate[HttpRequest, ...], HttpResponse]


def viewer(request: HttpRequest) -> Viewer:
    """The person in the post that the middleware found; NOBODY when not signed in."""
    found: Viewer = request.viewer  # type: ignore[attr-defined]
    return found


def signed_in(*roles: Role) -> Callable[[Page], Page]:
    """Only for people in a post, and when roles are named only for posts with one of them."""

    def wrap(page: Page) -> Page:
        @wraps(page)
        def guarded(request: HttpRequest, *args: Any, **named: Any) -> HttpResponse:
            if not request.user.is_authenticated:
                return _to_log_in(request)
            who = viewer(request)
            if not who.post:
                return refusal(request, 403, _("您的账号没有在任岗位，请联系管理员。"))
            if roles and not who.roles & set(roles):
                return refusal(request, 403, _("本岗位不能使用此页。"))
            return page(request, *args, **named)

        return guarded

    return wrap


def _to_log_in(request: HttpRequest) -> HttpResponse:
    """To the log-in page and from there back: to this page, or to the one whose form or part was asked for.

    A form can't be sent twice by an address, so its own page is where the text comes back; a part of a page must not
    have the log-in page put into its place.
    """
    asked = request.headers.get("HX-Request") == "true"
    whole = request.method in ("GET", "HEAD") and not asked
    answer = redirect_to_login(request.get_full_path() if whole else came_from(request) or URLS["home"])
    return HttpResponse(status=204, headers={"HX-Redirect": answer.url}) if asked else answer


def home(request: HttpRequest) -> HttpResponse:
    """Residents come to the report form, people in a post to the page that their post begins at (see frame.STARTS)."""
    return redirect(_start(viewer(request)) if request.user.is_authenticated else URLS["report"])


def _start(who: Viewer) -> str:
    unit = gate.hub().tools.knowledge.units.get(who.unit)
    return start(who, unit.kind if unit else "")


@require_POST
@signed_in()
def switch_post(request: HttpRequest) -> HttpResponse:
    """Work in another post that this person holds; the new post starts where such posts begin."""
    wanted = request.POST.get("post", "")
    if wanted in dict(request.posts):  # type: ignore[attr-defined]
        request.session[POST_KEY] = wanted
    return redirect(URLS["home"])


def _page(status: int, sentence: Callable[[], str]) -> Callable[..., HttpResponse]:
    def show(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
        return refusal(request, status, sentence())

    return show


bad_request = _page(400, lambda: _("请求的格式不对。"))
forbidden = _page(403, lambda: _("没有权限，或页面已过期，请返回后重试。"))
missing = _page(404, lambda: _("没有这个页面，或不在您的范围内。"))
broken = _page(500, lambda: _("系统出错了，已记录。请稍后再试。"))


def csrf_failed(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form that lay open too long, or one of another site."""
    return forbidden(request)
