"""Merging under load loses no report: each is in exactly one case, which is open and knows how many it has."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from datetime import timedelta
from itertools import count
from threading import Barrier
from typing import Any

import psycopg
import pytest
from django.db import connections, transaction
from hypothesis import given
from hypothesis import strategies as st

from tests import town
from tests.conftest import Watch
from zhongshu.data import queue, write
from zhongshu.data.databases import ROAD
from zhongshu.hub.hub import Hub
from zhongshu.hub.judge.room import judge
from zhongshu.hub.sense.normalise import Intake, normalise
from zhongshu.kernel.errors import Outdated
from zhongshu.kernel.facts import Fact, Kind
from zhongshu.kernel.lifecycle import Role
from zhongshu.kernel.places import Neighbour, Neighbourhood, Place, Probe

OPERATOR = town.viewer(town.CITY, "command", Role.OPERATOR, Role.CHIEF, user=13)
THREADS, ROUNDS, BATCH = 4, 6, 10


@dataclass
class Desk:
    """A desk without a database: every probe has the same known neighbours."""

    known: Sequence[Neighbour] = ()
    ids: Any = field(default_factory=lambda: count(1000))
    knowledge = town.KNOWLEDGE

    def now(self) -> Any:
        return town.NOON

    def new_id(self) -> int:
        return next(self.ids)

    def classify(self, texts: Sequence[str], places: Sequence[str] = ()) -> Any:
        return town.Model().classify(texts)

    def locate(self, places: Sequence[Place], texts: Sequence[str]) -> list[Place]:
        named = [word if (word := text[:1]) in "甲乙" else "" for text in texts]
        return [replace(place, named=name) for place, name in zip(places, named, strict=True)]

    def neighbours(self, probes: Sequence[Probe]) -> Neighbourhood:
        return lambda: [list(self.known) for _ in probes]


said = st.sampled_from(
    ["甲楼垃圾堆着没人收走", "乙楼垃圾堆着没人收走", "垃圾堆着没人收走了", "积水", "独居老人垃圾没人收", "难分"]
)
told = st.tuples(said, st.integers(0, 3), st.booleans(), st.integers(0, 20))


@given(st.lists(told, max_size=25), st.booleans())
def test_each_report_of_a_batch_is_in_exactly_one_case(batch: list[tuple[str, int, bool, int]], known: bool) -> None:
    facts = [
        Fact(
            number,
            Kind.REPORTED,
            500 + number,
            town.NOON + timedelta(hours=hours),
            payload={"text": text, "channel": "web", "lon": 113.3 + step / 4000, "lat": 23.1}
            | ({"merge": "off"} if off else {}),
        )
        for number, (text, step, off, hours) in enumerate(batch, 1)
    ]
    there = [Neighbour(7, "甲楼垃圾堆着没人收走", "rubbish", 5.0, 1.0, "甲")] if known else []
    made = judge(facts, Desk(there))  # type: ignore[arg-type]
    homes = [fact for fact in made if fact.kind in (Kind.JUDGED, Kind.UNCLEAR, Kind.MERGED)]
    assert Counter(fact.payload["report"] for fact in homes) == Counter(fact.subject for fact in facts)
    opened = {fact.subject for fact in homes if fact.kind != Kind.MERGED}
    assert {fact.subject for fact in homes if fact.kind == Kind.MERGED} <= opened | {one.case for one in there}
    offered = [fact for fact in made if fact.kind == Kind.MERGE_PROPOSED]
    assert all(fact.subject in opened and fact.subject != fact.payload["other"] for fact in offered)


def intake(watch: Watch, number: int) -> Intake:
    """One of very many at one place: most of them are one matter."""
    text = f"一居菜场门口垃圾堆得老高没人清走{'，味道大' * (number % 3)}"
    return normalise({"text": text, "lon": 113.5, "lat": 23.2, "key": f"k{number}", "source": "load"}, watch())


def strays() -> list[tuple[Any, ...]]:
    """Reports in no case or an ended one, and cases that count other reports than they have."""
    with connections[ROAD].cursor() as cursor:
        cursor.execute(
            """SELECT r.id, c.state, c.reports FROM report r LEFT JOIN "case" c ON c.id = r."case"
               WHERE r.source = 'load' AND (c.id IS NULL OR c.closed_at IS NOT NULL
                 OR c.reports <> (SELECT count(*) FROM report o WHERE o."case" = c.id))"""
        )
        return list(cursor.fetchall())


def homes() -> Counter[int]:
    """Per report the facts that put it into a case by themselves."""
    with connections[ROAD].cursor() as cursor:
        cursor.execute(
            "SELECT (payload->>'report')::bigint FROM ledger WHERE kind IN ('Judged', 'Unclear', 'Merged')"
            " AND actor = 'system' AND payload->>'report' IS NOT NULL"
        )
        return Counter(row[0] for row in cursor.fetchall())


@pytest.mark.timeout(300)
def test_parallel_batches_and_a_runner_lose_nothing(hub: Hub, watch: Watch) -> None:
    ready = Barrier(THREADS)

    def work(thread: int) -> None:
        ready.wait()
        for turn in range(ROUNDS):
            first = (thread * ROUNDS + turn) * BATCH
            hub.take_in([intake(watch, number) for number in range(first, first + BATCH)])
        connections.close_all()

    every = THREADS * ROUNDS * BATCH
    hub.accept([intake(watch, number) for number in range(every, every + 50)])
    relay = hub.relay()
    with ThreadPoolExecutor(THREADS) as pool:
        jobs = [pool.submit(work, thread) for thread in range(THREADS)]
        while relay.run_once():
            continue
        for job in jobs:
            job.result()
    while relay.run_once():
        continue
    relay.close()
    assert queue.waiting() == 0
    assert strays() == []
    found = homes()
    assert (len(found), set(found.values())) == (every + 50, {1})
    before = write.snapshot()
    write.rebuild()
    assert write.snapshot() == before


def test_a_rebuild_steps_back_for_whoever_holds_what_it_needs(hub: Hub, watch: Watch, database: str) -> None:
    """Each would wait for the other: one has read cases and goes on to the ledger, the rebuild goes the other way."""
    hub.take_in([intake(watch, number) for number in range(9000, 9003)])
    waits = "SELECT 1 FROM pg_stat_activity WHERE query LIKE 'TRUNCATE%' AND wait_event_type = 'Lock'"
    with ThreadPoolExecutor(1) as pool, psycopg.connect(database, autocommit=True) as looker:
        with psycopg.connect(database) as other:
            other.execute('SELECT count(*) FROM "case"')
            rebuilding = pool.submit(_rebuilt_apart)
            while not looker.execute(waits).fetchone():
                assert not rebuilding.done()
            other.execute("UPDATE ledger_head SET seq = seq")
        assert rebuilding.result() > 0


def _rebuilt_apart() -> int:
    try:
        return write.rebuild()
    finally:
        connections.close_all()


def test_a_report_never_joins_a_case_that_ended_meanwhile(hub: Hub, watch: Watch) -> None:
    one = normalise({"text": "一居桥头垃圾堆得老高没人清走", "lon": 113.6, "lat": 23.2, "source": "load"}, watch())
    first = hub.take_in([one])[0].facts[0].subject
    desk = hub.desk()
    report = Fact(hub.ids.take(), Kind.REPORTED, hub.ids.take(), watch(), payload=_payload(one))
    derived = judge([report], desk)
    assert [(fact.kind, fact.subject) for fact in derived] == [(Kind.MERGED, first)]
    hub.act(OPERATOR, first, Kind.VOID_ASKED, {"reason": "误报"})
    hub.act(replace(OPERATOR, user=14), first, Kind.VOIDED, {})
    with pytest.raises(Outdated), transaction.atomic(using=ROAD):
        write.append([report, *derived])
    again = hub.take_in([one])[0].facts[0]
    assert (again.kind, again.subject != first) == (Kind.JUDGED, True)


def _payload(one: Intake) -> dict[str, Any]:
    return {
        "channel": one.channel,
        "source": one.source,
        "key": "late",
        "text": one.text,
        "address": "",
        "lon": one.lon,
        "lat": one.lat,
        "contact": None,
    }
