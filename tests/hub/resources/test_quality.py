"""Quality on a real database: looked at, kept, a ticket through its life, authority lost and won, what was not read."""

from __future__ import annotations

import sys
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps

from tests import town, town_hall
from tests.conftest import Watch
from tests.data.catalogue import shelf
from zhongshu.data import proceedings as rows
from zhongshu.data.databases import OWNER
from zhongshu.data.quality import checksums
from zhongshu.hub.hub import Hub
from zhongshu.hub.resources import proceedings
from zhongshu.kernel.desk import Unit
from zhongshu.kernel.errors import BadInput, IllegalMove, NotFound
from zhongshu.kernel.lifecycle import Role
from zhongshu.kernel.places import Level
from zhongshu.screen import gate

BUREAU = Unit(f"{town.CITY}-data", "数据局", "data", Level.CITY, town.CITY)
POLICE = Unit(f"{town.CITY}-police", "公安局", "police", Level.CITY, town.CITY)
KNOWLEDGE = replace(
    town.KNOWLEDGE,
    units={**town.KNOWLEDGE.units, BUREAU.code: BUREAU, POLICE.code: POLICE},
    unit_at={**town.KNOWLEDGE.unit_at, (town.CITY, "data"): BUREAU.code},
)
TOOLS = replace(town.TOOLS, knowledge=KNOWLEDGE)
STEWARD = town.viewer(town.CITY, "data", Role.CHIEF, user=61)
SOURCE = town.viewer(town.CITY, "police", Role.HANDLER, user=62)
STREET = town.viewer(town.STREET, "office", Role.HANDLER, user=63)

SETS = [
    shelf.dataset("population", "file:population.csv", POLICE.code, cycle="day"),
    shelf.dataset("houses", "file:houses.csv", POLICE.code, order_no=2),
    shelf.dataset("lost", "file:lost.csv", POLICE.code, order_no=3),
    shelf.dataset("ours", "file:population.csv", f"{town.CITY}-command", order_no=4),
    shelf.dataset("notes", "file:notes.csv", POLICE.code, order_no=6),
    shelf.dataset("rules", "table:data_qualityrule", POLICE.code, order_no=5),
]
ITEMS = [
    shelf.item("population", "key", key=True),
    shelf.item("population", "id_number", "identity", grade="3"),
    shelf.item("population", "name", grade="3"),
    shelf.item("population", "house"),
    shelf.item("population", "place", "place"),
    shelf.item("houses", "code", key=True),
    shelf.item("houses", "place", "place"),
    shelf.item("lost", "key", key=True),
    shelf.item("ours", "key", key=True),
    shelf.item("ours", "name", grade="3"),
    shelf.item("notes", "key", key=True),
    shelf.item("notes", "note"),
    shelf.item("rules", "code", key=True),
    shelf.item("rules", "weight", "number"),
]
_BLANK = {"name_en": "", "value": "", "against": "", "keys": (), "condition": (), "weight": 1.0, "basis": "示范"}


def a_rule(code: str, dataset: str, item: str, indicator: str, kind: str, **more: Any) -> dict[str, Any]:
    return {**_BLANK, "code": code, "dataset": dataset, "item": item, "indicator": indicator, "kind": kind} | {
        "name": code,
        **more,
    }


RULES = [
    a_rule("identity", "population", "id_number", "format", "identity", weight=3.0),
    a_rule("filled", "population", "name", "elements", "filled"),
    a_rule("lived", "population", "house", "records", "frame", against="houses.code"),
    a_rule("content", "population", "name", "content", "visited", value="90", weight=2.0),
    a_rule("served", "population", "key", "reachable", "served", value="30"),
    a_rule("ours", "ours", "name", "elements", "filled"),
    a_rule("lost", "lost", "key", "reachable", "served", value="30"),
]
_GRADE: dict[str, Any] = dict.fromkeys(("classes", "datasets", "elements", "subjects", "types"), ()) | {
    "name_en": "",
    "region": "",
}
_GRADE |= {"personal": "", "sensitive": "", "min_rows": None, "depth": "", "coverage": "", "basis": "", "clause": ""}
GRADES = [
    {**_GRADE, "code": "G1", "name": "一般", "masks": (), "object": "public", "degree": "general"},
    {**_GRADE, "code": "G2", "name": "身份号码", "masks": ("identity",), "object": "person", "degree": "serious"},
]
HARMS = [
    {"object": "public", "degree": "general", "grade": "1", "share": "1", "basis": "", "clause": ""},
    {"object": "person", "degree": "serious", "grade": "4", "share": "2", "basis": "", "clause": ""},
]


