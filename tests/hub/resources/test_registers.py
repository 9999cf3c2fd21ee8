"""Registers on a real database: taken in, settled, counted, listed, read and logged, joined and undone; their pages."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.db import connections

from tests import hamlet, town, town_hall
from tests.conftest import Watch
from zhongshu.data import write
from zhongshu.data.databases import APP, OWNER
from zhongshu.data.registers import blocks, lists, loading, profiles, settling
from zhongshu.data.registers import joining as pairs
from zhongshu.data.registers.pairs import pair_id, parsed
from zhongshu.data.registers.subjects import PERSON
from zhongshu.data.viewing import viewing
from zhongshu.hub.hub import Hub
from zhongshu.hub.resources import joining, proceedings
from zhongshu.kernel.access import mask_number
from zhongshu.kernel.errors import BadInput, IllegalMove, NotFound
from zhongshu.kernel.lifecycle import Role
from zhongshu.kernel.places import Level
from zhongshu.screen import gate

CHIEF = town.viewer(town.CITY, "command", Role.CHIEF, user=61)
WORKER = town.viewer(town.COMMUNITY, "office", Role.HANDLER, user=62)
ARBITER = town.viewer(town.CITY, "command", Role.ARBITER, user=63)
HOUSEHOLDS = 25


@pytest.fixture(scope="module")
def hub(database: str) -> Hub:
    town_hall.people()
    for subject in ("house", "person", "organisation"):
        table = hamlet.told(HOUSEHOLDS)[subject]
        loading.take_in(subject, table.drop(["id"]))
    blocks.recount()
    made = Hub(lambda: town.TOOLS, Watch())
    gate.install(made)
    return made


def rows(sql: str, *given: Any) -> list[tuple[Any, ...]]:
    with connections[OWNER].cursor() as cursor:
        cursor.execute(sql, list(given))
        found: list[tuple[Any, ...]] = cursor.fetchall()
        return found


def test_the_true_homes_and_about_the_true_people_are_registered(hub: Hub) -> None:
    true = len(set(hamlet.told(HOUSEHOLDS)["person"]["truth"].to_pylist()))
    people, homes = rows("SELECT (SELECT count(*) FROM person), (SELECT count(*) FROM house)")[0]
    assert homes == 2 * HOUSEHOLDS
    assert abs(people - true) <= 0.02 * true


def test_each_count_is_the_length_of_its_list(hub: Hub) -> None:
    cells = blocks.counts(CHIEF, town.CITY[:4], 12)
    listed = [one for one in cells if blocks.MEASURES[one.measure].subject and one.count <= lists.SIZE]
    assert {one.measure for one in cells} >= {"people", "households", "houses", "rented", "firms", "kinds"}
    for one in listed:
        asked = lists.Asked(blocks.MEASURES[one.measure].subject, "", one.block, one.measure, one.band)
        assert len(lists.listed(CHIEF, asked)) == one.count


def test_a_count_is_only_of_what_the_viewer_may_see(hub: Hub) -> None:
    assert {one.block for one in blocks.counts(WORKER, town.CITY[:4], 12)} == {town.COMMUNITY}
    assert lists.listed(WORKER, lists.Asked("person", under=town.NEXT_COMMUNITY)) == []


def test_the_screens_own_role_reads_no_name_and_no_number(hub: Hub) -> None:
    with viewing(CHIEF), connections[APP].cursor() as cursor:
        cursor.execute("SELECT count(*) FROM person_shown WHERE name !~ '^.?[*]*$' OR id_number ~ '^[0-9]{17}'")
        assert cursor.fetchone()[0] == 0
    with pytest.raises(Exception, match="permission denied"), viewing(CHIEF), connections[APP].cursor() as cursor:
        cursor.execute("SELECT name FROM person LIMIT 1")


def test_people_are_found_by_number_old_or_new_and_by_name(hub: Hub) -> None:
    entity, number, name = rows(
        "SELECT id, id_number, name FROM person WHERE proves_itself(id_number) AND born BETWEEN '1950-01-01' AND"
        " '1990-01-01' ORDER BY id LIMIT 1"
    )[0]
    short = number[:6] + number[8:17]
    for words in (number, number.lower(), short, name):
        assert entity in [row["id"] for row in lists.listed(CHIEF, lists.Asked("person", words))]
    assert lists.listed(CHIEF, lists.Asked("person", name[:1])) == []


def test_a_value_is_that_of_the_source_that_ranks_first(hub: Hub) -> None:
    rows(
        "INSERT INTO data_sourcerank (code, valid_from, digest, subject, item, dataset, rank, basis)"
        " VALUES ('person/phone/pupils', now(), '', 'person', 'phone', 'pupils', 1, 'expert') RETURNING id"
    )
    entity = rows("SELECT entity FROM person_record WHERE dataset = 'pupils' AND phone <> '' ORDER BY id LIMIT 1")[0][0]
    settling.settle(PERSON, [entity])
    phone = next(one for one in profiles.values(PERSON, entity) if one.item.name == "phone")
    assert (phone.best.dataset, phone.best.rank) == ("pupils", 1)
    assert rows("SELECT phone FROM person WHERE id = %s", entity) == [(phone.best.value,)]
    assert all(other.rank == settling.LAST for other in phone.others)


def test_a_profile_is_masked_until_it_is_read_with_a_purpose_and_that_is_logged(hub: Hub) -> None:
    entity = rows("SELECT id FROM person WHERE place = %s AND id_number <> '' ORDER BY id LIMIT 1", hamlet.GRID)[0][0]
    masked = {one.item.name: one.best.value for one in profiles.profile(WORKER, "person", entity).values}
    clear = {one.item.name: one.best.value for one in profiles.profile(WORKER, "person", entity, "入户核实").values}
    assert masked["id_number"] == mask_number(clear["id_number"]) != clear["id_number"]
    assert [look.purpose for look in profiles.looks(CHIEF, "person", entity)] == ["入户核实"]
    with pytest.raises(BadInput, match="purpose"):
        profiles.profile(WORKER, "person", entity, " ")
    with pytest.raises(IllegalMove, match="may not read"):
        profiles.profile(ARBITER, "person", entity, "好奇")


def test_a_record_of_elsewhere_is_not_there(hub: Hub) -> None:
    entity = rows("SELECT id FROM person WHERE place = %s ORDER BY id LIMIT 1", hamlet.NEXT_GRID)[0][0]
    with pytest.raises(NotFound):
        profiles.profile(WORKER, "person", entity)


def test_who_moved_has_two_episodes_and_one_home(hub: Hub) -> None:
    person = rows("SELECT person FROM residence WHERE until IS NOT NULL AND since IS NULL ORDER BY id LIMIT 1")[0][0]
    episodes = profiles.residences(CHIEF, "person", person)
    assert [one["until"] is None for one in episodes[:1]] == [True]
    assert isinstance(episodes[-1]["until"], date)
    assert rows("SELECT house FROM person WHERE id = %s", person) == [(episodes[0]["house"],)]


def test_two_are_joined_and_the_join_is_undone_exactly(hub: Hub) -> None:
    first, second = (row[0] for row in rows("SELECT id FROM person WHERE valid_to IS NULL ORDER BY id LIMIT 2"))
    before = rows("SELECT * FROM person WHERE id IN (%s, %s) ORDER BY id", first, second)
    pair = pair_id("person", second, first)
    fact = joining.decide(hub.desk, CHIEF, pair, "join", "同一人两次登记")
    assert rows("SELECT merged_into FROM person WHERE id = %s", second) == [(first,)]
    assert rows("SELECT records FROM person WHERE id = %s", first)[0][0] == before[0][4] + before[1][4]
    assert second not in [row["id"] for row in lists.listed(CHIEF, lists.Asked("person", under=town.CITY[:4]))]
    with pytest.raises(IllegalMove, match="decided already"):
        joining.decide(hub.desk, CHIEF, pair, "part", "又不是了")
    joining.undo(hub.desk, CHIEF, fact.subject, "看错了")
    assert rows("SELECT * FROM person WHERE id IN (%s, %s) ORDER BY id", first, second) == before
    assert [one["state"] for one in pairs.pairs(CHIEF, "person", "", first) if one["id"] == pair] == ["open"]


def test_a_rebuild_keeps_what_people_decided(hub: Hub) -> None:
    first, second = (row[0] for row in rows("SELECT id FROM organisation WHERE valid_to IS NULL ORDER BY id LIMIT 2"))
    pair = pair_id("organisation", first, second)
    joining.decide(hub.desk, CHIEF, pair, "part", "两家店")
    write.rebuild()
    assert [one["state"] for one in pairs.pairs(CHIEF, "organisation", "apart")] == ["apart"]
    assert proceedings.rows.listed(CHIEF, family="parting")[0]["subject"] == pair


def test_a_community_decides_only_on_its_own(hub: Hub) -> None:
    near = rows("SELECT id FROM person WHERE place = %s ORDER BY id LIMIT 1", hamlet.GRID)[0][0]
    far = rows("SELECT id FROM person WHERE place = %s ORDER BY id LIMIT 1", hamlet.NEXT_GRID)[0][0]
    with pytest.raises(NotFound, match="not both are here"):
        joining.decide(hub.desk, WORKER, pair_id("person", near, far), "join", "像")


def test_ids_of_pairs_are_checked() -> None:
    with pytest.raises(BadInput):
        parsed("person:2+1")
    with pytest.raises(BadInput):
        pair_id("person", 1, 1)


def test_the_pages_show_it_all(hub: Hub) -> None:
    client = town_hall.sign_in("district")
    entity, house = rows("SELECT id, house FROM person WHERE house IS NOT NULL ORDER BY id LIMIT 1")[0]
    pages = [
        "/data/registers",
        "/data/registers?subject=house&q=福路",
        f"/data/registers?subject=person&measure=people&band=18-59&under={town.COMMUNITY}",
        f"/data/registers/person/{entity}",
        f"/data/registers/house/{house}",
        f"/data/registers/person/{entity}/looks",
        "/data/blocks",
        f"/data/blocks?under={town.COMMUNITY}&by=grid&measure=people",
        "/data/blocks/list?measure=cases&under=9901",
    ]
    assert [client.get(page).status_code for page in pages] == [200] * len(pages)
    read = client.post(f"/data/registers/person/{entity}/read", {"purpose": "走访"})
    assert "明文" in read.content.decode()
    assert client.post(f"/data/registers/person/{entity}/read", {"purpose": ""}).status_code == 422
    assert client.get("/data/registers/person/999999999").status_code == 404


def test_the_api_tells_and_takes_the_same(hub: Hub) -> None:
    client = town_hall.sign_in("district")
    first, second = (row["id"] for row in client.get("/api/data/registers/house").json()["rows"][:2])
    profile = client.get(f"/api/data/registers/house/{first}").json()
    assert {one["item"] for one in profile["values"]} >= {"name", "use", "area", "code"}
    told = {"other": second, "said": "join", "reason": "同一套房"}
    answer = client.post(f"/api/data/registers/house/{first}/decide", told, content_type="application/json").json()
    assert answer["state"] == "joined"
    undo = {**told, "said": "undo", "proceeding": answer["proceeding"]}
    answer = client.post(f"/api/data/registers/house/{first}/decide", undo, content_type="application/json").json()
    assert answer["state"] == "undone"
    assert len(client.get("/api/data/blocks?length=12&under=9901").json()) > 10
    assert client.get("/api/data/registers/person/pairs").status_code == 200


def test_the_levels_below_are_those_of_the_scheme() -> None:
    assert town.SCHEME.level(town.COMMUNITY) is Level.COMMUNITY


@pytest.mark.parametrize(
    ("address", "status"),
    [
        ("/api/data/registers/person?q=%00%00", 422),
        ("/api/data/registers/person?measure=%00", 422),
        ("/api/data/registers/person?measure=people&band=%00", 422),
        ("/api/data/registers/person?measure=cases", 422),
        ("/api/data/registers/ship", 422),
        ("/api/data/registers/house/9223372036854775807", 404),
        ("/data/registers?subject=ship", 422),
        ("/data/registers?measure=nothing", 422),
        ("/data/blocks/list?measure=people", 422),
        ("/data/blocks?under=%27%3B--", 200),
    ],
)
def test_what_makes_no_sense_is_refused_with_a_sentence(hub: Hub, address: str, status: int) -> None:
    assert town_hall.sign_in("district").get(address).status_code == status
