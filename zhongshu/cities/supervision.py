"""监督与处置分离 supervision apart: a unit that checks neither handles nor rules, and nobody holds posts of both.

In the field a supervision centre (监督中心) finds, checks and evaluates, a command centre (指挥中心) dispatches and
rules, handlers handle; who reported the result is never who says that it is done. Communities are left out: what they
handle themselves they may close themselves (自办自结), and there the same person is still refused.
"""

from __future__ import annotations

from collections.abc import Iterator

from zhongshu.cities.read import LINE, Pack
from zhongshu.kernel.errors import Flaw
from zhongshu.kernel.lifecycle import Role
from zhongshu.kernel.places import Level

APART = frozenset({Role.HANDLER, Role.ARBITER})
"""Roles that no unit or person has beside checking."""


def faults(pack: Pack) -> Iterator[Flaw]:
    """Posts that check and handle or rule at once, by themselves, by their unit or by who holds them."""
    level_of = {row["code"]: row["level"] for row in pack.rows("units")}
    held = {row["code"]: frozenset(row["roles"]) for row in pack.rows("posts") if _bound(level_of, row["unit"])}
    yield from _units(pack, held)
    yield from _people(pack, held)


def _bound(level_of: dict[str, int], unit: str) -> bool:
    """Units of the three platforms; one that isn't in the pack is named as a fault elsewhere."""
    return level_of.get(unit, Level.COMMUNITY) < Level.COMMUNITY


def _units(pack: Pack, held: dict[str, frozenset[str]]) -> Iterator[Flaw]:
    """Every handling or ruling post of a unit that has one that checks: the line is that of the post to move."""
    checks: dict[str, str] = {}
    for row in pack.rows("posts"):
        if Role.CHECKER in held.get(row["code"], ()):
            checks.setdefault(row["unit"], row["code"])
    for row in pack.rows("posts"):
        both = sorted(APART & held.get(row["code"], frozenset()))
        if both and row["unit"] in checks:
            wanted = f"no {' or '.join(both)} in {row['unit']}, which checks by {checks[row['unit']]} (监督与处置分离)"
            yield Flaw("posts.csv", row[LINE], "roles", ";".join(sorted(held[row["code"]])), wanted)


def _people(pack: Pack, held: dict[str, frozenset[str]]) -> Iterator[Flaw]:
    for row in pack.rows("accounts"):
        checking = [post for post in row["posts"] if Role.CHECKER in held.get(post, ())]
        if not checking:
            continue
        for post in row["posts"]:
            if APART & held.get(post, frozenset()):
                yield Flaw("accounts.csv", row[LINE], "posts", post, f"no such post beside {checking[0]}, which checks")