def people(folder: Path, wrong: int, of: int = 20) -> None:
    """A population file in which so many of `of` identity numbers have a wrong check character."""
    bodies = [f"9901011990010{1000 + n}" for n in range(of)]
    good = [checksums.completed(body) for body in bodies]
    bad = [one[:-1] + ("0" if one[-1] != "0" else "1") for one in good]
    ids = bad[:wrong] + good[wrong:]
    places = [town.COMMUNITY if n % 2 else town.FAR_COMMUNITY for n in range(of)]
    lines = [f"k{n},{one},王小{n},h{n},{places[n]}" for n, one in enumerate(ids)]
    (folder / "population.csv").write_text("key,id_number,name,house,place\n" + "\n".join(lines) + "\n", "utf-8")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("pack")


@pytest.fixture(scope="module")
def hub(database: str, folder: Path) -> Hub:
    from zhongshu.data import models

    (folder / "houses.csv").write_text(f"code,place\nh0,{town.COMMUNITY}\nh99,{town.COMMUNITY}\n", "utf-8")
    shelf.put(folder, datasets=SETS, dataset_items=ITEMS, quality_rules=RULES, grade_rules=GRADES, grade_harms=HARMS)
    town_hall.people()
    newest = models.PackVersion.objects.using(OWNER).order_by("-effective").first()
    assert newest is not None
    newest.about["folder"] = str(folder)
    newest.save(using=OWNER)
    made = Hub(lambda: TOOLS, Watch())
    gate.install(made)
    return made


def pass_days(hub: Hub, days: int) -> None:
    watch = hub.clock
    assert isinstance(watch, Watch)
    watch.now += timedelta(days=days)


def look(hub: Hub, folder: Path, wrong: int) -> Any:
    """The file of this day, looked at a day later."""
    from zhongshu.hub.resources import quality

    people(folder, wrong)
    pass_days(hub, 1)
    return quality.inspect(hub.desk, "population")


def state(number: int) -> str:
    row = rows.row(number)
    assert row is not None
    return str(row["state"])


def test_a_run_is_kept_with_its_evidence(hub: Hub, folder: Path) -> None:
    from zhongshu.data.quality import kept
    from zhongshu.hub.resources import quality

    assert quality.due(hub.clock()) == ["population", "lost", "ours"]
    found = look(hub, folder, 2)
    assert found.run["rows"] == 20
    assert found.run["shares"] == {"completeness": 0.75, "accuracy": 0.9, "accessibility": 1.0}
    assert (found.run["total"], found.run["grade"]) == (round((3 * 0.9 + 1 + 0.5 + 1) / 6, 6), "D")
    told = kept.results(STEWARD, found.run["id"])
    assert [(one["checked"], one["met"], one["kept"]) for one in told.values()] == [
        (0, 0, 0),
        (20, 20, 0),
        (20, 18, 2),
        (2, 1, 1),
        (1, 1, 0),
    ]
    fails = kept.fails(STEWARD, found.run["id"], "identity")
    assert [(one["key"], one["place"]) for one in fails] == [("k0", town.FAR_COMMUNITY), ("k1", town.COMMUNITY)]
    assert fails[0]["value"].startswith("990****")
    assert [one["key"] for one in kept.fails(STREET, found.run["id"], "identity")] == ["k1"]
    assert kept.by_place(STEWARD, found.run["id"], "lived", 6) == [(town.COMMUNITY[:6], 1)]
    assert kept.fails(STEWARD, found.run["id"], "lived")[0]["key"] == "h99"
    assert quality.due(hub.clock()) == ["lost", "ours"]


