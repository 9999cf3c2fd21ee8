"""呼应与指令接口 calls and directives: lists, one of them, beginning one, and every move; photos are sent first."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from django.http import HttpRequest
from ninja import Body, File, Path, Query, Router, Schema, Status
from ninja.files import UploadedFile
from pydantic import Field

from zhongshu.data import attachments, convening
from zhongshu.hub.sense.normalise import clean as clean_text
from zhongshu.kernel.convening import Matter
from zhongshu.kernel.errors import IllegalMove, NotFound
from zhongshu.screen import gate
from zhongshu.screen.api import schemas
from zhongshu.screen.api.reports import PROBLEMS
from zhongshu.screen.api.staff import Session, Token, viewer_of
from zhongshu.screen.photos import clean

photos = Router(auth=[Session()])
Subject = Path[Annotated[int, Field(ge=1, le=schemas.BIG)]]


class Box(Schema):
    """哪一类: answer 要我应的, own 我呼的, linked those of one case, all."""

    box: Literal["answer", "own", "linked", "all"] = "all"
    case: int = Field(0, ge=0, le=schemas.BIG)
    cursor: int | None = Field(None, ge=1, le=schemas.BIG)


class MatterPage(Schema):
    """一页: newest first, at most 50; give `next` as `cursor` for the page after."""

    rows: list[dict[str, Any]]
    next: int | None


class BegunOut(Schema):
    id: int
    number: str


class MovesOut(Schema):
    id: int
    facts: list[str]


class PhotosOut(Schema):
    photos: list[int]


@photos.post("/photos", response={200: PhotosOut, **PROBLEMS})
def send_photos(request: HttpRequest, photos: File[list[UploadedFile]]) -> Any:
    """照片: kept without their hidden data; the ids go into the payload of the move that they belong to."""
    found = clean(photos)
    ids = [gate.hub().ids.take() for _photo in found]
    attachments.store(ids, found)
    return Status(200, {"photos": ids})


def router(matter: Matter[Any]) -> Router:
    """The five operations of calls, or of directives."""
    made = Router(auth=[Token(), Session()])
    name = matter.name

    @made.get("", response={200: MatterPage, **PROBLEMS}, operation_id=f"list_{name}s")
    def list_matters(request: HttpRequest, wanted: Query[Box]) -> Any:
        """清单: what the caller may see, each with its units."""
        rows = convening.listed(viewer_of(request), matter, wanted.box, wanted.cursor, wanted.case)
        return Status(200, {"rows": rows, "next": rows[-1]["id"] if len(rows) == convening.SIZE else None})

    @made.get("/{subject}", response={200: dict[str, Any], **PROBLEMS}, operation_id=f"one_{name}")
    def one_matter(request: HttpRequest, subject: Subject) -> Any:
        """一条: with its units, timeline and photos."""
        found = convening.whole(viewer_of(request), matter, subject)
        if found is None:
            raise NotFound(f"there is no {name} {subject} here / 没有这条呼叫或指令，或与贵单位无关")
        return Status(200, found)

    @made.post("", response={200: BegunOut, **PROBLEMS}, operation_id=f"begin_{name}")
    def begin(request: HttpRequest, payload: Body[dict[str, Any]]) -> Any:
        """发起: begins one; the fields of the form."""
        fact = gate.hub().convene(viewer_of(request), matter.birth.kind, payload)[0]
        return Status(200, {"id": fact.subject, "number": fact.payload["number"]})

    @made.post("/{subject}/acts", response={200: MovesOut, **PROBLEMS}, operation_id=f"act_on_{name}")
    def act(request: HttpRequest, subject: Subject, move: schemas.ActIn) -> Any:
        """办理: one move, and what followed from it."""
        if move.kind not in matter.arrows:
            raise IllegalMove(f"{clean_text(move.kind, 32)} is no move of a {name} / 没有这种操作")
        facts = gate.hub().convene(viewer_of(request), move.kind, move.payload, subject)
        return Status(200, {"id": subject, "facts": [fact.kind for fact in facts]})

    return made
