"""权限 access: who is looking, from which post, and what place and units that post may see."""

from __future__ import annotations

from dataclasses import dataclass

from zhongshu.kernel.lifecycle import Role
from zhongshu.kernel.places import EVERYWHERE, NOWHERE, Level, Span


@dataclass(frozen=True, slots=True)
class Viewer:
    """在岗者 a person in a post (任职). `span` is what row-level security in the database lets through."""

    post: str
    name: str = ""
    unit: str = ""
    level: Level = Level.COMMUNITY
    place: str = ""
    span: Span = NOWHERE
    roles: frozenset[Role] = frozenset()
    user: int = 0
    rota: int = 0
    """The line of the duty rota by which this person stands in for the post's holder (代班); 0 in an own post."""


NOBODY = Viewer(post="")
"""Someone who is not signed in: sees no row."""

ROAD = Viewer(post="system", level=Level.CITY, span=EVERYWHERE, roles=frozenset({Role.SYSTEM}))
"""The road itself."""


def mask_phone(phone: str) -> str:
    """脱敏: keep what is needed to recognise a number, hide what is needed to call it."""
    return phone[:3] + "*" * max(0, len(phone) - 5) + phone[-2:] if len(phone) > 5 else "*" * len(phone)


def mask_name(name: str) -> str:
    return name[:1] + "*" * max(1, len(name) - 1) if name else ""
