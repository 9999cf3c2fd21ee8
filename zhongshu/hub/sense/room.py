"""感知 the room: readings go to the scenarios that listen; what they warn of travels on."""

from __future__ import annotations

from collections.abc import Sequence

from zhongshu.kernel.desk import Desk
from zhongshu.kernel.facts import Fact, Kind


def room(batch: Sequence[Fact], desk: Desk) -> list[Fact]:
    return [fact for run in desk.scenarios(Kind.SENSED) for fact in run(batch, desk)]
