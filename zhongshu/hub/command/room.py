"""指挥 the room: a decision becomes tasks with clocks; a clock that ran out goes one level up."""

from __future__ import annotations

from collections.abc import Sequence

from zhongshu.hub.command import raising
from zhongshu.kernel.desk import Desk, Knowledge, follow, resumed, started
from zhongshu.kernel.facts import Fact, Kind
from zhongshu.kernel.places import Level


def room(batch: Sequence[Fact], desk: Desk) -> list[Fact]:
    return [made for fact in batch for made in _ROOM.get(Kind(fact.kind), dispatch)(fact, desk)]


def dispatch(fact: Fact, desk: Desk) -> list[Fact]:
    """Tasks for host and assists, clocks by the limits and the calendar that the decision names."""
    p = fact.payload
    at = max(fact.at, desk.now())
    clocks = started(Kind.DISPATCHED, at, desk.knowledge, p.get("limits"), p.get("calendar", ""))
    due = next(clock["due_at"] for clock in clocks if clock["name"] == "handle")
    assists = list(p.get("assists", ()))
    units = [(p["host"], "host"), *((unit, "assist") for unit in assists)]
    payload = {
        "host": p["host"],
        "assists": assists,
        "due_at": due,
        "tasks": [{"unit": unit, "role": role, "due_at": due} for unit, role in units],
        "clocks": clocks,
        "category": p.get("category", ""),
    }
    return [follow(fact, desk, Kind.DISPATCHED, payload)]


def ran_out(fact: Fact, desk: Desk) -> list[Fact]:
    """What a clock that ran out brings about: the case goes up one level, goes on, or is only counted."""
    clock = fact.payload["clock"]
    if clock == "supplement":
        text = "补充期满，自动续办 / the time to add has run out"
        clocks = resumed(Kind.SUPPLEMENTED, desk.case(fact.subject)["clocks"], fact.at, desk.knowledge)
        payload = {"text": text, "host": fact.payload["host"], "clocks": clocks}
        return [follow(fact, desk, Kind.SUPPLEMENTED, payload)]
    return [escalate(fact, desk)] if desk.knowledge.clocks[clock].escalates else []


def escalate(fact: Fact, desk: Desk) -> Fact:
    """The level above the one that let the clock run out now answers too; above the city it is the leading group."""
    case = desk.case(fact.subject)
    knowledge = desk.knowledge
    host = knowledge.units.get(case["host"])
    current = case["escalated"] or (host.level if host else Level.CITY)
    level = Level(max(Level.CITY, current - 1))
    top = current == Level.CITY and _unit("leading_group", level, case["place"], knowledge)
    unit = top or _unit("command", level, case["place"], knowledge)
    payload = {"level": int(level), "unit": unit, "clock": fact.payload["clock"]}
    return follow(fact, desk, Kind.ESCALATED, payload)


def _unit(kind: str, level: Level, place: str, knowledge: Knowledge) -> str:
    """The unit of that kind and level around the place; "" when the pack names none."""
    return knowledge.unit_at.get((knowledge.scheme.at(place or knowledge.city, level), kind), "")


_ROOM = {
    Kind.OVERDUE: ran_out,
    Kind.CALL_UNANSWERED: raising.raised,
    Kind.CALL_SCORED: raising.ended,
    Kind.PROOF_ACCEPTED: raising.ended,
    Kind.EXCEPTION_GRANTED: raising.ended,
}
"""Everything else that comes here is a decision to carry out."""
