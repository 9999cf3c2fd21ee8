"""在岗识别 who is looking: puts the viewer on the request, lazily, so that anonymous and API calls ask nothing."""

from __future__ import annotations

import logging
import re
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.db import DataError, InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.deprecation import MiddlewareMixin
from django.utils.functional import SimpleLazyObject
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from whitenoise.middleware import WhiteNoiseMiddleware
from whitenoise.responders import StaticFile

from zhongshu.data.databases import recheck
from zhongshu.data.people import Held, posts_of
from zhongshu.kernel.access import NOBODY, Viewer
from zhongshu.kernel.errors import BadInput, IllegalMove, NotFound, Unavailable, ZhongshuError
from zhongshu.screen import gate
from zhongshu.screen.naming import english, place_name

POST_KEY = "post"
"""Where the session keeps the post that a person is working in."""
DRAFT = re.compile(r"[0-9a-z]{1,32}")
log = logging.getLogger("zhongshu.screen")


class _Standing:
    """What one request knows about its person; read once, when somebody first asks."""

    def __init__(self, request: HttpRequest) -> None:
        self._request = request
        self._held: list[Held] | None = None

    @property
    def held(self) -> list[Held]:
        if self._held is None:
            user = self._request.user
            self._held = posts_of(user.pk) if user.is_authenticated else []
        return self._held

    def active(self) -> Held | None:
        wanted = self._request.session.get(POST_KEY) if self.held else None
        return next((one for one in self.held if one.post == wanted), self.held[0] if self.held else None)

    def viewer(self) -> Viewer:
        active = self.active()
        return active.viewer if active else NOBODY

    def title(self) -> str:
        active = self.active()
        return _title(active) if active else ""

    def posts(self) -> list[tuple[str, str]]:
        return [(one.post, _title(one)) for one in self.held]


def _title(held: Held) -> str:
    title = held.title_en if english() else held.title
    return _("{post}（代班）").format(post=title) if held.viewer.rota else title


def _city_name() -> str:
    knowledge = gate.hub().tools.knowledge
    return place_name(knowledge.city, knowledge)


class ViewerMiddleware(MiddlewareMixin):
    """Sets viewer, post_title, posts and city_name."""

    def process_request(self, request: HttpRequest) -> None:
        standing = _Standing(request)
        found: dict[str, Callable[[], Any]] = {
            "viewer": standing.viewer,
            "post_title": standing.title,
            "posts": standing.posts,
            "city_name": _city_name,
        }
        for name, make in found.items():
            setattr(request, name, SimpleLazyObject(make))


STATUS: dict[type[ZhongshuError], int] = {BadInput: 422, IllegalMove: 409, NotFound: 404, Unavailable: 503}


class ErrorMiddleware(MiddlewareMixin):
    """An error that speaks in sentences becomes a page that says the sentence."""

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        if request.path.startswith("/api/"):
            return None
        if isinstance(error, ZhongshuError):
            return refusal(request, STATUS.get(type(error), 500), str(error))
        if isinstance(error, DataError):
            return refusal(request, 422, _("内容中有无法保存的字符。"))
        if isinstance(error, OperationalError | InterfaceError):
            log.warning("the database can't be reached: %s", error)
            recheck()
            return refusal(request, 503, _("系统暂时不能登记，请稍后再试，您填写的内容仍在。"))
        return None


def refusal(request: HttpRequest, status: int, sentence: str) -> HttpResponse:
    """The error page; `sentence` may be "English / 中文", of which the reader's half is shown."""
    english_half, slash, chinese_half = sentence.partition(" / ")
    said = (english_half if english() else chinese_half) if slash else sentence
    if status == 503:
        # The name of the city comes from the database that can't be reached.
        request.__dict__.update(city_name="", viewer=NOBODY, posts=[], post_title="")
    back = came_from(request) if request.method == "POST" else ""
    return render(request, "error.html", {"status": status, "sentence": said, "back": back}, status=status)


def came_from(request: HttpRequest) -> str:
    """The page of ours that a request was made from, with its query string; "" when the browser doesn't say."""
    address = request.headers.get("HX-Current-URL") or request.headers.get("Referer", "")
    if not url_has_allowed_host_and_scheme(address, {request.get_host()}):
        return ""
    parts = urlsplit(address)
    return parts.path + (f"?{parts.query}" if parts.query else "")


class DraftMiddleware(MiddlewareMixin):
    """Tells a browser that the form it keeps a draft of was taken in, so that it may forget the draft (see drafts.ts).

    The browser names the draft in a cookie for that form's address. A refused form, or one sent to the log-in page
    because the log-in had ended, says nothing: the text stays where it was typed.
    """

    def process_response(self, request: HttpRequest, response: HttpResponse) -> HttpResponse:
        named = request.COOKIES.get("draft_sent", "")
        if request.method != "POST" or not DRAFT.fullmatch(named):
            return response
        turned_away = response.headers.get("Location", "").startswith(str(settings.LOGIN_URL))
        if response.status_code < 400 and not turned_away:
            response.set_cookie("draft_done", named, max_age=600, samesite="Lax")
        response.delete_cookie("draft_sent", path=request.path, samesite="Lax")
        return response


class StaticMiddleware(WhiteNoiseMiddleware):  # type: ignore[misc]
    """Static files as whole bodies: an asynchronous server reads a plain file response into memory anyway."""

    @staticmethod
    def serve(static_file: StaticFile, request: HttpRequest) -> HttpResponse:
        found = static_file.get_response(request.method, request.META)
        content = found.file.read() if found.file is not None else b""
        if found.file is not None:
            found.file.close()
        answer = HttpResponse(content, status=int(found.status))
        del answer["content-type"]
        for name, value in found.headers:
            answer[name] = value
        return answer
