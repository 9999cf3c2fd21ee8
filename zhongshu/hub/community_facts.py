"""社区事实 a fact of a community: said by a member through his link, or by somebody in a post."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from zhongshu.hub.community_rules import Speaker
from zhongshu.kernel.facts import RESIDENT, Fact, Kind

if TYPE_CHECKING:
    from zhongshu.hub.hub import Hub


def told(hub: Hub, kind: Kind, about: tuple[int, str], said: tuple[Speaker, Mapping[str, Any]], why: int = 0) -> Fact:
    """One fact about (subject, place); `why` is the fact that it follows from. Not written yet."""
    subject, place = about
    speaker, payload = said
    actor = speaker.viewer.post if speaker.viewer else RESIDENT
    unit = speaker.viewer.unit if speaker.viewer else ""
    whole = {"by": speaker.user, "unit": unit, "member": speaker.number, **payload}
    return Fact(hub.ids.take(), kind, subject, hub.clock(), why or None, actor, place, payload=whole)
