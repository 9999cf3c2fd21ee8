"""共性支撑接口 the API of shared services that had pages only: the caller, models and where they judge, the map."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal

from django.http import HttpRequest
from ninja import Path, Query, Router, Schema, Status
from pydantic import Field

from zhongshu.data import map_table
from zhongshu.data import model_register as register
from zhongshu.data.map_table import LAYERS, Asked
from zhongshu.hub.sense.normalise import clean
from zhongshu.kernel.errors import BadInput
from zhongshu.kernel.lifecycle import Role
from zhongshu.screen.api.reports import PROBLEMS
from zhongshu.screen.api.staff import Session, Token, viewer_of
from zhongshu.screen.api.tokens import Forbidden
from zhongshu.screen.frame import URLS
from zhongshu.screen.queries import box_of, mark_of, mark_text

router = Router(auth=[Token(), Session()])
READERS = frozenset({Role.ARBITER, Role.CHIEF})
"""Who reads the register of models, as on its page."""
Layer = Literal["cases", "components", "sensors", "warnings"]
TILES = {"cases": URLS["tiles"], "components": URLS["assets"]}
SHARPEST = 16
"""The zoom beyond which tiles say nothing more."""


class MeOut(Schema):
    """本人: the post that a caller speaks from. The database shows rows of divisions from `lo` up to `hi`."""

    post: str
    name: str
    unit: str
    level: int
    place: str
    lo: str
    hi: str
    roles: list[str]
    standing_in: bool


class ModelVersionOut(Schema):
    id: int
    name: str
    version: str
    state: str
    checksum: str
    published_at: datetime
    places: int
    card: dict[str, Any]


class ModelDeploymentOut(Schema):
    """部署: which version judges at a place since when; `how` set_up, deployed or rolled_back."""

    id: int
    model: int
    name: str
    version: str
    place: str
    how: str
    at: datetime


class ModelsOut(Schema):
    deployments: list[ModelDeploymentOut]
    versions: list[ModelVersionOut]


class MapLayerOut(Schema):
    """图层. `tiles` are Mapbox vector tiles for who is signed in, "" where there are none; `rows` the same."""

    layer: Layer
    tiles: str
    source_layer: str
    maxzoom: int
    rows: str
    sorts: list[str]


class MapOut(Schema):
    datum: str
    layers: list[MapLayerOut]


class MapAsked(Schema):
    """`bbox` west,south,east,north in degrees, WGS-84; `only` the odd ones; `after` the `next` of the last page."""

    bbox: str = Field("", max_length=100)
    only: bool = False
    q: str = Field("", max_length=60)
    after: str = Field("", max_length=220)


class MapRowOut(Schema):
    id: int
    code: str
    name: str
    what: str
    state: str
    place: str
    lon: float | None
    lat: float | None
    at: datetime | None


class MapRowsOut(Schema):
    """一页: `count` of all, at most 1000; `next` is "" on the last page."""

    rows: list[MapRowOut]
    next: str
    count: int


@router.get("/me", response={200: MeOut, **PROBLEMS}, operation_id="who_am_i")
def who_am_i(request: HttpRequest) -> Any:
    """本人: whom the caller speaks as, and what he may see. A token has a division and no role."""
    who = viewer_of(request)
    told = {name: getattr(who, name) for name in ("post", "name", "unit", "place")}
    told |= {"level": int(who.level), "lo": who.span.lo, "hi": who.span.hi, "standing_in": bool(who.rota)}
    return Status(200, {**told, "roles": sorted(role.value for role in who.roles)})


@router.get("/models", response={200: ModelsOut, **PROBLEMS}, operation_id="list_models")
def list_models(request: HttpRequest) -> Any:
    """模型: deployments in force and every version with its card; for arbiters and chiefs, as on the page."""
    who = viewer_of(request)
    if not who.roles & READERS:
        raise Forbidden("for arbiters and chiefs / 仅限裁定岗位与负责人")
    return Status(200, {"deployments": register.deployments(who), "versions": register.listed(who)})


@router.get("/map", response={200: MapOut, **PROBLEMS}, operation_id="describe_map")
def describe_map(request: HttpRequest) -> Any:
    """地图: its layers, where their tiles are and where the same content is as rows."""
    layers = [
        {
            "layer": layer,
            "tiles": TILES.get(layer, ""),
            "source_layer": layer if layer in TILES else "",
            "maxzoom": SHARPEST if layer in TILES else 0,
            "rows": f"/api/map/{layer}",
            "sorts": list(found.sorts),
        }
        for layer, found in LAYERS.items()
    ]
    return Status(200, {"datum": "WGS-84", "layers": layers})


@router.get("/map/{layer}", response={200: MapRowsOut, **PROBLEMS}, operation_id="map_rows")
def map_rows(request: HttpRequest, layer: Path[Layer], wanted: Query[MapAsked]) -> Any:
    """图层内容: what a layer shows in a box within the caller's place, by code, a page at a time."""
    box = box_of(wanted.bbox)
    if wanted.bbox and not box:
        raise BadInput("bbox: expected west,south,east,north in degrees / 应为西、南、东、北四个度数")
    after = mark_of(clean(wanted.after, 220))
    found = map_table.page(viewer_of(request), Asked(layer, box, only=wanted.only, q=clean(wanted.q, 60), after=after))
    return Status(200, {"rows": found.rows, "next": mark_text(found.next), "count": found.count})
