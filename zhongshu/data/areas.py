"""各域投影 areas: the projection rules that each area keeps beside its own tables, joined into one table."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from itertools import chain
from types import ModuleType

from zhongshu.data import (
    assigning,
    causal,
    community_turns,
    convened,
    dutylog,
    issue_turns,
    model_changes,
    points_turns,
    proceedings,
)
from zhongshu.data.catalogue import gatherings
from zhongshu.data.changes import Changes
from zhongshu.data.elements import filled
from zhongshu.data.lake import filed
from zhongshu.data.quality import visited
from zhongshu.data.sharing import effects
from zhongshu.data.signs import alarms
from zhongshu.data.training import taken
from zhongshu.kernel.facts import Fact

Rule = Callable[[Changes, Fact], None]

AREAS: tuple[ModuleType, ...] = (
    alarms,
    assigning,
    causal,
    community_turns,
    convened,
    dutylog,
    effects,
    filed,
    filled,
    gatherings,
    issue_turns,
    model_changes,
    points_turns,
    proceedings,
    taken,
    visited,
)
"""Each has RULES: kind of fact -> what it changes, pure."""

RULES: Mapping[str, Rule] = dict(chain.from_iterable(area.RULES.items() for area in AREAS))
