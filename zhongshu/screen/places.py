"""地点候选 the places that words may mean, as pages list them: name, confidence, why; and what choosing one sends."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from zhongshu.hub.judge.address_parts import Address
from zhongshu.kernel.desk import Knowledge
from zhongshu.kernel.errors import BadInput
from zhongshu.kernel.facts import Kind
from zhongshu.kernel.lifecycle import State
from zhongshu.screen import naming

Row = Mapping[str, Any]

CHOSEN = "chosen"
"""The form field that a choice is sent in: "lon,lat,name"."""
ASKED = 3
"""Places that a person is asked to choose from: one question, short enough to read out."""

LOCATED = {
    "point": gettext_lazy("按坐标定位"),
    "text": gettext_lazy("按文字定位"),
    "said": gettext_lazy("来源指明"),
    "around": gettext_lazy("几处可能，取共同的区划"),
}
"""How the place was found, in words."""

_WHY = {
    "name": gettext_lazy("名称相符：{said}"),
    "like": gettext_lazy("名称相近：{said}"),
    "number": gettext_lazy("门牌相符：{said}"),
    "near_number": gettext_lazy("门牌不同，就近：{said}"),
    "division": gettext_lazy("区划相符：{said}"),
    "side": gettext_lazy("方位：{said}"),
}


def listed(places: Iterable[Row], knowledge: Knowledge) -> list[dict[str, Any]]:
    """The candidates of a judgement as rows of a page, the most likely first."""
    return [
        {
            **place,
            "place_name": naming.place_name(place["code"], knowledge),
            "why": [str(_WHY[code]).format(said=words) for code, words in place["why"] if code in _WHY],
            "value": f"{place['lon']},{place['lat']},{place['name']}" if place["lon"] is not None else "",
        }
        for place in places
    ]


_ELEMENTS = {
    "road": gettext_lazy("道路"),
    "number": gettext_lazy("门牌"),
    "crossing": gettext_lazy("相交道路"),
    "estate": gettext_lazy("小区或场所"),
    "building": gettext_lazy("楼栋"),
    "unit": gettext_lazy("单元"),
    "floor": gettext_lazy("楼层"),
    "room": gettext_lazy("房号"),
    "relation": gettext_lazy("方位"),
}


def elements(address: Address) -> list[tuple[Any, str]]:
    """地址要素: (name, words) of what the tagger read, divisions first."""
    divisions = "".join(address.divisions)
    found = [(_("区划"), divisions)] if divisions else []
    return found + [(name, words) for part, name in _ELEMENTS.items() if (words := getattr(address, part))]


def choices(rows: Sequence[Row]) -> list[Row]:
    """Those that a person may be asked about: points, one of each division, the likeliest first."""
    first: dict[str, Row] = {}
    for row in rows:
        if row["value"]:
            first.setdefault(row["code"], row)
    return list(first.values())[:ASKED]


def of(found: Row) -> list[Row]:
    """The candidates of the judgement that a case began with."""
    kinds = (Kind.JUDGED, Kind.UNCLEAR)
    born: Iterable[Row] = (fact["payload"] for fact in found["timeline"] if fact["kind"] in kinds)
    return list(next(iter(born), {}).get("places", ()))


def asks(found: Row) -> bool:
    """Whether the case waits only because nobody knows which of several places is meant."""
    return bool(found["state"] == State.UNDECIDED and (found.get("undecided") or {}).get("why") == "vague")


def chosen(sent: str) -> dict[str, Any]:
    """A choice as it was sent: lon, lat and name; {} when nothing was chosen. BadInput when it is no choice."""
    if not sent:
        return {}
    lon, _comma, rest = sent.partition(",")
    lat, _comma, name = rest.partition(",")
    try:
        return {"lon": float(lon), "lat": float(lat), "name": name[:200]}
    except ValueError:
        raise BadInput(
            f"{CHOSEN}: found {sent[:60]!r}, expected one of the places offered / 请从列出的地点中选择"
        ) from None


def _stray(sent: str) -> BadInput:
    return BadInput(f"{CHOSEN}: found {sent[:60]!r}, expected one of the places offered / 请从列出的地点中选择")


def move(case: Row, offered: Iterable[Row], sent: str) -> dict[str, Any]:
    """What Classified carries when a person chooses one of the case's own candidates. BadInput for any other."""
    known = [place for place in offered if place["lon"] is not None]
    place = next((one for one in known if f"{one['lon']},{one['lat']},{one['name']}" == sent), None)
    if place is None:
        raise _stray(sent)
    reason = _("地点确认：{name}").format(name=place["name"])
    point = {"lon": place["lon"], "lat": place["lat"]}
    return {"category": case["category"], "place": place["code"], "reason": reason, **point}
