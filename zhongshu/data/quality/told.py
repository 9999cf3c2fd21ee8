"""质量说明 why the quality of a data set fell: in which dimension, item and rule, whose data it is, what was done."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from zhongshu.data.quality import kept, scoring
from zhongshu.data.quality.rules import Rule
from zhongshu.data.quality.standard import INDICATORS
from zhongshu.kernel.access import Viewer

Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Fall:
    """质量下降: two runs, the dimension that lost most, the rule that cost it most, and the tickets about that rule.

    `places` are (division, rows that failed there) of the kept evidence, the most first; `tickets` newest first.
    """

    now: Row
    before: Row
    dimension: str
    rule: Rule
    share: float
    share_before: float
    failing: int
    places: Sequence[tuple[str, int]]
    tickets: Sequence[Row]


def share(found: Row | None) -> float | None:
    """A / B of what a rule counted."""
    return found["met"] / found["checked"] if found and found["checked"] else None


def fall(viewer: Viewer, runs: Sequence[Row], rules: Sequence[Rule], digits: int) -> Fall | None:
    """Why the newest of these runs is below the last one that was better; None when it isn't, or none was.

    Places are told by the first `digits` of their codes.
    """
    counted = [one for one in runs if one["total"] is not None]
    if not counted:
        return None
    now = counted[0]
    before = next((one for one in counted[1:] if one["total"] > now["total"]), None)
    dimension = scoring.fell(now["shares"], before["shares"]) if before else ""
    if before is None or not dimension:
        return None
    rule, new, old = _worst(viewer, (now["id"], before["id"]), dimension, rules)
    if rule is None:
        return None
    found = kept.results(viewer, now["id"])[rule.code]
    return Fall(
        now,
        before,
        dimension,
        rule,
        new,
        old,
        found["checked"] - found["met"],
        kept.by_place(viewer, now["id"], rule.code, digits),
        kept.tickets(viewer, [f"rule:{rule.code}"]),
    )


def _worst(
    viewer: Viewer, runs: tuple[int, int], dimension: str, rules: Sequence[Rule]
) -> tuple[Rule | None, float, float]:
    """The rule of a dimension that lost most, weighed, with its share in the newer and the older run."""
    new, old = (kept.results(viewer, number) for number in runs)
    lost: dict[str, tuple[float, Rule, float, float]] = {}
    for rule in rules:
        now, before = share(new.get(rule.code)), share(old.get(rule.code))
        if INDICATORS[rule.indicator].dimension == dimension and now is not None and before is not None:
            lost[rule.code] = (rule.weight * (before - now), rule, now, before)
    if not lost:
        return None, 0.0, 0.0
    _weighed, rule, now_, before_ = max(lost.values(), key=lambda one: one[0])
    return rule, now_, before_
