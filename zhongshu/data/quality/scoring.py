"""评价 what outcomes add up to: a share for each dimension, a grade, whether a data set is still authoritative.

The six shares are the result; the one figure beside them is their rules' weighted mean, for a list that must be sorted.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from zhongshu.data.quality.engine import Outcome
from zhongshu.data.quality.standard import DIMENSIONS
from zhongshu.kernel.access import MASKS, mask_name

if TYPE_CHECKING:
    from zhongshu.data.catalogue.entries import Item


PERSONAL = frozenset({"3", "4", "important", "core"})
"""Grades of items whose values are shown in part, and whose readings are logged."""
OWN = {"identity": "number", "phone": "phone"}
"""Types of items that have a mask of their own, whatever their grade."""


def shares(outcomes: Sequence[Outcome]) -> dict[str, float]:
    """Dimension -> mean share of its rules by weight; a dimension of which nothing was counted is left out."""
    found = {name: mean([one for one in outcomes if one.rule.dimension == name]) for name in DIMENSIONS}
    return {name: round(share, 6) for name, share in found.items() if share is not None}


def mean(outcomes: Sequence[Outcome]) -> float | None:
    """The mean share by the rules' weights, or None where nothing was counted."""
    counted = [(one.rule.weight, one.share) for one in outcomes if one.share is not None]
    weight = sum(weight for weight, _share in counted)
    return sum(weight * share for weight, share in counted) / weight if counted else None


@dataclass(frozen=True, slots=True)
class Bars:
    """界限: a run below `least` is an offence; `offences` of the last `window` runs cost a data set its authority.

    `clean` runs in a row without one bring it back.
    """

    least: float
    offences: int
    window: int
    clean: int


def standing(totals: Sequence[float | None], suspended: bool, bars: Bars) -> str:
    """ "suspend", "restore" or "" after the newest run; `totals` newest first, None a run that could not read."""
    offended = [total is None or total < bars.least for total in totals]
    if not suspended:
        often = sum(offended[: bars.window]) >= bars.offences
        return "suspend" if often and offended and offended[0] else ""
    enough = len(offended) >= bars.clean
    return "restore" if enough and not any(offended[: bars.clean]) else ""


def masked(value: object, item: Item | None) -> str:
    """A value as evidence shows it: what names or reaches a person only in part, by its type and declared grade."""
    text = "" if value is None else str(value)
    kind, grade = (item.type, item.grade) if item else ("", "")
    if kind in OWN:
        return MASKS[OWN[kind]](text)
    return mask_name(text) if grade in PERSONAL else text


def fell(now: Mapping[str, float], before: Mapping[str, float]) -> str:
    """The dimension that fell most between two runs, or "" when none did."""
    lost = {name: before[name] - share for name, share in now.items() if name in before}
    worst = max(lost, key=lambda name: lost[name], default="")
    return worst if worst and lost[worst] > 0 else ""
