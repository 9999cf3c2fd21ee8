"""时间推进 ageing: what comes of time alone: clocks that wake, cases for the archive, clocks on a new calendar."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction

from zhongshu.data import timing, write
from zhongshu.data.databases import ROAD
from zhongshu.hub.runner import submit
from zhongshu.kernel.clocks import Calendar, move
from zhongshu.kernel.desk import Desk, Knowledge
from zhongshu.kernel.errors import BadInput
from zhongshu.kernel.facts import Fact, Kind

BATCH = 500
PAGE = 1000
MakeDesk = Callable[[], Desk]


def advance(make_desk: MakeDesk, now: datetime) -> int:
    """Every clock that woke becomes a NearlyOverdue or Overdue fact and takes the road; returns how many there were."""
    woken = 0
    while True:
        found = _advance(make_desk, now)
        woken += found
        if found < BATCH:
            return woken


def _advance(make_desk: MakeDesk, now: datetime) -> int:
    with transaction.atomic(using=ROAD):
        found = timing.awake(now, BATCH)
        if not found:
            return 0
        desk = make_desk()
        desk.hold([clock["case"] for clock in found])
        submit([_woken(clock, now, desk) for clock in found if _due(clock, now, desk)], desk)
    return len(found)


def _due(clock: Mapping[str, Any], now: datetime, desk: Desk) -> bool:
    """Whether it is still to be looked at, now that its case is locked: another runner may have been faster."""
    mine = (one for one in desk.case(clock["case"])["clocks"] if one["name"] == clock["clock"])
    return any(
        one["wake_at"] and datetime.fromisoformat(one["wake_at"]) < now and not (one["stopped_at"] or one["paused_at"])
        for one in mine
    )


def _woken(clock: Mapping[str, Any], now: datetime, desk: Desk) -> Fact:
    kind = Kind.OVERDUE if clock["due_at"] < now else Kind.NEARLY_OVERDUE
    payload = {**clock, "due_at": clock["due_at"].isoformat()}
    return Fact(desk.new_id(), kind, clock["case"], now, place=clock["place"], payload=payload)


def archive(make_desk: MakeDesk, now: datetime, limit: int = BATCH) -> int:
    """Closed cases whose window for opening them again has passed are archived (归档); returns how many."""
    desk = make_desk()
    rule = desk.knowledge.clocks["archive"]
    if not rule.minutes:
        return 0
    calendar = desk.knowledge.calendar(rule.calendar)
    with transaction.atomic(using=ROAD):
        found = timing.archivable(now - timedelta(minutes=rule.minutes), limit)
        over = [row for row in found if calendar.used(row["closed_at"], now) >= rule.minutes]
        versions = desk.knowledge.versions
        write.append([_archived(row, now, desk.new_id(), versions) for row in over])
    return len(over)


def _archived(row: Mapping[str, Any], now: datetime, number: int, versions: Mapping[str, str]) -> Fact:
    payload = {"closed_at": row["closed_at"].isoformat()}
    return Fact(number, Kind.ARCHIVED, row["id"], now, place=row["place"], versions=versions, payload=payload)


@dataclass(slots=True)
class Retiming:
    """重算结果: open cases put on the calendar `version`; of `sample` each {case, number, moved}."""

    version: str
    cases: int = 0
    clocks: int = 0
    moved: int = 0
    """Cases of which at least one clock is now due at another moment."""
    shifts: list[float] = field(default_factory=list)
    """Minutes by which the clocks that moved are due later, negative when earlier."""
    sample: list[dict[str, Any]] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Order:
    """重算指令: put open clocks of calendar `code` on the version in force, because of `reason`."""

    code: str
    reason: str
    dry_run: bool = False
    sample: int = 10


def retime(make_desk: MakeDesk, now: datetime, order: Order) -> Retiming:
    """One Retimed fact per open case that runs by a former version of the calendar; closed cases are never touched.

    BadInput when there is no such calendar. A dry run counts everything and writes nothing.
    """
    desk = make_desk()
    calendar = desk.knowledge.calendars.get(order.code)
    if calendar is None:
        known = ", ".join(sorted(desk.knowledge.calendars))
        raise BadInput(f"there is no calendar {order.code!r}; there are {known} / 没有这个日历")
    result, after = Retiming(f"{calendar.code}@{calendar.version}"), 0
    while True:
        with transaction.atomic(using=ROAD):
            after, rows = timing.by_former(order.code, result.version, after, PAGE)
            facts = [_retimed(row, (calendar, order.reason), now, desk) for row in rows]
            if facts and not order.dry_run:
                write.append(facts)
        for row, fact in zip(rows, facts, strict=True):
            _note(result, row, fact.payload["moved"], order.sample)
        if not after:
            return result


def _retimed(row: Mapping[str, Any], to: tuple[Calendar, str], now: datetime, desk: Desk) -> Fact:
    calendar, reason = to
    knowledge = desk.knowledge
    clocks = [_moved(clock, now, knowledge, calendar) for clock in row["clocks"]]
    pairs = list(zip(row["clocks"], clocks, strict=True))
    payload: dict[str, Any] = {
        "reason": reason,
        "host": row["host"],
        "calendar": f"{calendar.code}@{calendar.version}",
        "moved": [
            {"clock": old["name"], "calendar": old["calendar"], "was": _utc(old["due_at"]), "due_at": new["due_at"]}
            for old, new in pairs
        ],
        "clocks": clocks,
    }
    payload.update(next(({"due_at": new["due_at"]} for new in clocks if new["name"] == "handle"), {}))
    return Fact(
        desk.new_id(), Kind.RETIMED, row["id"], now, place=row["place"], versions=knowledge.versions, payload=payload
    )


def _utc(moment: str) -> str:
    """PostgreSQL writes a moment in the session's zone; facts say UTC."""
    return datetime.fromisoformat(moment).isoformat()


def _moved(clock: Mapping[str, Any], now: datetime, knowledge: Knowledge, calendar: Calendar) -> dict[str, Any]:
    return move(clock, knowledge.clocks[clock["name"]], now, knowledge.calendar(clock["calendar"]), calendar)


def _note(result: Retiming, row: Mapping[str, Any], moved: Sequence[Mapping[str, str]], size: int) -> None:
    shifts = [_minutes(one) for one in moved]
    real = [shift for shift in shifts if shift]
    result.cases += 1
    result.clocks += len(moved)
    result.moved += bool(real)
    result.shifts += real
    if real and len(result.sample) < size:
        changed = [one for one, shift in zip(moved, shifts, strict=True) if shift]
        result.sample.append({"case": row["id"], "number": row["number"], "moved": changed})


def _minutes(moved: Mapping[str, str]) -> float:
    later = datetime.fromisoformat(moved["due_at"]) - datetime.fromisoformat(moved["was"])
    return later.total_seconds() / 60
