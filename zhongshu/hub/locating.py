"""定位 locating: from a point or from words to a division and a grid."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from zhongshu.hub.judge.atlas import Atlas
from zhongshu.hub.judge.gazetteer import SURE, Found, Gazetteer, clear, said
from zhongshu.kernel.places import Place


@dataclass(frozen=True, slots=True)
class Locator:
    """定位器. `divisions` maps a grid code to its community; `atlas` None: the pack draws no areas."""

    atlas: Atlas | None
    divisions: Mapping[str, str]
    gazetteer: Gazetteer

    def locate(self, places: Sequence[Place], texts: Sequence[str]) -> list[Place]:
        """Places with division and grid as far as they can be known: a point first, else the address, else the text."""
        named = self._named(places, texts)
        known = [
            replace(place if place.lon is not None else _taken(place, found), named=clear(found))
            for place, found in zip(places, named, strict=True)
        ]
        lon = np.array([np.nan if place.lon is None else place.lon for place in known])
        lat = np.array([np.nan if place.lat is None else place.lat for place in known])
        if self.atlas is None:
            return known
        cells = self.atlas.find(lon, lat).tolist()
        return [self._filled(place, cell) for place, cell in zip(known, cells, strict=True)]

    def _named(self, places: Sequence[Place], texts: Sequence[str]) -> list[Found]:
        """What the words say; of a report with a point, too: two that name one place are the more surely one matter."""
        return self.gazetteer.find([said(place.address, text) for place, text in zip(places, texts, strict=True)])

    def _filled(self, place: Place, cell: int) -> Place:
        if cell < 0 or self.atlas is None:
            return place
        grid = self.atlas.codes[cell]
        return replace(place, grid=grid, code=self.divisions[grid], how=place.how or "point")


def _taken(place: Place, found: Found) -> Place:
    """What the words say, when they say it clearly and the source itself named no division."""
    if place.code:
        return replace(place, how="said")
    if found.confidence < SURE:
        return place
    return found.place(place.address)
