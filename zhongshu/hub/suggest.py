"""预研判 suggestion: what the road would make of a report, without taking it in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from zhongshu.data.ledger import Ids
from zhongshu.hub import runner
from zhongshu.hub.desk import LiveDesk
from zhongshu.hub.hub import Hub
from zhongshu.hub.judge.address_parts import RELATION, Address, read
from zhongshu.hub.judge.gazetteer import division_forms, fold, said
from zhongshu.hub.judge.measuring import unseen
from zhongshu.hub.sense.normalise import normalise
from zhongshu.kernel.facts import RESIDENT, Fact, Kind
from zhongshu.kernel.places import Place


@dataclass(slots=True)
class _Scratch(Ids):
    """Ids that nobody keeps: below zero, so that none can be taken for a real one."""

    last: int = 0

    def take(self) -> int:
        self.last -= 1
        return self.last


@dataclass(frozen=True, slots=True)
class Suggestion:
    """建议: the payloads of what would happen."""

    judged: Mapping[str, Any] = field(default_factory=dict)
    place: str = ""
    decided: Mapping[str, Any] = field(default_factory=dict)
    undecided: Mapping[str, Any] = field(default_factory=dict)
    addresses: tuple[Address, ...] = ()
    dispatched: Mapping[str, Any] = field(default_factory=dict)
    abstained: bool = False

    @property
    def asks(self) -> bool:
        """Whether it matters where exactly: the places that the words may mean lead to different units, or to none."""
        return self.undecided.get("why") == "vague"


def suggest(hub: Hub, raw: Mapping[str, Any]) -> Suggestion:
    """Judge, decide and dispatch a report on paper. Nothing is written; BadInput as for a real one.

    Matters that it may be about are asked of `alike`.
    """
    fact, desk = _on_paper(hub, raw)
    return replace(_suggested(fact, desk), addresses=_addresses(desk, fact.payload))


STRANGE = 0.5
"""Share of letter pairs that the model never met from which on its probability is worth nothing (docs/models)."""


def strange(hub: Hub, text: str, place: str) -> float | None:
    """How much of a text the model of its place has never met, once that is too much to believe its probability.

    A model extrapolates without knowing it: it is nearly certain of words that it can't read. Only said, never used.
    """
    tools = hub.tools
    model = next((one.model for one in tools.local if place and one.span.holds(place)), tools.model)
    found = unseen(model, [text])
    return found if found is not None and found >= STRANGE else None


def whereabouts(hub: Hub, raw: Mapping[str, Any]) -> Suggestion:
    """As `suggest`, without the parts of the address: for whoever only has to be asked where."""
    return _suggested(*_on_paper(hub, raw))


def _on_paper(hub: Hub, raw: Mapping[str, Any]) -> tuple[Fact, LiveDesk]:
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
    return Fact(desk.new_id(), Kind.REPORTED, desk.new_id(), one.at, actor=RESIDENT, payload=payload), desk


def _addresses(desk: LiveDesk, payload: Mapping[str, Any]) -> tuple[Address, ...]:
    """What the tagger reads; nothing in a city that has taught none."""
    tagger = desk.tools.tagger
    return tuple(read(tagger, [said(payload["address"], payload["text"])])[0]) if tagger else ()


def unknown(hub: Hub, address: str) -> bool:
    """Whether the city's address base knows nothing of what was given as an address; a bare division is known."""
    if not address.strip():
        return False
    found = hub.desk().locate([Place(None, None, address)], [""])[0]
    if any(one.lon is not None for one in found.candidates):
        return False
    divisions = [name for one in found.candidates for kind, name in one.why if kind == "division"]
    rest = RELATION.sub("", fold(address))
    for form in sorted({form for name in divisions for form, _sure in division_forms(name)}, key=len, reverse=True):
        rest = rest.replace(form, "")
    return len(rest) > 1


def _suggested(fact: Fact, desk: LiveDesk) -> Suggestion:
    alone = replace(fact, payload={**fact.payload, "merge": "off"})
    found = {derived.kind: derived for derived in runner.travel([alone], desk)}
    born = found.get(Kind.JUDGED) or found.get(Kind.UNCLEAR)
    return Suggestion(
        judged=born.payload if born else {},
        place=born.place if born else "",
        decided=found[Kind.DECIDED].payload if Kind.DECIDED in found else {},
        undecided=found[Kind.UNDECIDED].payload if Kind.UNDECIDED in found else {},
        dispatched=found[Kind.DISPATCHED].payload if Kind.DISPATCHED in found else {},
        abstained=Kind.JUDGED not in found,
    )
