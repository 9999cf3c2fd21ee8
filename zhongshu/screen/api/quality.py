"""质量接口 the API of quality: the board, one data set, the rows that failed, checking now."""

from __future__ import annotations

from typing import Annotated, Any

from django.http import HttpRequest
from ninja import Path, Query, Router, Schema, Status
from pydantic import Field

from zhongshu.data.catalogue import entries
from zhongshu.data.quality import kept
from zhongshu.data.quality.standard import DIMENSIONS
from zhongshu.hub.resources import moves
from zhongshu.hub.resources import quality as work
from zhongshu.kernel.errors import IllegalMove, NotFound
from zhongshu.screen import gate
from zhongshu.screen.api import schemas
from zhongshu.screen.api.reports import PROBLEMS
from zhongshu.screen.api.staff import Session, Token, viewer_of

router = Router(auth=[Token(), Session()])
Name = Path[Annotated[str, Field(min_length=1, max_length=64)]]


class QualityRunOut(Schema):
    """一次检查: `shares` by dimension (0 to 1), `total` their rules' weighted mean, `read` whether it could be read."""

    id: int
    dataset: str
    at: str
    rows: int
    seconds: float
    read: bool
    said: str
    shares: dict[str, float]
    total: float | None
    grade: str


class QualityBoardOut(Schema):
    """质量看板: the newest run of each data set that has rules, and which are no authority now."""

    dimensions: dict[str, str]
    runs: list[QualityRunOut]
    suspended: list[str]


class ResultOut(Schema):
    """一条规则: A (`met`) of B (`checked`); `kept` rows are kept as evidence; `said` why it could not be applied."""

    rule: str
    item: str
    indicator: str
    weight: float
    checked: int
    met: int
    kept: int
    said: str


class QualityDatasetOut(Schema):
    runs: list[QualityRunOut]
    results: list[ResultOut]


class FailOut(Schema):
    id: int
    place: str
    key: str
    value: str


class FailsOut(Schema):
    """不合格行: at most 50; give `next` as `after` for the page after."""

    rows: list[FailOut]
    next: int | None


class FailsIn(Schema):
    rule: str = Field(max_length=200)
    run: int = Field(0, ge=0, le=schemas.BIG)
    after: int = Field(0, ge=0, le=schemas.BIG)


@router.get("", response={200: QualityBoardOut, **PROBLEMS}, operation_id="quality_board")
def quality_board(request: HttpRequest) -> Any:
    """质量看板."""
    found = kept.board(viewer_of(request))
    names = {code: english for code, (_name, english) in DIMENSIONS.items()}
    newest = [runs[0] for runs in found.values()]
    return Status(200, {"dimensions": names, "runs": newest, "suspended": sorted(kept.suspended())})


@router.get("/{dataset}", response={200: QualityDatasetOut, **PROBLEMS}, operation_id="quality_of_dataset")
def quality_of_dataset(request: HttpRequest, dataset: Name) -> Any:
    """一个数据资源的历次检查: its last runs, and what each rule of the newest counted."""
    who = viewer_of(request)
    runs = kept.board(who, entries.one(dataset).dataset).get(dataset, [])
    results = list(kept.results(who, runs[0]["id"]).values()) if runs else []
    return Status(200, {"runs": runs, "results": results})


@router.get("/{dataset}/rows", response={200: FailsOut, **PROBLEMS}, operation_id="quality_rows")
def quality_rows(request: HttpRequest, dataset: Name, asked: Query[FailsIn]) -> Any:
    """不合格的行: of one rule in the newest run, or in `run`; those within the caller's place."""
    who = viewer_of(request)
    runs = kept.board(who, entries.one(dataset).dataset).get(dataset, [])
    number = asked.run or (runs[0]["id"] if runs else 0)
    found = kept.fails(who, number, asked.rule, asked.after)
    return Status(200, {"rows": found, "next": found[-1]["id"] if len(found) == kept.SIZE else None})


@router.post("/{dataset}/runs", response={200: QualityRunOut, **PROBLEMS}, operation_id="check_quality")
def check_quality(request: HttpRequest, dataset: Name) -> Any:
    """立即检查: for the data bureau."""
    hub, who = gate.hub(), viewer_of(request)
    if not moves.of_bureau(who, hub.tools.knowledge):
        raise IllegalMove("only the data bureau checks at once / 只有数据管理部门可以立即检查")
    run = work.inspect(hub.desk, dataset).run
    found = kept.run(who, run["id"])
    if found is None:
        raise NotFound(f"there is no run {run['id']} / 没有这次检查")
    return Status(200, found)
