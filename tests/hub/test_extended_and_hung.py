"""A practitioner asks: the unit extended twice and hung once. Is it overdue? Proved from the event log."""

from __future__ import annotations

import sys
from datetime import datetime, timedelta

import pytest

from tests import town
from tests.conftest import Watch
from zhongshu.data import cases, timing
from zhongshu.data.counting import Count, count
from zhongshu.hub.clock_page import page
from zhongshu.hub.hub import Hub
from zhongshu.hub.sense.normalise import normalise
from zhongshu.kernel.clocks import CITY_TIME
from zhongshu.kernel.facts import Kind
from zhongshu.kernel.lifecycle import Role

pytestmark = pytest.mark.practitioner
HANDLER = town.viewer(town.STREET, "office", Role.HANDLER, user=11)
CHECKER = town.viewer(town.DISTRICT, "command", Role.CHECKER, user=12)
CHIEF = town.viewer(town.DISTRICT, "command", Role.CHIEF, user=14)


def city(day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2026, 6, day, hour, minute, tzinfo=CITY_TIME)


HISTORY = (
    (city(17, 9, 30), HANDLER, Kind.SIGNED, {}),
    (city(17, 10), HANDLER, Kind.EXTENSION_ASKED, {"reason": "须调配吊车", "extra_minutes": 180}),
    (city(17, 11), CHIEF, Kind.EXTENDED, {}),
    (city(17, 14), HANDLER, Kind.EXTENSION_ASKED, {"reason": "业主不在场", "extra_minutes": 240}),
    (city(17, 15), CHIEF, Kind.EXTENDED, {"extra_minutes": 120}),
    (city(17, 16), HANDLER, Kind.HANG_ASKED, {
        "reason_code": "budget", "reason": "待财政资金", "review_on": "2026-07-01", "owner": "街道办主任",
    }),
    (city(17, 17), CHIEF, Kind.HUNG, {}),
    (city(18, 15), HANDLER, Kind.RESUMED, {"reason": "资金到位"}),
)  # fmt: skip
"""240 minutes from 09:00 on Wednesday the 17th; +180, +120 (of 240 asked); hung after 360, resumed on Thursday."""

ANSWER_IN_TIME = """\
【处置 handle】 限 limit 540 分 min · office@1
  起 start  2026-06-17 09:00  派遣 Dispatched  (事实 fact #)
  计 count  2026-06-17 09:00 → 2026-06-17 11:00  = 120 分 min · office@1
      2026-06-17 周三  09:00–11:00  120
  变 change 2026-06-17 11:00  准予延期 Extended (事实 fact #): 限 limit 420 min · 到期 due 2026-06-17 18:00 · office@1
  计 count  2026-06-17 11:00 → 2026-06-17 15:00  = 120 分 min · office@1
      2026-06-17 周三  11:00–12:00 14:00–15:00  120
  变 change 2026-06-17 15:00  准予延期 Extended (事实 fact #): 限 limit 540 min · 到期 due 2026-06-18 11:00 · office@1
  计 count  2026-06-17 15:00 → 2026-06-17 17:00  = 120 分 min · office@1
      2026-06-17 周三  15:00–17:00  120
  停 pause  2026-06-17 17:00 → 2026-06-18 15:00  不计 not counted · 挂账 Hung: budget 待财政资金 (事实 fact #)
  变 change 2026-06-18 15:00  解挂 Resumed (事实 fact #): 限 limit 540 min · 到期 due 2026-06-18 18:00 · office@1
"""


@pytest.fixture
def case(hub: Hub, watch: Watch) -> int:
    watch.now = city(17, 9)
    receipt = hub.take_in([normalise({"text": "一居垃圾要吊车才能清"}, watch())])[0]
    for moment, person, kind, payload in HISTORY:
        watch.now = moment
        hub.advance()
        hub.act(person, receipt.facts[0].subject, kind, payload)
    return receipt.facts[0].subject


def told(case: int, at: datetime) -> tuple[Count, str]:
    """The clock of handling and what is said of it, with the numbers of facts left out."""
    facts = timing.facts_of(case)
    handle = next(one for one in count(facts, town.KNOWLEDGE.calendar, at) if one.name == "handle")
    said = page([handle], "四问：延期两次、挂账一次，是否逾期？", at)
    numbers = {str(fact.id) for fact in facts}
    for number in sorted(numbers, key=len, reverse=True):
        said = said.replace(f"fact {number})", "fact #)")
    return handle, said


def test_handled_within_the_limit_it_is_not_overdue(hub: Hub, watch: Watch, case: int) -> None:
    watch.now = city(18, 17, 59)
    hub.advance()
    hub.act(HANDLER, case, Kind.HANDLED, {"result": "已清运"})
    watch.now = city(22, 10)
    hub.act(CHECKER, case, Kind.CHECK_PASSED, {})
    handle, said = told(case, watch())
    sys.stdout.write(said)
    assert ANSWER_IN_TIME in said
    assert "合计 used 539 / 540 分 min · 到期 due 2026-06-18 18:00 · 按时 in time" in said
    assert (handle.late, handle.used, handle.limit) == (False, 539, 240 + 180 + 120)
    assert cases.rows([case])[case]["overdue"] is False, "the road says the same"


def test_one_minute_after_the_limit_it_is(hub: Hub, watch: Watch, case: int) -> None:
    watch.now = city(18, 18) + timedelta(seconds=1)
    hub.advance()
    watch.now = city(20, 9, 1)
    handle, said = told(case, watch())
    sys.stdout.write(said)
    assert (handle.late, handle.limit) == (True, 540)
    assert "已逾期 LATE，2026-06-18 18:00 记录 recorded" in said
    assert "放假不计 holidays not counted: 2026-06-19" in said
    assert "2026-06-20 周六  09:00–09:01  1  （调休上班 make-up workday）" in said
    assert handle.used == 541, "the holiday did not count, the make-up Saturday did"
    assert cases.rows([case])[case]["overdue"] is True, "the road says the same"


def test_an_extension_after_the_limit_is_refused_and_erases_nothing(hub: Hub, watch: Watch, case: int) -> None:
    watch.now = city(22, 10)
    hub.advance()
    with pytest.raises(Exception, match="已超过办理时限"):
        hub.act(HANDLER, case, Kind.EXTENSION_ASKED, {"reason": "再延", "extra_minutes": 600})
    handle, _ = told(case, watch())
    assert (handle.late, handle.limit) == (True, 540)
