"""Row-level security, tried from every door: pages, the ORM and raw SQL with the screens' own database role."""

from __future__ import annotations

from collections.abc import Callable

import psycopg
import pytest
from django.db import DatabaseError, connections, transaction

from tests import town, town_hall
from zhongshu.data import casefile, lists, overview, people
from zhongshu.data.databases import APP
from zhongshu.data.lists import Wanted
from zhongshu.data.viewing import viewing
from zhongshu.hub.hub import Hub
from zhongshu.hub.sense.normalise import normalise
from zhongshu.kernel.access import NOBODY, Viewer
from zhongshu.kernel.errors import BadInput, IllegalMove, NotFound
from zhongshu.screen import gate

HERE, NEXT, FAR = "一居", "二居", "远居"
SEES: dict[str, set[str]] = {
    "city": {HERE, NEXT, FAR},
    "district": {HERE, NEXT},
    "next_district": {FAR},
    "street": {HERE},
    "next_street": {NEXT},
    "community": {HERE},
    "next_community": {NEXT},
}
LEVELS = sorted(SEES)
TABLES = (
    *("case", "report", "task", "clock", "ledger", "judgement", "issue", "issue_voice", "issue_turn"),
    *("case_now", "map_cell"),
)


@pytest.fixture(scope="module")
def cases(database: str) -> dict[str, int]:
    """One case in each community: its place by name -> its id."""
    town_hall.people()
    hub = Hub(lambda: town.TOOLS)
    gate.install(hub)
    found: dict[str, int] = {}
    for n, name in enumerate((HERE, NEXT, FAR)):
        raw = {"text": f"{name} 垃圾", "channel": "web", "name": "陈某", "phone": "13800138021"}
        one = normalise({**raw, "lon": 113.3 + n / 10, "lat": 23.1}, hub.clock())
        found[name] = next(fact.subject for fact in hub.take_in([one])[0].facts if fact.kind == "Judged")
    return found


@pytest.fixture
def viewer(cases: dict[str, int]) -> Callable[[str], Viewer]:
    from django.contrib.auth.models import User

    return lambda name: people.viewer_of(User.objects.get(username=name).pk)


def expected(cases: dict[str, int], name: str) -> set[int]:
    return {cases[place] for place in SEES[name]}


@pytest.mark.parametrize("name", LEVELS)
def test_pages_show_exactly_the_own_cases(cases: dict[str, int], name: str) -> None:
    client = town_hall.sign_in(name)
    page = client.get("/cases", {"open": "1"}).content.decode()
    own = expected(cases, name)
    assert {case for case in cases.values() if f"/cases/{case}" in page} == own
    assert {case for case in cases.values() if client.get(f"/cases/{case}").status_code == 200} == own
    strangers = set(cases.values()) - own
    answers = {client.post(f"/cases/{case}/act", {"kind": "Signed"}).status_code for case in strangers}
    assert answers <= {404}
    bulk = client.post("/cases/bulk", {"kind": "Signed", "case": [str(case) for case in strangers]}).content.decode()
    assert "完成 0 件" in bulk


@pytest.mark.parametrize("name", LEVELS)
def test_lists_files_maps_and_numbers_agree(cases: dict[str, int], viewer: Callable[[str], Viewer], name: str) -> None:
    from zhongshu.data import maps

    who, now, own = viewer(name), town.NOON, expected(cases, name)
    assert {row["id"] for row in lists.page(who, Wanted(), now).rows} == own
    assert {row["id"] for row in lists.rows(who, list(cases.values()))} == own
    assert {case for case in cases.values() if casefile.whole(who, case)} == own
    assert overview.numbers(who, now, now).open == len(own)
    assert {spot.case for z in (0, 6, 9, 12, 14) for spot in maps.spots(who, z, *tile(z)) if spot.case} <= own
    assert sum(spot.n for spot in maps.spots(who, 0, 0, 0)) == len(own)


def tile(z: int) -> tuple[int, int]:
    from zhongshu.data import maps

    spot = maps.mercator(113.3, 23.1)
    return spot[0] >> (maps.PIXELS - z), spot[1] >> (maps.PIXELS - z)


@pytest.mark.parametrize("name", LEVELS)
def test_orm_sees_exactly_the_own_cases(cases: dict[str, int], viewer: Callable[[str], Viewer], name: str) -> None:
    from zhongshu.data.models import Case, Report

    with viewing(viewer(name)):
        assert set(Case.objects.using(APP).values_list("id", flat=True)) == expected(cases, name)
        assert set(Report.objects.using(APP).values_list("case", flat=True)) == expected(cases, name)


