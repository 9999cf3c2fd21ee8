"""A community on a real database: one number one member, votes of persons, hiding heard twice, a topic's case."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests import town
from zhongshu.data import casefile, intake
from zhongshu.data import community as rows
from zhongshu.data.write import rebuild
from zhongshu.hub import community, field, helping
from zhongshu.hub.community_rules import Speaker
from zhongshu.hub.hub import Hub
from zhongshu.kernel.access import Viewer
from zhongshu.kernel.errors import BadInput, IllegalMove, NotFound
from zhongshu.kernel.lifecycle import Role

HERE = town.COMMUNITY
KEEPER = town.viewer(HERE, "office", Role.HANDLER, user=11)
OTHER = town.viewer(HERE, "party", Role.CHECKER, Role.CHIEF, user=12)
CHIEF = town.viewer(town.DISTRICT, "command", Role.CHIEF, user=13)
ANYBODY = Viewer("resident", span=town.SCHEME.span(HERE), place=HERE)


def member(hub: Hub, phone: str, kind: str = "resident", name: str = "") -> Speaker:
    number, _serial, _new = community.admit(hub, KEEPER, {"kind": kind, "phone": phone, "name": name})
    return Speaker(member=rows.member(number))


def topic(hub: Hub, speaker: Speaker, title: str = "楼下垃圾没人清") -> int:
    return community.post(hub, speaker, HERE, {"kind": "topic", "title": title, "text": "一居三号楼"})


def moved(hub: Hub, speaker: Speaker, number: int, move: str, **given: str) -> None:
    community.move(hub, speaker, HERE, (number, 0), {"move": move, **given})


def test_one_number_is_one_member_and_a_lost_link_is_replaced(hub: Hub) -> None:
    first = community.admit(hub, KEEPER, {"kind": "resident", "phone": "130 0000 0001"})
    again = community.admit(hub, KEEPER, {"kind": "resident", "phone": "13000000001"})
    assert first[2] and not again[2]
    assert again[:2] == (first[0], 2)
    with pytest.raises(IllegalMove):
        community.admit(hub, CHIEF, {"kind": "resident", "phone": "13000000002"})
    with pytest.raises(BadInput):
        community.admit(hub, KEEPER, {"kind": "firm", "phone": "13000000002"})
    community.leave(hub, KEEPER, first[0])
    gone = rows.member(first[0])
    assert gone is not None and gone["left_at"] is not None
    with pytest.raises(IllegalMove):
        topic(hub, Speaker(member=gone))


def test_a_vote_counts_persons_and_keeps_their_choice_to_itself(hub: Hub) -> None:
    one, two = member(hub, "13000000011"), member(hub, "13000000012")
    firm = member(hub, "13000000013", "firm", "福来超市")
    given = {
        "kind": "vote",
        "title": "车棚放哪里",
        "options": ["东侧", "西侧"],
        "closes_at": hub.clock() + timedelta(days=1),
    }
    number = community.post(hub, Speaker(viewer=KEEPER), HERE, given)
    for speaker, choice in ((one, 0), (one, 1), (two, 1), (one, 1)):
        community.vote(hub, speaker, HERE, number, choice)
    with pytest.raises(IllegalMove):
        community.vote(hub, firm, HERE, number, 0)
    with pytest.raises(IllegalMove):
        community.vote(hub, one, HERE, number, 2)
    assert rows.counted(ANYBODY, number) == {1: 2}
    assert rows.own_vote(number, one.number) == 1
    part = rows.participation(HERE, hub.clock() - timedelta(days=1))
    assert part["acts"]["voted"] == {one.number, two.number}
    assert part["members"]["firm"] == 1
    with pytest.raises(IllegalMove):
        community.post(hub, one, HERE, given)


def test_hiding_has_a_ground_and_is_heard_by_somebody_else(hub: Hub) -> None:
    speaker = member(hub, "13000000021")
    number = topic(hub, speaker, "物业收费不公开")
    keeper = Speaker(viewer=KEEPER)
    with pytest.raises(BadInput):
        moved(hub, keeper, number, "hide", ground="unwelcome", reason="不好听")
    with pytest.raises(IllegalMove):
        moved(hub, Speaker(viewer=CHIEF), number, "hide", ground="abuse", reason="x")
    moved(hub, keeper, number, "hide", ground="privacy", reason="写了别人的名字")
    assert [row["id"] for row in rows.topics(ANYBODY, HERE)].count(number) == 0
    moved(hub, speaker, number, "appeal", text="没有写名字")
    with pytest.raises(IllegalMove):
        moved(hub, keeper, number, "restore", reason="自己改")
    moved(hub, Speaker(viewer=OTHER), number, "restore", reason="申诉成立")
    assert rows.topics(ANYBODY, HERE)[0]["state"] == "open"
    told = [(step["payload"].get("move"), step["payload"].get("reason")) for step in rows.timeline(number)]
    assert told == [(None, None), ("hide", "写了别人的名字"), ("appeal", None), ("restore", "申诉成立")]
    answer = community.reply(hub, speaker, HERE, number, "谢谢")
    community.move(hub, keeper, HERE, (number, answer), {"move": "hide", "ground": "advert", "reason": "x"})
    assert [row["state"] for row in rows.replies(ANYBODY, number)] == ["hidden"]
    with pytest.raises(IllegalMove):
        community.move(hub, Speaker(viewer=OTHER), HERE, (number, answer), {"move": "file"})


def test_a_topic_becomes_one_case_and_is_not_taken_on_as_well(hub: Hub) -> None:
    speaker = member(hub, "13000000031")
    number = topic(hub, speaker)
    moved(hub, speaker, number, "file")
    found = rows.topic(number)
    assert found is not None
    tracked = casefile.tracked(found["report"])
    assert tracked is not None and tracked["case"]["id"] == found["case"]
    assert tracked["case"]["category"] == "rubbish"
    with pytest.raises(IllegalMove):
        moved(hub, Speaker(viewer=KEEPER), number, "file")
    with pytest.raises(IllegalMove):
        moved(hub, speaker, number, "adopt", text="我来扫")


def test_taking_a_topic_on_is_confirmed_by_the_community(hub: Hub) -> None:
    author, firm = member(hub, "13000000041"), member(hub, "13000000042", "firm", "邻里五金店")
    number = topic(hub, author, "长椅松了")
    moved(hub, firm, number, "adopt", text="我们来修")
    with pytest.raises(IllegalMove):
        moved(hub, author, number, "adopt", text="我也来")
    moved(hub, firm, number, "done", text="已拧紧")
    with pytest.raises(IllegalMove):
        moved(hub, firm, number, "confirm", text="好了")
    moved(hub, Speaker(viewer=KEEPER), number, "confirm", text="看过了")
    assert firm.number in rows.participation(HERE, hub.clock() - timedelta(days=1))["acts"]["adopted"]


def test_a_check_in_and_a_move_arrive_once(hub: Hub) -> None:
    spot = {"lon": "113.3", "lat": "23.1", "accuracy": "9", "key": "k1", "at": hub.clock().isoformat()}
    number = field.check_in(hub, KEEPER, spot)
    assert field.check_in(hub, KEEPER, spot) == number
    assert field.check_in(hub, OTHER, spot) != number
    with pytest.raises(BadInput):
        field.check_in(hub, KEEPER, {**spot, "key": ""})
    with pytest.raises(NotFound):
        field.check_in(hub, KEEPER, {**spot, "key": "k2", "case": "999"})


def test_helping_is_marked_and_needs_a_known_why(hub: Hub) -> None:
    found = rows.topics(ANYBODY, HERE, "topic")
    filed = next(row for row in found if row["report"])
    fact = helping.helped(hub, KEEPER, filed["report"], "elder")
    assert fact.place == HERE
    with pytest.raises(BadInput):
        helping.helped(hub, KEEPER, filed["report"], "lazy")


def test_a_rebuild_says_the_same(hub: Hub) -> None:
    before = rows.topics(ANYBODY, HERE), rows.member_list(ANYBODY, HERE)
    rebuild()
    assert (rows.topics(ANYBODY, HERE), rows.member_list(ANYBODY, HERE)) == before
    assert intake.claim([(field.source_of(KEEPER, "check-in"), "k1", 5)])[5] != 5
