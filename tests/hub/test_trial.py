"""A trial of another list: what would have matched, who would have been sent, what nobody would have answered for."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

from tests import town
from tests.conftest import Watch
from zhongshu.data import write
from zhongshu.data.history import beginnings
from zhongshu.hub.duty_commands import last_month
from zhongshu.hub.hub import Hub
from zhongshu.hub.sense.normalise import normalise
from zhongshu.hub.trial import Trial, trial, under
from zhongshu.kernel.desk import Duty

TEXTS = ("一居垃圾堆", "一居路口积水", "一居小区积水", "一居楼顶违建", "一居难分", "二居垃圾")
LISTED = [duty for held in town.KNOWLEDGE.duties.values() for duty in held]


def tried(watch: Watch, duties: list[Duty]) -> Trial:
    day = timedelta(days=1)
    return trial(beginnings(watch.now - day, watch.now + day, batch=2), under(duties, town.TOOLS))


def test_a_trial_counts_what_another_list_would_do_and_changes_nothing(hub: Hub, watch: Watch) -> None:
    hub.take_in([normalise({"text": text}, watch()) for text in TEXTS])
    before = write.snapshot()

    same = tried(watch, LISTED)
    assert (same.compared, same.unclear, same.changed, dict(same.counts)) == (5, 1, 0, {"matched": 4})

    slower = tried(watch, [replace(duty, handle_minutes=duty.handle_minutes * 2) for duty in LISTED])
    assert dict(slower.counts) == {"matched": 4, "limit": 4}
    assert slower.streets[town.STREET] == {"limit": 3}
    assert slower.streets[town.NEXT_STREET] == {"limit": 1}

    without = tried(watch, [duty for duty in LISTED if duty.category != "rubbish"])
    assert dict(without.counts) == {"matched": 2, "gap": 2}
    assert {one.host[1] for one in without.sample} == {""}

    open_ = [
        replace(duty, list_kind="basic", host="district/housing") for duty in LISTED if duty.category == "building"
    ]
    closed = tried(watch, [*LISTED, *(replace(duty, code="D0") for duty in open_)])
    assert dict(closed.counts) == {"matched": 5, "closed": 1}
    assert closed.sample[0].host == ("", f"{town.DISTRICT}-housing")

    moved = tried(watch, [*LISTED, Duty("D9", "rubbish", "district/housing", condition="垃圾", handle_minutes=240)])
    assert moved.counts["host"] == 2
    assert moved.sample[0].duty == "D9"
    assert write.snapshot() == before


def test_last_month() -> None:
    assert last_month(date(2026, 3, 31)) == (date(2026, 2, 1), date(2026, 2, 28))
    assert last_month(date(2026, 1, 1)) == (date(2025, 12, 1), date(2025, 12, 31))
