"""数据库连接 three ways into one database: owner (schema), road (facts and projections), app (screens, read-only)."""

from __future__ import annotations

from typing import Any

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
        # The road says the same few statements over and over, with long values: planned once, sent apart.
        options.update(server_side_binding=True, prepare_threshold=3)
    if pool:
        options["pool"] = {"min_size": 1, "max_size": pool, "timeout": 10}
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
