"""公布值 shown figures: counted when a period closes, kept with the ledger's head, compared with it at any time."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import orjson
from django.db import connections, transaction

from zhongshu.data.databases import OWNER, ROAD
from zhongshu.data.figures import rules
from zhongshu.data.figures.counting import COUNTERS, Asked, Cut, Head, counted, head
from zhongshu.data.figures.formulas import Rules, Window, first_day, next_first
from zhongshu.kernel.desk import Knowledge
from zhongshu.kernel.places import Level

PLACES = {"district": Level.DISTRICT, "street": Level.STREET, "community": Level.COMMUNITY}
KEPT = ("all", "level", "unit", "district", "street", "category", "cohort")
"""Cuts whose figures are kept; the others are counted again from the ledger when somebody asks."""
BACK = 7
"""Periods that are looked back for ones that should have been kept while nobody ran."""


@dataclass(frozen=True, slots=True)
class Kept:
    """What was shown: `counters` and `rates` as they were then, by the rules of that version at that head."""

    key: str
    rules: str
    head: Head
    counters: Mapping[str, int]
    rates: Mapping[str, float | None]
    shown_at: datetime


def cut_of(name: str, knowledge: Knowledge, in_force: Rules) -> Cut:
    """A cut by the name that pages and commands use: all, unit, level, grid, category, day, cohort, district …"""
    lengths = knowledge.scheme.lengths
    if name in PLACES:
        return Cut("place", lengths[PLACES[name] - 1])
    if name == "level":
        return Cut("level", mapping={code: unit.level.name.lower() for code, unit in knowledge.units.items()})
    if name == "cohort":
        length = lengths[Level.STREET - 1]
        return Cut("cohort", length, {code[:length]: cohort for code, cohort in in_force.cohorts.items()})
    return Cut(name)


def values(in_force: Rules, counters: Mapping[str, int]) -> dict[str, float | None]:
    """Every formula and combined score of some counters, as they are kept."""
    shares: dict[str, float | None] = {code: rate.value for code, rate in in_force.rates(counters).items()}
    return shares | in_force.scores(counters)


def keep(window: Window, day: date, knowledge: Knowledge, now: datetime) -> int:
    """Count a period by every cut in KEPT and keep it; returns the rows kept, 0 when it had been kept before."""
    start, end = window.bounds(day)
    first = first_day(window.unit, day)
    at, in_force = head(ROAD), rules.in_force(min(now, window.closes_at(day)))
    found: list[dict[str, Any]] = []
    about = {"window": window.code, "day": first, "starts_at": start, "ends_at": end, "rules": in_force.version}
    about |= {"head": at, "place": "", "shown_at": now}
    for name in KEPT:
        by_key = counted(Asked(start, end, cut_of(name, knowledge, in_force), at), ROAD)
        for key, counters in by_key.items():
            found.append({**about, "cut": name, "key": key, "counters": counters, "rates": values(in_force, counters)})
    if not any(row["cut"] == "all" for row in found):
        found.append({**about, "cut": "all", "key": "", "counters": {}, "rates": {}})
    return _write(found)


_COLUMNS = (
    "window",
    "day",
    "starts_at",
    "ends_at",
    "cut",
    "key",
    "place",
    "rules",
    "head",
    "counters",
    "rates",
    "shown_at",
)


def _write(found: list[dict[str, Any]]) -> int:
    listed = ", ".join(f'"{name}"' for name in _COLUMNS)
    with transaction.atomic(using=ROAD), connections[ROAD].cursor() as cursor:
        cursor.execute(
            f"INSERT INTO shown_figure ({listed}) SELECT {listed} FROM json_populate_recordset(NULL::shown_figure, %s)"
            " ON CONFLICT DO NOTHING",
            [orjson.dumps(found).decode()],
        )
        return int(cursor.rowcount)


def kept(window: str, day: date, cut: str, using: str = ROAD) -> dict[str, Kept]:
    """What was shown of a period by a cut: key -> values; empty when the period has not been kept."""
    with connections[using].cursor() as cursor:
        cursor.execute(
            "SELECT key, rules, head::text, counters::text, rates::text, shown_at FROM shown_figure"
            " WHERE \"window\" = %s AND day = %s AND cut = %s AND counters::text <> '{}' ORDER BY key",
            [window, day, cut],
        )
        rows = [(row[0], row[1], *map(orjson.loads, row[2:5]), row[5]) for row in cursor.fetchall()]
    # What was not counted yet when a period was kept had no base then.
    none = dict.fromkeys(COUNTERS, 0)
    return {key: Kept(key, said, at, none | counters, rates, when) for key, said, at, counters, rates, when in rows}


def kept_head(window: str, day: date) -> Head | None:
    """The ledger's head at which a period was closed; None while it is open or when nobody kept it."""
    with connections[ROAD].cursor() as cursor:
        cursor.execute('SELECT head::text FROM shown_figure WHERE "window" = %s AND day = %s LIMIT 1', [window, day])
        row = cursor.fetchone()
    return None if row is None else dict(orjson.loads(row[0]))


def due(in_force: Rules, now: datetime) -> Iterator[tuple[Window, date]]:
    """Periods that have closed and are not kept, at most BACK back for each window, oldest first."""
    for window in in_force.windows.values():
        with connections[ROAD].cursor() as cursor:
            cursor.execute('SELECT DISTINCT day FROM shown_figure WHERE "window" = %s', [window.code])
            done = {row[0] for row in cursor.fetchall()}
        closed = _closed(window, now)
        # What lies before the first period ever kept was never shown, so there is nothing to keep of it.
        yield from ((window, day) for day in closed if day not in done and (not done or day > min(done)))


def _closed(window: Window, now: datetime) -> list[date]:
    """The last BACK periods of a window that have closed, oldest first."""
    day = first_day(window.unit, now.date())
    found: list[date] = []
    day = next_first(window.unit, next_first(window.unit, day))
    for _ in range(BACK * 3):
        day = first_day(window.unit, date.fromordinal(day.toordinal() - 1))
        if window.closes_at(day) <= now:
            found.append(day)
        if len(found) == BACK:
            break
    return found[::-1]


def keep_due(knowledge: Knowledge, now: datetime) -> int:
    """Keep every period that has closed; returns how many there were."""
    return sum(1 for window, day in list(due(rules.in_force(now), now)) if keep(window, day, knowledge, now))


@dataclass(frozen=True, slots=True)
class Difference:
    """One counter or value that the ledger gives differently from what was shown."""

    window: str
    day: date
    cut: str
    key: str
    name: str
    shown: float | None
    counted: float | None


def recompute(window: Window, day: date, knowledge: Knowledge, using: str = OWNER) -> list[Difference]:
    """Count a kept period again from the ledger, by the rules and at the head that it was shown with.

    An empty list is what must come out. Rules, units and cohorts are those in force when it was shown.
    """
    start, end = window.bounds(day)
    first = first_day(window.unit, day)
    found: list[Difference] = []
    for name in KEPT:
        shown = kept(window.code, first, name)
        if not shown:
            continue
        one = next(iter(shown.values()))
        in_force = rules.in_force(min(one.shown_at, window.closes_at(day)), using)
        again = counted(Asked(start, end, cut_of(name, knowledge, in_force), one.head), using)
        for key in sorted({*shown, *again}):
            before = {**shown[key].counters, **shown[key].rates} if key in shown else {}
            now = {**again[key], **values(in_force, again[key])} if key in again else {}
            found += [
                Difference(window.code, first, name, key, what, before.get(what), now.get(what))
                for what in sorted({*before, *now})
                if before.get(what) != now.get(what)
            ]
    return found
