"""Rates from the ledger: right denominators, and a past day counted again gives what it gave then."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from tests import town
from tests.conftest import Watch
from zhongshu.data import cases
from zhongshu.data.databases import OWNER
from zhongshu.data.figures import rules
from zhongshu.data.figures.counting import Asked, Cut, counted, crossed
from zhongshu.hub.hub import Hub
from zhongshu.hub.sense.normalise import normalise
from zhongshu.kernel.facts import Kind
from zhongshu.kernel.lifecycle import Role

HANDLER = town.viewer(town.STREET, "office", Role.HANDLER, user=11)
CHECKER = town.viewer(town.DISTRICT, "command", Role.CHECKER, user=12)
OPERATOR = town.viewer(town.CITY, "command", Role.OPERATOR, user=13)


def live_through(hub: Hub, watch: Watch, text: str, **answer: Any) -> int:
    """One case from report to call-back, ten minutes a step."""
    receipt = hub.take_in([normalise({"text": text, "phone": "1"}, watch())])[0]
    case = receipt.facts[0].subject
    for viewer, kind, payload in (
        (HANDLER, Kind.SIGNED, {}),
        (HANDLER, Kind.HANDLED, {"result": "已清运垃圾"}),
        (CHECKER, Kind.CHECK_PASSED, {}),
        (OPERATOR, Kind.CALLED_BACK, {"report": receipt.report, **answer}),
    ):
        watch.now += timedelta(minutes=10)
        hub.act(viewer, case, kind, payload)
    return case


def figures(start: Any, end: Any, cut: Cut | None = None) -> dict[str, dict[str, int]]:
    return counted(Asked(start, end, cut or Cut()), OWNER)


def rate(counters: dict[str, int], code: str) -> float | None:
    return rules.in_force(using=OWNER).formula(code).rate(counters).value


def test_rates_over_valid_call_backs_and_due_to_close(hub: Hub, watch: Watch) -> None:
    start = watch.now
    live_through(hub, watch, "一居垃圾甲", contacted=True, responded=True, solved=True, satisfaction=5)
    live_through(hub, watch, "一居垃圾乙", contacted=True, responded=False, solved=True, satisfaction=3)
    live_through(hub, watch, "一居垃圾丙", contacted=False)
    redone = live_through(hub, watch, "一居垃圾丁", contacted=True, responded=True, solved=False, satisfaction=1)
    first_day = watch.now + timedelta(minutes=1)
    then = figures(start, first_day)[""]
    assert (then["asked"], then["valid"], then["responded"], then["solved"]) == (4, 3, 2, 2)
    assert (then["no_contact"], then["redone"], then["unsolved"]) == (1, 1, 1)
    assert rate(then, "satisfaction") == (1 + 0.9) / 3
    assert (then["archive"], then["need_archive"], then["intime_archive"]) == (3, 4, 3)
    assert (then["report"], then["valid_report"], then["operate"], then["inst"]) == (4, 4, 4, 4)
    assert (then["dispatch"], then["dispose"], then["intime_dispose"], then["check"]) == (5, 4, 4, 4)

    watch.now += timedelta(days=5)
    hub.advance()
    later = figures(start, watch.now + timedelta(minutes=1))[""]
    assert cases.rows([redone])[redone]["overdue"] is True
    assert (later["archive"], later["late"], later["need_archive"]) == (3, 1, 4), "late and open counts against, once"
    assert figures(start, first_day)[""] == then, "the past day is what it was"

    street = f"{town.STREET}-office"
    assert set(figures(start, watch.now, Cut("unit"))) == {"", street}, "a report belongs to no unit yet"
    assert set(figures(start, watch.now, Cut("grid"))) == {f"{town.COMMUNITY}-1"}
    assert set(figures(start, watch.now, Cut("place", 6))) == {"990101"}
    assert set(figures(start, first_day, Cut("day"))) == {"2026-06-01"}
    assert figures(start, first_day, Cut("level", mapping={street: "street"}))["street"]["dispose"] == 4
    cohorts = Cut("cohort", 9, {town.STREET[:9]: "old"})
    assert figures(start, first_day, cohorts)["old"] == then


def test_no_call_back_is_no_rate(hub: Hub, watch: Watch) -> None:
    assert figures(watch.now - timedelta(days=9), watch.now - timedelta(days=8)) == {}


def test_a_case_of_two_reporters_counts_both(hub: Hub, watch: Watch) -> None:
    watch.now += timedelta(days=30)
    start = watch.now
    said = {"text": "一居垃圾满地没人扫", "lon": 113.3, "lat": 23.1}
    first, second = hub.take_in([normalise({**said, "phone": phone}, watch()) for phone in ("1", "2")])
    case = first.facts[0].subject
    assert [fact.kind for fact in second.facts] == [Kind.MERGED]
    hub.act(HANDLER, case, Kind.SIGNED, {})
    hub.act(HANDLER, case, Kind.HANDLED, {"result": "已清运垃圾"})
    hub.act(CHECKER, case, Kind.CHECK_PASSED, {})
    for receipt, satisfaction in ((first, 2), (second, 4)):
        answer = {"contacted": True, "solved": True, "satisfaction": satisfaction}
        hub.act(OPERATOR, case, Kind.CALLED_BACK, {"report": receipt.report, **answer})
    found = figures(start, watch.now + timedelta(minutes=1))[""]
    assert (found["valid"], found["solved"], found["archive"]) == (2, 2, 1)
    assert (found["report"], found["merged"], found["operate"]) == (2, 1, 1)
    assert rate(found, "satisfaction") == 0.5


def test_two_cuts_are_counted_in_one_reading(hub: Hub, watch: Watch) -> None:
    start = watch.now
    live_through(hub, watch, "一居垃圾双", contacted=True, responded=True, solved=True, satisfaction=5)
    hub.take_in([normalise({"text": "二居垃圾双", "phone": "2"}, watch())])
    unit, place = Cut("unit"), Cut("place", 12)
    end = watch.now + timedelta(minutes=1)
    both = crossed(Asked(start, end, unit), place, OWNER)
    assert both == (figures(start, end, unit), figures(start, end, place))
    assert [len(found) > 1 for found in both] == [True, True]
