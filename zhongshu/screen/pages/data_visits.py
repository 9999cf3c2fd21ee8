"""抽样核实页 samples of a data set, how far they are confirmed; one row as its source has it, and what is so."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from zhongshu.data.catalogue import entries
from zhongshu.data.quality import sampling, visits
from zhongshu.hub.resources import visits as work
from zhongshu.kernel.access import Viewer
from zhongshu.kernel.errors import BadInput, IllegalMove, NotFound
from zhongshu.screen import gate, naming, quality, resources
from zhongshu.screen.middleware import STATUS
from zhongshu.screen.pages.account import signed_in, viewer
from zhongshu.screen.queries import whole
from zhongshu.screen.story import moment, sentence

ADDRESS = quality.VISITS


@signed_in()
def listing(request: HttpRequest) -> HttpResponse:
    return _list(request, None)


def _list(request: HttpRequest, refused: Exception | None) -> HttpResponse:
    """Samples with rows within the viewer's place, the newest first; of one data set when asked."""
    who, hub = viewer(request), gate.hub()
    asked = request.GET.get("dataset", "")
    known = entries.every()
    told = [_sample(one, known) for one in visits.listed(who, asked) if one["dataset"] in known]
    chosen = known.get(asked)
    context = {
        "tabs": resources.tabs("visits"),
        "rows": told,
        "dataset": asked,
        "datasets": sorted(((one.dataset, quality.dataset_name(one)) for one in known.values()), key=lambda o: o[1]),
        "may_draw": work.may_draw(who, hub.desk()),
        "items": [(one.item, naming.called(one)) for one in chosen.items if not one.key] if chosen else [],
        "least": work.LEAST,
        "most": work.MOST,
        "errors": {"": sentence(refused)} if refused else {},
    }
    status = STATUS[type(refused)] if isinstance(refused, BadInput | IllegalMove | NotFound) else 200
    return render(request, "data/visits.html", context, status=status)


def _sample(one: Mapping[str, Any], known: Mapping[str, entries.Dataset]) -> dict[str, Any]:
    """A sample as lists show it: the share that was right, with the bounds that it says of all rows."""
    found = known[one["dataset"]]
    counted = one["right"] + one["wrong"] + one["gone"]
    bounds = sampling.interval(one["right"], counted)
    names = {item.item: naming.called(item) for item in found.items}
    return {
        **one,
        "url": f"{ADDRESS}/{one['id']}",
        "name": quality.dataset_name(found),
        "unit_name": naming.unit_name(one["unit"], gate.hub().tools.knowledge),
        "item_names": [names.get(item, item) for item in one["items"]],
        "at": moment(one["at"]),
        "open": one["rows"] - one["done"],
        "share": quality.percent(one["right"] / counted) if counted else "",
        "low": quality.percent(bounds[0]) if bounds else "",
        "high": quality.percent(bounds[1]) if bounds else "",
        "whole": one["rows"] == one["size"],
    }


@signed_in()
@require_POST
def draw(request: HttpRequest) -> HttpResponse:
    """The data bureau draws a sample."""
    post = request.POST
    try:
        until = date.fromisoformat(post["until"]) if post.get("until") else None
        size = whole(post.get("size", "")) or 0
        wish = work.Wish(post.get("dataset", ""), tuple(post.getlist("items")), size, until)
        fact = work.draw(gate.hub().desk, viewer(request), wish)
    except ValueError:
        return _list(request, BadInput("until: expected a date / 截止日期应为日期"))
    except (BadInput, IllegalMove, NotFound) as error:
        return _list(request, error)
    return redirect(f"{ADDRESS}/{fact.subject}")


def _one(who: Viewer, visit: int) -> dict[str, Any]:
    found = visits.one(who, visit)
    known = entries.every()
    if found is None or found["dataset"] not in known:
        raise NotFound(f"there is no sample {visit} here / 没有这次抽样，或没有您范围内的行")
    return _sample(found, known)


