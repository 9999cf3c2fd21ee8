"""Sharing on a real database: asked, reviewed, granted, masked by the database itself, logged by row, sealed, ended."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from django.db import Error, connections, transaction

from tests import exchange, town, town_hall
from tests.conftest import Watch
from zhongshu.data import proceedings as rows
from zhongshu.data import write
from zhongshu.data.databases import APP, OWNER, ROAD
from zhongshu.data.sharing import audit, reading, rules, zone
from zhongshu.data.sharing.grading import Finding
from zhongshu.data.sharing.reading import Asked, Cut
from zhongshu.hub.hub import Hub
from zhongshu.hub.resources import proceedings, using
from zhongshu.kernel.access import Viewer
from zhongshu.kernel.desk import Unit
from zhongshu.kernel.errors import BadInput, IllegalMove, NotFound
from zhongshu.kernel.lifecycle import Role
from zhongshu.kernel.places import Level
from zhongshu.screen import gate

_BUREAU = Unit(exchange.BUREAU, "数据局", "data", Level.CITY, town.CITY)
TOOLS = replace(town.TOOLS, knowledge=replace(town.KNOWLEDGE, units={**town.KNOWLEDGE.units, _BUREAU.code: _BUREAU}))
STREET = town.viewer(town.STREET, "office", Role.HANDLER, user=71)
WATER = town.viewer(town.CITY, "water", Role.CHIEF, Role.HANDLER, user=72)
DATA = town.viewer(town.CITY, "data", Role.CHIEF, Role.ARBITER, user=73)
NEXT = town.viewer(town.NEXT_STREET, "office", Role.HANDLER, user=74)
LATER = "2036-12-31"
PURPOSE = "低保资格核对"


@pytest.fixture(scope="module")
def hub(database: str) -> Hub:
    town_hall.people()
    exchange.furnish()
    exchange.bring()
    made = Hub(lambda: TOOLS, Watch())
    gate.install(made)
    return made


def act(hub: Hub, viewer: Viewer, number: int, move: str, **given: Any) -> str:
    return str(proceedings.act(hub.desk, viewer, number, move, given).payload["state"])


def ask(hub: Hub, items: str, dataset: str = "people", until: str = LATER) -> int:
    given = {"items": items, "purpose": PURPOSE, "basis": "《社会救助暂行办法》第二十三条", "until": until}
    return proceedings.begin(hub.desk, STREET, "sharing", given, f"dataset:{dataset}").subject


def granted(hub: Hub, items: str = "identity name phone address state", until: str = LATER, clear: str = "") -> int:
    number = ask(hub, items, until=until)
    act(hub, DATA, number, "forward")
    act(hub, WATER, number, "consent", **({"clear": clear} if clear else {}))
    assert act(hub, WATER, number, "provide") == "authorised"
    return number


def read(hub: Hub, grant: int, cut: Cut | None = None, viewer: Viewer = STREET, purpose: str = PURPOSE) -> reading.Page:
    return using.read(hub.desk, viewer, Asked(grant, purpose), cut or Cut())


def test_the_database_masks_what_the_grant_says_and_only_in_the_own_area(hub: Hub) -> None:
    page = read(hub, granted(hub))
    assert [row["row"] for row in page.rows] == [
        {"identity": "440***********1232", "name": "李*", "phone": "139****1111", "address": "解放路", "state": "参保"},
        {
            "identity": "440***********887X",
            "name": "张**",
            "phone": "138****5678",
            "address": "幸福路",
            "state": "参保",
        },
    ]


def test_items_that_the_provider_opened_are_clear_and_no_other_item_is_there(hub: Hub) -> None:
    page = read(hub, granted(hub, "name phone", clear="phone"))
    assert page.rows[0]["row"] == {"name": "李*", "phone": "13900001111"}


@pytest.mark.parametrize("alias", [APP, ROAD])
def test_neither_the_screens_role_nor_the_roads_can_read_the_raw(hub: Hub, alias: str) -> None:
    with connections[alias].cursor() as cursor, pytest.raises(Error, match="permission denied"):
        cursor.execute("SELECT row FROM zone_row")


def test_row_level_security_stays_for_the_role_that_the_functions_run_as(hub: Hub) -> None:
    with transaction.atomic(using=OWNER), connections[OWNER].cursor() as cursor:
        cursor.execute("SET LOCAL ROLE zhongshu_share")
        cursor.execute("SELECT count(*) FROM zone_row")
        assert cursor.fetchone()[0] == 0
        span = STREET.span
        cursor.execute(
            "SELECT set_config('zhongshu.lo', %s, true), set_config('zhongshu.hi', %s, true)", [span.lo, span.hi]
        )
        cursor.execute("SELECT count(*) FROM zone_row")
        assert cursor.fetchone()[0] == 2


def test_pages_by_key_and_one_person(hub: Hub) -> None:
    grant = granted(hub, "name")
    first = read(hub, grant, Cut(size=1)).rows[0]
    second = read(hub, grant, Cut(first["place"], first["key"], size=1)).rows[0]
    assert (first["row"]["name"], second["row"]["name"]) == ("李*", "张**")
    assert read(hub, grant, Cut(second["place"], second["key"])).rows == []
    one = read(hub, grant, Cut(key="44010219900307887X")).rows
    assert [row["row"]["name"] for row in one] == ["张**"]
    assert read(hub, grant, Cut(key="440102196612123456")).rows == []
    assert [len(part) for part in using.bulk(hub.desk, STREET, Asked(grant, PURPOSE))] == [2]


def test_changes_come_by_number_and_a_row_that_is_gone_keeps_its_key_only(hub: Hub) -> None:
    grant = granted(hub, "name phone")
    mark = max(row["seq"] for row in read(hub, grant, Cut(since=0)).rows)
    moved = [(*exchange.PEOPLE[0][:2], "13800000000", *exchange.PEOPLE[0][3:]), *exchange.PEOPLE[2:]]
    changed = exchange.bring(moved)
    assert (changed.added, changed.changed, changed.gone) == (0, 1, 1)
    assert exchange.bring(moved).changed == 0
    rows_ = read(hub, grant, Cut(since=mark)).rows
    assert sorted(((row["gone"], row["row"]) for row in rows_), key=str) == [
        (False, {"name": "张**", "phone": "138****0000"}),
        (True, None),
    ]
    exchange.bring()


def failures(grant: int = 0) -> list[tuple[str, str]]:
    return [(one["failure"], one["diagnosis"]) for one in reading.uses(DATA, failed=True, grant=grant)]


def test_another_purpose_is_refused_and_noted(hub: Hub) -> None:
    grant = granted(hub, "name")
    with pytest.raises(IllegalMove, match="用途与授权不符"):
        read(hub, grant, purpose="营销")
    assert failures(grant) == [("purpose", "dare_not")]
    assert reading.uses(DATA, grant=grant, failed=True)[0]["purpose"] == "营销"


def test_nobody_elses_grant(hub: Hub) -> None:
    grant = granted(hub, "name")
    with pytest.raises(NotFound, match="没有授权给贵单位"):
        read(hub, grant, viewer=NEXT)
    assert failures(grant) == [("no_grant", "cannot")]


def test_expiry_ends_access_by_itself(hub: Hub) -> None:
    """The hub's clock stands in June 2026; the database's own is later, and is the one that counts."""
    grant = granted(hub, "name", until="2026-07-01")
    with pytest.raises(IllegalMove, match="访问自动终止"):
        read(hub, grant)
    assert failures(grant) == [("expired", "cannot")]
    row = rows.row(grant)
    assert row is not None
    assert row["due_at"].startswith("2026-07-01T16:00")


def test_a_system_of_the_unit_reads_by_its_token(hub: Hub) -> None:
    told = {
        "items": "level",
        "purpose": PURPOSE,
        "basis": "《防洪法》第四十五条",
        "until": LATER,
        "system": "street-app",
    }
    grant = proceedings.begin(hub.desk, STREET, "sharing", told, "dataset:roads").subject
    assert act(hub, DATA, grant, "authorise") == "authorised"
    machine = Viewer("integration:street-app", span=STREET.span, place=STREET.place, level=STREET.level)
    assert read(hub, grant, viewer=machine).rows == []
    assert reading.uses(DATA, grant=grant)[0]["post"] == "integration:street-app"
    with pytest.raises(NotFound, match="没有授权给贵单位"):
        read(hub, grant, viewer=replace(machine, post="integration:other"))


def test_a_revoked_grant_is_closed_at_once(hub: Hub) -> None:
    grant = granted(hub, "name")
    assert read(hub, grant).rows
    assert act(hub, WATER, grant, "revoke", reason="超范围使用", clause="国务院令第809号") == "revoked"
    with pytest.raises(IllegalMove, match="已终止"):
        read(hub, grant)


def test_each_read_is_logged_by_row_and_sealed(hub: Hub) -> None:
    grant = granted(hub, "name state")
    read(hub, grant)
    (use,) = reading.uses(DATA, grant=grant)
    assert (use["rows"], use["purpose"], use["unit"]) == (2, PURPOSE, STREET.unit)
    with connections[OWNER].cursor() as cursor:
        cursor.execute("SELECT whose, post, purpose FROM personal_read WHERE use = %s ORDER BY id", [use["id"]])
        logged = cursor.fetchall()
        wanted = [zone.subject_of(exchange.PEOPLE[n][0]) for n in (1, 0)]
        assert logged == [(subject, STREET.post, PURPOSE) for subject in wanted]
        assert list(audit.verify()) == []
        with transaction.atomic(using=OWNER):
            cursor.execute("UPDATE personal_read SET post = 'nobody' WHERE use = %s", [use["id"]])
            (found,) = audit.verify()
            assert (found.use, found.dataset, found.logged) == (use["id"], "people", 2)
            assert "改动" in found.sentence
            cursor.execute("DELETE FROM personal_read WHERE use = %s", [use["id"]])
            assert "缺失" in next(audit.verify()).sentence
            transaction.set_rollback(True, using=OWNER)
    assert list(audit.verify()) == []


def test_unconditional_items_are_authorised_after_review_and_conditional_ones_are_not(hub: Hub) -> None:
    free = ask(hub, "level place", "roads")
    with pytest.raises(IllegalMove, match="应直接授权"):
        act(hub, DATA, free, "forward")
    assert act(hub, DATA, free, "authorise") == "authorised"
    assert free in [row["id"] for row in rows.listed(WATER, side="provider")]
    assert free not in [row["id"] for row in rows.listed(WATER, waits=proceedings.waits(WATER, TOOLS.knowledge))]
    conditional = ask(hub, "name")
    with pytest.raises(IllegalMove, match="须转提供方"):
        act(hub, DATA, conditional, "authorise")
    denied = ask(hub, "level", "gauges")
    with pytest.raises(IllegalMove, match="只能不通过"):
        act(hub, DATA, denied, "forward")
    assert act(hub, DATA, denied, "reject", reason="不予共享", clause="部门内部规定") == "refused"
    assert reading.blocked(DATA)["gauges", "level"] == 1


def test_limits_of_law_run_in_working_days(hub: Hub) -> None:
    number = ask(hub, "name")
    due = []
    for viewer, move, given in (
        (None, "", {}),
        (DATA, "forward", {}),
        (WATER, "decline", {"reason": "范围过大", "clause": "国务院令第809号"}),
        (STREET, "dispute", {"reason": "职责所需"}),
    ):
        if viewer is not None:
            act(hub, viewer, number, move, **given)
        row = rows.row(number)
        assert row is not None
        due.append(row["due_at"][:10])
    assert due == ["2026-06-03", "2026-06-15", "2026-06-08", "2026-06-15"]
    assert act(hub, DATA, number, "rule_share", reason="属救助职责必需") == "authorised"


def test_odd_wishes_get_a_sentence(hub: Hub) -> None:
    with pytest.raises(BadInput, match="没有信息项“salary”"):
        ask(hub, "salary")
    with pytest.raises(IllegalMove, match="国家秘密"):
        ask(hub, "level", "bunkers")
    with pytest.raises(BadInput, match="标的应为数据资源"):
        given = {"items": "x", "purpose": PURPOSE, "basis": "x", "until": LATER}
        proceedings.begin(hub.desk, STREET, "sharing", given, "element:x")
    with pytest.raises(BadInput, match="请选择原因"):
        using.tell(hub.desk, STREET, "people", "bored", "")


def test_a_person_says_why_data_are_of_no_use_and_each_kind_has_its_own_step(hub: Hub) -> None:
    for failure in ("quality", "no_basis", "no_skill"):
        using.tell(hub.desk, STREET, "roads", failure, "字段对不上")
    told = [one for one in reading.uses(DATA, dataset="roads") if one["grant"] == 0]
    assert [one["diagnosis"] for one in told] == ["dont_know", "dare_not", "cannot"]


def test_an_order_reaches_the_receiver_and_no_one_else(hub: Hub) -> None:
    given = {"items": "name state", "receiver": NEXT.unit, "purpose": "防汛转移", "basis": "《防洪法》第四十五条"}
    order = proceedings.begin(hub.desk, DATA, "requisition", {**given, "until": LATER}, "dataset:people").subject
    assert act(hub, WATER, order, "execute") == "authorised"
    page = read(hub, order, viewer=NEXT, purpose="防汛转移")
    assert [row["row"]["name"] for row in page.rows] == ["欧***"]
    with pytest.raises(NotFound):
        read(hub, order, purpose="防汛转移")


def test_use_is_accounted_by_data_set_and_the_ratio_of_what_was_granted(hub: Hub) -> None:
    read(hub, granted(hub, "state"))
    street = next(one for one in reading.account(DATA, "2026-01-01") if one["unit"] == STREET.unit)
    assert street["dataset"] == "people"
    assert street["rows"] >= 2
    assert street["bytes"] > 0
    (provider,) = reading.fulfilment(DATA)
    assert provider["provider"] == exchange.WATER
    assert provider["asked"] == provider["open"] + provider["granted"] + provider["refused"]


def test_an_overgraded_item_is_reviewed_appealed_and_changed_by_ruling(hub: Hub) -> None:
    found = rules.fields()["gauges", "level"]
    verdict = rules.book().verdict(found)
    assert (verdict.grade, verdict.share, verdict.finding, verdict.steps) == ("1", "1", Finding.OVER, 3)
    given = {"items": "level", "reason": "积水读数应当公开"}
    number = proceedings.begin(hub.desk, STREET, "regrade", given, "dataset:gauges").subject
    assert act(hub, WATER, number, "keep", reason="设施安全", clause="部门内部规定") == "kept"
    assert act(hub, STREET, number, "appeal", reason="并非法律依据") == "appealed"
    with pytest.raises(IllegalMove, match="数据管理部门"):
        act(hub, WATER, number, "rule_change", reason="改")
    assert act(hub, DATA, number, "rule_change", reason="依规则 G4 应为 1 级、无条件共享") == "changed"
    again = rules.fields()["gauges", "level"]
    assert (again.grade, again.share, rules.book().verdict(again).finding) == ("1", "1", Finding.FITS)
    free = ask(hub, "level", "gauges")
    assert act(hub, DATA, free, "authorise") == "authorised"


def test_software_never_lowers_a_state_secret(hub: Hub) -> None:
    found = rules.fields()["bunkers", "level"]
    verdict = rules.book().verdict(found)
    assert (verdict.grade, verdict.finding, verdict.reasons) == ("core", Finding.SECRET, ())
    with pytest.raises(IllegalMove, match="国家秘密标识只能由保密部门依法处理"):
        proceedings.begin(hub.desk, STREET, "regrade", {"items": "level", "reason": "太严"}, "dataset:bunkers")


def test_pages_and_api(hub: Hub) -> None:
    street, city = town_hall.sign_in("street"), town_hall.sign_in("city")
    page = street.get("/data/grades").content.decode()
    assert "gauges册" in page
    assert "涉密标识" in page
    assert "公开后无危害" in street.get("/data/grades?finding=all&dataset=roads").content.decode()
    grant = granted(hub, "name phone")
    shown = street.get("/data/sharing?dataset=people").content.decode()
    assert f"/api/data/shared/{grant}" in shown
    assert 'data-opens="act-sharing"' in shown
    assert 'data-opens="act-requisition"' not in shown
    one = street.get(f"/api/data/shared/{grant}?purpose={PURPOSE}&size=1").json()
    assert one["rows"][0]["row"]["name"] == "李*"
    after = one["next"]
    two = street.get(f"/api/data/shared/{grant}?purpose={PURPOSE}&place={after['place']}&after={after['after']}").json()
    assert [row["row"]["name"] for row in two["rows"]] == ["张**"]
    lines = b"".join(street.get(f"/api/data/shared/{grant}/bulk?purpose={PURPOSE}").streaming_content).splitlines()
    assert len(lines) == 2
    wrong = street.get(f"/api/data/shared/{grant}?purpose=营销")
    assert (wrong.status_code, "用途与授权不符" in wrong.json()["error"]) == (409, True)
    assert city.get(f"/api/data/shared/{grant}?purpose={PURPOSE}").status_code == 404
    small = street.get(f"/api/data/shared/{grant}/block?purpose={PURPOSE}&item=name").json()
    assert (small["counts"], small["k"]) == ([[None, None]], 10)
    told = {"dataset": "roads", "failure": "no_skill", "words": "不懂字段"}
    assert street.post("/data/sharing/failures", told)["Location"] == "/data/sharing?dataset=roads"
    audited = city.get("/data/audit?verify=1").content.decode()
    assert not re.search(r'muted small">[a-z0-9-]+</span></td>', audited)
    assert "与账本封存的一致" in audited
    assert "按新用途另行申请" in city.get(f"/data/audit?grant={grant}").content.decode()
    assert len(city.get("/api/data/audit?diagnosis=dare_not").json()["rows"]) >= 2
    assert city.get("/api/data/usage").json()["rows"]
    found = {(one["dataset"], one["item"]): one for one in city.get("/api/data/grades").json()["rows"]}
    assert found["people", "identity"]["rules"][0]["rule"] == "G3"


def test_an_application_by_the_page(hub: Hub) -> None:
    street = town_hall.sign_in("street")
    given = {"family": "sharing", "subject": "dataset:people", "items": ["name", "phone"], "purpose": PURPOSE}
    sent = street.post("/data/begin", {**given, "basis": "《社会救助暂行办法》第二十三条", "until": LATER})
    assert sent.status_code == 302
    shown = street.get(sent["Location"]).content.decode()
    assert "name、phone" in shown
    assert "待合规审核" in shown


@pytest.fixture
def everything(hub: Hub) -> Iterator[Any]:
    yield lambda: {name: value for name, value in write.snapshot().items() if name in TABLES}


TABLES = ("share_grant", "share_use", "grade_set", "flow_entry", "proceeding")


def test_a_rebuild_gives_the_same_grants_and_uses(everything: Any) -> None:
    before = everything()
    write.rebuild()
    assert everything() == before
    assert len(before["share_grant"]) > 5
