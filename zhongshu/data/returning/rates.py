"""回流率 what came back of what was reported, by whom and where; what only goes up; which return flow is broken. Pure.

`rate = distinct items returned at a place within T / distinct items reported from it`. A promise is due when its
period has ended and the days that it gives are over; before that nothing is missed. A flow is accused of being broken
somewhere only when more came in late or not at all there than its fellows' chance allows.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from scipy.stats import binom

ALPHA = 1e-4
"""Chance of one false accusation in a whole look, over all flows and places (Bonferroni)."""
LEAST_MISS = 0.05
"""Share of missed returns that is taken for ordinary disorder, at least (default)."""
MOSTLY = 0.6
"""Share of missed returns from which a place's flow may be called broken (default)."""

Item = tuple[str, str]
"""(data set, item)."""


@dataclass(frozen=True, slots=True)
class Flow:
    """流: `items` of a data set that a unit collects (up) or gives back (down, answering flows up)."""

    code: str
    name: str
    direction: str
    unit: str
    dataset: str
    items: tuple[str, ...]
    cycle: str
    how: str
    within: int = 0
    answers: tuple[str, ...] = ()
    place: str = ""
    name_en: str = ""
    grain: str = "community"
    clause: str = ""

    @property
    def pairs(self) -> frozenset[Item]:
        return frozenset((self.dataset, item) for item in self.items)


@dataclass(frozen=True, slots=True)
class Entry:
    """台账一行: items of a flow for one place and one period, at the moment they moved."""

    flow: str
    place: str
    period: date
    at: datetime
    rows: int = 0


@dataclass(frozen=True, slots=True)
class Due:
    """应回流: what one place was to get back for one period; `at` when it first came, None as long as it didn't."""

    flow: str
    place: str
    period: date
    due: datetime
    at: datetime | None
    rows: int

    def missed(self, now: datetime) -> bool:
        return self.due < now and (self.at is None or self.at > self.due)


@dataclass(frozen=True, slots=True)
class Rate:
    """回流率 of one unit and one place, or of one of them over all of the other."""

    reported: int
    returned: int

    @property
    def share(self) -> float | None:
        return self.returned / self.reported if self.reported else None


