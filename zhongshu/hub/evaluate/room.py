"""评价 the room: a closed case gets its own figures, from which every rate is counted."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from zhongshu.kernel.desk import Desk, follow
from zhongshu.kernel.facts import Fact, Kind


def room(batch: Sequence[Fact], desk: Desk) -> list[Fact]:
    return [evaluate(fact, desk) for fact in batch]


def evaluate(fact: Fact, desk: Desk) -> Fact:
    case = desk.case(fact.subject)
    opened = datetime.fromisoformat(case["opened_at"])
    payload: dict[str, Any] = {
        "host": case["host"],
        "category": case["category"],
        "grid": case["grid"],
        "minutes": round((fact.at - opened).total_seconds() / 60),
        "on_time": not case["overdue"],
        "rework": case["reworked"],
        "reopened": case["reopened"],
        "proactive": case["proactive"],
    }
    return follow(fact, desk, Kind.EVALUATED, payload, place=fact.place or case["place"], at=fact.at)
