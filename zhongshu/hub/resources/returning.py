"""数据回流的办理 asking for data that went up and did not come back, by the flow that took it up."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from zhongshu.data.returning import flows
from zhongshu.hub.resources.moves import About, Rules
from zhongshu.kernel.access import Viewer
from zhongshu.kernel.desk import Knowledge
from zhongshu.kernel.errors import BadInput, NotFound

SUBJECT = "flow:"


def _owed(subject: str, given: Mapping[str, Any], viewer: Viewer, knowledge: Knowledge) -> About:
    """A flow up, whose unit owes; or a flow down that stopped."""
    if not subject.startswith(SUBJECT):
        raise BadInput(f"subject: found {subject[:60]!r}, expected {SUBJECT}CODE / 标的应为上报或回流")
    found = flows.every().get(subject.removeprefix(SUBJECT))
    if found is None or found.unit not in knowledge.units:
        raise NotFound(f"there is no flow {subject[:60]} / 没有这项上报或回流")
    return About(f"催还：{found.name}", (found.unit,))


RETURN = Rules(_owed, {})
