"""数据回流 what came back and what did not, in numbers that open their lists; the four ways to take what is returned.

A flow that gives back is open to every unit below, each for the rows of its own area: row-level security cuts them.
What a place reported itself it gets back in clear; what else the flow holds goes through the masks.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta

from django.db import transaction

from zhongshu.data.databases import ROAD
from zhongshu.data.returning import flows as rows
from zhongshu.data.returning.blocks import Block
from zhongshu.data.returning.rates import (
    Broken,
    Due,
    Entry,
    Flow,
    Rate,
    broken,
    dues,
    in_only,
    period_end,
    rates,
    up_only,
)
from zhongshu.data.sharing import rules
from zhongshu.data.sharing.reading import Asked, Cut, Page
from zhongshu.hub import runner
from zhongshu.hub.desk import LiveDesk
from zhongshu.hub.resources import using
from zhongshu.kernel.access import Viewer
from zhongshu.kernel.clocks import CITY_TIME
from zhongshu.kernel.desk import Knowledge
from zhongshu.kernel.errors import BadInput, IllegalMove, NotFound
from zhongshu.kernel.facts import SYSTEM, Fact, Kind
from zhongshu.kernel.places import EVERYWHERE, Level

MakeDesk = Callable[[], LiveDesk]

PURPOSE = "数据回流：基层履行职责"
"""The one purpose of what comes back."""
WINDOW = 120
"""T of the return rate: periods that began within so many days before today (default)."""
OPEN_YEARS = 30
FIRST = date(2000, 1, 1)
"""No period before this."""


@dataclass(frozen=True, slots=True)
class Picture:
    """回流全貌 of one viewer's area: every number of the page, each with what it was counted from."""

    flows: Mapping[str, Flow]
    by_unit: Mapping[str, Rate]
    by_place: Mapping[str, Rate]
    owed: Sequence[Due]
    stopped: Sequence[Broken]
    up_only: Mapping[tuple[str, str], set[str]]
    in_only: Mapping[str, list[str]]
    since: date

    def missed(self, now: datetime) -> list[Due]:
        return [one for one in self.owed if one.missed(now)]


def midnight(day: date) -> datetime:
    """The UTC moment at which a local day begins."""
    return datetime.combine(day, time(), CITY_TIME).astimezone(UTC)


def picture(viewer: Viewer, knowledge: Knowledge, now: datetime, days: int = WINDOW) -> Picture:
    """Count everything that went up from this viewer's area and what came back to it."""
    since = now.astimezone(CITY_TIME).date() - timedelta(days=days)
    known = rows.every(now)
    entries = rows.entries(viewer, since)
    flows = list(known.values())
    owed = dues(flows, entries, midnight)
    above = _parents(viewer, knowledge)
    return Picture(
        known,
        rates(flows, entries, lambda flow, _place: flow.unit),
        rates(flows, entries, lambda _flow, place: place),
        owed,
        broken(owed, now, above),
        up_only(flows, entries),
        _in_only(flows, entries, rows.grantees(viewer)),
        since,
    )


def share(viewer: Viewer, now: datetime, days: int = WINDOW) -> Rate:
    """回流率 of everything that this viewer's area reports, by the ledger of what really moved."""
    flows = list(rows.every(now).values())
    entries = rows.entries(viewer, now.astimezone(CITY_TIME).date() - timedelta(days=days))
    found = rates(flows, entries, lambda flow, _place: flow.unit).values()
    return Rate(sum(one.reported for one in found), sum(one.returned for one in found))


def _parents(viewer: Viewer, knowledge: Knowledge) -> Callable[[str], Sequence[str]]:
    """The divisions above a place as far up as this viewer looks, the widest first."""
    scheme, city = knowledge.scheme, knowledge.city
    width = scheme.lengths[-1]

    def above(place: str) -> Sequence[str]:
        chain = [scheme.prefix(place, level).ljust(width, "0") for level in Level if level <= scheme.level(place)]
        seen = [code for code in dict.fromkeys([city, *chain[1:]] if city else chain) if viewer.span.holds(code)]
        return seen or [place]

    return above


