"""应答 serving: Django behind ASGI with its whole chain of middleware in one go of one thread.

Django's own handler takes a request through every synchronous middleware by hops from the event loop to a thread and
back: on one report they were more than half of the processor time. Here the chain is synchronous and one hop long; a
view that is a coroutine, as the live channel, still runs in the event loop.
"""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from asgiref.sync import sync_to_async
from django.core.handlers.asgi import ASGIHandler
from django.core.signals import request_started
from django.db import close_old_connections, reset_queries
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.urls import base
from django.utils import timezone
from django.utils.translation import trans_real

AT_ONCE = 16
"""Requests that are answered at once in this process; more wait in line. Each may hold one connection of each pool, so
that the pools (zhongshu.app) have room for all of them: one waiting for another's connection would wait for ever."""


def _own_locals() -> None:
    """Give every thread its own language, time zone and address table, without a lock.

    Django keeps them in asgiref's Local, which every thread locks at each word that is translated: a thousand times a
    page, so that threads that render at the same time stood in line for one lock and a page took seconds. A request
    lives in one thread here from its first middleware to its answer, and the first middleware sets all of them.
    """
    trans_real._active = threading.local()  # type: ignore[attr-defined]
    timezone._active = threading.local()  # type: ignore[attr-defined]
    base._prefixes = threading.local()  # type: ignore[attr-defined]
    base._urlconfs = threading.local()  # type: ignore[attr-defined]


class Handler(ASGIHandler):
    """Answers requests; its threads stay, and with them whatever they warmed up."""

    def __init__(self) -> None:
        super().__init__()
        _own_locals()
        for receiver in (close_old_connections, reset_queries):
            # What they do at the beginning is done by `_answer`, without another hop.
            request_started.disconnect(receiver)
        self._answers = sync_to_async(
            self._answer, thread_sensitive=False, executor=ThreadPoolExecutor(AT_ONCE, "request")
        )

    async def __call__(self, scope: dict[str, Any], receive: Any, send: Any) -> None:
        """Without Django's context for each request, which starts a thread only to begin and to end it."""
        if scope["type"] != "http":
            raise ValueError(f"only HTTP is served here, not {scope['type']}")
        await self.handle(scope, receive, send)

    def load_middleware(self, is_async: bool = False) -> None:
        super().load_middleware(is_async=False)

    async def get_response_async(self, request: HttpRequest) -> HttpResponseBase:
        return await self._answers(request)

    def _answer(self, request: HttpRequest) -> HttpResponseBase:
        """A connection of this thread goes back to its pool before the answer is sent."""
        close_old_connections()
        try:
            return self.get_response(request)
        finally:
            close_old_connections()
