"""版本行 versions: which rows of a pack's table were in force at a moment, and what they say in short."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db.models import Q, QuerySet

from zhongshu.data.databases import OWNER


def fingerprint(parts: Iterable[str]) -> str:
    """A short digest of some texts; their order counts."""
    return hashlib.blake2b("\n".join(parts).encode(), digest_size=8).hexdigest()


def split(text: str) -> tuple[str, ...]:
    """The words of a cell that holds several, apart by ;"""
    return tuple(text.split(";")) if text else ()


def in_force(model: type[Any], at: datetime | None, using: str = OWNER) -> QuerySet[Any]:
    """The versions in force at a moment; without one, those that the last load left open."""
    found: QuerySet[Any] = model.objects.using(using)
    if at is None:
        return found.filter(valid_to=None)
    return found.filter(Q(valid_to=None) | Q(valid_to__gt=at), valid_from__lte=at)


def digests(model: type[Any], at: datetime | None, using: str = OWNER) -> str:
    """One digest of all rows of a table that were in force."""
    return fingerprint(in_force(model, at, using).order_by("code").values_list("digest", flat=True))
