"""并案 merging: among the neighbours of a report, the one that is surely or perhaps the same matter."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from zhongshu.hub.judge.similar import Limits, similar, verdict
from zhongshu.kernel.desk import Neighbour, Probe
from zhongshu.kernel.places import Place, metres_apart

CELL = 0.002
AROUND = Limits().around
"""Metres: whatever the words say, nothing further away is the same matter."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """并案结论: `kind` is merge or propose."""

    kind: str
    case: int
    score: float
    reasons: tuple[tuple[str, float], ...]


def best(probe: Probe, candidates: Sequence[Neighbour]) -> Verdict | None:
    """The strongest candidate, or None when every one is a different matter."""
    candidates = [one for one in candidates if one.metres is None or one.metres <= AROUND]
    if not candidates:
        return None
    scores = similar(probe.text, [one.text for one in candidates])
    found: list[Verdict] = []
    for one, score in zip(candidates, scores, strict=True):
        opinion = verdict(one.metres, one.hours, one.category == probe.category, score)
        if opinion.verdict != "new":
            found.append(Verdict(opinion.verdict, one.case, opinion.score, opinion.reasons))
    return max(found, key=lambda one: (one.kind == "merge", one.score), default=None)


@dataclass(slots=True)
class Pool:
    """Cases opened earlier in the same batch, which the database doesn't know yet."""

    cells: dict[tuple[int, int], list[tuple[int, str, str, Place, datetime]]] = field(default_factory=dict)

    def add(self, case: int, text: str, category: str, place: Place, at: datetime) -> None:
        if place.lon is not None and place.lat is not None:
            self.cells.setdefault(_cell(place), []).append((case, text, category, place, at))

    def near(self, probe: Probe) -> list[Neighbour]:
        place = probe.place
        if place.lon is None or place.lat is None or not self.cells:
            return []
        x, y = _cell(place)
        around = (self.cells.get((x + dx, y + dy), ()) for dx in (-1, 0, 1) for dy in (-1, 0, 1))
        return [
            Neighbour(case, text, category, metres, abs((probe.at - at).total_seconds()) / 3600)
            for found in around
            for case, text, category, other, at in found
            if (metres := metres_apart((place.lon, place.lat), (other.lon, other.lat))) is not None and metres <= AROUND
        ]


def _cell(place: Place) -> tuple[int, int]:
    assert place.lon is not None and place.lat is not None
    return int(place.lon / CELL), int(place.lat / CELL)
