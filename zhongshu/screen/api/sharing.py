"""共享与回流接口 grades, grants, reading under them, what comes back, uses; beginning and moving are proceedings."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Annotated, Any, Literal

import orjson
from django.http import HttpRequest, StreamingHttpResponse
from ninja import Body, Path, Query, Router, Schema, Status
from pydantic import Field

from zhongshu.data.returning import flows
from zhongshu.data.returning.blocks import Block
from zhongshu.data.sharing import reading, rules
from zhongshu.data.sharing.grading import Verdict
from zhongshu.data.sharing.reading import Asked, Cut
from zhongshu.hub.resources import returns, using
from zhongshu.screen import gate
from zhongshu.screen.api import schemas
from zhongshu.screen.api.reports import PROBLEMS
from zhongshu.screen.api.staff import Session, Token, viewer_of

router = Router(auth=[Token(), Session()])
Grant = Path[Annotated[int, Field(ge=1, le=schemas.BIG)]]
Code = Path[Annotated[str, Field(max_length=64)]]


class Rows(Schema):
    """若干行."""

    rows: list[dict[str, Any]]


class Which(Schema):
    dataset: str = Field("", max_length=64)


class Read(Schema):
    """取数: `purpose` as granted; after (`place`, `after`), or one `key`, or what changed after number `since`."""

    purpose: str = Field("", max_length=500)
    place: str = Field("", max_length=32)
    after: str = Field("", max_length=200)
    key: str = Field("", max_length=200)
    since: int | None = Field(None, ge=0, le=schemas.BIG)
    size: int = Field(200, ge=1, le=reading.MOST)


class ReadOut(Schema):
    """一页: give `next` as `place` and `after` (or `since`) for the page after; None at the end."""

    rows: list[dict[str, Any]]
    next: dict[str, Any] | None


class BlockIn(Schema):
    purpose: str = Field("", max_length=500)
    item: str = Field(max_length=64)


class BlockOut(Schema):
    """统计块: null is kept back: below k, or what would tell it."""

    places: list[str]
    values: list[str]
    counts: list[list[int | None]]
    place_totals: list[int | None]
    value_totals: list[int | None]
    k: int


class FailureIn(Schema):
    dataset: str = Field(max_length=64)
    failure: Literal["quality", "no_basis", "no_skill"]
    words: str = Field("", max_length=500)


class UsesIn(Schema):
    dataset: str = Field("", max_length=64)
    unit: str = Field("", max_length=64)
    grant: int = Field(0, ge=0, le=schemas.BIG)
    purpose: str = Field("", max_length=200)
    diagnosis: Literal["", "cannot", "dare_not", "dont_know"] = ""
    failed: bool | None = None
    cursor: int = Field(schemas.BIG, ge=1, le=schemas.BIG)


class FlowIn(Schema):
    period: date
    places: dict[str, int]


class NotedOut(Schema):
    id: int


def _verdict(one: Verdict) -> dict[str, Any]:
    f = one.field
    return {
        "dataset": f.dataset,
        "item": f.item,
        "provider": f.provider,
        "declared": {"grade": f.grade, "share": f.share, "clause": f.clause, "secret": f.secret},
        "derived": {"grade": one.grade, "share": one.share},
        "finding": one.finding.value,
        "sharing": one.sharing.value,
        "rules": [{"rule": r.rule, "name": r.name, "grade": r.grade, "clause": r.clause} for r in one.reasons],
    }


@router.get("/grades", response={200: Rows, **PROBLEMS}, operation_id="list_grades")
def list_grades(request: HttpRequest, which: Query[Which]) -> Any:
    """分级: every item's declared grade and share type beside those that the rules derive, with the rules."""
    found = [one for one in rules.verdicts().values() if which.dataset in ("", one.field.dataset)]
    return Status(200, {"rows": [_verdict(one) for one in found]})


