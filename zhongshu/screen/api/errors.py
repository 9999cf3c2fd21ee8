"""差错应答 errors: which failure becomes which answer; one table for the whole API."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Any

import psycopg
from django.core.exceptions import SuspiciousOperation
from django.db import DataError, InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.utils.translation.trans_real import parse_accept_lang_header
from ninja import NinjaAPI
from ninja.errors import HttpError, ValidationError

from zhongshu.data.databases import recheck
from zhongshu.kernel.errors import BadInput, IllegalMove, NotFound, Unavailable
from zhongshu.screen.api.tokens import Forbidden, Unauthorised

log = logging.getLogger("zhongshu.api")

RETRY_AFTER = 5
"""Seconds that a client is asked to wait while the database is away."""
AWAY = "the database can't take this now, nothing was accepted; please try again / 数据库暂时不可用，未受理，请稍后重试"
REFUSED = "the database refuses a value in this / 数据中含有无法存储的值"

UNAVAILABLE: tuple[type[Exception], ...] = (
    Unavailable,
    OperationalError,
    InterfaceError,
    psycopg.OperationalError,
    psycopg.InterfaceError,
)
"""Database gone, disk full (a kind of OperationalError), pool exhausted."""

STATUS: dict[type[Exception], int] = {
    BadInput: 422,
    DataError: 422,
    NotFound: 404,
    IllegalMove: 409,
    Unauthorised: 401,
    Forbidden: 403,
    SuspiciousOperation: 400,
    **dict.fromkeys(UNAVAILABLE, 503),
}


def status(error: Exception) -> int:
    """The HTTP status of an error that the table knows, by its nearest class; 500 otherwise."""
    return next((STATUS[kind] for kind in type(error).__mro__ if kind in STATUS), 500)


def sentence(error: Exception) -> dict[str, Any]:
    """The body of an answer that is an error: the sentence, and the field where the sentence opens with one."""
    if isinstance(error, UNAVAILABLE):
        return {"error": AWAY, "field": ""}
    if isinstance(error, DataError):
        return {"error": REFUSED, "field": ""}
    text = str(error)
    head = text.partition(":")[0]
    return {"error": text, "field": head if head.replace(", ", "").replace("_", "").isalnum() else ""}


def told(request: HttpRequest, found: dict[str, Any]) -> dict[str, Any]:
    """The body with that half of its "English / 中文" that Accept-Language asks for; both where nothing is asked."""
    wanted = parse_accept_lang_header(request.headers.get("Accept-Language", ""))
    half = next((code[:2] for code, _weight in wanted if code[:2] in ("en", "zh")), "")
    english, slash, chinese = str(found["error"]).partition(" / ")
    return {**found, "error": english if half == "en" else chinese} if slash and half else found


def register(api: NinjaAPI) -> None:
    """Teach the API the table."""
    for kind in STATUS:
        api.add_exception_handler(kind, _answer(api))
    api.add_exception_handler(ValidationError, _invalid(api))
    api.add_exception_handler(HttpError, _http(api))


Handler = Callable[[HttpRequest, Any], HttpResponse]


def _answer(api: NinjaAPI) -> Handler:
    def handle(request: HttpRequest, error: Exception) -> HttpResponse:
        code = status(error)
        response = api.create_response(request, told(request, sentence(error)), status=code)
        if code == 503:
            log.warning("not accepted: %s", error)
            recheck()
            response["Retry-After"] = str(RETRY_AFTER)
        if code == 401:
            response["WWW-Authenticate"] = "Bearer"
        return response

    return handle


def _invalid(api: NinjaAPI) -> Handler:
    def handle(request: HttpRequest, error: ValidationError) -> HttpResponse:
        first = error.errors[0]
        skipped = 2 if first["loc"][0] == "body" and len(first["loc"]) > 2 else 1
        field = ".".join(str(part) for part in first["loc"][skipped:])
        return api.create_response(request, {"error": f"{field}: {first['msg']}", "field": field}, status=422)

    return handle


def _http(api: NinjaAPI) -> Handler:
    def handle(request: HttpRequest, error: HttpError) -> HttpResponse:
        return api.create_response(request, told(request, {"error": str(error), "field": ""}), status=error.status_code)

    return handle
