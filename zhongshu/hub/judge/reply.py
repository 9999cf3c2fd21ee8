"""答复评分 does the reply answer? A rubric that a person can read, with the words that earned each score.

Pure: text and times in, an `Assessment` out. It advises the person who signs the reply; it never sends or stops one.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any

from zhongshu.hub.judge.points import Point, answered, content, joined, points
from zhongshu.hub.judge.rubric import Rubric, Words, rubric

_BARE = 12
"""A reply with fewer characters than this left, formulas taken out, says nothing."""
_KIN = 6.0
"""A reply of usual length is about the matter when it shares this much with the request: each pair of characters of
the whole letter counts 1, of the subject 4. Chosen on replies swapped among requests (docs/models/reply.md)."""
_USUAL = 60
_SUBJECT = 3


@dataclass(frozen=True, slots=True)
class Exchange:
    """来信与答复 what was asked and what would be sent. Times are aware or naive alike; None where unknown.

    `due` is the end of the clock that the answer had to meet (of the duty, never a default of this module). `about` is
    what else the matter is called, such as its class and its address: a reply in those words is on the matter.
    """

    subject: str
    body: str
    reply: str
    asked: datetime | None = None
    answered: datetime | None = None
    due: datetime | None = None
    about: str = ""


@dataclass(frozen=True, slots=True)
class Mark:
    """得分 0..1 on one criterion and the words that earned it; None where the criterion doesn't apply.

    `note` is a code of the rubric's notes and `values` what is filled in there.
    """

    criterion: str
    score: float | None
    words: Words = ()
    note: str = ""
    values: tuple[float, ...] = ()

    def told(self, table: Rubric, english: bool = False) -> str:
        """The note as a sentence, "" without one."""
        note = table.notes.get(self.note)
        return (note.en if english else note.zh).format(*self.values) if note else ""


@dataclass(frozen=True, slots=True)
class Assessment:
    """评语. `total` 0..1 is the weighted mean of the marks that apply, held down by a flag; `flags` of the rubric's."""

    version: int
    total: float
    marks: Mapping[str, Mark]
    points: tuple[Point, ...]
    flags: Mapping[str, str]

    @property
    def flag(self) -> str:
        """The one flag that a reply can have, "" for none."""
        return next(iter(self.flags), "")

    def to_json(self) -> dict[str, Any]:
        return {**asdict(self), "points": [{**asdict(point), "met": point.met} for point in self.points]}


@dataclass(frozen=True, slots=True)
class _Read:
    """A reply read once: `plain` without formulas, `substance` without what was merely passed on either."""

    plain: str
    substance: str
    shared: frozenset[str]
    related: bool


def assess(exchange: Exchange, table: Rubric | None = None) -> Assessment:
    """Score one reply by the rubric (the newest version unless told otherwise)."""
    table = table or rubric()
    read = _read(exchange, table)
    met = tuple(
        answered(point, read.substance, read.related, table) for point in points(exchange.subject, exchange.body, table)
    )
    marks = [_timely(exchange), _point(met)]
    marks += [_worded(code, read.substance, table) for code in ("facts", "ground")]
    marks += [_worded("contact", exchange.reply, table), _promise(exchange, read, table)]
    flags = _flags(exchange, read, table)
    named = {mark.criterion: mark for mark in marks}
    return Assessment(table.version, _total(named, flags, table), named, met, flags)


def _read(exchange: Exchange, table: Rubric) -> _Read:
    plain = table.without("formula", exchange.reply)
    substance = table.without("passed_on", plain)
    subject = content(exchange.subject, table)
    theirs = content(substance, table)
    named = subject | content(exchange.about, table)
    shared = (named | content(exchange.body, table)) & theirs
    kin = _SUBJECT * len(named & theirs) + len(shared)
    return _Read(plain, substance, shared, kin > 0 and kin >= _KIN * min(1, len(theirs) / _USUAL))


def _timely(exchange: Exchange) -> Mark:
    """1 within the limit, falling to 0 when as much time again has passed."""
    if not (exchange.asked and exchange.answered and exchange.due):
        return Mark("timely", None, note="no_limit")
    given = max(exchange.due - exchange.asked, timedelta(minutes=1))
    late = max(exchange.answered - exchange.due, timedelta(0))
    score = max(0.0, 1 - late / given)
    day = timedelta(days=1)
    days = (round((exchange.answered - exchange.asked) / day, 1), round(given / day, 1))
    return Mark("timely", round(score, 3), note="within", values=days)


def _point(met: tuple[Point, ...]) -> Mark:
    if not met:
        return Mark("point", None, note="no_point")
    words = tuple((word, f"{n}") for n, point in enumerate(met, 1) for word in point.words)
    score = sum(point.score for point in met) / len(met)
    return Mark("point", round(score, 3), words, "met", (sum(point.met for point in met), len(met)))


def _worded(code: str, text: str, table: Rubric) -> Mark:
    words = table.words(code, text)
    return Mark(code, round(table.points(code, words), 3), words)


def _promise(exchange: Exchange, read: _Read, table: Rubric) -> Mark:
    """A promise is owed only where something was to be done and isn't yet."""
    words = table.words("promise", read.substance)
    if words:
        return Mark("promise", round(table.points("promise", words), 3), words)
    if done := table.words("done", read.substance):
        return Mark("promise", None, done, "done")
    if not table.words("act_asked", f"{exchange.subject}\n{exchange.body}"):
        return Mark("promise", None, note="question")
    return Mark("promise", 0.0, note="owed")


def _flags(exchange: Exchange, read: _Read, table: Rubric) -> dict[str, str]:
    """Code -> what was left to go by. A reply that says nothing can't be beside the point as well."""
    left = _letters(read.substance)
    if left < _BARE and _letters(read.plain) - left >= _BARE // 2:
        return {"passed_on": read.plain.strip()}
    if left < _BARE:
        # What is left of a reply in courtesies is no deed; of a plain short one it may well be.
        plain = "terse" in table.flags and left > 1 and 2 * left >= _letters(exchange.reply)
        return {"terse" if plain else "formula": read.substance.strip()}
    if not read.related and content(f"{exchange.subject}\n{exchange.body}", table):
        return {"off_point": "，".join(joined(read.substance, read.shared))}
    return {}


def _letters(text: str) -> int:
    return sum(character.isalnum() for character in text)


def _total(marks: Mapping[str, Mark], flags: Mapping[str, str], table: Rubric) -> float:
    counted = [(table.criteria[code].figure, mark.score) for code, mark in marks.items() if mark.score is not None]
    total = sum(weight * score for weight, score in counted) / max(sum(weight for weight, _ in counted), 1e-9)
    return round(min([total, *(table.flags[flag].figure for flag in flags)]), 3)