def period_end(start: date, cycle: str) -> date:
    """The first day after a period that begins on `start`."""
    if cycle in _DAYS:
        return start + timedelta(days=_DAYS[cycle])
    months = start.month - 1 + _MONTHS[cycle]
    return date(start.year + months // 12, months % 12 + 1, 1)


_DAYS = {"day": 1, "week": 7}
_MONTHS = {"month": 1, "quarter": 3, "half": 6, "year": 12}


def dues(flows: Sequence[Flow], entries: Iterable[Entry], moment: Callable[[date], datetime]) -> list[Due]:
    """Every return that is owed: for each place and period that reported by a flow up which a flow down answers.

    `moment` makes the UTC moment at which a local day begins.
    """
    up: dict[str, set[tuple[str, date]]] = defaultdict(set)
    came: dict[tuple[str, str, date], tuple[datetime, int]] = {}
    direction = {flow.code: flow.direction for flow in flows}
    for one in entries:
        if direction.get(one.flow) == "up":
            up[one.flow].add((one.place, one.period))
        elif one.flow in direction:
            key = (one.flow, one.place, one.period)
            came[key] = min(came.get(key, (one.at, one.rows)), (one.at, one.rows))
    found = []
    for flow in flows:
        if flow.direction == "down":
            owed = sorted(set().union(*(up[code] for code in flow.answers)))
            found += [_due(flow, place, period, came, moment) for place, period in owed if _reaches(flow, place)]
    return found


def _reaches(flow: Flow, place: str) -> bool:
    return not flow.place or place.startswith(flow.place.rstrip("0"))


def _due(
    flow: Flow,
    place: str,
    period: date,
    came: Mapping[tuple[str, str, date], tuple[datetime, int]],
    moment: Callable[[date], datetime],
) -> Due:
    due = moment(period_end(period, flow.cycle) + timedelta(days=flow.within))
    at, rows = came.get((flow.code, place, period), (None, 0))
    return Due(flow.code, place, period, due, at, rows)


def rates(flows: Sequence[Flow], entries: Iterable[Entry], key: Callable[[Flow, str], str]) -> dict[str, Rate]:
    """Return rate by `key(flow up, place)`, e.g. its unit or the place itself: the mean over places of one key.

    Counts (place, data set, item) triples, so that a department which returns to half of the places has half the rate.
    """
    known = {flow.code: flow for flow in flows}
    reported: dict[str, set[tuple[str, Item]]] = defaultdict(set)
    back: dict[str, set[Item]] = defaultdict(set)
    for one in entries:
        flow = known.get(one.flow)
        if flow is None:
            continue
        if flow.direction == "up":
            reported[key(flow, one.place)] |= {(one.place, pair) for pair in flow.pairs}
        else:
            back[one.place] |= flow.pairs
    return {
        name: Rate(len(pairs), sum(pair in back[place] for place, pair in pairs)) for name, pairs in reported.items()
    }


def up_only(flows: Sequence[Flow], entries: Iterable[Entry]) -> dict[tuple[str, str], set[str]]:
    """只上不下: (flow up, item) -> places that reported it and got nothing of it back."""
    known = {flow.code: flow for flow in flows}
    asked: dict[tuple[str, str], set[str]] = defaultdict(set)
    back: dict[Item, set[str]] = defaultdict(set)
    for one in entries:
        flow = known.get(one.flow)
        if flow is not None and flow.direction == "up":
            for item in flow.items:
                asked[flow.code, item].add(one.place)
        elif flow is not None:
            for pair in flow.pairs:
                back[pair].add(one.place)
    left = {(code, item): places - back[known[code].dataset, item] for (code, item), places in asked.items()}
    return {key: places for key, places in left.items() if places}


def in_only(taken: Mapping[str, Collection[str]], given: Mapping[str, Collection[str]]) -> dict[str, list[str]]:
    """只进不出: unit -> data sets that it takes in (collects or is granted), of units that give nothing out at all."""
    return {unit: sorted(sets) for unit, sets in taken.items() if sets and not given.get(unit)}


@dataclass(frozen=True, slots=True)
class Broken:
    """断流: below `place` so many of the due returns of a flow were missed, since a period; `p` by chance."""

    flow: str
    place: str
    since: date
    missed: int
    due: int
    p: float


def broken(owed: Sequence[Due], now: datetime, parents: Callable[[str], Sequence[str]]) -> list[Broken]:
    """Flows that stopped somewhere: the widest place where most of the last due period is missed, beyond chance.

    `parents` gives the places above one, the widest first, itself at the end. Each flow is looked at by its last due
    period; what counts as chance is the share that the other flows missed, LEAST_MISS at least. `since` is the first of
    the unbroken run of periods that were missed there. Surest first.
    """
    overdue = [one for one in owed if one.due < now]
    nodes: dict[tuple[str, str], list[Due]] = defaultdict(list)
    above: dict[str, Sequence[str]] = {}
    for one in overdue:
        above.setdefault(one.place, parents(one.place))
        for place in above[one.place]:
            nodes[one.flow, place].append(one)
    chances, last = _chances(overdue, now), _newest(overdue)
    found: dict[str, list[Broken]] = defaultdict(list)
    for (flow, place), held in sorted(nodes.items(), key=lambda node: len(parents(node[0][1]))):
        if not any(one.place in parents(place) for one in found[flow]):
            stopped = _accused(held, place, last[flow], now, chances[flow])
            if stopped is not None and stopped.p * len(nodes) < ALPHA:
                found[flow].append(stopped)
    return sorted((one for held in found.values() for one in held), key=lambda one: (one.p, one.flow, one.place))


def _newest(overdue: Iterable[Due]) -> dict[str, date]:
    """The last period of each flow that is due."""
    last: dict[str, date] = {}
    for one in overdue:
        last[one.flow] = max(last.get(one.flow, one.period), one.period)
    return last


def _accused(held: Sequence[Due], place: str, newest: date, now: datetime, chance: float) -> Broken | None:
    """What one place says against one flow; None when most of the newest due period came in time."""
    if not _mostly([one for one in held if one.period == newest], now):
        return None
    since = newest
    for period in sorted({one.period for one in held}, reverse=True):
        if not _mostly([one for one in held if one.period == period], now):
            break
        since = period
    run = [one for one in held if one.period >= since]
    missed = sum(one.missed(now) for one in run)
    return Broken(held[0].flow, place, since, missed, len(run), float(binom.sf(missed - 1, len(run), chance)))


def _mostly(held: Sequence[Due], now: datetime) -> bool:
    return bool(held) and sum(one.missed(now) for one in held) >= MOSTLY * len(held)


def _chances(overdue: Sequence[Due], now: datetime) -> dict[str, float]:
    """Flow -> the share that all other flows missed, LEAST_MISS at least and a half at most."""
    due: dict[str, int] = defaultdict(int)
    missed: dict[str, int] = defaultdict(int)
    for one in overdue:
        due[one.flow] += 1
        missed[one.flow] += one.missed(now)
    whole, lost = sum(due.values()), sum(missed.values())
    others = {flow: (lost - missed[flow]) / (whole - n) if whole > n else 0.0 for flow, n in due.items()}
    return {flow: min(0.5, max(LEAST_MISS, share)) for flow, share in others.items()}
