"""Locks on files: one starter at a time, and a count of users that a kill -9 can't falsify.

The kernel drops a dead process's lock by itself, so no list of users has to be kept true.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

import portalocker
from portalocker import LockFlags

PAUSE = 0.05
"""Seconds between two tries at a lock that another process holds."""


@contextmanager
def exclusive(path: Path) -> Iterator[None]:
    """Hold `path` alone, waiting as long as it takes."""
    with path.open("ab") as file:
        while not _try(file, LockFlags.EXCLUSIVE):
            time.sleep(PAUSE)
        try:
            yield
        finally:
            # Closing alone isn't enough: a child forked meanwhile would hold the lock on.
            portalocker.unlock(file)


def shared(path: Path) -> BinaryIO:
    """Join the users of `path`; closing the file, or dying, leaves them. Call it within `exclusive`."""
    file = path.open("ab")
    while not _try(file, LockFlags.SHARED):
        time.sleep(PAUSE)
    return file


def unused(path: Path) -> bool:
    """Whether nobody holds `path` at this moment."""
    if not path.exists():
        return True
    with path.open("ab") as file:
        free = _try(file, LockFlags.EXCLUSIVE)
        if free:
            portalocker.unlock(file)
        return free


def _try(file: BinaryIO, kind: LockFlags) -> bool:
    try:
        portalocker.lock(file, kind | LockFlags.NON_BLOCKING)
    except portalocker.LockException:
        return False
    return True
