"""The demo's callers: calls and directives begin, go on and end by themselves, and what is not answered goes up."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta

from tests.conftest import Watch
from tests.hub.test_calls import TOOLS
from zhongshu.bench.living import Living
from zhongshu.data import cases, convening
from zhongshu.hub.hub import Hub
from zhongshu.hub.sense.normalise import normalise
from zhongshu.kernel.convening import CALL, DIRECTIVE
from zhongshu.kernel.lifecycle import Role
from zhongshu.kernel.places import Level


def test_two_weeks_of_calls_and_orders(database: str, watch: Watch) -> None:
    hub = Hub(lambda: TOOLS, watch)
    living = Living.of(hub, 7)
    raw = {"text": "一居 垃圾 占道", "lon": 113.3, "lat": 23.1, "source": "demo", "merge": "off"}
    hub.take_in([normalise(raw, watch.now)])
    rows = cases.open_rows(("demo",))
    for _ in range(24 * 14):
        watch.now += timedelta(hours=1)
        living.callers.work(1.0, rows)
        hub.advance()
    city = living.workers.staff.at(Level.CITY, "command", "")
    assert city is not None
    for matter, least in ((CALL, 20), (DIRECTIVE, 5)):
        found = convening.listed(living.workers.staff.viewer(city, Role.CHIEF), matter, "all")
        states = Counter(row["state"] for row in found)
        assert states["ended"] >= least
        assert any(part["missed"] for row in found for part in row["parts"])
