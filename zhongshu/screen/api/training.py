"""培训接口 the API of training: my courses, an examination, and the shares that hold what they must by unit."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

from django.http import HttpRequest
from ninja import Path, Query, Router, Schema, Status
from pydantic import Field

from zhongshu.data.training import courses
from zhongshu.hub.resources import training as work
from zhongshu.screen import gate
from zhongshu.screen.api.reports import PROBLEMS
from zhongshu.screen.api.staff import Session, Token, viewer_of

router = Router(auth=[Token(), Session()])
Code = Path[Annotated[str, Field(min_length=1, max_length=64)]]


class TrainingUnitOut(Schema):
    """单位: (person, course) pairs that its posts must hold, that are held, and that lapsed."""

    unit: str
    place: str
    level: int
    people: int
    must: int
    held: int
    lapsed: int


class TrainingBoardOut(Schema):
    courses: dict[str, str]
    units: list[TrainingUnitOut]


class MineOut(Schema):
    """我的课程: `state` held | lapsed | failed | never; `must` whether this post has to hold it."""

    course: str
    name: str
    must: bool
    state: str
    until: datetime | None


class AskedIn(Schema):
    course: str = Field("", max_length=64)


class AnswersIn(Schema):
    """答卷: question -> the option chosen, from 1."""

    answers: dict[Annotated[str, Field(max_length=64)], Annotated[int, Field(ge=1, le=9)]] = Field(max_length=200)


class TakenOut(Schema):
    course: str
    right: int
    asked: int
    passed: bool
    until: datetime | None


@router.get("", response={200: TrainingBoardOut, **PROBLEMS}, operation_id="training_board")
def training_board(request: HttpRequest, asked: Query[AskedIn]) -> Any:
    """各单位持证: of the units within the caller's place."""
    units = courses.by_unit(viewer_of(request), gate.hub().clock(), asked.course)
    return Status(200, {"courses": {code: one.name for code, one in courses.every().items()}, "units": units})


@router.get("/mine", response={200: list[MineOut], **PROBLEMS}, operation_id="my_courses")
def my_courses(request: HttpRequest) -> Any:
    """我的课程: what the caller's post must hold, and what he took."""
    who, hub, every = viewer_of(request), gate.hub(), courses.every()
    unit = hub.tools.knowledge.units.get(who.unit)
    must, held, now = courses.wanted(who, unit.kind if unit else ""), courses.mine(who.user), hub.clock()
    codes = [code for code in dict.fromkeys([*must, *held]) if code in every]
    told = {code: {"course": code, "name": every[code].name, "must": code in must} for code in codes}
    return Status(200, [{**row, **courses.standing(held.get(code), now)} for code, row in told.items()])


@router.post("/{course}", response={200: TakenOut, **PROBLEMS}, operation_id="take_course")
def take_course(request: HttpRequest, course: Code, sent: AnswersIn) -> Any:
    """考试: the answers to all its questions."""
    return Status(200, work.take(gate.hub().desk, viewer_of(request), course, sent.answers).payload)
