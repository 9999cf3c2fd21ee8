"""常驻 the runner's life: take queued facts down the road, look at the clocks, sleep until woken."""

from __future__ import annotations

import logging
import threading
import time
from contextlib import closing

from django.db import Error

from zhongshu.data import queue
from zhongshu.hub.hub import Hub
from zhongshu.kernel.errors import Unavailable

log = logging.getLogger("zhongshu.runner")
CLOCKS_EVERY = 5.0
"""Seconds between two looks at the clocks: working minutes need no finer sight."""
STAND_BY = 1.0
"""Seconds between two tries to become the runner that works."""


def run_forever(hub: Hub, stop: threading.Event) -> None:
    """Until `stop`. A database that goes away is waited for: what was accepted is in it and nowhere else.

    Of several runners one works; the others stand by until its connection ends.
    """
    with closing(hub.relay()) as relay:
        leads = False
        looked = 0.0
        while not stop.is_set():
            try:
                leads = leads or queue.lead()
                if not leads:
                    stop.wait(STAND_BY)
                    continue
                busy = relay.run_once()
                if time.monotonic() - looked > CLOCKS_EVERY:
                    looked = time.monotonic()
                    busy += hub.overdue()
                if not busy:
                    queue.listen(timeout=1.0)
            except (Error, Unavailable) as error:
                log.warning("the database can't take this, trying again: %s", error)
                relay.forget()
                leads = False
                stop.wait(1.0)
