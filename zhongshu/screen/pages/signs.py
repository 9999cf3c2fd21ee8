"""城市生命体征 the pages of the vital signs: all of them, one with its past and its districts, and its alarms."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from zhongshu.data.signs import alarms, book, keeping, reading
from zhongshu.data.signs.book import Sign
from zhongshu.data.signs.reading import Now
from zhongshu.data.signs.states import percentile
from zhongshu.hub import sign_acts
from zhongshu.kernel.access import Viewer
from zhongshu.kernel.desk import Knowledge
from zhongshu.kernel.errors import NotFound
from zhongshu.kernel.places import Level
from zhongshu.screen import drawing, gate, naming
from zhongshu.screen import signs as shown
from zhongshu.screen.frame import URLS
from zhongshu.screen.pages.account import signed_in, viewer
from zhongshu.screen.pages.desk import category_options
from zhongshu.screen.templatetags.screen import amount

TREND = timedelta(days=3)
PERIODS: Mapping[str, tuple[Any, timedelta]] = {
    "3d": (gettext_lazy("近 3 天"), timedelta(days=3)),
    "30d": (gettext_lazy("近 30 天"), timedelta(days=30)),
    "100d": (gettext_lazy("近 100 天"), timedelta(days=100)),
}
CHART = (720, 180)
ALARMS = 12
"""So many alarms are open on the list of signs; the rest is folded below them."""
NARROWING = ("system", "look", "owner", "q")
"""What narrows the list of signs; whatever is found by it is shown unfolded."""


def place_of(request: HttpRequest, who: Viewer, knowledge: Knowledge) -> str:
    """The place that signs are shown of: the one asked for when it is the viewer's and not below a street, or his own.

    A community's people see their street's numbers only in so far as row-level security lets them: their own none.
    """
    asked = request.GET.get("place", "")
    known = asked in knowledge.names and who.span.holds(asked) and knowledge.scheme.level(asked) <= Level.STREET
    return asked if known else who.place or knowledge.city


def places(who: Viewer, knowledge: Knowledge) -> list[tuple[str, str]]:
    """The viewer's place and all below it down to the streets."""
    return [
        (code, name)
        for code, name in naming.named_places(knowledge)
        if who.span.holds(code) and knowledge.scheme.level(code) <= Level.STREET
    ]


@signed_in()
def listing(request: HttpRequest) -> HttpResponse:
    """Every sign of the list, by system; `system`, `look`, `owner` and `q` narrow it."""
    who, knowledge = viewer(request), gate.hub().tools.knowledge
    place, now = place_of(request, who, knowledge), timezone.now()
    held = reading.at(place, who)
    past = reading.trends(who, place, now - TREND)
    every = [shown.row(one, held.get(one.code), now, knowledge) for one in book.signs().values()]
    rows = [{**row, "trend": shown.trend(past.get(row["code"], ()))} for row in _narrowed(every, request.GET)]
    looks = Counter(row["look"] for row in every)
    context = {
        "first": _looking(rows, shown.FIRST),
        "unjudged": _looking(rows, shown.UNJUDGED),
        "groups": [group for code in shown.SYSTEMS if (group := _group(rows, code))["n"]],
        "narrowed": any(request.GET.get(name) for name in NARROWING),
        "found": len(rows),
        "systems": shown.SYSTEMS.items(),
        "looks": [(code, look[0], look[1], look[2], looks[code]) for code, look in shown.LOOKS.items()],
        "owners": sorted({(row["owner"], row["owner"]) for row in every}),
        "filters": request.GET.dict(),
        "place": place,
        "places": places(who, knowledge),
        "place_name": naming.place_name(place, knowledge),
        "computed": sum(row["computed"] for row in every),
        "numbers": len({row["no"] for row in every if row["computed"] and row["no"]}),
        "listed": len({row["no"] for row in every if row["no"]}),
        "alarms": _alarms(alarms.listed(who), knowledge),
        "now": now,
    }
    context["alarms_more"] = max(0, len(context["alarms"]) - ALARMS)
    return render(request, "desk/signs.html", context)


def _looking(rows: Sequence[dict[str, Any]], looks: Sequence[str]) -> list[dict[str, Any]]:
    """Signs of every system that look like one of these, in their order."""
    return sorted((row for row in rows if row["look"] in looks), key=lambda row: looks.index(row["look"]))


