"""数据库连接 three ways into one database: owner (schema), road (facts and projections), app (screens, read-only)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db import Error, connections
from psycopg.conninfo import conninfo_to_dict

OWNER = "owner"
ROAD = "road"
APP = "default"

ROLES = {ROAD: "zhongshu_road", APP: "zhongshu_app"}
"""Database role that each alias works as; the owner works as whoever the address names."""


def alias(url: str, role: str | None, pool: int) -> dict[str, Any]:
    """Django's description of one connection. `pool` 0 opens a connection per thread instead of a pool."""
    info = conninfo_to_dict(url)
    options: dict[str, Any] = {}
    if role:
        options["options"] = f"-c role={role}"
    if role == ROLES[ROAD]:
        # The road and the lists are asked by many at once: one answer must not take the cores from the others.
        # Values are sent apart from the statement; only what `planned` says is planned once, never by frequency: the
        # lists' statements need a plan for each span.
        options["options"] += " -c max_parallel_workers_per_gather=0"
        options.update(server_side_binding=True, prepare_threshold=1_000_000)
    if pool:
        # A database that is away: an answer within seconds, and a fresh try for whoever comes next.
        options["pool"] = {"min_size": 1, "max_size": pool, "timeout": 5, "reconnect_timeout": 5}
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": info.get("dbname", "zhongshu"),
        "USER": info.get("user", ""),
        "PASSWORD": info.get("password", ""),
        "HOST": info.get("host", ""),
        "PORT": str(info.get("port", "")),
        "OPTIONS": options,
        "CONN_MAX_AGE": 0 if pool else None,
        "CONN_HEALTH_CHECKS": not pool,
        "DISABLE_SERVER_SIDE_CURSORS": True,
    }


def aliases(url: str, app_url: str = "", pool: int = 0) -> dict[str, dict[str, Any]]:
    """All three aliases of one address; `app_url` is an optional own log-in for the screens."""
    return {
        APP: alias(app_url or url, None if app_url else ROLES[APP], pool),
        ROAD: alias(url, ROLES[ROAD], pool),
        OWNER: alias(url, None, 0),
    }


def dicts(cursor: Any) -> list[dict[str, Any]]:
    """What a statement found, each row by its columns' names."""
    names = [column.name for column in cursor.description]
    return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


def planned(cursor: Any, sql: str, parameters: Sequence[Any]) -> None:
    """Execute one of the few statements that the road says over and over: planned once for each connection."""
    with cursor.db.wrap_database_errors:
        cursor.cursor.execute(sql, parameters, prepare=True)


PASSING = frozenset({"08", "25", "40", "53", "55", "57", "58", "F0", "XX"})
"""Classes of SQLSTATE that say nothing against the statement: lost connection, read-only, deadlock, full disk, lock,
shutdown, I/O, damage. The same statement may pass later."""


def refuses(error: Error) -> bool:
    """Whether the database refused what it was given, so that trying the same again is of no use."""
    state = getattr(error.__cause__, "sqlstate", None)
    return state is not None and state[:2] not in PASSING


def reopen(url: str) -> None:
    """The server was started again, perhaps at another address: every connection from now on is a new one."""
    info = conninfo_to_dict(url)
    for name in (APP, ROAD, OWNER):
        connections.settings[name].update(HOST=info.get("host", ""), PORT=str(info.get("port", "")))
        _wrapper(name).close_pool()


def recheck() -> None:
    """A connection was found broken: drop every other broken one that waits in a pool, before somebody gets it."""
    for name in (APP, ROAD):
        pool = _wrapper(name).pool
        if pool is not None and not pool.closed:
            pool.check()


def _wrapper(name: str) -> Any:
    return connections[name]