def test_a_ticket_goes_to_the_source_and_passes_only_when_the_data_do(hub: Hub, folder: Path) -> None:
    from zhongshu.hub.resources import quality

    begin = {"text": "身份号码校验位不合格", "count": 2}
    with pytest.raises(IllegalMove, match="数据管理部门"):
        proceedings.begin(hub.desk, STREET, "ticket", begin, "rule:identity")
    one = proceedings.begin(hub.desk, STEWARD, "ticket", begin, "rule:identity").subject
    with pytest.raises(IllegalMove, match="已有在办工单"):
        proceedings.begin(hub.desk, STEWARD, "ticket", begin, "rule:identity")
    row = rows.row(one)
    assert row is not None
    assert (row["title"], row["providers"]) == ("population 资源：identity", [POLICE.code])
    proceedings.act(hub.desk, SOURCE, one, "sign", {})
    proceedings.act(hub.desk, SOURCE, one, "mended", {"text": "已更正"})
    assert state(one) == "checking"
    assert quality.due(hub.clock())[0] == "population"
    look(hub, folder, 2)
    assert state(one) == "failed"
    proceedings.act(hub.desk, SOURCE, one, "mended", {"text": "这次真的更正了"})
    assert [fact.payload["move"] for fact in look(hub, folder, 0).facts] == ["passed"]
    found = rows.whole(SOURCE, one)
    assert found is not None
    assert (found["state"], found["given"]["text"]) == ("closed", "20/20 = 1.0000，不合格 0 行")


def test_a_repeat_offender_loses_its_authority_and_wins_it_back(hub: Hub, folder: Path) -> None:
    from zhongshu.data.quality import kept

    assert kept.suspended() == set()
    for wrong in (12, 14):
        look(hub, folder, wrong)
    assert kept.suspended() == {"population"}
    (folder / "houses.csv").write_text(f"code,place\nh0,{town.COMMUNITY}\n", "utf-8")
    assert look(hub, folder, 0).facts == []
    assert kept.suspended() == {"population"}
    assert [fact.payload["move"] for fact in look(hub, folder, 0).facts] == ["restore"]
    assert kept.suspended() == set()
    assert rows.listed(STREET, family="authority")[0]["state"] == "restored"


def test_what_cannot_be_read_is_a_result_too(hub: Hub) -> None:
    from zhongshu.data.quality import kept
    from zhongshu.hub.resources import quality

    found = quality.inspect(hub.desk, "lost")
    assert (found.run["read"], found.run["total"], found.run["shares"]) == (False, None, {"accessibility": 0.0})
    assert "lost.csv" in kept.board(STREET)["lost"][0]["said"]
    with pytest.raises(NotFound, match="没有这个数据资源的质量规则"):
        quality.inspect(hub.desk, "houses")


def test_a_correction_goes_to_the_source_and_may_be_insisted_on(hub: Hub) -> None:
    with pytest.raises(BadInput, match="没有这一信息项"):
        proceedings.begin(hub.desk, STREET, "correction", {"item": "age", "text": "有误"}, "record:population/k1")
    with pytest.raises(BadInput, match="一条记录"):
        proceedings.begin(hub.desk, STREET, "correction", {"item": "name", "text": "有误"}, "dataset:population")
    told = {"item": "name", "text": "姓名有误，已核对身份证"}
    one = proceedings.begin(hub.desk, STREET, "correction", told, "record:population/k1").subject
    proceedings.act(hub.desk, SOURCE, one, "refuse", {"reason": "与户籍一致"})
    proceedings.act(hub.desk, STREET, one, "insist", {"reason": "户籍已变更"})
    proceedings.act(hub.desk, STEWARD, one, "rule_right", {"reason": "以现行户籍为准"})
    proceedings.act(hub.desk, SOURCE, one, "corrected", {"text": "已更正"})
    assert state(one) == "corrected"


