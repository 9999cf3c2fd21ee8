"""地址匹配 what people say against the address base: names by rare character pairs, then number and division."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import ahocorasick
import numpy as np
from numpy.typing import NDArray
from rapidfuzz import fuzz
from scipy import sparse

from zhongshu.hub.judge.address_parts import numerals
from zhongshu.hub.judge.gazetteer import division_forms, fold

Numbers = NDArray[np.int64]
Doubles = NDArray[np.float64]

NAMES = 20
"""Names that a text is compared with letter by letter."""
ROWS = 48
"""Rows of the address base that are weighed for one name and number."""
NEAR = 100.0
_METRES = 111_195.0
_SAID = 4
_COMMON = 0.02
_BATCH = 512
_BLANK = "\0"
_NUMBER = re.compile(r"(\d{1,5})(?:[-之]\d+)?(号楼|号|弄|幢|栋|座)?")
FEATURES = (
    "name found letter by letter",
    "share of the name's rare pairs found",
    "letters of the name",
    "number said, and there",
    "number said, only a neighbour is there",
    "number said, not there",
    "unit of the number agrees",
    "number stands right behind the name",
    "divisions that agree",
    "divisions that disagree",
)


@dataclass(frozen=True, slots=True)
class Match:
    """One answer: `row` of the base (-1: not sure enough, or nothing), `confidence` 0..1 that the point lies within
    100 m of this row's, `others` the next rows with theirs, `exact` whether the very number was found."""

    row: int
    confidence: float
    others: tuple[tuple[int, float], ...] = ()
    exact: bool = True


NOTHING = Match(-1, 0.0)


@dataclass(frozen=True)
class Weights:
    """How much each of FEATURES speaks for a row, and `none` for no row at all; fitted by `address_fitting.fit`."""

    features: Doubles
    none: float
    version: str = "made-up"


FITTED = Weights(np.array([9.03, 8.18, 0.16, 0.85, -0.94, -3.28, 1.96, -0.69, 1.75, -3.1]), 13.88)
"""Fitted on a made-up base of a million rows (docs/models/place.md)."""


@dataclass(frozen=True)
class AddressBase:
    """地址库 as columns; N rows. `names` (M,) of roads and estates, `name` (N,) which one; `number` (N,) the house or
    building number (0: none), `building` (N,) whether it counts buildings; `areas` (A,) the division names from large
    to small, `area` (N,) which one; `lon`, `lat` (N,) WGS-84 degrees. `aliases`: other name -> number of the name;
    `codes`: coded or colloquial division name -> its name."""

    names: Sequence[str]
    name: Numbers
    number: Numbers
    building: NDArray[np.bool_]
    areas: Sequence[Sequence[str]]
    area: Numbers
    lon: Doubles
    lat: Doubles
    aliases: Mapping[str, int]
    codes: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Weighed:
    """What was found for a batch of texts: pairs of `text` and `row`, and their `features` (P, F); sorted by text."""

    text: Numbers
    row: Numbers
    features: Doubles


