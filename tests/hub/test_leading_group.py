"""Escalation climbs level by level and ends at the leading group, where the pack names one."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from tests import town
from zhongshu.data.ledger import Ids
from zhongshu.hub.command import room
from zhongshu.hub.desk import LiveDesk, Tools
from zhongshu.kernel.facts import Fact, Kind


class Numbers(Ids):
    """Needs no database."""

    def take(self) -> int:
        return 7


LEADERS = {**town.KNOWLEDGE.unit_at, (town.CITY, "leading_group"): "leaders"}


@pytest.mark.parametrize(
    ("escalated", "known", "level", "unit"),
    [
        (0, LEADERS, 2, f"{town.DISTRICT}-command"),
        (2, LEADERS, 1, f"{town.CITY}-command"),
        (1, LEADERS, 1, "leaders"),
        (1, town.KNOWLEDGE.unit_at, 1, f"{town.CITY}-command"),
    ],
)
def test_who_answers_next(escalated: int, known: dict[Any, str], level: int, unit: str) -> None:
    tools = Tools(replace(town.KNOWLEDGE, unit_at=known), town.Model(), town.Atlas(), {}, {})
    case = {"host": f"{town.STREET}-office", "place": town.COMMUNITY, "escalated": escalated}
    desk = LiveDesk(tools, Numbers(), lambda: town.NOON, {1: case})
    made = room([Fact(5, Kind.OVERDUE, 1, town.NOON, payload={"clock": "handle"})], desk)
    assert [(one.kind, one.payload["level"], one.payload["unit"]) for one in made] == [(Kind.ESCALATED, level, unit)]
