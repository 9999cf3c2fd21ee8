"""地点候选 places that a text may mean, ranked: a named address, else the nearest of the address base, else a name."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

import numpy as np

from zhongshu.hub.judge.address_match import FITTED, NEAR, AddressBase, AddressMatcher, Match, Weights
from zhongshu.hub.judge.address_parts import CROSSING, RELATION, numerals
from zhongshu.hub.judge.gazetteer import NOWHERE, SURE, Found, Gazetteer, Spot, division_forms, fold
from zhongshu.kernel.places import Candidate, Level, Scheme, metres_apart

MOST = 4
"""Candidates that are kept: more are not read."""
RIVAL = 0.75
"""A second place about as likely as the first: as large a share of the first one's confidence."""
FAINT = 0.05
MEETS = "×"
"""Between the names of two roads that cross."""
_HOUSE = re.compile(r"(.*?[^0-9])(\d{1,5})(?:[-之]\d+)?(号楼|号|弄|幢|栋|座)")
_BUILDINGS = ("幢", "栋", "座", "号楼")
_SAID_NUMBER = re.compile(r"\d{1,5}(?:[-之]\d+)?(?:号楼|号|弄|幢|栋|座)")
_CROSSED = 400.0
"""Metres within which two roads of the address base are taken to meet."""


class Finder:
    """寻址 what a text says of its place; immutable, safe to share between threads.

    A name that stands in the text letter by letter is found by the gazetteer (microseconds). The matcher is asked only
    where that leaves a doubt: nothing found clearly, two places about as likely, or a number that isn't in the base.
    """

    def __init__(
        self, spots: Iterable[Spot], divisions: Mapping[str, str], scheme: Scheme, weights: Weights = FITTED
    ) -> None:
        """`divisions` maps the code of every level below and including the city to its name."""
        self.spots = list(spots)
        self._of = {spot.code: spot for spot in self.spots}
        self._folded = {spot.code: fold(spot.name) for spot in self.spots}
        self.gazetteer = Gazetteer(self.spots, divisions.items(), scheme)
        self._numbered = {core for core, number, _ in map(_split, (spot.name for spot in self.spots)) if number}
        self._names, self._scheme, self._sure = divisions, scheme, SURE
        self._matcher = AddressMatcher(base_of(self.spots, divisions, scheme), weights) if self.spots else None

    def rank(self, texts: Sequence[str]) -> list[list[Found]]:
        """Every place that each text may mean, the most likely first; [] when it names none."""
        ranked = [self.gazetteer.rank(text)[: 2 * MOST] for text in texts]
        asked = [n for n, text in enumerate(texts) if self._doubtful(text, ranked[n])]
        if self._matcher and asked:
            for n, match in zip(asked, self._matcher.match([texts[n] for n in asked]), strict=True):
                ranked[n] = self._weighed(texts[n], ranked[n], match)
        return ranked

    def _doubtful(self, text: str, ranked: Sequence[Found]) -> bool:
        if not self.clear(ranked) or not ranked[0].spot or (len(ranked) > 1 and CROSSING.search(text)):
            return True
        core, number, _ = _split(self._of[ranked[0].spot].name)
        return not number and core in self._numbered and bool(_SAID_NUMBER.search(numerals(text)))

    def _weighed(self, text: str, named: Sequence[Found], match: Match) -> list[Found]:
        """The matched address first when the matcher is sure of it; otherwise whatever is likelier.

        A name that stands in the text clearly gives way only to a number of its own road.
        """
        meeting = self._meeting(text, named)
        if meeting:
            return [meeting, *(one for one in named if one.spot != meeting.spot)]
        matched = [one for one in self._rows(match) if one.confidence >= FAINT]
        likely = sorted(_best([*matched, *named]), key=lambda one: -one.confidence)
        first = named[0] if self.clear(named) and named[0].spot else None
        if match.row >= 0 and (first is None or self._core(first) == self._core(matched[0])):
            first = matched[0]
        if first is None:
            return self._deepened(likely)
        return [first, *(one for one in likely if one.spot != first.spot)]

    def clear(self, ranked: Sequence[Found]) -> bool:
        """Whether the first is likely enough, and nothing elsewhere about as likely."""
        return bool(ranked) and ranked[0].confidence >= self._sure and not self.rivals(ranked, RIVAL)[1:]

    def _core(self, one: Found) -> str:
        return _split(self._of[one.spot].name)[0]

    def _deepened(self, ranked: list[Found]) -> list[Found]:
        """A place that is likely enough goes before the mere division around it."""
        for one in ranked:
            if one.spot and one.confidence >= self._sure and self._around(ranked[0], one):
                return [one, *(other for other in ranked if other is not one)]
        return ranked

    def _around(self, outer: Found, inner: Found) -> bool:
        return not outer.spot and self._scheme.span(outer.code).holds(inner.code)

    def rivals(self, ranked: Sequence[Found], share: float) -> list[Found]:
        """The first, and those elsewhere at least `share` as likely: neither around it nor in it."""
        if not ranked:
            return []
        first, least = ranked[0], ranked[0].confidence * share
        others = [one for one in ranked[1:] if one.confidence >= least and one.code != first.code]
        return [first, *(one for one in others if not self._around(one, first) and not self._around(first, one))]

    def _rows(self, match: Match) -> list[Found]:
        """The rows of an answer as places. Those within 100 m of the first are the same place for a reader."""
        first = ((match.row, match.confidence),) if match.row >= 0 else ()
        found: list[Found] = []
        for row, confidence in (*first, *match.others):
            spot = self.spots[row]
            if any(_together(one, spot) for one in found):
                continue
            found.append(
                Found(
                    spot.lon,
                    spot.lat,
                    spot.division,
                    spot.code,
                    confidence,
                    (spot.name,),
                    spot.place_type,
                    spot.ownership,
                )
            )
        return found

    def _meeting(self, text: str, named: Sequence[Found]) -> Found | None:
        """路口: where two roads of the base that the text names come nearest; None when it names no crossing."""
        if len(named) < 2 or not CROSSING.search(text):
            return None
        folded = fold(text)
        said = [one for one in named if one.spot and one.names[-1] in folded]
        roads = sorted(said, key=lambda one: folded.index(one.names[-1]))
        pairs = [
            (apart, one, other)
            for n, one in enumerate(roads)
            for other in roads[n + 1 :]
            if one.names[-1] != other.names[-1]
            and (apart := metres_apart((one.lon, one.lat), (other.lon, other.lat))) is not None
        ]
        if not pairs:
            return None
        apart, one, other = min(pairs, key=lambda pair: pair[0])
        if apart > _CROSSED:
            return None
        both = f"{one.names[-1]}{MEETS}{other.names[-1]}"
        return replace(one, confidence=max(one.confidence, other.confidence), names=(*one.names[:-1], both))

    def candidates(self, text: str, ranked: Sequence[Found]) -> tuple[Candidate, ...]:
        """The first few as a reader wants to see them: with their divisions, confidence and why."""
        folded = numerals(fold(text))
        kept = [one for one in ranked[:MOST] if one.confidence >= FAINT]
        return tuple(
            Candidate(
                self._title(one),
                one.code,
                round(one.confidence, 4),
                one.lon,
                one.lat,
                self._why(folded, one),
            )
            for one in kept
        )

    def _title(self, one: Found) -> str:
        """Street and name: a name alone may be there twice. The name of the base, not the words that were said."""
        if not one.spot:
            return self._names.get(one.code, one.names[-1])
        street = self._names.get(self._scheme.at(one.code, Level.STREET), "")
        return street + (one.names[-1] if MEETS in one.names[-1] else self._of[one.spot].name)

    def _why(self, folded: str, one: Found) -> tuple[tuple[str, str], ...]:
        """What of the place stands in the text: its name, its number, its divisions; and the side that is meant."""
        name = self._folded[one.spot] if one.spot else ""
        core, value, unit = _split(name)
        why = [("name" if core in folded else "like", core)] if name else []
        if value and _SAID_NUMBER.search(folded):
            why.append(("number" if f"{value}{unit}" in folded else "near_number", f"{value}{unit}"))
        for level in (Level.DISTRICT, Level.STREET, Level.COMMUNITY):
            division = self._names.get(self._scheme.at(one.code, level), "")
            if division and any(form in folded for form, _ in division_forms(division)):
                why.append(("division", division))
        side = RELATION.search(folded)
        return (*why, ("side", side.group())) if side and name else tuple(why)

    def common(self, ranked: Sequence[Found]) -> str:
        """The smallest division that holds every place that the text may well mean; "" when that is not clear."""
        likely = self.rivals(ranked, 0.5)
        if not likely or min(1.0, sum(one.confidence for one in likely)) < self._sure:
            return ""
        codes = [one.code for one in likely]
        for level in reversed(Level):
            held = {self._scheme.at(code, level) for code in codes}
            if len(held) == 1 and all(self._scheme.level(code) >= level for code in codes):
                return held.pop()
        return ""


