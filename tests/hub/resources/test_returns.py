"""What came back, on a real database: taken in four ways in the own area, noted in the ledger, missed and asked for."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from tests import exchange, town, town_hall
from tests.conftest import Watch
from tests.hub.resources.test_sharing import DATA, STREET, TOOLS, WATER
from zhongshu.data import proceedings as rows
from zhongshu.data.databases import OWNER
from zhongshu.data.returning import flows
from zhongshu.data.sharing import reading
from zhongshu.data.sharing.reading import Cut
from zhongshu.hub.hub import Hub
from zhongshu.hub.resources import proceedings, returns
from zhongshu.kernel.errors import BadInput, IllegalMove, NotFound
from zhongshu.kernel.lifecycle import Role
from zhongshu.screen import gate

VILLAGE = town.viewer(town.COMMUNITY, "office", Role.HANDLER, user=81)
MAY = date(2026, 5, 1)


def flow(code: str, direction: str, items: str, answers: str = "", how: str = "form") -> None:
    from zhongshu.data import models as tables

    tables.DataFlow.objects.using(OWNER).create(
        code=code,
        name=f"流{code}",
        direction=direction,
        unit=exchange.WATER,
        dataset="people",
        items=items,
        grain="community",
        cycle="month",
        how=how,
        within_days=10 if direction == "down" else None,
        answers=answers,
        basis="law",
        valid_from=exchange.SINCE,
        digest="",
    )


@pytest.fixture(scope="module")
def hub(database: str) -> Hub:
    town_hall.people()
    exchange.furnish()
    exchange.bring()
    flow("U", "up", "name;state;phone")
    flow("D", "down", "name;state;identity", "U", "table")
    flow("V", "up", "address")
    made = Hub(lambda: TOOLS, Watch())
    gate.install(made)
    return made


def test_a_place_gets_its_own_rows_what_it_reported_in_clear_and_it_counts_as_returned(hub: Hub) -> None:
    places = {town.COMMUNITY: 2, town.NEXT_COMMUNITY: 1, town.FAR_COMMUNITY: 1}
    returns.flowed(hub.desk, WATER, "U", MAY, places)
    returns.flowed(hub.desk, WATER, "V", MAY, places)
    before = returns.picture(VILLAGE, TOOLS.knowledge, hub.clock())
    assert before.by_unit[exchange.WATER].share == 0
    assert len(before.owed) == 1
    page = returns.take(hub.desk, VILLAGE, "D", Cut(), "table")
    assert [row["row"] for row in page.rows] == [
        {"name": "李四", "state": "参保", "identity": "440***********1232"},
        {"name": "张三丰", "state": "参保", "identity": "440***********887X"},
    ]
    after = returns.picture(VILLAGE, TOOLS.knowledge, hub.clock())
    assert (after.by_unit[exchange.WATER].returned, after.by_unit[exchange.WATER].reported) == (2, 4)
    assert [(one.place, one.rows, one.missed(hub.clock())) for one in after.owed] == [(town.COMMUNITY, 2, False)]
    assert {code for code, _ in after.up_only} == {"U", "V"}
    assert after.up_only["U", "phone"] == {town.COMMUNITY}
    uses = reading.uses(DATA, dataset="people")
    assert (uses[0]["rows"], uses[0]["form"], uses[0]["personal"]) == (2, "table", True)
    returns.take(hub.desk, VILLAGE, "D", Cut(), "table")
    assert [one.flow for one in flows.entries(DATA, MAY) if one.place == town.COMMUNITY].count("D") == 1


def test_one_person_and_the_changes(hub: Hub) -> None:
    one = returns.take(hub.desk, VILLAGE, "D", Cut(key=exchange.PEOPLE[0][0]), "person")
    assert [row["row"]["name"] for row in one.rows] == ["张三丰"]
    assert returns.take(hub.desk, VILLAGE, "D", Cut(key=exchange.PEOPLE[3][0]), "person").rows == []
    pushed = returns.take(hub.desk, VILLAGE, "D", Cut(since=0), "push")
    assert sorted(row["key"] for row in pushed.rows) == sorted(one[0] for one in exchange.PEOPLE[:2])


def test_counts_by_block_keep_small_ones_back(hub: Hub) -> None:
    crowd = [(f"4401021980010{n:05}", f"人{n}", "13800000000", "幸福路1号", town.COMMUNITY) for n in range(40)]
    exchange.bring([*exchange.PEOPLE, *crowd])
    places, values, found = returns.block(hub.desk, DATA, "D", "state")
    assert places == [town.DISTRICT, town.NEXT_DISTRICT]
    assert values == ["参保"]
    assert [bool(shown) for shown in found.shown[:, 0]] == [False, False]
    assert not found.rows_told[1]
    exchange.bring()


def test_who_may_note_what_moved(hub: Hub) -> None:
    with pytest.raises(IllegalMove, match="只能由该流向的单位"):
        returns.flowed(hub.desk, STREET, "D", MAY, {town.COMMUNITY: 1})
    with pytest.raises(IllegalMove, match="本辖区"):
        returns.flowed(hub.desk, STREET, "U", MAY, {town.FAR_COMMUNITY: 1})
    with pytest.raises(BadInput, match="各地条数"):
        returns.flowed(hub.desk, WATER, "D", MAY, {})
    with pytest.raises(NotFound):
        returns.flowed(hub.desk, WATER, "X", MAY, {town.COMMUNITY: 1})
    with pytest.raises(NotFound):
        returns.take(hub.desk, VILLAGE, "U", Cut(), "table")
    with pytest.raises(IllegalMove, match="在岗单位"):
        returns.take(hub.desk, replace(VILLAGE, unit=""), "D", Cut(), "table")


def test_a_missed_return_is_asked_for_promised_given_and_confirmed(hub: Hub) -> None:
    late = hub.clock() + timedelta(days=20)
    seen = returns.picture(DATA, TOOLS.knowledge, late)
    assert {one.place for one in seen.missed(late)} == {town.NEXT_COMMUNITY, town.FAR_COMMUNITY}
    asked = proceedings.begin(hub.desk, VILLAGE, "return", {"text": "五月的还没有回来"}, "flow:V")
    number = asked.subject
    row = rows.row(number)
    assert row is not None
    assert (row["title"], row["providers"], row["due_at"][:10]) == ("催还：流V", [exchange.WATER], "2026-06-15")
    assert number in [one["id"] for one in rows.listed(WATER, waits=proceedings.waits(WATER, TOOLS.knowledge))]
    proceedings.act(hub.desk, WATER, number, "plan", {"until": "2026-06-20", "reason": "系统升级"})
    proceedings.act(hub.desk, WATER, number, "give", {"text": "已下发"})
    with pytest.raises(IllegalMove, match="申请方"):
        proceedings.act(hub.desk, WATER, number, "confirm", {})
    assert proceedings.act(hub.desk, VILLAGE, number, "confirm", {}).payload["state"] == "closed"


def test_who_only_takes_in(hub: Hub) -> None:
    seen = returns.picture(DATA, TOOLS.knowledge, hub.clock())
    assert seen.in_only == {}


@pytest.mark.parametrize(
    ("cycle", "start"),
    [
        ("month", date(2026, 5, 1)),
        ("quarter", date(2026, 1, 1)),
        ("week", date(2026, 5, 25)),
        ("day", date(2026, 5, 31)),
    ],
)
def test_the_last_whole_period(cycle: str, start: date) -> None:
    assert returns.last_period(cycle, datetime(2026, 6, 1, 4, tzinfo=UTC)) == start


def test_pages_and_api(hub: Hub) -> None:
    village, city = town_hall.sign_in("community"), town_hall.sign_in("city")
    for name in ("came", "missed", "broken", "up_only", "in_only", "units", "places"):
        assert village.get(f"/data/returns?list={name}").status_code == 200
    page = village.get("/data/returns?list=up_only").content.decode()
    assert "流V" in page
    assert 'data-opens="act-return-V"' in page
    assert "流D" in village.get("/data/returns").content.decode()
    taken = village.get("/api/data/returns/D/rows").json()
    assert [row["row"]["name"] for row in taken["rows"]] == ["李四", "张三丰"]
    assert (
        village.get(f"/api/data/returns/D/rows?key={exchange.PEOPLE[0][0]}").json()["rows"][0]["row"]["name"]
        == "张三丰"
    )
    assert len(village.get("/api/data/returns/D/changes?since=0").json()["rows"]) >= 2
    block = city.get("/api/data/returns/D/block?item=state").json()
    assert block["counts"] == [[None], [None]]
    assert "不显示" in city.get("/data/returns?pair=D|state").content.decode()
    assert city.get("/api/data/returns").json()["up_only"]
    assert {one["flow"] for one in city.get("/api/data/flows").json()["rows"]} == {"U", "D", "V"}
    noted = {"period": "2026-05-01", "places": {town.COMMUNITY: 5}}
    assert village.post("/api/data/returns/U", noted, content_type="application/json").status_code == 200
    refused = village.post("/api/data/returns/D", noted, content_type="application/json")
    assert (refused.status_code, "只能由该流向的单位" in refused.json()["error"]) == (409, True)
