"""实时 the live channel: one look at the database for everybody who listens, and to each only what is his.

Server-sent events: `numbers` when one of the viewer's own numbers changed, `case` for a case within the viewer's span,
`ping` so that a browser knows it is still connected. While nobody listens, nobody looks.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import AsyncIterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any

import orjson
from asgiref.sync import sync_to_async
from django.db import Error
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.utils import timezone

from zhongshu.data import overview, pulse
from zhongshu.data.pulse import Beat
from zhongshu.kernel.access import NOBODY, Viewer
from zhongshu.kernel.places import Span
from zhongshu.screen.pages.cockpit import figures
from zhongshu.screen.pages.desk import local_day

LOOK_EVERY = 2.0
PING_EVERY = 15.0
COUNT_EVERY = 60.0
HELD_AT_MOST = 64
"""Events kept for a slow listener; beyond that he loses the oldest, and the next numbers make up for it."""
TOLD_AT_MOST = 30
"""Cases told of one look: a page rings for them, and asks for its lists once."""
log = logging.getLogger("zhongshu.live")

Figures = dict[str, int | str | None]


def event(name: str, data: Any) -> bytes:
    return b"event: " + name.encode() + b"\ndata: " + orjson.dumps(data) + b"\n\n"


def _case(beat: Beat) -> dict[str, int | str | float | None]:
    return {"id": beat.case, "state": beat.state, "lon": beat.lon, "lat": beat.lat}


@dataclass(slots=True, eq=False)
class Listener:
    """One open page."""

    viewer: Viewer
    queue: asyncio.Queue[bytes] = field(default_factory=lambda: asyncio.Queue(HELD_AT_MOST))

    def tell(self, content: bytes) -> None:
        if self.queue.full():
            self.queue.get_nowait()
        self.queue.put_nowait(content)


@dataclass(slots=True)
class Station:
    """电台: every listener of this process, and the one task that looks for them."""

    listeners: set[Listener] = field(default_factory=set)
    shown: dict[Span, Figures] = field(default_factory=dict)
    seen: int | None = None
    counted: float = 0.0
    task: asyncio.Task[None] | None = None
    thread: ThreadPoolExecutor = field(default_factory=lambda: ThreadPoolExecutor(1, "live"))

    def join(self, listener: Listener) -> None:
        """Whoever comes, or comes back, gets the numbers of now: what changed while away nobody else would tell."""
        self.listeners.add(listener)
        if listener.viewer.span in self.shown:
            listener.tell(event("numbers", self.shown[listener.viewer.span]))
        if self.task is None or self.task.done():
            self.task = asyncio.get_running_loop().create_task(self._watch())

    def leave(self, listener: Listener) -> None:
        self.listeners.discard(listener)
        if not self.listeners and self.task is not None:
            self.task.cancel()
            self.task = None
            self.shown.clear()

    async def _watch(self) -> None:
        pinged = loop_time = asyncio.get_running_loop().time()
        while True:
            spans = {listener.viewer.span: listener.viewer for listener in self.listeners}
            try:
                found, beats = await asyncio.get_running_loop().run_in_executor(self.thread, self._look, spans)
            except Error as error:
                log.warning("the live channel can't reach the database: %s", error)
            else:
                self._tell(found, beats)
                loop_time = asyncio.get_running_loop().time()
            if loop_time - pinged >= PING_EVERY:
                pinged = loop_time
                for listener in self.listeners:
                    listener.tell(event("ping", {}))
            await asyncio.sleep(LOOK_EVERY)

    def _look(self, spans: dict[Span, Viewer]) -> tuple[dict[Span, Figures], list[Beat]]:
        """In the station's own thread: numbers of each distinct span that something happened in, or that is new."""
        try:
            mark = pulse.mark()
            fresh, self.seen = mark - (mark if self.seen is None else self.seen), mark
            beats = pulse.beats(fresh) if fresh else []
            wanted = self._wanted(spans, fresh, {beat.place for beat in beats})
            now, day = timezone.now(), local_day()
            return {span: figures(overview.numbers(who, now, day)) for span, who in wanted.items()}, beats
        finally:
            pulse.release()

    def _wanted(self, spans: dict[Span, Viewer], fresh: int, places: set[str]) -> dict[Span, Viewer]:
        """Spans to be counted anew: all of them after more than a look can name, and now and then because time passes:
        a case grows due, a day ends, without any fact."""
        now = time.monotonic()
        if now - self.counted >= COUNT_EVERY or fresh > pulse.NAMED:
            self.counted = now
            return spans
        return {span: who for span, who in spans.items() if span not in self.shown or any(map(span.holds, places))}

    def _tell(self, found: dict[Span, Figures], beats: list[Beat]) -> None:
        changed = {span: numbers for span, numbers in found.items() if self.shown.get(span) != numbers}
        self.shown.update(changed)
        messages = {span: event("numbers", numbers) for span, numbers in changed.items()}
        news = [(beat.place, event("case", _case(beat))) for beat in beats[:TOLD_AT_MOST]]
        for listener in self.listeners:
            span = listener.viewer.span
            if span in messages:
                listener.tell(messages[span])
            for place, content in news:
                if span.holds(place):
                    listener.tell(content)


station = Station()


async def _events(listener: Listener) -> AsyncIterator[bytes]:
    station.join(listener)
    try:
        yield event("ping", {})
        while True:
            yield await listener.queue.get()
    finally:
        station.leave(listener)


async def live(request: HttpRequest) -> HttpResponse | StreamingHttpResponse:
    """The stream of one viewer; 403 for whoever is not signed in to a post."""
    who: Viewer = await sync_to_async(_standing)(request)
    if not who.post:
        return HttpResponse(status=403)
    headers = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
    return StreamingHttpResponse(_events(Listener(who)), content_type="text/event-stream", headers=headers)


def _standing(request: HttpRequest) -> Viewer:
    found: Viewer = request.viewer  # type: ignore[attr-defined]
    return found if found.post else NOBODY
