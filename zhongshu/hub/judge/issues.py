"""热点问题 hot issues: a stream of reports gathered by place, people and problem, the hottest first."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from zhongshu.hub.judge.heat import WEIGHTS, Heat, Voice, Weights, heat, peak
from zhongshu.hub.judge.linkage import average, placed
from zhongshu.hub.judge.names import Names, tight

LIKE = 0.12
"""Mean likeness by name words from which two groups are one issue; chosen as docs/models/merge.md tells."""

_PLACES = re.compile(
    r"(?:街道|小区|社区|新城|新村|花园|家园|公寓|大厦|广场|公园|市场|学校|中学|小学|幼儿园|医院|大道|公路|路|街|巷|镇|乡|村|苑|城|院|站|桥|区|县|市)$"
)
_PEOPLE = re.compile(
    r"业主|居民|住户|职工|员工|学生|家长|孩子|老人|老师|教师|购房者|人才|农民工|商户|村民|司机|乘客|患者"
)
_PHRASE = range(2, 11)
_SHARE = 0.3
_PHRASES = 4
_LOOKED = 12
_RENEWED = 1.25
FRESH = 8_000
"""Messages that are grouped afresh when names are learnt again; more would take minutes."""


@dataclass(frozen=True, slots=True)
class Message:
    """来信: `title` may be the beginning of what was said when the channel has no titles; `at` is UTC."""

    id: str
    at: datetime
    reporter: str
    title: str
    body: str
    likes: int = 0

    def voice(self) -> Voice:
        return Voice(self.at, self.reporter, self.likes)


@dataclass(frozen=True, slots=True)
class Phrase:
    """要素: words that many titles of an issue share; `kind` place | people | problem; `share` of the titles."""

    text: str
    kind: str
    share: float


@dataclass(frozen=True, slots=True)
class Issue:
    """热点: `heat` at the asked moment, `peak` when it was hottest; `typical` is the member nearest to all others."""

    number: int
    members: tuple[str, ...]
    typical: str
    first: datetime
    last: datetime
    reporters: int
    likes: int
    heat: Heat
    hottest: datetime
    peak: Heat
    phrases: tuple[Phrase, ...]


@dataclass(slots=True)
class Issues:
    """热点流 the issues of a stream: `add` what came in, `hottest` at any moment, `forget` what is old.

    What is kept in memory: the messages and their name words. One thread at a time.
    """

    like: float = LIKE
    weights: Weights = WEIGHTS
    messages: list[Message] = field(default_factory=list)
    labels: NDArray[np.int64] = field(default_factory=lambda: np.zeros(0, np.int64))
    _names: Names | None = None
    _rows: sparse.csr_matrix = field(default_factory=lambda: sparse.csr_matrix(np.zeros((0, 0), np.float32)))
    _grouped: int = 0
    _next: int = 0

    def add(self, batch: Sequence[Message]) -> None:
        """Learn the names anew, place each message in an issue, then unite issues grown alike.

        When a quarter is new, everything is grouped afresh (up to FRESH messages): what was united on thin knowledge
        parts again. An issue keeps its number by its largest part. Messages without a name word stand alone. Give it
        an hour or a day at a time: each call looks at all that is kept. ValueError when more than `linkage.MOST`
        issues are kept: `forget` first.
        """
        if not batch:
            return
        self.messages += batch
        self._names = Names.learnt([one.title for one in self.messages])
        self._rows = self._vectors(self.messages)
        old = len(self.labels)
        if _RENEWED * self._grouped < len(self.messages) <= FRESH:
            self._grouped = len(self.messages)
            self._regroup(self._next + np.arange(len(batch)), average(self._rows, self.like))
            return
        new = placed(self._rows[old:], self._rows[:old], self.labels, self.like)
        first = int(self.labels.max(initial=-1)) + 1
        new[new >= first] += self._next - first  # the number of an issue that is gone is never given again
        self._regroup(new, average(self._rows, self.like, np.concatenate([self.labels, new])))

    def _regroup(self, new: NDArray[np.int64], groups: NDArray[np.int64]) -> None:
        labels = np.concatenate([self.labels, new])
        following = max(self._next, int(labels.max()) + 1)
        self.labels, self._next = _renamed(labels, groups, following)

    def forget(self, before: datetime) -> None:
        """Drop the messages before a moment."""
        kept = np.array([one.at >= before for one in self.messages], bool)
        self.messages = [one for one, keep in zip(self.messages, kept, strict=True) if keep]
        self.labels = self.labels[kept]
        self._rows = self._rows[np.flatnonzero(kept)]

    def hottest(self, now: datetime, most: int = 20, least: int = 2) -> list[Issue]:
        """The hottest issues of at least `least` reports by `now`, the hottest first."""
        groups: dict[int, list[int]] = {}
        for number, (label, one) in enumerate(zip(self.labels.tolist(), self.messages, strict=True)):
            if one.at <= now:
                groups.setdefault(label, []).append(number)
        able = [(label, members) for label, members in groups.items() if len(members) >= least]
        warm = [
            (heat([self.messages[n].voice() for n in members], now, self.weights), label, members)
            for label, members in able
        ]
        warm.sort(key=lambda one: (-one[0].index, one[1]))
        return [self._issue(label, members, hot) for hot, label, members in warm[:most]]

    def _vectors(self, messages: Sequence[Message]) -> sparse.csr_matrix:
        assert self._names is not None
        return self._names.matrix([one.title for one in messages], [one.body for one in messages])

    def _issue(self, label: int, members: Sequence[int], hot: Heat) -> Issue:
        ones = [self.messages[n] for n in members]
        rows = self._rows[np.array(members)]
        towards = np.asarray(rows @ np.asarray(rows.sum(axis=0)).ravel()).ravel()
        when, most = peak([one.voice() for one in ones], self.weights)
        return Issue(
            label,
            tuple(one.id for one in ones),
            ones[int(towards.argmax())].id,
            min(one.at for one in ones),
            max(one.at for one in ones),
            len({one.reporter or one.id for one in ones}),
            sum(one.likes for one in ones),
            hot,
            when,
            most,
            phrases([one.title for one in ones], [one.title for one in self.messages]),
        )


def _renamed(labels: NDArray[np.int64], groups: NDArray[np.int64], following: int) -> tuple[NDArray[np.int64], int]:
    """Each group under the number of its largest part, a number once only; groups left over count on."""
    names: dict[int, int] = {}
    taken: set[int] = set()
    counts = Counter(zip(groups.tolist(), labels.tolist(), strict=True))
    for (group, label), _ in sorted(counts.items(), key=lambda one: (-one[1], one[0])):
        if group not in names and label not in taken:
            names[group] = label
            taken.add(label)
    for group in range(int(groups.max()) + 1):
        if group not in names:
            names[group], following = following, following + 1
    return np.array([names[group] for group in groups.tolist()], np.int64), following


def phrases(titles: Iterable[str], every: Sequence[str] = ()) -> tuple[Phrase, ...]:
    """What the titles of an issue have in common: up to four strings, each in at least three of ten titles.

    Taken greedily by (length - 1) x share, each one cut out of the titles before the next is looked for; never one
    that is in more than a fifth as many of `every` title of the stream. A phrase is people by a word for a group of
    people, a place by its last characters, else the problem.
    """
    left = [tight(title) for title in titles]
    found: list[Phrase] = []
    while left and len(found) < _PHRASES:
        counts = Counter(
            part
            for title in left
            for part in {title[n : n + size] for size in _PHRASE for n in range(len(title) - size + 1)}
            if " " not in part
        )
        able = [(part, often) for part, often in counts.items() if often > 1 and often >= _SHARE * len(left)]
        able.sort(key=lambda one: (-(len(one[0]) - 1) * one[1], one[0]))
        text, often = next((one for one in able[:_LOOKED] if _own(one[0], one[1] / len(left), every)), ("", 0))
        if not text:
            break
        found.append(Phrase(text, _kind(text), round(often / len(left), 3)))
        left = [title.replace(text, " ") for title in left]
    return tuple(found)


def _own(text: str, share: float, every: Sequence[str]) -> bool:
    return sum(text in title for title in every) * 5 <= share * len(every)


def _kind(text: str) -> str:
    if _PEOPLE.search(text):
        return "people"
    return "place" if _PLACES.search(text) else "problem"
