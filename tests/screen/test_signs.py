"""The pages of signs and the map: every number opens its list, the table has what the tiles have, within reach."""

from __future__ import annotations

import re
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, date, datetime
from itertools import groupby
from operator import itemgetter
from time import sleep

import pytest
from django.db import connections
from django.test.utils import CaptureQueriesContext
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from tests import town, town_hall
from tests.screen.screen_signs import SIGN
from zhongshu.data.databases import OWNER
from zhongshu.data.signs.reading import Now
from zhongshu.hub import signs
from zhongshu.hub.hub import Hub
from zhongshu.hub.sense.normalise import normalise
from zhongshu.screen import gate
from zhongshu.screen import signs as shown

PIXELS = 29
SINCE = datetime(2025, 1, 1, tzinfo=UTC)


@pytest.fixture(scope="module")
def town_watched(database: str) -> Hub:
    """The town with two signs, some components and a sensor; measured once."""
    from zhongshu.data import map_assets
    from zhongshu.data import models as rows

    town_hall.people()
    hall = Hub(lambda: town.TOOLS)
    gate.install(hall)
    hall.take_in([normalise({"text": "一居 垃圾 体征", "merge": "off"}, hall.clock())])
    kept = {"valid_from": SINCE, "digest": ""}
    sign = {
        "unit": "件",
        "system": "society",
        "cycle": "RT",
        "owner": "command",
        "source": "账本",
        "source_en": "Ledger",
        "staleness_minutes": 60,
    }
    rows.Indicator.objects.using(OWNER).create(
        code="V1",
        no=1,
        name="在办垃圾",
        name_en="Open rubbish",
        measure="class_open",
        classes="rubbish",
        **sign,
        **kept,
    )
    rows.Indicator.objects.using(OWNER).create(code="V2", no=2, name="拥堵指数", **sign, **kept)
    limit = {"direction": "up", "how": "value", "red": 1.0, "hysteresis": 0, "minutes": 0, "category": "rubbish"}
    rows.SignLimit.objects.using(OWNER).create(
        code="V1",
        indicator="V1",
        basis="default",
        basis_text="试",
        basis_text_en="A trial",
        author="试",
        since=date(2025, 1, 1),
        **limit,
        **kept,
    )
    for n, state in enumerate(("good", "damaged", "good")):
        where = {"division": town.COMMUNITY, "lon": 113.3 + n * 0.0004, "lat": 23.1}
        rows.Component.objects.using(OWNER).create(
            code=f"C{n}", category="rubbish", name=f"井盖{n}", state=state, **where, **kept
        )
    map_assets.forget()
    signs.look(hall.desk(), hall.clock(), every_one=True)
    return hall


def test_signs_are_told_in_english_and_read_once_for_all_alarms(town_watched: Hub) -> None:
    with CaptureQueriesContext(connections[OWNER]) as asked:
        page = town_hall.sign_in("city").get("/signs", headers={"accept-language": "en"}).content.decode()
    assert "Open rubbish" in page
    assert "Ledger" in page
    assert "A trial" in page
    assert "账本" not in page
    assert "Look at these first" in page
    assert '<details class="card fold"><summary' in page
    # Once for the list, once for the alarms, however many they are.
    assert sum("data_indicator" in one["sql"] for one in asked) == 2


def test_a_sign_opens_its_list_and_its_alarm_becomes_a_case(town_watched: Hub) -> None:
    city = town_hall.sign_in("city")
    page = city.get("/signs").content.decode()
    assert "拥堵指数" in page
    assert "无数据源" in page
    for address in sorted(set(re.findall(r'href="(/signs[^"#]*)', page))):
        assert city.get(address.replace("&amp;", "&")).status_code == 200
    assert city.get("/signs?look=red&system=society&owner=x&q=垃圾&place=nowhere").status_code == 200
    listed = city.get(f"/signs/V1/objects?place={town.DISTRICT}").content.decode()
    assert "data-row" in listed
    assert city.get("/signs/V2/objects").status_code == 404
    assert city.get("/signs/none").status_code == 404
    alarm = re.search(r"/signs/alarms/(\d+)/act", city.get(f"/signs/V1?place={town.DISTRICT}").content.decode())
    assert alarm
    told = city.get(alarm[0].replace("/act", "/unit"), {"category": "rubbish", "place": town.STREET}).content.decode()
    assert "office单位" in told
    assert city.get(alarm[0].replace("/act", "/unit"), {"category": "none"}).status_code == 422
    assert "选定类别后" in city.get(alarm[0].replace("/act", "/unit"), {"category": ""}).content.decode()
    assert town_hall.sign_in("street").get(alarm[0].replace("/act", "/unit")).status_code == 403
    assert "立即生效，不能撤回" in listed
    assert city.post(alarm[0], {"kind": "dismiss", "reason": ""}).status_code in (400, 422)
    filed = city.post(alarm[0], {"kind": "file", "category": "rubbish", "place": town.COMMUNITY})
    assert filed.status_code == 302
    assert filed["Location"].startswith("/cases/")
    assert city.post(alarm[0], {"kind": "file"}).status_code == 409


