"""目录接口 the API of the catalogue: data sets, gaps, sources, standards and checks, lineage, DCAT-AP."""

from __future__ import annotations

import tempfile
from dataclasses import asdict
from datetime import datetime
from pathlib import Path as FilePath
from typing import Annotated, Any, Literal

from django.http import HttpRequest, HttpResponse
from ninja import File, Form, Path, Query, Router, Schema, Status
from ninja.files import UploadedFile
from pydantic import Field

from zhongshu.data import packs
from zhongshu.data.catalogue import counting, dcat, entries, lineage, search, sources, standards
from zhongshu.hub.resources import catalogue, conformance, gathering
from zhongshu.kernel.errors import BadInput, NotFound
from zhongshu.kernel.settings import load
from zhongshu.screen import gate
from zhongshu.screen.api import schemas
from zhongshu.screen.api.reports import PROBLEMS
from zhongshu.screen.api.staff import Session, Token, viewer_of
from zhongshu.screen.pages import data_sources as pages

router = Router(auth=[Token(), Session()])
Name = Path[Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,62}$")]]
Number = Path[Annotated[int, Field(ge=1, le=schemas.BIG)]]


class Wanted(Schema):
    """筛选: words over names and items; kind, provider (unit), share type of any item, element of any item."""

    words: str = Field("", max_length=200)
    kind: Literal["", "basic", "theme", "department"] = ""
    provider: str = Field("", max_length=64)
    share: Literal["", "1", "2", "3"] = ""
    element: str = Field("", max_length=64)


class MeaningOut(Schema):
    """数据元 of an item; `source` is the data set whose word counts."""

    name: str
    definition: str
    codes: str
    subject: str
    source: str
    personal: bool
    sensitive: bool
    mask: str


class ItemOut(Schema):
    """信息项: share 1 unconditional, 2 conditional, 3 not shared."""

    item: str
    name: str
    element: str
    type: str
    key: bool
    share: str
    condition: str
    clause: str
    open: bool
    grade: str
    basis: str
    meaning: MeaningOut | None


class DatasetOut(Schema):
    """数据资源: `rows` null when nothing was gathered; `newest` the newest row by its own date."""

    dataset: str
    number: str
    name: str
    name_en: str
    kind: str
    provider: str
    summary: str
    format: str
    cycle: str
    lead: bool
    secret: str
    retention_days: int
    basis: str
    related: list[str]
    rows: int | None
    newest: datetime | None
    items: list[ItemOut]


class GapOut(Schema):
    """缺口: state is unconnected, empty, late or fine."""

    department: str
    district: str
    dataset: str
    state: str
    rows: int
    newest: datetime | None


class SourceOut(Schema):
    source: str
    system: str
    dataset: str
    kind: str
    mode: str
    schedule: str
    next: datetime
    last: dict[str, Any] | None


class RuleOut(Schema):
    """条款: one demand on items of a data set, or on the feed as a whole when `items` is empty."""

    dataset: str
    rule: str
    items: list[str]
    demand: str
    value: str
    must: bool
    clause: str


class StandardOut(Schema):
    """标准, for machines: what it demands, and the state of its life (empty: loaded, decided by nobody)."""

    standard: str
    number: str
    name: str
    name_en: str
    scope: str
    issuer: str
    replaces: str
    since: datetime
    state: str
    rules: list[RuleOut]


class FindingOut(Schema):
    """差错: line 0 is the feed as a whole."""

    rule: str
    clause: str
    must: bool
    line: int
    field: str
    found: str
    expected: str


class CheckOut(Schema):
    id: int
    rows: int
    passed: bool
    findings: list[FindingOut]


class RunOut(Schema):
    id: int
    ok: bool
    sentence: str
    read: int
    added: int
    changed: int
    same: int
    rejected: int


class EdgeOut(Schema):
    step: int
    origin: str
    target: str
    how: str


class LineageOut(Schema):
    """血缘: edges on the way back from a node and on from it, with their distance."""

    node: str
    back: list[EdgeOut]
    on: list[EdgeOut]


def _told(one: entries.Dataset, counts: dict[str, dict[str, counting.Count]]) -> dict[str, Any]:
    count, known = counts.get(one.dataset, {}).get(""), entries.meanings()
    items = [{**asdict(item), "meaning": known.get(item.element)} for item in one.items]
    more = {"number": one.number, "related": list(one.related), "items": items}
    return {**asdict(one), **more, "rows": count.rows if count else None, "newest": count.newest if count else None}


@router.get("/catalogue", response={200: list[DatasetOut], **PROBLEMS}, operation_id="list_datasets")
def list_datasets(request: HttpRequest, wanted: Query[Wanted]) -> Any:
    """目录: data sets with their items."""
    names = {code: unit.name for code, unit in gate.hub().tools.knowledge.units.items()}
    found = search.find(entries.every().values(), search.Wanted(**wanted.model_dump()), names)
    counts = counting.held()
    return Status(200, [_told(one.dataset, counts) for one in found])


def _export(request: HttpRequest, form: str) -> HttpResponse:
    base = request.build_absolute_uri("/")
    text = catalogue.export(packs.about(), gate.hub().tools.knowledge, base, form)
    return HttpResponse(text, content_type=f"{dcat.FORMATS[form]}; charset=utf-8")


@router.get("/catalogue.ttl", operation_id="catalogue_turtle", response={200: str, **PROBLEMS})
def turtle(request: HttpRequest) -> Any:
    """DCAT-AP 3 as Turtle."""
    return _export(request, "turtle")