def _best(found: Sequence[Found]) -> list[Found]:
    """Each place once, with the higher of its confidences."""
    kept: dict[tuple[str, str], Found] = {}
    for one in found:
        if one.confidence > kept.get((one.spot, one.code), NOWHERE).confidence:
            kept[one.spot, one.code] = one
    return list(kept.values())


def _together(one: Found, spot: Spot) -> bool:
    apart = metres_apart((one.lon, one.lat), (spot.lon, spot.lat))
    return apart is not None and apart <= NEAR


def base_of(spots: Sequence[Spot], divisions: Mapping[str, str], scheme: Scheme) -> AddressBase:
    """The columns that the matcher reads, row n being `spots[n]`: a house is its road and a number."""
    numbers: dict[str, int] = {}
    name, number, building = [], [], []
    aliases: dict[str, int] = {}
    for spot in spots:
        core, value, unit = _split(spot.name)
        which = numbers.setdefault(core, len(numbers))
        name.append(which)
        number.append(value)
        building.append(unit in _BUILDINGS)
        for alias in spot.aliases if not value else ():
            if not alias.endswith(core):
                aliases[alias] = which
    codes = list(dict.fromkeys(spot.division for spot in spots))
    levels = (Level.DISTRICT, Level.STREET, Level.COMMUNITY)
    around = [[divisions.get(scheme.at(code, level), "") for level in levels] for code in codes]
    areas = [tuple(dict.fromkeys(filter(None, names))) for names in around]
    place = {code: n for n, code in enumerate(codes)}
    return AddressBase(
        list(numbers),
        np.array(name, np.int64),
        np.array(number, np.int64),
        np.array(building, bool),
        areas,
        np.array([place[spot.division] for spot in spots], np.int64),
        np.array([spot.lon for spot in spots]),
        np.array([spot.lat for spot in spots]),
        {alias: which for alias, which in aliases.items() if alias not in numbers},
        {},
    )


def _split(name: str) -> tuple[str, int, str]:
    hit = _HOUSE.fullmatch(name)
    return (hit.group(1), int(hit.group(2)), hit.group(3)) if hit else (name, 0, "")


NOTHING = Finder([], {}, Scheme((4, 6, 9, 12)))
"""An address base without a row: for runs in which every place is known already."""
