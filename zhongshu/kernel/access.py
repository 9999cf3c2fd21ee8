"""权限 access: who is looking, from which post, and what place and units that post may see."""

from __future__ import annotations

from collections.abc import Callable, Mapping
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


def mask_number(number: str) -> str:
    """The first three and the last four: the first six would tell where somebody was born (domain.md §5.6)."""
    return number[:3] + "*" * (len(number) - 7) + number[-4:] if len(number) > 7 else "*" * len(number)


def mask_address(address: str) -> str:
    """As far as the house number; building, unit and room are hidden."""
    head, mark, rest = address.partition("号")
    return head + mark + "*" * min(4, len(rest)) if mark else address[:6] + "*" * min(4, len(address[6:]))


WIDEST = 60
"""Characters of one value that a sample shows."""
MASKS: Mapping[str, Callable[[str], str]] = {
    "name": mask_name,
    "phone": mask_phone,
    "number": mask_number,
    "address": mask_address,
    "text": lambda value: mask_name(value[:WIDEST]),
    "year": lambda value: value[:4] + "-**-**" if value else "",
    "hidden": lambda value: "*" * min(len(value), 6),
    "withheld": lambda value: "不予共享",
    "clear": lambda value: value[:WIDEST],
}
"""脱敏方式 by kind, the only ones there are; the database's own function `shown(kind, value)` says the same."""
