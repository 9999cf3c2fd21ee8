"""The relay: what it does at once must come out as if it were done one after the other."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from concurrent.futures import Executor
from contextlib import closing
from dataclasses import replace
from typing import Any

import pytest
from django.db import OperationalError, connections

from tests import town
from tests.conftest import Watch
from tests.hub.test_sticking import Venomous
from zhongshu.data import cases, ledger, queue, write
from zhongshu.data.databases import ROAD
from zhongshu.hub import relay as relays
from zhongshu.hub.hub import Hub
from zhongshu.hub.relay import Relay
from zhongshu.hub.sense.normalise import normalise
from zhongshu.kernel.errors import Unavailable
from zhongshu.kernel.facts import Fact, Kind
from zhongshu.kernel.places import Place, Probe

HERE = {"lon": 120.7001, "lat": 31.3001}


@pytest.fixture
def relay(hub: Hub) -> Iterator[Relay]:
    with closing(replace(hub.relay(), limit=2)) as made:
        yield made


def accepted(hub: Hub, watch: Watch, texts: Sequence[str], **more: Any) -> list[int]:
    return [one.report for one in hub.accept([normalise({"text": text, **more}, watch()) for text in texts])]


def homes(reports: Sequence[int]) -> list[Any]:
    return [cases.report_row(report)["case"] for report in reports]  # type: ignore[index]


def drained(relay: Relay) -> list[int]:
    return list(iter(relay.run_once, 0))


def test_everything_travels_and_is_durable_when_nothing_waits(hub: Hub, relay: Relay, watch: Watch) -> None:
    reports = accepted(hub, watch, [f"一居垃圾接力{n}" for n in range(7)], merge="off")
    assert drained(relay) == [2, 2, 2, 1]
    assert queue.waiting() == 0
    found = homes(reports)
    assert {row["state"] for row in cases.rows(found).values()} == {"dispatched"}
    assert len(set(found)) == 7
    assert list(ledger.verify()) == []


def test_one_matter_over_several_batches_is_one_case(hub: Hub, relay: Relay, watch: Watch) -> None:
    reports = accepted(hub, watch, ["一居垃圾堆在三号楼门口没有人清理"] * 7, **HERE)
    drained(relay)
    assert len(set(homes(reports))) == 1
    assert cases.rows(homes(reports)[:1])[homes(reports)[0]]["reports"] == 7


def test_a_case_on_its_way_into_the_database_is_a_neighbour_once(hub: Hub, watch: Watch) -> None:
    text = "一居垃圾桶倒在路中间挡住了车"
    born: list[Fact] = list(hub.take_in([normalise({"text": text, **HERE}, watch())])[0].facts[:1])
    later = replace(born[0], id=hub.ids.take(), subject=hub.ids.take())
    probe = Probe(text, watch(), Place(HERE["lon"], HERE["lat"]))
    known = {one.case for one in hub.desk().neighbours([probe])()[0]}
    beside = [one.case for one in hub.desk([born[0], later]).neighbours([probe])()[0]]
    assert sorted(beside) == sorted({*known, later.subject})


def test_what_the_database_refuses_gets_stuck_alone_and_the_batch_after_it_passes(database: str, watch: Watch) -> None:
    hub = Hub(lambda: replace(town.TOOLS, model=Venomous("x" * 99)), watch)
    reports = accepted(hub, watch, ["一居垃圾先", "一居毒", "一居垃圾后", "一居垃圾再后", "一居垃圾末"], merge="off")
    with closing(replace(hub.relay(), limit=2)) as relay:
        drained(relay)
    assert queue.waiting() == 0
    assert [home is None for home in homes(reports)] == [False, True, False, False, False]
    assert len(set(homes(reports))) == 5
    assert list(ledger.verify()) == []


def test_a_write_that_is_lost_loses_nothing(
    hub: Hub, relay: Relay, watch: Watch, monkeypatch: pytest.MonkeyPatch
) -> None:
    def gone(*_: Any) -> None:
        raise OperationalError("the server closed the connection")

    reports = accepted(hub, watch, [f"一居垃圾断线{n}" for n in range(6)], merge="off")
    with monkeypatch.context() as broken:
        broken.setattr(relays.write, "append", gone)
        assert relay.run_once() == 2
        with pytest.raises(OperationalError):
            relay.run_once()
    relay.forget()
    assert queue.waiting() == 6
    assert drained(relay) == [2, 2, 2]
    assert len(set(homes(reports))) == 6


def test_what_another_runner_has_done_is_not_done_twice(hub: Hub, relay: Relay, watch: Watch) -> None:
    reports = accepted(hub, watch, [f"一居垃圾抢先{n}" for n in range(4)], merge="off")
    stale = queue.peek(2)
    assert hub.run_once() == 4
    before = write.snapshot()
    with pytest.raises(Unavailable, match="another runner"):
        relays._write(stale, [])
    assert write.snapshot() == before
    assert None not in homes(reports)


def test_a_fact_that_is_no_report_waits_until_the_batch_before_is_durable(
    hub: Hub, relay: Relay, watch: Watch, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[tuple[set[str], int]] = []

    def desk(opened: Sequence[Fact] = (), aside: Executor | None = None) -> Any:
        seen.append(({fact.kind for fact in queue.peek(9)}, len(opened)))
        return hub.desk(opened, aside)

    accepted(hub, watch, [f"一居垃圾排在前{n}" for n in range(2)], merge="off")
    case = homes([hub.take_in([normalise({"text": "一居垃圾在后"}, watch())])[0].report])[0]
    row = cases.rows([case])[case]
    again = Fact(hub.ids.take(), Kind.CLASSIFIED, case, watch(), place=row["place"], payload={"category": "none"})
    queue.put([again])
    drained(replace(relay, make_desk=desk))
    assert seen == [({Kind.REPORTED, Kind.CLASSIFIED}, 0), ({Kind.CLASSIFIED}, 0)]


def test_one_runner_works_and_another_stands_by(hub: Hub) -> None:
    with connections[ROAD].copy().cursor() as other:
        other.execute("SELECT pg_try_advisory_lock(hashtext('zhongshu runner'))")
        assert other.fetchone() == (True,)
        assert not queue.lead()
        other.execute("SELECT pg_advisory_unlock(hashtext('zhongshu runner'))")
        other.db.close()
    assert queue.lead()
    connections[ROAD].close()
