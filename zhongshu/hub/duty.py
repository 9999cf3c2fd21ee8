"""值班 the duty desk: begin a shift by signing for the one before, note what happens, hand over to another person."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from django.db import transaction

from zhongshu.data import dutylog, write
from zhongshu.data.databases import ROAD
from zhongshu.hub.hub import Hub
from zhongshu.hub.sense.normalise import clean
from zhongshu.kernel.access import Viewer
from zhongshu.kernel.errors import BadInput, IllegalMove
from zhongshu.kernel.facts import Fact, Kind
from zhongshu.kernel.lifecycle import Role

ROLES = frozenset({Role.OPERATOR, Role.ARBITER, Role.CHIEF})
"""Who may keep a duty desk."""
TEXT = 4000
MATTERS = 100
"""Open matters of one hand-over."""

Shift = dict[str, Any] | None


def waits(shift: Shift) -> bool:
    """Whether this shift is handed over and nobody has signed for it yet."""
    return shift is not None and shift["handed_at"] is not None and shift["ended_at"] is None


def runs(shift: Shift) -> bool:
    """Whether somebody is on duty in this shift."""
    return shift is not None and shift["handed_at"] is None and shift["ended_at"] is None


def begin(hub: Hub, viewer: Viewer, reason: str = "") -> Fact:
    """接班: sign for what was handed over, by another person than who handed it; the fact's subject is the new shift.

    A shift that was never handed over can only be taken from by a chief, with a reason. IllegalMove otherwise.
    """

    def say(shift: Shift) -> tuple[str, int, Mapping[str, Any]]:
        before = 0
        if shift is not None and waits(shift):
            if shift["handed_by"] == viewer.user:
                raise IllegalMove("who hands over can't sign for it / 交班人不能自己接班，须由另一人签收")
            before = shift["id"]
        elif shift is not None and runs(shift):
            if Role.CHIEF not in viewer.roles or shift["begun_by"] == viewer.user or not reason.strip():
                raise IllegalMove("the shift before was not handed over / 上一班尚未交班；负责人可写明理由后接班")
            before = shift["id"]
        said = {"reason": clean(reason, TEXT)} if reason.strip() else {}
        return Kind.DUTY_BEGUN, hub.ids.take(), {"before": before, **said}

    return _written(hub, viewer, say)


def note(hub: Hub, viewer: Viewer, text: str, open_: bool = False) -> Fact:
    """值班记事: one entry of the running shift's log; `open_` makes it a matter that the next shift is told of."""
    said = clean(text, TEXT)
    if not said:
        raise BadInput("text: found nothing, expected what happened / 请填写记事内容")
    return _written(hub, viewer, lambda shift: (Kind.DUTY_NOTED, _running(shift)["id"], {"text": said, "open": open_}))


def hand(hub: Hub, viewer: Viewer, notes: str, matters: Sequence[Mapping[str, Any]]) -> Fact:
    """交班: by who is on duty, with the open matters {kind, id, title} and notes; the next one signs for them."""

    def say(shift: Shift) -> tuple[str, int, Mapping[str, Any]]:
        running = _running(shift)
        if running["begun_by"] != viewer.user:
            raise IllegalMove("only who is on duty hands over / 只有当班人可以交班")
        return Kind.DUTY_HANDED, running["id"], {"notes": clean(notes, TEXT), "matters": list(matters)[:MATTERS]}

    return _written(hub, viewer, say)


def _running(shift: Shift) -> dict[str, Any]:
    if shift is None or not runs(shift):
        raise IllegalMove("nobody is on duty here / 本单位目前无人当班，请先接班")
    return shift


def _written(hub: Hub, viewer: Viewer, say: Callable[[Shift], tuple[str, int, Mapping[str, Any]]]) -> Fact:
    """The fact that `say` makes of the unit's newest shift, written while nobody else changes it."""
    if not viewer.roles & ROLES:
        raise IllegalMove("this post keeps no duty desk / 本岗位不值班")
    with transaction.atomic(using=ROAD):
        kind, subject, said = say(dutylog.latest(viewer.unit, lock=True))
        payload = {**said, "by": viewer.user, "unit": viewer.unit}
        if viewer.rota:
            payload["rota"] = viewer.rota
        fact = Fact(hub.ids.take(), kind, subject, hub.clock(), actor=viewer.post, place=viewer.place, payload=payload)
        write.append([fact])
    return fact
