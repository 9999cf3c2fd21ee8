"""夜间作业 what the runner has done once a night by a process of its own, so that the road never waits for it."""

from __future__ import annotations

import logging
import os
import subprocess
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from zhongshu.data import causes
from zhongshu.kernel.clocks import CITY_TIME

log = logging.getLogger("zhongshu.nightly")

HOUR = 3
"""From this hour of the city's day on the night's search may begin."""
LIMIT = timedelta(minutes=30)
"""A search that takes longer is ended; it has kept nothing then."""
AGAIN = timedelta(hours=2)
"""After one that failed or was ended, not sooner than this."""
NICE = 10

Start = Callable[[Sequence[str]], subprocess.Popen[bytes]]


def started(words: Sequence[str]) -> subprocess.Popen[bytes]:
    """A command of ours in a process of its own, behind everything else."""
    gently = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}
    process = subprocess.Popen(
        [sys.executable, "-m", "zhongshu", *words],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        env={**os.environ, **gently},
    )
    if hasattr(os, "setpriority"):
        os.setpriority(os.PRIO_PROCESS, process.pid, NICE)
    return process


@dataclass(slots=True)
class Search:
    """每夜找源头: begun once a night, ended when it takes too long."""

    start: Start = started
    process: subprocess.Popen[bytes] | None = None
    begun: datetime | None = None

    def look(self, now: datetime) -> bool:
        """Begin what is due, end what takes too long; whether one was begun."""
        if self.process is not None:
            self._watch(now)
            return False
        if not self._due(now):
            return False
        self.process, self.begun = self.start(["causes", "find"]), now
        return True

    def _watch(self, now: datetime) -> None:
        assert self.process is not None and self.begun is not None
        if self.process.poll() is None and now - self.begun > LIMIT:
            log.warning("the search for causes took more than %s and is ended", LIMIT)
            self.process.kill()
            self.process.wait()
        elif self.process.poll():
            log.warning("the search for causes ended with %s", self.process.returncode)
        if self.process.poll() is not None:
            self.process = None

    def _due(self, now: datetime) -> bool:
        local = now.astimezone(CITY_TIME)
        if local.hour < HOUR or (self.begun and now - self.begun < AGAIN):
            return False
        last = causes.last_run()
        return last is None or datetime.fromisoformat(last["at"]).astimezone(CITY_TIME).date() < local.date()

    def close(self) -> None:
        """The runner ends, and so does what it began."""
        if self.process is not None and self.process.poll() is None:
            self.process.terminate()
            self.process.wait()
