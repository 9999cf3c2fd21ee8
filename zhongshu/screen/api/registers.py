"""登记库接口 the API of the registers: lists, a profile, a logged read, pairs and what people say of them, blocks."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any, Literal

from django.http import HttpRequest
from ninja import Body, Path, Query, Router, Schema, Status
from pydantic import Field

from zhongshu.data.registers import blocks, lists, profiles
from zhongshu.data.registers import joining as pairs
from zhongshu.data.registers.pairs import pair_id
from zhongshu.hub.resources import joining
from zhongshu.screen import gate
from zhongshu.screen.api import schemas
from zhongshu.screen.api.reports import PROBLEMS
from zhongshu.screen.api.staff import Session, Token, viewer_of

router = Router(auth=[Token(), Session()])
Name = Literal["person", "house", "organisation"]
Subject = Path[Name]
Number = Path[Annotated[int, Field(ge=1, le=schemas.BIG)]]


class RegisterAsked(Schema):
    """`under` the digits of a division or a grid; `measure` and `band` those of a count whose list is wanted."""

    q: str = Field("", max_length=64)
    under: str = Field("", max_length=15, pattern=r"^\d*$")
    measure: str = Field("", max_length=32)
    band: str = Field("", max_length=16)
    after: int = Field(0, ge=0, le=schemas.BIG)


class RegisterPage(Schema):
    """一页: by id, at most 50, personal columns masked; give `next` as `after` for the page after."""

    rows: list[dict[str, Any]]
    next: int | None


class SayingOut(Schema):
    value: Any
    dataset: str
    as_of: date
    verified: date | None
    rank: int


class ValueOut(Schema):
    """取值: the saying that counts and the others; `differs` when they don't agree."""

    item: str
    best: SayingOut
    others: list[SayingOut]
    differs: bool


class ProfileOut(Schema):
    subject: str
    row: dict[str, Any]
    values: list[ValueOut]
    clear: bool
    residences: list[dict[str, Any]]


class PurposeIn(Schema):
    purpose: str = Field(max_length=200)


class LookOut(Schema):
    at: datetime
    post: str
    person: str
    purpose: str


class SaidIn(Schema):
    """`said`: join, part, or undo of the `proceeding` that decided it."""

    other: int = Field(ge=1, le=schemas.BIG)
    said: Literal["join", "part", "undo"]
    reason: str = Field(max_length=4000)
    proceeding: int = Field(0, ge=0, le=schemas.BIG)


class SaidOut(Schema):
    proceeding: int
    state: str


class CellOut(Schema):
    """计数: of a measure, and its band, in a block: the prefix of its place."""

    block: str
    measure: str
    band: str
    count: int


class BlockAsked(Schema):
    under: str = Field("", max_length=15, pattern=r"^\d*$")
    length: int = Field(6, ge=1, le=blocks.GRID)


@router.get("/registers/{subject}", response={200: RegisterPage, **PROBLEMS}, operation_id="list_register")
def list_register(request: HttpRequest, subject: Subject, asked: Query[RegisterAsked]) -> Any:
    """登记清单: search, or the list behind a count."""
    wanted = lists.Asked(subject, asked.q, asked.under, asked.measure, asked.band, asked.after)
    found = lists.listed(viewer_of(request), wanted)
    more = len(found) > lists.SIZE
    return Status(200, {"rows": found[: lists.SIZE], "next": found[lists.SIZE - 1]["id"] if more else None})


@router.get("/registers/{subject}/pairs", response={200: list[dict[str, Any]], **PROBLEMS}, operation_id="list_pairs")
def list_pairs(request: HttpRequest, subject: Subject, state: Literal["", "open", "joined", "apart"] = "open") -> Any:
    """疑似同一: pairs that may be one, the likeliest first."""
    return Status(200, pairs.pairs(viewer_of(request), subject, state))


@router.get("/registers/{subject}/{entity}", response={200: ProfileOut, **PROBLEMS}, operation_id="one_profile")
def one_profile(request: HttpRequest, subject: Subject, entity: Number) -> Any:
    """档案: every value with its source and age, personal ones masked."""
    return Status(200, _profile(request, subject, entity, ""))


@router.post("/registers/{subject}/{entity}/read", response={200: ProfileOut, **PROBLEMS}, operation_id="read_profile")
def read_profile(request: HttpRequest, subject: Subject, entity: Number, wanted: Body[PurposeIn]) -> Any:
    """查看明文: logged, with its purpose."""
    return Status(200, _profile(request, subject, entity, wanted.purpose or " "))


def _profile(request: HttpRequest, subject: str, entity: int, purpose: str) -> dict[str, Any]:
    who = viewer_of(request)
    found = profiles.profile(who, subject, entity, purpose)
    values = [
        {"item": one.item.name, "best": one.best, "others": list(one.others), "differs": one.differs}
        for one in found.values
    ]
    told = {"subject": found.subject, "row": dict(found.row), "values": values, "clear": found.clear}
    return {**told, "residences": profiles.residences(who, subject, entity)}


@router.get("/registers/{subject}/{entity}/looks", response={200: list[LookOut], **PROBLEMS}, operation_id="list_looks")
def list_looks(request: HttpRequest, subject: Subject, entity: Number) -> Any:
    """谁看过: every read of one record in clear."""
    return Status(200, profiles.looks(viewer_of(request), subject, entity))


@router.post("/registers/{subject}/{entity}/decide", response={200: SaidOut, **PROBLEMS}, operation_id="decide_pair")
def decide_pair(request: HttpRequest, subject: Subject, entity: Number, wanted: Body[SaidIn]) -> Any:
    """认定: this entity and another are one, or two; or that is taken back."""
    who, desk = viewer_of(request), gate.hub().desk
    pair = pair_id(subject, entity, wanted.other)
    if wanted.said == "undo":
        fact = joining.undo(desk, who, wanted.proceeding, wanted.reason)
    else:
        fact = joining.decide(desk, who, pair, wanted.said, wanted.reason)
    return Status(200, {"proceeding": fact.subject, "state": fact.payload["state"]})


@router.get("/blocks", response={200: list[CellOut], **PROBLEMS}, operation_id="count_blocks")
def count_blocks(request: HttpRequest, asked: Query[BlockAsked]) -> Any:
    """块数据: every count under a division, by the first `length` digits of the place."""
    return Status(200, blocks.counts(viewer_of(request), asked.under, asked.length))
