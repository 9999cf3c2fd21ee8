"""Gathering, counting, gaps and conformance on a real database: good rows in, bad rows back, and a fact of each run."""

from __future__ import annotations

import argparse
import csv
import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.db import connections

from tests.data.catalogue import shelf
from tests.town import CITY, COMMUNITY, DISTRICT, TOOLS, viewer
from zhongshu.data import write
from zhongshu.data.databases import OWNER
from zhongshu.hub.catalogue_commands import COMMANDS
from zhongshu.hub.hub import Hub
from zhongshu.kernel.errors import BadInput, NotFound
from zhongshu.kernel.facts import Kind
from zhongshu.kernel.lifecycle import Role
from zhongshu.kernel.settings import Settings

SETS = [
    shelf.dataset("permits", "source:permits", cycle="day", dated="updated"),
    shelf.dataset("hydrants", "source:hydrants", order_no=2, cycle="quarter", format="map"),
    shelf.dataset("users", "source:users", order_no=3),
    shelf.dataset("cases", "table:case", order_no=4, dated="opened_at", provider=f"{DISTRICT}-water"),
    shelf.dataset("later", "", order_no=5),
]
ITEMS = [
    shelf.item("permits", "permit", key=True, element="permit_no"),
    shelf.item("permits", "place", "place"),
    shelf.item("permits", "since", "date"),
    shelf.item("permits", "phone", "phone", grade="3"),
    shelf.item("permits", "updated", "date"),
    shelf.item("hydrants", "hydrant", key=True),
    shelf.item("hydrants", "place", "place"),
    shelf.item("hydrants", "geometry", "point"),
    shelf.item("users", "meter", key=True),
    shelf.item("users", "used", "number"),
    shelf.item("users", "read_on", "date"),
    shelf.item("cases", "number", key=True),
    shelf.item("cases", "place", "place"),
    shelf.item("cases", "opened_at", "time"),
    shelf.item("later", "park", key=True),
    shelf.item("later", "place", "place"),
]
_SOURCE: dict[str, Any] = {"relation": "", "watermark": "", "mapping": (), "basis": "", "schedule": "30 2 * * *"}
SOURCES: list[dict[str, Any]] = [
    {**_SOURCE, "source": "permits", "system": "permit_office", "dataset": "permits", "kind": "file"}
    | {"location": "feeds/permits.csv", "mode": "incremental", "watermark": "updated"}
    | {"mapping": ("permit=许可证号", "phone=电话")},
    {**_SOURCE, "source": "hydrants", "system": "fire_map", "dataset": "hydrants", "kind": "file", "mode": "full"}
    | {"location": "feeds/hydrants.geojson"},
    {**_SOURCE, "source": "users", "system": "water", "dataset": "users", "kind": "postgresql", "mode": "incremental"}
    | {"location": "ZHONGSHU_SOURCE_TEST", "relation": "public.meters", "watermark": "read_on"},
]
_SYSTEM: dict[str, Any] = {"name_en": "", "owner": f"{CITY}-water", "reads": ()}
SYSTEMS: list[dict[str, Any]] = [
    {**_SYSTEM, "system": "permit_office", "name": "许可", "writes": ("permits",)},
    {**_SYSTEM, "system": "fire_map", "name": "消防", "writes": ("hydrants",)},
    {**_SYSTEM, "system": "water", "name": "供水", "writes": ("users",)},
    {**_SYSTEM, "system": "old", "name": "老系统", "writes": ("later",)},
]
STANDARDS = [
    {"standard": "base", "number": "B1", "name": "基础", "name_en": "", "scope": "schema", "issuer": f"{CITY}-water"}
    | {"replaces": "", "basis": ""}
]


def rule(number: int, item: str, demand: str, value: str = "", must: bool = True) -> dict[str, Any]:
    told = {"rule": f"r{number}", "item": item, "demand": demand, "value": value, "must": must}
    return {"standard": "base", "dataset": "permits", "clause": f"第 {number} 条", **told}


