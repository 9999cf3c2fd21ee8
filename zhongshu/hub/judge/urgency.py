"""加急 what raises a matter's urgency beyond its own words: weather, days, and who asks again; and what is rare."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from functools import lru_cache
from typing import Any

from zhongshu.hub.judge.needs import Needs
from zhongshu.kernel.clocks import CITY_TIME, ClockRule
from zhongshu.kernel.desk import Knowledge, Raise
from zhongshu.kernel.facts import Fact
from zhongshu.kernel.places import Level, Place

CEILING = 2
"""Neither weather nor a day nor a repeated call makes more than urgent: 特急 is for a person in danger."""
RARE = 0.0005
"""Share of the latest cases below which a class is rare, unless the pack's thresholds.csv says `rare_share`."""

Why = tuple[str, str, int]
"""(word, ground, by how much it raised): 0 where the ceiling or a stronger ground had been reached before."""


def raised(needs: Needs, fact: Fact, category: str, place: Place, knowledge: Knowledge) -> Needs:
    """The needs of a report's words with what weather, date and earlier calls add, each with ground and step."""
    why = list(needs.reasons)
    urgency = needs.urgency
    for word, ground, step in _grounds(fact, category, place, knowledge):
        added = max(0, min(step, CEILING - urgency))
        urgency += added
        why.append((word, ground, added))
    return replace(needs, urgency=urgency, reasons=tuple(why))


def _grounds(fact: Fact, category: str, place: Place, knowledge: Knowledge) -> Iterator[Why]:
    # What is in force is looked at first: on most days that is nothing, and a report should not pay for it.
    blowing = [row for row in knowledge.raises if row.on == "weather"] if knowledge.weather else []
    today = _today(tuple(knowledge.raises), fact.at.astimezone(CITY_TIME).date()) if knowledge.raises else ()
    if blowing or today:
        above = _lineage(category, knowledge)
        yield from _weather([row for row in blowing if row.category in above], fact.at, place, knowledge)
        yield from ((row.what, row.reason, row.step) for row in today if row.category in above)
    yield from _again(fact.payload.get("before", ()), category)


def _lineage(category: str, knowledge: Knowledge) -> set[str]:
    """The class and those above it."""
    found: set[str] = set()
    while category and category not in found:
        found.add(category)
        known = knowledge.categories.get(category)
        category = known.parent if known else ""
    return found


def _weather(rows: Sequence[Raise], at: datetime, place: Place, knowledge: Knowledge) -> Iterator[Why]:
    """By each kind of warning once, where it is in force at the place and the moment of the report."""
    here = {
        one.kind: one
        for one in knowledge.weather
        if one.at <= at and (one.until is None or at < one.until) and _covers(one.place, place, knowledge)
    }
    for row in rows:
        if row.what in here:
            yield row.what, f"{row.reason}（{here[row.what].source}）", row.step


def _covers(division: str, place: Place, knowledge: Knowledge) -> bool:
    """A warning for a city, a district or a street holds below it; a sensor's holds for its street."""
    if not place.code:
        return division == knowledge.city
    scheme = knowledge.scheme
    area = scheme.at(division, Level.STREET) if scheme.level(division) > Level.STREET else division
    return scheme.span(area).holds(place.code)


@lru_cache(16)
def _today(rows: tuple[Raise, ...], day: date) -> tuple[Raise, ...]:
    """The rows of the days that a local day is among."""
    return tuple(row for row in rows if row.begins and row.begins <= day <= (row.ends or row.begins))


def _again(before: Sequence[Mapping[str, Any]], category: str) -> Iterator[Why]:
    """The same reporter about the same class, while the matter was open or not long closed. Raises once."""
    same = [one for one in before if one["category"] == category]
    if same:
        state = "在办" if same[0]["open"] else "刚办结"
        yield "同一来电人", f"同一人就同类事项再次反映，前案 {same[0]['number']} {state}，近期共 {len(same)} 次", 1


def own_limits(special: bool, category: str, knowledge: Knowledge) -> list[ClockRule]:
    """长尾时限: the clocks of their own that a special need and a rare class begin with."""
    names = (["special"] if special else []) + (["rare"] if is_rare(category, knowledge) else [])
    return [knowledge.clocks[name] for name in names if name in knowledge.clocks]


def is_rare(category: str, knowledge: Knowledge) -> bool:
    """Whether the class holds less than the threshold's share of the latest cases; nothing is while these are few."""
    if not knowledge.shares or not category:
        return False
    return knowledge.shares.get(category, 0.0) < knowledge.thresholds.get("rare_share", RARE)