def test_the_board_opens_the_rows_and_a_ticket_from_there(hub: Hub, folder: Path) -> None:
    look(hub, folder, 3)
    client = town_hall.sign_in("city")
    page = client.get("/data/quality").content.decode()
    assert 'href="/data/quality/population?dimension=accuracy#rules"' in page
    assert "读不到" in page
    shown = client.get("/data/quality/population?dimension=accuracy").content.decode()
    assert "为什么下降" in shown
    assert "17 / 20" in shown
    assert "开具质量工单" not in shown
    listed = client.get("/data/quality/population/rows?rule=identity").content.decode()
    assert "k2" in listed
    assert "****" in listed
    refused = client.post("/data/quality/population/ticket", {"rule": "identity", "text": "请更正"})
    assert refused.status_code == 409
    assert client.post("/data/quality/population/run").status_code == 409
    assert client.get("/data/quality/population/rows?rule=nothing").status_code == 404
    told = client.get("/api/data/quality/population").json()
    assert [one["met"] for one in told["results"] if one["rule"] == "identity"] == [17]
    rows_ = client.get("/api/data/quality/population/rows?rule=identity").json()["rows"]
    assert len(rows_) == 3
    assert client.get("/api/data/quality").json()["suspended"] == []
    assert client.post("/api/data/quality/population/runs").status_code == 409


def test_a_steward_looks_through_rows_and_gets_what_looks_wrong(hub: Hub, folder: Path) -> None:
    from zhongshu.data.quality import courses
    from zhongshu.hub.resources import courses as work

    people(folder, 0, of=120)
    text = (folder / "population.csv").read_text("utf-8")
    spoilt = {f"王小{n}": "N/A" for n in range(3, 120, 9)}
    for name, nothing in spoilt.items():
        text = text.replace(f",{name},", f",{nothing},")
    (folder / "population.csv").write_text(text, "utf-8")
    with pytest.raises(IllegalMove, match="提供方"):
        work.begin(hub.desk, STREET, "population")
    number = work.begin(hub.desk, STEWARD, "population")
    found: list[Any] = []
    for _ in range(14):
        course = courses.one(STEWARD, number)
        assert course is not None
        sample, detector = work.held(STEWARD, course)
        row = detector.next_row()
        assert row is not None
        key = sample.keys[row]
        wrong = [item for item, value in sample.row(key).items() if value == "N/A"]
        found = work.label(hub.desk, STEWARD, number, key, wrong)
    assert {(one.item, one.value) for one in found} == {("name", "N/A")}
    assert len(found) == len(spoilt)
    with pytest.raises(BadInput, match="不是样本中的行"):
        work.label(hub.desk, STEWARD, number, "k9999", [])
    assert courses.of_dataset(STEWARD, "population")[0]["labelled"] == 14
    kept_ = courses.one(STEWARD, number)
    assert kept_ is not None
    assert all("value" not in one for one in kept_["suspects"])
    courses.note(STEWARD, "population", "k1", ["name", "id_number"])
    read = (
        models_of("PersonalRead").objects.using(OWNER).filter(dataset="population").values("subject", "items", "user")
    )
    assert list(read) == [{"subject": "row", "items": "name,id_number", "user": 61}]


def test_the_page_shows_a_row_and_takes_what_is_ticked(hub: Hub, folder: Path) -> None:
    people(folder, 0, of=60)
    client = town_hall.sign_in("city")
    begun = client.post("/data/quality/ours/errors")
    assert begun.status_code == 302
    shown = client.get(begun["Location"]).content.decode()
    key = shown.partition('name="key" value="')[2].partition('"')[0]
    assert "王小" in shown
    assert models_of("PersonalRead").objects.using(OWNER).filter(dataset="ours", items="name").count() == 1
    assert client.post(begun["Location"] + "/label", {"key": key, "wrong": ["name"]}).status_code == 302
    assert "已看 1 行" in client.get(begun["Location"]).content.decode()
    assert client.get("/data/quality/population/errors/7").status_code == 404
    assert town_hall.sign_in("street").post("/data/quality/ours/errors").status_code == 409


def models_of(name: str) -> Any:
    return apps.get_model("data", name)


