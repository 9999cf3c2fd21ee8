"""The vital signs on a database: what is counted where, history, staleness, alarms, and what people do about them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

import pytest

from tests import town
from tests.conftest import Watch
from zhongshu.data.databases import OWNER
from zhongshu.data.signs import alarms, book, measures, reading
from zhongshu.hub import sign_acts, signs
from zhongshu.hub.hub import Hub
from zhongshu.hub.sense.normalise import normalise
from zhongshu.kernel.access import Viewer
from zhongshu.kernel.errors import BadInput, IllegalMove, NotFound
from zhongshu.kernel.facts import Kind
from zhongshu.kernel.lifecycle import Role
from zhongshu.kernel.places import EVERYWHERE, Span

CHIEF = town.viewer(town.CITY, "command", *Role, user=31)
HANDLER = town.viewer(town.DISTRICT, "water", Role.HANDLER, user=32)
FAR = town.viewer(town.NEXT_DISTRICT, "command", *Role, user=33)
HOUR = timedelta(hours=1)


def _sign(code: str, measure: str, classes: str = "", stale: int = 60, **limit: object) -> None:
    from zhongshu.data import models as rows

    kept = {"valid_from": datetime(2025, 1, 1, tzinfo=UTC), "digest": ""}
    rows.Indicator.objects.using(OWNER).create(
        code=code,
        no=1,
        name=code,
        unit="件",
        system="society",
        cycle="RT",
        owner="command",
        source="账本",
        measure=measure,
        classes=classes,
        staleness_minutes=stale,
        **kept,
    )
    if limit:
        given = {"direction": "up", "how": "value", "amber": None, "hysteresis": 0, "minutes": 0} | limit
        rows.SignLimit.objects.using(OWNER).create(
            code=code,
            indicator=code,
            basis="default",
            basis_text="试",
            author="试",
            since=date(2025, 1, 1),
            **given,
            **kept,
        )


@pytest.fixture(scope="module")
def book_of_signs(database: str) -> Iterator[None]:
    _sign("OPEN", "class_open", "building", red=2.0, category="flood")
    _sign("HOUR", "reports_hour", how="history", amber=90.0, red=97.0)
    _sign("DEEP", "flood_depth", stale=10, red=27.0)
    _sign("GONE", "hydrants_good", red=10.0)
    _sign("LATER", "")
    return


@pytest.fixture
def knowing(hub: Hub, book_of_signs: None) -> Hub:
    return hub


def say(hub: Hub, watch: Watch, text: str) -> None:
    hub.take_in([normalise({"text": text, "merge": "off", "channel": "phone"}, watch.now)])


def look(hub: Hub, watch: Watch) -> dict[str, reading.Now]:
    signs.look(hub.desk(), watch.now)
    return reading.at(town.DISTRICT)


def test_the_whole_life_of_an_alarm(knowing: Hub, watch: Watch) -> None:
    from zhongshu.data import models as rows

    hub = knowing
    say(hub, watch, "一居 违建")
    watch.now += timedelta(minutes=1)
    first = look(hub, watch)
    assert (first["OPEN"].value, first["OPEN"].colour) == (1.0, "ok")
    assert alarms.listed(CHIEF) == []
    say(hub, watch, "二居 楼顶违建")
    watch.now += timedelta(minutes=6)
    second = look(hub, watch)
    assert (second["OPEN"].value, second["OPEN"].colour) == (2.0, "red")
    assert reading.at(town.STREET)["OPEN"].value == 1.0
    assert reading.at(town.CITY)["OPEN"].value == 2.0
    assert reading.at(town.NEXT_DISTRICT).get("OPEN") is None or reading.at(town.NEXT_DISTRICT)["OPEN"].value == 0.0
    open_ = alarms.listed(CHIEF)
    assert [(row["sign"], row["place"], row["state"]) for row in open_] == [("OPEN", town.DISTRICT, "open")]
    assert alarms.listed(FAR) == []
    watch.now += timedelta(minutes=6)
    look(hub, watch)
    assert len(alarms.listed(CHIEF)) == 1
    alarm = open_[0]["id"]
    with pytest.raises(IllegalMove):
        sign_acts.file(hub, HANDLER, alarm, {})
    with pytest.raises(NotFound):
        sign_acts.file(hub, FAR, alarm, {})
    with pytest.raises(BadInput):
        sign_acts.dismiss(hub, CHIEF, alarm, {"reason": " "})
    with pytest.raises(BadInput):
        sign_acts.file(hub, CHIEF, alarm, {"category": "none"})
    assert sign_acts.unit(hub, CHIEF, alarm, {"place": town.COMMUNITY}) == f"{town.DISTRICT}-water"
    case = sign_acts.file(hub, CHIEF, alarm, {"place": town.COMMUNITY})
    found = rows.Case.objects.using(OWNER).get(id=case)
    assert (found.category, found.place, found.proactive, found.channel) == ("flood", town.COMMUNITY, True, "sign")
    assert found.host == f"{town.DISTRICT}-water"
    with pytest.raises(IllegalMove):
        sign_acts.file(hub, CHIEF, alarm, {})
    assert alarms.listed(CHIEF) == []
    kept = alarms.listed(CHIEF, "OPEN", only_open=False)[0]
    assert (kept["state"], kept["case"]) == ("filed", case)
    rows.Case.objects.using(OWNER).filter(category__startswith="building").update(closed_at=watch.now, state="closed")
    watch.now += timedelta(minutes=6)
    assert look(hub, watch)["OPEN"].colour == "ok"
    assert alarms.listed(CHIEF, "OPEN", only_open=False)[0]["eased_at"] is not None
    kinds = list(rows.Warning.objects.using(OWNER).filter(id=case).values_list("cleared_at", flat=True))
    assert kinds[0] is not None


def test_history_sets_the_limit_of_the_same_hour(knowing: Hub, watch: Watch) -> None:
    hub = knowing
    watch.now += timedelta(days=2)
    sent = signs.fill(hub.tools.knowledge, watch.now, 21)
    assert sent >= 21 * 24
    again = look(hub, watch)["HOUR"]
    assert again.amber is None or again.amber >= 0
    watch.now += timedelta(minutes=20)
    say(hub, watch, "一居 垃圾 再报")
    watch.now += timedelta(minutes=1)
    held = look(hub, watch)["HOUR"]
    assert held.value == 1.0
    assert (held.amber, held.colour) == (0.0, "red")
    points = reading.history(CHIEF, "HOUR", town.DISTRICT, watch.now - timedelta(days=2))
    assert len(points) >= 47
    assert reading.history(FAR, "HOUR", town.DISTRICT, watch.now - timedelta(days=2)) == []


def test_an_old_reading_is_no_number(knowing: Hub, watch: Watch) -> None:
    from zhongshu.data import models as rows

    hub = knowing
    watch.now += timedelta(days=4)
    device = {
        "code": "W1",
        "name": "桥下",
        "kind": "water_level",
        "division": town.COMMUNITY,
        "lon": 113.3,
        "lat": 23.1,
    }
    limits = {"unit": "cm", "threshold": 27.0, "clear_below": 15.0, "category": "flood", "staleness_minutes": 10}
    rows.Sensor.objects.using(OWNER).create(**device, **limits, valid_from=datetime(2025, 1, 1, tzinfo=UTC), digest="")
    hub.observe([{"sensor": "W1", "at": watch.now, "value": 30.0}])
    watch.now += timedelta(minutes=6)
    seen = look(hub, watch)["DEEP"]
    assert (seen.value, seen.colour) == (30.0, "red")
    assert not seen.stale(watch.now, 10, timedelta(minutes=5))
    assert seen.stale(watch.now + timedelta(hours=2), 1000, timedelta(minutes=5))
    watch.now += timedelta(minutes=30)
    later = look(hub, watch)["DEEP"]
    assert (later.value, later.colour) == (None, "none")
    assert "GONE" not in look(hub, watch)


def test_objects_behind_a_number(knowing: Hub, watch: Watch) -> None:
    watch.now += timedelta(days=6)
    sign = book.signs()["OPEN"]
    asked = signs.asked(sign, knowing.tools.knowledge, watch.now)
    assert set(asked.classes) == {"building", "building.roof"}
    say(knowing, watch, "一居 违建 三")
    measure = measures.MEASURES[sign.measure]
    found = measures.objects(measure, asked, EVERYWHERE, (True, ""))
    assert [one.place for one in found] == [town.COMMUNITY]
    far = Span(town.NEXT_DISTRICT[:6], town.NEXT_DISTRICT[:6] + "~")
    assert measures.objects(measure, asked, far, (True, "")) == []
    assert measures.objects(measure, asked, EVERYWHERE, (True, found[0].ref)) == []


def test_every_measure_can_be_asked(knowing: Hub, watch: Watch) -> None:
    sign = book.signs()["OPEN"]
    asked = signs.asked(sign, knowing.tools.knowledge, watch.now)
    wanted = {name: one for name, one in measures.MEASURES.items() if measures.there(one)}
    numbers = {name: measures.take(one, asked) for name, one in wanted.items()}
    assert set(measures.MEASURES) - set(wanted) == {"hydrants_good", "permits", "night_permits"}
    assert {type(found) for found in numbers.values()} == {list}
    for one in wanted.values():
        assert len(measures.objects(one, asked, EVERYWHERE, (False, ""))) <= measures.SIZE + 1


def test_an_alarm_is_a_fact(knowing: Hub) -> None:
    viewer: Viewer = CHIEF
    assert viewer.roles >= sign_acts.ROLES
    kinds = set(alarms.RULES)
    assert kinds == {Kind.SIGN_RED, Kind.SIGN_EASED, Kind.SIGN_ANSWERED}