def _group(rows: Sequence[dict[str, Any]], system: str) -> dict[str, Any]:
    """A system's calm signs: those with a number, those without a source, and how many of each look."""
    seen = (*shown.FIRST, *shown.UNJUDGED)
    own = [row for row in rows if row["system"] == system and row["look"] not in seen]
    looks = Counter(row["look"] for row in own)
    return {
        "code": system,
        "name": shown.SYSTEMS[system],
        "n": len(own),
        "rows": [row for row in own if row["look"] != "nosource"],
        "missing": [row for row in own if row["look"] == "nosource"],
        "looks": [(*shown.LOOKS[look], looks[look]) for look in shown.LOOKS if looks[look]],
    }


def _narrowed(rows: Sequence[dict[str, Any]], asked: Mapping[str, str]) -> list[dict[str, Any]]:
    wanted = {name: asked.get(name, "") for name in NARROWING[:3]}
    said = asked.get("q", "").strip().lower()
    return [
        row
        for row in rows
        if all(not value or row[name] == value for name, value in wanted.items())
        and (not said or said in f"{row['code']} {row['name']} {row['source']}".lower())
    ]


def _alarms(rows: Sequence[Mapping[str, Any]], knowledge: Knowledge) -> list[dict[str, Any]]:
    signs = book.signs() if rows else {}
    return [_alarm(row, signs.get(row["sign"]), knowledge) for row in rows]


def _alarm(row: Mapping[str, Any], sign: Sign | None, knowledge: Knowledge) -> dict[str, Any]:
    return {
        **row,
        "name": shown.name(sign) if sign else row["sign"],
        "unit": shown.unit(sign) if sign else "",
        "value_text": amount(row["value"]),
        "limit_text": amount(row["limit"]),
        "place_name": naming.place_name(row["place"], knowledge),
        "age": naming.ago(row["at"]),
        "key": str(row["id"]),
        "url": f"{URLS['signs']}/{row['sign']}?place={row['place']}#alarms",
        "case_url": f"{URLS['case']}{row['case']}" if row["case"] else "",
        "act_url": f"{URLS['signs']}/alarms/{row['id']}/act",
        "unit_url": f"{URLS['signs']}/alarms/{row['id']}/unit",
    }


def sign_of(code: str) -> Sign:
    found = book.signs().get(code)
    if found is None:
        raise NotFound(f"there is no sign {code} / 没有这项体征")
    return found


@signed_in()
def show(request: HttpRequest, code: str) -> HttpResponse:
    """One sign: its number and ground, its past, its districts beside each other, and its alarms."""
    who, knowledge = viewer(request), gate.hub().tools.knowledge
    sign, now = sign_of(code), timezone.now()
    place = place_of(request, who, knowledge)
    held = reading.of(code, who)
    here = next((one for one in held if one.place == place), None)
    period = request.GET.get("period", "3d")
    period = period if period in PERIODS else "3d"
    context = {
        "sign": sign,
        "one": shown.row(sign, here, now, knowledge),
        "place": place,
        "place_name": naming.place_name(place, knowledge),
        "places": places(who, knowledge),
        "classes": [naming.category_name(one, knowledge) for one in sign.classes],
        "periods": [(key, word, key == period) for key, (word, _span) in PERIODS.items()],
        "chart": _chart(reading.history(who, code, place, now - PERIODS[period][1]), here),
        "like": _like(sign, place, here, now, who),
        "below": _below(sign, held, place, now, knowledge),
        "alarms": _alarms(alarms.listed(who, code, only_open=False), knowledge),
        "may": bool(sign_acts.ROLES & who.roles),
        "fields": _fields(sign, held, place, knowledge) if sign_acts.ROLES & who.roles else (),
        "objects_url": f"{URLS['signs']}/{code}/objects?place={place}",
    }
    return render(request, "desk/sign.html", context)


def _chart(points: Sequence[tuple[datetime, float | None]], here: Now | None) -> dict[str, Any] | None:
    known = [(at, value) for at, value in points if value is not None]
    if len(known) < 2:
        return None
    limits = (("amber", here.amber), ("red", here.red)) if here else ()
    marks = [(word, value) for word, value in limits if value is not None]
    drawn = drawing.line([value for _at, value in known], CHART, [value for _word, value in marks])
    words = [(word, height) for (word, _value), height in zip(marks, drawn["marks"], strict=True)]
    rows = [(at, amount(value)) for at, value in reversed(known[-200:])]
    text = {"least": amount(drawn["least"]), "most": amount(drawn["most"])}
    return {**drawn, **text, "marks": words, "rows": rows, "first": known[0][0], "last_at": known[-1][0]}


