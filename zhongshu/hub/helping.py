"""代办 assisted handling: that a report was made for somebody else by a person in a post, and why."""

from __future__ import annotations

from typing import TYPE_CHECKING

from zhongshu.data import casefile, write
from zhongshu.kernel.access import Viewer
from zhongshu.kernel.errors import BadInput
from zhongshu.kernel.facts import Fact, Kind

if TYPE_CHECKING:
    from zhongshu.hub.hub import Hub

WHY = ("elder", "disabled", "other")
"""Whom somebody reports for: old, disabled, or else unable; more than this nobody needs to know."""


def helped(hub: Hub, viewer: Viewer, report: int, why: str) -> Fact:
    """Mark a report as made for somebody else; it waits, costs and counts as any other. BadInput for another `why`."""
    if why not in WHY:
        raise BadInput(f"helped: found {why!r}, expected one of {', '.join(WHY)} / 请选择为谁代办")
    found = casefile.tracked(report)
    place = found["case"]["place"] if found and found["case"] else ""
    payload = {"by": viewer.user, "unit": viewer.unit, "why": why}
    where = place or viewer.place
    fact = Fact(hub.ids.take(), Kind.HELPED, report, hub.clock(), None, viewer.post, where, payload=payload)
    write.append([fact])
    return fact
