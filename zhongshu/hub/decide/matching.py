"""派单目录 matching: which rows of the duty list answer for a matter, and which unit each of them means there."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from zhongshu.kernel.desk import Duty, Knowledge, fallbacks
from zhongshu.kernel.places import Asset, Level

LEVELS = {level.name.lower(): level for level in Level}


@dataclass(frozen=True, slots=True)
class Matter:
    """What a decision is made on (派单要素). `asset` is the component that it is about, when one is near."""

    category: str
    place: str
    text: str = ""
    place_type: str = ""
    ownership: str = ""
    asset: Asset | None = None
    returned: frozenset[str] = frozenset()
    nature: str = ""


@dataclass(frozen=True, slots=True)
class Option:
    """一个候选: a duty row that applies, with its unit ("" when it can't be it) and otherwise why it is passed over.

    `code` of the reason is recalled, vague or returned.
    """

    duty: Duty
    host: str = ""
    code: str = ""
    why: str = ""

    @property
    def fallback(self) -> bool:
        return self.duty.category.startswith("*")


def options(matter: Matter, knowledge: Knowledge) -> Iterator[Option]:
    """Every row that applies, best first: the category's own, its parents', and last those of last resort (兜底).

    Passed over: a recalled item (收回) hosted below the district, a place that does not tell the unit, and a unit that
    has already returned the case.
    """
    for duty in _candidates(matter, knowledge):
        level, _, _ = duty.host.partition("/")
        if duty.list_kind == "recalled" and LEVELS[level] >= Level.STREET:
            why = f"duty {duty.code} is recalled, it can't go to a street / 条目 {duty.code} 已收回，不得派往基层"
            yield Option(duty, code="recalled", why=why)
            continue
        host = resolve(duty.host, matter.place, knowledge)
        if host is None:
            why = f"the place does not tell which unit is {duty.host} / 地点不足以确定 {duty.host} 的承办单位"
            yield Option(duty, code="vague", why=why)
        elif host in matter.returned:
            why = f"{host} has returned this case / {knowledge.units[host].name} 已退单"
            yield Option(duty, code="returned", why=why)
        else:
            yield Option(duty, host)


def best(matter: Matter, knowledge: Knowledge) -> tuple[Option | None, list[Option]]:
    """The first option that names a unit, and those that were passed over before it."""
    passed: list[Option] = []
    for option in options(matter, knowledge):
        if option.host:
            return option, passed
        passed.append(option)
    return None, passed


def _candidates(matter: Matter, knowledge: Knowledge) -> Iterator[Duty]:
    """Duties of the category, then of its parents, then of last resort; within one of them the most specific first."""
    code, kind = matter.category, ""
    seen: set[str] = set()
    while code and code not in seen:
        seen.add(code)
        yield from _of(code, matter, knowledge)
        category = knowledge.categories.get(code)
        kind = kind or (category.kind if category else "")
        code = category.parent if category else ""
    if kind:
        for last in fallbacks(kind):
            yield from _of(last, matter, knowledge)


def _of(code: str, matter: Matter, knowledge: Knowledge) -> Iterator[Duty]:
    return (duty for duty in knowledge.duties.get(code, ()) if applies(duty, matter))


def applies(duty: Duty, matter: Matter) -> bool:
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


def owner_of(asset: Asset, knowledge: Knowledge) -> str | None:
    """权属单位: a unit's own code, a "level/kind", or a line of work, looked for from the community upwards."""
    if not asset.owner or asset.owner in knowledge.units:
        return asset.owner or None
    level, slash, _ = asset.owner.partition("/")
    if slash:
        return resolve(asset.owner, asset.division, knowledge) if level in LEVELS else None
    found = (resolve(f"{name}/{asset.owner}", asset.division, knowledge) for name in reversed(LEVELS))
    return next(filter(None, found), None)


def address_of(unit: str, knowledge: Knowledge) -> str:
    """The "level/kind" of a unit; "" of one that isn't known."""
    found = knowledge.units.get(unit)
    return f"{found.level.name.lower()}/{found.kind}" if found else ""


def area_of(place: str, knowledge: Knowledge) -> str:
    """The district in which a ruling is a precedent; the city when the place is not known as far as that."""
    known = place and knowledge.scheme.level(place) >= Level.DISTRICT
    return knowledge.scheme.at(place, Level.DISTRICT) if known else knowledge.city


def assists_of(addresses: tuple[str, ...], host: str, place: str, knowledge: Knowledge) -> list[str]:
    found = [resolve(address, place, knowledge) for address in addresses]
    return [unit for unit in found if unit and unit != host]


def matched(duty: Duty) -> dict[str, Any]:
    """The row that matched, as a reader of the decision wants to see it."""
    names = ("code", "category", "condition", "place_type", "ownership", "host", "list_kind", "basis")
    return {name: getattr(duty, name) for name in names}
