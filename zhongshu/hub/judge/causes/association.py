"""关联 association of classes in space and time, against rotated time, with false-discovery control.

Counting is that of a cross-K function in space and time (Diggle et al. 1995): "b within so many metres and hours after
a". What it is compared with decides what is found: here the time of each class is rotated by whole weeks inside its
piece of the city and of the year, so that neither where people live, nor the season, weekday or hour, nor bursts within
one class can make two classes look associated; ups and downs common to a whole district are divided out. A cause that
lasts longer than a block at one place and never varies is therefore not seen; use a longer block for it.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from zhongshu.hub.judge.causes.chance import chances, false_discovery
from zhongshu.hub.judge.causes.clusters import Meeting, meet
from zhongshu.hub.judge.causes.events import Events, Numbers, capped
from zhongshu.hub.judge.causes.strata import WEEK, Scales, Tables, strata
from zhongshu.kernel.errors import BadInput


@dataclass(frozen=True, slots=True)
class Plan:
    """What is asked: `distances` metres and `lags` hours (at most 168), ascending; `weeks` in a block of time, `tile`
    metres; `most` events per caller, class and four weeks; `alpha` the share of false discoveries borne, low because
    an accusation is dear; `strength` and `pairs` the least worth telling."""

    distances: tuple[float, ...] = (100.0, 300.0)
    lags: tuple[int, ...] = (24, 168)
    weeks: int = 8
    tile: float = 3000.0
    most: int = 2
    permutations: int = 999
    alpha: float = 0.01
    strength: float = 1.2
    pairs: int = 10
    seed: int = 0


@dataclass(frozen=True, slots=True)
class Association:
    """`second` follows `first` within `distance` metres and `lag` hours, `strength` times as often as by chance.

    `pairs` are counted, `expected` is their number by chance, `p` and `q` as in chance.py, `beaten` the permutations
    that brought as much; `meeting` holds the participation index, medians and clusters with the indexes of events.
    """

    first: int
    second: int
    distance: float
    lag: int
    pairs: int
    expected: float
    strength: float
    p: float
    q: float
    beaten: int
    meeting: Meeting


def _checked(events: Events, plan: Plan) -> Scales:
    if max(plan.lags) > WEEK or min(plan.lags) < 1:
        raise BadInput(f"a lag is a whole number of hours from 1 to {WEEK}, found {plan.lags}")
    if sorted(plan.lags) != list(plan.lags) or sorted(plan.distances) != list(plan.distances):
        raise BadInput(f"distances and lags must ascend, found {plan.distances} and {plan.lags}")
    if len(events) and events.kind.min() < 0:
        raise BadInput(f"class codes run from 0, found {events.kind.min()}")
    return Scales(plan.distances, plan.lags)


def _long_enough(events: Events) -> bool:
    return len(events) > 1 and float(np.ptp(events.t)) + 1 >= 3 * WEEK


def _told(events: Events, scales: Scales, tables: Tables, plan: Plan) -> list[Association]:
    tested = tables.reach >= plan.pairs
    p, beaten = chances(tables, tested, plan.permutations, plan.seed)
    q = np.ones_like(p)
    q[tested] = false_discovery(p[tested])
    observed, expected = tables.observed(), tables.expected()
    strength = np.divide(observed, expected, out=np.zeros_like(observed), where=expected > 0)
    wanted = (q <= plan.alpha) & (strength >= plan.strength) & (tables.pairs >= plan.pairs)
    found = []
    for a, b in zip(*np.nonzero(wanted.any(axis=0)), strict=True):
        scale = min(np.flatnonzero(wanted[:, a, b]), key=lambda n: (q[n, a, b], -strength[n, a, b]))
        near, place = scales.of(int(scale)), (scale, a, b)
        count, ratio = int(tables.pairs[place]), float(strength[place])
        one = Association(
            first=int(a),
            second=int(b),
            distance=near[0],
            lag=near[1],
            pairs=count,
            expected=count / ratio,
            strength=ratio,
            p=float(p[place]),
            q=float(q[place]),
            beaten=int(beaten[place]),
            meeting=meet(events, int(a), int(b), near),
        )
        found.append(one)
    return sorted(found, key=lambda one: (one.q, -round(one.strength, 6), -one.pairs))


def associate(events: Events, plan: Plan | None = None) -> list[Association]:
    """Ordered pairs of different classes that go together, surest first; each at the scale where it is surest.

    Comparisons are all ordered pairs at all scales that could have at least `plan.pairs` pairs under some rotation.
    Fewer than three weeks of events tell nothing: the list is empty. Raises BadInput for a plan that cannot be.
    """
    plan = plan or Plan()
    scales = _checked(events, plan)
    kept = capped(events, plan.most)
    used = events.take(kept)
    if not _long_enough(used):
        return []
    tables = strata(used, int(used.kind.max()) + 1, scales, plan.weeks, plan.tile)
    return [_with_own_numbers(one, kept) for one in _told(used, scales, tables, plan)]


def _with_own_numbers(one: Association, kept: Numbers) -> Association:
    """Clusters speak of the caller's events, not of those left after the cap."""
    clusters = tuple(replace(cluster, events=kept[cluster.events]) for cluster in one.meeting.clusters)
    return replace(one, meeting=replace(one.meeting, clusters=clusters))
