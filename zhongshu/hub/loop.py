"""常驻 the runner's life: take queued facts down the road, look at the clocks, sleep until woken."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack, closing

from django.db import Error

from zhongshu.data import queue
from zhongshu.data.figures import shown
from zhongshu.hub import errands
from zhongshu.hub.hub import Hub
from zhongshu.kernel.errors import Unavailable

log = logging.getLogger("zhongshu.runner")
Chore = Callable[[Hub], int]
CLOCKS_EVERY = 5.0
"""Seconds between two looks at the clocks: working minutes need no finer sight."""
PERIODS_EVERY = 300.0
"""Seconds between two looks for periods that have closed, whose figures are then kept."""
ERRANDS_EVERY = 20.0
"""Seconds between two looks whether long work of a process of its own is due, done, or takes too long."""
FULL = 4000
"""Facts that wait for the road, some seconds of its work: from here on no errand is begun beside it."""
STAND_BY = 1.0
"""Seconds between two tries to become the runner that works."""


def run_forever(hub: Hub, stop: threading.Event) -> None:
    """Until `stop`. A database that goes away is waited for: what was accepted is in it and nowhere else.

    Of several runners one works; the others stand by until its connection ends.
    """
    with closing(hub.relay()) as relay, ExitStack() as ends:
        long = [ends.enter_context(closing(one())) for one in errands.ALL]
        every = {**EVERY, lambda hub: _begun(long, hub): ERRANDS_EVERY}
        leads = False
        looked: dict[Chore, float] = {**dict.fromkeys(every, time.monotonic()), _clocks: 0.0}
        while not stop.is_set():
            try:
                leads = leads or queue.lead()
                if not leads:
                    stop.wait(STAND_BY)
                    continue
                if not relay.run_once() + _chores(hub, every, looked):
                    queue.listen(timeout=1.0)
            except (Error, Unavailable) as error:
                log.warning("the database can't take this, trying again: %s", error)
                relay.forget()
                leads = False
                stop.wait(1.0)


def _clocks(hub: Hub) -> int:
    return hub.advance() + hub.archive()


def _periods(hub: Hub) -> int:
    shown.keep_due(hub.tools.knowledge, hub.clock())
    return 0


def _begun(long: Sequence[errands.Errand], hub: Hub) -> int:
    """What an errand does is no case's move here: its process moves them. Reports that wait go first."""
    full = queue.holds(FULL)
    for one in long:
        one.look(hub.tools.knowledge, hub.clock(), full)
    return 0


def _models(hub: Hub) -> int:
    """A deployed model that was not looked at for a day is; what its watch finds is a fact, and no case's move."""
    if hub.models:
        from zhongshu.hub.learning import watch

        watch(hub.models.ground(hub.tools, hub.ids, hub.clock()))
    return 0


EVERY: Mapping[Chore, float] = {
    _clocks: CLOCKS_EVERY,
    _periods: PERIODS_EVERY,
    _models: PERIODS_EVERY,
}


def _chores(hub: Hub, every: Mapping[Chore, float], looked: dict[Chore, float]) -> int:
    """What is done from time to time; `looked` remembers when. How many cases it moved."""
    busy = 0
    for chore, pause in every.items():
        if time.monotonic() - looked[chore] > pause:
            looked[chore] = time.monotonic()
            busy += chore(hub)
    return busy
