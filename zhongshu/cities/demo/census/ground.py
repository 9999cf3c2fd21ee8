"""落户处 where made-up people can live: the grids of a pack with their addresses, as parallel arrays."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from zhongshu.cities.read import SHAPE, Pack

Ints = NDArray[np.int64]
DAY = np.datetime64("1970-01-01", "D")


@dataclass(frozen=True, slots=True)
class Ground:
    """One district. `first`/`many` say which addresses are those of a grid; a grid without takes its community's."""

    district: str
    title: str
    grids: NDArray[Any]
    households: Ints
    first: Ints
    many: Ints
    codes: NDArray[Any]
    names: NDArray[Any]
    """Street, road and number."""
    points: NDArray[np.float64]
    part: int = 0
    parts: int = 1
    before: int = 0
    """Homes that the parts before this one hold at most: theirs are other numbers."""

    @property
    def office(self) -> str:
        """What the keys of this part's records begin with."""
        return f"{self.district}.{self.part}" if self.part else self.district

    @property
    def seed(self) -> list[int]:
        """What makes its dice differ from those of all other parts and districts."""
        return [int(self.district), self.part] if self.part else [int(self.district)]


def pieces(ground: Ground, share: float, most: int) -> Iterator[Ground]:
    """A district in parts of about `most` households with `share` of them, each of whole communities."""
    held = np.cumsum(np.maximum(1, np.round(ground.households * share)))
    parts = max(1, round(held[-1] / most))
    community = np.array([code[:12] for code in ground.grids])
    cut = np.searchsorted(held, held[-1] * np.arange(1, parts) / parts, side="right")
    edges = np.unique([0, *(int(np.searchsorted(community, community[at])) for at in cut), len(community)])
    for part, (start, end) in enumerate(zip(edges[:-1].tolist(), edges[1:].tolist(), strict=True)):
        yield replace(
            ground,
            **{name: getattr(ground, name)[start:end] for name in ("grids", "households", "first", "many")},
            part=part,
            parts=len(edges) - 1,
            before=int(held[start - 1]) if start else 0,
        )


def grounds(pack: Pack) -> Iterator[Ground]:
    """Each district of a pack, by code; only grids where somebody lives."""
    names = {row["code"]: row["name"] for row in pack.rows("divisions")}
    grids = sorted((row for row in pack.rows("grids") if row["households"]), key=lambda row: str(row["code"]))
    places = [row for row in pack.rows("places") if row["kind"] == "address"]
    length, street = pack.scheme.lengths[1], pack.scheme.lengths[2]
    for district in sorted({row["code"][:length] for row in grids}):
        held = [row for row in grids if row["code"].startswith(district)]
        yield _ground(district, held, [p for p in places if p["division"].startswith(district)], names, street)


def _ground(district: str, grids: list[Any], places: list[Any], names: dict[str, str], street: int) -> Ground:
    points = np.array([(p["lon"], p["lat"]) for p in places])
    tree = shapely.STRtree(np.array([row[SHAPE] for row in grids], dtype=object))
    place, grid = tree.query(shapely.points(points), predicate="within")
    homes: dict[int, list[int]] = {}
    for p, g in zip(place.tolist(), grid.tolist(), strict=True):
        homes.setdefault(g, []).append(p)
    around: dict[str, list[int]] = {}
    for number, one in enumerate(places):
        around.setdefault(one["division"], []).append(number)
    chosen = [homes.get(g) or around[row["division"]][:2] for g, row in enumerate(grids)]
    flat = [p for group in chosen for p in group]
    many = np.array([len(group) for group in chosen])
    whole = [names[places[p]["division"][:street].ljust(12, "0")] + places[p]["name"] for p in flat]
    return Ground(
        district,
        names[district.ljust(12, "0")],
        np.array([row["code"] for row in grids]),
        np.array([row["households"] for row in grids], dtype=np.int64),
        np.cumsum(many) - many,
        many,
        np.array([places[p]["code"] for p in flat]),
        np.array(whole),
        points[flat],
    )
