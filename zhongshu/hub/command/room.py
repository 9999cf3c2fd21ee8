"""指挥 the room: a decision becomes tasks with clocks; a clock that ran out goes one level up."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from zhongshu.kernel.clocks import Calendar
from zhongshu.kernel.desk import Desk, Knowledge, follow
from zhongshu.kernel.facts import Fact, Kind
from zhongshu.kernel.levels import Level

ALWAYS = Calendar("always", "built-in")
RULED_MINUTES = {"sign_minutes": 480, "handle_minutes": 2400}
"""Limits of a ruling that names none: one working day to sign, five to handle (domain: general work orders)."""


def room(batch: Sequence[Fact], desk: Desk) -> list[Fact]:
    return [escalate(fact, desk) if fact.kind == Kind.OVERDUE else dispatch(fact, desk) for fact in batch]


def dispatch(fact: Fact, desk: Desk) -> Fact:
    """Tasks for host and assists, clocks by the calendar the decision names."""
    p = {**RULED_MINUTES, **fact.payload}
    at = max(fact.at, desk.now())
    code = p.get("calendar", "office")
    calendar = desk.knowledge.calendars.get(code, ALWAYS)
    clocks = [_clock(name, p[f"{name}_minutes"], at, calendar) for name in ("sign", "handle")]
    due = clocks[1]["due_at"]
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
    return follow(fact, desk, Kind.DISPATCHED, payload)


def _clock(name: str, minutes: int, start: datetime, calendar: Calendar) -> dict[str, Any]:
    due = calendar.due(start, minutes)
    version = f"{calendar.code}@{calendar.version}"
    return {"name": name, "due_at": due.isoformat(), "minutes": minutes, "calendar": version}


def escalate(fact: Fact, desk: Desk) -> Fact:
    """The level above the one that let the clock run out now answers too; at the top it stays at the top."""
    case = desk.case(fact.subject)
    knowledge = desk.knowledge
    host = knowledge.units.get(case["host"])
    current = case["escalated"] or (host.level if host else Level.CITY)
    level = Level(max(Level.CITY, current - 1))
    payload = {"level": int(level), "unit": _command(level, case["place"], knowledge), "clock": fact.payload["clock"]}
    return follow(fact, desk, Kind.ESCALATED, payload)


def _command(level: Level, place: str, knowledge: Knowledge) -> str:
    """The command unit of that level around the place; "" when the pack names none."""
    return knowledge.unit_at.get((knowledge.scheme.at(place or knowledge.city, level), "command"), "")
