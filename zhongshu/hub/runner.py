"""行路 the runner: drains every automatic hop of a batch in one transaction. Commit is its last act."""

from __future__ import annotations

import traceback
from collections.abc import Callable, Sequence
from datetime import datetime

from django.db import DatabaseError, DataError, transaction

from zhongshu.data import cases, queue, write
from zhongshu.data.databases import ROAD as ALIAS
from zhongshu.hub.flow import ROAD
from zhongshu.kernel.desk import Desk, Room
from zhongshu.kernel.facts import Fact, Kind

HOPS = 50
"""More hops than any honest road has: beyond this a loop in the rules is cut and shown as Stuck."""


def travel(batch: Sequence[Fact], desk: Desk) -> list[Fact]:
    """Every fact that follows from a batch without a person's doing, in the order it happened."""
    derived: list[Fact] = []
    todo = list(batch)
    for _ in range(HOPS):
        groups: dict[Room, list[Fact]] = {}
        for fact in todo:
            room = ROAD.get(fact.kind)
            if room is not None:
                groups.setdefault(room, []).append(fact)
        if not groups:
            return derived
        todo = [fact for room, facts in groups.items() for fact in _attempt(room, facts, desk)]
        derived += todo
    return derived + [_stuck(fact, RecursionError(f"more than {HOPS} hops"), desk) for fact in todo]


def _attempt(room: Room, facts: list[Fact], desk: Desk) -> list[Fact]:
    """Run a room; when it raises, run it fact by fact, so that only the faulty one gets stuck."""
    try:
        return room(facts, desk)
    except DatabaseError:
        raise
    except Exception as error:  # noqa: BLE001  a room may fail in any way; the failure becomes a fact with a sentence
        if len(facts) == 1:
            return [_stuck(facts[0], error, desk)]
    return [derived for fact in facts for derived in _attempt(room, [fact], desk)]


def _stuck(fact: Fact, error: Exception, desk: Desk) -> Fact:
    where = ROAD[fact.kind].__module__.split(".")[2] if fact.kind in ROAD else "road"
    payload = {
        "sentence": f"{where}: {type(error).__name__}: {error}",
        "trace": "".join(traceback.format_exception(error))[-8000:],
        "fact": queue.to_json(fact),
    }
    return Fact(
        id=desk.new_id(),
        kind=Kind.STUCK,
        subject=fact.subject,
        at=desk.now(),
        cause=fact.id,
        place=fact.place,
        payload=payload,
    )


def submit(facts: Sequence[Fact], desk: Desk) -> list[Fact]:
    """New facts down the whole road, durable when this returns. Call inside the transaction that claimed their keys."""
    derived = travel(facts, desk)
    write.append([*facts, *derived])
    return derived


MakeDesk = Callable[[], Desk]


def run_once(make_desk: MakeDesk, limit: int = 500) -> int:
    """Take queued facts down the road; returns how many. A fact the database itself refuses gets stuck alone."""
    try:
        return _drain(make_desk, limit)
    except DataError:
        return _drain_singly(make_desk, limit)


def _drain(make_desk: MakeDesk, limit: int) -> int:
    with transaction.atomic(using=ALIAS):
        taken = queue.take(limit)
        if taken:
            desk = make_desk()
            write.append(travel(taken, desk))
    return len(taken)


def _drain_singly(make_desk: MakeDesk, limit: int) -> int:
    for done in range(limit):
        try:
            if _drain(make_desk, 1) == 0:
                return done
        except DataError as error:
            with transaction.atomic(using=ALIAS):
                desk = make_desk()
                write.append([_stuck(fact, error, desk) for fact in queue.take(1)])
    return limit


def overdue(make_desk: MakeDesk, now: datetime) -> int:
    """Clocks that ran out become Overdue facts and take the road (提级)."""
    with transaction.atomic(using=ALIAS):
        found = cases.run_out(now)
        if not found:
            return 0
        desk = make_desk()
        facts = [
            Fact(desk.new_id(), Kind.OVERDUE, clock["case"], now, place=clock["place"], payload=clock)
            for clock in found
        ]
        submit(facts, desk)
    return len(found)
