"""Registers, what people do with them: undone on any page, pairs with their grounds, masks, and who read my record."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import connections
from django.test import Client

from tests import hamlet, town, town_hall
from tests.conftest import Watch
from zhongshu.data.databases import APP, OWNER
from zhongshu.data.registers import adding, blocks, passes, profiles
from zhongshu.data.registers import joining as pairs
from zhongshu.data.registers.pairs import pair_id
from zhongshu.data.sharing import zone
from zhongshu.hub.hub import Hub
from zhongshu.kernel.access import MASKS
from zhongshu.kernel.errors import BadInput, IllegalMove, NotFound
from zhongshu.kernel.lifecycle import Role
from zhongshu.screen import gate

CHIEF = town.viewer(town.CITY, "command", Role.CHIEF, user=61)
WORKER = town.viewer(town.COMMUNITY, "office", Role.HANDLER, user=62)
ARBITER = town.viewer(town.CITY, "command", Role.ARBITER, user=63)
HOUSEHOLDS = 60


@pytest.fixture(scope="module")
def watch() -> Watch:
    return Watch()


@pytest.fixture(scope="module")
def hub(database: str, watch: Watch) -> Hub:
    town_hall.people()
    for subject in ("house", "person"):
        adding.take(subject, hamlet.told(HOUSEHOLDS)[subject].drop(["id"]))
    blocks.recount()
    made = Hub(lambda: town.TOOLS, watch)
    gate.install(made)
    return made


def rows(sql: str, *given: Any) -> list[tuple[Any, ...]]:
    with connections[OWNER].cursor() as cursor:
        cursor.execute(sql, list(given))
        found: list[tuple[Any, ...]] = cursor.fetchall()
        return found


def one_of(grid: str) -> int:
    found: int = rows("SELECT id FROM person WHERE place = %s AND valid_to IS NULL ORDER BY id LIMIT 1", grid)[0][0]
    return found


def kept() -> list[tuple[Any, ...]]:
    return rows("SELECT place, measure, band, count FROM block_count WHERE count > 0 ORDER BY 1, 2, 3")


def test_a_join_undone_on_the_page_of_its_proceeding_leaves_values_and_counts_as_they_were(hub: Hub) -> None:
    near, far = (one_of(grid) for grid in (hamlet.GRID, hamlet.NEXT_GRID))
    both = "SELECT * FROM person WHERE id IN (%s, %s) ORDER BY id"
    before, counted = rows(both, near, far), kept()
    client = town_hall.sign_in("district")
    told = {"other": far, "said": "join", "reason": "同一人"}
    assert client.post(f"/data/registers/person/{near}/decide", told).status_code == 302
    joined = kept()
    assert joined != counted
    blocks.recount()
    assert kept() == joined
    proceeding = rows("SELECT proceeding FROM identity_pair WHERE id = %s", pair_id("person", near, far))[0][0]
    undone = client.post(f"/data/proceedings/{proceeding}/act", {"move": "undo", "reason": "看错了"})
    assert undone.status_code == 302
    assert rows(both, near, far) == before
    assert kept() == counted


def test_pairs_come_with_their_grounds_the_least_certain_first(hub: Hub) -> None:
    found = pairs.pairs(CHIEF, "person")
    doubt = [abs(one["score"] - 0.5) for one in found]
    assert doubt == sorted(doubt)
    assert found[0]["reasons"][0][0] == "prior"
    page = town_hall.sign_in("district").get("/data/registers?subject=person").content.decode()
    assert "任取两条" in page
    assert "reason-against" in page


VALUES = ["", "陈", "陈小明", "11010519491231002X", "1234567", "12345678", "13800138000", "12345", "东街1号"]
VALUES += ["福路12号3栋501房", "村口大树下往东走"]


@pytest.mark.parametrize("kind", [*MASKS, "nothing-known"])
def test_the_database_masks_as_the_kernel_does(hub: Hub, kind: str) -> None:
    sql = "SELECT shown(%s, v) FROM unnest(%s::text[]) WITH ORDINALITY x(v, n) ORDER BY n"
    with connections[APP].cursor() as cursor:
        cursor.execute(sql, [kind, VALUES])
        assert [row[0] for row in cursor.fetchall()] == [MASKS.get(kind, MASKS["hidden"])(value) for value in VALUES]


def someone() -> tuple[int, str]:
    asked = "SELECT id, id_number FROM person WHERE proves_itself(id_number) AND place = %s ORDER BY id"
    person, number = rows(asked, hamlet.GRID)[3]
    return person, number


def test_a_person_sees_once_which_units_read_his_record_and_never_who_sat_there(hub: Hub) -> None:
    person, number = someone()
    profiles.profile(WORKER, "person", person, "入户核实")
    officer = town_hall.sign_in("district")
    page = officer.post(f"/data/registers/person/{person}/pass", {"proof": "id_card"}).content.decode()
    code = page.split('class="pass-code mono">')[1].split("<")[0]
    resident = Client(SERVER_NAME="localhost")
    assert resident.get("/looked").status_code == 200
    wrong = resident.post("/looked", {"code": code, "ending": "0000"})
    assert (wrong.status_code, "还可试 4 次" in wrong.content.decode()) == (422, True)
    typed = {"code": code.lower().replace("-", " "), "ending": number[-4:].lower()}
    said = resident.post("/looked", typed).content.decode()
    assert "入户核实" in said
    assert WORKER.post not in said
    again = resident.post("/looked", {"code": code, "ending": number[-4:]})
    assert (again.status_code, "入户核实" in again.content.decode()) == (422, False)
    assert "已使用" in officer.get(f"/data/registers/person/{person}").content.decode()


def test_what_was_read_of_him_in_shared_data_is_told_too(hub: Hub) -> None:
    person, number = someone()
    rows(
        'INSERT INTO personal_read (contact, "case", subject, post, "user", purpose, at, dataset, whose, use)'
        " VALUES (0, 0, 'row', 'other', 9, '低保复核', now(), 'low_income', %s, 0) RETURNING id",
        zone.subject_of(number),
    )
    assert ("低保复核", "low_income") in [(one.purpose, one.what) for one in passes.readings(person)]


def test_a_pass_lapses_wears_out_and_is_not_given_by_everybody(hub: Hub, watch: Watch) -> None:
    person, number = someone()
    with pytest.raises(BadInput, match="proof"):
        passes.issue(CHIEF, person, "hearsay", watch())
    with pytest.raises(IllegalMove, match="may not give out"):
        passes.issue(ARBITER, person, "id_card", watch())
    lapsed = passes.issue(CHIEF, person, "id_card", watch())
    with pytest.raises(NotFound, match="lapsed"):
        passes.use(lapsed, number[-4:], watch() + timedelta(hours=passes.HOURS, seconds=1))
    worn = passes.issue(CHIEF, person, "face", watch())
    for left in range(passes.TRIES - 1, -1, -1):
        with pytest.raises(BadInput, match=f"{left} tries left"):
            passes.use(worn, "????", watch())
    with pytest.raises(NotFound, match="unknown"):
        passes.use(worn, number[-4:], watch())


def test_the_screens_never_see_the_digest_of_a_code(hub: Hub) -> None:
    with pytest.raises(Exception, match="permission denied"), connections[APP].cursor() as cursor:
        cursor.execute("SELECT code FROM record_pass")