@router.get("/shared", response={200: Rows, **PROBLEMS}, operation_id="list_grants")
def list_grants(request: HttpRequest, which: Query[Which]) -> Any:
    """授权: grants that the caller may see, those in force first."""
    return Status(200, {"rows": reading.grants(viewer_of(request), dataset=which.dataset)})


def _page(rows: list[dict[str, Any]], cut: Cut) -> dict[str, Any]:
    last = rows[-1] if rows and len(rows) == cut.size else None
    after = {"since": last["seq"]} if last and cut.since is not None else None
    if last and cut.since is None and not cut.key:
        after = {"place": last["place"], "after": last["key"]}
    return {"rows": rows, "next": after}


@router.get("/shared/{grant}", response={200: ReadOut, **PROBLEMS}, operation_id="read_shared")
def read_shared(request: HttpRequest, grant: Grant, asked: Query[Read]) -> Any:
    """用数: one page of a grant, masked by the database and logged by row; another purpose is refused and noted."""
    cut = Cut(asked.place, asked.after, asked.key, asked.since, asked.size)
    form = "person" if asked.key else "push" if asked.since is not None else "table"
    page = using.read(gate.hub().desk, viewer_of(request), Asked(grant, asked.purpose, form), cut)
    return Status(200, _page(page.rows, cut))


@router.get("/shared/{grant}/bulk", response={200: Any, **PROBLEMS}, operation_id="read_shared_bulk")
def read_bulk(request: HttpRequest, grant: Grant, asked: Query[Read]) -> Any:
    """批量: everything of a grant as lines of JSON, page by page; each page is logged before it goes out."""
    pages = using.bulk(gate.hub().desk, viewer_of(request), Asked(grant, asked.purpose))
    first = next(pages, [])

    def lines() -> Iterator[bytes]:
        yield _lines(first)
        for rows in pages:
            yield _lines(rows)

    return StreamingHttpResponse(lines(), content_type="application/x-ndjson")


def _lines(rows: list[dict[str, Any]]) -> bytes:
    return b"".join(orjson.dumps(row["row"], option=orjson.OPT_APPEND_NEWLINE) for row in rows)


def _block(places: list[str], values: list[str], found: Block) -> dict[str, Any]:
    cells = [
        [int(n) if shown else None for n, shown in zip(*line, strict=True)]
        for line in zip(found.counts, found.shown, strict=True)
    ]
    sums = found.counts.sum(1), found.counts.sum(0)
    told = found.rows_told, found.columns_told
    totals = [
        [int(n) if shown else None for n, shown in zip(*pair, strict=True)] for pair in zip(sums, told, strict=True)
    ]
    return {
        "places": places,
        "values": values,
        "counts": cells if places else [],
        "place_totals": totals[0] if places else [],
        "value_totals": totals[1] if places else [],
        "k": found.k,
    }


@router.get("/shared/{grant}/block", response={200: BlockOut, **PROBLEMS}, operation_id="read_shared_block")
def read_block(request: HttpRequest, grant: Grant, asked: Query[BlockIn]) -> Any:
    """统计块: counts of one item by place and value, small ones kept back."""
    asked_for = Asked(grant, asked.purpose, "block")
    return Status(200, _block(*using.block(gate.hub().desk, viewer_of(request), asked_for, asked.item)))


@router.post("/sharing/failures", response={200: NotedOut, **PROBLEMS}, operation_id="tell_failure")
def tell_failure(request: HttpRequest, told: Body[FailureIn]) -> Any:
    """用不成: why a data set is of no use to the caller's unit."""
    fact = using.tell(gate.hub().desk, viewer_of(request), told.dataset, told.failure, told.words)
    return Status(200, {"id": fact.id})


@router.get("/audit", response={200: Rows, **PROBLEMS}, operation_id="list_uses")
def list_uses(request: HttpRequest, asked: Query[UsesIn]) -> Any:
    """审计: uses that the caller may see, newest first, 50 a page; give the last id as `cursor`."""
    given = asked.model_dump(exclude={"cursor"})
    return Status(200, {"rows": reading.uses(viewer_of(request), asked.cursor, **given)})


