"""清单试行 a trial of another duty list on the cases of a past period, before it is in force. Changes nothing."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from zhongshu.data.history import Beginning
from zhongshu.hub.desk import Tools
from zhongshu.hub.replay import ReplayDesk
from zhongshu.hub.runner import travel
from zhongshu.kernel.desk import Duty, Knowledge, by_rank
from zhongshu.kernel.facts import Fact, Kind
from zhongshu.kernel.places import Level

OUTCOMES = ("matched", "host", "limit", "gap", "closed")
"""命中 · 主办改变 · 时限改变 · 新缺口 (named then, nobody now) · 补上的缺口 (nobody then, named now)."""


@dataclass(frozen=True, slots=True)
class Change:
    """一处变化: one case that would go otherwise; pairs are (then, now). A limit is "minutes calendar"."""

    case: int
    title: str
    category: str
    place: str
    host: tuple[str, str]
    limit: tuple[str, str]
    duty: str
    kinds: tuple[str, ...]


@dataclass(slots=True)
class Trial:
    """试行结果. `unclear` cases waited for a person and were not compared; `streets` counts what changed."""

    compared: int = 0
    unclear: int = 0
    counts: Counter[str] = field(default_factory=Counter)
    streets: dict[str, Counter[str]] = field(default_factory=dict)
    sample: list[Change] = field(default_factory=list)
    changed: int = 0
    dice: random.Random = field(default_factory=lambda: random.Random(1))

    def note(self, change: Change, street: str, size: int) -> None:
        """Count one case; an even sample of those that changed is kept (reservoir sampling)."""
        self.compared += 1
        self.counts.update(change.kinds)
        changes = [kind for kind in change.kinds if kind != "matched"]
        if not changes:
            return
        self.streets.setdefault(street, Counter()).update(changes)
        self.changed += 1
        if len(self.sample) < size:
            self.sample.append(change)
        elif (slot := self.dice.randrange(self.changed)) < size:
            self.sample[slot] = change


def under(duties: Sequence[Duty], tools: Tools) -> Tools:
    """The tools with another list: judged as then, no ruling corrects the list and nobody goes and looks first."""
    found: dict[str, list[Duty]] = {}
    for duty in duties:
        found.setdefault(duty.category, []).append(duty)
    known = tools.knowledge
    categories = {code: replace(one, verify="") for code, one in known.categories.items()}
    listed = {category: by_rank(held) for category, held in found.items()}
    return replace(tools, knowledge=replace(known, duties=listed, categories=categories, precedents={}))


def trial(history: Iterable[Sequence[Beginning]], tools: Tools, sample: int = 10) -> Trial:
    """Every case that the rules judged by themselves, decided again by the list in `tools`, page by page."""
    result = Trial()
    for page in history:
        sure = [one for one in page if not one.unclear]
        result.unclear += len(page) - len(sure)
        decided = _again(sure, ReplayDesk(tools))
        for one in sure:
            change = _change(one, decided.get(one.case, {}))
            result.note(change, _street(one.place, tools.knowledge), sample)
    return result


def _again(page: Sequence[Beginning], desk: ReplayDesk) -> dict[int, Mapping[str, Any]]:
    """The payload of Decided by case; cases that stay undecided are missing."""
    judged = [
        Fact(desk.new_id(), Kind.JUDGED, one.case, one.at, place=one.place, payload=dict(one.judged)) for one in page
    ]
    return {fact.subject: fact.payload for fact in travel(judged, desk) if fact.kind == Kind.DECIDED}


def _change(then: Beginning, now: Mapping[str, Any]) -> Change:
    host = (then.host, str(now.get("host", "")))
    limit = (_limit(then.decided), _limit(now))
    kinds = ["matched"] if host[1] else []
    if host[0] != host[1]:
        kinds.append("gap" if not host[1] else "closed" if not host[0] else "host")
    if all(limit) and limit[0] != limit[1]:
        kinds.append("limit")
    title, category = str(then.judged["title"]), str(then.judged["category"])
    return Change(then.case, title, category, then.place, host, limit, str(now.get("duty", "")), tuple(kinds))


def _limit(decided: Mapping[str, Any]) -> str:
    limits = decided.get("limits") or {}
    return f"{limits['handle']} {decided.get('calendar', '')}" if "handle" in limits else ""


def _street(place: str, knowledge: Knowledge) -> str:
    """The street of a place, or the deepest division that is known of it."""
    scheme = knowledge.scheme
    return scheme.at(place, Level.STREET) if place and scheme.level(place) >= Level.STREET else place
