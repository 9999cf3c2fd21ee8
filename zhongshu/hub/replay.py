"""推演 replay: history again under other rules or another model, before anyone turns them on. Changes nothing."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import count
from typing import Any

from zhongshu.data.history import Beginning
from zhongshu.hub.desk import Tools
from zhongshu.hub.runner import travel
from zhongshu.kernel.desk import Guess, Knowledge, Run
from zhongshu.kernel.errors import NotFound
from zhongshu.kernel.facts import Fact, Kind
from zhongshu.kernel.places import Asset, Neighbourhood, Place, Probe, Sensor

LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(slots=True)
class ReplayDesk:
    """推演案头: other rules, no neighbours and no writing; every case is decided by itself, as it was at its birth."""

    tools: Tools
    ids: Iterator[int] = field(default_factory=lambda: count(1))

    @property
    def knowledge(self) -> Knowledge:
        return self.tools.knowledge

    def now(self) -> datetime:
        return LONG_AGO

    def new_id(self) -> int:
        return next(self.ids)

    def classify(self, texts: Sequence[str], places: Sequence[str] = ()) -> list[Guess]:
        """By the model under test, wherever it was: no division keeps its own."""
        return self.tools.model.classify(texts)

    def locate(self, places: Sequence[Place], texts: Sequence[str]) -> list[Place]:
        """Places stay as they were found then: only rules and models are under test."""
        return list(places)

    def neighbours(self, probes: Sequence[Probe]) -> Neighbourhood:
        return lambda: [[] for _ in probes]

    def components(self, asked: Sequence[tuple[str, float | None, float | None]]) -> list[Asset | None]:
        return self.tools.assets.find(asked)

    def hold(self, subjects: Sequence[int]) -> None:
        """A replay reads no case."""

    def case(self, subject: int) -> Mapping[str, Any]:
        raise NotFound(f"a replay reads no case ({subject})")

    def report(self, subject: int) -> Mapping[str, Any]:
        raise NotFound(f"a replay reads no report ({subject})")

    def sensor(self, code: str) -> Sensor | None:
        return self.tools.sensors.get(code)

    def active_warnings(self, sensors: Sequence[str]) -> Mapping[str, int]:
        return {}

    def scenarios(self, kind: str) -> Sequence[Run]:
        return ()


@dataclass(frozen=True, slots=True)
class Difference:
    """一处变化: one case that would have gone otherwise; pairs are (then, now)."""

    case: int
    title: str
    category: tuple[str, str]
    unit: tuple[str, str]
    due: tuple[str, str]

    @property
    def kinds(self) -> list[str]:
        pairs = {"category": self.category, "unit": self.unit, "deadline": self.due}
        return [name for name, (then, now) in pairs.items() if then != now]


@dataclass(slots=True)
class Result:
    """推演结果: how many cases were run again, how many would have changed in what, and an even sample of them."""

    compared: int = 0
    changed: Counter[str] = field(default_factory=Counter)
    sample: list[Difference] = field(default_factory=list)
    seen: int = 0
    dice: random.Random = field(default_factory=lambda: random.Random(1))

    def note(self, difference: Difference, size: int) -> None:
        """Count a difference and keep it with the chance that makes the sample even (reservoir sampling)."""
        self.changed.update(difference.kinds)
        self.seen += 1
        if len(self.sample) < size:
            self.sample.append(difference)
        elif (slot := self.dice.randrange(self.seen)) < size:
            self.sample[slot] = difference


def replay(history: Iterable[Sequence[Beginning]], tools: Tools, sample: int = 10) -> Result:
    """Every beginning down the road again with `tools`; what a person decided since is not touched or counted."""
    result = Result()
    for batch in history:
        desk = ReplayDesk(tools)
        again = _again(batch, desk)
        for one in batch:
            result.compared += 1
            difference = _compare(one, again[one.case], tools.knowledge)
            if difference.kinds:
                result.note(difference, sample)
    return result


def _again(batch: Sequence[Beginning], desk: ReplayDesk) -> dict[int, dict[str, Fact]]:
    """Facts of the second run by the case of the first run and by kind."""
    reports = [
        Fact(
            id=desk.new_id(),
            kind=Kind.REPORTED,
            subject=one.case,
            at=one.at,
            place=one.place,
            payload={
                **one.reported,
                "lon": one.judged.get("lon"),
                "lat": one.judged.get("lat"),
                "place": one.place,
                "merge": "off",
            },
        )
        for one in batch
    ]
    case_of = {fact.id: fact.subject for fact in reports}
    found: dict[int, dict[str, Fact]] = {one.case: {} for one in batch}
    for fact in travel(reports, desk):
        case_of[fact.id] = case_of[fact.cause or 0]
        found[case_of[fact.id]].setdefault(fact.kind, fact)
    return found


def _compare(then: Beginning, again: Mapping[str, Fact], knowledge: Knowledge) -> Difference:
    judged = again.get(Kind.JUDGED) or again.get(Kind.UNCLEAR)
    decided = again.get(Kind.DECIDED)
    category = str(judged.payload["category"]) if judged else "(stuck)"
    host = str(decided.payload["host"]) if decided else ""
    was = then.host
    return Difference(
        case=then.case,
        title=str(then.judged["title"]),
        category=(str(then.judged["category"]), category),
        unit=(was, host),
        due=(_due(then), _due_again(then, decided, knowledge)),
    )


def _due(then: Beginning) -> str:
    due = then.dispatched.get("due_at", "") if then.host else ""
    return datetime.fromisoformat(due).astimezone(UTC).isoformat(timespec="minutes") if due else ""


def _due_again(then: Beginning, decided: Fact | None, knowledge: Knowledge) -> str:
    """The new deadline counted from the moment of the old dispatch, so that only the rules make a difference."""
    if decided is None:
        return ""
    calendar = knowledge.calendar(decided.payload["calendar"])
    start = then.dispatched_at or then.at
    return calendar.due(start, decided.payload["limits"]["handle"]).astimezone(UTC).isoformat(timespec="minutes")
