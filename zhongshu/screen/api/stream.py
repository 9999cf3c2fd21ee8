"""批量流 the stream: newline-delimited reports in, one answer per line out, in order, with flat memory.

It sits in front of Django because Django keeps a whole request body before a view sees it. A batch is durable before
any of its lines is answered. Answers wait on disk for a client that doesn't read yet, so that a client which sends
everything before it reads anything can't block itself.
"""

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import IO, Any

import orjson
from django.db import DataError, connections

from zhongshu.data.databases import recheck
from zhongshu.data.integrations import Integration
from zhongshu.hub.hub import Receipt
from zhongshu.hub.sense.normalise import Intake
from zhongshu.kernel.errors import BadInput, ZhongshuError
from zhongshu.screen import gate
from zhongshu.screen.api import errors
from zhongshu.screen.api.admission import admit
from zhongshu.screen.api.tokens import Unauthorised, holder

Scope = dict[str, Any]
Receive = Callable[[], Awaitable[Mapping[str, Any]]]
Send = Callable[[Mapping[str, Any]], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]

PATH = "/api/reports/stream"
BATCH = 500
"""Lines per transaction."""
LINE_LIMIT = 256 * 1024
"""Bytes of the longest line that is read; a longer one is answered with an error and skipped."""
SPOOL = 1024 * 1024
"""Bytes of waiting answers kept in memory before they go to disk."""
JSON = [(b"content-type", b"application/json")]
LINES = [(b"content-type", b"application/x-ndjson"), (b"cache-control", b"no-store")]

Line = tuple[int, bytes]


def mount(django_app: App) -> App:
    """The ASGI application that answers the stream itself and hands everything else to Django."""

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and scope["path"] == PATH and scope["method"] == "POST":
            await stream(scope, receive, send)
        else:
            await django_app(scope, receive, send)

    return app


async def stream(scope: Scope, receive: Receive, send: Send) -> None:
    """Answer one streaming request."""
    try:
        sender = await asyncio.to_thread(_sender, scope)
    except Exception as error:  # noqa: BLE001  every failure has its answer in the table; others are 500
        await _refuse(error, send)
        return
    spool = Spool(tempfile.SpooledTemporaryFile(max_size=SPOOL))  # noqa: SIM115  closed below, after the writer
    writer = asyncio.create_task(_write(spool, send))
    try:
        async for batch in _batches(receive):
            if writer.done():
                break
            await spool.put(await asyncio.to_thread(store, batch, sender))
    except Disconnected:
        writer.cancel()
    finally:
        await spool.end()
        await asyncio.wait([writer])
        spool.close()
    if not writer.cancelled() and (broken := writer.exception()):
        raise broken


def _sender(scope: Scope) -> Integration:
    """The integration of the request. A stream without a token is refused whatever its channel."""
    headers = {name: value.decode("latin-1") for name, value in scope["headers"]}
    try:
        found = holder(headers.get(b"authorization", ""))
    finally:
        connections.close_all()
    if found is None:
        raise Unauthorised("the stream needs a token / 批量流需要接入凭证")
    return found


async def _refuse(error: Exception, send: Send) -> None:
    headers = [*JSON, (b"connection", b"close")]
    code = errors.status(error)
    if code == 503:
        headers.append((b"retry-after", str(errors.RETRY_AFTER).encode()))
    if code == 500:
        raise error
    await send({"type": "http.response.start", "status": code, "headers": headers})
    await send({"type": "http.response.body", "body": orjson.dumps(errors.sentence(error))})


class Disconnected(Exception):
    """The client went away before its body ended; what was answered stays taken in."""


async def _batches(receive: Receive) -> AsyncIterator[list[Line]]:
    """The body as batches of numbered lines, counted from 1; blank lines count but aren't answered."""
    cutter = Cutter()
    batch: list[Line] = []
    more = True
    while more:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise Disconnected
        more = message.get("more_body", False)
        for line in cutter.cut(message.get("body", b""), last=not more):
            batch.append(line)
            if len(batch) == BATCH:
                yield batch
                batch = []
    if batch:
        yield batch


