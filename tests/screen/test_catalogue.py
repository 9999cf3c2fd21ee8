"""The pages and the API of the catalogue: search, gaps, sources, standards, checks, lineage, DCAT-AP 3."""

from __future__ import annotations

import gzip
import json
import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import Resolver404, resolve

from tests import town, town_hall
from tests.data.catalogue import shelf
from zhongshu.hub.hub import Hub
from zhongshu.kernel.desk import Unit
from zhongshu.kernel.errors import IllegalMove
from zhongshu.kernel.lifecycle import Role
from zhongshu.kernel.places import Level
from zhongshu.screen import gate

SignIn = Callable[[str], Client]
SHAPES = Path(__file__).parents[1] / "data" / "catalogue" / "dcat-ap-3.0.0-shacl.jsonld.gz"
OWNER = f"{town.CITY}-command"
BUREAU = Unit(f"{town.CITY}-data", "数据局", "data", Level.CITY, town.CITY)
TOOLS = replace(town.TOOLS, knowledge=replace(town.KNOWLEDGE, units={**town.KNOWLEDGE.units, BUREAU.code: BUREAU}))
SETS = [
    shelf.dataset("permits", "source:permits", OWNER, cycle="day", dated="updated", related=("parks",)),
    shelf.dataset("parks", "", OWNER, order_no=2, name_en="Car parks"),
    shelf.dataset("people", "table:case", order_no=3, secret="yes"),
]
ITEMS = [
    shelf.item("permits", "permit", key=True, element="permit_no"),
    shelf.item("permits", "place", "place"),
    shelf.item("permits", "updated", "date"),
    shelf.item("permits", "phone", "phone", element="phone", share="2", condition="限履职", grade="3"),
    shelf.item("parks", "park", key=True),
    shelf.item("parks", "place", "place"),
    shelf.item("people", "number", key=True, share="3", clause="某法第一条"),
]
SOURCE: dict[str, Any] = {"source": "permits", "system": "office", "dataset": "permits", "kind": "file"}
SOURCE |= {"location": "permits.csv", "mode": "full", "schedule": "0 3 * * *", "relation": "", "watermark": ""}
SOURCE |= {"mapping": (), "basis": ""}
SYSTEMS: list[dict[str, Any]] = [
    {"system": "office", "name": "许可系统", "name_en": "", "owner": OWNER, "writes": ("permits",), "reads": ()},
    {"system": "old", "name": "老信访系统", "name_en": "", "owner": OWNER, "writes": (), "reads": ()},
]
ELEMENT: dict[str, Any] = {
    "element": "phone",
    "name": "联系电话",
    "name_en": "",
    "definition": "能联系到本人的电话",
    "type": "phone",
}
ELEMENT |= {"codes": "", "subject": "person", "source": "permits", "unit": OWNER, "cycle": "month", "grade": "3"}
ELEMENT |= {"personal": True, "sensitive": False, "mask": "phone", "seconds": 8.0}
STANDARD: dict[str, Any] = {"standard": "base", "number": "CS-1", "name": "建设标准", "name_en": "", "scope": "schema"}
STANDARD |= {"issuer": OWNER, "replaces": "", "basis": ""}
RULE: dict[str, Any] = {"standard": "base", "dataset": "permits", "item": "updated", "demand": "type"}
RULE |= {"value": "date", "must": True, "clause": "5.3 类型", "rule": "base-1"}
FEED = f"permit,place,updated,phone\nA1,{town.COMMUNITY},2026-05-30,13900000001\nA2,{town.COMMUNITY},昨天,\n"


@pytest.fixture(scope="module")
def hall(database: str, tmp_path_factory: pytest.TempPathFactory) -> Hub:
    folder = tmp_path_factory.mktemp("pack")
    (folder / "permits.csv").write_text(FEED, "utf-8")
    tables = {"datasets": SETS, "dataset_items": ITEMS, "sources": [SOURCE], "systems": SYSTEMS}
    tables["elements"] = [ELEMENT]
    shelf.put(folder, **tables, standards=[STANDARD], standard_rules=[RULE])
    town_hall.people()
    hub = Hub(lambda: TOOLS)
    gate.install(hub)
    return hub


@pytest.fixture
def sign_in(hall: Hub) -> SignIn:
    return town_hall.sign_in


