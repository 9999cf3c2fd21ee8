"""Joining: what is like a report near by, the reporter's own word in the ledger, and nothing that is ever lost."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests import town
from tests.conftest import Watch
from zhongshu.data import cases, write
from zhongshu.hub.alike import EXCERPT, SAID, alike, excerpt, join, joined_to, pictures
from zhongshu.hub.hub import Hub, Receipt
from zhongshu.hub.sense.normalise import normalise
from zhongshu.kernel.access import Viewer
from zhongshu.kernel.desk import Words
from zhongshu.kernel.errors import BadInput, IllegalMove, NotFound
from zhongshu.kernel.facts import RESIDENT, Kind
from zhongshu.kernel.lifecycle import Role
from zhongshu.kernel.places import EVERYWHERE

HIMSELF = Viewer(post=RESIDENT, span=EVERYWHERE, roles=frozenset({Role.OPERATOR}))
HANDLER = town.viewer(town.STREET, "office", Role.HANDLER, user=2)
CHECKER = town.viewer(town.DISTRICT, "command", Role.CHECKER, user=3)
OPERATOR = town.viewer(town.CITY, "command", Role.OPERATOR, user=4)
HERE = (113.30, 23.10)
STREETS = iter(range(1, 100))


@pytest.fixture
def at() -> tuple[float, float]:
    """A point of this test's own, two kilometres from every other's."""
    return HERE[0] + 0.02 * next(STREETS), HERE[1]


def raw(text: str, at: tuple[float, float], **more: Any) -> dict[str, Any]:
    return {"text": text, "channel": "web", "lon": at[0], "lat": at[1], **more}


def take(hub: Hub, given_: dict[str, Any], joins: int | None = None) -> Receipt:
    return hub.take_in([joined_to(normalise(given_, hub.clock()), joins)])[0]


def case_of(receipt: Receipt) -> int:
    return next(fact.subject for fact in receipt.facts if fact.kind in (Kind.JUDGED, Kind.UNCLEAR, Kind.MERGED))


def merged(receipt: Receipt) -> list[Any]:
    return [fact.payload["reasons"] for fact in receipt.facts if fact.kind == Kind.MERGED]


def test_at_most_three_near_by_the_likeliest_first(hub: Hub, at: tuple[float, float]) -> None:
    texts = ("一居 垃圾桶满了没人清", "一居 垃圾成堆发臭", "一居 垃圾 招苍蝇", "一居 垃圾 挡路")
    born = [case_of(take(hub, raw(text, at, merge="off"))) for text in texts]
    far = case_of(take(hub, raw(texts[0], (at[0] + 0.005, at[1]), merge="off")))
    found = alike(hub, raw("一居 垃圾桶满了没有人清", (at[0] + 0.0002, at[1])))
    assert len(found) == 3
    assert found[0].case == born[0]
    assert [one.score for one in found] == sorted((one.score for one in found), reverse=True)
    assert far not in {one.case for one in found}
    assert all(one.metres is not None and one.metres < 30 for one in found)
    assert alike(hub, raw("一居 垃圾桶满了没有人清", (at[0] + 0.01, at[1]))) == []
    assert alike(hub, {"text": "一居 垃圾桶满了", "channel": "web"}) == []
    with pytest.raises(BadInput):
        alike(hub, {"text": ""})


def test_a_report_joins_at_its_reporters_word(hub: Hub, at: tuple[float, float]) -> None:
    case = case_of(take(hub, raw("一居 垃圾 满了", at, merge="off")))
    said = take(hub, raw("二居 积水 差不多的事", at, name="陈", phone="13800138021"), joins=case)
    assert merged(said) == [[[SAID, 1.0]]]
    row = cases.rows([case])[case]
    assert row["reports"] == 2
    assert said.report in {one["report"] for one in row["reporters"] if one["merged"] and one["contact"]}


def test_split_again_it_is_a_case_of_its_own(hub: Hub, at: tuple[float, float]) -> None:
    case = case_of(take(hub, raw("一居 垃圾 满了", at, merge="off")))
    said = take(hub, raw("一居 积水 其实是另一件", at), joins=case)
    facts = hub.act(OPERATOR, case, Kind.SPLIT, {"report": said.report, "reason": "不是一件事"})
    born = next(fact for fact in facts if fact.kind == Kind.JUDGED)
    assert born.subject != case
    assert cases.report_row(said.report)["case"] == born.subject
    assert cases.rows([case])[case]["reports"] == 1
    before = write.snapshot()
    write.rebuild()
    assert write.snapshot() == before


def test_closed_meanwhile_it_becomes_a_case_of_its_own(hub: Hub, at: tuple[float, float]) -> None:
    case = case_of(take(hub, raw("一居 垃圾 满了", at, merge="off")))
    hub.act(HANDLER, case, Kind.SIGNED, {})
    hub.act(HANDLER, case, Kind.HANDLED, {"result": "已清运垃圾"})
    hub.act(CHECKER, case, Kind.CHECK_PASSED, {})
    assert cases.rows([case])[case]["state"] == "closed"
    late = take(hub, raw("一居 垃圾 满了", at), joins=case)
    assert merged(late) == []
    assert case_of(late) != case


@pytest.mark.parametrize("joins", [999_999_999, -1])
def test_a_case_that_never_was_joins_nothing(hub: Hub, at: tuple[float, float], joins: int) -> None:
    receipt = take(hub, raw("一居 垃圾 满了", at), joins=joins)
    assert merged(receipt) == []
    assert case_of(receipt)


def test_nobody_joins_from_far_away(hub: Hub, at: tuple[float, float]) -> None:
    case = case_of(take(hub, raw("一居 垃圾 满了", at, merge="off")))
    receipt = take(hub, raw("一居 垃圾 满了", (at[0] + 0.005, at[1])), joins=case)
    assert merged(receipt) == []
    with pytest.raises(IllegalMove):
        join(hub, HIMSELF, receipt.report, case)
    assert cases.rows([case])[case]["reports"] == 1


def test_said_afterwards_the_young_case_goes_into_the_other(hub: Hub, at: tuple[float, float]) -> None:
    case = case_of(take(hub, raw("一居 垃圾 满了", at, merge="off")))
    own = take(hub, raw("一居 垃圾 好几天", at, merge="off"))
    facts = join(hub, HIMSELF, own.report, case)
    assert facts[0].payload["reasons"] == [[SAID, 1.0]]
    assert {fact.kind for fact in facts} >= {Kind.MERGED, Kind.ABSORBED}
    assert cases.report_row(own.report)["case"] == case
    assert cases.rows([case_of(own)])[case_of(own)]["state"] == "closed"
    with pytest.raises(IllegalMove):
        join(hub, HIMSELF, own.report, case)


def test_what_somebody_works_on_stays(hub: Hub, at: tuple[float, float]) -> None:
    case = case_of(take(hub, raw("一居 垃圾 满了", at, merge="off")))
    own = take(hub, raw("一居 垃圾 好几天", at, merge="off"))
    hub.act(HANDLER, case_of(own), Kind.SIGNED, {})
    with pytest.raises(IllegalMove):
        join(hub, HIMSELF, own.report, case)
    assert cases.report_row(own.report)["case"] == case_of(own)
    with pytest.raises(NotFound):
        join(hub, HIMSELF, 999_999_999, case)


def test_whoever_says_it_through_the_api_says_nothing(hub: Hub, watch: Watch, at: tuple[float, float]) -> None:
    case = case_of(take(hub, raw("一居 垃圾 满了", at, merge="off")))
    receipt = take(hub, raw("二居 积水", at, joins=case))
    assert merged(receipt) == []


@pytest.mark.parametrize(
    ("text", "asked", "shown"),
    [
        ("中山路口的井盖松动，车压过时响声很大", "井盖松动，响声大", "中山路口的井盖松动，车压过时响声很大"),
        ("我家门口路灯不亮，春晓路路灯不亮", "路灯不亮", "春晓路路灯不亮"),
        ("路灯不亮，请联系13800138021", "路灯不亮", "路灯不亮"),
        ("3栋502室漏水，楼道漏水", "漏水", "楼道漏水"),
        ("王阿姨摔倒了，路面湿滑", "路面湿滑", "路面湿滑"),
        ("邻居患病没人管", "垃圾没人管", ""),
        ("路灯不亮", "垃圾满了", ""),
        ("", "垃圾", ""),
    ],
)
def test_a_stranger_reads_impersonal_clauses_that_he_said_himself(text: str, asked: str, shown: str) -> None:
    assert excerpt(text, asked) == shown


@given(st.text(max_size=200), st.text(max_size=50))
def test_an_excerpt_is_short_and_tells_nobody_s_number(text: str, asked: str) -> None:
    found = excerpt(text, asked)
    assert len(found) <= EXCERPT
    assert not any(part.isdigit() and len(part) > 2 for part in found.split("，"))
    assert excerpt(text, "") == ""


def test_a_city_without_words_for_delicate_matters_shows_no_photo() -> None:
    knowledge = replace(town.TOOLS.knowledge, words=Words({}, {}))
    assert pictures([1, 2], knowledge) == {}
