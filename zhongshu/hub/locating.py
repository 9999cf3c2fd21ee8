"""定位 locating: from a point or from words to a division and a grid."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from zhongshu.hub.judge.atlas import Atlas
from zhongshu.hub.judge.gazetteer import Found, clear, said
from zhongshu.hub.judge.placing import Finder
from zhongshu.kernel.places import Place, metres_apart

AT = 100.0
"""Metres within which a point is at a named place."""


@dataclass(frozen=True, slots=True)
class Locator:
    """定位器. `divisions` maps a grid code to its community; `atlas` None: the pack draws no areas."""

    atlas: Atlas | None
    divisions: Mapping[str, str]
    finder: Finder

    def locate(self, places: Sequence[Place], texts: Sequence[str]) -> list[Place]:
        """Places with division and grid as far as they can be known: a point first, else what the words name."""
        words = [said(place.address, text) for place, text in zip(places, texts, strict=True)]
        known = list(places)
        pointed = [n for n, place in enumerate(places) if place.lon is not None]
        asked = [n for n, place in enumerate(places) if place.lon is None]
        for n, found in zip(pointed, self.finder.gazetteer.find([words[n] for n in pointed]), strict=True):
            known[n] = replace(places[n], named=clear(found))
        for n, ranked in zip(asked, self.finder.rank([words[n] for n in asked]), strict=True):
            known[n] = self._taken(places[n], words[n], ranked)
        if self.atlas is not None:
            lon = np.array([np.nan if place.lon is None else place.lon for place in known])
            lat = np.array([np.nan if place.lat is None else place.lat for place in known])
            cells = self.atlas.find(lon, lat).tolist()
            known = [self._filled(place, cell) for place, cell in zip(known, cells, strict=True)]
        return [self._beside(place, text) for place, text in zip(known, words, strict=True)]

    def grids(self, points: Sequence[tuple[float, float]]) -> list[str]:
        """The grid that each (lon, lat) lies in, "" for none."""
        if self.atlas is None or not points:
            return [""] * len(points)
        lon, lat = np.array(points, dtype=np.float64).T
        return [self.atlas.codes[cell] if cell >= 0 else "" for cell in self.atlas.find(lon, lat).tolist()]

    def _beside(self, place: Place, text: str) -> Place:
        """A point in no grid lies in the division of the place that the words name there, when they do."""
        if place.lon is None or place.code:
            return place
        for one in self.finder.rank([text])[0]:
            apart = metres_apart((place.lon, place.lat), (one.lon, one.lat))
            if apart is not None and apart <= AT:
                return replace(place, code=one.code, how="point")
        return place

    def _taken(self, place: Place, text: str, ranked: Sequence[Found]) -> Place:
        """What the words say, when they say it clearly and the source itself named no division.

        Of two places about as likely neither is taken: only what is true of both, the division around them.
        """
        clearly = self.finder.clear(ranked)
        named = ranked[0].spot if clearly else ""
        if place.code:
            return replace(place, how="said", named=named)
        candidates = self.finder.candidates(text, ranked)
        if clearly:
            return replace(ranked[0].place(place.address), candidates=candidates, named=named)
        around = self.finder.common(ranked)
        return replace(place, code=around, how="around" if around else "", candidates=candidates)

    def _filled(self, place: Place, cell: int) -> Place:
        if cell < 0 or self.atlas is None:
            return place
        grid = self.atlas.codes[cell]
        return replace(place, grid=grid, code=self.divisions[grid], how=place.how or "point")
