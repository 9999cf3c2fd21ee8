"""The whole road on a real database: from a citizen's words to proven closure."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from tests import town
from tests.conftest import Watch
from zhongshu.data import cases, ledger, queue, write
from zhongshu.hub.hub import Hub, Receipt
from zhongshu.hub.sense.normalise import normalise
from zhongshu.kernel.errors import IllegalMove, NotFound
from zhongshu.kernel.facts import Kind
from zhongshu.kernel.lifecycle import Role

HANDLER = town.viewer(town.STREET, "office", Role.HANDLER, user=11)
CHECKER = town.viewer(town.DISTRICT, "command", Role.CHECKER, user=12)
OPERATOR = town.viewer(town.CITY, "command", Role.OPERATOR, Role.ARBITER, user=13)


def report(hub: Hub, watch: Watch, text: str, **more: Any) -> Receipt:
    return hub.take_in([normalise({"text": text, **more}, watch())])[0]


def kinds(receipt: Receipt) -> list[str]:
    return [fact.kind for fact in receipt.facts]


def case_of(receipt: Receipt) -> int:
    return receipt.facts[0].subject


def row(case: int) -> Any:
    return cases.rows([case])[case]


def test_report_reaches_the_street_with_deadlines(hub: Hub, watch: Watch) -> None:
    receipt = report(hub, watch, "一居门口垃圾没人收", phone="13800000000")
    assert kinds(receipt) == [Kind.JUDGED, Kind.DECIDED, Kind.DISPATCHED]
    case = row(case_of(receipt))
    assert (case["host"], case["state"], case["duty"]) == (f"{town.STREET}-office", "dispatched", "D1")
    assert case["due_at"].startswith("2026-06-01T10:00"), (
        "240 working minutes over the lunch break end at 16:00 city time"
    )
    assert receipt.facts[1].payload["matched"]["category"] == "rubbish"


def test_to_proven_closure(hub: Hub, watch: Watch) -> None:
    case = case_of(report(hub, watch, "一居垃圾堆积", phone="13800000001"))
    hub.act(HANDLER, case, Kind.SIGNED, {})
    hub.act(HANDLER, case, Kind.HANDLED, {"result": "已清运"})
    with pytest.raises(IllegalMove, match="can't check"):
        hub.act(replace(CHECKER, user=11), case, Kind.CHECK_PASSED, {})
    hub.act(CHECKER, case, Kind.CHECK_PASSED, {})
    reporter = row(case)["reporters"][0]["report"]
    facts = hub.act(
        OPERATOR, case, Kind.CALLED_BACK, {"report": reporter, "contacted": True, "solved": True, "satisfaction": 3}
    )
    assert [fact.kind for fact in facts] == [Kind.CALLED_BACK, Kind.CLOSED, Kind.EVALUATED]
    assert row(case)["state"] == "closed"
    assert facts[-1].payload["on_time"] is True


def test_unsolved_opens_again(hub: Hub, watch: Watch) -> None:
    case = case_of(report(hub, watch, "一居垃圾又堆积", phone="13800000002"))
    hub.act(HANDLER, case, Kind.SIGNED, {})
    hub.act(HANDLER, case, Kind.HANDLED, {"result": "已清运"})
    hub.act(CHECKER, case, Kind.CHECK_PASSED, {})
    reporter = row(case)["reporters"][0]["report"]
    facts = hub.act(OPERATOR, case, Kind.CALLED_BACK, {"report": reporter, "contacted": True, "solved": False})
    assert [fact.kind for fact in facts][1:] == [Kind.REDONE, Kind.JUDGED, Kind.DECIDED, Kind.DISPATCHED]
    again = row(case)
    assert (again["state"], again["reopened"], again["reporters"][0]["called"]) == ("dispatched", 1, False)


def test_check_failed_is_rework(hub: Hub, watch: Watch) -> None:
    case = case_of(report(hub, watch, "一居垃圾满地"))
    hub.act(HANDLER, case, Kind.SIGNED, {})
    hub.act(HANDLER, case, Kind.HANDLED, {"result": "已清运"})
    hub.act(CHECKER, case, Kind.CHECK_FAILED, {"reason": "照片不符"})
    assert (row(case)["state"], row(case)["reworked"]) == ("handling", 1)
    hub.act(HANDLER, case, Kind.HANDLED, {"result": "再次清运"})
    assert [fact.kind for fact in hub.act(CHECKER, case, Kind.CHECK_PASSED, {})][-2:] == [Kind.CLOSED, Kind.EVALUATED]


def test_condition_picks_the_more_specific_duty(hub: Hub, watch: Watch) -> None:
    inside = row(case_of(report(hub, watch, "一居小区地下室积水")))
    outside = row(case_of(report(hub, watch, "一居路口积水")))
    assert (inside["duty"], outside["duty"]) == ("D2", "D3")
    assert outside["assists"] == [f"{town.STREET}-office"]
    assert outside["urgency"] == 2, "an urgent category raises the case"


@pytest.mark.parametrize(
    ("text", "why"),
    [("一居无人管的事", "no duty"), ("一居楼顶违建", "recalled"), ("不知哪里的垃圾", "does not tell which unit")],
    ids=["no duty", "recalled", "vague place"],
)
def test_nothing_matches_is_arbitration_never_silence(hub: Hub, watch: Watch, text: str, why: str) -> None:
    receipt = report(hub, watch, text)
    assert kinds(receipt) == [Kind.JUDGED, Kind.UNDECIDED]
    assert why in receipt.facts[1].payload["reason"]
    case = case_of(receipt)
    facts = hub.act(OPERATOR, case, Kind.RULED, {"host": f"{town.DISTRICT}-housing", "reason": "会商"})
    assert [fact.kind for fact in facts] == [Kind.RULED, Kind.DISPATCHED]
    assert row(case)["host"] == f"{town.DISTRICT}-housing"


def test_unsure_waits_for_a_person_who_classifies(hub: Hub, watch: Watch) -> None:
    receipt = report(hub, watch, "一居难分的事")
    assert kinds(receipt) == [Kind.UNCLEAR]
    facts = hub.act(OPERATOR, case_of(receipt), Kind.CLASSIFIED, {"category": "rubbish"})
    assert [fact.kind for fact in facts] == [Kind.CLASSIFIED, Kind.DECIDED, Kind.DISPATCHED]


def test_a_return_goes_to_arbitration(hub: Hub, watch: Watch) -> None:
    case = case_of(report(hub, watch, "一居垃圾不归我管"))
    facts = hub.act(HANDLER, case, Kind.RETURNED, {"reason": "属市政"})
    assert [fact.kind for fact in facts] == [Kind.RETURNED, Kind.UNDECIDED]
    assert row(case)["returned"] == 1


def test_same_words_same_place_are_one_case_with_two_reporters(hub: Hub, watch: Watch) -> None:
    at = {"lon": 113.26, "lat": 23.13}
    first = report(hub, watch, "一居垃圾臭气熏天", phone="1", **at)
    second = report(hub, watch, "一居垃圾臭气熏天", phone="2", **at)
    assert kinds(second) == [Kind.MERGED]
    assert case_of(first) == case_of(second)
    assert [one["report"] for one in row(case_of(first))["reporters"]] == [first.report, second.report]


def test_duplicates_within_one_batch_merge_too(hub: Hub, watch: Watch) -> None:
    raw = {"text": "一居垃圾批量", "lon": 113.4, "lat": 23.2}
    receipts = hub.take_in([normalise(raw, watch()), normalise(raw, watch())])
    assert [kinds(receipt)[0] for receipt in receipts] == [Kind.JUDGED, Kind.MERGED]


def test_split_gives_the_report_its_own_case(hub: Hub, watch: Watch) -> None:
    at = {"lon": 113.5, "lat": 23.3}
    first = report(hub, watch, "一居垃圾桶翻倒", **at)
    second = report(hub, watch, "一居垃圾桶翻倒", **at)
    facts = hub.act(OPERATOR, case_of(first), Kind.SPLIT, {"report": second.report, "reason": "不同楼栋"})
    born = facts[1]
    assert (born.kind, born.payload["report"]) == (Kind.JUDGED, second.report)
    assert row(born.subject)["reports"] == 1
    assert row(case_of(first))["reports"] == 1


def test_a_key_is_taken_in_once(hub: Hub, watch: Watch) -> None:
    first = report(hub, watch, "一居垃圾幂等", source="web", key="k1")
    again = report(hub, watch, "一居垃圾幂等", source="web", key="k1")
    assert (first.new, again.new, again.report) == (True, False, first.report)


def test_a_room_that_raises_sticks_its_own_case_only(hub: Hub, watch: Watch) -> None:
    raws = [{"text": "一居垃圾甲"}, {"text": "一居爆"}, {"text": "一居垃圾乙"}]
    receipts = hub.take_in([normalise(raw, watch()) for raw in raws])
    assert [kinds(receipt)[-1] for receipt in receipts] == [Kind.DISPATCHED, Kind.STUCK, Kind.DISPATCHED]
    stuck = receipts[1].facts[0].payload
    assert stuck["sentence"] == "judge: RuntimeError: the model broke"
    assert "Traceback" in stuck["trace"]


def test_queued_reports_travel_with_the_runner(hub: Hub, watch: Watch) -> None:
    receipts = hub.accept([normalise({"text": f"一居垃圾排队{n}"}, watch()) for n in range(30)])
    assert queue.waiting() == 30
    assert (hub.run_once(20), hub.run_once(20), hub.run_once(20)) == (20, 10, 0)
    assert cases.report_row(receipts[7].report)["case"] is not None  # type: ignore[index]


def test_overdue_goes_one_level_up_each_time(hub: Hub, watch: Watch) -> None:
    case = case_of(report(hub, watch, "一居垃圾超期"))
    watch.now += timedelta(days=3)
    assert hub.advance() >= 2
    assert (row(case)["overdue"], row(case)["escalated"]) == (True, 2)
    assert hub.advance() == 0, "a clock is told once"


def test_neighbour_street_can_not_act(hub: Hub, watch: Watch) -> None:
    case = case_of(report(hub, watch, "一居垃圾越权"))
    stranger = town.viewer(town.NEXT_STREET, "office", Role.HANDLER)
    with pytest.raises(NotFound):
        hub.act(stranger, case, Kind.SIGNED, {})
    with pytest.raises(IllegalMove, match="not"):
        hub.act(town.viewer(town.DISTRICT, "water", Role.HANDLER), case, Kind.SIGNED, {})
    with pytest.raises(IllegalMove, match="无权"):
        hub.act(OPERATOR, case, Kind.SIGNED, {})
    with pytest.raises(IllegalMove, match="reason"):
        hub.act(HANDLER, case, Kind.RETURNED, {})


def test_rebuilt_projections_equal_the_live_ones_row_for_row(hub: Hub, watch: Watch) -> None:
    report(hub, watch, "一居垃圾重算")
    live = write.snapshot()
    assert len(live["case"]) > 15
    write.rebuild(batch=7)
    assert write.snapshot() == live


def test_the_chain_holds(hub: Hub, watch: Watch) -> None:
    report(hub, watch, '一居垃圾链 "引号" \\ 反斜杠 é 𠀀')
    assert list(ledger.verify()) == []


def propose(hub: Hub, watch: Watch) -> tuple[int, int, Receipt]:
    """Two cases a hundred metres apart that may be one matter: (first, second, second's receipt)."""
    first = report(hub, watch, "一居垃圾成山臭不可闻", lon=113.61, lat=23.41, phone="1")
    second = report(hub, watch, "一居这边的垃圾桶满了没人倒", lon=113.6102, lat=23.41, phone="2")
    assert kinds(second)[:2] == [Kind.JUDGED, Kind.MERGE_PROPOSED]
    return case_of(first), case_of(second), second


def test_a_proposal_accepted_moves_the_reporter_and_ends_the_emptied_case(hub: Hub, watch: Watch) -> None:
    first, second, receipt = propose(hub, watch)
    proposal = next(fact.id for fact in receipt.facts if fact.kind == Kind.MERGE_PROPOSED)
    facts = hub.act(OPERATOR, first, Kind.MERGED, {"report": receipt.report, "proposal": proposal})
    assert [fact.kind for fact in facts] == [Kind.MERGED, Kind.ABSORBED]
    assert (row(first)["reports"], row(second)["reports"], row(second)["state"]) == (2, 0, "closed")
    assert receipt.report in [one["report"] for one in row(first)["reporters"]]
    with pytest.raises(IllegalMove, match="already"):
        hub.act(OPERATOR, first, Kind.MERGED, {"report": receipt.report})
    watch.now += timedelta(days=2)
    hub.advance()
    assert row(second)["overdue"] is False, "an absorbed case has no running clock"


def test_a_proposal_declined_leaves_both_cases(hub: Hub, watch: Watch) -> None:
    watch.now += timedelta(days=30)
    first, second, receipt = propose(hub, watch)
    proposal = next(fact.id for fact in receipt.facts if fact.kind == Kind.MERGE_PROPOSED)
    hub.act(OPERATOR, second, Kind.MERGE_DECLINED, {"proposal": proposal})
    assert {row(first)["state"], row(second)["state"]} == {"dispatched"}
    live = write.snapshot()
    write.rebuild()
    assert write.snapshot() == live
