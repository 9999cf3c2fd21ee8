"""Past cases as reasons: those that people confirmed as solved, and only where the viewer may look."""

from __future__ import annotations

from tests import town
from tests.conftest import Watch
from tests.hub.test_evaluate import live_through
from zhongshu.data import past
from zhongshu.hub.hub import Hub
from zhongshu.kernel.lifecycle import Role

CITY = town.viewer(town.CITY, "command", Role.OPERATOR)
NEXT = town.viewer(town.NEXT_COMMUNITY, "office", Role.CHECKER)


def test_confirmed_cases_of_the_class_are_seen_by_those_who_may(hub: Hub, watch: Watch) -> None:
    solved = live_through(hub, watch, "一居垃圾往甲", contacted=True, responded=True, solved=True, satisfaction=5)
    unsolved = live_through(hub, watch, "一居垃圾往乙", contacted=True, responded=True, solved=False, satisfaction=1)
    found = {row["id"]: row for row in past.confirmed(CITY, "rubbish")}
    assert solved in found
    assert unsolved not in found
    assert found[solved]["text"] == "一居垃圾往甲"
    assert solved not in {row["id"] for row in past.confirmed(CITY, "rubbish", but=solved)}
    assert solved not in {row["id"] for row in past.confirmed(NEXT, "rubbish")}
    assert past.confirmed(CITY, "lighting") == []
