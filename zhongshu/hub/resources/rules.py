"""各类事项的规则 what each area adds to its families: how a subject is found, and conditions of single moves."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from zhongshu.hub.resources import returning, sharing
from zhongshu.hub.resources.moves import EVERYBODY, About, Rules
from zhongshu.kernel.access import Viewer
from zhongshu.kernel.desk import Knowledge


def _named(subject: str, given: Mapping[str, Any], viewer: Viewer, knowledge: Knowledge) -> About:
    """What nobody in particular must answer and everybody sees, called as it was given."""
    return About(str(given.get("title") or subject), place=EVERYBODY)


RULES: Mapping[str, Rules] = {
    "standard": Rules(_named, {}),
    "sharing": sharing.SHARING,
    "requisition": sharing.REQUISITION,
    "regrade": sharing.REGRADE,
    "return": returning.RETURN,
}
"""By family."""
