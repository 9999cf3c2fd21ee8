"""登记的规则 what stands in the way of saying that two entities are one, or two."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from zhongshu.data.registers import joining, lists, pairs
from zhongshu.hub.resources.moves import About, Guard, Looked, Rules
from zhongshu.kernel.access import Viewer
from zhongshu.kernel.desk import Knowledge
from zhongshu.kernel.errors import IllegalMove, NotFound

FAMILIES = {"join": "merging", "part": "parting"}
"""What a person says of a pair -> the family of proceedings that it begins."""


def _pair(pair: str, given: Mapping[str, Any], viewer: Viewer, knowledge: Knowledge) -> About:
    """Two entities, both within the viewer's span; they go by their numbers: the ledger holds no names."""
    subject, first, second = pairs.parsed(pair)
    if len(lists.shown(viewer, subject, [first, second])) < 2:
        raise NotFound(f"{pair}: not both are here / 没有这两份档案，或不都在您的范围内")
    found = joining.standing(pair)
    if found and found["state"] != "open":
        raise IllegalMove(f"{pair} is decided already; undo that first / 已有认定，请先撤销")
    return About(f"{_WORDS[subject]} {first} · {second}", place=viewer.place)


_WORDS = {"person": "人员", "house": "房屋", "organisation": "单位"}


def _still(looked: Looked) -> str:
    """An undo is of a decision that stands."""
    found = joining.standing(looked.row["subject"])
    return "" if found and found["state"] != "open" else "nothing stands to be undone / 没有可撤销的认定"


_GUARDS: Mapping[str, Guard] = {"undo": _still}
RULES: Mapping[str, Rules] = {family: Rules(_pair, _GUARDS, after=joining.touch) for family in FAMILIES.values()}
