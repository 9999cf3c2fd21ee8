"""驾驶舱 the cockpit: key numbers that open their lists, and the map's data."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from functools import lru_cache
from typing import Any
from zlib import crc32

import orjson
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.cache import patch_cache_control
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.gzip import gzip_page
from django.views.decorators.http import condition

from zhongshu.data import lists, maps, overview
from zhongshu.data.lists import Box, Wanted
from zhongshu.data.overview import CAP, Numbers
from zhongshu.data.signs import book, reading
from zhongshu.kernel.access import Viewer
from zhongshu.kernel.desk import Knowledge
from zhongshu.kernel.lifecycle import Role
from zhongshu.kernel.places import Level
from zhongshu.screen import gate, naming
from zhongshu.screen import signs as shown
from zhongshu.screen.frame import URLS
from zhongshu.screen.pages.account import signed_in, viewer
from zhongshu.screen.pages.desk import local_day
from zhongshu.screen.pages.resident import bounds
from zhongshu.screen.queries import box_of
from zhongshu.screen.tiles import encode

SHORT = 6
TOLERANCE = {Level.DISTRICT: 0.00005, Level.STREET: 0.00005, Level.COMMUNITY: 0.00003}
"""Degrees. Each is drawn at every zoom beyond its first, so a border must lie close to that of the level below."""
GRID_TOLERANCE = 0.00001
LEVELS = {str(level.value): level for level in TOLERANCE} | {level.name.lower(): level for level in TOLERANCE}

COUNTS: tuple[tuple[str, Any, Any, str], ...] = (
    ("open", gettext_lazy("在办案件"), gettext_lazy("未办结"), "open=1"),
    ("opened", gettext_lazy("今日收到"), gettext_lazy("零时起"), "opened=today"),
    ("overdue", gettext_lazy("处置逾期"), gettext_lazy("未办结且处置过时限，实时"), "overdue=1"),
    ("due_soon", gettext_lazy("将到期"), gettext_lazy("4 小时内"), "due_soon=1"),
    ("unclear", gettext_lazy("待人工研判"), gettext_lazy("系统把握不足"), "state=unclear"),
    ("undecided", gettext_lazy("待裁定"), gettext_lazy("含退单"), "state=undecided,returned"),
    ("urgent", gettext_lazy("紧急在办"), gettext_lazy("紧急及以上"), "urgent=1"),
    ("stuck", gettext_lazy("卡单"), gettext_lazy("处理出错"), "stuck=1"),
    ("closed", gettext_lazy("今日办结"), gettext_lazy("零时起"), "closed=today"),
)
"""key, label, what is counted, and the query string of the list that was counted."""


SWITCHES: tuple[tuple[str, Any, bool], ...] = (
    ("cases", gettext_lazy("案件"), True),
    ("heat", gettext_lazy("案件热力"), False),
    ("warnings", gettext_lazy("生效预警"), True),
    ("sensors", gettext_lazy("感知设备"), False),
    ("components", gettext_lazy("城市部件"), False),
    ("grid", gettext_lazy("网格线"), True),
    ("community", gettext_lazy("社区界"), True),
    ("street", gettext_lazy("街道界"), True),
)
"""Layers of the map: code, name, and whether it is on when the page opens."""


def switches(on: str = "") -> list[tuple[str, Any, bool]]:
    """The layers' switches; `on` is one that the address asks for."""
    return [(code, label, shown or code == on) for code, label, shown in SWITCHES]


def figures(found: Numbers) -> dict[str, int | str | None]:
    """Every number of the cockpit by key, as a person reads it; the live channel sends the same."""
    values: dict[str, int | str | None] = {}
    for key, *_rest in COUNTS:
        count = int(getattr(found, key))
        values[key] = f"{CAP:,}+" if count >= CAP and key in ("opened", "closed", "due_soon") else f"{count:,}"
    values["on_time"] = _percent(found.on_time_share)
    values["proactive"] = _percent(found.proactive_share)
    values["warnings"] = f"{found.warnings:,}"
    return values


def _percent(share: float | None) -> str | None:
    return None if share is None else f"{share:.1%}".rstrip("%")


def numbers(found: Numbers) -> list[dict[str, Any]]:
    """The numbers with label, basis (the denominator named), time, and the list each was counted from."""
    values = figures(found)
    shares = _shares(values)
    plain = [
        {"key": key, "label": label, "basis": basis, "unit": "", "list_url": f"{URLS['cases']}?{query}"}
        for key, label, basis, query in COUNTS
    ]
    return [{**one, "value": values[one["key"]], "as_of": found.as_of, "stale": False} for one in plain + shares]


def _live(key: str, values: Mapping[str, int | str | None]) -> SafeString:
    """A number inside a sentence, kept true by the live channel as the big one of the same key is."""
    return format_html('<span data-number="{}">{}</span>', key, values[key])


def _shares(values: Mapping[str, int | str | None]) -> list[dict[str, Any]]:
    """The shares; each names its base, which lives along with it."""
    closed = format_html(_("今日办结 {n} 件中"), n=_live("closed", values))
    opened = format_html(_("今日收到 {n} 件中"), n=_live("opened", values))
    cases, warned = URLS["cases"], f"{URLS['cases']}?proactive=1&open=1"
    return [
        {"key": "on_time", "label": _("按时办结率"), "basis": closed, "unit": "%", "list_url": f"{cases}?closed=today"},
        {
            "key": "proactive",
            "label": _("今日主动发现占比"),
            "basis": opened,
            "unit": "%",
            "list_url": f"{cases}?opened=today&proactive=1",
        },
        {"key": "warnings", "label": _("生效预警"), "basis": _("未解除"), "unit": "", "list_url": warned},
    ]


