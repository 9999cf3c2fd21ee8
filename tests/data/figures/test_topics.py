"""Topics, the alarm for avoided ones, the hanging ledger, many transfers and times per step."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from tests import town
from tests.conftest import Watch
from tests.hub.test_evaluate import HANDLER, live_through
from zhongshu.data.figures import ledgers, topics
from zhongshu.data.figures.rules import defaults
from zhongshu.hub import field
from zhongshu.hub.hub import Hub
from zhongshu.hub.sense.normalise import normalise
from zhongshu.kernel.facts import Kind
from zhongshu.kernel.lifecycle import Role

THRESHOLDS = {row["code"]: row["value"] for row in defaults("thresholds")}
CITY = town.viewer(town.CITY, "command", Role.CHIEF, Role.ARBITER, user=51)
NEXT = town.viewer(town.NEXT_STREET, "office", Role.CHIEF, user=52)
SOLVED = {"contacted": True, "solved": True, "satisfaction": 5}
BUSY = topics.Topic("noise", 60, 40, 90, 30, 5, 4, "u", 20, 30, 30, 20.0, 44.0)


def test_an_avoided_topic_grows_while_nobody_acts() -> None:
    assert topics.avoided(BUSY, THRESHOLDS) == (
        "avoided_growth",
        "avoided_action",
        "avoided_unsolved",
        "avoided_age_days",
    )
    assert topics.avoided(replace(BUSY, before=60), THRESHOLDS) == (), "no more than before"
    assert topics.avoided(replace(BUSY, done=40), THRESHOLDS) == (), "more is being done"
    assert topics.avoided(replace(BUSY, unsolved=3, age=2.0), THRESHOLDS) == (), "it gets solved"
    pushed = replace(BUSY, unsolved=3, age=2.0, pushed=20)
    assert topics.avoided(pushed, THRESHOLDS)[-1] == "avoided_pushed"
    assert topics.avoided(replace(BUSY, cases=9, before=2), THRESHOLDS) == (), "too few to be a topic"
    assert (BUSY.growth, round(BUSY.action or 0, 2)) == (0.5, -0.33)


def test_topics_hangings_transfers_and_times(hub: Hub, watch: Watch) -> None:
    start = watch.now
    for number in range(3):
        live_through(hub, watch, f"一居垃圾{number}处", **SOLVED)
    flood = hub.take_in([normalise({"text": "一居积水", "phone": "1"}, watch())])[0].facts[0].subject
    hung = (
        hub.take_in([normalise({"text": "一居垃圾待整治", "phone": "2", "merge": "off"}, watch())])[0].facts[0].subject
    )
    hub.act(HANDLER, hung, Kind.SIGNED, {})
    asked = {"reason_code": "budget", "reason": "列入明年预算", "review_on": "2026-07-01", "owner": "某科长"}
    hub.act(HANDLER, hung, Kind.HANG_ASKED, asked)
    hub.act(CITY, hung, Kind.HUNG, {})
    period = topics.Period(start - timedelta(days=30), start, watch.now + timedelta(days=1))
    found = {one.category: one for one in topics.topics(CITY, period, 9)}
    rubbish = found["rubbish"]
    assert (rubbish.cases, rubbish.before, rubbish.done, rubbish.open, rubbish.places) == (4, 0, 3, 1, 1)
    assert (rubbish.unsolved, rubbish.pushed, rubbish.lead) == (1, 1, f"{town.STREET}-office")
    assert next(iter(found)) == "rubbish", "most cases first"
    assert len(topics.behind(CITY, "rubbish", period, (0, 10))) == 4
    assert topics.behind(CITY, "flood", period, (0, 10)) == [flood]

    listed = ledgers.hanging(CITY)
    assert [(one.case, one.owner, one.review_on.isoformat(), one.times) for one in listed] == [
        (hung, "某科长", "2026-07-01", 1)
    ]
    assert ledgers.hanging(NEXT) == [], "open to the level above, not to the neighbour"

    assert ledgers.transfers(CITY, 2, start, watch.now) == []
    assert {one.case for one in ledgers.transfers(CITY, 1, start, watch.now + timedelta(days=1))} >= {flood, hung}

    watch.now += timedelta(minutes=5)
    spot = {"lon": "113.3", "lat": "23.1", "key": "door", "at": watch.now.isoformat(), "case": str(hung)}
    field.check_in(hub, HANDLER, spot)
    paces = {
        one.step: one for one in topics.paces(CITY, start, watch.now + timedelta(days=1), "unit") if "office" in one.key
    }
    assert (paces["sign"].cases, paces["sign"].p50, paces["solve"].p95) == (4, 10.0, 40.0)
    assert (paces["arrive"].cases, paces["arrive"].p50) == (1, 5.0)
    of = {"by": "unit", "key": paces["solve"].key, "step": "solve", "map": "{}"}
    assert len(topics.paced(CITY, start, watch.now + timedelta(days=1), of, (0, 10))) == 3