class AddressMatcher:
    """地址匹配器 an address base ready to be asked; immutable."""

    def __init__(self, base: AddressBase, weights: Weights = FITTED, sure: float = 0.8) -> None:
        self.base, self.weights, self.sure = base, weights, sure
        self._forms = [fold(name) for name in (*base.names, *base.aliases)]
        self._meant = np.concatenate([np.arange(len(base.names)), np.fromiter(base.aliases.values(), np.int64)])
        composite = base.name << 20 | base.number
        self._order = np.argsort(composite, kind="stable")
        self._sorted = composite[self._order]
        self._index = self._rare_pairs()
        self._divisions = self._division_words()

    def _rare_pairs(self) -> sparse.csr_matrix:
        """Pairs x names: the share of each name's rarity that lies in a pair."""
        rows, columns = _pairs(self._forms)
        counts = np.bincount(columns, minlength=_WIDTH)
        rare = counts[columns] <= max(20, _COMMON * len(self._forms))
        rows, columns = rows[rare], columns[rare]
        weights = np.log(len(self._forms) / counts[columns]) + 1e-3
        sums = np.bincount(rows, weights, minlength=len(self._forms))
        found = sparse.csr_matrix(
            ((weights / sums[rows]).astype(np.float32), (columns, rows)), shape=(_WIDTH, len(self._forms))
        )
        found.sum_duplicates()
        return found

    def _division_words(self) -> ahocorasick.Automaton:
        """Every way to write a division -> the numbers of the divisions (a name in each level) it may mean."""
        words = ahocorasick.Automaton()
        meant: dict[str, set[int]] = defaultdict(set)
        whole = {fold(name) for name in (*self._division_numbers, *self.base.codes)}
        for name, number in self._division_numbers.items():
            for form, _ in division_forms(name):
                meant[form].add(number)
        for code, name in self.base.codes.items():
            meant[fold(code)].add(self._division_numbers[name])
        for form, numbers in meant.items():
            words.add_word(form, (len(form) if form in whole else 0, tuple(numbers)))
        words.make_automaton()
        return words

    @cached_property
    def _division_numbers(self) -> dict[str, int]:
        names = dict.fromkeys(name for area in self.base.areas for name in area)
        return {name: number for number, name in enumerate(names)}

    @cached_property
    def _levels(self) -> Numbers:
        """For each area the numbers of its divisions, from large to small; shape (A, levels), -1 where none."""
        depth = max((len(area) for area in self.base.areas), default=0)
        levels = np.full((len(self.base.areas), depth), -1, np.int64)
        for number, area in enumerate(self.base.areas):
            levels[number, : len(area)] = [self._division_numbers[name] for name in area]
        return levels

    def match(self, texts: Sequence[str]) -> list[Match]:
        """The row of the base each text means; `row` -1 when it is not sure enough (the candidates are in `others`)."""
        found: list[Match] = []
        for start in range(0, len(texts), _BATCH):
            found += self._matched(texts[start : start + _BATCH])
        return found

    def weigh(self, texts: Sequence[str]) -> Weighed:
        """Candidates of a batch of texts and what speaks for them."""
        folded = [numerals(fold(text)) for text in texts]
        bare = [self._without_divisions(text) for text in folded]
        text, form, share = self._named(bare)
        parts = [self._looked_up(bare, *each) for each in self._aligned(bare, text, form, share)]
        if not parts:
            return Weighed(np.zeros(0, np.int64), np.zeros(0, np.int64), np.zeros((0, len(FEATURES))))
        owner = np.concatenate([np.full(len(rows), number) for number, rows, _ in parts])
        row = np.concatenate([rows for _, rows, _ in parts])
        features = np.concatenate([each for *_, each in parts])
        features[:, 8:] = self._placed(folded, owner, row)
        return Weighed(owner, row, features)

    def _without_divisions(self, text: str) -> str:
        """Divisions in their full form blanked out: 和平区 must not speak for 和平路."""
        for end, (size, _) in list(self._divisions.iter_long(text)):
            text = f"{text[: end + 1 - size]}{_BLANK * size}{text[end + 1 :]}"
        return text

    def _named(self, folded: Sequence[str]) -> tuple[Numbers, Numbers, Doubles]:
        """The forms of names that share the most rarity with each text: text, form, share."""
        rows, columns = _pairs(folded)
        ones = np.ones(len(rows), np.float32)
        said = sparse.csr_matrix((ones, (rows, columns)), shape=(len(folded), _WIDTH))
        said.sum_duplicates()
        said.data[:] = 1
        scores = (said @ self._index).tocsr()
        texts, forms, shares = [], [], []
        for number in range(len(folded)):
            here = slice(scores.indptr[number], scores.indptr[number + 1])
            data = scores.data[here]
            best = np.argpartition(-data, NAMES)[:NAMES] if len(data) > NAMES else np.arange(len(data))
            texts.append(np.full(len(best), number))
            forms.append(scores.indices[here][best])
            shares.append(data[best])
        return np.concatenate(texts), np.concatenate(forms), np.concatenate(shares).astype(np.float64)

    def _aligned(
        self, folded: Sequence[str], text: Numbers, form: Numbers, share: Doubles
    ) -> list[tuple[int, int, tuple[float, float, float], int]]:
        """Each (text, name) with likeness, share and length, and where in the text the name ends."""
        kept = []
        for number, which, part in zip(text.tolist(), form.tolist(), share.tolist(), strict=True):
            name = self._forms[which]
            where = folded[number].find(name)
            if where >= 0:
                kept.append((number, int(self._meant[which]), (1.0, part, float(len(name))), where + len(name)))
                continue
            likeness = fuzz.partial_ratio_alignment(name, folded[number])
            if likeness is not None and likeness.score >= 60:
                end = likeness.dest_end
                kept.append((number, int(self._meant[which]), (likeness.score / 100, part, float(len(name))), end))
        return kept

    def _looked_up(
        self, folded: Sequence[str], text: int, name: int, found: tuple[float, float, float], end: int
    ) -> tuple[int, Numbers, Doubles]:
        """Rows of a name with the numbers said; with a neighbour's number when none is there; else of the name."""
        said = [
            (int(hit.group(1)), hit.group(2) or "", hit.start() - end)
            for hit in _NUMBER.finditer(folded[text], max(0, end - 1))
        ][:_SAID]
        rows: list[Numbers] = []
        features: list[Doubles] = []
        for value, unit, gap in said:
            here = self._rows(name, value, value)
            there = np.zeros((len(here), len(FEATURES)))
            there[:, :3], there[:, 3] = found, 1
            counts = unit in ("幢", "栋", "座", "号楼")
            there[:, 6] = self.base.building[here] == counts if unit else 0.5
            there[:, 7] = gap <= 1
            rows.append(here)
            features.append(there)
        if not sum(map(len, rows)):
            here = self._neighbours(name, said[0][0]) if said else self._rows(name, 0, (1 << 20) - 1)
            there = np.zeros((len(here), len(FEATURES)))
            there[:, :3] = found
            if said:
                near = np.abs(self.base.number[here] - said[0][0]) <= 6
                there[:, 4], there[:, 5] = near, ~near
            rows, features = [here], [there]
        return text, np.concatenate(rows), np.concatenate(features)

    def _rows(self, name: int, least: int, most: int) -> Numbers:
        first, last = np.searchsorted(self._sorted, [name << 20 | least, (name << 20 | most) + 1])
        return self._order[first : min(last, first + ROWS)]

    def _neighbours(self, name: int, number: int) -> Numbers:
        """The rows of a name whose numbers are next to one that isn't there."""
        place = int(np.searchsorted(self._sorted, name << 20 | number))
        around = self._order[max(0, place - 1) : place + 1]
        of_name: Numbers = around[self.base.name[around] == name]
        return of_name

    def _placed(self, folded: Sequence[str], owner: Numbers, row: Numbers) -> Doubles:
        """Divisions said that hold the row, and that don't; shape (P, 2). The levels a text leaves out say nothing."""
        levels = self._levels[self.base.area[row]]
        agree, against = np.zeros(len(row)), np.zeros(len(row))
        starts = np.searchsorted(owner, np.arange(len(folded) + 1))
        for number, text in enumerate(folded):
            here = slice(starts[number], starts[number + 1])
            if here.start == here.stop:
                continue
            for _, (_, meant) in self._divisions.iter_long(text):
                holds = np.isin(levels[here], meant).any(axis=1)
                agree[here] += holds
                against[here] += ~holds
        return np.stack([agree, against], axis=1)

    def _matched(self, texts: Sequence[str]) -> list[Match]:
        weighed = self.weigh(texts)
        strength = weighed.features @ self.weights.features
        starts = np.searchsorted(weighed.text, np.arange(len(texts) + 1))
        return [
            self._answer(weighed, strength, slice(starts[number], starts[number + 1])) for number in range(len(texts))
        ]

    def _answer(self, weighed: Weighed, strength: Doubles, here: slice) -> Match:
        """Rows within 100 m of the best speak for it together: the point is what is asked for, not the row."""
        if here.start == here.stop:
            return NOTHING
        rows = weighed.row[here]
        top = max(float(strength[here].max()), self.weights.none)
        shares = np.exp(strength[here] - top)
        shares /= shares.sum() + np.exp(self.weights.none - top)
        best = int(shares.argmax())
        confidence = float(shares[self.metres(rows, rows[best]) <= NEAR].sum())
        order = np.argsort(-shares)[:4]
        others = tuple((int(rows[each]), round(float(shares[each]), 4)) for each in order)
        exact = bool(weighed.features[here][best, 3])
        if confidence < self.sure:
            return Match(-1, round(confidence, 4), others, exact)
        return Match(int(rows[best]), round(confidence, 4), others[1:], exact)

    def metres(self, rows: Numbers, other: int | Numbers) -> Doubles:
        """Metres between rows of the base on the sphere's tangent plane; good to a per mille within a city."""
        across = (self.base.lon[rows] - self.base.lon[other]) * np.cos(np.radians(self.base.lat[other]))
        apart: Doubles = np.hypot(across, self.base.lat[rows] - self.base.lat[other]) * _METRES
        return apart


_WIDTH = 1 << 22


def _pairs(texts: Sequence[str]) -> tuple[Numbers, Numbers]:
    """Neighbouring characters and those with one between, as (number of the text, hashed pair); digits left out."""
    joined = "\0\0".join([*texts, ""])
    points = np.frombuffer(joined.encode("utf-32-le", "surrogatepass"), np.uint32).astype(np.int64)
    sizes = np.fromiter(map(len, texts), np.int64, len(texts)) + 2
    owner = np.repeat(np.arange(len(texts)), sizes)
    letters = (points > 0) & ~((points >= 48) & (points < 58))
    owners, columns = [], []
    for gap in (1, 2):
        both = np.flatnonzero(letters[:-gap] & letters[gap:])
        both = both[owner[both] == owner[both + gap]]
        mixed = (points[both] * 0x9E3779B1 + points[both + gap] * 0x85EBCA77 + gap * 0xC2B2AE3D) & 0xFFFFFFFF
        owners.append(owner[both])
        columns.append(mixed * 0x27D4EB2F >> 12 & (_WIDTH - 1))
    return np.concatenate(owners), np.concatenate(columns)
