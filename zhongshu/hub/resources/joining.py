"""同一性认定 what people say of two entities: that they are one, or two; and both undone."""

from __future__ import annotations

from collections.abc import Callable

from django.db import transaction

from zhongshu.data.databases import ROAD
from zhongshu.data.registers import joining
from zhongshu.hub.desk import LiveDesk
from zhongshu.hub.resources import proceedings
from zhongshu.hub.resources.registers import FAMILIES
from zhongshu.kernel.access import Viewer
from zhongshu.kernel.errors import IllegalMove
from zhongshu.kernel.facts import Fact

MakeDesk = Callable[[], LiveDesk]


def decide(make_desk: MakeDesk, viewer: Viewer, pair: str, said: str, reason: str) -> Fact:
    """A person says that two entities are one (`join`) or two (`part`). Raises BadInput, IllegalMove or NotFound."""
    family = FAMILIES.get(said)
    if family is None:
        raise IllegalMove(f"found {said!r}, expected {' or '.join(FAMILIES)} / 没有这种认定")
    with transaction.atomic(using=ROAD):
        joining.propose(pair)
        return proceedings.begin(make_desk, viewer, family, {"reason": reason}, pair)


def undo(make_desk: MakeDesk, viewer: Viewer, proceeding: int, reason: str) -> Fact:
    """Back to how it was; the page of the proceeding does the same. Raises BadInput, IllegalMove or NotFound."""
    return proceedings.act(make_desk, viewer, proceeding, "undo", {"reason": reason})
