"""应答 serving: Django behind ASGI with its whole chain of middleware in one go of one thread.

Django's own handler takes a request through every synchronous middleware by hops from the event loop to a thread and
back: on one report they were more than half of the processor time. Here the chain is synchronous and one hop long; a
view that is a coroutine, as the live channel, still runs in the event loop.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

from asgiref.sync import sync_to_async
from django.core.handlers.asgi import ASGIHandler
from django.db import close_old_connections
from django.http import HttpRequest
from django.http.response import HttpResponseBase

AT_ONCE = 40
"""Requests that are answered at once in this process; more wait in line."""


class Handler(ASGIHandler):
    """Answers requests; its threads stay, and with them whatever they warmed up."""

    def __init__(self) -> None:
        super().__init__()
        self._answers = sync_to_async(
            self._answer, thread_sensitive=False, executor=ThreadPoolExecutor(AT_ONCE, "request")
        )

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
