"""Question 3: two hundred people report one burst pipe by four channels. How many cases, how many call-backs, what
does 解决率 count?"""

from __future__ import annotations

import sys
from datetime import timedelta

import pytest

from tests import town
from tests.conftest import Watch
from tests.hub.test_closure import PATIENT, call
from tests.hub.test_evaluate import CHECKER, OPERATOR, figures, rate
from zhongshu.data import cases
from zhongshu.hub.hub import Hub
from zhongshu.hub.sense.normalise import normalise
from zhongshu.kernel.facts import Kind
from zhongshu.kernel.lifecycle import Role

WATER = town.viewer(town.DISTRICT, "water", Role.HANDLER, user=41)
CHANNELS = ("phone", "web", "app", "grid")
SAID = (
    "一居路口水管破裂，积水很深",
    "一居路口的水管破裂了，积水很深",
    "一居路口水管破裂积水很深，快来人",
    "一居路口水管破裂，积水很深很急",
)
PEOPLE = 200


@pytest.mark.practitioner
def test_two_hundred_people_one_burst_pipe(database: str, watch: Watch, capsys: pytest.CaptureFixture[str]) -> None:
    hub = Hub(lambda: PATIENT, watch)
    start = watch.now
    receipts = []
    for n in range(PEOPLE):
        watch.now += timedelta(seconds=20)
        said = {"text": SAID[n % 4], "channel": CHANNELS[n // 50], "phone": f"138{n:08}"}
        near = {"lon": 113.3 + (n % 7) * 2e-5, "lat": 23.1 + (n % 5) * 2e-5}
        receipts += hub.take_in([normalise({**said, **near}, watch())])
    found = figures(start, watch.now + timedelta(days=1))[""]
    assert (found["report"], found["operate"], found["merged"]) == (PEOPLE, 1, PEOPLE - 1)
    case = receipts[0].facts[0].subject
    assert cases.rows([case])[case]["reports"] == PEOPLE

    hub.act(WATER, case, Kind.SIGNED, {})
    hub.act(WATER, case, Kind.HANDLED, {"result": "已关阀抢修，恢复供水"})
    hub.act(CHECKER, case, Kind.CHECK_PASSED, {})
    reached, unreached = receipts[:140], receipts[140:]
    for _attempt in range(3):
        for receipt in unreached:
            call(hub, case, receipt, contacted=False)
    for n, receipt in enumerate(reached):
        facts = call(hub, case, receipt, contacted=True, solved=True, satisfaction=5 if n % 2 else 3)
    assert [fact.kind for fact in facts][-2:] == [Kind.CLOSED, Kind.EVALUATED]
    counters = figures(start, watch.now + timedelta(days=1))[""]
    assert (counters["call_back"], counters["asked"], counters["valid"]) == (320, 200, 140)
    assert (counters["no_contact"], counters["solved"], counters["archive"]) == (60, 140, 1)
    assert rate(counters, "solve") == 1.0
    assert rate(counters, "valid_share") == 0.7
    assert OPERATOR.user != WATER.user
    with capsys.disabled():
        sys.stdout.write(
            f"\n问 3：{counters['report']} 人、4 个渠道反映同一处爆管 → 案件 {counters['operate']} 件，"
            f"并入诉求 {counters['merged']} 件；逐人回访 {counters['asked']} 人（拨打 {counters['call_back']} 次，"
            f"3 次未接通记为联系不上 {counters['no_contact']} 人），有效回访 {counters['valid']} 人。"
            f"解决率按人不按件："
            f"解决 {counters['solved']} ÷ 有效回访 {counters['valid']} = {rate(counters, 'solve'):.0%}；"
            f"联系不上的不在分母；办结 {counters['archive']} 件。\n"
        )
