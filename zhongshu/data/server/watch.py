"""守库 the watch: a process that lives long sees to it that its database lives, and starts it again if killed."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

import psutil

from zhongshu.data.server import places
from zhongshu.data.server.failure import ServerError
from zhongshu.data.server.supervisor import STOPPED, Server

log = logging.getLogger("zhongshu.server")
EVERY = 0.5
"""Seconds between two looks."""
PAUSE = 5.0
"""Seconds after a start that failed: a full disk isn't mended by haste."""


@dataclass(slots=True)
class Watch:
    """守望. `back` gets the address each time the server has come back as a new process, whoever started it."""

    server: Server
    back: Callable[[str], None]
    known: int = 0
    ending: threading.Event = field(default_factory=threading.Event)

    def run(self) -> None:
        self.known = self.server.pid()
        while not self.ending.wait(EVERY):
            try:
                self.look()
            except (ServerError, OSError, psutil.Error) as error:
                log.warning("the database can't be started again yet: %s", error)
                self.ending.wait(PAUSE)

    def look(self) -> None:
        """Once. A server that somebody stopped on purpose (`db stop`) is left alone until somebody starts it."""
        pid = self.server.pid()
        if not pid:
            self._again()
        elif pid != self.known and self.server.ready():
            self.back(self.server.url())
            self.known = pid

    def _again(self) -> None:
        gone = places.recorded(self.server.home) is None
        if gone or (self.server.home / STOPPED).exists():
            return
        log.warning("the database is gone; starting it again / 数据库已停，正在重新启动")
        self.server.ensure()
        log.warning("the database is back / 数据库已恢复")


@contextmanager
def watching(server: Server, back: Callable[[str], None]) -> Iterator[Watch]:
    """Watch over the server from a thread of its own while the block runs."""
    watch = Watch(server, back)
    thread = threading.Thread(target=watch.run, name="database watch", daemon=True)
    thread.start()
    try:
        yield watch
    finally:
        watch.ending.set()
        thread.join()
