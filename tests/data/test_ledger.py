"""The ledger: nobody changes it, whoever does is found out, many writers keep one chain, all else follows from it."""

from __future__ import annotations

import argparse
import itertools
import random
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import ProgrammingError, connections, transaction

from tests import town, walk
from tests.conftest import Watch
from zhongshu.data import cases, ledger, ledger_commands, write
from zhongshu.data.databases import APP, OWNER, ROAD
from zhongshu.hub.hub import Hub, Receipt
from zhongshu.hub.sense.normalise import normalise
from zhongshu.kernel.errors import Unavailable
from zhongshu.kernel.facts import Fact, Kind
from zhongshu.kernel.lifecycle import Role

PEOPLE = frozenset(Role) - {Role.SYSTEM}
CLERK = town.viewer(town.CITY, "command", *PEOPLE, user=21)
CHECKER = replace(CLERK, user=22)


def report(hub: Hub, watch: Watch, text: str, **more: Any) -> Receipt:
    return hub.take_in([normalise({"text": text, **more}, watch())])[0]


def ask(statement: str, alias: str = OWNER) -> list[tuple[Any, ...]]:
    with connections[alias].cursor() as cursor:
        cursor.execute(statement)
        return list(cursor.fetchall())


def order(statement: str, alias: str = OWNER) -> None:
    with connections[alias].cursor() as cursor:
        cursor.execute(statement)


@pytest.fixture
def written(hub: Hub, watch: Watch) -> list[tuple[Any, ...]]:
    """(seq, id) of this month's facts, at least a dozen."""
    for n in range(4):
        report(hub, watch, f"一居垃圾入账{n}")
    return ask("SELECT seq, id FROM ledger WHERE recorded_at >= date_trunc('month', now()) ORDER BY seq")


@pytest.mark.parametrize("alias", [OWNER, ROAD, APP])
@pytest.mark.parametrize("table", ["ledger", "ledger_{now:%Y%m}"], ids=["whole", "partition"])
@pytest.mark.parametrize("act", ["UPDATE {} SET actor = 'x'", "DELETE FROM {}", "TRUNCATE {}"])
def test_nobody_changes_the_ledger(written: list[Any], alias: str, table: str, act: str) -> None:
    with pytest.raises(ProgrammingError) as refusal, transaction.atomic(using=alias):
        order(act.format(table.format(now=datetime.now(UTC))), alias)
    assert getattr(refusal.value.__cause__, "sqlstate", "") == "42501"
    assert len(ask("SELECT FROM ledger")) >= len(written)


@contextmanager
def forging(how: str) -> Iterator[Callable[[str], None]]:
    """A superuser with the triggers off; everything is taken back at the end."""
    with transaction.atomic(using=OWNER):
        order(how)
        yield order
        transaction.set_rollback(True, using=OWNER)


FORGERIES = {
    "the session's triggers": "SET LOCAL session_replication_role = replica",
    "the table's triggers": "ALTER TABLE ledger DISABLE TRIGGER USER",
}


