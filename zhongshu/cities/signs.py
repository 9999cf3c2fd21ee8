"""体征检查 what is wrong with the signs of a pack beyond what each cell shows by itself."""

from __future__ import annotations

from collections.abc import Iterator

from zhongshu.cities.read import LINE, Pack, Row
from zhongshu.data.signs.measures import MEASURES
from zhongshu.kernel.errors import Flaw


def faults(pack: Pack) -> Iterator[Flaw]:
    """Measures that nobody counts, classes where none are asked for, limits that contradict themselves."""
    for row in pack.rows("indicators"):
        yield from _measure(row)
    for row in pack.rows("sign_limits"):
        yield from _limit(row)


def _measure(row: Row) -> Iterator[Flaw]:
    name = row["measure"]
    if name and name not in MEASURES:
        yield Flaw("indicators.csv", row[LINE], "measure", name, "a measure that is counted")
    elif bool(row["classes"]) != bool(name and MEASURES[name].of_classes):
        wanted = "classes" if name and MEASURES[name].of_classes else "nothing: this measure asks for no classes"
        yield Flaw("indicators.csv", row[LINE], "classes", ";".join(row["classes"]), wanted)


def _limit(row: Row) -> Iterator[Flaw]:
    amber, red = row["amber"], row["red"]
    if amber is None and red is None:
        yield Flaw("sign_limits.csv", row[LINE], "amber", "", "an amber or a red limit")
    outside = [one for one in (amber, red) if one is not None and not 0 <= one <= 100]
    if row["how"] == "history" and outside:
        yield Flaw("sign_limits.csv", row[LINE], "amber", f"{outside[0]:g}", "0…100 per cent of the past")
    if amber is None or red is None:
        return
    # Per cent of the past are counted from the good side, whichever that is.
    up = row["how"] == "history" or row["direction"] == "up"
    if (amber > red) if up else (amber < red):
        yield Flaw("sign_limits.csv", row[LINE], "red", f"{red:g}", f"worse than amber, {amber:g}")
