"""并案 merging: which neighbours of a report are surely or perhaps the same matter, and which of them most."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace

from zhongshu.hub.judge.similar import LIMITS, Limits, likeness, rule, verdict
from zhongshu.kernel.places import CELL, Neighbour, Probe

ECHO = 12.0
"""Hours within which two reports of one class that name the same place are one matter whatever their words: half a day,
since what begins again the next night may be a new matter, and that a person judges."""
AROUND = LIMITS.around
"""Metres: whatever the words say, nothing further away is the same matter."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """并案结论: `kind` is merge or propose."""

    kind: str
    case: int
    score: float
    reasons: tuple[tuple[str, float], ...]


def verdicts(
    probes: Sequence[Probe],
    categories: Sequence[str],
    candidates: Sequence[Sequence[Neighbour]],
    limits: Limits = LIMITS,
) -> list[list[Verdict]]:
    """For each probe, those of its candidates that are not a different matter. A whole batch is compared at once."""
    pairs = [
        (n, one) for n, found in enumerate(candidates) for one in found if one.metres is None or one.metres <= AROUND
    ]
    numbers: dict[str, int] = {}
    left = [numbers.setdefault(probes[n].text, len(numbers)) for n, _ in pairs]
    right = [numbers.setdefault(one.text, len(numbers)) for _, one in pairs]
    said: list[list[Verdict]] = [[] for _ in probes]
    for (n, one), alike in zip(pairs, likeness(list(numbers), left, right), strict=True):
        same = one.category == categories[n]
        if rule(one.metres, one.hours, (same, alike), limits) != "new":
            opinion = verdict(one.metres, one.hours, same, alike, limits)
            plain = Verdict(opinion.verdict, one.case, opinion.score, opinion.reasons)
            said[n].append(named(plain, probes[n].place.named, one.named, limits))
    return said


def named(verdict: Verdict, here: str, there: str, limits: Limits = LIMITS) -> Verdict:
    """What the codes of the places that both name add to a verdict of place, time and words.

    | | category | metres | hours | named |
    |---|---|---|---|---|
    | merge | same | <= near | <= 12 | the same place |
    | at most propose | | | | two different places |

    Two callers seldom describe one matter in the same words, but both say where they stand: "12 Zhongshan Road" twice
    in half a day with the same kind of trouble is one matter; two houses side by side are two. Without two names
    nothing changes.
    """
    if not here or not there:
        return verdict
    if here != there:
        return replace(verdict, kind="propose", reasons=(*verdict.reasons, ("same_name", 0.0)))
    known = dict(verdict.reasons)
    sure = known["same_category"] == 1 and known.get("metres", limits.around) <= limits.near and known["hours"] <= ECHO
    return replace(verdict, kind="merge" if sure else verdict.kind, reasons=(*verdict.reasons, ("same_name", 1.0)))


def best(found: Sequence[Verdict], gone: Collection[int] = ()) -> Verdict | None:
    """The strongest verdict about a case that isn't `gone`; None when the report is a matter of its own."""
    left = [one for one in found if one.case not in gone]
    return max(left, key=lambda one: (one.kind == "merge", one.score), default=None)


def cell_of(lon: float, lat: float) -> tuple[int, int]:
    """The cell of about 200 m that a WGS-84 point lies in: whatever is within AROUND lies in it or beside it."""
    return int(lon // CELL), int(lat // CELL)
