"""数据源与标准 how data come in, and whether what comes is as the standards say: runs, rejects, islands, checks."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from zhongshu.data.catalogue import counting, entries, sources, standards
from zhongshu.hub.resources import conformance, gathering
from zhongshu.hub.resources.moves import of_bureau
from zhongshu.kernel.access import Viewer
from zhongshu.kernel.errors import BadInput, IllegalMove, NotFound
from zhongshu.kernel.lifecycle import Role
from zhongshu.kernel.settings import load
from zhongshu.screen import gate, naming, resources, shelves
from zhongshu.screen.frame import URLS
from zhongshu.screen.pages.account import signed_in, viewer
from zhongshu.screen.story import moment, sentence

LARGEST = 64 * 1024 * 1024
"""Bytes of a feed that is checked in the browser; larger ones by the command."""
WORKING = (Role.HANDLER, Role.CHIEF, Role.ARBITER)


@signed_in()
def listing(request: HttpRequest) -> HttpResponse:
    """管道健康: every source with its last run and its next, and the systems that are islands."""
    who, hub = viewer(request), gate.hub()
    knowledge, every, latest = hub.tools.knowledge, entries.every(), sources.latest()
    systems = sources.systems()
    islands = sources.islands(systems, every, counting.held())
    context = {
        "tabs": resources.tabs("sources"),
        "rows": [_row(one, latest.get(one.source), every, who) for one in sources.every().values()],
        "systems": [
            {
                "name": (naming.english() and one.name_en) or one.name,
                "owner": naming.unit_name(one.owner, knowledge),
                "writes": [(name, shelves.name_of(every[name])) for name in one.writes if name in every],
                "reads": [(name, shelves.name_of(every[name])) for name in one.reads if name in every],
                "island": one in islands,
            }
            for one in systems
        ],
        "islands": len(islands),
    }
    return render(request, "data/sources.html", context)


def _row(
    one: sources.Source, last: dict[str, Any] | None, every: dict[str, entries.Dataset], who: Viewer
) -> dict[str, Any]:
    entry = every.get(one.dataset)
    after = last["at"] if last else gate.hub().clock()
    return {
        "source": one,
        "dataset_name": shelves.name_of(entry) if entry else one.dataset,
        "last": last,
        "next": sources.next_run(one.schedule, after),
        "may": _may(who, one.dataset),
    }


def _may(who: Viewer, dataset: str) -> bool:
    """Whether this post works for the platform, or for the unit that provides the data set."""
    entry = entries.every().get(dataset)
    mine = entry is not None and who.unit == entry.provider
    return bool(who.roles & set(WORKING)) and (mine or of_bureau(who, gate.hub().tools.knowledge))


def allow(who: Viewer, dataset: str) -> None:
    if not _may(who, dataset):
        raise IllegalMove("this is for the provider and the data bureau / 只能由提供单位或数据管理部门执行")


@signed_in()
def show(request: HttpRequest, source: str) -> HttpResponse:
    """One source: every run with its counts, the sentence of a failure, and the file of bad rows."""
    who, one = viewer(request), sources.one(source)
    context = {
        "tabs": resources.tabs("sources"),
        "one": one,
        "runs": sources.runs(source),
        "may": _may(who, one.dataset),
        "entry": entries.every().get(one.dataset),
        "gather_url": f"{URLS['data']}/sources/{source}/gather",
    }
    return render(request, "data/source.html", context)


@signed_in()
@require_POST
def gather(request: HttpRequest, source: str) -> HttpResponse:
    """现在归集: one run, asked for by a person."""
    allow(viewer(request), sources.one(source).dataset)
    fact = gathering.gather(gate.hub().desk, source, load().home_path)
    p = fact.payload
    if p["sentence"]:
        messages.warning(request, p["sentence"])
    else:
        said = _("新增 {added} 行，变化 {changed} 行，退回 {rejected} 行")
        messages.success(request, said.format(added=p["added"], changed=p["changed"], rejected=p["rejected"]))
    return redirect(f"{URLS['data']}/sources/{source}")


@signed_in()
def rejects(request: HttpRequest, run: int) -> HttpResponse:
    """退回文件 of one run, for the provider and the data bureau."""
    found = sources.run(run)
    if found is None or not found["rejects"]:
        raise NotFound(f"run {run} gave no file back / 这次归集没有退回文件")
    allow(viewer(request), found["dataset"])
    return _file(load().home_path / gathering.REJECTS / found["rejects"])


def _file(path: Path) -> HttpResponse:
    if not path.is_file():
        raise NotFound("the file is no longer kept / 文件已不在")
    told = {"Content-Disposition": f'attachment; filename="{path.name}"'}
    return HttpResponse(path.read_bytes(), content_type="text/csv; charset=utf-8", headers=told)


@signed_in()
def standard_list(request: HttpRequest) -> HttpResponse:
    """标准: each with its number, whether it is in force, what it demands of how many data sets; feeds checked last."""
    knowledge, lives = gate.hub().tools.knowledge, standards.lives()
    rows = []
    for one in standards.every().values():
        rules = standards.rules(one.standard)
        told = {"sets": len(rules), "rules": sum(map(len, rules.values()))}
        rows.append({**_standard(one, lives.get(one.standard)), **told})
    context = {
        "tabs": resources.tabs("standards"),
        "rows": rows,
        "checks": [_check(one, knowledge) for one in standards.checks()],
    }
    return render(request, "data/standards.html", context)


def _standard(one: standards.Standard, life: dict[str, Any] | None) -> dict[str, Any]:
    knowledge = gate.hub().tools.knowledge
    state = dict(resources.states("standard")).get(life["state"], "") if life else _("已载入，未经审议")
    return {
        "one": one,
        "name": (naming.english() and one.name_en) or one.name,
        "scope_name": shelves.SCOPES[one.scope],
        "issuer_name": naming.unit_name(one.issuer, knowledge),
        "life": life,
        "state_name": state,
        "tone": "ok" if life and life["state"] == "effective" else "" if life else "warn",
    }


def _check(one: dict[str, Any], knowledge: Any) -> dict[str, Any]:
    entry = entries.every().get(one["dataset"])
    return {
        **one,
        "dataset_name": shelves.name_of(entry) if entry else one["dataset"],
        "unit_name": naming.unit_name(one["unit"], knowledge),
        "place_name": naming.place_name(one["place"], knowledge),
        "at": moment(one["at"]),
    }


@signed_in()
def standard(request: HttpRequest, standard: str) -> HttpResponse:
    return _standard_page(request, standard)


def _standard_page(request: HttpRequest, standard: str, refused: Exception | None = None) -> HttpResponse:
    who, one = viewer(request), standards.one(standard)
    every = entries.every()
    rules = standards.rules(standard)
    context = {
        "tabs": resources.tabs("standards"),
        **_standard(one, standards.lives().get(standard)),
        "sets": [
            {
                "dataset": name,
                "name": shelves.name_of(every[name]) if name in every else name,
                "rules": [(rule, shelves.DEMANDS[rule.demand]) for rule in held],
            }
            for name, held in rules.items()
        ],
        "checks": [_check(found, gate.hub().tools.knowledge) for found in standards.checks(standard=standard)],
        "may": bool(who.roles & set(WORKING)),
        "check_url": f"{URLS['data']}/standards/{standard}/check",
        "begin_url": f"{URLS['data']}/begin",
        "button": shelves.draft(who, f"standard:{standard}"),
        "errors": {"feed": sentence(refused)} if refused else {},
    }
    return render(request, "data/standard.html", context, status=422 if refused else 200)


@signed_in(*WORKING)
@require_POST
def check(request: HttpRequest, standard: str) -> HttpResponse:
    """符合性检查: a feed from the browser against this standard; the result is kept, the feed is not."""
    feed, dataset = request.FILES.get("feed"), request.POST.get("dataset", "")
    try:
        if feed is None or not feed.name or (feed.size or 0) > LARGEST:
            raise BadInput("feed: expected a file of at most 64 MB / 请选择不超过 64 MB 的文件")
        with tempfile.TemporaryDirectory() as kept:
            path = Path(kept) / Path(feed.name).name
            path.write_bytes(feed.read())
            given = conformance.Delivered(path, dataset, viewer(request).unit)
            fact, _result = conformance.check(gate.hub().desk, viewer(request), standard, given, load().home_path)
    except (BadInput, NotFound) as error:
        return _standard_page(request, standard, error)
    return redirect(f"{URLS['data']}/checks/{fact.id}")


@signed_in()
def checked(request: HttpRequest, check: int) -> HttpResponse:
    """One check: what failed, clause by clause, and the report with line, field, found, expected."""
    found = standards.checked(check)
    if found is None:
        raise NotFound(f"there is no check {check} / 没有这次检查")
    context = {
        "tabs": resources.tabs("standards"),
        "one": _check(found, gate.hub().tools.knowledge),
        "standard": standards.every().get(found["standard"]),
        "findings": [{**each, "demand_name": shelves.DEMANDS[each["demand"]]} for each in found["findings"]],
        "may": _may_read(viewer(request), found),
    }
    return render(request, "data/check.html", context)


def _may_read(who: Viewer, found: dict[str, Any]) -> bool:
    return found["unit"] == who.unit or found["by"] == who.user or _may(who, found["dataset"])


@signed_in()
def report(request: HttpRequest, check: int) -> HttpResponse:
    """报告 of a check, which holds values of rows: for whoever delivered, asked for it, or runs the platform."""
    found = standards.checked(check)
    if found is None or not _may_read(viewer(request), found):
        raise NotFound(f"there is no report {check} here / 没有这份报告，或不在您的范围内")
    return _file(load().home_path / conformance.REPORTS / found["report"])
