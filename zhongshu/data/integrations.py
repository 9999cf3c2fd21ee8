"""接入方登记 the register of integrations: issue a token once, find its holder by digest, revoke it."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Sequence
from dataclasses import dataclass

from django.db import IntegrityError, transaction

from zhongshu.data.databases import OWNER, ROAD
from zhongshu.data.models.integration import Integration as Row
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


def _integration(row: Row) -> Integration:
    return Integration(row.name, frozenset(row.channels), row.place, row.trusted, row.active)


def find(token: str) -> Integration | None:
    """The active integration that holds this token, in one statement; None when there is none."""
    row = Row.objects.using(ROAD).filter(digest=digest(token), active=True).first()
    return None if row is None else _integration(row)


def issue(name: str, channels: Sequence[str], place: str = "", trusted: bool = False) -> str:
    """Enter an integration and return its token, which nobody can read again. BadInput when the name is taken."""
    token = "zs_" + secrets.token_urlsafe(32)
    row = Row(name=name, digest=digest(token), channels=sorted(set(channels)), place=place, trusted=trusted)
    try:
        with transaction.atomic(using=OWNER):
            row.save(using=OWNER, force_insert=True)
    except IntegrityError:
        raise BadInput(f"name: {name!r} is taken, expected a new name / 该接入方名称已存在") from None
    return token


def revoke(name: str) -> None:
    """Its token is refused from now on, by running processes within the time they remember tokens for."""
    if not Row.objects.using(OWNER).filter(name=name).update(active=False):
        raise NotFound(f"there is no integration {name!r} / 没有这个接入方")


def everyone() -> list[Integration]:
    """Every integration, revoked ones too, by name."""
    return [_integration(row) for row in Row.objects.using(OWNER).order_by("name")]
