"""The server's processes as the machine shows them: a pid file may lie after a crash, a working folder doesn't."""

from __future__ import annotations

import signal
import socket
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import psutil

from zhongshu.data.server.failure import ServerError

GRACE = 3.0
"""Seconds in which orphans of a killed postmaster usually notice and leave by themselves."""

INSIST = 10.0
"""Seconds given after each signal."""


@dataclass(frozen=True, slots=True)
class PidFile:
    """postmaster.pid: `host` is the socket's folder, or an address where there are no sockets."""

    pid: int
    host: str
    port: int
    status: str


def read(data: Path) -> PidFile | None:
    """The pid file; None when absent or still being written."""
    try:
        lines = [line.strip() for line in (data / "postmaster.pid").read_text("utf-8").splitlines()]
    except FileNotFoundError:
        return None
    lines += [""] * (8 - len(lines))
    if not lines[0].isdigit() or not lines[3].isdigit():
        return None
    return PidFile(pid=int(lines[0]), host=lines[4] or lines[5], port=int(lines[3]), status=lines[7])


def running(data: Path) -> PidFile | None:
    """The pid file when its postmaster lives: the process works in this data folder, or its socket answers."""
    found = read(data)
    if found and (_works_in(found.pid, data) or listening(found)):
        return found
    return None


def visible(data: Path) -> bool:
    """Whether the pid file names a process that really is this folder's postmaster, so that it may be signalled."""
    found = read(data)
    return found is not None and _works_in(found.pid, data)


def listening(found: PidFile) -> bool:
    """Whether somebody accepts connections there; also sees a server in another container of this home."""
    if not found.host:
        return False
    try:
        if found.host.startswith("/") and sys.platform != "win32":
            with socket.socket(socket.AF_UNIX) as probe:
                probe.settimeout(2)
                probe.connect(f"{found.host}/.s.PGSQL.{found.port}")
        else:
            socket.create_connection((found.host, found.port), timeout=2).close()
    except OSError:
        return False
    return True


def attached(data: Path) -> list[psutil.Process]:
    """Every live process of PostgreSQL that works in this data folder."""
    return list(_attached(data))


def activity(data: Path) -> float:
    """Processor seconds used so far by this data folder's processes; it grows while they make progress."""
    total = 0.0
    for process in _attached(data):
        try:
            times = process.cpu_times()
        except psutil.Error:
            continue
        total += times.user + times.system
    return total


def clear_orphans(data: Path, say: Callable[[str], None]) -> None:
    """See that no process of a dead postmaster is left; call it only when no postmaster lives.

    Their shared memory is already worthless: the next start recovers from the log, so ending them loses nothing.
    """
    left = attached(data)
    if not left:
        return
    say(f"waiting for {len(left)} process(es) that a killed server left behind")
    _, left = psutil.wait_procs(left, timeout=GRACE)
    quickly = signal.SIGTERM if sys.platform == "win32" else signal.SIGQUIT
    for insistence in (quickly, getattr(signal, "SIGKILL", signal.SIGTERM)):
        for process in left:
            _signal(process, insistence)
        _, left = psutil.wait_procs(left, timeout=INSIST)
    if left:
        raise ServerError(
            f"processes {[process.pid for process in left]} of a killed server can't be ended: see {data}"
        )


def set_aside_locks(*locks: Path) -> None:
    """Move lock files away whose number now belongs to another program: PostgreSQL itself would refuse to start.

    Call it only when no postmaster lives. A lock whose process is gone is left alone; PostgreSQL checks and
    replaces it better than we can. A postmaster killed just now still shows as a zombie, so its end is awaited.
    """
    for lock in locks:
        pid = _first_number(lock)
        if pid is None or not psutil.pid_exists(pid):
            continue
        deadline = time.monotonic() + GRACE
        while _dying(pid) and time.monotonic() < deadline:
            time.sleep(0.05)
        if psutil.pid_exists(pid):
            lock.replace(lock.with_name(f"{lock.name}.stale"))


def _first_number(lock: Path) -> int | None:
    try:
        first = lock.read_text("utf-8").split("\n", 1)[0].strip()
    except FileNotFoundError:
        return None
    return int(first) if first.isdigit() else None


def _dying(pid: int) -> bool:
    try:
        return psutil.Process(pid).status() == psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


def _works_in(pid: int, data: Path) -> bool:
    try:
        return _is_postgres(psutil.Process(pid), data)
    except psutil.NoSuchProcess:
        return False


def _attached(data: Path) -> Iterator[psutil.Process]:
    for process in psutil.process_iter():
        try:
            if _is_postgres(process, data):
                yield process
        except psutil.Error:
            continue


def _is_postgres(process: psutil.Process, data: Path) -> bool:
    if not process.name().startswith(("postgres", "postmaster")) or process.status() == psutil.STATUS_ZOMBIE:
        return False
    # Another account's process can't be ours, and its folder isn't ours to ask for.
    if sys.platform != "win32" and process.uids().real != data.stat().st_uid:
        return False
    return Path(process.cwd()) == data


def _signal(process: psutil.Process, number: signal.Signals) -> None:
    try:
        process.send_signal(number)
    except psutil.NoSuchProcess:
        return
