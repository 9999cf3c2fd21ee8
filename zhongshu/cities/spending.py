"""查支出 faults of the spending table: a unit pays for its own place or for what lies within it."""

from __future__ import annotations

from collections.abc import Iterator

from zhongshu.cities.read import LINE, Pack
from zhongshu.kernel.errors import Flaw


def faults(pack: Pack) -> Iterator[Flaw]:
    """Money of one district booked for another would shift the split by level without anybody seeing it."""
    above = {row["code"]: row["parent"] for row in pack.rows("divisions")}
    own = {row["code"]: row["place"] for row in pack.rows("units")}
    for row in pack.rows("spending"):
        home, place = own.get(row["unit"]), row["place"]
        if home is not None and place in above and not _within(place, home, above):
            yield Flaw("spending.csv", row[LINE], "place", place, f"{home}, the unit's own, or a division within it")


def _within(place: str, home: str, above: dict[str, str]) -> bool:
    """Whether `home` is the place or stands above it; a circle of parents ends where it began."""
    seen: set[str] = set()
    while place and place not in seen:
        if place == home:
            return True
        seen.add(place)
        place = above.get(place, "")
    return False