@dataclass(slots=True)
class Cutter:
    """Cuts chunks into lines; holds at most one line's limit of bytes."""

    rest: bytes = b""
    number: int = 0
    skipping: bool = False

    def cut(self, chunk: bytes, last: bool) -> list[Line]:
        *whole, self.rest = (self.rest + chunk).split(b"\n")
        found = [line for one in whole if (line := self._line(one))]
        if len(self.rest) > LINE_LIMIT:
            self.skipping, self.rest = True, b""
        if last and (self.rest or self.skipping) and (line := self._line(self.rest)):
            found.append(line)
        return found

    def _line(self, text: bytes) -> Line | None:
        self.number += 1
        if self.skipping or len(text) > LINE_LIMIT:
            self.skipping = False
            return self.number, b""
        return (self.number, text) if text.strip() else None


def store(batch: list[Line], sender: Integration) -> bytes:
    """Take one batch in, durable when this returns; the answers' lines in the order of the input.

    Runs in a thread of its own life, so its connections go back to the pool at the end.
    """
    answers: dict[int, dict[str, Any]] = {}
    good: list[tuple[int, Intake]] = []
    hub = gate.hub()
    now = hub.clock()
    for number, text in batch:
        try:
            good.append((number, admit(_parse(text), sender, now)))
        except ZhongshuError as error:
            answers[number] = {"line": number, "error": str(error)}
    try:
        answers.update(_accept(good))
    finally:
        connections.close_all()
    return b"".join(orjson.dumps(answers[number]) + b"\n" for number, _ in batch)


def _parse(text: bytes) -> Any:
    if not text:
        raise BadInput(f"line: found more than {LINE_LIMIT} bytes, expected one report / 单行过长")
    try:
        return orjson.loads(text)
    except orjson.JSONDecodeError as error:
        raise BadInput(f"line: {error}; expected one JSON object / 不是合法的 JSON 对象") from None


def _accept(good: list[tuple[int, Intake]]) -> dict[int, dict[str, Any]]:
    """Answers by line. When the database refuses a value, the lines are tried one by one, so the rest passes."""
    if not good:
        return {}
    try:
        receipts = gate.hub().accept([one for _, one in good])
    except DataError:
        if len(good) == 1:
            return {good[0][0]: {"line": good[0][0], "error": errors.REFUSED}}
        return {number: answer for one in good for number, answer in _accept([one]).items()}
    except errors.UNAVAILABLE as error:
        errors.log.warning("not accepted: %s", error)
        recheck()
        return {number: {"line": number, "error": errors.AWAY} for number, _ in good}
    return {number: _told(number, receipt) for (number, _), receipt in zip(good, receipts, strict=True)}


def _told(number: int, receipt: Receipt) -> dict[str, Any]:
    return {"line": number, "report": receipt.report, "new": receipt.new}


@dataclass(slots=True)
class Spool:
    """Answers that wait for the client: written at one end of a temporary file, read at the other."""

    file: IO[bytes]
    written: int = 0
    taken: int = 0
    ended: bool = False
    change: asyncio.Condition = field(default_factory=asyncio.Condition)

    async def put(self, data: bytes) -> None:
        async with self.change:
            if self.taken == self.written:
                self.file.seek(0)
                self.file.truncate()
                self.written = self.taken = 0
            self.file.seek(self.written)
            self.file.write(data)
            self.written += len(data)
            self.change.notify()

    async def end(self) -> None:
        async with self.change:
            self.ended = True
            self.change.notify()

    async def take(self) -> bytes:
        """The next piece; empty when no more will come."""
        async with self.change:
            await self.change.wait_for(lambda: self.taken < self.written or self.ended)
            self.file.seek(self.taken)
            data = self.file.read(min(65536, self.written - self.taken))
            self.taken += len(data)
            return data

    def close(self) -> None:
        self.file.close()


async def _write(spool: Spool, send: Send) -> None:
    await send({"type": "http.response.start", "status": 200, "headers": LINES})
    while data := await spool.take():
        await send({"type": "http.response.body", "body": data, "more_body": True})
    await send({"type": "http.response.body", "body": b"", "more_body": False})
