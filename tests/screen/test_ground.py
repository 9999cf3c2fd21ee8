"""The base map: outlines by level and box, names, and the box of a viewer's own place."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
import shapely
from django.test import Client

from tests import town
from zhongshu.hub.hub import Hub
from zhongshu.screen import gate

SINCE = datetime(2020, 1, 1, tzinfo=UTC)
BOX = "113.3,23.1,113.4,23.2"


def shape(west: float, south: float, side: float) -> dict[str, object]:
    box = (west, south, west + side, south + side)
    return dict(zip(("west", "south", "east", "north"), box, strict=True)) | {"geometry": shapely.box(*box).wkb}


def version(code: str) -> dict[str, object]:
    return {"code": code, "valid_from": SINCE, "digest": code}


@pytest.fixture(scope="module")
def client(database: str) -> Iterator[Client]:
    """A district, a street and 450 grids in the first of two streets; 130 roads and a door number."""
    from zhongshu.data import models as rows
    from zhongshu.data.databases import OWNER
    from zhongshu.screen.pages import cockpit

    gate.install(Hub(lambda: town.TOOLS))
    divisions = [(town.DISTRICT, 2, 113.3, 0.2), (town.STREET, 3, 113.3, 0.1), (town.NEXT_STREET, 3, 113.4, 0.1)]
    for code, level, west, side in divisions:
        rows.Division.objects.using(OWNER).create(**version(code), name=code, level=level, **shape(west, 23.1, side))
    grids = [
        rows.Grid(
            **version(f"g{n}"),
            division=town.COMMUNITY,
            kind="home",
            **shape(113.3 + n % 30 / 300, 23.1 + n // 30 / 300, 0.003),
        )
        for n in range(450)
    ]
    rows.Grid.objects.using(OWNER).bulk_create(grids)
    places = [
        rows.AddressPlace(
            **version(f"p{n}"), name=f"{n}路", kind="road", division=town.COMMUNITY, lon=113.35, lat=23.15
        )
        for n in range(130)
    ]
    door = rows.AddressPlace(
        **version("door"), name="1号", kind="address", division=town.COMMUNITY, lon=113.36, lat=23.16
    )
    rows.AddressPlace.objects.using(OWNER).bulk_create([*places, door])
    for held in (cockpit._divisions, cockpit._grids, cockpit._places):
        held.cache_clear()
    yield Client(SERVER_NAME="localhost")
    for model in (rows.Division, rows.Grid, rows.AddressPlace):
        model.objects.using(OWNER).all().delete()
    for held in (cockpit._divisions, cockpit._grids, cockpit._places):
        held.cache_clear()


@pytest.mark.parametrize(
    ("level", "codes"),
    [
        ("", [town.DISTRICT]),
        ("2", [town.DISTRICT]),
        ("street", [town.STREET, town.NEXT_STREET]),
        ("community", []),
        ("nonsense", [town.DISTRICT]),
    ],
)
def test_outlines_by_level(client: Client, level: str, codes: list[str]) -> None:
    answer = client.get("/map/divisions.geojson", {"level": level})
    assert [one["properties"]["code"] for one in answer.json()["features"]] == codes
    assert "max-age=600" in answer["Cache-Control"]


def test_a_name_stands_inside_its_outline(client: Client) -> None:
    [one] = client.get("/map/divisions.geojson").json()["features"]
    assert shapely.box(113.3, 23.1, 113.5, 23.3).contains(shapely.Point(one["properties"]["at"]))


def test_outlines_are_not_sent_twice(client: Client) -> None:
    first = client.get("/map/divisions.geojson?level=street")
    again = client.get("/map/divisions.geojson?level=street", headers={"If-None-Match": first["ETag"]})
    other = client.get("/map/divisions.geojson?level=district", headers={"If-None-Match": first["ETag"]})
    assert (first.status_code, again.status_code, other.status_code) == (200, 304, 200)


def test_grids_only_of_a_box_and_not_too_many(client: Client) -> None:
    def grids(box: str) -> list[str]:
        found = client.get("/map/divisions.geojson", {"level": "grid", "bbox": box}).json()["features"]
        return [one["properties"]["code"] for one in found]

    assert len(grids(BOX)) == 400
    assert grids("113.301,23.101,113.302,23.102") == ["g0"]
    assert grids("10,10,11,11") == []


@pytest.mark.parametrize("box", ["", "1,2,3", "a,b,c,d", "nan,1,2,3", "3,1,2,2", "113,23,113.1,inf"])
def test_a_box_that_is_none_is_refused(client: Client, box: str) -> None:
    assert client.get("/map/divisions.geojson", {"level": "grid", "bbox": box}).status_code == 400
    assert client.get("/map/places.json", {"bbox": box}).status_code == 400


def test_places_hold_names_and_points_alone(client: Client) -> None:
    found = client.get("/map/places.json", {"bbox": BOX}).json()["places"]
    assert len(found) == 120
    assert {tuple(one) for one in found} == {("name", "kind", "lon", "lat")}
    assert {one["kind"] for one in found} == {"road"}
    assert client.get("/map/places.json", {"bbox": "10,10,11,11"}).json() == {"places": []}


@pytest.mark.parametrize(
    ("place", "box"),
    [
        (town.NEXT_STREET, (113.4, 23.1, 113.5, 23.2)),
        (town.DISTRICT, (113.3, 23.1, 113.5, 23.3)),
        (town.FAR_COMMUNITY, (113.3, 23.1, 113.5, 23.3)),
    ],
)
def test_bounds_of_the_own_place_or_of_all(client: Client, place: str, box: tuple[float, ...]) -> None:
    from zhongshu.data import maps

    assert maps.bounds(town.SCHEME.span(place)) == pytest.approx(box)
