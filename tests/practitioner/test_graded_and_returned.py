"""Question 7: this data set is marked 不予共享. On which clause? Which rule says it is too strict? Who may change it?
Question 6: what came down to this community this month? From whom, how late?"""

from __future__ import annotations

import sys
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from tests import exchange, town, town_hall
from tests.conftest import Watch
from tests.hub.resources.test_returns import flow
from tests.hub.resources.test_sharing import DATA, STREET, TOOLS, WATER
from zhongshu.data.returning import flows
from zhongshu.data.sharing import reading, rules
from zhongshu.data.sharing.grading import Finding
from zhongshu.hub.hub import Hub
from zhongshu.hub.resources import proceedings, returns
from zhongshu.hub.resources.moves import MOVES
from zhongshu.kernel.lifecycle import Role
from zhongshu.screen import gate

VILLAGE = town.viewer(town.COMMUNITY, "office", Role.HANDLER, user=81)


@pytest.fixture(scope="module")
def hub(database: str) -> Hub:
    town_hall.people()
    exchange.furnish()
    made = Hub(lambda: TOOLS, Watch())
    gate.install(made)
    return made


@pytest.mark.practitioner
def test_on_which_clause_by_which_rule_and_who_may_change_it(hub: Hub, capsys: pytest.CaptureFixture[str]) -> None:
    field = rules.fields()["gauges", "level"]
    verdict = rules.book().verdict(field)
    assert (field.share, field.clause) == ("3", "部门内部规定")
    assert (verdict.finding, verdict.sharing, verdict.share) == (Finding.OVER, Finding.OVER, "1")
    assert [(one.rule, one.name) for one in verdict.reasons] == [("G4", "公开后无危害")]

    given = {"items": "level", "purpose": "防汛值守", "basis": "《防洪法》第四十五条", "until": "2030-12-31"}
    asked = proceedings.begin(hub.desk, STREET, "sharing", given, "dataset:gauges").subject
    refusal = {"reason": "不予共享", "clause": field.clause}
    proceedings.act(hub.desk, DATA, asked, "reject", refusal)
    cost = reading.blocked(DATA)["gauges", "level"]
    assert cost == 1

    review = {"items": "level", "reason": "内部规定不是法律依据"}
    number = proceedings.begin(hub.desk, STREET, "regrade", review, "dataset:gauges").subject
    changers = {
        move.side: sorted(move.roles)
        for move in MOVES.values()
        if move.key.startswith("regrade.") and move.target == "changed"
    }
    assert changers == {"provider": ["chief", "handler"], "bureau": ["arbiter", "chief"]}
    proceedings.act(hub.desk, replace(WATER, user=99), number, "adopt", {"reason": "采纳规则推导"})
    now = rules.fields()["gauges", "level"]
    assert (now.grade, now.share, rules.reviewed()["gauges", "level"]["reason"]) == ("1", "1", "采纳规则推导")
    with capsys.disabled():
        sys.stdout.write(
            f"\n问 7：水位不予共享，依据“{field.clause}”，不是法律条款；规则 G4“公开后无危害”推导为 1 级、"
            f"无条件共享，偏严 {verdict.steps} 级，已挡住 {cost} 件申请；可由提供方负责人采纳，"
            f"不采纳则由数据管理部门裁定，现已改为 1 级。\n"
        )


@pytest.mark.practitioner
def test_what_came_down_this_month_from_whom_and_how_late(hub: Hub, capsys: pytest.CaptureFixture[str]) -> None:
    flow("U", "up", "name;state")
    flow("D", "down", "name;state", "U", "table")
    flow("W", "up", "phone")
    flow("X", "down", "phone", "W", "push")
    march, april = date(2026, 3, 1), date(2026, 4, 1)
    past = [
        (code, period, datetime(2026, period.month, 28, tzinfo=UTC), {town.COMMUNITY: 40, town.NEXT_COMMUNITY: 30})
        for code in ("U", "W")
        for period in (march, april)
    ]
    past += [
        ("D", march, datetime(2026, 4, 5, tzinfo=UTC), {town.COMMUNITY: 40}),
        ("D", april, datetime(2026, 5, 14, tzinfo=UTC), {town.COMMUNITY: 41}),
    ]
    assert returns.past(hub.desk, past) == 6
    may = datetime(2026, 5, 1, tzinfo=UTC), datetime(2026, 6, 1, tzinfo=UTC)
    (came,) = flows.came(VILLAGE, *may)
    late = (came["at"] - came["due_at"]).days + 1
    assert (came["flow"], came["rows"], came["period"], late) == ("D", 41, april, 4)
    seen = returns.picture(VILLAGE, TOOLS.knowledge, hub.clock())
    missed = [(one.flow, one.period) for one in seen.missed(hub.clock())]
    assert missed == [("D", april), ("X", march), ("X", april)]
    assert seen.by_unit[exchange.WATER].share == 2 / 3
    assert flows.came(town.viewer(town.NEXT_COMMUNITY, "office", Role.HANDLER, user=82), *may) == []
    with capsys.disabled():
        sys.stdout.write(
            f"\n问 6：一居五月收到 1 项：{seen.flows['D'].name}（{exchange.WATER}），四月的 41 行，迟 {late} 天；"
            f"{seen.flows['X'].name} 三、四月都未回来；回流率 {seen.by_unit[exchange.WATER].share:.0%}。\n"
        )
