"""并案 merging: which neighbours of a report are surely or perhaps the same matter, and which of them most."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from zhongshu.hub.judge.similar import LIMITS, likeness, rule, verdict
from zhongshu.kernel.facts import Fact
from zhongshu.kernel.places import Neighbour, Place, Probe, metres_apart

CELL = 0.002
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
    probes: Sequence[Probe], categories: Sequence[str], candidates: Sequence[Sequence[Neighbour]]
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
        if rule(one.metres, one.hours, (same, alike)) != "new":
            opinion = verdict(one.metres, one.hours, same, alike)
            said[n].append(Verdict(opinion.verdict, one.case, opinion.score, opinion.reasons))
    return said


def best(found: Sequence[Verdict], gone: Collection[int] = ()) -> Verdict | None:
    """The strongest verdict about a case that isn't `gone`; None when the report is a matter of its own."""
    left = [one for one in found if one.case not in gone]
    return max(left, key=lambda one: (one.kind == "merge", one.score), default=None)


@dataclass(slots=True)
class Pool:
    """Cases that are, or may be, opened earlier in the same batch, which the database doesn't know yet."""

    cells: dict[tuple[int, int], list[tuple[int, str, str, tuple[float, float], datetime]]] = field(
        default_factory=dict
    )

    def add(self, case: int, category: str, probe: Probe) -> None:
        place = probe.place
        if place.lon is not None and place.lat is not None:
            kept = (case, probe.text, category, (place.lon, place.lat), probe.at)
            self.cells.setdefault(cell_of(place.lon, place.lat), []).append(kept)

    def near(self, probe: Probe) -> list[Neighbour]:
        place = probe.place
        if place.lon is None or place.lat is None or not self.cells:
            return []
        (x, y), here = cell_of(place.lon, place.lat), (place.lon, place.lat)
        cells = [cell for dx in (-1, 0, 1) for dy in (-1, 0, 1) if (cell := (x + dx, y + dy)) in self.cells]
        return [
            Neighbour(case, text, category, metres, abs((probe.at - at).total_seconds()) / 3600)
            for cell in cells
            for case, text, category, there, at in self.cells[cell]
            if (metres := metres_apart(here, there)) is not None and metres <= AROUND
        ]


def beside(known: list[list[Neighbour]], probes: Sequence[Probe], opened: Sequence[Fact]) -> list[list[Neighbour]]:
    """The neighbours that the database knows, and those among cases that are on their way into it."""
    if not opened:
        return known
    pool = Pool()
    for fact in opened:
        p = fact.payload
        pool.add(fact.subject, p["category"], Probe(p["text"], fact.at, Place(p["lon"], p["lat"])))
    return [_once(pool.near(probe), found) for probe, found in zip(probes, known, strict=True)]


def _once(near: list[Neighbour], found: list[Neighbour]) -> list[Neighbour]:
    """Both, a case that arrived while we asked only once."""
    return list({one.case: one for one in [*near, *found]}.values()) if near else found


def cell_of(lon: float, lat: float) -> tuple[int, int]:
    """The cell of about 200 m that a WGS-84 point lies in: whatever is within AROUND lies in it or beside it."""
    return int(lon // CELL), int(lat // CELL)
