"""解卡 sending again: a fact that a room could not take travels the road once more, because a person said so."""

from __future__ import annotations

from django.db import transaction

from zhongshu.data import queue, write
from zhongshu.data.casefile import stuck_fact
from zhongshu.data.databases import ROAD
from zhongshu.hub.hub import Hub
from zhongshu.kernel.access import Viewer
from zhongshu.kernel.errors import IllegalMove, NotFound
from zhongshu.kernel.facts import Fact, Kind
from zhongshu.kernel.lifecycle import arrow


def resend(hub: Hub, viewer: Viewer, stuck: int) -> Fact:
    """Settle one stuck fact and queue it again. Raises IllegalMove for the wrong post, NotFound when it isn't his."""
    if not arrow(Kind.UNSTUCK).roles & viewer.roles:
        raise IllegalMove("this post may not send a stuck fact again / 本岗位不能处理卡单")
    with transaction.atomic(using=ROAD):
        found = stuck_fact(stuck)
        if found is None or not viewer.span.holds(found.place):
            raise NotFound(f"there is no stuck fact {stuck} here / 没有这条卡单，或不在您的范围内")
        payload = {"stuck": stuck, "by": viewer.user}
        moment = hub.clock()
        again = Fact(hub.ids.take(), Kind.UNSTUCK, found.subject, moment, stuck, viewer.post, found.place, {}, payload)
        queue.put([queue.from_json(found.fact)])
        write.append([again])
    return again
