"""并案窗口 the window of open cases in memory: by cell and time, asked for the newest ones around a report."""

from __future__ import annotations

from bisect import insort
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from heapq import nlargest
from math import cos, hypot, radians

from zhongshu.hub.judge.gazetteer import SURE, Found, Gazetteer, said
from zhongshu.hub.judge.merge import Verdict, best, cell_of, verdicts
from zhongshu.hub.judge.similar import LIMITS, Limits
from zhongshu.kernel.places import METRE, Neighbour, Place, Probe

MOST = 12
"""Candidates that a report is compared with, the newest; as many as the road's own search returns."""
ECHO = 12.0
"""Hours within which two reports of one class that name the same place are one matter whatever their words: half a day,
since what begins again the next night may be a new matter, and that a person judges."""


@dataclass(frozen=True, slots=True)
class Told:
    """来件: what a report says and where it lies (WGS-84); `named` is the code of the place it names, "" for none."""

    text: str
    at: datetime
    category: str
    lon: float
    lat: float
    named: str = ""

    @property
    def probe(self) -> Probe:
        return Probe(self.text, self.at, Place(self.lon, self.lat))


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
        now, (x, y) = told.at.timestamp(), cell_of(told.lon, told.lat)
        oldest, latest = now - self.lately * 3600, now + 24 * 3600
        aside = cos(radians(told.lat))
        found: list[tuple[float, int, float]] = []
        for cell in [(x + dx, y + dy) for dx in (-1, 0, 1) for dy in (-1, 0, 1)]:
            taken = 0
            for at, case in reversed(self.cells.get(cell, ())):
                if at <= oldest or taken == most:
                    break
                other = self.cases[case]
                metres = hypot((other.lon - told.lon) * aside, other.lat - told.lat) / METRE
                if at <= latest and metres <= self.around:
                    found.append((at, case, metres))
                    taken += 1
        return [
            Neighbour(case, self.cases[case].text, self.cases[case].category, metres, abs(now - at) / 3600)
            for at, case, metres in nlargest(most, found)
        ]


def settle(window: Window, batch: Sequence[tuple[int, Told]], limits: Limits = LIMITS) -> list[Verdict | None]:
    """What each report of a batch (case number it would open, report) is; cases that stay are in the window after.

    A merged report opens no case. One proposed, or new (None), does.
    """
    asked = []
    for case, told in batch:
        asked.append(window.near(told))
        window.add(case, told)
    found = verdicts([told.probe for _, told in batch], [told.category for _, told in batch], asked)
    merged: set[int] = set()
    said = []
    for (case, told), opinions in zip(batch, found, strict=True):
        able = [named(one, told, window.cases[one.case], limits) for one in opinions if one.case not in merged]
        verdict = best(able)
        if verdict is not None and verdict.kind == "merge":
            merged.add(case)
            window.close(case)
        said.append(verdict)
    return said


def named(verdict: Verdict, told: Told, other: Told, limits: Limits = LIMITS) -> Verdict:
    """What the places that both name add to a verdict of place, time and words.

    | | category | metres | hours | named |
    |---|---|---|---|---|
    | merge | same | <= near | <= 12 | the same place |
    | at most propose | | | | two different places |

    Two callers seldom describe one matter in the same words, but both say where they stand: "12 Zhongshan Road" twice
    in half a day with the same kind of trouble is one matter; two houses side by side are two. Without two names
    nothing changes.
    """
    if not told.named or not other.named:
        return verdict
    if told.named != other.named:
        return replace(verdict, kind="propose", reasons=(*verdict.reasons, ("same_name", 0.0)))
    known = dict(verdict.reasons)
    sure = known["same_category"] == 1 and known.get("metres", limits.around) <= limits.near and known["hours"] <= ECHO
    return replace(verdict, kind="merge" if sure else verdict.kind, reasons=(*verdict.reasons, ("same_name", 1.0)))


def names(gazetteer: Gazetteer, reports: Iterable[tuple[str, str]]) -> list[str]:
    """The code of the place that each (address, text) names; "" where none is named clearly enough."""
    return [clear(one) for one in gazetteer.find([said(address, text) for address, text in reports])]


def clear(found: Found) -> str:
    """The code of the place, "" when it is not named clearly enough."""
    return found.spot if found.confidence >= SURE else ""
