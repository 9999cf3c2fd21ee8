"""Open311 GeoReport v2, seen by a client made by others and by the specification's own rules."""

from __future__ import annotations

import asyncio
import socket
import threading
from collections.abc import Iterator
from typing import Any
from xml.etree import ElementTree as ET

import pytest
import uvicorn
from django.db import connections
from django.test import Client
from georeport import GeoReport

from tests import town
from zhongshu.data import databases

HERE = {"lat": "23.13", "long": "113.26", "address_string": "一居门口"}


@pytest.fixture
def base(site: Client, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """Our server on a port of its own, in a thread; its threads close their connections, as with a pool."""
    from zhongshu.app import asgi_application

    for name in (databases.ROAD, databases.APP):
        monkeypatch.setitem(connections[name].settings_dict, "CONN_MAX_AGE", 0)
    bound = socket.socket()
    bound.bind(("127.0.0.1", 0))
    server = uvicorn.Server(uvicorn.Config(asgi_application(), log_level="warning", lifespan="off", ws="none"))
    thread = threading.Thread(target=lambda: asyncio.run(server.serve([bound])))
    thread.start()
    yield f"http://127.0.0.1:{bound.getsockname()[1]}/open311/v2"
    server.should_exit = True
    thread.join()
    bound.close()


def post(site: Client, form: str = "json", path: str = "v2", **given: str) -> Any:
    return site.post(f"/open311/{path}/requests.{form}", {"service_code": "rubbish", **HERE, **given})


@pytest.fixture
def request_id(site: Client, trusted: str) -> str:
    answer = post(site, api_key=trusted, description="一居垃圾没人收", **{"attribute[situation]": "雨后"})
    assert (answer.status_code, answer["Content-Type"]) == (201, "application/json")
    return str(answer.json()[0]["service_request_id"])


@pytest.mark.parametrize("form", ["json", "xml"])
def test_a_client_made_by_others_understands_us(site: Client, base: str, request_id: str, form: str) -> None:
    client = GeoReport(base, jurisdiction=town.CITY, output_format=form)
    names = {one["service_code"]: one["service_name"] for one in client.get_service_list()}
    assert names["rubbish"] == "垃圾"
    assert "building" not in names, "only the lowest categories are services"
    assert client.get_service_definition("flood")["service_code"] == "flood"
    one = client.get_service_request(request_id)
    assert (one["service_request_id"], one["status"], one["service_code"]) == (request_id, "open", "rubbish")
    assert one["agency_responsible"] == "office单位"
    many = client.get_service_requests(service_code="rubbish", status="open", start_date="2026-05-01T00:00:00Z")
    listed = many if isinstance(many, list) else [many]
    assert request_id in [row["service_request_id"] for row in listed]


PATHS = ["discovery", "v2/services", "v2/services/flood", "v2/requests", "test/v2/services"]


@pytest.mark.parametrize("path", PATHS)
def test_both_formats_with_bare_content_types(site: Client, request_id: str, path: str) -> None:
    xml, json = site.get(f"/open311/{path}.xml"), site.get(f"/open311/{path}.json")
    assert (xml["Content-Type"], json["Content-Type"]) == ("text/xml", "application/json")
    assert xml.content.startswith(b"<?xml version='1.0' encoding='utf-8'?>")
    assert (len(ET.fromstring(xml.content)) > 0, len(json.json()) > 0) == (True, True)


def test_discovery_names_two_endpoints(site: Client) -> None:
    found = site.get("/open311/discovery.json").json()["endpoints"]
    assert [one["type"] for one in found] == ["production", "test"]
    assert all(site.get(one["url"] + "/services.xml").status_code == 200 for one in found)
    tree = ET.fromstring(site.get("/open311/discovery.xml").content)
    assert [one.text for one in tree.iterfind("endpoints/endpoint/type")] == ["production", "test"]
    assert tree.findtext("endpoints/endpoint/formats/format") == "text/xml"


def test_the_situation_that_decides_is_an_attribute(site: Client, trusted: str) -> None:
    (attribute,) = site.get("/open311/v2/services/flood.json").json()["attributes"]
    assert [value["key"] for value in attribute["values"]] == ["小区", "地下室"]
    words = {"service_code": "flood", "description": "一居积水", "attribute[situation]": "地下室"}
    number = post(site, api_key=trusted, **words).json()[0]["service_request_id"]
    assert site.get(f"/open311/v2/requests/{number}.json").json()[0]["agency_responsible"] == "housing单位"


def test_the_test_endpoint_keeps_nothing(site: Client, trusted: str) -> None:
    before = site.get("/open311/v2/requests.json").content
    answer = post(site, path="test/v2", api_key=trusted, description="一居垃圾试一试")
    assert (answer.status_code, answer.json()[0]["token"]) == (201, "test")
    assert site.get("/open311/v2/requests.json").content == before


@pytest.mark.parametrize("form", ["json", "xml"])
@pytest.mark.parametrize(
    ("given", "code", "said"),
    [
        ({"api_key": ""}, 403, "token"),
        ({"service_code": ""}, 400, "service_code"),
        ({"service_code": "moon"}, 400, "service_code"),
        ({"lat": "", "address_string": ""}, 400, "lat"),
        ({"lat": "north"}, 400, "lon, lat"),
        ({"jurisdiction_id": "atlantis"}, 404, "jurisdiction_id"),
    ],
)
def test_errors_in_the_words_of_the_specification(
    site: Client, trusted: str, form: str, given: dict[str, str], code: int, said: str
) -> None:
    answer = post(site, form, **{"api_key": trusted, **given})
    assert answer.status_code == code
    read = {"json": lambda: answer.json()[0], "xml": lambda: {e.tag: e.text for e in ET.fromstring(answer.content)[0]}}
    error = read[form]()
    assert (int(error["code"]), said in error["description"]) == (code, True)


@pytest.mark.parametrize(
    "query",
    [
        {"start_date": "2020-01-01T00:00:00Z", "end_date": "2021-01-01T00:00:00Z"},
        {"start_date": "yesterday"},
        {"status": "lost"},
        {"service_request_id": "x"},
        {"service_request_id": "9" * 19},
        {"page": "0"},
        {"page_size": "100000"},
    ],
)
def test_queries_that_make_no_sense(site: Client, query: dict[str, str]) -> None:
    assert site.get("/open311/v2/requests.json", query).status_code == 400


def test_filters_and_pages(site: Client, trusted: str) -> None:
    ids = [post(site, api_key=trusted, description=f"一居垃圾第{n}").json()[0]["service_request_id"] for n in range(3)]

    def listed(**query: str) -> list[str]:
        return [one["service_request_id"] for one in site.get("/open311/v2/requests.json", query).json()]

    assert listed(service_request_id=",".join(ids)) == ids
    assert listed(page_size="2") + listed(page_size="2", page="2")[:1] == ids[::-1]
    assert listed(status="closed") == listed(service_code="odd") == listed(end_date="2026-05-01T00:00:00Z") == []


def test_other_channels_stay_discreet(site: Client) -> None:
    report = {"text": "一居垃圾，我是张三，电话13800000000", "lon": 113.261234, "lat": 23.131234}
    number = site.post("/api/reports", report, content_type="application/json").json()["report"]
    (seen,) = site.get(f"/open311/v2/requests/{number}.json").json()
    assert (seen["description"], seen["address"], seen["lat"]) == ("", "一居", 23.131)


def test_an_untrusted_app_has_its_category_judged(site: Client, database: str) -> None:
    from zhongshu.data import integrations

    key = integrations.issue("map-app", ["open311"])
    number = post(site, api_key=key, description="一居路口积水").json()[0]["service_request_id"]
    (seen,) = site.get(f"/open311/v2/requests/{number}.json").json()
    assert seen["service_code"] == "flood"
    assert seen["description"] == "垃圾\n一居路口积水"


def test_a_token_leads_back_to_its_request(site: Client, request_id: str) -> None:
    from zhongshu.screen.tracking import track_token

    found = site.get(f"/open311/v2/tokens/{track_token(int(request_id))}.json").json()
    assert found[0]["service_request_id"] == request_id
    assert site.get("/open311/v2/tokens/1:x.json").status_code == 404