RULES = [
    rule(1, "permit", "required"),
    rule(2, "permit", "unique"),
    rule(3, "since", "type", "date"),
    rule(4, "phone", "type", "phone", must=False),
    rule(5, "", "format", "csv;parquet"),
    rule(6, "updated", "fresh", "2", must=False),
]
HEAD = "许可证号,place,since,电话,updated\n"
FIRST = f"p1,{COMMUNITY},2026-05-01,13900000001,2026-05-30\n,{COMMUNITY},2026-05-01,,2026-05-30\n"
FIRST += f"p2,{COMMUNITY},2026-02-31,139,2026-05-30\np3,{COMMUNITY},2026-05-03,13900000003,2026-05-29\n"
FIRST += f"p1,{COMMUNITY},,,2026-05-30\n"


@pytest.fixture(scope="module")
def pack(database: str, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("pack")
    (folder / "feeds").mkdir()
    tables = {"datasets": SETS, "dataset_items": ITEMS, "sources": SOURCES, "systems": SYSTEMS}
    shelf.put(folder, **tables, standards=STANDARDS, standard_rules=RULES)
    return folder


def runs() -> list[tuple[Any, ...]]:
    with connections[OWNER].cursor() as cursor:
        cursor.execute("SELECT source, ok, read, added, changed, same, rejected, mark FROM gather_run ORDER BY id")
        return cursor.fetchall()


def landed(name: str) -> list[tuple[Any, ...]]:
    with connections[OWNER].cursor() as cursor:
        cursor.execute(f"SELECT * FROM landing.{name} ORDER BY 1")
        return cursor.fetchall()


def points(folder: Path, *codes: str) -> None:
    features = [
        {"type": "Feature", "properties": {"hydrant": code, "place": COMMUNITY}}
        | {"geometry": {"type": "Point", "coordinates": [113.3, 23.1]}}
        for code in codes
    ]
    text = json.dumps({"type": "FeatureCollection", "features": features})
    (folder / "feeds" / "hydrants.geojson").write_text(text, "utf-8")


def test_good_rows_go_in_and_bad_rows_come_back(hub: Hub, pack: Path, tmp_path: Path) -> None:
    from zhongshu.data.catalogue import reading
    from zhongshu.hub.resources import gathering

    with pytest.raises(BadInput, match="not gathered"):
        reading.table("permits")
    feed = pack / "feeds" / "permits.csv"
    feed.write_text(HEAD + FIRST, "utf-8")
    fact = gathering.gather(hub.desk, "permits", tmp_path)
    assert (fact.kind, fact.payload["mark"]) == (Kind.GATHERED, "2026-05-30")
    with (tmp_path / "rejects" / fact.payload["rejects"]).open(encoding="utf-8-sig") as file:
        bad = [(row["line"], row["field"], row["found"], row["permit"]) for row in csv.DictReader(file)]
    assert bad == [
        ("3", "permit", "", ""),
        ("4", "since", "2026-02-31", "p2"),
        ("4", "phone", "139", "p2"),
        ("6", "permit", "p1", "p1"),
    ]
    assert reading.table("permits", ["permit"]).to_pydict() == {"permit": ["p1", "p3"]}
    later = f"p3,{COMMUNITY},2026-05-04,13900000003,2026-05-31\np4,{COMMUNITY},2026-05-05,,2026-05-31\n"
    feed.write_text(HEAD + FIRST.splitlines(keepends=True)[0] + later, "utf-8")
    gathering.gather(hub.desk, "permits", tmp_path)
    gathering.gather(hub.desk, "permits", tmp_path)
    assert runs() == [
        ("permits", True, 5, 2, 0, 0, 3, "2026-05-30"),
        ("permits", True, 2, 1, 1, 0, 0, "2026-05-31"),
        ("permits", True, 0, 0, 0, 0, 0, "2026-05-31"),
    ]
    assert [row[0] for row in landed("permits")] == ["p1", "p3", "p4"]


def test_a_whole_reading_takes_away_what_is_gone_but_never_everything(hub: Hub, pack: Path, tmp_path: Path) -> None:
    from zhongshu.hub.resources import gathering

    points(pack, "h1", "h2")
    gathering.gather(hub.desk, "hydrants", tmp_path)
    points(pack, "h2", "h3")
    fact = gathering.gather(hub.desk, "hydrants", tmp_path)
    assert (fact.payload["added"], fact.payload["changed"], fact.payload["same"]) == (1, 1, 1)
    points(pack)
    fact = gathering.gather(hub.desk, "hydrants", tmp_path)
    assert fact.kind == Kind.GATHER_FAILED
    assert "hydrants.geojson" in fact.payload["sentence"]
    assert [row[0] for row in landed("hydrants")] == ["h2", "h3"]


def test_another_postgresql_is_read_after_the_watermark(
    hub: Hub, pack: Path, tmp_path: Path, database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    from zhongshu.hub.resources import gathering

    failed = gathering.gather(hub.desk, "users", tmp_path)
    assert "no ZHONGSHU_SOURCE_TEST" in failed.payload["sentence"]
    monkeypatch.setenv("ZHONGSHU_SOURCE_TEST", database)
    with psycopg.connect(database, autocommit=True) as connection:
        connection.execute("CREATE TABLE meters (meter text, used numeric(8, 2), read_on date)")
        connection.execute("INSERT INTO meters VALUES ('m1', 12.5, '2026-05-01'), ('m2', 3, '2026-05-02')")
        assert gathering.gather(hub.desk, "users", tmp_path).payload["added"] == 2
        connection.execute("INSERT INTO meters VALUES ('m3', 7, '2026-05-03')")
        connection.execute("UPDATE meters SET used = 13, read_on = '2026-05-03' WHERE meter = 'm1'")
    fact = gathering.gather(hub.desk, "users", tmp_path)
    assert (fact.payload["read"], fact.payload["added"], fact.payload["changed"]) == (2, 1, 1)
    assert landed("users")[0][:2] == ("m1", 13.0)


def test_sources_are_due_by_their_schedule(pack: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from zhongshu.data.catalogue import sources

    assert "users" not in [one.source for one in sources.due(datetime(2026, 6, 1, 18, 30, tzinfo=UTC))]
    monkeypatch.setenv("ZHONGSHU_SOURCE_TEST", "postgresql:///nowhere")
    # Every source ran at noon of 1 June; the next moment is half past two on the day after, in the city's time.
    assert sources.due(datetime(2026, 6, 1, 18, 29, tzinfo=UTC)) == []
    assert [one.source for one in sources.due(datetime(2026, 6, 1, 18, 30, tzinfo=UTC))] == [
        "hydrants",
        "permits",
        "users",
    ]


def test_what_lacks_is_told_by_department_and_district(hub: Hub, pack: Path) -> None:
    from zhongshu.data.catalogue import counting, entries, sources
    from zhongshu.hub.resources import catalogue, gathering

    assert gathering.count_all(hub.desk) == {"permits": 3, "hydrants": 2, "users": 3, "cases": 0, "later": "—"}
    cells = catalogue.matrix(TOOLS.knowledge, hub.clock())
    assert list(cells) == [("water", DISTRICT)]
    states = {one.dataset.dataset: (one.state, one.rows) for one in cells["water", DISTRICT].lacks}
    assert states == {
        "permits": ("fine", 3),
        "hydrants": ("fine", 2),
        "cases": ("unconnected", 0),
        "later": ("unconnected", 0),
    }
    month_later = catalogue.matrix(TOOLS.knowledge, datetime(2026, 7, 1, tzinfo=UTC))["water", DISTRICT]
    assert (month_later.fine, month_later.expected, month_later.worst) == (1, 4, "unconnected")
    assert [one.system for one in sources.islands(sources.systems(), entries.every(), counting.held())] == ["old"]


def test_a_feed_is_held_against_a_standard(hub: Hub, pack: Path, tmp_path: Path) -> None:
    from zhongshu.data.catalogue import standards
    from zhongshu.hub.resources import conformance

    path = tmp_path / "送件.csv"
    path.write_text("permit,place,since,phone,updated\n" + FIRST, "gb18030")
    bureau = viewer(CITY, "command", Role.CHIEF)
    given = conformance.Delivered(path, "permits", place=DISTRICT)
    fact, result = conformance.check(hub.desk, bureau, "base", given, tmp_path)
    assert [(one.line, one.field, one.found, one.clause) for one in result.findings] == [
        (3, "permit", "", "第 1 条"),
        (4, "since", "2026-02-31", "第 3 条"),
        (4, "phone", "139", "第 4 条"),
        (6, "permit", "p1", "第 2 条"),
    ]
    assert (result.rows, result.passed) == (5, False)
    kept = standards.checks("permits")[0]
    assert (kept["id"], kept["passed"], kept["place"], kept["unit"]) == (fact.id, False, DISTRICT, f"{CITY}-water")
    assert [one["rule"] for one in kept["findings"]] == ["r1", "r2", "r3", "r4"]
    report = (tmp_path / "conformance" / kept["report"]).read_text("utf-8-sig").splitlines()
    assert "送件.csv,4,since,2026-02-31,a day such as 2026-05-31,第 3 条,1,r3" in report
    with pytest.raises(BadInput, match="demands nothing"):
        conformance.examine(hub.desk(), "base", conformance.Delivered(path, "users"))
    with pytest.raises(NotFound):
        conformance.examine(hub.desk(), "nobody", given)


def command(name: str, *words: str, home: Path) -> int:
    found = next(one for one in COMMANDS if one.name == f"catalogue {name}")
    parser = argparse.ArgumentParser()
    found.configure(parser)
    return found.run(parser.parse_args(words), Settings(home=str(home)))


def test_the_commands_say_what_they_did(pack: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert command("gather", "permits", home=tmp_path) == 0
    assert command("gather", "users", home=tmp_path) == 2
    assert command("count", "permits", home=tmp_path) == 0
    assert command("conform", "--source", "permits", home=tmp_path) == 0
    assert command("export", home=tmp_path) == 0
    assert command("lineage", "dataset:permits", home=tmp_path) == 0
    assert command("gaps", home=tmp_path) == 0
    said = capsys.readouterr().out
    assert "Gathered\tpermits\t读 0" in said
    assert "GatherFailed\tusers" in said
    assert "permits\t3\n" in said
    assert "符合 conforms：3 行 rows" in said
    assert "a dcat:Catalog" in said
    assert "landing.permits" in said
    with pytest.raises(BadInput, match="expected FEED"):
        command("conform", home=tmp_path)
    with pytest.raises(BadInput, match="expected a node"):
        command("lineage", "dataset:nobody", home=tmp_path)


def test_a_sample_shows_the_form_of_values_and_nobody(hub: Hub, pack: Path) -> None:
    from zhongshu.data.catalogue import entries
    from zhongshu.hub.resources import catalogue

    shown = catalogue.sample(viewer(DISTRICT, "command", Role.CHIEF), entries.one("permits"))
    assert shown.rows[0] == ("p1", COMMUNITY, "2026-05-01", "139******01", "2026-05-30")
    away = catalogue.sample(viewer("990102000000", "water", Role.CHIEF), entries.one("permits"))
    assert away.rows == ()
    assert "归集" in catalogue.sample(viewer(CITY, "water", Role.CHIEF), entries.one("later")).why


def test_a_rebuild_gives_the_same_runs_and_checks(pack: Path) -> None:
    before = write.snapshot()
    assert len(before["gather_run"]) == 11
    write.rebuild()
    assert write.snapshot() == before
