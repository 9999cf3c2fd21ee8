"""Past cases as reasons: closed, of the same class, and confirmed by their reporters."""

from __future__ import annotations

from tests import town
from tests.conftest import Watch
from zhongshu.hub import past
from zhongshu.hub.hub import Hub
from zhongshu.hub.sense.normalise import normalise
from zhongshu.kernel.facts import Kind
from zhongshu.kernel.lifecycle import Role

HANDLER = town.viewer(town.STREET, "office", Role.HANDLER, user=11)
CHECKER = town.viewer(town.DISTRICT, "command", Role.CHECKER, user=12)
OPERATOR = town.viewer(town.CITY, "command", Role.OPERATOR, user=13)
ELSEWHERE = town.viewer(town.NEXT_STREET, "office", Role.HANDLER, user=14)


def phoned(hub: Hub, watch: Watch, text: str, solved: bool = True) -> int:
    """A case that its reporter was called back about; returns its id."""
    receipt = hub.take_in([normalise({"text": text, "phone": "13800000000"}, watch())])[0]
    case = receipt.facts[0].subject
    hub.act(HANDLER, case, Kind.SIGNED, {})
    hub.act(HANDLER, case, Kind.HANDLED, {"result": "已清运"})
    hub.act(CHECKER, case, Kind.CHECK_PASSED, {})
    hub.act(OPERATOR, case, Kind.CALLED_BACK, {"report": receipt.report, "contacted": True, "solved": solved})
    return case


def test_the_most_alike_come_first_and_only_confirmed_ones(hub: Hub, watch: Watch) -> None:
    near = phoned(hub, watch, "一居菜市场门口垃圾桶满了没人清")
    far = phoned(hub, watch, "一居楼道里有人丢垃圾，味道大")
    phoned(hub, watch, "一居菜市场门口垃圾桶满了没人清理", solved=False)
    fourth = [phoned(hub, watch, f"一居菜市场{n}号垃圾桶满了") for n in range(3)]
    found = past.alike(OPERATOR, "rubbish", "菜市场门口的垃圾桶又满了")
    assert len(found) == past.SHOWN
    assert {row["id"] for row, _ in found} <= {near, *fourth}
    assert [score for _, score in found] == sorted((score for _, score in found), reverse=True)
    assert far not in {row["id"] for row, _ in found}


def test_neither_the_case_itself_nor_another_class_nor_what_says_nothing(hub: Hub, watch: Watch) -> None:
    own = phoned(hub, watch, "一居游泳池边垃圾")
    assert own not in {row["id"] for row, _ in past.alike(OPERATOR, "rubbish", "一居游泳池边垃圾", own)}
    assert past.alike(OPERATOR, "flood", "一居游泳池边垃圾") == []
    assert past.alike(OPERATOR, "", "垃圾") == []
    assert past.alike(OPERATOR, "rubbish", "xyz") == []


def test_a_viewer_sees_only_past_cases_of_his_own_area(hub: Hub, watch: Watch) -> None:
    phoned(hub, watch, "一居桥下垃圾堆积")
    assert past.alike(ELSEWHERE, "rubbish", "桥下垃圾堆积") == []
    assert past.alike(HANDLER, "rubbish", "桥下垃圾堆积")
