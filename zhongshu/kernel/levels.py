"""层级与区划 levels and divisions: a code is an attribute whose prefix says where it belongs."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum


class Level(IntEnum):
    """层级: the four levels of command; a smaller number is higher up."""

    CITY = 1
    DISTRICT = 2
    STREET = 3
    COMMUNITY = 4

    @property
    def upper(self) -> Level | None:
        """The level that a matter is raised to, or None at the top."""
        return Level(self - 1) if self > Level.CITY else None


@dataclass(frozen=True, slots=True)
class Span:
    """A half-open range of division codes in byte order (区划范围): `lo <= code < hi`."""

    lo: str
    hi: str

    def holds(self, code: str) -> bool:
        return self.lo <= code < self.hi


EVERYWHERE = Span("", "~")
NOWHERE = Span("~", "~")


@dataclass(frozen=True, slots=True)
class Scheme:
    """How a pack writes its codes (编码规则): prefix lengths of city, district, street, community.

    China's 12-digit statistical codes (GB/T 2260 + GB/T 10114) are `Scheme((4, 6, 9, 12))`: codes are padded with 0.
    """

    lengths: tuple[int, int, int, int]

    def prefix(self, code: str, level: Level) -> str:
        return code[: self.lengths[level - 1]]

    def at(self, code: str, level: Level) -> str:
        """The full, padded code of the division of `level` that `code` lies in."""
        return self.prefix(code, level).ljust(self.lengths[-1], "0")

    def level(self, code: str) -> Level:
        """The deepest level whose own digits in `code` are not all padding."""
        for level in (Level.COMMUNITY, Level.STREET, Level.DISTRICT):
            if code[self.lengths[level - 2] : self.lengths[level - 1]].strip("0"):
                return level
        return Level.CITY

    def span(self, code: str) -> Span:
        """Every code at or below the division `code`; "" is nowhere, never everywhere."""
        if not code:
            return NOWHERE
        prefix = self.prefix(code, self.level(code))
        return Span(prefix, prefix + "~")
