"""A street returns a case with a clause number: who rules, in how long, and what of the next like case?"""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from tests import town
from tests.conftest import Watch
from zhongshu.data import cases
from zhongshu.hub.hub import Hub
from zhongshu.hub.sense.normalise import normalise
from zhongshu.kernel.facts import Fact, Kind
from zhongshu.kernel.lifecycle import BY_KIND, Role

STREET = town.viewer(town.STREET, "office", Role.HANDLER, user=11)
NEXT = town.viewer(town.NEXT_STREET, "office", Role.HANDLER, user=16)
ARBITER = town.viewer(town.DISTRICT, "command", Role.ARBITER, user=13)
CLAUSE = "街道权责清单第 3.2 条"


def take(hub: Hub, watch: Watch, text: str) -> list[Fact]:
    return list(hub.take_in([normalise({"text": text, "merge": "off"}, watch())])[0].facts)


@pytest.mark.practitioner
def test_who_rules_in_how_long_and_does_the_next_like_case_go_right_at_once(
    hub: Hub, watch: Watch, capsys: pytest.CaptureFixture[str]
) -> None:
    office, housing = f"{town.STREET}-office", f"{town.DISTRICT}-housing"
    case = take(hub, watch, "一居物业小区内垃圾没人清")[0].subject
    hub.act(STREET, case, Kind.RETURNED, {"reason": "物业管理区域", "clause": CLAUSE, "suggested": housing})
    asked = cases.rows([case])[case]
    rule = next(clock for clock in asked["clocks"] if clock["name"] == "rule")
    assert (asked["state"], asked["undecided"]["clause"]) == ("undecided", CLAUSE)
    assert asked["undecided"]["suggestions"][0]["unit"] == housing
    assert BY_KIND[Kind.RULED].roles == {Role.ARBITER}
    assert rule["minutes"] == 960
    running = {clock["name"] for clock in asked["clocks"] if not clock["stopped_at"]}
    assert running == {"rule"}, "the unit's clocks stand, the arbiter's runs"

    watch.now += timedelta(hours=3)
    ruled = hub.act(ARBITER, case, Kind.RULED, {"host": housing, "reason": "物业管理区域归住建"})
    took = watch.now - town.NOON
    assert [fact.kind for fact in ruled] == [Kind.RULED, Kind.DISPATCHED]

    following = take(hub, watch, "二居物业小区内垃圾又没人清")
    decided = following[1]
    assert [fact.kind for fact in following] == [Kind.JUDGED, Kind.DECIDED, Kind.DISPATCHED]
    assert decided.payload["host"] == housing
    assert decided.payload["route"] == "precedent"
    assert decided.payload["precedent"]["ruling"] == ruled[0].id
    assert decided.payload["precedent"]["clause"] == CLAUSE

    due = datetime.fromisoformat(rule["due_at"])
    lines = [
        "问 2：街道凭条款退单，谁裁定、多久、下一件同类案件是否直接到位？",
        f"  退单 {office}，依据“{CLAUSE}”，建议 {housing}",
        f"  裁定岗 {ARBITER.post}；时限 {rule['minutes']} 工作分钟（{rule['calendar']}），至 {due:%Y-%m-%d %H:%M} UTC",
        f"  实际 {took}；裁定由 {housing} 承办",
        f"  下一件（另一街道）直接派往 {decided.payload['host']}：{decided.payload['reasons'][0]}",
    ]
    with capsys.disabled():
        print("\n" + "\n".join(lines))  # noqa: T201  the question is answered in print
