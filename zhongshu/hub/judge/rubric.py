"""答复评分表 the rubric of a reply as tables that a person can read: criteria, flags, and the words that earn points.

`reply_criteria.csv` holds the weights, `reply_words.csv` the words (regular expressions). A row is in force from
version `since` until before version `until`; a version never changes, so that an old score can be computed again.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from zhongshu.kernel.errors import NotFound

Row = Mapping[str, Any]
Words = tuple[tuple[str, str], ...]
"""((word of the text, code of the part of the rubric that it belongs to), ...)."""


@dataclass(frozen=True, slots=True)
class Criterion:
    """评分项, 标记, 说明. `figure`: the weight in the total, or the most that a reply with the flag may get.

    A flag that `holds` makes whoever sends such a reply say why; the others only advise.
    """

    code: str
    zh: str
    en: str
    figure: float
    meaning_zh: str
    meaning_en: str
    holds: bool = False


@dataclass(frozen=True, slots=True)
class Part:
    """词表一行: what one kind of words, found in a text, adds to its criterion."""

    criterion: str
    code: str
    points: float
    pattern: re.Pattern[str]
    zh: str
    en: str

    def word(self, text: str) -> str:
        """The first words of the text that match, "" when none do."""
        found = self.pattern.search(text)
        return found.group().strip() if found else ""


@dataclass(frozen=True, slots=True)
class Rubric:
    """评分表 one version: `criteria`, `flags` and `notes` by code, `parts` by criterion.

    `city` is the digest of a pack's rows over the version of the project's own, "" where a pack has none.
    """

    version: int
    criteria: Mapping[str, Criterion]
    flags: Mapping[str, Criterion]
    notes: Mapping[str, Criterion]
    parts: Mapping[str, tuple[Part, ...]]
    city: str = ""

    @property
    def name(self) -> str:
        """What facts call this version: "2", or "2+5f0c…" with a city's own rows."""
        return f"{self.version}+{self.city}" if self.city else str(self.version)

    def words(self, criterion: str, text: str) -> Words:
        """The first match of each part of the criterion in the text."""
        return tuple((word, part.code) for part in self.parts[criterion] if (word := part.word(text)))

    def points(self, criterion: str, words: Words) -> float:
        """What those words earn together, 0..1."""
        earned = {code for _, code in words}
        return min(1.0, sum(part.points for part in self.parts[criterion] if part.code in earned))

    def part(self, criterion: str, code: str) -> Part | None:
        return next((part for part in self.parts[criterion] if part.code == code), None)

    def without(self, criterion: str, text: str) -> str:
        """The text with every match of the criterion's parts taken out."""
        for part in self.parts[criterion]:
            text = part.pattern.sub(" ", text)
        return text


def _rows(name: str) -> list[dict[str, str]]:
    text = files("zhongshu.hub.judge").joinpath(name).read_text(encoding="utf-8")
    return list(csv.DictReader(text.splitlines()))


def _in_force(rows: Sequence[dict[str, str]], version: int) -> Iterator[dict[str, str]]:
    for row in rows:
        if int(row["since"]) <= version and (not row["until"] or version < int(row["until"])):
            yield row


@cache
def rubric(version: int = 0) -> Rubric:
    """That version of the tables, 0 for the newest; NotFound when there has never been one."""
    criteria, words = _rows("reply_criteria.csv"), _rows("reply_words.csv")
    newest = max(int(row["since"]) for row in [*criteria, *words])
    version = version or newest
    if not 1 <= version <= newest:
        raise NotFound(f"no version {version} of the reply rubric; there are 1 to {newest}")
    named: dict[str, dict[str, Criterion]] = {"criterion": {}, "flag": {}, "note": {}}
    for row in _in_force(criteria, version):
        named[row["kind"]][row["code"]] = _criterion(row)
    parts: dict[str, tuple[Part, ...]] = {}
    for row in _in_force(words, version):
        part = _part(row)
        parts[part.criterion] = (*parts.get(part.criterion, ()), part)
    return Rubric(version, named["criterion"], named["flag"], named["note"], parts)


def _criterion(row: Row) -> Criterion:
    texts = (row["zh"], row["en"], float(row["figure"]), row["meaning_zh"], row["meaning_en"])
    return Criterion(row["code"], *texts, holds=row["holds"] in ("1", True))


def _part(row: Row) -> Part:
    pattern = re.compile(row["pattern"])
    return Part(row["criterion"], row["part"], float(row["points"]), pattern, row["zh"], row["en"])


def over(own: Rubric, criteria: Sequence[Row], words: Sequence[Row], digest: str) -> Rubric:
    """The rubric with a city's rows over the project's own: a row of the same code, or criterion and part, replaces.

    A pattern that never matches, such as `(?!)`, takes a part out.
    """
    if not criteria and not words:
        return own
    flags, named = dict(own.flags), dict(own.criteria)
    for row in criteria:
        (flags if row["code"] in flags else named)[row["code"]] = _criterion(row)
    parts = {criterion: {part.code: part for part in held} for criterion, held in own.parts.items()}
    for row in words:
        parts.setdefault(row["criterion"], {})[row["part"]] = _part(row)
    held = {criterion: tuple(by_code.values()) for criterion, by_code in parts.items()}
    return Rubric(own.version, named, flags, own.notes, held, digest)
