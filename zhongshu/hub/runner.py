"""行路 the runner: drains every automatic hop of a batch in one transaction. Commit is its last act."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from django.db import Error, transaction

from zhongshu.data import queue, write
from zhongshu.data.databases import ROAD as ALIAS
from zhongshu.data.databases import refuses
from zhongshu.hub.attempt import attempt, refused, stuck
from zhongshu.hub.flow import ROAD
from zhongshu.kernel.desk import Desk, Room
from zhongshu.kernel.facts import Fact

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
        todo = [fact for room, facts in groups.items() for fact in attempt(room, facts, desk)]
        derived += todo
    return derived + [stuck(fact, RecursionError(f"more than {HOPS} hops"), desk, "road") for fact in todo]


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
    except Error as error:
        if not refuses(error):
            raise
    return drain_singly(make_desk, limit)


def _drain(make_desk: MakeDesk, limit: int) -> int:
    with transaction.atomic(using=ALIAS):
        taken = queue.take(limit)
        if taken:
            desk = make_desk()
            write.append(travel(taken, desk))
    return len(taken)


def drain_singly(make_desk: MakeDesk, limit: int) -> int:
    """As `run_once`, each fact in a transaction of its own."""
    for done in range(limit):
        with transaction.atomic(using=ALIAS):
            taken = queue.take(1)
            if not taken:
                return done
            _drain_one(taken[0], make_desk())
    return limit


def _drain_one(fact: Fact, desk: Desk) -> None:
    """Within the transaction that took the fact, so that no other runner's fact can be blamed."""
    try:
        with transaction.atomic(using=ALIAS):
            write.append(travel([fact], desk))
    except Error as error:
        if not refuses(error):
            raise
        write.append([refused(fact, error, desk)])
