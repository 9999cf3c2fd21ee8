"""地名识别 places named in a text: the longest names of the address base, weighed by the divisions beside."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

import ahocorasick

from zhongshu.kernel.places import Level, Place, Scheme

_SUFFIXES = (
    "社区居民委员会", "社区居委会", "村民委员会", "居民委员会", "社区村委会", "村委会", "居委会",
    "街道办事处", "街道", "社区", "新区", "镇", "乡", "村", "区", "县", "市",
)  # fmt: skip
_SHORT_FORMS = {
    "街道办事处": "街",
    "街道": "街",
    "社区居民委员会": "社区",
    "社区居委会": "社区",
    "村民委员会": "村",
    "村委会": "村",
}
_KINDS = {"address": 0.95, "poi": 0.85, "estate": 0.85, "facility": 0.85, "road": 0.6}
_LEVELS = {Level.CITY: 0.1, Level.DISTRICT: 0.4, Level.STREET: 0.6, Level.COMMUNITY: 0.75}
_BARE = 0.7
_AGREES = 1.15
_DISAGREES = 0.4
_TOP = 0.98
_WHOLE = 0.99
_CLOSE = 0.02
_NUMBER = re.compile(r"\d{1,5}(?:之\d+)?[号弄巷栋]")


@dataclass(frozen=True, slots=True)
class Spot:
    """地名条目: one row of the address base; `division` is the code it lies in, lon/lat WGS-84 degrees."""

    code: str
    name: str
    kind: str
    division: str
    lon: float
    lat: float
    aliases: tuple[str, ...] = ()
    place_type: str = ""
    ownership: str = ""


@dataclass(frozen=True, slots=True)
class Found:
    """One place a text may mean: `code` a division ("" for none), lon/lat None when only a division is certain."""

    lon: float | None = None
    lat: float | None = None
    code: str = ""
    spot: str = ""
    confidence: float = 0.0
    names: tuple[str, ...] = ()
    place_type: str = ""
    ownership: str = ""

    def place(self, address: str = "") -> Place:
        how = "text" if self.code else ""
        said = address or "".join(self.names)
        return Place(self.lon, self.lat, said, self.code, "", how, self.place_type, self.ownership)


NOWHERE = Found()
SURE = 0.5
"""Below this a place named in the words is not taken over: a wrong street costs more than a question."""


def said(address: str, text: str) -> str:
    """What a report says of its place: the address that was given, if any, before the words."""
    return f"{address}，{text}" if address else text


def clear(found: Found) -> str:
    """The code of the place, "" when it is not named clearly enough."""
    return found.spot if found.confidence >= SURE else ""


@dataclass(frozen=True, slots=True)
class _Name:
    """What a name can mean: divisions (code, certainty of this form) and spots."""

    divisions: tuple[tuple[str, float], ...]
    spots: tuple[Spot, ...]


_BETWEEN = re.compile(r"[\s,，·]")


def fold(text: str) -> str:
    """Full width to half width, lower case, blanks and punctuation inside an address removed."""
    return _BETWEEN.sub("", unicodedata.normalize("NFKC", text).lower())


@lru_cache(1 << 14)
def division_forms(name: str) -> tuple[tuple[str, float], ...]:
    """The ways people write a division: the full name, the short form, the bare name; with the certainty of each."""
    forms = [(fold(name), 1.0)]
    for suffix in _SUFFIXES:
        bare = name.removesuffix(suffix)
        if bare == name:
            continue
        if suffix in _SHORT_FORMS and len(bare) > 1:
            forms.append((fold(bare + _SHORT_FORMS[suffix]), 0.95))
        if len(bare) > 1:
            forms.append((fold(bare), _BARE))
        break
    return tuple(forms)


class Gazetteer:
    """地名库 the address base of one city, ready to be searched; immutable and safe to share between threads."""

    def __init__(self, spots: Iterable[Spot], divisions: Iterable[tuple[str, str]], scheme: Scheme) -> None:
        """`divisions` are (code, name) of every level below and including the city."""
        self._scheme = scheme
        meanings: dict[str, tuple[list[tuple[str, float]], list[Spot]]] = defaultdict(lambda: ([], []))
        for code, name in divisions:
            for form, certainty in division_forms(name):
                meanings[form][0].append((code, certainty))
        for spot in spots:
            for name in {fold(spot.name), *map(fold, spot.aliases)}:
                if len(name) > 1:
                    meanings[name][1].append(spot)
        self._words = ahocorasick.Automaton()
        for name, (codes, named) in meanings.items():
            self._words.add_word(name, (name, _Name(tuple(codes), tuple(named))))
        self._words.make_automaton()

    def find(self, texts: Sequence[str]) -> list[Found]:
        """The most likely place of each text; NOWHERE when it names none."""
        return [(self.rank(text) or [NOWHERE])[0] for text in texts]

    def rank(self, text: str) -> list[Found]:
        """Every place the text may mean, most likely first. Confidence is shared among equals: a road of three
        districts named without its district gives a third of what it would give alone."""
        if not len(self._words):
            return []
        folded = fold(text)
        hits = [(end, *value) for end, value in self._words.iter_long(folded)]
        divisions = [(name, code, sure) for _, name, meaning in hits for code, sure in meaning.divisions]
        found = self._spots(folded, hits, divisions)
        if not found or found[0].confidence < 0.3:
            found = sorted([*found, *self._divisions(divisions)], key=lambda each: -each.confidence)
        return found

    def _supports(
        self, name: str, code: str, divisions: Sequence[tuple[str, str, float]]
    ) -> tuple[float, tuple[str, ...]]:
        """How the divisions named beside speak for `code`: a factor, and the names that agree."""
        factor, agreeing = 1.0, []
        by_name: dict[str, list[tuple[str, float]]] = defaultdict(list)
        for other, division, sure in divisions:
            if other != name:
                by_name[other].append((division, sure))
        for other, meanings in by_name.items():
            if any(self._scheme.span(division).holds(code) for division, _ in meanings):
                factor *= _AGREES
                agreeing.append(other)
            elif meanings[0][1] == 1.0 and not any(self._scheme.span(code).holds(division) for division, _ in meanings):
                factor *= _DISAGREES
        return factor, tuple(agreeing)

    def _spots(
        self, folded: str, hits: Sequence[tuple[int, str, _Name]], divisions: Sequence[tuple[str, str, float]]
    ) -> list[Found]:
        weighed: dict[str, tuple[float, Spot, tuple[str, ...]]] = {}
        for end, name, meaning in hits:
            number = _NUMBER.match(folded, end + 1) if meaning.spots else None
            for spot in meaning.spots:
                factor, agreeing = self._supports(name, spot.division, divisions)
                weight = _KINDS.get(spot.kind, 0.5) * factor * (1.02 if number else 1.0)
                names = (*agreeing, name, number.group()) if number else (*agreeing, name)
                if weight > weighed.get(spot.code, (0.0,))[0]:
                    weighed[spot.code] = (weight, spot, names)
        return self._shared(sorted(weighed.values(), key=lambda each: -each[0]))

    def _shared(self, weighed: Sequence[tuple[float, Spot, tuple[str, ...]]]) -> list[Found]:
        """Confidence of each candidate; those about as likely that bear the same name share it."""
        rivals = Counter((names[-1], round(weight / _CLOSE)) for weight, _, names in weighed)
        found = [
            Found(
                spot.lon,
                spot.lat,
                spot.division,
                spot.code,
                round(min(_TOP, weight) / rivals[names[-1], round(weight / _CLOSE)], 4),
                names,
                spot.place_type,
                spot.ownership,
            )
            for weight, spot, names in weighed
        ]
        return sorted(found, key=lambda each: -each.confidence)

    def _divisions(self, divisions: Sequence[tuple[str, str, float]]) -> list[Found]:
        best: dict[str, Found] = {}
        for name, code, sure in divisions:
            factor, agreeing = self._supports(name, code, divisions)
            rivals = sum(1 for other, also, _ in divisions if other == name and also != code and factor <= 1.0) + 1
            confidence = round(min(_WHOLE, _LEVELS[self._scheme.level(code)] * sure * factor) / rivals, 4)
            if code not in best or confidence > best[code].confidence:
                best[code] = Found(None, None, code, "", confidence, (*agreeing, name))
        return sorted(best.values(), key=lambda each: -each.confidence)