@router.get("/catalogue.jsonld", operation_id="catalogue_jsonld", response={200: dict[str, Any], **PROBLEMS})
def json_ld(request: HttpRequest) -> Any:
    """DCAT-AP 3 as JSON-LD."""
    return _export(request, "json-ld")


@router.get("/catalogue/{dataset}", response={200: DatasetOut, **PROBLEMS}, operation_id="one_dataset")
def one_dataset(request: HttpRequest, dataset: Name) -> Any:
    """一个数据资源."""
    return Status(200, _told(entries.one(dataset), counting.held()))


@router.get("/gaps", response={200: list[GapOut], **PROBLEMS}, operation_id="list_gaps")
def list_gaps(request: HttpRequest) -> Any:
    """部门 × 地区缺口: every data set of every department in every district."""
    hub = gate.hub()
    cells = catalogue.matrix(hub.tools.knowledge, hub.clock())
    rows: list[dict[str, Any]] = [
        {"department": department, "district": district, "dataset": one.dataset.dataset}
        | {"state": one.state, "rows": one.rows, "newest": one.newest}
        for (department, district), cell in cells.items()
        for one in cell.lacks
    ]
    return Status(200, rows)


@router.get("/sources", response={200: list[SourceOut], **PROBLEMS}, operation_id="list_sources")
def list_sources(request: HttpRequest) -> Any:
    """数据源 with the last run of each and the next; where they are is not told."""
    latest, now = sources.latest(), gate.hub().clock()
    names = ("source", "system", "dataset", "kind", "mode", "schedule")
    rows = []
    for one in sources.every().values():
        last = latest.get(one.source)
        after = last["at"] if last else now
        told: dict[str, Any] = {name: getattr(one, name) for name in names}
        rows.append({**told, "next": sources.next_run(one.schedule, after), "last": last})
    return Status(200, rows)


@router.post("/sources/{source}/runs", response={200: RunOut, **PROBLEMS}, operation_id="gather_source")
def gather_source(request: HttpRequest, source: Name) -> Any:
    """现在归集: one run of one source; for its provider and the data bureau."""
    pages.allow(viewer_of(request), sources.one(source).dataset)
    fact = gathering.gather(gate.hub().desk, source, load().home_path)
    counts = {name: fact.payload[name] for name in ("sentence", "read", "added", "changed", "same", "rejected")}
    return Status(200, {"id": fact.id, "ok": fact.kind == "Gathered", **counts})


@router.get("/standards", response={200: list[StandardOut], **PROBLEMS}, operation_id="list_standards")
def list_standards(request: HttpRequest) -> Any:
    """标准 with every demand of theirs."""
    lives = standards.lives()
    return Status(200, [_standard(one, lives) for one in standards.every().values()])


def _standard(one: standards.Standard, lives: dict[str, dict[str, Any]]) -> dict[str, Any]:
    rules = [
        {"dataset": dataset, **asdict(rule), "items": list(rule.items)}
        for dataset, held in standards.rules(one.standard).items()
        for rule in held
    ]
    return {**asdict(one), "state": lives.get(one.standard, {}).get("state", ""), "rules": rules}


@router.post("/standards/{standard}/checks", response={200: CheckOut, **PROBLEMS}, operation_id="check_feed")
def check_feed(
    request: HttpRequest, standard: Name, dataset: Form[str], feed: File[UploadedFile], place: Form[str] = ""
) -> Any:
    """符合性检查: a feed against a standard, line by line; the result is kept, the feed is not."""
    if (feed.size or 0) > pages.LARGEST or not feed.name:
        raise BadInput("feed: expected a file of at most 64 MB / 请发送不超过 64 MB 的文件")
    who = viewer_of(request)
    if not who.roles & set(pages.WORKING):
        raise NotFound("there is nothing to check with here / 本岗位不能检查来件")
    with tempfile.TemporaryDirectory() as kept:
        path = FilePath(kept) / FilePath(feed.name).name
        path.write_bytes(feed.read())
        given = conformance.Delivered(path, dataset[:64], who.unit, place[:32])
        fact, result = conformance.check(gate.hub().desk, who, standard, given, load().home_path)
    findings = [asdict(one) for one in result.findings]
    return Status(200, {"id": fact.id, "rows": result.rows, "passed": result.passed, "findings": findings})


@router.get("/checks/{check}", response={200: dict[str, Any], **PROBLEMS}, operation_id="one_check")
def one_check(request: HttpRequest, check: Number) -> Any:
    """一次检查: counts by clause, no value of any row."""
    found = standards.checked(check)
    if found is None:
        raise NotFound(f"there is no check {check} / 没有这次检查")
    return Status(200, found)


@router.get("/lineage", response={200: LineageOut, **PROBLEMS}, operation_id="lineage")
def trace(request: HttpRequest, node: Annotated[str, Field(max_length=200)]) -> Any:
    """血缘 of a node such as formula:solve or dataset:cases, in both directions."""
    every = lineage.edges(catalogue.ground())
    if node not in lineage.nodes(every):
        raise NotFound(f"there is no node {node[:60]!r} / 没有这个血缘节点")
    ways = {
        name: [{"step": step, **asdict(edge)} for step, edge in lineage.follow(every, node, forward)]
        for name, forward in (("back", False), ("on", True))
    }
    return Status(200, {"node": node, **ways})
