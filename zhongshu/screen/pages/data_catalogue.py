"""数据目录 the catalogue: search, one data set down to its items with a masked sample, gaps by district, lineage."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from zhongshu.data import proceedings
from zhongshu.data.catalogue import counting, entries, lineage, search, sources
from zhongshu.hub.resources import catalogue
from zhongshu.kernel.errors import NotFound
from zhongshu.screen import gate, naming, resources, shelves
from zhongshu.screen.frame import URLS
from zhongshu.screen.pages.account import signed_in, viewer

_FIELDS = ("kind", "provider", "share", "element")


@signed_in()
def listing(request: HttpRequest) -> HttpResponse:
    """Data sets by words, kind, provider, share type and element; `late=1` those behind their cycle."""
    hub, counts = gate.hub(), counting.held()
    knowledge = hub.tools.knowledge
    given = {name: request.GET.get(name, "")[:64] for name in _FIELDS}
    wanted = search.Wanted(words=request.GET.get("q", "")[:200], **given)
    every = entries.every()
    names = {code: naming.unit_name(code, knowledge) for code in knowledge.units}
    found = search.find(every.values(), wanted, names)
    late = request.GET.get("late") == "1"
    rows = [
        {**shelves.row(one.dataset, counts.get(one.dataset.dataset, {}).get(""), hub.clock(), knowledge)}
        | {"named": [naming.called(item) for item in one.dataset.items if item.item in one.items][:6]}
        for one in found
    ]
    context = {
        "tabs": resources.tabs("catalogue"),
        "q": wanted.words,
        "asked": given,
        "late": late,
        "kinds": list(shelves.KINDS.items()),
        "shares": [(code, word) for code, (word, _tone) in shelves.SHARES.items()],
        "providers": sorted({(one.provider, naming.unit_name(one.provider, knowledge)) for one in every.values()}),
        "rows": [row for row in rows if row["late"]] if late else rows,
        "late_count": sum(row["late"] for row in rows),
        "total": len(every),
    }
    return render(request, "data/catalogue.html", context)


def _entry(dataset: str) -> entries.Dataset:
    return entries.one(dataset)


@signed_in()
def show(request: HttpRequest, dataset: str) -> HttpResponse:
    """One data set: its core metadata, items, rows by district, how it comes in, what it is used for, a sample."""
    who, hub, one = viewer(request), gate.hub(), _entry(dataset)
    knowledge = hub.tools.knowledge
    counts = counting.held().get(dataset, {})
    held = [source for source in sources.every().values() if source.dataset == dataset]
    latest = sources.latest()
    sample, known = catalogue.sample(who, one), entries.meanings()
    context = {
        "tabs": resources.tabs("catalogue"),
        "one": one,
        "row": shelves.row(one, counts.get(""), hub.clock(), knowledge),
        "items": [shelves.item(item, known.get(item.element)) for item in one.items],
        "places": [
            (naming.place_name(code, knowledge), counts[code[: counting.LENGTH]])
            for code in catalogue.districts(knowledge)
            if code[: counting.LENGTH] in counts
        ],
        "sources": [(source, latest.get(source.source)) for source in held],
        "related": [(name, shelves.name_of(entry)) for name, entry in entries.every().items() if name in one.related],
        "sample": sample,
        "lineage_url": f"{URLS['data']}/lineage?node=dataset:{dataset}",
        "buttons": [made for made in (f(who, f"dataset:{dataset}") for f in (shelves.ask, shelves.dispute)) if made],
        "disputes": [resources.row(m, knowledge) for m in proceedings.listed(who, subject=f"dataset:{dataset}")[:5]],
        "begin_url": f"{URLS['data']}/begin",
    }
    return render(request, "data/dataset.html", context)


@signed_in()
def gap_matrix(request: HttpRequest) -> HttpResponse:
    """缺口矩阵: each department × district, as many data sets as are fine of those expected."""
    hub, who = gate.hub(), viewer(request)
    knowledge = hub.tools.knowledge
    cells = catalogue.matrix(knowledge, hub.clock())
    districts = [code for code in catalogue.districts(knowledge) if who.span.holds(code)]
    districts = districts or catalogue.districts(knowledge)
    lines = sorted({department for department, _district in cells})
    context = {
        "tabs": resources.tabs("gaps"),
        "heads": [naming.place_name(code, knowledge) for code in districts],
        "rows": [(_line(name), [_cell(cells[name, code]) for code in districts]) for name in lines],
        "fine": sum(cells[name, code].fine for name in lines for code in districts),
        "expected": sum(cells[name, code].expected for name in lines for code in districts),
    }
    return render(request, "data/gaps.html", context)


def _line(kind: str) -> str:
    """A line of work is called as the city's unit of it."""
    knowledge = gate.hub().tools.knowledge
    unit = next((one for one in knowledge.units.values() if one.kind == kind and one.level == 1), None)
    return naming.unit_name(unit.code, knowledge) if unit else kind


def _cell(cell: Any) -> dict[str, Any]:
    word, tone = shelves.LACKS[cell.worst]
    return {
        "fine": cell.fine,
        "expected": cell.expected,
        "word": word,
        "tone": tone,
        "url": f"{URLS['data']}/gaps/{cell.department}/{cell.district}",
    }


@signed_in()
def gap(request: HttpRequest, department: str, district: str) -> HttpResponse:
    """One cell: every data set that is expected, its state here, and the way to ask for what lacks."""
    who, hub = viewer(request), gate.hub()
    knowledge = hub.tools.knowledge
    cell = catalogue.matrix(knowledge, hub.clock()).get((department, district))
    if cell is None:
        raise NotFound(f"there is no cell {department} × {district} / 矩阵中没有这一格")
    rows = []
    for one in cell.lacks:
        word, tone = shelves.LACKS[one.state]
        rows.append(
            {
                **shelves.row(one.dataset, None, hub.clock(), knowledge),
                "rows": one.rows,
                "newest": one.newest,
                "word": word,
                "tone": tone,
                "button": None if one.state == "fine" else shelves.ask(who, f"dataset:{one.dataset.dataset}"),
            }
        )
    context = {
        "tabs": resources.tabs("gaps"),
        "department": _line(department),
        "district": naming.place_name(district, knowledge),
        "rows": rows,
        "begin_url": f"{URLS['data']}/begin",
    }
    return render(request, "data/gap.html", context)


@signed_in()
def trace(request: HttpRequest) -> HttpResponse:
    """血缘: where something comes from and what is made of it; without a node, the figures to begin with."""
    every = lineage.edges(catalogue.ground())
    known = lineage.nodes(every)
    node = request.GET.get("node", "")[:200]
    if node and node not in known:
        raise NotFound(f"there is no node {node!r} / 没有这个血缘节点")
    starts = sorted(end for end in known if end.startswith(("formula:", "page:")))
    called = shelves.names()
    context = {
        "tabs": resources.tabs("lineage"),
        "node": shelves.node(node, called) if node else None,
        "starts": [shelves.node(end, called) for end in starts],
        "back": _ways(every, node, False, called) if node else [],
        "on": _ways(every, node, True, called) if node else [],
    }
    return render(request, "data/lineage.html", context)


def _ways(every: list[lineage.Edge], node: str, forward: bool, called: dict[str, str]) -> list[dict[str, Any]]:
    found = lineage.follow(every, node, forward)
    return [
        {
            "step": step,
            "from": shelves.node(edge.origin, called),
            "to": shelves.node(edge.target, called),
            "how": edge.how,
        }
        for step, edge in found
    ]
