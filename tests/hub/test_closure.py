"""Honest closure: every reporter is asked, nobody reached is its own result, unsolved is done again and counted."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from tests import town
from tests.conftest import Watch
from tests.hub.test_evaluate import CHECKER, HANDLER, OPERATOR, figures
from zhongshu.data import cases
from zhongshu.hub.hub import Hub, Receipt
from zhongshu.hub.sense.normalise import normalise
from zhongshu.kernel.errors import IllegalMove
from zhongshu.kernel.facts import Fact, Kind

PATIENT = replace(town.TOOLS, knowledge=replace(town.KNOWLEDGE, thresholds={"call_back_attempts": 3}))
SOLVED = {"contacted": True, "solved": True, "satisfaction": 4}


@pytest.fixture
def patient(database: str, watch: Watch) -> Hub:
    """A hub whose city calls three times before it gives up."""
    return Hub(lambda: PATIENT, watch)


def handled(hub: Hub, watch: Watch, text: str, phones: Sequence[str]) -> tuple[int, list[Receipt]]:
    """A case that so many people reported, handled and checked."""
    said = {"text": text, "lon": 113.3, "lat": 23.1}
    receipts = hub.take_in([normalise({**said, "phone": phone}, watch()) for phone in phones])
    case = receipts[0].facts[0].subject
    hub.act(HANDLER, case, Kind.SIGNED, {})
    hub.act(HANDLER, case, Kind.HANDLED, {"result": "已清运垃圾"})
    hub.act(CHECKER, case, Kind.CHECK_PASSED, {})
    return case, receipts


def call(hub: Hub, case: int, receipt: Receipt, **answer: Any) -> list[Fact]:
    return hub.act(OPERATOR, case, Kind.CALLED_BACK, {"report": receipt.report, **answer})


def kinds(facts: Sequence[Fact]) -> list[str]:
    return [fact.kind for fact in facts]


def test_every_reporter_of_a_merged_case_is_asked(patient: Hub, watch: Watch) -> None:
    case, receipts = handled(patient, watch, "一居垃圾一大堆没人清理", ["1", "2", "3"])
    assert kinds(call(patient, case, receipts[0], **SOLVED)) == [Kind.CALLED_BACK]
    assert kinds(call(patient, case, receipts[2], **SOLVED)) == [Kind.CALLED_BACK]
    assert cases.rows([case])[case]["state"] == "calling", "one of three has not been asked"
    facts = call(patient, case, receipts[1], **SOLVED)
    assert kinds(facts) == [Kind.CALLED_BACK, Kind.CLOSED, Kind.EVALUATED]
    assert (facts[1].payload["asked"], facts[1].payload["valid"], facts[1].payload["no_contact"]) == (3, 3, 0)


def test_nobody_reached_is_a_result_of_its_own(patient: Hub, watch: Watch) -> None:
    watch.now += timedelta(days=1)
    start = watch.now
    case, receipts = handled(patient, watch, "一居垃圾桶倒了", ["1"])
    for attempt in (1, 2):
        facts = call(patient, case, receipts[0], contacted=False)
        assert kinds(facts) == [Kind.CALLED_BACK]
        assert (facts[0].payload["attempt"], facts[0].payload["final"]) == (attempt, False)
        watch.now += timedelta(hours=1)
    facts = call(patient, case, receipts[0], contacted=False)
    assert kinds(facts) == [Kind.CALLED_BACK, Kind.CLOSED, Kind.EVALUATED]
    assert facts[1].payload["reason"].startswith("联系不上")
    found = figures(start, watch.now + timedelta(minutes=1))[""]
    assert (found["call_back"], found["asked"], found["no_contact"], found["valid"]) == (3, 1, 1, 0)
    assert (found["solved"], found["archive"]) == (0, 1), "closed, but nobody said that it is solved"


def test_reached_at_the_second_attempt(patient: Hub, watch: Watch) -> None:
    watch.now += timedelta(days=2)
    start = watch.now
    case, receipts = handled(patient, watch, "一居垃圾箱满了", ["1"])
    call(patient, case, receipts[0], contacted=False)
    facts = call(patient, case, receipts[0], **SOLVED)
    assert kinds(facts) == [Kind.CALLED_BACK, Kind.CLOSED, Kind.EVALUATED]
    assert (facts[1].payload["asked"], facts[1].payload["valid"]) == (1, 1)
    found = figures(start, watch.now + timedelta(minutes=1))[""]
    assert (found["call_back"], found["asked"], found["valid"], found["no_contact"]) == (2, 1, 1, 0)


def test_unsolved_is_done_again_and_counted(patient: Hub, watch: Watch) -> None:
    watch.now += timedelta(days=3)
    start = watch.now
    case, receipts = handled(patient, watch, "一居垃圾车漏水", ["1", "2"])
    call(patient, case, receipts[0], contacted=False)
    call(patient, case, receipts[0], **SOLVED)
    facts = call(patient, case, receipts[1], contacted=True, solved=False, satisfaction=1)
    assert Kind.REDONE in kinds(facts)
    row = cases.rows([case])[case]
    assert (row["state"], row["redone"], row["closed_at"]) == ("dispatched", 1, None)
    patient.act(HANDLER, case, Kind.SIGNED, {})
    patient.act(HANDLER, case, Kind.HANDLED, {"result": "再次清运垃圾"})
    patient.act(CHECKER, case, Kind.CHECK_PASSED, {})
    first = call(patient, case, receipts[0], contacted=False)
    assert first[0].payload["attempt"] == 1, "attempts of the round before don't count"
    call(patient, case, receipts[0], **SOLVED)
    assert kinds(call(patient, case, receipts[1], **SOLVED))[-1] == Kind.EVALUATED
    found = figures(start, watch.now + timedelta(minutes=1))[""]
    assert (found["redone"], found["unsolved"], found["solved"], found["valid"]) == (1, 1, 3, 4)
    assert (found["archive"], found["dispose"], found["need_archive"]) == (1, 2, 1)


def test_who_handled_never_says_that_it_is_done(patient: Hub, watch: Watch) -> None:
    watch.now += timedelta(days=4)
    receipts = patient.take_in([normalise({"text": "一居垃圾遍地", "phone": "1"}, watch())])
    case = receipts[0].facts[0].subject
    patient.act(HANDLER, case, Kind.SIGNED, {})
    patient.act(HANDLER, case, Kind.HANDLED, {"result": "已清运垃圾"})
    for kind, payload in ((Kind.CHECK_PASSED, {}), (Kind.CHECK_FAILED, {"reason": "没清"})):
        with pytest.raises(IllegalMove, match="can't check"):
            patient.act(replace(CHECKER, user=HANDLER.user), case, kind, payload)
    patient.act(CHECKER, case, Kind.CHECK_PASSED, {})
    with pytest.raises(IllegalMove, match="can't check"):
        patient.act(
            replace(OPERATOR, user=HANDLER.user), case, Kind.CALLED_BACK, {"report": receipts[0].report, **SOLVED}
        )
