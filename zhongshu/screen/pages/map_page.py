"""地图 the map's own page: layers with a legend, and the same content as a sorted, paged table beside it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

import orjson
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.cache import patch_cache_control
from django.utils.translation import gettext_lazy as _
from django.views.decorators.gzip import gzip_page

from zhongshu.data import map_assets, map_table
from zhongshu.data.lists import Box
from zhongshu.data.map_table import LAYERS, Asked
from zhongshu.kernel.access import Viewer
from zhongshu.kernel.desk import Knowledge
from zhongshu.kernel.places import wgs84_to_gcj02
from zhongshu.screen import gate, naming
from zhongshu.screen.frame import URLS
from zhongshu.screen.pages.account import signed_in, viewer
from zhongshu.screen.pages.cockpit import point_of, switches
from zhongshu.screen.pages.resident import bounds
from zhongshu.screen.queries import box_of, mark_of, mark_text
from zhongshu.screen.tiles import encode

NAMES: Mapping[str, Any] = {
    "cases": _("案件"),
    "components": _("城市部件"),
    "sensors": _("感知设备"),
    "warnings": _("预警"),
}
ONLY: Mapping[str, Any] = {
    "cases": _("仅逾期"),
    "components": _("仅不完好"),
    "sensors": _("仅失联或越限"),
    "warnings": _("仅未办结"),
}
COLUMNS: Mapping[str, Any] = {
    "code": _("编号"),
    "name": _("名称"),
    "state": _("状态"),
    "place": _("区划"),
    "at": _("时间"),
}
STATES: Mapping[str, Any] = {
    "good": _("完好"),
    "damaged": _("破损"),
    "lost": _("丢失"),
    "abandoned": _("废弃"),
    "silent": _("失联"),
    "beyond": _("越限"),
}


@signed_in()
def show(request: HttpRequest) -> HttpResponse:
    """The whole page; `layer` is what the table shows, `q` what is looked for in it, `at` where the map opens."""
    who = viewer(request)
    asked = _asked(request)
    context = {
        "switches": switches(asked.layer),
        "bounds": bounds(who.place),
        "at": point_of(request.GET.get("at", "")),
        **_table(who, asked, gate.hub().tools.knowledge),
    }
    return render(request, "desk/map.html", context)


@signed_in()
def table(request: HttpRequest) -> HttpResponse:
    """The table alone, for the box that the map shows now."""
    context = _table(viewer(request), _asked(request), gate.hub().tools.knowledge)
    return render(request, "parts/map_table.html", context)


def _asked(request: HttpRequest) -> Asked:
    given = request.GET
    layer = given.get("layer", "") if given.get("layer") in LAYERS else "cases"
    sorts = LAYERS[layer].sorts
    sort = given.get("sort", "") if given.get("sort") in sorts else ("at" if "at" in sorts else "code")
    down = given.get("down", "1" if sort == "at" else "") == "1"
    only, q = given.get("only") == "1", given.get("q", "").strip()[:60]
    return Asked(layer, box_of(given.get("bbox", "")), sort, down, only, q, mark_of(given.get("after", "")))


def _table(who: Viewer, asked: Asked, knowledge: Knowledge) -> dict[str, Any]:
    seen = map_table.page(who, asked)
    box = ",".join(f"{edge:.5f}" for edge in asked.box) if asked.box else ""
    base = {"layer": asked.layer, "only": "1" if asked.only else "", "q": asked.q, "bbox": box}
    kept = {name: value for name, value in base.items() if value}
    here = {**kept, "sort": asked.sort, "down": "1" if asked.down else "0"}
    return {
        "layers": [(code, label, code == asked.layer) for code, label in NAMES.items()],
        "layer": asked.layer,
        "layer_name": NAMES[asked.layer],
        "only": asked.only,
        "only_name": ONLY[asked.layer],
        "q": asked.q,
        "bbox": box,
        "columns": [_column(name, asked, kept) for name in LAYERS[asked.layer].sorts],
        "rows": [_row(row, asked.layer, knowledge) for row in seen.rows],
        "next_url": f"{URLS['map_table']}?{urlencode({**here, 'after': mark_text(seen.next)})}" if seen.next else "",
        "count": f"{seen.count:,}" + ("+" if seen.count >= map_table.CAP else ""),
        "middle": _middle(asked.box),
    }


def _column(name: str, asked: Asked, kept: Mapping[str, str]) -> dict[str, Any]:
    here = name == asked.sort
    down = "0" if here and asked.down else "1" if here or name == "at" else "0"
    return {
        "label": COLUMNS[name],
        "sorted": ("descending" if asked.down else "ascending") if here else "none",
        "url": f"{URLS['map_table']}?{urlencode({**kept, 'sort': name, 'down': down})}",
    }


def _row(row: Mapping[str, Any], layer: str, knowledge: Knowledge) -> dict[str, Any]:
    states: Mapping[str, Any] = naming.STATES if layer in ("cases", "warnings") else STATES
    point = f"{row['lon']:.6f},{row['lat']:.6f}" if row["lon"] is not None else ""
    value = row.get("value")
    return {
        "code": row["code"],
        "name": row["name"],
        "what": naming.category_name(row["what"], knowledge) if layer != "sensors" else "",
        "value": f"{value:g} {row['unit']}" if value is not None else "",
        "state_name": states.get(row["state"], row["state"]),
        "odd": row["state"] in ("damaged", "lost", "abandoned", "silent", "beyond") or bool(row.get("overdue")),
        "late": bool(row.get("overdue")),
        "place_name": naming.place_name(row["place"], knowledge),
        "at": row["at"],
        "point": point,
        "url": f"{URLS['case']}{row['id']}" if layer in ("cases", "warnings") else "",
    }


def _middle(box: Box | None) -> dict[str, str] | None:
    """The middle of the view in both datums: what a map of another maker calls the same point."""
    if box is None:
        return None
    lon, lat = (box[0] + box[2]) / 2, (box[1] + box[3]) / 2
    east, north = wgs84_to_gcj02(lon, lat)
    return {"wgs84": f"{lon:.6f}, {lat:.6f}", "gcj02": f"{east:.6f}, {north:.6f}"}


@signed_in()
def assets(request: HttpRequest, z: int, x: int, y: int) -> HttpResponse:
    """One vector tile of components within the viewer's span; `only=1` those that are not good."""
    if z > 22 or x >= 1 << z or y >= 1 << z:
        return HttpResponse(status=404)
    found = map_assets.spots(viewer(request), (z, x, y), request.GET.get("only") == "1")
    content = encode(found, z, x, y, "components")
    response = HttpResponse(content, content_type="application/vnd.mapbox-vector-tile", status=200 if content else 204)
    patch_cache_control(response, private=True, max_age=600)
    return response


@signed_in()
@gzip_page
def points(request: HttpRequest) -> HttpResponse:
    """The few points of sensors or warnings as GeoJSON; 400 for another layer."""
    layer = request.GET.get("layer", "")
    if layer not in ("sensors", "warnings"):
        return HttpResponse(status=400)
    knowledge = gate.hub().tools.knowledge
    features = [
        {
            "type": "Feature",
            "geometry": {"type": "Point", "coordinates": [row["lon"], row["lat"]]},
            "properties": {**_plain(_row(row, layer, knowledge)), "id": row["id"]},
        }
        for row in map_table.points(viewer(request), layer)
    ]
    content = orjson.dumps({"type": "FeatureCollection", "features": features})
    return HttpResponse(content, content_type="application/geo+json", headers={"Cache-Control": "private, max-age=15"})


def _plain(row: Mapping[str, Any]) -> dict[str, Any]:
    return {name: row[name] if isinstance(row[name], bool) else str(row[name]) for name in row if name != "at"}