def _in_only(
    flows: Sequence[Flow], entries: Sequence[Entry], granted: Sequence[tuple[str, str, str]]
) -> dict[str, list[str]]:
    """Units that collect data from below and neither return nor provide any; what they are granted is named too."""
    moved = {one.flow for one in entries}
    taken: dict[str, set[str]] = {}
    given: dict[str, set[str]] = {}
    for flow in flows:
        if flow.code in moved:
            (taken if flow.direction == "up" else given).setdefault(flow.unit, set()).add(flow.dataset)
    for unit, provider, dataset in granted:
        # Whoever is only granted data has none to give.
        if unit in taken:
            taken[unit].add(dataset)
        given.setdefault(provider, set()).add(dataset)
    return in_only(taken, given)


def _down(flow: str, now: datetime) -> Flow:
    found = rows.every(now).get(flow)
    if found is None or found.direction != "down":
        raise NotFound(f"there is no flow {flow[:40]!r} that gives back / 没有这项回流")
    return found


def opened(make_desk: MakeDesk, flow: str) -> int:
    """The grant of a flow that gives back; opened by the platform itself the first time. Raises NotFound."""
    grant = rows.grant_of(flow)
    if grant:
        return grant
    with transaction.atomic(using=ROAD):
        desk = make_desk()
        found = _down(flow, desk.now())
        number = desk.new_id()
        payload = {"grant": _grant(found, desk), "flow": flow}
        place = desk.knowledge.city
        fact = Fact(desk.new_id(), Kind.RETURN_OPENED, number, desk.now(), None, SYSTEM, place, payload=payload)
        runner.submit([fact], desk)
    return number


def _grant(flow: Flow, desk: LiveDesk) -> dict[str, object]:
    """What was reported by a flow that this one answers is told in clear, the rest through the masks."""
    known = rows.every(desk.now())
    reported = {item for code in flow.answers if code in known for item in known[code].items}
    fields, measures = rules.fields(desk.now()), rules.book(desk.now()).measures
    held = [fields[flow.dataset, item] for item in flow.items if (flow.dataset, item) in fields]
    if any(one.secret for one in held):
        raise IllegalMove("this data set bears a state-secret mark / 标有国家秘密，不得经本平台回流")
    unit = desk.knowledge.units.get(flow.unit)
    until = desk.now() + timedelta(days=365 * OPEN_YEARS)
    return {
        "number": flow.code,
        "dataset": flow.dataset,
        "kind": "return",
        "unit": "",
        "reader": "",
        "provider": flow.unit,
        "place": desk.knowledge.city,
        "provider_place": unit.place if unit else "",
        "lo": EVERYWHERE.lo,
        "hi": EVERYWHERE.hi,
        "plan": [rules.mask_of(one, measures, one.item in reported) for one in held],
        "personal": any(one.personal for one in held),
        "purpose": PURPOSE,
        "basis": flow.clause,
        "until": until.isoformat(),
    }


def take(make_desk: MakeDesk, viewer: Viewer, flow: str, cut: Cut, form: str) -> Page:
    """全表、按人、变更: one page of what a flow gives back to this viewer's own area; what was taken has come back.

    Raises NotFound or IllegalMove, as using.read.
    """
    if not viewer.unit:
        raise IllegalMove("only a unit takes what is returned / 只有在岗单位可以取回流数据")
    grant = opened(make_desk, flow)
    page = using.read(make_desk, viewer, Asked(grant, PURPOSE, form), cut)
    counts: dict[str, int] = {}
    for row in page.rows:
        counts[row["place"]] = counts.get(row["place"], 0) + 1
    if form != "person" and counts:
        _came(make_desk, viewer, flow, counts, form)
    return page


