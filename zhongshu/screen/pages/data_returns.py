"""数据回流 what came down to my places and how late, what was missed, what only goes up or in, each with its list."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from zhongshu.data.returning import flows as rows
from zhongshu.data.returning.rates import Broken, Due, Rate
from zhongshu.data.sharing import rules
from zhongshu.hub.resources import returns
from zhongshu.hub.resources.returns import Picture
from zhongshu.kernel.clocks import CITY_TIME
from zhongshu.kernel.desk import Knowledge
from zhongshu.screen import gate, naming, resources, sharing
from zhongshu.screen.pages.account import signed_in, viewer

LISTS = ("came", "missed", "broken", "up_only", "in_only", "units", "places")
MOST = 60
"""Lines of one list on the page; the API gives all."""


@dataclass(frozen=True, slots=True)
class Words:
    """What a row of this page needs to be told: the picture, names of data sets, the pack."""

    seen: Picture
    names: Mapping[str, str]
    knowledge: Knowledge

    def flow(self, code: str) -> dict[str, str]:
        one = self.seen.flows[code]
        english = naming.english() and one.name_en
        return {
            "flow": code,
            "flow_name": one.name_en if english else one.name,
            "unit_name": naming.unit_name(one.unit, self.knowledge),
            "how": str(sharing.FORMS.get(one.how, one.how)),
            "dataset_name": self.names.get(one.dataset, one.dataset),
        }

    def place(self, code: str) -> str:
        return naming.place_name(code, self.knowledge)


@signed_in()
def listing(request: HttpRequest) -> HttpResponse:
    """The numbers of this viewer's area; `list` opens one of LISTS."""
    who, knowledge, now = viewer(request), gate.hub().tools.knowledge, gate.hub().clock()
    seen = returns.picture(who, knowledge, now)
    words = Words(seen, {code: naming.called(one) for code, one in rules.catalogued().items()}, knowledge)
    wanted = request.GET.get("list", "came")
    wanted = wanted if wanted in LISTS else "came"
    month = now.astimezone(CITY_TIME).replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    came = rows.came_count(who, month, now)
    pair = request.GET.get("pair", "")[:130]
    made = {
        "came": lambda: [_came(one, words) for one in rows.came(who, month, now, MOST)],
        "missed": lambda: [_missed(one, words, now) for one in seen.missed(now)[:MOST]],
        "broken": lambda: [_broken(one, words) for one in seen.stopped],
        "up_only": lambda: _up_only(words),
        "in_only": lambda: [_in_only(unit, sets, words) for unit, sets in seen.in_only.items()],
        "units": lambda: _rates(seen.by_unit, lambda code: naming.unit_name(code, knowledge)),
        "places": lambda: _rates(seen.by_place, words.place)[:MOST],
    }
    context = {
        "tabs": resources.tabs("returns"),
        "numbers": _numbers(seen, came, now, wanted),
        "list": wanted,
        "came": came,
        "rows": made[wanted](),
        "asks": _asks(words) if who.roles else [],
        "takes": [words.flow(code) for code, one in seen.flows.items() if one.direction == "down"],
        "since": seen.since,
        "act_url": "/data/begin",
        "pair": pair,
        "counts": _block(request, words, *pair.split("|")) if pair.count("|") == 1 else None,
        "items": _items(words),
    }
    return render(request, "data/returns.html", context)


def _numbers(seen: Picture, came: int, now: datetime, here: str) -> list[dict[str, Any]]:
    reported = sum(one.reported for one in seen.by_unit.values())
    returned = sum(one.returned for one in seen.by_unit.values())
    told: list[tuple[str, Any, Any, str]] = [
        ("came", _("本月回流"), came, ""),
        ("units", _("回流率"), f"{returned / reported:.0%}" if reported else "—", f"{returned:,} / {reported:,}"),
        ("missed", _("应回未回或迟回"), len(seen.missed(now)), f"/ {sum(one.due < now for one in seen.owed):,}"),
        ("broken", _("断流"), len(seen.stopped), ""),
        ("up_only", _("只上不下的信息项"), len(seen.up_only), ""),
        ("in_only", _("只进不出的单位"), len(seen.in_only), ""),
    ]
    return [
        {"label": label, "value": value, "url": f"?list={key}#listed", "note": note, "here": key == here}
        for key, label, value, note in told
    ]