@pytest.mark.parametrize("how", FORGERIES.values(), ids=FORGERIES)
@pytest.mark.parametrize(
    "change",
    ['payload = \'{"text": "改"}\'', "at = at + interval '1 microsecond'", "actor = 'nobody'", "place = '99'"]
    + [
        'versions = \'{"pack": "other"}\'',
        "subject = subject + 1",
        "cause = coalesce(cause, 0) + 1",
        "kind = 'Closed'",
    ],
)
def test_a_changed_row_is_named_and_no_other(written: list[Any], how: str, change: str) -> None:
    seq, fact = written[len(written) // 2]
    with forging(how) as forge:
        forge(f"UPDATE ledger SET {change} WHERE id = {fact}")
        found = list(ledger.verify())
    assert [(one.seq, one.fact, "was changed" in one.sentence) for one in found] == [(seq, fact, True)]
    assert list(ledger.verify()) == []


def test_a_removed_row_shows_as_a_gap_before_its_successor(written: list[Any]) -> None:
    (_, gone), (seq, successor) = written[3:5]
    with forging(FORGERIES["the session's triggers"]) as forge:
        forge(f"DELETE FROM ledger WHERE id = {gone}")
        found = list(ledger.verify())
    assert [(one.seq, one.fact, one.sentence) for one in found] == [(seq, successor, "rows before it are missing")]


@pytest.mark.parametrize("hash_", ["hash", "ledger_digest(hash, ledger)"], ids=["copied hash", "reckoned hash"])
def test_a_row_slipped_in_is_named(written: list[Any], hash_: str) -> None:
    seq, fact = written[4]
    columns = "seq, kind, subject, cause, at, recorded_at, actor, place, versions, payload"
    with forging(FORGERIES["the session's triggers"]) as forge:
        forge(
            f"INSERT INTO ledger (id, {columns}, hash) SELECT id + 900000000, {columns}, {hash_}"
            f" FROM ledger WHERE id = {fact}"
        )
        found = list(ledger.verify())
    assert (found[0].seq, found[0].fact, found[0].sentence) == (seq, fact + 900000000, "it was slipped in")
    assert {one.seq for one in found[1:]} <= {seq + 1}


@pytest.mark.parametrize("cut", [1, 3])
def test_a_cut_tail_is_noticed(written: list[Any], cut: int) -> None:
    head = written[-1][0]
    with forging(FORGERIES["the session's triggers"]) as forge:
        forge(f"DELETE FROM ledger WHERE seq > {head - cut} AND recorded_at >= date_trunc('month', now())")
        found = list(ledger.verify())
    assert [(one.seq, one.fact, one.sentence) for one in found] == [
        (head, written[-1 - cut][1], "the newest rows are missing or changed")
    ]


def test_the_command_names_the_row(written: list[Any], capsys: pytest.CaptureFixture[str]) -> None:
    command = next(one for one in ledger_commands.COMMANDS if one.name == "ledger verify")
    with forging(FORGERIES["the session's triggers"]) as forge:
        forge(f"UPDATE ledger SET actor = 'x' WHERE id = {written[2][1]}")
        assert command.run(argparse.Namespace(), None) == 1  # type: ignore[arg-type]
    assert f"第 {written[2][0]} 条 (fact {written[2][1]})" in capsys.readouterr().out
    assert command.run(argparse.Namespace(), None) == 0  # type: ignore[arg-type]
    assert "账本完整" in capsys.readouterr().out


def test_months_are_partitions_and_a_month_without_one_takes_nothing(written: list[Any], watch: Watch) -> None:
    now = datetime.now(UTC)
    assert {row[0] for row in ask("SELECT DISTINCT tableoid::regclass::text FROM ledger")} == {f"ledger_{now:%Y%m}"}
    assert len(ask("SELECT FROM pg_inherits WHERE inhparent = 'ledger'::regclass")) >= 14
    with pytest.raises(Unavailable, match="no partition for 2099-01"), transaction.atomic(using=ROAD):
        ledger.seal([Fact(1, Kind.CLOSED, 1, watch())], datetime(2099, 1, 1, tzinfo=UTC))


def test_every_fact_tells_who_why_where_and_under_which_rules(hub: Hub, watch: Watch) -> None:
    receipt = report(hub, watch, "一居垃圾谁何处")
    case = receipt.facts[0].subject
    signed = hub.act(replace(CLERK, unit=f"{town.STREET}-office"), case, Kind.SIGNED, {})[0]
    rows = ask(
        "SELECT kind, cause, actor, place, versions::text FROM ledger"
        f" WHERE subject IN ({case}, {receipt.report}) ORDER BY seq"
    )
    judged, decided, dispatched = receipt.facts
    pack = '{"pack":"town@1"}'
    assert rows[0][:1] + rows[0][2:] == (Kind.REPORTED, "resident", "", "{}")
    assert rows[1:4] == [
        (Kind.JUDGED, judged.cause, "system", town.COMMUNITY, pack),
        (Kind.DECIDED, judged.id, "system", town.COMMUNITY, pack),
        (Kind.DISPATCHED, decided.id, "system", town.COMMUNITY, pack),
    ]
    assert (judged.cause, dispatched.cause) == (
        ask(f"SELECT id FROM ledger WHERE subject = {receipt.report}")[0][0],
        decided.id,
    )
    assert rows[4][:4] == (Kind.SIGNED, None, CLERK.post, town.COMMUNITY)
    assert signed.payload["by"] == CLERK.user


WRITERS = 8


def test_many_writers_at_once_keep_one_unbroken_chain(hub: Hub, watch: Watch) -> None:
    shared = {"text": "一居垃圾众口一词", "lon": 113.7, "lat": 23.7}
    before = ask("SELECT count(*) FROM report")[0][0]

    def write_some(writer: int) -> list[int]:
        try:
            found = []
            for n in range(12):
                own = {"text": f"一居垃圾第{writer}人第{n}次", "key": f"w{writer}-{n}", "source": "many"}
                both = [normalise(one, watch()) for one in (own, {**shared, "key": f"s{n}", "source": "many"})]
                found += [one.report for one in hub.take_in(both)]
            return found
        finally:
            connections.close_all()

    with ThreadPoolExecutor(WRITERS) as pool:
        told = list(pool.map(write_some, range(WRITERS)))
    assert list(ledger.verify()) == []
    seqs = ask("SELECT seq FROM ledger WHERE recorded_at >= date_trunc('month', now()) ORDER BY seq")
    assert [row[0] for row in seqs] == list(range(1, len(seqs) + 1))
    assert len({tuple(reports[1::2]) for reports in told}) == 1, "the same key is the same report for everybody"
    assert len({one for reports in told for one in reports}) == WRITERS * 12 + 12
    assert ask("SELECT count(*) FROM report")[0][0] == before + WRITERS * 12 + 12
    the_projections_follow()


def the_projections_follow() -> None:
    live = write.snapshot()
    write.rebuild(batch=17)
    assert write.snapshot() == live


class Slow:
    """A database that hands out blocks and takes its time, so that others get their turn meanwhile."""

    def __init__(self) -> None:
        self.blocks = itertools.count(0, 1000)

    def __getitem__(self, alias: str) -> Slow:
        return self

    @contextmanager
    def cursor(self) -> Iterator[Slow]:
        yield self
        time.sleep(0.001)

    def execute(self, statement: str) -> None:
        time.sleep(0.001)

    def fetchone(self) -> tuple[int]:
        return (next(self.blocks),)


def test_ids_are_given_once_however_many_ask(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ledger, "BLOCK", 3)
    monkeypatch.setattr(ledger, "connections", Slow())
    ids = ledger.Ids()
    with ThreadPoolExecutor(WRITERS) as pool:
        given = list(pool.map(lambda _: ids.take(), range(900)))
    assert len(set(given)) == len(given)
    assert {one % 1000 for one in given} == {0, 1, 2}, "nobody runs on into a block that was given to somebody else"


def test_a_merge_and_an_act_on_the_same_case_never_wait_in_a_circle(hub: Hub, watch: Watch) -> None:
    point = {"lon": 113.8, "lat": 23.8}
    case = report(hub, watch, "一居垃圾并与办", **point).facts[0].subject

    def merge(n: int) -> str:
        try:
            return report(hub, watch, "一居垃圾并与办", **point).facts[0].kind
        finally:
            connections.close_all()

    def act(n: int) -> str:
        try:
            return hub.act(CLERK, case, Kind.CLASSIFIED, {"category": "rubbish"})[0].kind
        finally:
            connections.close_all()

    with ThreadPoolExecutor(WRITERS) as pool:
        done = [pool.submit((merge, act)[n % 2], n) for n in range(60)]
        kinds = [one.result() for one in done]
    assert kinds == [Kind.MERGED, Kind.CLASSIFIED] * 30
    assert cases.rows([case])[case]["reports"] == 31
    assert list(ledger.verify()) == []
    the_projections_follow()


@pytest.mark.parametrize("seed", [1, 2])
def test_random_legal_histories_rebuild_row_for_row(hub: Hub, watch: Watch, seed: int) -> None:
    dice = random.Random(seed)
    words = ["垃圾", "积水", "违建", "小区积水", "无人管", "难分", "楼顶违建"]
    raws = [
        {"text": f"一居{dice.choice(words)}随机{seed}之{n}", "phone": dice.choice(["", "13800000000"])}
        for n in range(50)
    ]
    born = [one.facts[0].subject for one in hub.take_in([normalise(raw, watch()) for raw in raws])]
    done: set[str] = set()
    for _ in range(700):
        watch.now += timedelta(minutes=dice.randint(0, 90))
        done |= walk.step(hub, dice.choice(born), dice)
        hub.advance()
    people = {Kind.SIGNED, Kind.HANDLED, Kind.CHECK_PASSED, Kind.RETURNED, Kind.RULED, Kind.CLASSIFIED}
    assert done >= people | {Kind.DECIDED, Kind.UNDECIDED, Kind.DISPATCHED, Kind.CLOSED, Kind.EVALUATED}
    assert list(ledger.verify()) == []
    the_projections_follow()
    timed = """SELECT t.due_at = k.due_at FROM "case" c JOIN task t ON t.id = c.id || ':' || c.host
      JOIN clock k ON k.id = c.id || ':handle'
      WHERE c.state IN ('dispatched', 'handling', 'waiting', 'hung', 'checking')"""
    same = [one for (one,) in ask(timed)]
    assert same
    assert all(same), "the host's task is due when its clock is, whatever was extended, resumed or redone"
