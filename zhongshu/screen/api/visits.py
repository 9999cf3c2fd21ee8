"""抽样核实接口 the API of samples that people hold against what is there: listing, drawing, confirming a row."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any

from django.http import HttpRequest
from ninja import Path, Query, Router, Schema, Status
from pydantic import Field

from zhongshu.data.quality import sampling, visits
from zhongshu.hub.resources import visits as work
from zhongshu.kernel.errors import NotFound
from zhongshu.screen import gate
from zhongshu.screen.api import schemas
from zhongshu.screen.api.reports import PROBLEMS
from zhongshu.screen.api.staff import Session, Token, viewer_of

router = Router(auth=[Token(), Session()])
Number = Path[Annotated[int, Field(ge=1, le=schemas.BIG)]]
Line = Path[Annotated[int, Field(ge=0, le=work.MOST)]]
Code = Annotated[str, Field(min_length=1, max_length=64)]


class SampleOut(Schema):
    """抽样: `size` rows of `of`; of those within the caller's place how many are confirmed, and as what.

    `share` right of those confirmed, between `low` and `high` at a confidence of 95 %.
    """

    id: int
    dataset: str
    items: list[str]
    size: int
    of: int
    seed: int
    until: str | None
    unit: str
    at: str
    rows: int
    done: int
    right: int
    wrong: int
    gone: int
    unreached: int
    share: float | None
    low: float | None
    high: float | None


class RowOut(Schema):
    """样本行: `verdict` "" while it is open; `corrections` are proceedings that followed. No value is here."""

    id: str
    key: str
    place: str
    verdict: str
    wrong: list[str]
    note: str
    unit: str
    at: str | None
    corrections: list[int]


class RowsOut(Schema):
    """At most 50; give `next` as `after` for the page after."""

    rows: list[RowOut]
    next: str | None


class SamplesIn(Schema):
    dataset: str = Field("", max_length=64)


class RowsIn(Schema):
    verdict: str = Field("", max_length=16)
    after: str = Field("", max_length=80)


class DrawIn(Schema):
    dataset: Code
    items: list[Code] = Field(min_length=1, max_length=50)
    size: int = Field(ge=work.LEAST, le=work.MOST)
    until: date | None = None


class ConfirmIn(Schema):
    """核实结论: `verdict` right | wrong | gone | unreached; `wrong` items; a `note` unless it is right."""

    verdict: str = Field(max_length=16)
    wrong: list[Code] = Field(default_factory=list, max_length=50)
    note: str = Field("", max_length=work.LONGEST)


def _out(one: dict[str, Any]) -> dict[str, Any]:
    counted = one["right"] + one["wrong"] + one["gone"]
    low, high = sampling.interval(one["right"], counted) or (None, None)
    return {**one, "share": one["right"] / counted if counted else None, "low": low, "high": high}


@router.get("", response={200: list[SampleOut], **PROBLEMS}, operation_id="samples")
def samples(request: HttpRequest, asked: Query[SamplesIn]) -> Any:
    """抽样清单: samples with rows within the caller's place, newest first."""
    return Status(200, [_out(one) for one in visits.listed(viewer_of(request), asked.dataset)])


@router.post("", response={200: SampleOut, **PROBLEMS}, operation_id="draw_sample")
def draw_sample(request: HttpRequest, wish: DrawIn) -> Any:
    """抽样: for the data bureau."""
    who = viewer_of(request)
    fact = work.draw(gate.hub().desk, who, work.Wish(wish.dataset, wish.items, wish.size, wish.until))
    return Status(200, _one(who, fact.subject))


def _one(who: Any, number: int) -> dict[str, Any]:
    found = visits.one(who, number)
    if found is None:
        raise NotFound(f"there is no sample {number} here / 没有这次抽样")
    return _out(found)


@router.get("/{number}", response={200: SampleOut, **PROBLEMS}, operation_id="sample")
def sample(request: HttpRequest, number: Number) -> Any:
    """一次抽样."""
    return Status(200, _one(viewer_of(request), number))


@router.get("/{number}/rows", response={200: RowsOut, **PROBLEMS}, operation_id="sample_rows")
def sample_rows(request: HttpRequest, number: Number, asked: Query[RowsIn]) -> Any:
    """样本行: those within the caller's place, by place; `verdict` may be "open"."""
    place, _bar, behind = asked.after.partition("~")
    found = visits.rows(viewer_of(request), number, asked.verdict, (place, behind))
    following = f"{found[-1]['place']}~{found[-1]['id']}" if len(found) == visits.SIZE else None
    return Status(200, {"rows": found, "next": following})


@router.post("/{number}/rows/{line}", response={200: RowOut, **PROBLEMS}, operation_id="confirm_row")
def confirm_row(request: HttpRequest, number: Number, line: Line, said: ConfirmIn) -> Any:
    """核实一行: by anybody in a post who does not work for its provider."""
    who, code = viewer_of(request), f"{number}:{line}"
    work.confirm(gate.hub().desk, who, code, work.Said(said.verdict, said.wrong, said.note))
    return Status(200, visits.row(who, code))
