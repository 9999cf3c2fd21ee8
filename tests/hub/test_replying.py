"""A reply is scored before it is sent: kept as numbers, held when it says nothing, counted, and found again."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import connections

from tests import town
from tests.conftest import Watch
from zhongshu.data import replies, write
from zhongshu.data.databases import OWNER
from zhongshu.data.figures.counting import Asked, Cut, counted
from zhongshu.hub import replying
from zhongshu.hub.hub import Hub, Move
from zhongshu.hub.sense.normalise import Intake
from zhongshu.kernel.errors import IllegalMove, NotFound
from zhongshu.kernel.facts import Fact, Kind
from zhongshu.kernel.lifecycle import Role

HANDLER = town.viewer(town.STREET, "office", Role.HANDLER, user=2)
ELSEWHERE = town.viewer(town.NEXT_STREET, "office", Role.HANDLER, user=3)
OPERATOR = town.viewer(town.CITY, "command", Role.OPERATOR, user=4)
GOOD = "经现场核实，一居垃圾满溢属实，已于6月1日清运完毕，并安排专人每日巡查。联系电话：0000-12345678。"
EMPTY = "您好，来信收悉，我们高度重视，感谢您的支持。"
BESIDE = "参保人员可凭身份证到服务大厅办理医疗保险缴费，个人标准为每年380元。"


def signed(hub: Hub, text: str, channel: str = "web") -> int:
    one = Intake(key=text, text=text, at=hub.clock(), channel=channel, source=channel, merge="off")
    case = next(fact.subject for fact in hub.take_in([one])[0].facts if fact.kind == Kind.JUDGED)
    hub.act(HANDLER, case, Kind.SIGNED, {})
    return case


def reply(hub: Hub, case: int, text: str, **more: Any) -> Fact:
    return hub.act(HANDLER, case, Kind.HANDLED, {"result": text, **more})[0]


def kept(case: int) -> list[tuple[Any, ...]]:
    with connections[OWNER].cursor() as cursor:
        cursor.execute('SELECT unit, flag, held, total FROM reply WHERE "case" = %s ORDER BY id', [case])
        return list(cursor.fetchall())


def test_a_good_reply_is_sent_and_kept_in_numbers(hub: Hub) -> None:
    fact = reply(hub, signed(hub, "一居 垃圾 满了没人清"), GOOD, despite="没有人问起的理由")
    score = fact.payload["reply"]
    assert (score["rubric"], score["flag"], score["held"]) == ("2", "", False)
    assert score["marks"]["timely"] == 1
    assert score["total"] > 0.6
    assert "despite" not in fact.payload
    assert GOOD not in str(score)
    assert kept(fact.subject) == [(HANDLER.unit, "", False, score["total"])]


@pytest.mark.parametrize(("text", "flag"), [(EMPTY, "套话"), ("已处理", "套话"), (BESIDE, "答非所问")])
def test_a_reply_that_says_nothing_needs_a_reason(hub: Hub, text: str, flag: str) -> None:
    case = signed(hub, f"一居 垃圾 成堆 {len(text)}")
    with pytest.raises(IllegalMove, match=flag):
        reply(hub, case, text)
    assert kept(case) == []
    fact = reply(hub, case, text, despite="当事人已当面说明，不需文字")
    assert fact.payload["despite"] == "当事人已当面说明，不需文字"
    assert fact.payload["reply"]["held"]
    assert kept(case)[0][2] is True


def test_a_short_deed_is_flagged_and_not_held(hub: Hub) -> None:
    fact = reply(hub, signed(hub, "一居 垃圾 一小堆"), "已清运")
    assert (fact.payload["reply"]["flag"], fact.payload["reply"]["held"]) == ("terse", False)


def test_timely_goes_by_the_clock_of_handling(hub: Hub, watch: Watch) -> None:
    case = signed(hub, "一居 垃圾 晚办")
    watch.now += timedelta(days=3)
    marks = reply(hub, case, GOOD).payload["reply"]["marks"]
    assert marks["timely"] == 0


def test_nobody_asked_so_nothing_is_scored(hub: Hub) -> None:
    fact = reply(hub, signed(hub, "一居 垃圾 巡查发现", channel="patrol"), "已办")
    assert "reply" not in fact.payload
    assert kept(fact.subject) == []


def test_every_reporter_of_a_merged_case_is_read(hub: Hub) -> None:
    case = signed(hub, "一居 垃圾 满了")
    other = Intake(
        key="m", text="垃圾桶盖坏了何时更换？一居", at=hub.clock(), channel="phone", source="phone", merge="off"
    )
    receipt = hub.take_in([other])[0]
    hub.act(OPERATOR, case, Kind.MERGED, {"report": receipt.report})
    points = reply(hub, case, GOOD).payload["reply"]["points"]
    assert len(points) == 2
    assert points[0] > points[1]


def test_in_bulk_only_what_is_held_stays(hub: Hub) -> None:
    cases = [signed(hub, f"一居 垃圾 批量{n}") for n in "甲乙"]
    patrol = signed(hub, "一居 垃圾 批量丙", channel="patrol")
    outcomes = hub.act_many([Move(HANDLER, one, Kind.HANDLED, {"result": "已处理"}) for one in [*cases, patrol]])
    assert [bool(one.error) for one in outcomes] == [True, True, False]
    again = hub.act_many([Move(HANDLER, one, Kind.HANDLED, {"result": GOOD}) for one in cases])
    assert [one.error for one in again] == [None, None]


def test_counts_lists_and_figures_agree_and_stay_within_the_span(hub: Hub) -> None:
    start, end = town.NOON - timedelta(days=1), town.NOON + timedelta(days=1)
    before = {one.unit: one for one in replies.tallies(OPERATOR, start, end)}[HANDLER.unit]
    cases = [signed(hub, f"一居 垃圾 清单{n}") for n in range(3)]
    for case in cases:
        reply(hub, case, EMPTY, despite="照发")
    after = {one.unit: one for one in replies.tallies(HANDLER, start, end)}[HANDLER.unit]
    assert after.sent == before.sent + 3
    assert after.flags["formula"] == before.flags["formula"] + 3
    assert after.held == before.held + 3
    assert replies.tallies(ELSEWHERE, start, end) == []
    held = replies.Sent(start, end, HANDLER.unit, "held")
    first, cursor = replies.page(HANDLER, held, size=2)
    rest, last = replies.page(HANDLER, held, cursor, size=100)
    assert [row["case"] for row in [*first, *rest]][:3] == cases[::-1]
    assert len(first) + len(rest) == after.held
    assert last == 0
    assert first[0]["despite"] == "照发"
    assert replies.page(ELSEWHERE, held) == ([], 0)
    figures = counted(Asked(start, end, Cut("unit")), OWNER)[HANDLER.unit]
    assert (figures["replied"], figures["reply_held"]) == (after.sent, after.held)
    total = replies.together([after, after])
    assert (total.sent, total.held, total.mean) == (2 * after.sent, 2 * after.held, pytest.approx(after.mean))


def test_a_case_that_went_elsewhere_stays_counted_and_listed(hub: Hub) -> None:
    case = signed(hub, "一居 垃圾 会转走")
    reply(hub, case, EMPTY, despite="照发")
    with connections[OWNER].cursor() as cursor:
        cursor.execute('UPDATE "case" SET place = %s WHERE id = %s', [town.NEXT_COMMUNITY, case])
    start, end = town.NOON - timedelta(days=1), town.NOON + timedelta(days=1)
    rows, _cursor = replies.page(HANDLER, replies.Sent(start, end, HANDLER.unit, "held"))
    assert (rows[0]["case"], rows[0]["title"]) == (case, "")
    with connections[OWNER].cursor() as cursor:
        cursor.execute('UPDATE "case" SET place = %s WHERE id = %s', [town.COMMUNITY, case])


def test_a_rebuild_gives_the_same_scores(hub: Hub) -> None:
    before = write.snapshot()["reply"]
    assert before
    write.rebuild()
    assert write.snapshot()["reply"] == before


def test_the_rubric_of_a_city_and_of_its_day(hub: Hub) -> None:
    from zhongshu.data import models

    row = {"zh": "太简", "en": "too short", "figure": 0.4, "holds": True, "digest": "d1"}
    since = town.NOON
    models.ReplyCriterion.objects.using(OWNER).create(code="terse", valid_from=since, **row)
    found = replying.table(since + timedelta(days=1))
    assert found.flags["terse"].holds
    assert found.name.startswith("2+")
    assert replying.table(since - timedelta(days=1)).name == "2"
    assert replying.table_named(found.name, since + timedelta(days=1)) == found
    assert not replying.table_named("2", since + timedelta(days=1)).flags["terse"].holds
    with pytest.raises(NotFound):
        replying.table_named("9", since)
