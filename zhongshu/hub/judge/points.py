"""诉求要点 the points of a request, and which of them a reply meets."""

from __future__ import annotations

import re
from dataclasses import dataclass

from zhongshu.hub.judge.rubric import Rubric

_NUMBER = re.compile(r"(?:^|(?<=[\s。；，：:！!？?]))[（(]?[一二三四五六七八九十\d]{1,2}[、.．)）](?!\d)")
_SENTENCE = re.compile(r"[^。！？!?；;\n]+[?？]?")
_CLAUSE = re.compile(r"[，,：:]")
_LONG = 60
_MOST = 6
_LEAST = 2
_SAME = 0.6
_WIDE = 20
_MET = 0.35
_WORD = re.compile(r"[\u4e00-\u9fffA-Za-z0-9]{2,}")


@dataclass(frozen=True, slots=True)
class Point:
    """要点. `asks` is the kind of question ("" for none), `score` 0..1 how far the reply meets it, `words` what the two
    share, `answer` the words of the reply that have the form asked for (a date for a "when")."""

    text: str
    asks: str = ""
    score: float = 0.0
    words: tuple[str, ...] = ()
    answer: str = ""

    @property
    def met(self) -> bool:
        return self.score >= 0.5


def content(text: str, table: Rubric) -> frozenset[str]:
    """Pairs of neighbouring characters of the text, words without content left out."""
    kept = table.without("stop", text)
    return frozenset(run[i : i + 2] for run in _WORD.findall(kept) for i in range(len(run) - 1))


def points(subject: str, body: str, table: Rubric) -> tuple[str, ...]:
    """The subject and each sentence that asks or demands something, at most six, none that repeats another."""
    sentences = [whole for piece in _SENTENCE.findall(_NUMBER.sub("\n", body)) if (whole := piece.strip())]
    asked = [_short(piece, table) for piece in sentences if _wants(piece, table)]
    # Over a numbered list the subject is only its heading ("three things about our estate").
    heading = [] if len(_NUMBER.findall(body)) >= _LEAST else [subject.strip()]
    found = _distinct([*heading, *asked], table)
    return found or _distinct(sentences, table)[:_LEAST]


def _wants(text: str, table: Rubric) -> bool:
    return bool(table.words("asks", text) or table.words("demand", text))


def _short(sentence: str, table: Rubric) -> str:
    """Of a long sentence, the clauses that want something, each with the one before it."""
    if len(sentence) <= _LONG:
        return sentence
    clauses = _CLAUSE.split(sentence)
    wanted = [n for n, clause in enumerate(clauses) if _wants(clause, table)]
    kept = sorted({m for n in wanted for m in (n - 1, n) if m >= 0})
    return "，".join(clauses[n] for n in kept)


def _distinct(texts: list[str], table: Rubric) -> tuple[str, ...]:
    kept: list[tuple[str, frozenset[str]]] = []
    for text in texts:
        own = content(text, table)
        repeats = any(len(own & other) >= _SAME * len(own) for _, other in kept)
        if len(own) >= _LEAST and not repeats:
            kept.append((text, own))
    return tuple(text for text, _ in kept[:_MOST])


def answered(point: str, substance: str, related: bool, table: Rubric) -> Point:
    """How far the substance of a reply (formulas taken out) meets one point.

    Shared words count in full once a third of the point's content is met (of 20 pairs when it is long). A question
    whose form of answer is missing gets half; one whose form is there, in a reply about the same matter, at least half.
    """
    own, theirs = content(point, table), content(substance, table)
    common = own & theirs
    overlap = min(1.0, len(common) / (_MET * min(max(len(own), 1), _WIDE)))
    asks = table.words("asks", point)
    kind = asks[0][1] if asks else ""
    form = table.part("answers", kind) if kind else None
    answer = form.word(substance) if form else ""
    if form and answer and related:
        overlap = (1 + overlap) / 2
    elif form and not answer:
        overlap /= 2
    return Point(point, kind, round(overlap, 3), joined(point, common), answer)


def joined(text: str, pairs: frozenset[str]) -> tuple[str, ...]:
    """The longest stretches of the text made of those pairs, in the order of the text."""
    found: list[str] = []
    start = 0
    while start < len(text) - 1:
        end = start
        while text[end : end + 2] in pairs:
            end += 1
        if end > start:
            found.append(text[start : end + 1])
        start = end + 1
    return tuple(dict.fromkeys(found))
