"""附近 the public map: what is being worked on near by, by community and class; the same as a table beside it."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from zhongshu.data import nearby
from zhongshu.kernel.desk import Knowledge
from zhongshu.kernel.places import Level, Place
from zhongshu.screen import choosing, gate, naming, residency
from zhongshu.screen.frame import URLS
from zhongshu.screen.pages.resident import bounds

SORTS = ("place", "count", "since")


@require_safe
def show(request: HttpRequest) -> HttpResponse:
    """附近在办: of the street that somebody stands in or names; nothing is kept of where he stands."""
    knowledge = gate.hub().tools.knowledge
    at, error = _asked(request, knowledge)
    rows = _rows(at, knowledge) if at else []
    sort = request.GET.get("sort", "place")
    rows.sort(key=_by(sort if sort in SORTS else "place"))
    centres = nearby.centres(knowledge.scheme.span(at)) if at else {}
    context = {
        "at": at,
        "name": naming.place_name(at, knowledge),
        "rows": rows,
        "total": sum(row["n"] for row in rows),
        "spots": _spots(rows, centres),
        "streets": [] if at else _streets(request.GET.get("under", ""), knowledge),
        "bounds": bounds(at) if at else "",
        "sort": sort,
        "error": error,
        "url": URLS["nearby"],
        "way": f"{URLS['nearby']}?place={at}",
    }
    return render(request, "resident/nearby.html", context)


def _asked(request: HttpRequest, knowledge: Knowledge) -> tuple[str, str]:
    """The street that is asked for, or ""; and a sentence when it can't be shown."""
    place = request.GET.get("place", "")
    lon, lat = request.GET.get("lon", ""), request.GET.get("lat", "")
    if lon and lat:
        found = _standing(lon, lat)
        place = found or ""
        if not found:
            return "", _("这个位置不在本市，请按街道选择。")
    if not place and not request.GET.get("under"):
        member = residency.speaker(request).member
        place = str(member["place"]) if member else ""
    if place not in knowledge.names or int(knowledge.scheme.level(place)) < int(Level.STREET):
        return "", ""
    return knowledge.scheme.at(place, Level.STREET), ""


def _standing(lon: str, lat: str) -> str:
    try:
        spot = Place(float(lon), float(lat))
    except ValueError:
        return ""
    return gate.hub().tools.atlas.locate([spot], [""])[0].code


def _rows(at: str, knowledge: Knowledge) -> list[dict[str, Any]]:
    return [
        {
            **row,
            "place_name": naming.place_name(row["place"], knowledge),
            "category_name": naming.category_name(row["category"], knowledge).rpartition(" / ")[2],
            "age": naming.ago(row["since"]),
        }
        for row in nearby.matters(knowledge.scheme.span(at))
    ]


def _by(sort: str) -> Any:
    keys = {"place": lambda row: (row["place"], -row["n"]), "count": lambda row: -row["n"]}
    return keys.get(sort, lambda row: row["since"])


def _spots(rows: list[dict[str, Any]], centres: dict[str, tuple[float, float]]) -> list[dict[str, Any]]:
    """One mark for each community: how many, and where its rows begin."""
    found: dict[str, dict[str, Any]] = {}
    for row in rows:
        if row["place"] in centres:
            spot = found.setdefault(
                row["place"], {"name": row["place_name"], "at": centres[row["place"]], "n": 0, "id": f"r{row['place']}"}
            )
            spot["n"] += row["n"]
    return list(found.values())


def _streets(under: str, knowledge: Knowledge) -> list[dict[str, str]]:
    """Divisions to choose from: districts, then the streets of one."""
    at = choosing.forked(under if under in knowledge.names else knowledge.city, Level.STREET, knowledge)
    way = "place" if int(knowledge.scheme.level(at)) + 1 == int(Level.STREET) else "under"
    return [
        {"name": naming.place_name(code, knowledge), "url": f"{URLS['nearby']}?{way}={code}"}
        for code in choosing.below(at, knowledge)
    ]