@router.get("/usage", response={200: Rows, **PROBLEMS}, operation_id="account_uses")
def account_uses(request: HttpRequest, days: Annotated[int, Field(ge=1, le=3660)] = 90) -> Any:
    """计量: pages, rows, bytes and failures by data set and unit."""
    since: datetime = gate.hub().clock() - timedelta(days=days)
    return Status(200, {"rows": reading.account(viewer_of(request), since)})


@router.get("/returns", response={200: dict[str, Any], **PROBLEMS}, operation_id="list_returns")
def list_returns(request: HttpRequest) -> Any:
    """回流: rates by unit and place, what was missed, what stopped, what only goes up or in, of the caller's area."""
    now = gate.hub().clock()
    seen = returns.picture(viewer_of(request), gate.hub().tools.knowledge, now)
    told = {
        "since": seen.since,
        "units": {k: {"reported": v.reported, "returned": v.returned} for k, v in seen.by_unit.items()},
        "places": {k: {"reported": v.reported, "returned": v.returned} for k, v in seen.by_place.items()},
        "missed": [
            {"flow": one.flow, "place": one.place, "period": one.period, "due_at": one.due, "at": one.at}
            for one in seen.missed(now)
        ],
        "broken": [
            {"flow": o.flow, "place": o.place, "since": o.since, "missed": o.missed, "due": o.due, "p": o.p}
            for o in seen.stopped
        ],
        "up_only": [{"flow": f, "item": i, "places": sorted(p)} for (f, i), p in sorted(seen.up_only.items())],
        "in_only": seen.in_only,
    }
    return Status(200, told)


@router.get("/returns/{flow}/rows", response={200: ReadOut, **PROBLEMS}, operation_id="take_return")
def take_return(request: HttpRequest, flow: Code, asked: Query[Read]) -> Any:
    """整表或按人: what a flow gives back to the caller's own area; `key` asks for one person's row."""
    cut = Cut(asked.place, asked.after, asked.key, None, asked.size)
    page = returns.take(gate.hub().desk, viewer_of(request), flow, cut, "person" if asked.key else "table")
    return Status(200, _page(page.rows, cut))


@router.get("/returns/{flow}/changes", response={200: ReadOut, **PROBLEMS}, operation_id="take_changes")
def take_changes(request: HttpRequest, flow: Code, asked: Query[Read]) -> Any:
    """变更推送: what changed in the caller's own area after number `since`; a row that is gone has its key only."""
    cut = Cut(since=asked.since or 0, size=asked.size)
    return Status(200, _page(returns.take(gate.hub().desk, viewer_of(request), flow, cut, "push").rows, cut))


@router.get("/returns/{flow}/block", response={200: BlockOut, **PROBLEMS}, operation_id="take_block")
def take_block(request: HttpRequest, flow: Code, asked: Query[BlockIn]) -> Any:
    """统计块: counts of one item by place and value within the caller's area, small ones kept back."""
    return Status(200, _block(*returns.block(gate.hub().desk, viewer_of(request), flow, asked.item)))


@router.post("/returns/{flow}", response={200: NotedOut, **PROBLEMS}, operation_id="note_flow")
def note_flow(request: HttpRequest, flow: Code, told: Body[FlowIn]) -> Any:
    """登记上报或回流: rows by place of one period."""
    fact = returns.flowed(gate.hub().desk, viewer_of(request), flow, told.period, told.places)
    return Status(200, {"id": fact.subject})


@router.get("/flows", response={200: Rows, **PROBLEMS}, operation_id="list_flows")
def list_flows(request: HttpRequest) -> Any:
    """流向: what units collect from below and give back."""
    told = [
        {"flow": f.code, "name": f.name, "direction": f.direction, "unit": f.unit, "dataset": f.dataset}
        | {"items": list(f.items), "cycle": f.cycle, "how": f.how, "answers": list(f.answers)}
        for f in flows.every().values()
    ]
    return Status(200, {"rows": told})
