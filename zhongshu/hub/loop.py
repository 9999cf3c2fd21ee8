"""常驻 the runner's life: take queued facts down the road, look at the clocks, sleep until woken."""

from __future__ import annotations

import logging
import threading
import time

from django.db import Error, connections

from zhongshu.data import queue
from zhongshu.data.databases import ROAD
from zhongshu.data.figures import shown
from zhongshu.hub.hub import Hub
from zhongshu.kernel.errors import Unavailable

log = logging.getLogger("zhongshu.runner")
CLOCKS_EVERY = 5.0
"""Seconds between two looks at the clocks: working minutes need no finer sight."""
PERIODS_EVERY = 300.0
"""Seconds between two looks for periods that have closed, whose figures are then kept."""


def run_forever(hub: Hub, stop: threading.Event) -> None:
    """Until `stop`. A database that goes away is waited for: what was accepted is in it and nowhere else."""
    looked = 0.0
    kept = time.monotonic()
    while not stop.is_set():
        try:
            busy = hub.run_once()
            if time.monotonic() - looked > CLOCKS_EVERY:
                looked = time.monotonic()
                busy += hub.advance()
            if time.monotonic() - kept > PERIODS_EVERY:
                kept = time.monotonic()
                shown.keep_due(hub.tools.knowledge, hub.clock())
            if not busy:
                queue.listen(timeout=1.0)
        except (Error, Unavailable) as error:
            log.warning("the database can't take this, trying again: %s", error)
            connections[ROAD].close()
            stop.wait(1.0)