@signed_in()
def cockpit(request: HttpRequest) -> HttpResponse:
    """运行态势 of the viewer's own place."""
    who = viewer(request)
    context = {
        "numbers": numbers(overview.numbers(who, timezone.now(), local_day())),
        "place_name": naming.place_name(who.place, gate.hub().tools.knowledge),
        "bounds": bounds(who.place),
        "at": point_of(request.GET.get("at", "")),
        "switches": switches(),
        "asked": _asked(who),
        **_beside(who),
        **_signs(who, gate.hub().tools.knowledge),
    }
    if request.GET.get("wall") == "1":
        context |= {"wall": True, "theme": "wall"}
    return render(request, "desk/cockpit.html", context)


def _asked(who: Viewer) -> dict[str, Any] | None:
    """待我审批: the list of what waits for this post's answer, and how much; None for posts that nobody asks."""
    if not who.roles & {Role.ARBITER, Role.CHIEF}:
        return None
    found = len(lists.matching(who, Wanted(queue="asked"), timezone.now(), CAP))
    return {"n": found, "url": f"{URLS['cases']}?queue=asked"}


WORST = 8
"""Signs that the cockpit shows: the reddest of them."""
_ORDER = {look: n for n, look in enumerate(shown.LOOKS)}


def _signs(who: Viewer, knowledge: Knowledge) -> dict[str, Any]:
    """The signs of the viewer's place, the worst first, and how many there are of each look."""
    held, now = reading.at(who.place or knowledge.city, who), timezone.now()
    rows = [shown.row(one, held.get(one.code), now, knowledge) for one in book.signs().values() if one.measure]
    looks = Counter(row["look"] for row in rows)
    known = sorted((row for row in rows if row["look"] != "nosource"), key=lambda row: _ORDER[row["look"]])
    return {
        "signs": known[:WORST],
        "looks": [(code, *look, looks[code]) for code, look in shown.LOOKS.items()],
    }


def beside(request: HttpRequest) -> HttpResponse:
    """The three short lists alone, asked again by the page when something happened; 403 once the log-in has ended."""
    if not viewer(request).post:
        return HttpResponse(status=403)
    return render(request, "parts/beside.html", _beside(viewer(request)))


def point_of(text: str) -> str:
    """ "lon,lat" in WGS-84 as the map reads it; "" when it is none."""
    try:
        lon, lat = (float(part) for part in text.split(","))
    except ValueError:
        return ""
    return f"{lon:.6f},{lat:.6f}" if abs(lon) <= 180 and abs(lat) <= 85 else ""


def _beside(who: Viewer) -> dict[str, Any]:
    now, knowledge = timezone.now(), gate.hub().tools.knowledge

    def short(wanted: Wanted) -> list[dict[str, Any]]:
        return [naming.case_row(row, knowledge) for row in lists.first(who, wanted, now, SHORT)]

    warned = lists.rows(who, overview.active_warnings(who, SHORT))
    return {
        "newest": short(Wanted()),
        "overdue": short(Wanted(overdue=True)),
        "warnings": [naming.case_row(row, knowledge) for row in warned],
    }


@lru_cache(maxsize=8)
def _divisions(version: int, level: Level) -> bytes:
    """Outlines change only with the pack, whose version keys this."""
    return maps.divisions(level, TOLERANCE[level])


@lru_cache(maxsize=128)
def _grids(version: int, box: Box) -> bytes:
    return maps.grids(box, GRID_TOLERANCE)


@lru_cache(maxsize=512)
def _places(version: int, box: Box) -> bytes:
    return orjson.dumps({"places": maps.places(box)})


def _tag(request: HttpRequest) -> str:
    return f'"{maps.version()}-{crc32(request.get_full_path().encode()):08x}"'


def _public(content: bytes, kind: str) -> HttpResponse:
    response = HttpResponse(content, content_type=kind)
    patch_cache_control(response, public=True, max_age=600)
    return response


@gzip_page
@condition(etag_func=_tag)
def divisions(request: HttpRequest) -> HttpResponse:
    """The outlines of the base map: public, like any map of a city.

    `level` is district (default), street, community or 2, 3, 4; or grid, then with `bbox`, else 400.
    """
    asked, box = request.GET.get("level", ""), box_of(request.GET.get("bbox", ""))
    if asked != "grid":
        content = _divisions(maps.version(), LEVELS.get(asked, Level.DISTRICT))
    elif box:
        content = _grids(maps.version(), box)
    else:
        return HttpResponse(status=400)
    return _public(content, "application/geo+json")


@gzip_page
@condition(etag_func=_tag)
def places(request: HttpRequest) -> HttpResponse:
    """Names of roads, estates and other places within `bbox`, for the labels of the base map: public."""
    box = box_of(request.GET.get("bbox", ""))
    return _public(_places(maps.version(), box), "application/json") if box else HttpResponse(status=400)


@signed_in()
def tile(request: HttpRequest, z: int, x: int, y: int) -> HttpResponse:
    """One vector tile of open cases within the viewer's span."""
    who: Viewer = viewer(request)
    if z > 22 or x >= 1 << z or y >= 1 << z:
        return HttpResponse(status=404)
    content = encode(maps.spots(who, z, x, y, request.GET.get("only") == "1"), z, x, y)
    response = HttpResponse(content, content_type="application/vnd.mapbox-vector-tile", status=200 if content else 204)
    patch_cache_control(response, private=True, max_age=2)
    return response
