"""Where one home keeps its cluster, socket, password and log, private to us and the server's account."""

from __future__ import annotations

import hashlib
import json
import os
import secrets
import stat
import sys
import tempfile
from dataclasses import dataclass
from itertools import count
from pathlib import Path

from zhongshu.data.server import binaries as programs
from zhongshu.data.server.binaries import Account, Binaries
from zhongshu.data.server.failure import ServerError

SYSTEM = Path("/var/lib/zhongshu")
"""Where root keeps clusters whose home the server's account can't reach."""

SOCKET_LIMIT = 100
"""Longest socket path in bytes; the kernels' own limits are 108 (Linux) and 104 (macOS, BSD)."""

SOCKET_NAME = ".s.PGSQL.5432"
RECORD = "cluster.json"
PASSWORD = "password"


@dataclass(frozen=True, slots=True)
class Place:
    """A settled home. `base` holds the cluster; it is the home itself unless root had to move it to SYSTEM."""

    home: Path
    base: Path
    binaries: Binaries

    @property
    def data(self) -> Path:
        return self.base / "data"

    @property
    def log(self) -> Path:
        return self.base / "postgres.log"

    @property
    def account(self) -> Account | None:
        return self.binaries.account


def settle(home: Path, given: Path | None) -> Place:
    """Find or choose where `home` keeps its cluster; makes private folders, never widens an existing parent.

    Raises ServerError when a recorded cluster is gone, or is of another major version than the programs.
    """
    folder = programs.find(given)
    base = recorded(home)
    if base is None:
        account = programs.unprivileged()
        private_folder(home, account, pass_through=True)
        base = home if reachable(home, account) else _system_base(home)
    else:
        account = programs.owner(base / "data")
    binaries = Binaries(folder, account)
    if account and not binaries.runs():
        _system_folder()
        binaries = programs.copied(binaries, SYSTEM)
    place = Place(home, base, binaries)
    check_version(place)
    return place


def recorded(home: Path) -> Path | None:
    """Base folder of the cluster already made for `home`; None when there is none yet."""
    path = home / RECORD
    if not path.exists():
        return None
    base = home / str(json.loads(path.read_text("utf-8"))["base"])
    try:
        present = (base / "data" / "PG_VERSION").exists()
    except PermissionError as error:
        raise ServerError(f"the database in {base} belongs to another user: work as that user") from error
    if not present:
        raise ServerError(
            f"{path} says the database of this home is in {base / 'data'}, but there is none: "
            f"bring that folder back, or remove {path} to begin an empty database"
        )
    return base


def record(place: Place) -> None:
    """Remember where the cluster is and which version made it, so that a changed permission never hides it."""
    base = "." if place.base == place.home else str(place.base)
    path = place.home / RECORD
    half = path.with_suffix(".half")
    half.write_text(json.dumps({"version": place.binaries.version(), "base": base}), "utf-8")
    half.replace(path)


def check_version(place: Place) -> None:
    """ServerError when the data folder was written by another major version than the programs at hand."""
    path = place.data / "PG_VERSION"
    if not path.exists():
        return
    found, version = path.read_text("ascii").strip(), place.binaries.version()
    if programs.major(found) != programs.major(version):
        raise ServerError(
            f"the data in {place.data} was written by PostgreSQL {found}, but the programs in "
            f"{place.binaries.folder} are PostgreSQL {version}: name the folder of PostgreSQL {found}'s programs "
            f"in ZHONGSHU_POSTGRES_BINARIES, dump with `zhongshu db dump`, and restore into a new home"
        )


def private_folder(path: Path, account: Account | None, pass_through: bool = False) -> None:
    """Make `path` 0700 for the account; with `pass_through` it stays ours and the account's group may cross it."""
    path.mkdir(mode=0o700, parents=True, exist_ok=True)
    if sys.platform == "win32" or path.stat().st_uid not in {os.geteuid(), account.uid if account else -1}:
        return
    if account and pass_through:
        os.chown(path, -1, account.gid)
        path.chmod(0o710)
        return
    if account:
        os.chown(path, account.uid, account.gid)
    path.chmod(0o700)


def private_file(path: Path) -> None:
    """Make an empty file that only the home's owner may read, if there is none."""
    path.touch(mode=0o600)
    if sys.platform != "win32" and os.geteuid() == 0:
        os.chown(path, path.parent.stat().st_uid, -1)


def password(home: Path) -> str:
    """The superuser's random password, made once."""
    path = home / PASSWORD
    private_file(path)
    if not path.read_text("ascii"):
        if (home / RECORD).exists():
            raise ServerError(f"{path} is missing or empty, and the database lets nobody in without it: bring it back")
        path.write_text(secrets.token_urlsafe(32), "ascii")
    return path.read_text("ascii")


def reachable(path: Path, account: Account | None) -> bool:
    """Whether the server's account gets into this folder through all its parents."""
    if account is None:
        return True
    return programs.run_as(account, ["/bin/sh", "-c", 'test -x "$0"', str(path)]).returncode == 0


def socket_folder(place: Place) -> Path:
    """A 0700 folder of the server's account for its socket: under `base`, or a short one when that is too deep."""
    inside = place.base / "socket"
    name = f"zhongshu-{_short_hash(place.base)}"
    outside = [os.environ.get("XDG_RUNTIME_DIR", ""), "/run" if place.account else "", tempfile.gettempdir(), "/tmp"]
    for folder in [inside, *(Path(parent) / name for parent in outside if parent)]:
        if len(os.fsencode(folder / SOCKET_NAME)) <= SOCKET_LIMIT and _claim(folder, place.account):
            return folder
    raise ServerError(f"no folder for the socket: {inside} is too long a path, and {', '.join(outside)} gave none")


def socket_locks(place: Place) -> list[Path]:
    """Lock file of the socket, in a folder that is this cluster's alone; none where there are no sockets."""
    return [] if sys.platform == "win32" else [socket_folder(place) / f"{SOCKET_NAME}.lock"]


def _claim(folder: Path, account: Account | None) -> bool:
    """Make the folder ours, or see that it already is; somebody else's folder or link is refused."""
    if not folder.parent.is_dir():
        return False
    expected = account.uid if account else os.geteuid()
    try:
        folder.mkdir(mode=0o700)
        if account:
            os.chown(folder, account.uid, account.gid, follow_symlinks=False)
    except FileExistsError:
        there = folder.lstat()
        if not stat.S_ISDIR(there.st_mode) or there.st_uid != expected:
            return False
        folder.chmod(0o700)
    except OSError:
        return False
    return reachable(folder, account)


def _system_folder() -> None:
    SYSTEM.mkdir(mode=0o711, parents=True, exist_ok=True)


def _system_base(home: Path) -> Path:
    """A folder of our own there; what a former home of this name left behind is neither taken up nor touched."""
    _system_folder()
    ours = (home / PASSWORD).exists()
    names = (_short_hash(home) + (f"-{number}" if number else "") for number in count())
    base = next(SYSTEM / name for name in names if ours or not (SYSTEM / name / "data").exists())
    private_folder(base, programs.unprivileged(), pass_through=True)
    return base


def _short_hash(path: Path) -> str:
    return hashlib.sha256(os.fsencode(path)).hexdigest()[:12]
