"""决策 the room: who must act, by when, on what ground; with the row that matched, or the reason that none did."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from zhongshu.kernel.desk import Desk, Duty, Knowledge, follow
from zhongshu.kernel.facts import Fact, Kind
from zhongshu.kernel.places import Level

LEVELS = {level.name.lower(): level for level in Level}


@dataclass(frozen=True, slots=True)
class Matter:
    """What a decision is made on (派单要素)."""

    category: str
    place: str
    text: str = ""
    place_type: str = ""
    ownership: str = ""
    nature: str = ""
    returned: frozenset[str] = frozenset()


def room(batch: Sequence[Fact], desk: Desk) -> list[Fact]:
    return [decide(fact, desk) for fact in batch]


def decide(fact: Fact, desk: Desk) -> Fact:
    """Decided with the matched duty row, or Undecided with the reason: never silence."""
    matter = _matter(fact, desk)
    verdict = match(matter, desk.knowledge)
    kind = Kind.UNDECIDED if isinstance(verdict, str) else Kind.DECIDED
    payload = {"reason": verdict, "category": matter.category} if isinstance(verdict, str) else verdict
    return follow(fact, desk, kind, payload, place=matter.place)


def _matter(fact: Fact, desk: Desk) -> Matter:
    p = fact.payload
    if "text" in p and "category" in p:
        extra = {name: p.get(name, "") for name in ("place_type", "ownership", "nature")}
        return Matter(p["category"], fact.place, p["text"], **extra)
    case = desk.case(fact.subject)
    returned = frozenset(case["returned_units"]) | ({p["unit"]} if fact.kind == Kind.RETURNED else set())
    nature = p.get("nature") or case.get("nature") or ""
    category, place = p.get("category") or case["category"], fact.place or case["place"]
    return Matter(category, place, case["text"], nature=nature, returned=returned)


def match(matter: Matter, knowledge: Knowledge) -> dict[str, Any] | str:
    """The payload of Decided, or the sentence that says why nobody could be named.

    Passed over: a recalled item (收回) hosted below the district, and a unit that has already returned the case.
    """
    why = f"责任清单没有类别“{matter.category or '未知'}”的条目 / no duty for category {matter.category!r}"
    for duty in _candidates(matter, knowledge):
        level, _, kind = duty.host.partition("/")
        if duty.list_kind == "recalled" and LEVELS[level] >= Level.STREET:
            why = f"条目 {duty.code} 已收回，不得派往基层 / duty {duty.code} is recalled, it can't go to a street"
            continue
        host = resolve(duty.host, matter.place, knowledge)
        if host is None:
            why = f"地点不足以确定 {duty.host} 的承办单位 / the place does not tell which unit is {duty.host}"
            continue
        if host in matter.returned:
            why = f"{knowledge.units[host].name} 已退单 / {host} has returned this case"
            continue
        return _decision(duty, host, matter, knowledge)
    return why


def _candidates(matter: Matter, knowledge: Knowledge) -> Iterator[Duty]:
    """Duties of the category, then of its parents; within one category the most specific first."""
    code = matter.category
    seen: set[str] = set()
    while code and code not in seen:
        seen.add(code)
        for duty in knowledge.duties.get(code, ()):
            if _applies(duty, matter):
                yield duty
        category = knowledge.categories.get(code)
        code = category.parent if category else ""


def _applies(duty: Duty, matter: Matter) -> bool:
    words = duty.condition.split("|")
    return (
        any(word in matter.text for word in words)
        and duty.place_type in ("", matter.place_type)
        and duty.ownership in ("", matter.ownership)
    )


def resolve(address: str, place: str, knowledge: Knowledge) -> str | None:
    """The unit that "level/kind" means at a place; None when the place is unknown or not precise enough."""
    level_name, _, kind = address.partition("/")
    level = LEVELS[level_name]
    if level > Level.CITY and (not place or knowledge.scheme.level(place) < level):
        return None
    anchor = knowledge.scheme.at(place or knowledge.city, level)
    return knowledge.unit_at.get((anchor, kind))


def _decision(duty: Duty, host: str, matter: Matter, knowledge: Knowledge) -> dict[str, Any]:
    assists = [resolve(address, matter.place, knowledge) for address in duty.assists]
    return {
        "host": host,
        "assists": [unit for unit in assists if unit and unit != host],
        "duty": duty.code,
        "basis": duty.basis,
        "list_kind": duty.list_kind,
        "matched": {
            "category": duty.category,
            "condition": duty.condition,
            "place_type": duty.place_type,
            "ownership": duty.ownership,
            "host": duty.host,
        },
        "category": matter.category,
        "calendar": duty.calendar,
        "limits": knowledge.limits_of(duty, matter.place, matter.nature),
    }