def _like(sign: Sign, place: str, here: Now | None, now: datetime, who: Viewer) -> dict[str, Any] | None:
    """This hour of the week beside its own past, and beside the same days a year ago."""
    values = keeping.like([sign.code], now).get((sign.code, place), [])
    year = [one["value"] for one in reading.last_year(who, sign.code, place, now) if one["value"] is not None]
    if here is None or not (values or year):
        return None
    below = sum(value <= here.value for value in values) if here.value is not None else 0
    return {
        "n": len(values),
        "p50": amount(percentile(values, 50)),
        "p90": amount(percentile(values, 90)),
        "p97": amount(percentile(values, 97)),
        "rank": round(100 * below / len(values)) if values else None,
        "year": amount(percentile(year, 50)) if year else "",
    }


def _below(sign: Sign, held: Sequence[Now], place: str, now: datetime, knowledge: Knowledge) -> list[dict[str, Any]]:
    """The places one level below, or beside where there is none below; the worst first. No colour is averaged."""
    level = knowledge.scheme.level(place)
    span = knowledge.scheme.span(place)
    wanted = [
        one
        for one in held
        if knowledge.scheme.level(one.place) == min(level + 1, Level.STREET)
        and (span.holds(one.place) or level == Level.STREET)
    ]
    up = sign.bar.limit.up if sign.bar else True
    wanted.sort(key=lambda one: (one.value is None, -(one.value or 0) if up else one.value or 0, one.place))
    most = max((abs(one.value) for one in wanted if one.value is not None), default=0)
    return [
        {
            **shown.row(sign, one, now, knowledge),
            "place_name": naming.place_name(one.place, knowledge),
            "share": round(100 * abs(one.value) / most) if one.value is not None and most else 0,
            "here": one.place == place,
        }
        for one in wanted
    ]


def _fields(sign: Sign, held: Sequence[Now], place: str, knowledge: Knowledge) -> list[dict[str, Any]]:
    """What a case of the alarm is asked for: class, place (the street where it is worst), what to say."""
    span = knowledge.scheme.span(place)
    streets = [one for one in held if knowledge.scheme.level(one.place) == Level.STREET and span.holds(one.place)]
    up = sign.bar.limit.up if sign.bar else True
    known = sorted((one for one in streets if one.value is not None), key=lambda one: one.value or 0, reverse=up)
    options = [
        (one.place, f"{naming.place_name(one.place, knowledge)} · {amount(one.value)} {shown.unit(sign)}")
        for one in known
    ]
    options.append((place, naming.place_name(place, knowledge)))
    category = sign.bar.category if sign.bar else ""
    plain = {"required": True, "options": []}
    return [
        {
            "name": "category",
            "label": _("类别"),
            "type": "select",
            "required": True,
            "options": category_options(knowledge),
            "value": category,
        },
        {
            "name": "place",
            "label": _("地点"),
            "type": "select",
            "required": True,
            "options": options,
            "value": options[0][0],
        },
        {
            **plain,
            "name": "text",
            "label": _("情况说明（不填则写明体征、数值与红线）"),
            "type": "textarea",
            "required": False,
        },
    ]


@signed_in(*sign_acts.ROLES)
def receiver(request: HttpRequest, alarm: int) -> HttpResponse:
    """Which unit would be given the case of this alarm, asked while its class and place are chosen."""
    hub, given = gate.hub(), {name: request.GET.get(name, "") for name in ("category", "place")}
    code = sign_acts.unit(hub, viewer(request), alarm, given) if given["category"] else ""
    shown = {"unit_name": naming.unit_name(code, hub.tools.knowledge), "open": not given["category"]}
    return render(request, "parts/receiver.html", shown)


@signed_in()
@require_POST
def act(request: HttpRequest, alarm: int) -> HttpResponse:
    """成案 or 不成案; to the case, or back to where the person came from."""
    hub, who = gate.hub(), viewer(request)
    given = {name: request.POST.get(name, "") for name in ("category", "place", "text", "reason")}
    if request.POST.get("kind") == "file":
        case = sign_acts.file(hub, who, alarm, given)
        messages.success(request, _("已成案，按职责清单派遣"))
        return redirect(f"{URLS['case']}{case}")
    sign_acts.dismiss(hub, who, alarm, given)
    messages.success(request, _("已记为不成案"))
    return redirect(f"{URLS['signs']}?look=red")
