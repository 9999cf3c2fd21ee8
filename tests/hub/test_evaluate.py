"""Rates from the ledger: right denominators, and a past day counted again gives what it gave then."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from tests import town
from tests.conftest import Watch
from zhongshu.data import cases, evaluation
from zhongshu.data.databases import OWNER
from zhongshu.hub.hub import Hub
from zhongshu.hub.sense.normalise import normalise
from zhongshu.kernel.facts import Kind
from zhongshu.kernel.lifecycle import Role

HANDLER = town.viewer(town.STREET, "office", Role.HANDLER, user=11)
CHECKER = town.viewer(town.DISTRICT, "command", Role.CHECKER, user=12)
OPERATOR = town.viewer(town.CITY, "command", Role.OPERATOR, user=13)


def live_through(hub: Hub, watch: Watch, text: str, **answer: Any) -> int:
    """One case from report to call-back, an hour a step."""
    receipt = hub.take_in([normalise({"text": text, "phone": "1"}, watch())])[0]
    case = receipt.facts[0].subject
    for viewer, kind, payload in (
        (HANDLER, Kind.SIGNED, {}),
        (HANDLER, Kind.HANDLED, {"result": "好"}),
        (CHECKER, Kind.CHECK_PASSED, {}),
        (OPERATOR, Kind.CALLED_BACK, {"report": receipt.report, **answer}),
    ):
        watch.now += timedelta(minutes=10)
        hub.act(viewer, case, kind, payload)
    return case


def counted(start: Any, end: Any, cut: str = "all", length: int = 12) -> dict[str, evaluation.Figures]:
    return {one.key: one for one in evaluation.figures(start, end, cut, length, using=OWNER)}


def test_rates_over_valid_call_backs_and_due_to_close(hub: Hub, watch: Watch) -> None:
    start = watch.now
    live_through(hub, watch, "一居垃圾甲", contacted=True, responded=True, solved=True, satisfaction=5)
    live_through(hub, watch, "一居垃圾乙", contacted=True, responded=False, solved=True, satisfaction=3)
    live_through(hub, watch, "一居垃圾丙", contacted=False)
    reopened = live_through(hub, watch, "一居垃圾丁", contacted=True, responded=True, solved=False, satisfaction=1)
    first_day = watch.now + timedelta(minutes=1)
    all_then = counted(start, first_day)[""]
    assert (all_then.asked, all_then.valid, all_then.responded, all_then.solved) == (4, 3, 2, 2)
    assert all_then.rates["satisfaction"] == (1 + 0.9) / 3
    assert (all_then.closed, all_then.due, all_then.rates["on_time_closure"]) == (3, 3, 1.0)

    watch.now += timedelta(days=5)
    hub.advance()
    later = counted(start, watch.now + timedelta(minutes=1))[""]
    assert cases.rows([reopened])[reopened]["overdue"] is True
    assert (later.closed, later.late, later.rates["on_time_closure"]) == (3, 1, 0.75), "late and open counts against"
    assert counted(start, first_day)[""] == all_then, "the past day is what it was"

    assert set(counted(start, watch.now, "unit")) == {f"{town.STREET}-office"}
    assert set(counted(start, watch.now, "grid")) == {f"{town.COMMUNITY}-1"}
    assert set(counted(start, watch.now, "place", 6)) == {"990101"}
    assert set(counted(start, first_day, "day")) == {"2026-06-01"}


def test_no_call_back_is_no_rate(hub: Hub, watch: Watch) -> None:
    assert counted(watch.now - timedelta(days=9), watch.now - timedelta(days=8)) == {}


def test_a_case_of_two_reporters_counts_both(hub: Hub, watch: Watch) -> None:
    start = watch.now
    said = {"text": "一居垃圾满地没人扫", "lon": 113.3, "lat": 23.1}
    first, second = hub.take_in([normalise({**said, "phone": phone}, watch()) for phone in ("1", "2")])
    case = first.facts[0].subject
    assert [fact.kind for fact in second.facts] == [Kind.MERGED]
    hub.act(HANDLER, case, Kind.SIGNED, {})
    hub.act(HANDLER, case, Kind.HANDLED, {"result": "好"})
    hub.act(CHECKER, case, Kind.CHECK_PASSED, {})
    for receipt, satisfaction in ((first, 2), (second, 4)):
        answer = {"contacted": True, "solved": True, "satisfaction": satisfaction}
        hub.act(OPERATOR, case, Kind.CALLED_BACK, {"report": receipt.report, **answer})
    found = counted(start, watch.now + timedelta(minutes=1))[""]
    assert (found.valid, found.solved, found.closed) == (2, 2, 1)
    assert found.rates["satisfaction"] == 0.5