@signed_in()
def show(request: HttpRequest, visit: int) -> HttpResponse:
    """The rows of a sample within the viewer's place, by place, open ones first asked; no values."""
    who, knowledge = viewer(request), gate.hub().tools.knowledge
    one = _one(who, visit)
    verdict = request.GET.get("verdict", "")
    place, _bar, behind = request.GET.get("after", "").partition("~")
    listed = visits.rows(who, visit, verdict if verdict in (*visits.VERDICTS, "open") else "", (place, behind))
    names = {item.item: naming.called(item) for item in entries.one(one["dataset"]).items}
    context = {
        "tabs": resources.tabs("visits"),
        "one": one,
        "verdict": verdict,
        "verdicts": [("", _("全部"), one["rows"]), ("open", _("待核实"), one["open"])]
        + [(code, label, one[code]) for code, (label, _tone) in quality.VERDICTS.items()],
        "rows": [_row(row, knowledge, names) for row in listed],
        "may": work.may_confirm(who, entries.one(one["dataset"])),
        "next": f"{listed[-1]['place']}~{listed[-1]['id']}" if len(listed) == visits.SIZE else None,
    }
    return render(request, "data/visit.html", context)


def _row(row: Mapping[str, Any], knowledge: Any, names: Mapping[str, str]) -> dict[str, Any]:
    label, tone = quality.VERDICTS.get(row["verdict"], (_("待核实"), "info"))
    return {
        **row,
        "number": row["id"].partition(":")[2],
        "place_name": quality.where(row["place"], knowledge),
        "verdict_name": label,
        "tone": tone,
        "wrong_names": [names.get(item, item) for item in row["wrong"]],
        "unit_name": naming.unit_name(row["unit"], knowledge) if row["unit"] else "",
        "at": moment(row["at"]),
    }


@signed_in()
def row(request: HttpRequest, visit: int, number: int) -> HttpResponse:
    return _form(request, visit, number, None)


def _form(request: HttpRequest, visit: int, number: int, refused: Exception | None) -> HttpResponse:
    """One row with what its source says, to be held against what is there; or what was found of it."""
    who, knowledge = viewer(request), gate.hub().tools.knowledge
    shown = work.show(who, f"{visit}:{number}")
    names = {item.item: naming.called(item) for item in shown.dataset.items}
    context = {
        "tabs": resources.tabs("visits"),
        "one": _one(who, visit),
        "row": _row(shown.row, knowledge, names),
        "keys": [(names[item], shown.values[item]) for item in shown.dataset.keys],
        "values": [(item, names[item], shown.values[item]) for item in shown.visit["items"]],
        "verdicts": [(code, label) for code, (label, _tone) in quality.VERDICTS.items()],
        "chosen": request.POST.get("verdict", ""),
        "wrong": request.POST.getlist("wrong"),
        "note": request.POST.get("note", ""),
        "errors": {"": sentence(refused)} if refused else {},
    }
    status = STATUS[type(refused)] if isinstance(refused, BadInput | IllegalMove) else 200
    return render(request, "data/visit_row.html", context, status=status)


@signed_in()
@require_POST
def confirm(request: HttpRequest, visit: int, number: int) -> HttpResponse:
    """What was found of one row; then the next open one of the sample."""
    who, post = viewer(request), request.POST
    said = work.Said(post.get("verdict", ""), tuple(post.getlist("wrong")), post.get("note", "").strip())
    try:
        fact = work.confirm(gate.hub().desk, who, f"{visit}:{number}", said)
    except (BadInput, IllegalMove) as error:
        return _form(request, visit, number, error)
    begun = len(fact.payload["corrections"])
    messages.success(request, _("已记下，{n} 项已送数源更正").format(n=begun) if begun else _("已记下"))
    left = visits.rows(who, visit, "open")
    return redirect(f"{ADDRESS}/{visit}/{left[0]['id'].partition(':')[2]}" if left else f"{ADDRESS}/{visit}")
