"""接入方登记 the register of integrations: issue a token once, find its holder by digest, revoke it."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connections

from zhongshu.data.databases import OWNER, ROAD
from zhongshu.kernel.errors import BadInput, NotFound


@dataclass(frozen=True, slots=True)
class Integration:
    """接入方: what the holder of a token may do. `place` "" reads nothing."""

    name: str
    channels: frozenset[str]
    place: str = ""
    trusted: bool = False
    active: bool = True


def digest(token: str) -> str:
    """What is kept of a token."""
    return hashlib.sha256(token.encode("utf-8", "replace")).hexdigest()


def _integration(row: Sequence[Any]) -> Integration:
    name, channels, place, trusted, active = row
    return Integration(name, frozenset(channels), place, trusted, active)


_COLUMNS = "name, channels, place, trusted, active"


def find(token: str) -> Integration | None:
    """The active integration that holds this token, in one statement; None when there is none."""
    with connections[ROAD].cursor() as cursor:
        cursor.execute(f"SELECT {_COLUMNS} FROM integration WHERE digest = %s AND active", [digest(token)])
        row = cursor.fetchone()
    return None if row is None else _integration(row)


def issue(name: str, channels: Sequence[str], place: str = "", trusted: bool = False) -> str:
    """Enter an integration and return its token, which nobody can read again. BadInput when the name is taken."""
    token = "zs_" + secrets.token_urlsafe(32)
    with connections[OWNER].cursor() as cursor:
        cursor.execute(
            "INSERT INTO integration (name, digest, channels, place, trusted, active, created_at)"
            " VALUES (%s, %s, %s, %s, %s, true, now()) ON CONFLICT (name) DO NOTHING RETURNING name",
            [name, digest(token), sorted(set(channels)), place, trusted],
        )
        if cursor.fetchone() is None:
            raise BadInput(f"name: {name!r} is taken, expected a new name / 该接入方名称已存在")
    return token


def revoke(name: str) -> None:
    """Its token is refused from now on, by running processes within the time they remember tokens for."""
    with connections[OWNER].cursor() as cursor:
        cursor.execute("UPDATE integration SET active = false WHERE name = %s RETURNING name", [name])
        if cursor.fetchone() is None:
            raise NotFound(f"there is no integration {name!r} / 没有这个接入方")


def everyone() -> list[Integration]:
    """Every integration, revoked ones too, by name."""
    with connections[OWNER].cursor() as cursor:
        cursor.execute(f"SELECT {_COLUMNS} FROM integration ORDER BY name")
        return [_integration(row) for row in cursor.fetchall()]
