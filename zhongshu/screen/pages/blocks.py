"""块数据 the page of blocks: every count over all departments, by district, street, community or grid."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _

from zhongshu.data.registers import blocks
from zhongshu.kernel.desk import Knowledge
from zhongshu.kernel.places import Level
from zhongshu.screen import gate, naming, resources
from zhongshu.screen import registers as words
from zhongshu.screen.frame import URLS
from zhongshu.screen.pages.account import signed_in, viewer
from zhongshu.screen.queries import whole

CUTS = (("district", _("区")), ("street", _("街镇")), ("community", _("社区")), ("grid", _("网格")))


@signed_in()
def show(request: HttpRequest) -> HttpResponse:
    """`under` a division (its own digits), `by` a level, one `measure` parted into its bands, or all of them."""
    who, knowledge = viewer(request), gate.hub().tools.knowledge
    lengths = knowledge.scheme.lengths
    under = digits(request.GET.get("under", "") or who.place or knowledge.city, knowledge)
    by = request.GET.get("by", "")
    if by not in dict(CUTS):
        by = _below(under, knowledge)
    length = {"district": lengths[1], "street": lengths[2], "community": lengths[3], "grid": blocks.GRID}[by]
    measure = request.GET.get("measure", "")
    measure = measure if measure in blocks.MEASURES else ""
    cells = [one for one in blocks.counts(who, under, length) if not measure or one.measure == measure]
    heads = _heads(cells, measure)
    context = {
        "tabs": resources.tabs("blocks"),
        "cuts": [(code, label, code == by) for code, label in CUTS],
        "by": by,
        "under": under,
        "under_name": words.block_name(under, knowledge),
        "measures": [(code, words.MEASURES[code]) for code in blocks.MEASURES],
        "measure": measure,
        "heads": [label for _key, label in heads],
        "rows": [_row(block, held, heads, knowledge) for block, held in _grouped(cells)],
        "total": [total(cells, key) for key, _label in heads],
        "url": f"{URLS['data']}/blocks",
    }
    return render(request, "data/blocks.html", context)


def digits(code: str, knowledge: Knowledge) -> str:
    scheme = knowledge.scheme
    return code if len(code) != scheme.lengths[-1] else scheme.prefix(code, scheme.level(code))


def _below(under: str, knowledge: Knowledge) -> str:
    lengths = knowledge.scheme.lengths
    if len(under) < lengths[1]:
        return "district"
    return "street" if len(under) < lengths[2] else "community" if len(under) < lengths[Level.COMMUNITY - 1] else "grid"


Key = tuple[str, str]


def _heads(cells: Iterable[blocks.Cell], measure: str) -> list[tuple[Key, str]]:
    """(measure, band) of each column, and its name; without a measure one column for each measure."""
    if not measure:
        return [((name, ""), str(words.MEASURES[name])) for name in blocks.MEASURES if name != "kinds"]
    found = sorted({one.band for one in cells})
    order = [name for name, _low, _high in blocks.AGES]
    found.sort(key=lambda band: order.index(band) if band in order else len(order))
    whole = ((measure, ""), str(words.MEASURES[measure]))
    return [whole, *(((measure, band), words.band(measure, band)) for band in found if band)]


def _grouped(cells: Iterable[blocks.Cell]) -> list[tuple[str, list[blocks.Cell]]]:
    held: dict[str, list[blocks.Cell]] = {}
    for one in cells:
        held.setdefault(one.block, []).append(one)
    return sorted(held.items())


def total(cells: Iterable[blocks.Cell], key: Key) -> int:
    measure, band = key
    return sum(one.count for one in cells if one.measure == measure and band in ("", one.band))


def _row(block: str, cells: list[blocks.Cell], heads: list[tuple[Key, str]], knowledge: Knowledge) -> dict[str, Any]:
    lengths = knowledge.scheme.lengths
    return {
        "name": words.block_name(block, knowledge),
        "code": block,
        "below": f"?{urlencode({'under': block})}" if len(block) <= lengths[-1] else "",
        "cells": [(total(cells, key), list_url(block, key)) for key, _label in heads],
    }


def list_url(block: str, key: Key) -> str:
    """Where the list of one count stands."""
    measure, band = key
    subject = blocks.MEASURES[measure].subject
    if subject:
        asked = {"subject": subject, "under": block, "measure": measure, "band": band}
        return f"{URLS['data']}/registers?{urlencode(asked)}"
    return f"{URLS['data']}/blocks/list?{urlencode({'measure': measure, 'under': block, 'band': band})}"


@signed_in()
def listing(request: HttpRequest) -> HttpResponse:
    """What a count of components or cases was counted from."""
    who, knowledge = viewer(request), gate.hub().tools.knowledge
    given = {name: request.GET.get(name, "").strip() for name in ("measure", "under", "band")}
    found = blocks.listed(who, **given, after=whole(request.GET.get("after", "")) or 0)
    rows = [_listed(one, given["measure"], knowledge) for one in found[: blocks.SIZE]]
    label = [words.block_name(given["under"], knowledge), str(words.MEASURES[given["measure"]])]
    label += [words.band(given["measure"], given["band"])] if given["band"] else []
    context = {
        "tabs": resources.tabs("blocks"),
        "title": " · ".join(label),
        "rows": rows,
        "next": f"?{urlencode({**given, 'after': rows[-1]['id']})}" if len(found) > blocks.SIZE else "",
        "back": f"{URLS['data']}/blocks?{urlencode({'under': given['under'][: knowledge.scheme.lengths[-1]]})}",
    }
    return render(request, "data/block_list.html", context)


def _listed(one: dict[str, Any], measure: str, knowledge: Knowledge) -> dict[str, Any]:
    states = naming.STATES if measure == "cases" else words.CODES
    return {
        **one,
        "category_name": naming.category_name(one["category"], knowledge),
        "place_name": words.block_name(one["place"], knowledge),
        "state_name": states.get(one["state"], one["state"]),
        "url": f"{URLS['case']}{one['id']}" if measure == "cases" else "",
    }
