"""Volunteering and points on a real database: confirmed by another, counted once, reversed and heard, not overdrawn."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests import town
from tests.conftest import Watch
from zhongshu.data import community as talk
from zhongshu.data import points as rows
from zhongshu.data import volunteering as tasks
from zhongshu.data.databases import OWNER
from zhongshu.data.write import rebuild
from zhongshu.hub import community, points, volunteering
from zhongshu.hub.community_rules import Speaker
from zhongshu.hub.hub import Hub
from zhongshu.kernel.access import Viewer
from zhongshu.kernel.errors import BadInput, IllegalMove, NotFound
from zhongshu.kernel.lifecycle import Role

HERE = town.COMMUNITY
KEEPER = town.viewer(HERE, "office", Role.HANDLER, user=11)
OTHER = town.viewer(HERE, "party", Role.CHECKER, Role.CHIEF, user=12)
NEXT = town.viewer(town.NEXT_COMMUNITY, "office", Role.HANDLER, user=14)
ANYBODY = Viewer("resident", span=town.SCHEME.span(HERE), place=HERE)
DESK = town.viewer(town.CITY, "command", Role.OPERATOR, user=23)
CITY = town.viewer(town.CITY, "command", Role.CHIEF, user=24)
SINCE = datetime(2026, 1, 1, tzinfo=UTC)
HOUR = timedelta(hours=1)
RULES = (
    ("report", "report", 2, 10),
    ("verify", "verify", 1, 6),
    ("adopt", "adopt", 5, 20),
    ("care", "volunteer", 3, 9),
)


@pytest.fixture(scope="module", autouse=True)
def book(database: str) -> Iterator[None]:
    from zhongshu.data import models

    for code, act, worth, ceiling in RULES:
        kept = {"basis": "default", "basis_text": "示范", "author": "测试", "since": date(2026, 1, 1)}
        models.PointRule.objects.using(OWNER).create(
            code=code, name=code, act=act, points=worth, month_ceiling=ceiling, per_day=1, valid_from=SINCE, **kept
        )
    yield


def member(hub: Hub, phone: str, household: str = "", kind: str = "resident") -> Speaker:
    given_ = {"kind": kind, "phone": phone, "name": "五金店", "household": household}
    number, _serial, _new = community.admit(hub, KEEPER, given_)
    return Speaker(member=talk.member(number))


def put_up(hub: Hub, viewer: Viewer = KEEPER, hours: float = 2, wanted: int = 5, **given_: Any) -> int:
    begins = hub.clock() + HOUR
    whole: dict[str, Any] = {"title": "陪老人看病", "spot": "党群服务站", "rule": "care", "wanted": str(wanted)}
    whole |= {"begins_at": begins, "ends_at": begins + hours * HOUR, **given_}
    return volunteering.post(hub, viewer, whole)


def moved(hub: Hub, who: Viewer | Speaker, task: int, move: str, **given_: Any) -> None:
    speaker = who if isinstance(who, Speaker) else Speaker(viewer=who)
    volunteering.move(hub, speaker, HERE, task, {"move": move, **given_})


def came(hub: Hub, watch: Watch, who: Speaker, hours: float = 2) -> dict[str, Any]:
    """One task enrolled in, done, and confirmed by another; the line that it became."""
    task = put_up(hub, hours=hours)
    moved(hub, who, task, "enrol")
    watch.now += timedelta(hours=1 + hours)
    moved(hub, OTHER, task, "came", member=str(who.number), hours=str(hours))
    return rows.account(who.number)[0]


def test_a_task_is_enrolled_in_until_it_begins_and_confirmed_by_another(hub: Hub, watch: Watch) -> None:
    one, two, three = (member(hub, f"1310000000{n}", f"一号楼{n}室") for n in range(3))
    task = put_up(hub, wanted=2)
    moved(hub, one, task, "enrol")
    moved(hub, two, task, "enrol")
    with pytest.raises(IllegalMove, match="full"):
        moved(hub, three, task, "enrol")
    moved(hub, two, task, "withdraw")
    moved(hub, three, task, "enrol")
    with pytest.raises(IllegalMove, match="same hours"):
        moved(hub, one, put_up(hub), "enrol")
    with pytest.raises(IllegalMove, match="not over"):
        moved(hub, OTHER, task, "came", member=str(one.number), hours="2")
    watch.now += 4 * HOUR
    for who, said in ((two, "begun"), (one, "post or a chief")):
        with pytest.raises(IllegalMove, match=said):
            moved(hub, who, task, "enrol" if who is two else "came", hours="2")
    with pytest.raises(IllegalMove, match="who put it up"):
        moved(hub, KEEPER, task, "came", member=str(one.number), hours="2")
    with pytest.raises(BadInput, match="hours"):
        moved(hub, OTHER, task, "came", member=str(one.number), hours="2.5")
    moved(hub, OTHER, task, "came", member=str(one.number), hours="1.5")
    moved(hub, OTHER, task, "absent", member=str(three.number))
    with pytest.raises(IllegalMove, match="noted already"):
        moved(hub, OTHER, task, "absent", member=str(three.number))
    with pytest.raises(IllegalMove, match="nobody is waiting"):
        moved(hub, OTHER, task, "came", member=str(one.number), hours="1")
    line = rows.account(one.number)[0]
    assert (line["worth"], line["points"], line["rule"], line["source"]) == (4, 4, "care", task)
    assert line["version"] == "2026-01-01T08:00:00+08:00" and line["cause"]
    assert rows.account(three.number) == []
    part = talk.participation(HERE, hub.clock() - timedelta(days=1))
    assert part["acts"]["volunteered"] == {one.number} and part["hours"] == 1.5


def test_a_task_is_called_off_with_a_reason(hub: Hub) -> None:
    one, task = member(hub, "13100000010"), put_up(hub)
    with pytest.raises(BadInput, match="reason"):
        moved(hub, KEEPER, task, "cancel")
    with pytest.raises(IllegalMove):
        moved(hub, one, task, "cancel", reason="x")
    moved(hub, KEEPER, task, "cancel", reason="下雨")
    with pytest.raises(IllegalMove, match="called off"):
        moved(hub, one, task, "enrol")
    with pytest.raises(BadInput, match="rule"):
        put_up(hub, rule="adopt")
    with pytest.raises(IllegalMove):
        put_up(hub, viewer=town.viewer(town.DISTRICT, "command", Role.CHIEF, user=13))


def test_a_household_earns_as_one_however_its_address_is_written(hub: Hub, watch: Watch) -> None:
    wife, husband = member(hub, "13100000021", "三号楼2单元501室"), member(hub, "13100000022", "3-2-501")
    unknown, firm = member(hub, "13100000023"), member(hub, "13100000024", kind="firm")
    assert came(hub, watch, firm, 1)["points"] == 3
    assert came(hub, watch, firm, 0.5)["why"] == "same_day"
    assert [came(hub, watch, who)["points"] for who in (wife, husband)] == [6, 3]
    assert rows.account(husband.number)[0]["why"] == "ceiling"
    assert (came(hub, watch, unknown)["points"], rows.account(unknown.number)[0]["why"]) == (0, "no_household")
    found = rows.counts(ANYBODY, HERE)
    assert found["ceiling"] >= 1 and found["no_household"] >= 1 and found["same_day"] >= 1
    assert husband.number in {row["member"] for row in rows.barred(OTHER, HERE, "ceiling")}


def taken_on(hub: Hub, author: Speaker, adopter: Speaker) -> int:
    number = community.post(hub, author, HERE, {"kind": "topic", "title": "长椅松了"})
    for move, who in (("adopt", adopter), ("done", adopter)):
        community.move(hub, who, HERE, (number, 0), {"move": move, "text": "我来"})
    return number


def test_who_is_of_the_household_confirms_nothing_that_counts(hub: Hub) -> None:
    author, adopter = member(hub, "13100000031", "5-101"), member(hub, "13100000032", "5-102")
    mate, neighbour = member(hub, "13100000033", "5-102"), member(hub, "13100000034", "5-103")
    topic = taken_on(hub, author, adopter)
    with pytest.raises(IllegalMove, match="own matter"):
        volunteering.look(hub, author, HERE, topic, {"done": "1", "text": "好了"})
    for who in (mate, neighbour):
        volunteering.look(hub, who, HERE, topic, {"done": "1", "text": "好了"})
    assert rows.account(neighbour.number) == []
    with pytest.raises(IllegalMove):
        volunteering.settle(hub, neighbour, HERE, (topic, neighbour.number), {"accepted": "1"})
    for who in (mate, neighbour):
        volunteering.settle(hub, Speaker(viewer=KEEPER), HERE, (topic, who.number), {"accepted": "1"})
    with pytest.raises(IllegalMove, match="settled"):
        volunteering.look(hub, neighbour, HERE, topic, {"done": "0", "text": "没好"})
    told = [rows.account(who.number)[0] for who in (mate, neighbour)]
    assert [(one["points"], one["why"]) for one in told] == [(0, "own_household"), (1, "")]
    community.move(hub, Speaker(viewer=KEEPER), HERE, (topic, 0), {"move": "confirm", "text": "看过"})
    assert rows.account(adopter.number)[0]["points"] == 5
    own = taken_on(hub, mate, adopter)
    community.move(hub, Speaker(viewer=KEEPER), HERE, (own, 0), {"move": "confirm", "text": "看过"})
    assert rows.account(adopter.number)[0]["why"] == "own_household"


def test_a_look_waits_for_something_done_and_may_be_declined(hub: Hub) -> None:
    author, neighbour = member(hub, "13100000041", "6-101"), member(hub, "13100000042", "6-102")
    topic = community.post(hub, author, HERE, {"kind": "topic", "title": "路灯"})
    with pytest.raises(IllegalMove, match="nothing is reported done"):
        volunteering.look(hub, neighbour, HERE, topic, {"done": "1", "text": "好了"})
    topic = taken_on(hub, author, member(hub, "13100000043", "6-103"))
    volunteering.look(hub, neighbour, HERE, topic, {"done": "0", "text": "还松着"})
    with pytest.raises(BadInput, match="reason"):
        volunteering.settle(hub, Speaker(viewer=KEEPER), HERE, (topic, neighbour.number), {"accepted": "0"})
    given_ = {"accepted": "0", "reason": "看的不是这一张"}
    volunteering.settle(hub, Speaker(viewer=KEEPER), HERE, (topic, neighbour.number), given_)
    assert rows.account(neighbour.number) == []


def reported(hub: Hub, who: Speaker, text: str) -> int:
    number = community.post(hub, who, HERE, {"kind": "topic", "title": text, "text": "一居"})
    community.move(hub, who, HERE, (number, 0), {"move": "file"})
    return number


def ended(hub: Hub, topic: int) -> None:
    """The whole official road: signed, handled, checked by another; closed, as nobody left a number."""
    case = (talk.topic(topic) or {})["case"]
    street = town.viewer(town.STREET, "office", Role.HANDLER, user=21)
    chief = town.viewer(town.DISTRICT, "command", Role.CHECKER, Role.CHIEF, user=22)
    for who, kind, said in (
        (street, "Signed", {}),
        (street, "Handled", {"result": "已清走"}),
        (chief, "CheckPassed", {}),
    ):
        hub.act(who, case, kind, said)


def test_a_report_counts_when_the_official_road_has_ended_it(hub: Hub) -> None:
    one = member(hub, "13100000051", "7-101")
    topic = reported(hub, one, "垃圾没人清")
    assert points.settle(hub) == 0
    ended(hub, topic)
    assert points.settle(hub) == 1
    assert points.settle(hub) == 0
    line = rows.account(one.number)[0]
    assert (line["act"], line["points"], line["source"]) == ("report", 2, topic)
    neighbour = member(hub, "13100000052", "7-102")
    volunteering.look(hub, neighbour, HERE, topic, {"done": "0", "text": "还在"})
    case = (talk.topic(topic) or {})["case"]
    assert [(row["id"], row["done"], row["undone"]) for row in tasks.of_case(OTHER, case)] == [(topic, 0, 1)]
    assert tasks.of_case(NEXT, case) == []
    assert tasks.case_state((talk.topic(topic) or {})["report"]) == "closed"


def test_the_same_report_of_a_household_and_an_untrue_one_give_nothing(hub: Hub) -> None:
    one, mate, other = (member(hub, f"1310000008{n}", "11-101" if n < 2 else "11-102") for n in range(3))
    first, again, third = (reported(hub, who, f"垃圾 {n}") for n, who in enumerate((one, mate, other)))
    untrue = reported(hub, other, "垃圾 没有的事")
    case = (talk.topic(first) or {})["case"]
    for topic in (again, third):
        hub.act(DESK, case, "Merged", {"report": (talk.topic(topic) or {})["report"]})
    void = (talk.topic(untrue) or {})["case"]
    hub.act(DESK, void, "VoidAsked", {"reason": "查无此事"})
    hub.act(CITY, void, "Voided", {})
    ended(hub, first)
    points.settle(hub)
    told = {
        row["source"]: (row["points"], row["why"]) for who in (one, mate, other) for row in rows.account(who.number)
    }
    assert told == {first: (2, ""), again: (0, "duplicate"), third: (2, ""), untrue: (0, "untrue")}


def test_a_reversal_is_a_line_and_its_appeal_is_heard_by_another(hub: Hub, watch: Watch) -> None:
    one = member(hub, "13100000061", "8-101")
    line = came(hub, watch, one)
    keeper, other = Speaker(viewer=KEEPER), Speaker(viewer=OTHER)
    with pytest.raises(BadInput, match="ground"):
        points.move(hub, keeper, HERE, line["id"], {"move": "hide", "ground": "unwelcome", "reason": "不好"})
    with pytest.raises(IllegalMove):
        points.move(hub, one, HERE, line["id"], {"move": "hide", "ground": "mistake", "reason": "x"})
    points.move(hub, keeper, HERE, line["id"], {"move": "hide", "ground": "not_done", "reason": "签到照片不符"})
    assert (rows.balance(one.number), len(rows.account(one.number))) == (0, 2)
    with pytest.raises(IllegalMove):
        points.move(hub, keeper, HERE, line["id"], {"move": "hide", "ground": "mistake", "reason": "又一次"})
    points.move(hub, one, HERE, line["id"], {"move": "appeal", "text": "我去了"})
    assert [row["id"] for row in rows.appeals(OTHER, HERE)] == [line["id"]]
    with pytest.raises(IllegalMove, match="who hid it"):
        points.move(hub, keeper, HERE, line["id"], {"move": "restore", "reason": "自己改"})
    points.move(hub, other, HERE, line["id"], {"move": "restore", "reason": "另有照片"})
    assert rows.balance(one.number) == line["points"]
    assert [row["payload"]["move"] for row in rows.turns(one.number)] == ["hide", "appeal", "restore"]
    with pytest.raises(NotFound):
        points.move(hub, keeper, town.NEXT_COMMUNITY, line["id"], {"move": "hide", "ground": "mistake", "reason": "x"})


@settings(max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.sampled_from(["come", "hide", "restore", "use1", "use9"]), max_size=8), st.integers(0, 10**6))
def test_no_sequence_overdraws_or_keeps_what_was_reversed(hub: Hub, watch: Watch, acts: list[str], seed: int) -> None:
    """What is left is what the open lines gave, less what was used; and using never makes it negative."""
    one = member(hub, f"132{seed:08}", f"9-{seed}")
    if rows.account(one.number):
        return
    used = 0
    for act in acts:
        before = rows.balance(one.number)
        lines = [row for row in rows.account(one.number) if row["entry"] == "earned" and row["points"]]
        try:
            if act == "come":
                came(hub, watch, one, 0.5)
            elif act.startswith("use"):
                points.use(hub, KEEPER, one.number, {"points": act[3:], "text": "米"})
                used += int(act[3:])
                assert rows.balance(one.number) >= 0
            elif lines:
                who = Speaker(viewer=KEEPER if act == "hide" else OTHER)
                points.move(hub, who, HERE, lines[0]["id"], {"move": act, "ground": "mistake", "reason": "x"})
        except IllegalMove:
            assert rows.balance(one.number) == before
        earned = sum(
            row["points"] for row in rows.account(one.number) if row["entry"] == "earned" and row["state"] == "open"
        )
        assert rows.balance(one.number) == earned - used


def test_points_are_used_by_the_post_and_not_beyond_the_balance(hub: Hub, watch: Watch) -> None:
    one = member(hub, "13100000071", "10-101")
    came(hub, watch, one)
    with pytest.raises(IllegalMove, match="balance of 6"):
        points.use(hub, KEEPER, one.number, {"points": "7", "text": "米"})
    with pytest.raises(BadInput):
        points.use(hub, KEEPER, one.number, {"points": "1", "text": ""})
    with pytest.raises(NotFound):
        points.use(
            hub, town.viewer(town.NEXT_COMMUNITY, "office", Role.HANDLER), one.number, {"points": "1", "text": "x"}
        )
    points.use(hub, KEEPER, one.number, {"points": "4", "text": "洗车券"})
    assert rows.balance(one.number) == 2
    assert rows.sums(ANYBODY, HERE)["used"][0] <= -4


def test_a_rebuild_says_the_same(hub: Hub) -> None:
    def now() -> tuple[Any, ...]:
        lines = [rows.account(row["id"]) for row in rows.holders(OTHER, HERE)]
        held = tasks.tasks(OTHER, HERE)
        looks = [tasks.looks(OTHER, row["id"]) for row in talk.topics(OTHER, HERE)]
        return lines, held, [tasks.volunteers(OTHER, row["id"]) for row in held], looks

    before = now()
    assert any(before[0]) and any(before[3])
    rebuild()
    assert now() == before
