"""找源头 the search for causes on the city's own cases: association of classes, clusters with their cases, alarms.

Pure computing over columns that the database gives in one piece; what is found is kept by `hub/causes.py`.
"""

from __future__ import annotations

import math
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

import numpy as np

from zhongshu.data.causes import Columns
from zhongshu.hub.judge.causes import Association, Events, Plan, Window, associate, scan
from zhongshu.hub.judge.causes.clusters import Cluster
from zhongshu.hub.judge.causes.events import Numbers
from zhongshu.kernel.desk import Knowledge
from zhongshu.kernel.places import METRE, Level

VERSION = "1"
"""Of the way of searching; changes when the same cases would give other findings."""
TILES = 100
"""A stratum's tile is so small that the city has about this many, within TILE metres (default, no standard)."""
TILE = (1500.0, 3000.0)
CELL = 500.0
"""Side of a cell of the scan, metres."""
ALARM = 0.05
"""Share of searches that may raise a false alarm, over all scans of the search together."""
LEAST = 4
"""Reports of a cluster that is worth a look."""
SCANNED = 50
"""Reports of a top class below which it is not scanned: too few to show a cluster."""

Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Asked:
    """What is searched: the last `days`, the `classes` with most reports; `scans` top classes are scanned, as long as
    the search has taken less than `seconds`."""

    days: int = 84
    classes: int = 60
    scans: int = 8
    seconds: float = 600.0
    plan: Plan = Plan()


@dataclass(frozen=True, slots=True)
class Finding:
    """候选: one link in one district with its clusters, ready to become a fact."""

    first: str
    second: str
    place: str
    link: Mapping[str, Any]
    clusters: Sequence[Row]

    @property
    def cases(self) -> list[int]:
        return list(dict.fromkeys(case for one in self.clusters for case in one["cases"]))


@dataclass(frozen=True, slots=True)
class Found:
    """What one search found, and what it counted on the way."""

    links: Sequence[Row]
    findings: Sequence[Finding]
    alarms: Sequence[Row]
    counts: Mapping[str, Any]
    tile: float


@dataclass(frozen=True, slots=True)
class Ground:
    """The columns as events on a plane; `kept` are the indexes of the columns that became events."""

    columns: Columns
    events: Events
    kept: Numbers
    names: tuple[str, ...]
    start: datetime
    knowledge: Knowledge

    def cases(self, index: Numbers) -> list[int]:
        """Case ids of these events, each once, in their order."""
        return list(dict.fromkeys(self.columns.case[self.kept[index]].tolist()))

    def moment(self, hours: float) -> str:
        return (self.start + timedelta(hours=hours)).isoformat()

    def lonlat(self, x: float, y: float) -> tuple[float, float]:
        lat0 = float(self.columns.lat.mean())
        return round(x * METRE / math.cos(math.radians(lat0)), 6), round(y * METRE, 6)

    def metres(self, lon: float, lat: float) -> tuple[float, float]:
        """A point on the plane of the events."""
        return lon / METRE * math.cos(math.radians(float(self.columns.lat.mean()))), lat / METRE

    def place(self, index: Numbers) -> str:
        """The deepest division that holds all these events."""
        codes = {self.columns.places[one] for one in set(self.columns.place[self.kept[index]].tolist())}
        scheme = self.knowledge.scheme
        for level in (Level.COMMUNITY, Level.STREET, Level.DISTRICT):
            shared = {scheme.at(code, level) for code in codes}
            if len(shared) == 1:
                return shared.pop()
        return self.knowledge.city


def plane(columns: Columns) -> tuple[Any, Any]:
    """Metres east and north of 0, 0 for every report: one plane is good enough for a city."""
    lat0 = math.radians(float(columns.lat.mean())) if len(columns.lat) else 0.0
    return columns.lon / METRE * math.cos(lat0), columns.lat / METRE


def ground(columns: Columns, start: datetime, knowledge: Knowledge, classes: int) -> Ground:
    """Events of the `classes` most frequent categories, numbered by frequency."""
    counts = np.bincount(columns.kind, minlength=len(columns.kinds))
    order = np.argsort(-counts, kind="stable")[:classes]
    number = np.full(len(columns.kinds), -1, np.int64)
    number[order] = np.arange(len(order))
    kept = np.flatnonzero(number[columns.kind] >= 0) if len(columns.kind) else np.zeros(0, np.int64)
    x, y = plane(columns)
    districts = [knowledge.scheme.at(code, Level.DISTRICT) for code in columns.places]
    district = np.unique(districts, return_inverse=True)[1].reshape(-1) if districts else np.zeros(0, np.int64)
    events = Events(
        x[kept],
        y[kept],
        columns.t[kept],
        number[columns.kind[kept]],
        columns.caller[kept],
        district[columns.place[kept]].astype(np.int64),
    )
    return Ground(columns, events, kept, tuple(columns.kinds[n] for n in order), start, knowledge)


def tile(events: Events) -> float:
    """Side of a tile in metres for a city of this extent."""
    if len(events) < 2:
        return TILE[1]
    area = float(np.ptp(events.x)) * float(np.ptp(events.y))
    return float(np.clip(math.sqrt(area / TILES), *TILE))


