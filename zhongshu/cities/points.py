"""积分检查 what is wrong with the rules of points beyond what each cell shows by itself."""

from __future__ import annotations

from collections.abc import Iterator

from zhongshu.cities.read import LINE, Pack
from zhongshu.kernel.errors import Flaw

FILE = "point_rules.csv"


def faults(pack: Pack) -> Iterator[Flaw]:
    """Ceilings that no act fits under, a second rule for an act that has one, a law that is no law."""
    seen: dict[str, str] = {}
    for row in pack.rows("point_rules"):
        line, act = row[LINE], row["act"]
        if row["month_ceiling"] < row["points"]:
            found, least = str(row["month_ceiling"]), f"at least {row['points']}, what one act is worth"
            yield Flaw(FILE, line, "month_ceiling", found, least)
        if act != "volunteer" and act in seen:
            yield Flaw(FILE, line, "act", act, f"one rule for it, which is {seen[act]}")
        if row["basis"] == "law" and not row["law"]:
            yield Flaw(FILE, line, "law", "", "the law that sets these points")
        seen.setdefault(act, row["code"])
