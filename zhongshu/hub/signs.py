"""体征巡看 the vital signs on the road of time: measured when due, held against their limits, an alarm when one is red.

Numbers are measured and replaced; only that a sign turned red somewhere, eased, and what a person said of it are facts.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from django.db import transaction

from zhongshu.data import write
from zhongshu.data.databases import ROAD
from zhongshu.data.signs import alarms, book, keeping, measures
from zhongshu.data.signs.book import Sign
from zhongshu.data.signs.keeping import Key
from zhongshu.data.signs.measures import Asked, Found
from zhongshu.data.signs.states import RED, Limit, Standing, by_history, stale, step
from zhongshu.kernel.desk import Desk, Knowledge
from zhongshu.kernel.facts import Fact, Kind
from zhongshu.kernel.places import Level

EVERY: Mapping[str, timedelta] = {"RT": timedelta(minutes=5), "H": timedelta(minutes=15), "D": timedelta(hours=1)}
"""How often a sign of a cycle is measured; slower ones every six hours."""
SLOW = timedelta(hours=6)
HOUR = timedelta(hours=1)

Numbers = list[tuple[Found, Standing, Limit]]


def every(sign: Sign) -> timedelta:
    return EVERY.get(sign.cycle, SLOW)


def asked(sign: Sign, knowledge: Knowledge, at: datetime) -> Asked:
    """What its measure is asked, with every class below those that the sign names."""
    return Asked(at, below(sign.classes, knowledge), knowledge.scheme, knowledge.city)


def below(classes: Sequence[str], knowledge: Knowledge) -> tuple[str, ...]:
    """These classes and everything below them."""
    wanted = set(classes)
    grown = True
    while grown:
        more = {one.code for one in knowledge.categories.values() if one.parent in wanted} - wanted
        wanted |= more
        grown = bool(more)
    return tuple(sorted(wanted))


def look(desk: Desk, now: datetime, every_one: bool = False) -> int:
    """Measure the signs that are due, or all; returns how many were measured. Each is a transaction of its own."""
    found = [one for one in book.signs().values() if one.measure and measures.there(measures.MEASURES[one.measure])]
    taken = {} if every_one else keeping.taken()
    due = [one for one in found if one.code not in taken or now - taken[one.code] >= every(one)]
    past = keeping.like([one.code for one in due if one.bar and one.bar.how == "history"], now)
    for sign in due:
        with transaction.atomic(using=ROAD):
            _look(sign, desk, now, past)
    keeping.thin(now)
    return len(due)


def _look(sign: Sign, desk: Desk, now: datetime, past: Mapping[Key, Sequence[float]]) -> None:
    before = {place: held for (_, place), held in keeping.standings(sign.code).items()}
    numbers = [
        _number(sign, one, before.get(one.place, Standing()), now, past) for one in found(sign, desk.knowledge, now)
    ]
    keeping.keep(sign.code, now, numbers)
    hour = now.replace(minute=0, second=0, microsecond=0)
    scheme = desk.knowledge.scheme
    keeping.note(
        {"sign": sign.code, "place": one.place, "at": hour, "value": one.value}
        for one, _, _ in numbers
        if scheme.level(one.place) <= Level.DISTRICT and not stale(one.newest, now, sign.staleness_minutes)
    )
    write.append(_turns(sign, numbers, desk))


def found(sign: Sign, knowledge: Knowledge, now: datetime) -> list[Found]:
    """The numbers of one sign, the city's own always among them, and each district's where nothing found means 0."""
    measure = measures.MEASURES[sign.measure]
    rows = {one.place: one for one in measures.take(measure, asked(sign, knowledge, now))}
    nothing = 0.0 if measure.counts else None
    places = {knowledge.city} | {place for place in knowledge.names if knowledge.scheme.level(place) == Level.DISTRICT}
    newest = rows[knowledge.city].newest if knowledge.city in rows else None
    told = knowledge.city not in rows or set(rows) != {knowledge.city}
    for place in sorted(places):
        if place not in rows and (told or place == knowledge.city):
            rows[place] = Found(place, nothing, 0.0, 0.0, 0, newest)
    return [replace(one, newest=now) for one in rows.values()] if measure.live else list(rows.values())


def _number(
    sign: Sign, one: Found, before: Standing, now: datetime, past: Mapping[Key, Sequence[float]]
) -> tuple[Found, Standing, Limit]:
    limit = sign.bar.limit if sign.bar else Limit()
    if sign.bar and sign.bar.how == "history":
        limit = by_history(limit, past.get((sign.code, one.place), ()))
    value = None if stale(one.newest, now, sign.staleness_minutes) else one.value
    return one, step(before, value, now, limit), limit


def _turns(sign: Sign, numbers: Numbers, desk: Desk) -> list[Fact]:
    """The facts that this look made: districts that turned red or eased; the city itself when no district is red."""
    scheme, city = desk.knowledge.scheme, desk.knowledge.city
    red = {one.place for one, held, _ in numbers if held.colour == RED and scheme.level(one.place) <= Level.DISTRICT}
    red -= {city} if len(red) > 1 else set()
    held = {place: row for (code, place), row in alarms.active().items() if code == sign.code}
    rows = {one.place: (one, limit) for one, _, limit in numbers}
    turned = [_red(sign, *rows[place], desk) for place in sorted(red - set(held))]
    eased = [fact for place, row in sorted(held.items()) if place not in red for fact in _eased(sign, row, desk)]
    return [*turned, *eased]


def _red(sign: Sign, one: Found, limit: Limit, desk: Desk) -> Fact:
    payload = {
        "sign": sign.code,
        "name": sign.name,
        "value": one.value,
        "limit": limit.red,
        "category": sign.bar.category if sign.bar else "",
        "basis": sign.bar.basis_text if sign.bar else "",
    }
    return Fact(desk.new_id(), Kind.SIGN_RED, desk.new_id(), desk.now(), place=one.place, payload=payload)


def _eased(sign: Sign, row: Mapping[str, object], desk: Desk) -> list[Fact]:
    place = str(row["place"])
    facts = [Fact(desk.new_id(), Kind.SIGN_EASED, int(str(row["id"])), desk.now(), place=place)]
    if row["case"]:
        payload = {"sensor": f"sign:{sign.code}", "value": None}
        facts.append(Fact(desk.new_id(), Kind.CLEARED, int(str(row["case"])), desk.now(), place=place, payload=payload))
    return facts


def fill(knowledge: Knowledge, now: datetime, days: int) -> int:
    """History of the past, hour by hour, of the signs whose measure is true of any moment; returns readings sent.

    Counted from what is known now of those hours: a report that came in late is in the hour that it tells of.
    """
    end = now.replace(minute=0, second=0, microsecond=0)
    sent = 0
    for sign in book.signs().values():
        if not sign.measure or not measures.MEASURES[sign.measure].past:
            continue
        with transaction.atomic(using=ROAD):
            for n in range(days * 24, 0, -1):
                at = end - n * HOUR
                sent += keeping.note(
                    {"sign": sign.code, "place": one.place, "at": at, "value": one.value}
                    for one in found(sign, knowledge, at)
                    if knowledge.scheme.level(one.place) <= Level.DISTRICT
                )
    return sent