def _came(one: Mapping[str, Any], words: Words) -> dict[str, Any]:
    """Question 6: what came down this month, from whom, how late."""
    late = (one["at"] - one["due_at"]).days + 1 if one["due_at"] and one["at"] > one["due_at"] else 0
    told = {
        "place_name": words.place(one["place"]),
        "late": late,
        "how": str(sharing.FORMS.get(one["how"], one["how"])),
    }
    known = words.flow(one["flow"]) if one["flow"] in words.seen.flows else {"flow_name": one["flow"], "unit_name": ""}
    return {**one, **known, **told}


def _missed(one: Due, words: Words, now: datetime) -> dict[str, Any]:
    return {
        **words.flow(one.flow),
        "place_name": words.place(one.place),
        "period": one.period,
        "due_at": one.due,
        "at": one.at,
        "late": ((one.at or now) - one.due).days + 1,
    }


def _broken(one: Broken, words: Words) -> dict[str, Any]:
    told = {"place_name": words.place(one.place), "since": one.since, "missed": one.missed, "due": one.due}
    return {**words.flow(one.flow), **told, "chance": "< 0.0001" if one.p < 1e-4 else f"{one.p:.4f}"}


def _up_only(words: Words) -> list[dict[str, Any]]:
    found = sorted(words.seen.up_only.items(), key=lambda pair: (-len(pair[1]), pair[0]))
    return [{**words.flow(code), "item": item, "places": len(places)} for (code, item), places in found]


def _in_only(unit: str, sets: list[str], words: Words) -> dict[str, Any]:
    flows = [code for code, one in words.seen.flows.items() if one.unit == unit and one.direction == "up"]
    return {
        "unit_name": naming.unit_name(unit, words.knowledge),
        "sets": [words.names.get(one, one) for one in sets],
        "flows": [words.flow(code) for code in flows],
    }


def _rates(found: Mapping[str, Rate], name: Any) -> list[dict[str, Any]]:
    held = [
        {"name": name(code), "reported": one.reported, "returned": one.returned, "share": one.share}
        for code, one in found.items()
    ]
    return sorted(held, key=lambda one: (one["share"], -one["reported"]))


def _asks(words: Words) -> list[dict[str, Any]]:
    """One dialog for each flow of which something is missing: what stopped, what only goes up."""
    wanted = {one.flow for one in words.seen.stopped} | {code for code, _item in words.seen.up_only}
    wanted |= {one.flow for one in words.seen.owed if one.at is None}
    return [
        {**resources.asking("return", f"flow:{code}"), "key": f"return-{code}", **words.flow(code)}
        for code in sorted(wanted)
    ]


def _items(words: Words) -> list[tuple[str, str]]:
    """(flow|item, name) of what may be looked at as counts."""
    return [
        (f"{code}|{item}", f"{words.flow(code)['dataset_name']} · {item}")
        for code, one in words.seen.flows.items()
        if one.direction == "down"
        for item in one.items
    ]


def _block(request: HttpRequest, words: Words, flow: str, item: str) -> dict[str, Any]:
    """统计块 of one item, small cells kept back."""
    places, values, found = returns.block(gate.hub().desk, viewer(request), flow, item)
    cells = [
        {
            "place": words.place(place),
            "counts": [int(n) if shown else None for n, shown in zip(found.counts[i], found.shown[i], strict=True)],
            "total": int(found.counts[i].sum()) if found.rows_told[i] else None,
        }
        for i, place in enumerate(places)
    ]
    totals = [int(n) if told else None for n, told in zip(found.counts.sum(0), found.columns_told, strict=True)]
    return {"item": item, "values": values, "rows": cells, "totals": totals, "k": found.k}
