"""Replay: the same rules change nothing; other rules change exactly what they say."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from tests import town
from tests.conftest import Watch
from zhongshu.data import write
from zhongshu.data.history import beginnings
from zhongshu.hub.hub import Hub
from zhongshu.hub.replay import Result, replay
from zhongshu.hub.sense.normalise import normalise
from zhongshu.kernel.desk import Duty

TEXTS = ("一居垃圾堆", "一居路口积水", "一居小区积水", "一居楼顶违建", "一居难分", "二居垃圾")


def again(watch: Watch, duties: dict[str, tuple[Duty, ...]]) -> Result:
    knowledge = replace(town.KNOWLEDGE, duties={**town.KNOWLEDGE.duties, **duties})
    day = timedelta(days=1)
    return replay(beginnings(watch.now - day, watch.now + day, batch=4), replace(town.TOOLS, knowledge=knowledge))


def test_replay_shows_what_would_have_changed_and_changes_nothing(hub: Hub, watch: Watch) -> None:
    hub.take_in([normalise({"text": text}, watch()) for text in TEXTS])
    before = write.snapshot()

    same = again(watch, {})
    assert (same.compared, same.seen, same.sample) == (6, 0, [])

    longer = (Duty("D1b", "rubbish", "street/office", sign_minutes=60, handle_minutes=480),)
    slower = again(watch, {"rubbish": longer})
    assert dict(slower.changed) == {"deadline": 2}
    assert slower.sample[0].due == ("2026-06-01T10:00+00:00", "2026-06-02T07:00+00:00")

    other = again(watch, {"flood": (Duty("D9", "flood", "city/water", calendar="always", handle_minutes=120),)})
    assert dict(other.changed) == {"unit": 2}
    assert {one.unit[1] for one in other.sample} == {f"{town.CITY}-water"}

    allowed = again(watch, {"building": (Duty("D4b", "building", "street/office"),)})
    assert dict(allowed.changed) == {"unit": 1, "deadline": 1}
    assert allowed.sample[0].unit == ("", f"{town.STREET}-office")
    assert write.snapshot() == before
