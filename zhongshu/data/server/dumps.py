"""Copies of a whole database: pg_dump's custom format, written and read by programs new enough for the server."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import psycopg
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from zhongshu.data import databases
from zhongshu.data.server import binaries as programs
from zhongshu.data.server.binaries import Binaries
from zhongshu.data.server.failure import ServerError


def dump(url: str, path: Path, folders: Sequence[Path] = ()) -> None:
    """Write the database at `url` to `path`, readable by us only; an interrupted dump leaves no such file.

    `folders` are tried before PATH's and the wheel's programs. ServerError when all are older than the server.
    """
    half = path.with_name(f"{path.name}.half")
    half.unlink(missing_ok=True)
    half.touch(mode=0o600)
    try:
        _run(url, folders, "pg_dump", ["--format=custom", "--file", str(half.resolve())])
        half.replace(path)
    finally:
        half.unlink(missing_ok=True)


def restore(url: str, path: Path, folders: Sequence[Path] = ()) -> None:
    """Replace what the dump holds in the database at `url` by the dump's tables, in one transaction.

    Roles belong to the server, not to the database: those that our tables are granted to are made when absent.
    """
    if not path.is_file():
        raise ServerError(f"there is no dump {path}")
    _ensure_roles(url)
    options = ["--clean", "--if-exists", "--no-owner", "--single-transaction", "--exit-on-error", str(path.resolve())]
    _run(url, folders, "pg_restore", options)


def choose(server: int, folders: Sequence[Path]) -> Binaries:
    """The programs closest to the server's major version and not older; the first among equals."""
    found = [(programs.major(tools.version()), tools) for tools in _candidates(folders)]
    fit = [pair for pair in found if pair[0] >= server]
    if not fit:
        best = max((version for version, _ in found), default=0)
        raise ServerError(
            f"the server is PostgreSQL {server}, but the newest pg_dump found is {best}, which can't read it: "
            f"install the client programs of PostgreSQL {server} and put them on PATH"
        )
    return min(fit, key=lambda pair: pair[0])[1]


def _candidates(folders: Sequence[Path]) -> list[Binaries]:
    everywhere = [*folders, programs.path_folder("pg_dump"), programs.wheel_folder(), *programs.debian_folders()]
    unique = dict.fromkeys(folder for folder in everywhere if folder)
    return [tools for tools in map(Binaries, unique) if tools.runs("pg_dump")]


def _run(url: str, folders: Sequence[Path], program: str, options: list[str]) -> None:
    tools = choose(_server_version(url), folders)
    words: dict[str, Any] = {key: value for key, value in conninfo_to_dict(url).items() if key != "password"}
    # The password goes by the environment: a command line is everybody's to read.
    secret = str(conninfo_to_dict(url).get("password") or os.environ.get("PGPASSWORD", ""))
    done = subprocess.run(
        tools.command(program, *options, "--no-password", f"--dbname={make_conninfo(**words)}"),
        check=False,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        encoding="utf-8",
        errors="replace",
        env=programs.environment() | {"PGPASSWORD": secret},
    )
    if done.returncode != 0:
        raise ServerError(f"{program} failed", done.stderr.strip().splitlines()[-12:])


def _server_version(url: str) -> int:
    with _connect(url) as connection:
        return connection.info.server_version // 10000


def _ensure_roles(url: str) -> None:
    with _connect(url) as connection:
        for role in databases.ROLES.values():
            if not connection.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [role]).fetchone():
                connection.execute(sql.SQL("CREATE ROLE {} NOLOGIN").format(sql.Identifier(role)))


def _connect(url: str) -> psycopg.Connection[tuple[object, ...]]:
    try:
        return psycopg.connect(url, autocommit=True, connect_timeout=30)
    except psycopg.Error as error:
        raise ServerError(f"the database does not answer: {error}") from error