@pytest.mark.parametrize("name", LEVELS)
def test_raw_sql_sees_exactly_the_own_cases(cases: dict[str, int], viewer: Callable[[str], Viewer], name: str) -> None:
    strangers = sorted(set(cases.values()) - expected(cases, name))
    with viewing(viewer(name)), connections[APP].cursor() as cursor:
        cursor.execute('SELECT id FROM "case"')
        assert {row[0] for row in cursor.fetchall()} == expected(cases, name)
        cursor.execute("SELECT count(*) FROM ledger WHERE subject = ANY (%s)", [strangers])
        assert cursor.fetchone() == (0,)


@pytest.mark.parametrize("table", TABLES)
def test_nothing_is_visible_without_a_viewer(cases: dict[str, int], table: str) -> None:
    with connections[APP].cursor() as cursor:
        cursor.execute(f'SELECT count(*) FROM "{table}"')
        assert cursor.fetchone() == (0,)
    with viewing(NOBODY), connections[APP].cursor() as cursor:
        cursor.execute(f'SELECT count(*) FROM "{table}"')
        assert cursor.fetchone() == (0,)


def test_a_span_ends_with_its_transaction(cases: dict[str, int], viewer: Callable[[str], Viewer]) -> None:
    with viewing(viewer("city")):
        pass
    assert lists.rows(NOBODY, list(cases.values())) == []


@pytest.mark.parametrize(
    "statement",
    [
        'INSERT INTO "case" (id) VALUES (1)',
        "UPDATE \"case\" SET state = 'closed'",
        'DELETE FROM "case"',
        'TRUNCATE "case"',
        "INSERT INTO ledger (id) VALUES (1)",
        "UPDATE ledger SET kind = 'x'",
        "DELETE FROM ledger",
        "UPDATE map_cell SET n = 0",
        "DELETE FROM case_now",
        "SELECT * FROM contact",
        "SELECT * FROM personal_read",
    ],
)
def test_the_screens_role_can_only_read(cases: dict[str, int], viewer: Callable[[str], Viewer], statement: str) -> None:
    with pytest.raises(DatabaseError), viewing(viewer("city")), connections[APP].cursor() as cursor:
        cursor.execute(statement)


def test_hidden_rows_can_not_be_sounded_by_errors(cases: dict[str, int], viewer: Callable[[str], Viewer]) -> None:
    """A condition that fails on a row must not run before the policy has let the row through."""
    with viewing(viewer("next_district")), connections[APP].cursor() as cursor:
        cursor.execute('SELECT count(*) FROM "case" WHERE 1 / (id - %s) > -1', [cases[HERE]])
        assert cursor.fetchone() == (1,)


def test_reporters_are_revealed_to_few_and_every_row_is_logged(
    cases: dict[str, int], viewer: Callable[[str], Viewer], database: str
) -> None:
    case = cases[HERE]
    assert list(people.contacts(viewer("street"), case).values()) == [{"name": "陈*", "phone": "138******21"}]
    with pytest.raises(NotFound):
        people.reveal(viewer("next_district"), case, "回访")
    with pytest.raises(IllegalMove):
        people.reveal(viewer("street"), case, "回访")
    with pytest.raises(BadInput):
        people.reveal(viewer("district"), case, " ")
    assert list(people.reveal(viewer("district"), case, "回访").values()) == [{"name": "陈某", "phone": "13800138021"}]
    with psycopg.connect(database) as owner:
        logged = owner.execute('SELECT "case", post, purpose FROM personal_read').fetchall()
    assert logged == [(case, f"{town.DISTRICT}-command-post", "回访")]


def test_counts_kept_by_triggers_equal_counts_made_anew(cases: dict[str, int], database: str) -> None:
    from zhongshu.data import write

    with psycopg.connect(database) as owner:
        before = [owner.execute(f"SELECT * FROM {table} ORDER BY 1, 2, 3, 4").fetchall() for table in TABLES[-2:]]
    write.rebuild(batch=3)
    with psycopg.connect(database) as owner:
        after = [owner.execute(f"SELECT * FROM {table} ORDER BY 1, 2, 3, 4").fetchall() for table in TABLES[-2:]]
    assert before == after
    assert all(before)
    assert transaction.get_connection(APP).in_atomic_block is False