def search(columns: Columns, start: datetime, knowledge: Knowledge, asked: Asked) -> Found:
    """Links, candidate causes by district, and alarms."""
    began = time.monotonic()
    told = ground(columns, start, knowledge, asked.classes)
    side = tile(told.events)
    found = associate(told.events, replace(asked.plan, tile=side))
    alarms, scanned = _alarms(told, asked, began)
    counts = {
        "reports": len(columns.case) + columns.unplaced,
        "unplaced": columns.unplaced,
        "events": len(told.events),
        "classes": len(told.names),
        "classes_left_out": len(columns.kinds) - len(told.names),
        "scanned": scanned,
        "weeks": int((float(np.ptp(told.events.t)) + 1) // 168) if len(told.events) else 0,
    }
    links = [_link(one, told.names) for one in found]
    return Found(links, _findings(found, told), alarms, counts, side)


def _link(one: Association, names: Sequence[str]) -> Row:
    meeting = one.meeting
    return {
        "first": names[one.first],
        "second": names[one.second],
        "distance": one.distance,
        "lag": one.lag,
        "pairs": one.pairs,
        "expected": round(one.expected, 3),
        "strength": round(one.strength, 3),
        "p": one.p,
        "q": one.q,
        "beaten": one.beaten,
        "participation": round(meeting.participation, 4),
        "median_distance": round(meeting.median_distance, 1),
        "median_lag": round(meeting.median_lag, 2),
    }


def _findings(found: Sequence[Association], told: Ground) -> list[Finding]:
    """Each two classes once, in the direction in which more followed: a site that works for weeks has causes after
    effects too."""
    chosen: dict[frozenset[int], Association] = {}
    for one in found:
        held = chosen.setdefault(frozenset((one.first, one.second)), one)
        if (one.distance, one.lag) == (held.distance, held.lag) and one.pairs > held.pairs:
            chosen[frozenset((one.first, one.second))] = one
    return [finding for one in chosen.values() for finding in _by_district(one, told)]


def _by_district(one: Association, told: Ground) -> Iterator[Finding]:
    by_place: dict[str, list[Row]] = {}
    for cluster in one.meeting.clusters:
        row = _cluster(cluster, told)
        if row:
            by_place.setdefault(told.knowledge.scheme.at(row["place"], Level.DISTRICT), []).append(row)
    for place, rows in by_place.items():
        yield Finding(told.names[one.first], told.names[one.second], place, _link(one, told.names), rows)


def _cluster(cluster: Cluster, told: Ground) -> Row | None:
    """A cluster as a row, or None when too few of its reports lie in one district."""
    events = told.events
    mine = cluster.events[events.district[cluster.events] == np.bincount(events.district[cluster.events]).argmax()]
    if len(mine) < LEAST:
        return None
    lon, lat = told.lonlat(float(events.x[mine].mean()), float(events.y[mine].mean()))
    return {
        "place": told.place(mine),
        "lon": lon,
        "lat": lat,
        "began": told.moment(float(events.t[mine].min())),
        "ended": told.moment(float(events.t[mine].max())),
        "pairs": cluster.pairs,
        "cases": told.cases(mine),
    }


def top(category: str, knowledge: Knowledge) -> str:
    """The class at the root of the tree that a category belongs to."""
    seen = [category]
    while (found := knowledge.categories.get(seen[-1])) and found.parent and found.parent not in seen:
        seen.append(found.parent)
    return seen[-1]


def _alarms(told: Ground, asked: Asked, began: float) -> tuple[list[Row], int]:
    """Alarms of the top classes with most reports, at ALARM over all of them together; and how many were scanned."""
    columns = told.columns
    if not len(columns.case):
        return [], 0
    tops = [top(code, told.knowledge) for code in columns.kinds]
    names, of_kind = np.unique(tops, return_inverse=True)
    group = of_kind.reshape(-1)[columns.kind]
    counts = np.bincount(group, minlength=len(names))
    wanted = [int(n) for n in np.argsort(-counts, kind="stable")[: asked.scans] if counts[n] >= SCANNED]
    found: list[Row] = []
    done = 0
    for number in wanted:
        if time.monotonic() - began > asked.seconds:
            break
        done += 1
        mine = np.flatnonzero(group == number)
        found += _scanned(told, str(names[number]), mine, ALARM / len(wanted), asked.plan.permutations)
    return found, done


def _scanned(told: Ground, name: str, mine: Numbers, alpha: float, permutations: int) -> Iterator[Row]:
    columns = told.columns
    x, y = plane(columns)
    spot = np.stack([np.floor(x[mine] / CELL), np.floor(y[mine] / CELL)], axis=1).astype(np.int64)
    cells, cell = np.unique(spot, axis=0, return_inverse=True)
    cell = cell.reshape(-1)
    points = ((cells + 0.5) * CELL).astype(np.float64)
    day = np.floor(columns.t[mine] / 24).astype(np.int64)
    for one in scan(points, cell, day, Window(days=14), permutations):
        inside = mine[np.isin(cell, one.cells) & (day > day.max() - one.days)]
        if one.p > alpha or not len(inside):
            continue
        centre = points[one.cells[0]]
        reach = float(np.hypot(*(points[one.cells] - centre).T).max()) + CELL / 2
        lon, lat = told.lonlat(float(centre[0]), float(centre[1]))
        yield {
            "place": _shared(told, inside),
            "category": name,
            "lon": lon,
            "lat": lat,
            "metres": round(reach),
            "days": one.days,
            "observed": one.observed,
            "expected": round(one.expected, 2),
            "p": one.p,
            "cases": list(dict.fromkeys(columns.case[inside].tolist()))[:200],
        }


def _shared(told: Ground, index: Numbers) -> str:
    """As Ground.place, for indexes of the columns themselves."""
    return replace(told, kept=np.arange(len(told.columns.case))).place(index)
