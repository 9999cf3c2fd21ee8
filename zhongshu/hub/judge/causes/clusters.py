"""成团 the concrete places where two associated classes meet, with their events."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import sparse
from scipy.sparse.csgraph import connected_components
from scipy.spatial import cKDTree

from zhongshu.hub.judge.causes.events import Events, Floats, Numbers
from zhongshu.hub.judge.causes.strata import WEEK

_LEAST = 4
_MOST = 50


@dataclass(frozen=True, slots=True)
class Cluster:
    """`events` indexes of both classes, in order of time; centre in metres; `began` and `ended` in hours."""

    events: Numbers
    pairs: int
    x: float
    y: float
    began: float
    ended: float


@dataclass(frozen=True, slots=True)
class Meeting:
    """How the two classes meet at a scale: `participation` is the smaller share of either class that has the other
    nearby (participation index, Shekhar & Huang 2001); medians over the pairs."""

    participation: float
    median_distance: float
    median_lag: float
    clusters: tuple[Cluster, ...]


def _pairs(events: Events, lead: Numbers, follow: Numbers, near: tuple[float, int]) -> tuple[Numbers, Numbers, Floats]:
    """Pairs (index of the leading, index of the following event, metres apart)."""
    points = np.stack([events.x, events.y], axis=1)
    found = cKDTree(points[lead]).sparse_distance_matrix(cKDTree(points[follow]), near[0], output_type="ndarray")
    i, j = lead[found["i"]], follow[found["j"]]
    begin = events.t.min()
    lag = np.floor(events.t[j] - begin) - np.floor(events.t[i] - begin)
    inside = (lag >= 0) & (lag < near[1]) & (events.district[i] == events.district[j])
    return i[inside], j[inside], found["v"][inside]


def _clusters(events: Events, i: Numbers, j: Numbers, distance: float) -> tuple[Cluster, ...]:
    """Participants linked when at most `distance` and a week apart; the largest first."""
    members = np.unique(np.concatenate([i, j]))
    points = np.stack([events.x[members], events.y[members]], axis=1)
    links = cKDTree(points).query_pairs(distance, output_type="ndarray")
    t = events.t[members]
    links = links[np.abs(t[links[:, 0]] - t[links[:, 1]]) <= WEEK]
    graph = sparse.coo_matrix((np.ones(len(links)), (links[:, 0], links[:, 1])), shape=(len(members),) * 2)
    count, label = connected_components(graph, directed=False)
    size = np.bincount(label, minlength=count)
    paired = np.bincount(label[np.searchsorted(members, i)], minlength=count)
    found = []
    for number in np.lexsort((-paired, -size))[:_MOST]:
        if size[number] < _LEAST:
            break
        mine = members[label == number]
        mine = mine[np.argsort(events.t[mine], kind="stable")]
        x, y, t = events.x[mine], events.y[mine], events.t[mine]
        found.append(
            Cluster(mine, int(paired[number]), float(x.mean()), float(y.mean()), float(t.min()), float(t.max()))
        )
    return tuple(found)


def meet(events: Events, first: int, second: int, near: tuple[float, int]) -> Meeting:
    """Where `second` followed `first` within `near` (metres, hours); at most fifty clusters of four events or more."""
    lead, follow = np.flatnonzero(events.kind == first), np.flatnonzero(events.kind == second)
    i, j, apart = _pairs(events, lead, follow, near)
    if not len(i):
        return Meeting(0.0, float("nan"), float("nan"), ())
    share = min(len(np.unique(i)) / len(lead), len(np.unique(j)) / len(follow))
    lag = float(np.median(events.t[j] - events.t[i]))
    return Meeting(share, float(np.median(apart)), lag, _clusters(events, i, j, near[0]))