def page(client: Client, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200, answer.content.decode()[:2000]
    return answer.content.decode()


def test_a_source_is_gathered_by_whom_it_belongs_to_and_its_bad_rows_fetched(sign_in: SignIn) -> None:
    street, city = sign_in("street"), sign_in("city")
    assert "还没有归集过" in page(street, "/data/sources")
    assert "现在归集" not in page(street, "/data/sources/permits")
    assert street.post("/data/sources/permits/gather").status_code == 409
    done = city.post("/data/sources/permits/gather", follow=True)
    assert "新增 1 行，变化 0 行，退回 1 行" in done.content.decode()
    link = re.search(r"/data/runs/\d+/rejects", done.content.decode())
    assert link is not None
    assert "A2" in city.get(link[0]).content.decode("utf-8-sig")
    assert street.get(link[0]).status_code == 409
    shown = page(street, "/data/sources")
    assert "老信访系统" in shown
    assert '<span class="count">1 / 2</span>' in shown


def test_data_sets_are_found_by_words_and_shown_down_to_the_item(sign_in: SignIn) -> None:
    client = sign_in("district")
    listed = page(client, "/data/catalogue?q=phone")
    assert "permits 资源" in listed
    assert "parks 资源" not in listed
    assert "没有符合条件的资源" in page(client, "/data/catalogue?q=nothing")
    shown = page(client, "/data/catalogue/permits")
    assert all(
        word in shown
        for word in ("限履职", "permit_no", "139******01", "3-01-001-01/000001", "逾期未更新", "个人信息", "数源")
    )
    assert "涉密标识" in page(client, "/data/catalogue/people")
    assert client.get("/data/catalogue/nobody").status_code == 404


def test_each_cell_of_the_matrix_opens_what_lacks(sign_in: SignIn) -> None:
    client = sign_in("district")
    cell = re.search(r'href="(/data/gaps/command/\d+)">(\d+) / (\d+)</a>', page(client, "/data/gaps"))
    assert cell is not None
    assert cell.groups()[1:] == ("0", "2")
    opened = page(client, cell[1])
    assert opened.index("逾期未更新") < opened.index("未归集")
    assert client.get("/data/gaps/command/000000").status_code == 404


def test_a_feed_is_checked_in_the_browser_and_its_report_is_for_its_people(sign_in: SignIn) -> None:
    street, other = sign_in("street"), sign_in("next_street")
    assert "未经审议" in page(street, "/data/standards")
    empty = street.post("/data/standards/base/check", {"dataset": "permits"})
    assert empty.status_code == 422
    feed = SimpleUploadedFile("送件.csv", FEED.encode())
    done = street.post("/data/standards/base/check", {"dataset": "permits", "feed": feed})
    shown = page(street, done["Location"])
    assert "5.3 类型" in shown
    assert "1 / 2" in shown
    report = street.get(f"{done['Location']}/report").content.decode("utf-8-sig")
    assert "送件.csv,3,updated,昨天,a day such as 2026-05-31,5.3 类型,1,base-1" in report
    assert other.get(f"{done['Location']}/report").status_code == 404
    assert "送件.csv" in page(other, "/data/standards/base")


def test_a_standard_is_put_to_people_from_its_page(sign_in: SignIn) -> None:
    client = sign_in("city")
    given = {"family": "standard", "subject": "standard:base", "title": "建设标准", "text": "见条款"}
    begun = client.post("/data/begin", given)
    assert "建设标准" in page(client, begun["Location"])
    assert begun["Location"] in page(client, "/data/standards")


def test_a_dispute_about_a_data_set_ends_in_a_ruling(sign_in: SignIn, hall: Hub) -> None:
    from zhongshu.hub.resources import proceedings

    street = sign_in("street")
    given = {"family": "dispute", "subject": "dataset:permits", "text": "场地不是本街道的"}
    begun = street.post("/data/begin", given)["Location"]
    shown = page(sign_in("city"), "/data/catalogue/permits")
    assert begun in shown
    assert "待答复" in shown
    number = int(begun.rpartition("/")[2])
    provider = town.viewer(town.CITY, "command", Role.CHIEF, user=71)
    bureau = town.viewer(town.CITY, "data", Role.ARBITER, user=72)
    asker = town.viewer(town.STREET, "office", Role.HANDLER, user=73)
    proceedings.act(hall.desk, provider, number, "answer", {"text": "按登记住所归属"})
    proceedings.act(hall.desk, asker, number, "refer", {"reason": "不认可"})
    with pytest.raises(IllegalMove, match="他人"):
        proceedings.act(hall.desk, replace(bureau, user=71), number, "rule", {"text": "t", "clause": "c"})
    proceedings.act(hall.desk, bureau, number, "rule", {"text": "以现场为准", "clause": "采集标准 4.2"})
    assert "permits 资源" in page(street, "/data?box=all&family=dispute&state=ruled")


def test_lineage_goes_both_ways_and_no_end_dangles(sign_in: SignIn) -> None:
    from zhongshu.data.catalogue import lineage
    from zhongshu.hub.resources import catalogue

    client = sign_in("city")
    back = page(client, "/data/lineage?node=formula:solve")
    assert all(word in back for word in ("solved", "CalledBack", "ledger", "/evaluation", "Reported", "/operator"))
    assert "permit_no" in page(client, "/data/lineage?node=source:permits")
    blocks = page(client, "/data/lineage?node=page:/data/blocks")
    assert all(table in blocks for table in ("block_count", "person_record", "data_component"))
    assert client.get("/data/lineage?node=formula:nobody").status_code == 404
    ground = catalogue.ground()
    assert lineage.dangling(ground) == []
    assert lineage.dangling(ground, set()) == ["element:permit_no", "element:phone"]
    pages = {end.removeprefix("page:") for end in lineage.nodes(lineage.edges(ground)) if end.startswith("page:")}
    assert {address for address in pages if not answered(address)} == set()


def answered(address: str) -> bool:
    try:
        return bool(resolve(address))
    except Resolver404:
        return False


@pytest.mark.filterwarnings("ignore:ConjunctiveGraph is deprecated:DeprecationWarning")  # inside rdflib itself
def test_the_export_passes_the_public_shapes_and_a_spoilt_one_does_not(sign_in: SignIn) -> None:
    import pyshacl
    from rdflib import DCTERMS, Graph, URIRef

    client = sign_in("city")
    text = client.get("/api/data/catalogue.ttl")
    assert text["Content-Type"] == "text/turtle; charset=utf-8"
    made = Graph().parse(data=text.content.decode(), format="turtle")
    same = Graph().parse(data=client.get("/api/data/catalogue.jsonld").content.decode(), format="json-ld")
    assert len(same) == len(made) > 100
    shapes = Graph().parse(data=gzip.decompress(SHAPES.read_bytes()).decode(), format="json-ld")
    conforms, _graph, said = pyshacl.validate(made, shacl_graph=shapes)
    assert conforms, said
    made.remove((URIRef("http://localhost/data/catalogue/permits"), DCTERMS.title, None))
    conforms, _graph, said = pyshacl.validate(made, shacl_graph=shapes)
    assert not conforms
    assert "#title" in said or "title" in said


def test_the_api_tells_the_same(sign_in: SignIn) -> None:
    client = sign_in("street")

    def told(path: str) -> Any:
        answer = client.get(f"/api/data/{path}")
        assert answer.status_code == 200, answer.content
        return json.loads(answer.content)

    found = told("catalogue?words=phone")
    assert [(one["dataset"], one["rows"], len(one["items"])) for one in found] == [("permits", 1, 4)]
    assert found[0]["items"][3]["meaning"]["mask"] == "phone"
    assert told("catalogue/parks")["rows"] is None
    assert {one["state"] for one in told("gaps")} == {"late", "unconnected"}
    assert told("sources")[0]["last"]["rejected"] == 1
    assert "location" not in told("sources")[0]
    assert told("standards")[0]["rules"][0]["demand"] == "type"
    near = [(one["origin"], one["target"]) for one in told("lineage?node=formula:solve")["back"] if one["step"] == 1]
    assert near == [("counter:solved", "formula:solve"), ("counter:valid", "formula:solve")]
    feed = SimpleUploadedFile("a.csv", FEED.encode())
    checked = client.post("/api/data/standards/base/checks", {"dataset": "permits", "feed": feed})
    assert json.loads(checked.content)["findings"][0]["line"] == 3
    assert client.post("/api/data/sources/permits/runs").status_code == 409
