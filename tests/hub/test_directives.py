"""Directives: who may issue one to whom, receipt and proof, exceptions, and who answers for not obeying."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from tests import town
from tests.conftest import Watch
from zhongshu.data import attachments, convening, write
from zhongshu.hub.hub import Hub
from zhongshu.kernel.access import Viewer
from zhongshu.kernel.convening import DIRECTIVE
from zhongshu.kernel.errors import BadInput, IllegalMove
from zhongshu.kernel.facts import Kind
from zhongshu.kernel.lifecycle import Role
from zhongshu.screen.photos import Photo

CITY = town.viewer(town.CITY, "command", Role.CHIEF, user=31)
DEPUTY = town.viewer(town.CITY, "command", Role.CHECKER, user=32)
DISTRICT = town.viewer(town.DISTRICT, "command", Role.CHIEF, user=33)
STREET = town.viewer(town.STREET, "office", Role.HANDLER, Role.CHIEF, user=34)


@pytest.fixture
def photo(hub: Hub) -> Callable[[], int]:
    def store() -> int:
        one = hub.ids.take()
        attachments.store([one], [Photo("封闭.jpg", "image/jpeg", b"\xff\xd8", "0" * 64)])
        return one

    return store


def directed(hub: Hub, viewer: Viewer = CITY, **more: Any) -> int:
    given = {"form": "ban", "text": "台风期间停止室外施工", "authority": "防汛防旱应急预案", "units": [STREET.unit]}
    return hub.convene(viewer, Kind.DIRECTED, {**given, **more})[0].subject


def part(directive: int, viewer: Viewer = STREET) -> dict[str, Any]:
    found: dict[str, Any] = convening.rows(DIRECTIVE, [directive])[directive]["parts"][viewer.unit]
    return found


def test_a_ban_is_received_proved_and_accepted(hub: Hub, photo: Callable[[], int]) -> None:
    directive = directed(hub, proof="photos")
    hub.convene(STREET, Kind.DIRECTIVE_RECEIVED, {}, directive)
    with pytest.raises(IllegalMove, match="以照片为执行证据"):
        hub.convene(STREET, Kind.DIRECTIVE_EXECUTED, {"result": "已全部停工"}, directive)
    hub.convene(STREET, Kind.DIRECTIVE_EXECUTED, {"result": "已全部停工", "photos": [photo()]}, directive)
    hub.convene(DEPUTY, Kind.PROOF_RETURNED, {"unit": STREET.unit, "reason": "照片看不清"}, directive)
    assert part(directive)["state"] == "received"
    hub.convene(STREET, Kind.DIRECTIVE_EXECUTED, {"result": "重拍", "photos": [photo()]}, directive)
    facts = hub.convene(CITY, Kind.PROOF_ACCEPTED, {"unit": STREET.unit}, directive)
    assert [fact.kind for fact in facts] == [Kind.PROOF_ACCEPTED, Kind.DIRECTIVE_ENDED]
    assert (part(directive)["returned"], part(directive)["missed"]) == (1, [])


def test_nobody_accepts_his_own_proof(hub: Hub) -> None:
    own = town.viewer(town.STREET, "office", Role.CHIEF, user=34)
    directive = directed(hub, DISTRICT, units=["street/office"])
    hub.convene(STREET, Kind.DIRECTIVE_EXECUTED, {"result": "已拆除"}, directive)
    with pytest.raises(IllegalMove, match="只能由下达单位操作"):
        hub.convene(own, Kind.PROOF_ACCEPTED, {"unit": STREET.unit}, directive)
    both = town.viewer(town.DISTRICT, "command", Role.CHIEF, user=34)
    with pytest.raises(IllegalMove, match="反馈人不得认可自己的反馈"):
        hub.convene(both, Kind.PROOF_ACCEPTED, {"unit": STREET.unit}, directive)


def test_only_downwards_and_within_the_own_place(hub: Hub) -> None:
    with pytest.raises(IllegalMove, match="不在贵单位指挥范围内"):
        directed(hub, STREET, units=[f"{town.DISTRICT}-water"])
    with pytest.raises(IllegalMove, match="不在贵单位指挥范围内"):
        directed(hub, DISTRICT, units=[f"{town.NEXT_DISTRICT}-water"])
    with pytest.raises(IllegalMove, match="无权执行“Directed”"):
        directed(hub, DEPUTY)
    with pytest.raises(BadInput, match="请指明"):
        directed(hub, units="")


def test_what_is_not_received_or_done_is_missed_and_somebody_answers_for_it(hub: Hub, watch: Watch) -> None:
    directive = directed(hub, deadline=(watch.now + timedelta(hours=2)).isoformat())
    with pytest.raises(IllegalMove, match="不能问责"):
        hub.convene(
            CITY, Kind.HELD_ACCOUNTABLE, {"unit": STREET.unit, "measure": "约谈", "reason": "未执行"}, directive
        )
    watch.now += timedelta(hours=3)
    while hub.advance():
        pass
    assert part(directive)["missed"] == ["receive", "execute"]
    hub.convene(CITY, Kind.HELD_ACCOUNTABLE, {"unit": STREET.unit, "measure": "约谈", "reason": "未执行"}, directive)
    mark = part(directive)["accountable"][0]
    assert (mark["measure"], mark["post"]) == ("约谈", CITY.post)


def test_an_exception_is_answered_by_the_issuer(hub: Hub, watch: Watch) -> None:
    directive = directed(hub, units=[STREET.unit, f"{town.DISTRICT}-water"])
    hub.convene(STREET, Kind.DIRECTIVE_EXCEPTED, {"reason": "抢险施工不能停"}, directive)
    deadline = (watch.now + timedelta(days=2)).isoformat()
    given = {"unit": STREET.unit, "reason": "改为加固后停", "deadline": deadline}
    hub.convene(CITY, Kind.EXCEPTION_DECLINED, given, directive)
    assert part(directive)["limits"]["execute"] == deadline
    hub.convene(STREET, Kind.DIRECTIVE_EXCEPTED, {"reason": "确属抢险"}, directive)
    facts = hub.convene(DEPUTY, Kind.EXCEPTION_GRANTED, {"unit": STREET.unit, "reason": "同意"}, directive)
    assert [fact.kind for fact in facts] == [Kind.EXCEPTION_GRANTED]
    assert convening.rows(DIRECTIVE, [directive])[directive]["state"] == "open"


def test_an_addressee_sees_the_directive_but_not_the_others(hub: Hub) -> None:
    directive = directed(hub, units=[STREET.unit, f"{town.NEXT_DISTRICT}-water"])
    seen = convening.whole(STREET, DIRECTIVE, directive)
    assert seen is not None
    assert [one["unit"] for one in seen["parts"]] == [STREET.unit]
    assert directive in [one["id"] for one in convening.listed(STREET, DIRECTIVE, "answer")]
    assert directive not in [one["id"] for one in convening.listed(STREET, DIRECTIVE, "own")]


def test_linked_cases_must_be_the_issuers_to_see(hub: Hub) -> None:
    with pytest.raises(Exception, match="没有这个案件"):
        directed(hub, cases=[999_999])


def test_the_ledger_gives_the_same_rows_again(hub: Hub) -> None:
    before = write.snapshot()
    write.rebuild()
    assert write.snapshot() == before
