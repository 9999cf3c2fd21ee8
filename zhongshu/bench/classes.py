"""示范培训班 the demo's classes: one to come and one about to begin, with people on their lists, all by the hub."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from zhongshu.hub.hub import Hub
from zhongshu.hub.resources import proceedings
from zhongshu.hub.resources.classes import CLASS_FAMILY
from zhongshu.kernel.access import Viewer

Say = Callable[[str], None]
TO_COME, HELD = timedelta(days=3), timedelta(minutes=1)
WHERE = ("示范市数据局三楼教室（示范）", "示范讲师")


def teach(hub: Hub, trainer: Viewer, pupils: list[Viewer]) -> tuple[int, int]:
    """(class in some days, without the first pupil; class that begins in a minute). Raises what the hub raises."""
    coming = _open(hub, trainer, "houses", TO_COME)
    held = _open(hub, trainer, "people", HELD)
    for taught, listed in ((coming, pupils[1:]), (held, pupils)):
        for pupil in listed:
            proceedings.act(hub.desk, pupil, taught, "enrol", {})
    return coming, held


def _open(hub: Hub, trainer: Viewer, course: str, ahead: timedelta) -> int:
    when = (hub.clock() + ahead).replace(microsecond=0)
    given = {"when": when.isoformat(), "where": WHERE[0], "trainer": WHERE[1], "seats": 20}
    return proceedings.begin(hub.desk, trainer, CLASS_FAMILY, given, f"course:{course}").subject


def begin(hub: Hub, say: Say) -> None:
    """The demo's own: the city's data bureau teaches, people of the community of the demo accounts enrol."""
    from zhongshu.data.people import in_post

    say("  开培训班 · putting up classes")
    teach(hub, in_post("city-data"), [in_post("community-handler"), in_post("grid-officer")])