def test_the_table_has_what_the_map_has(town_watched: Hub) -> None:
    city = town_hall.sign_in("city")
    assert city.get("/map?layer=components&at=113.3,23.1").status_code == 200
    box = "113.2,23.0,113.4,23.2"
    table = city.get(f"/map/table?layer=components&bbox={box}&sort=state&down=1").content.decode()
    assert [code for code in re.findall(r">(C\d)<", table)] == ["C2", "C0", "C1"]
    assert "GCJ-02" in table
    only = city.get(f"/map/table?layer=components&bbox={box}&only=1").content.decode()
    assert re.findall(r">(C\d)<", only) == ["C1"]
    second = city.get(f"/map/table?layer=components&bbox={box}&sort=code&after=C0~0").content.decode()
    assert "C0" in second
    assert "视野内没有对象" in city.get("/map/table?layer=components&bbox=1,1,2,2").content.decode()
    for layer in ("cases", "sensors", "warnings", "odd"):
        assert city.get(f"/map/table?layer={layer}&sort=at&q=x&after=odd").status_code == 200
    assert city.get("/map/points.geojson?layer=sensors").json()["features"] == []
    assert city.get("/map/points.geojson?layer=cases").status_code == 400


def test_components_are_tiles_of_ones_own_range(town_watched: Hub) -> None:
    from zhongshu.data import map_assets
    from zhongshu.data.maps import mercator

    x, y = (one >> (PIXELS - 17) for one in mercator(113.3, 23.1))
    here = f"/map/components/17/{x}/{y}.mvt"
    tile = town_hall.sign_in("city").get(here)
    assert tile.status_code == 200
    assert b"components" in tile.content
    assert tile.content.count(b"damaged") <= 1
    far = map_assets.spots(town.viewer(town.NEXT_DISTRICT, "command"), (17, x, y))
    assert far == []
    assert town_hall.sign_in("city").get("/map/components/3/9/0.mvt").status_code == 404
    cases = town_hall.sign_in("city").get("/map/cases/10/834/444.mvt?only=1")
    assert cases.status_code in (200, 204)


def test_the_cockpit_shows_signs_and_turns_on_a_wall(town_watched: Hub) -> None:
    city = town_hall.sign_in("city")
    page = city.get("/cockpit").content.decode()
    assert "在办垃圾" in page
    assert "此刻在册 · 计数" in page
    assert "data-wall-pause" not in page
    wall = city.get("/cockpit?wall=1").content.decode()
    assert 'data-theme="wall"' in wall
    assert wall.count("data-board") >= 3


@translation.override("zh-hans")
def test_a_sign_says_of_which_time_it_is() -> None:
    taken = datetime(2026, 6, 1, tzinfo=UTC)
    now = Now("V29", "1", taken, taken, 0.0, 0, 1300, 1300, "red", None, None, None)
    found = [shown.basis(replace(SIGN, measure=measure), now) for measure in ("proactive", "overdue", "")]
    assert found == ["近 30 天 · 占比：0 / 1,300", "此刻在册 · 计数", ""]


POINTS = st.lists(
    st.tuples(
        st.sampled_from(["110", "120", "130"]), st.integers(0, 2**29 - 1), st.integers(0, 2**29 - 1), st.booleans()
    ),
    max_size=60,
)


@pytest.mark.usefixtures("template")
def test_a_dozen_tiles_at_once_read_the_components_once(monkeypatch: pytest.MonkeyPatch) -> None:
    from zhongshu.data import map_assets

    asked: list[int] = []

    def slow() -> map_assets.Assets:
        asked.append(1)
        sleep(0.05)
        return map_assets.assets([("1201", [1], [1], [True], [7])])

    map_assets.forget()
    monkeypatch.setattr(map_assets, "read", slow)
    with ThreadPoolExecutor(12) as pool:
        found = list(pool.map(lambda _: map_assets._held(1).id.tolist(), range(12)))
    map_assets.forget()
    assert (found, len(asked)) == ([[7]] * 12, 1)


@pytest.mark.usefixtures("template")
@given(POINTS, st.integers(0, 18))
def test_clusters_lose_nobody(points: list[tuple[str, int, int, bool]], z: int) -> None:
    from zhongshu.data import map_assets
    from zhongshu.screen.tiles import encode

    numbered = [(*one, n + 1) for n, one in enumerate(points)]
    divisions = groupby(sorted(numbered, key=itemgetter(0)), key=itemgetter(0))
    held = map_assets.assets([(code, *list(zip(*rows, strict=True))[1:]) for code, rows in divisions])
    part = held.within("110", "130")
    tiles = {(int(x) >> (PIXELS - z), int(y) >> (PIXELS - z)) for x, y in zip(held.x[part], held.y[part], strict=True)}
    found = [spot for x, y in tiles for spot in map_assets.cut(held, part, (z, x, y), False)]
    assert sum(one.n for one in found) == sum(point[0] != "130" for point in points)
    assert sum(one.overdue for one in found) == sum(point[3] for point in points if point[0] != "130")
    assert all((spot.case > 0) == (spot.n == 1) for spot in found)
    assert all(encode([spot], z, spot.x >> (PIXELS - z), spot.y >> (PIXELS - z), "components") for spot in found)


def test_the_api_gives_no_number_that_is_none(town_watched: Hub) -> None:
    found = {one["code"]: one for one in town_hall.sign_in("city").get(f"/api/signs?place={town.DISTRICT}").json()}
    assert found["V1"]["value"] >= 1
    assert found["V1"]["basis_text"] == "试"
    assert (found["V2"]["value"], found["V2"]["look"]) == (None, "nosource")
