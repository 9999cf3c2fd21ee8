"""数据资源接口 the API of proceedings: lists, one, beginning one, moving one. Each area adds its own routes beside."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from django.http import HttpRequest
from ninja import Body, Path, Query, Router, Schema, Status
from pydantic import Field

from zhongshu.data import proceedings as rows
from zhongshu.hub.resources import proceedings
from zhongshu.kernel.errors import NotFound
from zhongshu.screen import gate
from zhongshu.screen.api import schemas
from zhongshu.screen.api.reports import PROBLEMS
from zhongshu.screen.api.staff import Session, Token, viewer_of

router = Router(auth=[Token(), Session()])
Number = Path[Annotated[int, Field(ge=1, le=schemas.BIG)]]


class Asked(Schema):
    """`waits`: only what waits for the caller's post; `side`: asker or provider, what his unit asked or must answer."""

    waits: bool = False
    side: Literal["", "asker", "provider"] = ""
    family: str = Field("", max_length=16)
    state: str = Field("", max_length=16)
    subject: str = Field("", max_length=200)
    late: bool = False
    cursor: int = Field(schemas.BIG, ge=1, le=schemas.BIG)


class Page(Schema):
    """一页: newest first, at most 50; give `next` as `cursor` for the page after."""

    rows: list[dict[str, Any]]
    next: int | None


class BeginIn(Schema):
    family: str = Field(max_length=16)
    subject: str = Field("", max_length=200)
    payload: dict[str, Any] = {}


class MoveIn(Schema):
    move: str = Field(max_length=32)
    payload: dict[str, Any] = {}


class MovedOut(Schema):
    id: int
    state: str


@router.get("/proceedings", response={200: Page, **PROBLEMS}, operation_id="list_proceedings")
def list_proceedings(request: HttpRequest, asked: Query[Asked]) -> Any:
    """事项清单: newest first; each page says where the next begins."""
    who = viewer_of(request)
    waits = proceedings.waits(who, gate.hub().tools.knowledge) if asked.waits else None
    given = asked.model_dump(exclude={"waits", "cursor"})
    found = rows.listed(who, asked.cursor, waits, **given)
    return Status(200, {"rows": found, "next": found[-1]["id"] if len(found) == rows.SIZE else None})


@router.get("/proceedings/{proceeding}", response={200: dict[str, Any], **PROBLEMS}, operation_id="one_proceeding")
def one_proceeding(request: HttpRequest, proceeding: Number) -> Any:
    """一件事项: with its timeline."""
    found = rows.whole(viewer_of(request), proceeding)
    if found is None:
        raise NotFound(f"there is no proceeding {proceeding} here / 没有这件事项，或不在您的范围内")
    return Status(200, found)


@router.post("/proceedings", response={200: MovedOut, **PROBLEMS}, operation_id="begin_proceeding")
def begin_proceeding(request: HttpRequest, wanted: Body[BeginIn]) -> Any:
    """发起事项."""
    who = viewer_of(request)
    fact = proceedings.begin(gate.hub().desk, who, wanted.family, wanted.payload, wanted.subject)
    return Status(200, {"id": fact.subject, "state": fact.payload["state"]})


@router.post("/proceedings/{proceeding}/acts", response={200: MovedOut, **PROBLEMS}, operation_id="move_proceeding")
def move_proceeding(request: HttpRequest, proceeding: Number, wanted: Body[MoveIn]) -> Any:
    """办理事项: one move of the table."""
    fact = proceedings.act(gate.hub().desk, viewer_of(request), proceeding, wanted.move, wanted.payload)
    return Status(200, {"id": proceeding, "state": fact.payload["state"]})