@pytest.mark.practitioner
def test_question_8_quality_of_the_population_fell(hub: Hub, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """实有人口质量降到某数：哪个维度、哪个数据元、哪个来源、哪张工单、何时复检."""
    from zhongshu.data.quality import kept, told

    look(hub, folder, 0)
    look(hub, folder, 7)
    one = proceedings.begin(hub.desk, STEWARD, "ticket", {"text": "校验位不合格"}, "rule:identity").subject
    proceedings.act(hub.desk, SOURCE, one, "sign", {})
    runs = kept.board(STEWARD, "population")["population"]
    found = told.fall(STEWARD, runs, kept.rules()["population"], 9)
    assert found is not None
    assert (found.dimension, found.rule.item, found.failing) == ("accuracy", "id_number", 7)
    assert (round(found.share_before, 2), round(found.share, 2)) == (1.0, 0.65)
    assert found.now["total"] < found.before["total"]
    assert found.places == [(town.COMMUNITY[:9], 3), (town.FAR_COMMUNITY[:9], 4)][::-1]
    (ticket, *_older) = found.tickets
    assert (ticket["id"], ticket["state"]) == (one, "mending")
    proceedings.act(hub.desk, SOURCE, one, "mended", {"text": "已按户籍更正"})
    again = look(hub, folder, 0)
    (ticket, *_older) = kept.tickets(STEWARD, ["rule:identity"])
    assert (ticket["state"], ticket["ended_at"]) == ("closed", again.facts[0].at)
    with capsys.disabled():
        sys.stdout.write(
            f"\n问题 8：质量 {found.before['total']:.2f} → {found.now['total']:.2f}；维度 {found.dimension}；数据元"
            f" {found.rule.item}（{found.rule.code}，{found.failing} 行不合格）；来源 {POLICE.name}；集中在"
            f" {found.places}；工单 {ticket['number']}；{ticket['ended_at']:%Y-%m-%d %H:%M} 复检通过\n"
        )


def test_a_set_read_in_parts_gets_the_same_scores(hub: Hub, folder: Path) -> None:
    from zhongshu.data.catalogue import entries
    from zhongshu.data.quality import frames, kept
    from zhongshu.hub.resources import quality

    found = look(hub, folder, 2)
    again = quality.inspect(hub.desk, "population", 6)
    assert [again.run[name] for name in ("rows", "shares", "total")] == [
        found.run[name] for name in ("rows", "shares", "total")
    ]
    told = [kept.fails(STEWARD, one.run["id"], "identity") for one in (found, again)]
    assert [(one["key"], one["place"], one["value"]) for one in told[0]] == [
        (one["key"], one["place"], one["value"]) for one in told[1]
    ]
    with frames.parted(entries.one("rules"), {"code", "weight"}, 4) as read:
        twice = [[part.rows() for part in read(())] for _ in range(2)]
        codes = [part.width for part in read(["code"])]
    assert twice[0] == twice[1]
    assert [len(part) for part in twice[0]] == [4, 3]
    assert codes == [1, 1]


def test_a_sample_is_confirmed_by_others_and_counts_as_content(hub: Hub, folder: Path) -> None:
    from zhongshu.data.quality import kept, visits
    from zhongshu.hub.resources import quality
    from zhongshu.hub.resources import visits as work

    people(folder, 0)
    wish = work.Wish("population", ("name", "house"), 12)
    with pytest.raises(IllegalMove, match="数据管理部门"):
        work.draw(hub.desk, STREET, wish)
    with pytest.raises(BadInput, match="10 到 1000"):
        work.draw(hub.desk, STEWARD, replace(wish, size=3))
    with pytest.raises(BadInput, match="信息项"):
        work.draw(hub.desk, STEWARD, replace(wish, items=("age",)))
    number = work.draw(hub.desk, STEWARD, wish).subject
    mine = visits.rows(STREET, number)
    assert [one["place"] for one in mine] == [town.COMMUNITY] * len(mine)
    first = mine[0]["id"]
    with pytest.raises(IllegalMove, match="提供单位以外"):
        work.show(replace(SOURCE, span=STEWARD.span), first)
    assert work.show(STREET, first).values["name"] == f"王小{mine[0]['key'][1:]}"
    with pytest.raises(BadInput, match="勾选有误"):
        work.confirm(hub.desk, STREET, first, work.Said("wrong", (), "人名有误"))
    with pytest.raises(BadInput, match="情况"):
        work.confirm(hub.desk, STREET, first, work.Said("gone"))
    wrong = work.confirm(hub.desk, STREET, first, work.Said("wrong", ("name",), "与身份证不符"))
    assert state(wrong.payload["corrections"][0]) == "proposed"
    with pytest.raises(IllegalMove, match="已有人核实"):
        work.confirm(hub.desk, STREET, first, work.Said("right"))
    said = {one["id"]: work.Said("right") for one in visits.rows(STEWARD, number, "open")}
    unseen, gone, house = list(said)[:3]
    said[unseen] = work.Said("unreached", (), "上门两次")
    said[gone] = work.Said("gone", (), "已拆迁")
    said[house] = work.Said("wrong", ("house",), "住在别处")
    for code, verdict in said.items():
        work.confirm(hub.desk, STEWARD, code, verdict)
    assert quality.due(hub.clock())[0] == "population"
    run = quality.inspect(hub.desk, "population").run["id"]
    counted = kept.results(STEWARD, run)["content"]
    assert (counted["met"], counted["checked"]) == (9, 11)
    one = visits.one(STEWARD, number)
    assert one is not None
    counts = ("size", "of", "done", "right", "wrong", "gone", "unreached")
    assert [one[name] for name in counts] == [12, 20, 12, 8, 2, 1, 1]


def test_the_pages_of_a_sample(hub: Hub, folder: Path) -> None:
    from zhongshu.data.quality import visits
    from zhongshu.hub.resources import visits as work

    number = work.draw(hub.desk, STEWARD, work.Wish("population", ("name",), 10)).subject
    client = town_hall.sign_in("city")
    listed = client.get("/data/visits?dataset=population").content.decode()
    assert f"/data/visits/{number}" in listed
    assert "抽一次样" not in listed
    refused = client.post("/data/visits/draw", {"dataset": "population", "items": "name", "size": "20"})
    assert refused.status_code == 409
    line = visits.rows(STEWARD, number)[0]["id"].partition(":")[2]
    assert "王小" in client.get(f"/data/visits/{number}/{line}").content.decode()
    address = f"/data/visits/{number}/{line}/confirm"
    assert client.post(address, {"verdict": "wrong"}).status_code == 422
    told = client.post(address, {"verdict": "wrong", "wrong": "name", "note": "有误"}, follow=True)
    assert "已送数源更正" in told.content.decode()
    assert "更正" in client.get(f"/data/visits/{number}?verdict=wrong").content.decode()
    assert client.get("/data/visits/1").status_code == 404
    out = client.get(f"/api/data/visits/{number}").json()
    assert (out["wrong"], out["share"]) == (1, 0.0)
    row = client.get(f"/api/data/visits/{number}/rows?verdict=open").json()["rows"][0]
    address = f"/api/data/visits/{number}/rows/{row['id'].partition(':')[2]}"
    assert client.post(address, {"verdict": "right"}, content_type="application/json").json()["verdict"] == "right"
    assert len(client.get("/api/data/visits?dataset=population").json()) == 2
    page = client.get("/data/quality/population").content.decode()
    assert "95% 置信区间" in page
    assert 'href="/data/visits?dataset=population"' in page


def test_a_review_opens_by_itself_where_rows_hold_more_than_their_grade(hub: Hub, folder: Path) -> None:
    from zhongshu.data.sharing import rules as grades
    from zhongshu.hub.resources import contents

    numbers = [checksums.completed(f"9901011990010{1000 + n}") for n in range(5)]
    notes = [f"证件：{one}，已核" for one in numbers] + ["无" * n for n in range(1, 40)] + ["990101199001019999"]
    lines = "".join(f"k{n},{note}\n" for n, note in enumerate(notes))
    (folder / "notes.csv").write_text(f"key,note\n{lines}", "utf-8")
    (fact,) = contents.look(hub.desk, ["notes", "lost", "population"])
    assert (fact.payload["move"], fact.payload["given"]["content"]) == ("detect", {"note": "identity"})
    assert "身份号码" in fact.payload["given"]["reason"]
    assert contents.look(hub.desk, ["notes"]) == []
    assert state(fact.subject) == "asked"
    proceedings.act(hub.desk, SOURCE, fact.subject, "adopt", {"reason": "备注中确有身份号码"})
    field = grades.fields()["notes", "note"]
    assert (field.grade, field.share) == ("4", "2")
    assert contents.look(hub.desk, ["notes"]) == []
