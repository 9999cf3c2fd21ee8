"""路段 stretches of a street: requests about one stretch that stand open at the same time are one job for a crew."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import numpy as np
from scipy.spatial import cKDTree

from zhongshu.kernel.places import METRE

_WEST = re.compile(r"^(?P<number>\d+)\s+(?P<street>\D.*)$")
_EAST = re.compile(r"^(?P<street>.*?\D)(?P<number>\d+)(?:之\d+)?号")


@dataclass(frozen=True, slots=True)
class Rule:
    """路段规则: `numbers` house numbers make one stretch (block); requests `metres` apart are one crossing.

    100 numbers a block is how cities with a grid of streets number; 30 m is a crossing with its corners, where a
    hole may be reported by either street. Neither was fitted to any labels.
    """

    numbers: int = 100
    metres: float = 30.0


RULE = Rule()


@dataclass(frozen=True, slots=True)
class Request:
    """报修: one request about a street; `closed` None while it stands open; lon, lat WGS-84."""

    address: str
    lon: float
    lat: float
    opened: datetime
    closed: datetime | None = None


def stretch(address: str, numbers: int = RULE.numbers) -> tuple[str, int] | None:
    """Street and number of its stretch: ("W WRIGHTWOOD AVE", 39) of "3917 W WRIGHTWOOD AVE"; None without a number.

    Reads number first ("3917 W WRIGHTWOOD AVE") and number last ("中山路12号").
    """
    found = _WEST.match(address.strip()) or _EAST.match(address.strip())
    if found is None:
        return None
    return " ".join(found["street"].upper().split()), int(found["number"]) // numbers


def together(one: Request, other: Request) -> bool:
    """Whether both stood open at some moment: after a repair a new request is a new matter."""
    return (one.closed is None or other.opened <= one.closed) and (other.closed is None or one.opened <= other.closed)


def repeats(requests: Sequence[Request], rule: Rule = RULE) -> list[list[int]]:
    """For each request, those others that are the same job: same stretch or same crossing, open at the same time.

    Why: a crew is sent to a stretch, not to a hole, and fills what it finds there, so requests about one stretch are
    answered by one visit. Distance alone takes the parallel street for the same (a block is about 100 m deep) and
    misses the far end of the same block (about 200 m long).
    """
    pairs = _same_stretch(requests, rule) | _same_crossing(requests, rule)
    found: list[list[int]] = [[] for _ in requests]
    for a, b in sorted(pairs):
        if together(requests[a], requests[b]):
            found[a].append(b)
            found[b].append(a)
    return found


def _same_stretch(requests: Sequence[Request], rule: Rule) -> set[tuple[int, int]]:
    places: dict[tuple[str, int], list[int]] = defaultdict(list)
    for n, request in enumerate(requests):
        known = stretch(request.address, rule.numbers)
        if known is not None:
            places[known].append(n)
    return {(a, b) for members in places.values() for k, b in enumerate(members) for a in members[:k]}


def _same_crossing(requests: Sequence[Request], rule: Rule) -> set[tuple[int, int]]:
    if not requests:
        return set()
    points = np.array([(one.lon, one.lat) for one in requests])
    points[:, 0] *= np.cos(np.radians(points[:, 1].mean()))
    return {(int(a), int(b)) for a, b in cKDTree(points / METRE).query_pairs(rule.metres, output_type="ndarray")}