def _came(make_desk: MakeDesk, viewer: Viewer, flow: str, counts: Mapping[str, int], form: str) -> None:
    """Note it once for each place and period (the one that ended last), when it is the place itself that took it.

    Somebody above who looks at the rows of many places has brought nothing back to any of them.
    """
    own = sum(n for place, n in counts.items() if viewer.span.holds(place))
    if viewer.level is not Level.COMMUNITY or not own:
        return
    counts = {viewer.place: own}
    with transaction.atomic(using=ROAD):
        desk = make_desk()
        found = _down(flow, desk.now())
        period = last_period(found.cycle, desk.now())
        new = {place: n for place, n in counts.items() if place not in rows.came_for(flow, period, list(counts))}
        if new:
            runner.submit([_flowed(found, period, new, form, desk)], desk)


def last_period(cycle: str, now: datetime) -> date:
    """The first day of the last whole period before now."""
    today = now.astimezone(CITY_TIME).date()
    start = date(today.year - 1, 1, 1) if cycle not in ("day", "week") else today - timedelta(days=14)
    start -= timedelta(days=start.weekday() if cycle == "week" else 0)
    while period_end(period_end(start, cycle), cycle) <= today:
        start = period_end(start, cycle)
    return start


def _flowed(flow: Flow, period: date, places: Mapping[str, int], how: str, desk: LiveDesk) -> Fact:
    ended = period_end(period, flow.cycle)
    due = midnight(ended + timedelta(days=flow.within)).isoformat() if flow.direction == "down" else None
    payload = {
        "flow": flow.code,
        "direction": flow.direction,
        "unit": flow.unit,
        "dataset": flow.dataset,
        "items": list(flow.items),
        "how": how,
        "period": period.isoformat(),
        "ended": ended.isoformat(),
        "due_at": due,
        "places": dict(places),
    }
    place = desk.knowledge.city
    return Fact(desk.new_id(), Kind.DATA_FLOWED, desk.new_id(), desk.now(), place=place, payload=payload)


def flowed(make_desk: MakeDesk, viewer: Viewer, flow: str, period: date, places: Mapping[str, int]) -> Fact:
    """登记上报或回流: a unit says what it collected from, or gave back to, which places. Raises BadInput, IllegalMove.

    What goes up may be told by whoever reports it from within the own area, too.
    """
    with transaction.atomic(using=ROAD):
        desk = make_desk()
        found = rows.every(desk.now()).get(flow)
        if found is None:
            raise NotFound(f"there is no flow {flow[:40]!r} / 没有这项上报或回流")
        own = found.unit == viewer.unit or (found.direction == "up" and viewer.unit)
        if not own or not all(viewer.span.holds(place) for place in places):
            raise IllegalMove("only the unit of the flow, and for its own area / 只能由该流向的单位登记本辖区")
        begun = FIRST <= period <= desk.now().astimezone(CITY_TIME).date()
        if not begun or not places or not all(0 <= n < 2**31 for n in places.values()):
            raise BadInput("places: expected rows by place, of a period that has begun / 请填写各地条数与已开始的周期")
        fact = replace(_flowed(found, period, places, found.how, desk), actor=viewer.post)
        runner.submit([fact], desk)
    return fact


def past(make_desk: MakeDesk, moved: Iterable[tuple[str, date, datetime, Mapping[str, int]]]) -> int:
    """Note what (flow, period, moment, rows by place) moved before the platform was here; returns how many facts."""
    with transaction.atomic(using=ROAD):
        desk = make_desk()
        known = rows.every(desk.now())
        facts = [
            replace(_flowed(known[flow], period, places, known[flow].how, desk), at=at)
            for flow, period, at, places in moved
            if places and flow in known
        ]
        runner.submit(facts, desk)
    return len(facts)


def block(make_desk: MakeDesk, viewer: Viewer, flow: str, item: str) -> tuple[list[str], list[str], Block]:
    """统计块 of what a flow gives back: counts by place and value, small cells and what would tell them kept back."""
    grant = opened(make_desk, flow)
    places, values, found = using.block(make_desk, viewer, Asked(grant, PURPOSE, "block"), item)
    if places:
        counts = {place: int(n) for place, n in zip(places, found.counts.sum(1), strict=True)}
        _came(make_desk, viewer, flow, counts, "block")
    return places, values, found
