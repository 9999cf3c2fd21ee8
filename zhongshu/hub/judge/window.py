"""并案窗口 the window of open cases in memory: by cell and time, asked for the newest ones around a report."""

from __future__ import annotations

from bisect import insort
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from heapq import nlargest
from math import cos, hypot, radians

from zhongshu.hub.judge.gazetteer import Gazetteer, clear, said
from zhongshu.hub.judge.merge import Verdict, best, cell_of, verdicts
from zhongshu.hub.judge.similar import LIMITS, Limits
from zhongshu.kernel.facts import Fact
from zhongshu.kernel.places import METRE, Neighbour, Place, Probe

MOST = 12
"""Candidates that a report is compared with, the newest; as many as the road's own search returns."""

_BESIDE = tuple((dx, dy) for dx in (-1, 0, 1) for dy in (-1, 0, 1))
"""A cell and those around it."""


@dataclass(frozen=True, slots=True)
class Told:
    """来件: what a report says and where it lies (WGS-84); `named` is the code of the place it names, "" for none."""

    text: str
    at: datetime
    category: str
    lon: float
    lat: float
    named: str = ""

    @classmethod
    def of(cls, probe: Probe, category: str) -> Told | None:
        """What a probe tells; None without a point, for it then lies in no cell."""
        place = probe.place
        if place.lon is None or place.lat is None:
            return None
        return cls(probe.text, probe.at, category, place.lon, place.lat, place.named)

    @property
    def probe(self) -> Probe:
        return Probe(self.text, self.at, Place(self.lon, self.lat, named=self.named))


@dataclass(slots=True)
class Window:
    """窗口: open cases by cell of about 200 m, in each the newest last. Memory about 0.5 KB a case beside its text."""

    around: float = LIMITS.around
    lately: float = LIMITS.lately
    cases: dict[int, Told] = field(default_factory=dict)
    cells: dict[tuple[int, int], list[tuple[float, int]]] = field(default_factory=dict)

    def add(self, case: int, told: Told) -> None:
        self.cases[case] = told
        insort(self.cells.setdefault(cell_of(told.lon, told.lat), []), (told.at.timestamp(), case))

    def close(self, case: int) -> None:
        """Take a case out; KeyError when it isn't there."""
        told = self.cases.pop(case)
        self.cells[cell_of(told.lon, told.lat)].remove((told.at.timestamp(), case))

    def expire(self, before: datetime) -> None:
        """Take out what was opened before a moment."""
        for case in [case for case, told in self.cases.items() if told.at < before]:
            self.close(case)

    def near(self, told: Told, most: int = MOST) -> list[Neighbour]:
        """The `most` newest cases within `around` metres, opened in the `lately` hours before or a day after."""
        x, y = cell_of(told.lon, told.lat)
        held = [cases for dx, dy in _BESIDE if (cases := self.cells.get((x + dx, y + dy)))]
        if not held:
            return []
        now = told.at.timestamp()
        oldest, latest = now - self.lately * 3600, now + 24 * 3600
        aside = cos(radians(told.lat))
        found: list[tuple[float, int, float]] = []
        for cases in held:
            taken = 0
            for at, case in reversed(cases):
                if at <= oldest or taken == most:
                    break
                other = self.cases[case]
                metres = hypot((other.lon - told.lon) * aside, other.lat - told.lat) / METRE
                if at <= latest and metres <= self.around:
                    found.append((at, case, metres))
                    taken += 1
        return [
            Neighbour(case, other.text, other.category, metres, abs(now - at) / 3600, other.named)
            for at, case, metres in nlargest(most, found)
            for other in (self.cases[case],)
        ]


def settle(window: Window, batch: Sequence[tuple[int, Told]], limits: Limits = LIMITS) -> list[Verdict | None]:
    """What each report of a batch (case number it would open, report) is; cases that stay are in the window after.

    A merged report opens no case. One proposed, or new (None), does.
    """
    asked = []
    for case, told in batch:
        asked.append(window.near(told))
        window.add(case, told)
    found = verdicts([told.probe for _, told in batch], [told.category for _, told in batch], asked, limits)
    merged: set[int] = set()
    said = []
    for (case, _), opinions in zip(batch, found, strict=True):
        verdict = best(opinions, merged)
        if verdict is not None and verdict.kind == "merge":
            merged.add(case)
            window.close(case)
        said.append(verdict)
    return said


def beside(known: list[list[Neighbour]], probes: Sequence[Probe], opened: Sequence[Fact]) -> list[list[Neighbour]]:
    """The neighbours that the database knows, and those among cases that are on their way into it."""
    if not opened:
        return known
    window = Window()
    for fact in opened:
        p = fact.payload
        place = Place(p["lon"], p["lat"], named=p.get("named", ""))
        told = Told.of(Probe(p["text"], fact.at, place), p["category"])
        if told:
            window.add(fact.subject, told)
    asked = [Told.of(probe, "") for probe in probes]
    return [_once(window.near(told) if told else [], found) for told, found in zip(asked, known, strict=True)]


def _once(near: list[Neighbour], found: list[Neighbour]) -> list[Neighbour]:
    """Both, a case that arrived while we asked only once."""
    return list({one.case: one for one in [*near, *found]}.values()) if near else found


def names(gazetteer: Gazetteer, reports: Iterable[tuple[str, str]]) -> list[str]:
    """The code of the place that each (address, text) names; "" where none is named clearly enough."""
    return [clear(one) for one in gazetteer.find([said(address, text) for address, text in reports])]
