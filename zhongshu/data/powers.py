"""权责对照 powers and duties: who may do what (权力清单), and the index duties ÷ powers of each street (权小责大)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.db import connections
from django.utils import timezone as clock

from zhongshu.data import models as rows
from zhongshu.data import packs
from zhongshu.data.databases import OWNER, ROAD
from zhongshu.data.versions import in_force
from zhongshu.kernel.desk import FALLBACK, Knowledge
from zhongshu.kernel.places import Level

POWERS = ("exercise", "convene", "evaluate", "veto")
"""行使 · 召集 · 评价 · 否决."""
DAYS = 30
_LOW = ("street/", "community/")

_DISPATCHED = """
SELECT left(l.place, %s), l.payload->>'category', count(DISTINCT l.subject) FROM ledger l
WHERE l.kind = 'Dispatched' AND l.at >= %s AND l.at < %s AND l.payload->>'host' = ANY (%s) AND l.place <> ''
GROUP BY 1, 2
"""
_BEHIND = """
SELECT DISTINCT l.subject FROM ledger l
WHERE l.kind = 'Dispatched' AND l.at >= %s AND l.at < %s AND l.payload->>'host' = ANY (%s)
  AND l.place >= %s AND l.place < %s AND l.payload->>'category' = %s
ORDER BY 1 DESC LIMIT %s
"""
SHOWN = 200
"""Cases that a list behind a count shows, the newest."""


@dataclass(frozen=True, slots=True)
class Burden:
    """一个街镇的权责. Counted in classes: `listed` basic items of the duty list, `sent` more that came within DAYS.

    `powers` counts class × power; `index` is (listed + sent) ÷ powers, None when the street has none.
    """

    street: str
    name: str
    listed: int
    sent: int
    cases: int
    powers: Mapping[str, int] = field(default_factory=dict)

    @property
    def duties(self) -> int:
        return self.listed + self.sent

    @property
    def granted(self) -> int:
        return sum(self.powers.values())

    @property
    def index(self) -> float | None:
        return round(self.duties / self.granted, 2) if self.granted else None


def matrix(at: datetime | None = None, using: str = OWNER) -> list[dict[str, Any]]:
    """权力清单: item, level (1..4), place ("" everywhere), power, basis."""
    moment = at or clock.now()
    found = in_force(rows.Power, moment, using).order_by("item", "level", "place", "power")
    return list(found.values("item", "level", "place", "power", "basis"))


def burdens(
    streets: Sequence[str] = (), at: datetime | None = None, knowledge: Knowledge | None = None
) -> list[Burden]:
    """Every street, or those asked for, the heaviest index first; a street without powers comes before all."""
    moment = at or clock.now()
    known = knowledge or packs.knowledge(moment)
    wanted = streets or [code for code in sorted(known.names) if known.scheme.level(code) is Level.STREET]
    leaves = _leaves(known)
    listed = _listed(known, leaves)
    sent = _sent(known, moment)
    granted = matrix(moment)
    found = []
    for street in wanted:
        came = sent.get(known.scheme.prefix(street, Level.STREET), {})
        more = set(came) - listed
        powers = _granted(street, granted, leaves, known)
        name = known.names.get(street, "")
        found.append(Burden(street, name, len(listed), len(more), sum(came.values()), powers))
    return sorted(found, key=lambda one: (one.index is not None, -(one.index or 0), one.street))


def behind(
    street: str, what: str, at: datetime | None = None, knowledge: Knowledge | None = None
) -> list[tuple[str, int]]:
    """The classes behind one count of a street, each with the cases dispatched within DAYS; by code.

    `what` is listed, sent (classes that came though they are not listed), cases (all that came) or one of POWERS;
    KeyError for anything else.
    """
    moment = at or clock.now()
    known = knowledge or packs.knowledge(moment)
    leaves = _leaves(known)
    listed = _listed(known, leaves)
    came = _sent(known, moment).get(known.scheme.prefix(street, Level.STREET), {})
    groups = {"listed": listed, "sent": set(came) - listed, "cases": set(came)}
    groups |= _held(street, matrix(moment), leaves, known)
    return [(code, came.get(code, 0)) for code in sorted(groups[what])]


def dispatched(street: str, category: str, at: datetime | None = None, knowledge: Knowledge | None = None) -> list[int]:
    """Cases of a class dispatched within DAYS to a unit of the street or below; the newest, at most SHOWN."""
    moment = at or clock.now()
    known = knowledge or packs.knowledge(moment)
    span = known.scheme.span(street)
    given: list[Any] = [moment - timedelta(days=DAYS), moment, _low(known), span.lo, span.hi, category, SHOWN]
    with connections[ROAD].cursor() as cursor:
        cursor.execute(_BEHIND, given)
        return [case for (case,) in cursor.fetchall()]


def _low(known: Knowledge) -> list[str]:
    return [unit.code for unit in known.units.values() if unit.level >= Level.STREET]


def _leaves(known: Knowledge) -> dict[str, set[str]]:
    """Item (a class, a group, "*", "*/kind") -> the classes without others below them that it means."""
    parents = {category.parent for category in known.categories.values()}
    found: dict[str, set[str]] = {}
    for leaf, category in known.categories.items():
        if leaf in parents:
            continue
        code: str = leaf
        while code and leaf not in found.get(code, set()):
            found.setdefault(code, set()).add(leaf)
            code = known.categories[code].parent if code in known.categories else ""
        for item in (FALLBACK, f"{FALLBACK}/{category.kind}"):
            found.setdefault(item, set()).add(leaf)
    return found


def _listed(known: Knowledge, leaves: Mapping[str, set[str]]) -> set[str]:
    """Classes that the duty list gives to streets or communities as basic items; 兜底 is no item of its own."""
    items = [
        duty.category
        for held in known.duties.values()
        for duty in held
        if duty.list_kind == "basic" and duty.host.startswith(_LOW) and not duty.category.startswith(FALLBACK)
    ]
    return set().union(*(leaves.get(item, set()) for item in items))


def _sent(known: Knowledge, moment: datetime) -> dict[str, dict[str, int]]:
    """Street prefix -> class -> cases dispatched to a street's or a community's unit within DAYS."""
    low = _low(known)
    with connections[ROAD].cursor() as cursor:
        length = known.scheme.lengths[Level.STREET - 1]
        cursor.execute(_DISPATCHED, [length, moment - timedelta(days=DAYS), moment, low])
        found: dict[str, dict[str, int]] = {}
        for street, category, count in cursor.fetchall():
            found.setdefault(street, {})[category] = count
    return found


def _granted(
    street: str, granted: Sequence[Mapping[str, Any]], leaves: Mapping[str, set[str]], known: Knowledge
) -> dict[str, int]:
    """How many classes this street holds each power over, those that it holds at all."""
    held = _held(street, granted, leaves, known)
    return {power: len(classes) for power, classes in held.items() if classes}


def _held(
    street: str, granted: Sequence[Mapping[str, Any]], leaves: Mapping[str, set[str]], known: Knowledge
) -> dict[str, set[str]]:
    held: dict[str, set[str]] = {power: set() for power in POWERS}
    for row in granted:
        here = not row["place"] or known.scheme.span(row["place"]).holds(street)
        if row["level"] >= Level.STREET and here:
            held[row["power"]] |= leaves.get(row["item"], set())
    return held
