"""埋设的成因 planted causes: a made-up city's events with links to be found and look-alikes that must not be accused.

Everything that usually makes classes look associated is in it: people live in centres that classes prefer differently
or alike, classes share seasons, hours and storm days that strike the whole city, some classes come in bursts of their
own, and some people call forty times.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from zhongshu.hub.judge.causes import Events

_DAYS = 364
_HOURS = _DAYS * 24.0
_STORMS = 12


@dataclass(frozen=True, slots=True)
class Town:
    """How large; `links` cause-effect pairs of classes, each with `sites` that are active for four weeks."""

    events: int = 1_000_000
    classes: int = 50
    side: float = 30_000.0
    centres: int = 300
    links: int = 10
    sites: int = 40
    nights: int = 15


Column = NDArray[np.float64]
Rows = list[Column]


@dataclass(slots=True)
class _Maker:
    town: Town
    random: np.random.Generator
    centres: Column

    def place(self, count: int, taste: Column) -> Column:
        """Points (count, 2) around the centres, by a class's taste for each."""
        chosen = self.random.choice(len(self.centres), count, p=taste)
        return self.centres[chosen] + self.random.normal(0, 600, (count, 2))

    def times(self, count: int, peak: float, evening: float, storms: Column) -> Column:
        """Hours of a year: a season with its `peak` day, an hour of the day, a share on storm days."""
        day = self.random.uniform(0, _DAYS, count * 2)
        lively = 1 + 0.6 * np.cos(2 * np.pi * (day - peak) / _DAYS) - 0.25 * (day % 7 > 5)
        day = np.floor(day[self.random.random(count * 2) < lively / 1.7][:count])
        day = np.append(day, self.random.integers(0, _DAYS, count - len(day)))
        struck = self.random.random(count) < 0.08
        day = np.where(
            struck & bool(len(storms)), self.random.choice(np.append(storms, 0)[: max(len(storms), 1)], count), day
        )
        hour = np.clip(self.random.normal(evening, 3, count), 0, 23.99)
        return np.asarray(day * 24 + hour)

    def bursts(self, count: int, taste: Column) -> Rows:
        """Events of one class that draw one another: about eight within 150 m and five days."""
        parents = max(1, count // 8)
        point, start = self.place(parents, taste), self.random.uniform(0, _HOURS - 120, parents)
        parent = self.random.integers(0, parents, count)
        spot = point[parent] + self.random.normal(0, 75, (count, 2))
        return [spot[:, 0], spot[:, 1], start[parent] + self.random.uniform(0, 120, count)]

    def link(self) -> tuple[Rows, Rows]:
        """Causes at sites at night, each followed nearby by one effect after twelve hours or so."""
        town = self.town
        site = self.place(town.sites, np.full(len(self.centres), 1 / len(self.centres)))
        start = np.floor(self.random.uniform(0, _DAYS - 35, town.sites))
        where = np.repeat(np.arange(town.sites), town.nights)
        night = self.random.integers(0, 28, len(where))
        cause = (start[where] + night) * 24 + self.random.uniform(21, 24, len(where))
        effect = cause + self.random.exponential(12, len(where))
        spots = [site[where] + self.random.normal(0, 40, (len(where), 2)) for _ in range(2)]
        return [spots[0][:, 0], spots[0][:, 1], cause], [spots[1][:, 0], spots[1][:, 1], effect]


def _background(maker: _Maker, kind: int, count: int, shared: list[Column]) -> Rows:
    """Classes 0..: every third comes in bursts, groups of five share a taste, a season, an hour and their storms."""
    random, family = maker.random, kind // 5
    own = np.random.default_rng([family, 77])
    if kind % 3 == 2:
        return maker.bursts(count, shared[family])
    storms = own.integers(0, _DAYS, _STORMS).astype(np.float64) if family % 2 else np.zeros(0)
    spot = maker.place(count, shared[family])
    random.shuffle(spot)
    return [spot[:, 0], spot[:, 1], maker.times(count, own.uniform(0, _DAYS), own.uniform(8, 22), storms)]


def _callers(count: int, kind: Column, random: np.random.Generator) -> NDArray[np.int64]:
    """Mostly different people, a fifth anonymous, a hundredth of all calls by people who call again and again."""
    caller = random.integers(0, max(1, count * 2), count)
    caller[random.random(count) < 0.2] = -1
    often = random.random(count) < 0.01
    caller[often] = (
        -10 - kind[often].astype(np.int64) * 1000 - random.integers(0, max(1, count // 4000), int(often.sum()))
    )
    return np.asarray(caller, np.int64)


def plant(town: Town, seed: int) -> tuple[Events, list[tuple[int, int]]]:
    """Events and the planted links (cause class, effect class); every other pair of classes is innocent."""
    random = np.random.default_rng(seed)
    maker = _Maker(town, random, random.uniform(0, town.side, (town.centres, 2)))
    shared = [random.dirichlet(np.full(town.centres, 0.5)) for _ in range(town.classes // 5 + 1)]
    order = random.permutation(town.classes)
    links = [(int(order[2 * n]), int(order[2 * n + 1])) for n in range(town.links)]
    planted = [(pair, maker.link()) for pair in links]
    rows = [(kind, part) for pair, parts in planted for kind, part in zip(pair, parts, strict=True)]
    count = max(1, (town.events - sum(len(part[0]) for _, part in rows)) // town.classes)
    rows += [(kind, _background(maker, kind, count, shared)) for kind in range(town.classes)]
    kind = np.concatenate([np.full(len(part[0]), number) for number, part in rows])
    x, y, t = (np.concatenate([part[axis] for _, part in rows]) for axis in range(3))
    x, y = np.clip(x, 0, town.side - 1), np.clip(y, 0, town.side - 1)
    district = (x // (town.side / 4)).astype(np.int64) * 3 + (y // (town.side / 3)).astype(np.int64)
    caller = _callers(len(x), kind, random)
    return Events(x, y, np.clip(t, 0, _HOURS - 0.01), kind.astype(np.int64), caller, district), links


def shuffled(events: Events, seed: int) -> Events:
    """The same events with each class's times dealt out anew among its events of the same district."""
    random = np.random.default_rng(seed)
    t = events.t.copy()
    group = events.kind * (int(events.district.max()) + 1) + events.district
    order = np.argsort(group, kind="stable")
    for part in np.split(order, np.flatnonzero(np.diff(group[order])) + 1):
        t[part] = t[random.permutation(part)]
    return Events(events.x, events.y, t, events.kind, events.caller, events.district)
