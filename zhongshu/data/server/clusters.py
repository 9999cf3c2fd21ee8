"""Making a cluster and writing its settings: UTF-8, checksums, passwords, and sizes from this machine's memory."""

from __future__ import annotations

import os
import secrets
import shutil
import socket
import sys
from collections.abc import Callable
from pathlib import Path

import psutil

from zhongshu.data.server import binaries as programs
from zhongshu.data.server import places
from zhongshu.data.server.failure import ServerError
from zhongshu.data.server.places import Place

OWNER = "zhongshu"
"""Superuser, and name of the database."""

SETTINGS_FILE = "zhongshu.conf"
MEGABYTE = 1024 * 1024


def initialise(place: Place, password: str, say: Callable[[str], None]) -> None:
    """Make the cluster beside its final place and move it there whole: a half-made one is never taken for real."""
    for leftover in place.base.glob("data.new.*"):
        shutil.rmtree(leftover, ignore_errors=True)
    say(f"making a new database in {place.data}")
    fresh = place.base / f"data.new.{secrets.token_hex(4)}"
    places.private_folder(fresh, place.account)
    _initdb(place, fresh, password)
    with (fresh / "postgresql.conf").open("a", encoding="utf-8") as file:
        file.write(f"\ninclude_if_exists '{SETTINGS_FILE}'\n")
    fresh.rename(place.data)


def _initdb(place: Place, fresh: Path, password: str) -> None:
    passwords = fresh.with_suffix(".password")
    passwords.touch(mode=0o600)
    if place.account:
        os.chown(passwords, place.account.uid, place.account.gid)
    passwords.write_text(password, "ascii")
    options = ["--username", OWNER, "--pwfile", str(passwords), "--auth", "scram-sha-256", "--encoding", "UTF8"]
    options += ["--data-checksums", "--text-search-config", "simple", "--pgdata", str(fresh)]
    try:
        for locale in _locales(programs.major(place.binaries.version())):
            done = place.binaries.run("initdb", *options, *locale)
            if done.returncode == 0:
                return
    finally:
        passwords.unlink()
    shutil.rmtree(fresh, ignore_errors=True)
    raise ServerError(f"initdb could not make a database in {place.base}", _last(done.stderr + done.stdout))


def _locales(version: int) -> list[list[str]]:
    """Locale options to try in turn; the wheel has no ICU, so Chinese is sorted by a stored key, never by locale."""
    if version >= 17:
        return [["--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C"]]
    return [["--locale=C.UTF-8"], ["--locale=C"]]


def configure(place: Place) -> None:
    """Write the settings file anew; the operator's own go to postgresql.auto.conf by ALTER SYSTEM, which wins."""
    lines = {**_network(place), **_durability(place), **_sizes(), **_logging(), **_libraries(place)}
    text = "# Written at every start; set your own with ALTER SYSTEM.\n"
    text += "".join(f"{name} = {_quoted(value)}\n" for name, value in lines.items())
    path = place.data / SETTINGS_FILE
    path.touch(mode=0o600)
    if place.account:
        os.chown(path, place.account.uid, place.account.gid)
    path.write_text(text, "utf-8")


def _network(place: Place) -> dict[str, str]:
    if sys.platform == "win32":
        return {"listen_addresses": "127.0.0.1", "port": str(_free_port())}
    return {
        "listen_addresses": "",
        "unix_socket_directories": str(places.socket_folder(place)),
        "unix_socket_permissions": "0700",
        "port": "5432",
    }


def _durability(place: Place) -> dict[str, str]:
    return {
        "fsync": "on",
        "full_page_writes": "on",
        "synchronous_commit": "on",
        "password_encryption": "scram-sha-256",
        # The other method, pglz, costs a bulk intake more processor time than the disk it saves is worth.
        "wal_compression": "lz4" if _accepts(place, "wal_compression", "lz4") else "off",
        "max_wal_size": "4GB",
        "checkpoint_timeout": "15min",
        "max_connections": "100",
    }


def _sizes() -> dict[str, str]:
    memory = psutil.virtual_memory().total // MEGABYTE
    return {
        "shared_buffers": f"{min(max(memory // 8, 128), 4096)}MB",
        "effective_cache_size": f"{max(memory // 2, 256)}MB",
        "work_mem": "16MB",
        "maintenance_work_mem": "256MB",
        "random_page_cost": "1.1",
        "jit": "off",
    }


def _logging() -> dict[str, str]:
    """Short lines without statements or values: both hold citizens' words, and the log isn't behind row security."""
    return {
        "log_line_prefix": "%m [%p] ",
        "log_min_error_statement": "panic",
        "log_error_verbosity": "terse",
    }


def _libraries(place: Place) -> dict[str, str]:
    name = "pg_stat_statements"
    found = any(next((place.binaries.folder.parent / "lib").glob(f"{depth}{name}.*"), None) for depth in ("", "*/"))
    return {"shared_preload_libraries": name if found else ""}


def _accepts(place: Place, name: str, value: str) -> bool:
    """Whether this build of PostgreSQL knows the value; what it was compiled with differs by packager."""
    return place.binaries.run("postgres", "-D", str(place.data), "-c", f"{name}={value}", "-C", name).returncode == 0


def _quoted(value: str) -> str:
    return "'" + value.replace("'", "''") + "'"


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _last(text: str, lines: int = 12) -> list[str]:
    return text.strip().splitlines()[-lines:]
