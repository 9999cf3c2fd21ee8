"""Foresight: what counts as true, what as warned in time, and that every count opens its list."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from tests import town
from tests.conftest import Watch
from zhongshu.data import proactive
from zhongshu.data.databases import OWNER
from zhongshu.hub.desk import Tools
from zhongshu.hub.hub import Hub
from zhongshu.hub.sense.normalise import normalise
from zhongshu.kernel.desk import Desk, Run, follow
from zhongshu.kernel.facts import Fact, Kind
from zhongshu.kernel.lifecycle import Role

CLERK = town.viewer(town.CITY, "command", *Role, user=21)


def warns(batch: Sequence[Fact], desk: Desk) -> list[Fact]:
    """A scenario that makes a case of every reading, at the place that its value names."""
    return [_warned(fact, desk) for fact in batch]


def _warned(fact: Fact, desk: Desk) -> Fact:
    place = town.COMMUNITY if fact.payload["value"] < 100 else town.NEXT_COMMUNITY
    given = {
        "number": "1",
        "title": "积水",
        "text": "水位",
        "channel": "sensor",
        "category": "flood",
        "confidence": 1.0,
    }
    given |= {"sensor": "W1", "value": fact.payload["value"], "threshold": 27.0}
    return follow(fact, desk, Kind.WARNED, given, subject=desk.new_id(), place=place)


RUN: Run = warns
TOOLS = Tools(town.KNOWLEDGE, town.Model(), town.Atlas(), {"W1": town.SENSOR}, {Kind.SENSED: [RUN]})


def warned(hub: Hub, watch: Watch, value: float) -> int:
    found = hub.observe([{"sensor": "W1", "at": watch.now, "value": value}])
    watch.now += timedelta(minutes=1)
    return next(fact.subject for fact in found if fact.kind == Kind.WARNED)


def complained(hub: Hub, watch: Watch, text: str) -> None:
    hub.take_in([normalise({"text": text, "merge": "off"}, watch.now)])


def test_share_hits_and_lead(database: str, watch: Watch) -> None:
    from zhongshu.data import models as rows

    hub = Hub(lambda: TOOLS, watch)
    start = watch.now
    kept = {"valid_from": start, "digest": ""}
    rows.CrossWalk.objects.using(OWNER).create(code="a", from_code="building", to_code="flood", relation="same", **kept)
    complained(hub, watch, "二居 积水 先有人说")
    watch.now += timedelta(hours=1)
    ahead, after = warned(hub, watch, 30), warned(hub, watch, 130)
    watch.now += timedelta(hours=2)
    complained(hub, watch, "一居 违建 淹水")
    complained(hub, watch, "一居 垃圾 无关")
    for case in (ahead, after):
        host = town.viewer(town.DISTRICT, "water", Role.HANDLER, user=12)
        hub.act(host, case, Kind.SIGNED, {})
        hub.act(host, case, Kind.HANDLED, {"result": "已抽排"})
    wrong, waiting = warned(hub, watch, 31), warned(hub, watch, 32)
    hub.act(CLERK, wrong, Kind.VERIFY_ASKED, {"unit": f"{town.STREET}-office"})
    hub.act(CLERK, wrong, Kind.NOT_FILED, {"reason": "探头故障"})
    period = (start, watch.now + timedelta(days=1), watch.now)
    found = proactive.foresight(CLERK, *period)
    assert (found.cases, found.share) == (7, 4 / 7)
    counts = {"warned": 4, "right": 2, "wrong": 1, "open": 1, "led": 1, "late": 1, "quiet": 0}
    assert dict(found.whole.counts) == counts
    assert (found.whole.hits, found.whole.lead) == (2 / 3, 122.0)
    assert [one.category for one in found.classes] == ["flood"]
    opened = {which: set(proactive.ids(CLERK, period, which, "flood")) for which in counts}
    assert {which: len(cases) for which, cases in opened.items()} == counts
    assert (opened["led"], opened["wrong"], opened["open"]) == ({ahead}, {wrong}, {waiting})
    street = town.viewer(town.NEXT_STREET, "office", Role.HANDLER)
    assert proactive.foresight(street, *period).whole.counts["warned"] == 1
