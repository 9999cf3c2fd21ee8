"""预研判 suggestion: what the road would make of a report, without taking it in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from zhongshu.data.ledger import Ids
from zhongshu.hub import runner
from zhongshu.hub.hub import Hub
from zhongshu.hub.sense.normalise import normalise
from zhongshu.kernel.facts import RESIDENT, Fact, Kind


@dataclass(slots=True)
class _Scratch(Ids):
    """Ids that nobody keeps: below zero, so that none can be taken for a real one."""

    last: int = 0

    def take(self) -> int:
        self.last -= 1
        return self.last


@dataclass(frozen=True, slots=True)
class Suggestion:
    """建议: the payloads of what would happen. `duplicates` are (case, score, reasons)."""

    judged: Mapping[str, Any] = field(default_factory=dict)
    place: str = ""
    decided: Mapping[str, Any] = field(default_factory=dict)
    dispatched: Mapping[str, Any] = field(default_factory=dict)
    abstained: bool = False
    duplicates: tuple[tuple[int, float, tuple[str, ...]], ...] = ()


def suggest(hub: Hub, raw: Mapping[str, Any]) -> Suggestion:
    """Judge, decide and dispatch a report on paper. Nothing is written; BadInput as for a real one."""
    desk = hub.desk()
    desk.ids = _Scratch()
    one = normalise(raw, desk.now())
    payload: dict[str, Any] = {
        "channel": one.channel,
        "source": one.source,
        "key": "",
        "text": one.text,
        "address": one.address,
    }
    payload |= {"lon": one.lon, "lat": one.lat, "contact": None}
    fact = Fact(desk.new_id(), Kind.REPORTED, desk.new_id(), one.at, actor=RESIDENT, payload=payload)
    alone = replace(fact, payload={**payload, "merge": "off"})
    found = {derived.kind: derived for derived in runner.travel([alone], desk)}
    born = found.get(Kind.JUDGED) or found.get(Kind.UNCLEAR)
    return Suggestion(
        judged=born.payload if born else {},
        place=born.place if born else "",
        decided=found[Kind.DECIDED].payload if Kind.DECIDED in found else {},
        dispatched=found[Kind.DISPATCHED].payload if Kind.DISPATCHED in found else {},
        abstained=Kind.JUDGED not in found,
        duplicates=tuple(_duplicates(runner.travel([fact], desk))),
    )


def _duplicates(facts: list[Fact]) -> list[tuple[int, float, tuple[str, ...]]]:
    found = []
    for fact in facts:
        if fact.kind == Kind.MERGED:
            found.append((fact.subject, float(fact.payload["score"]), tuple(fact.payload["reasons"])))
        if fact.kind == Kind.MERGE_PROPOSED:
            found.append((int(fact.payload["other"]), float(fact.payload["score"]), tuple(fact.payload["reasons"])))
    return found
