"""数据湖接口 the API of the lake: how it stands, its days and files, and what is asked of hot and cold together."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, Literal

from django.http import HttpRequest
from ninja import Query, Router, Schema, Status
from pydantic import AwareDatetime, Field

from zhongshu.data.lake import state
from zhongshu.data.lake.place import lake
from zhongshu.data.lake.wanted import Wanted
from zhongshu.hub.resources import lake as moves
from zhongshu.kernel.errors import BadInput
from zhongshu.kernel.places import EVERYWHERE
from zhongshu.screen import gate
from zhongshu.screen.api.reports import PROBLEMS
from zhongshu.screen.api.staff import Session, Token, viewer_of

router = Router(auth=[Token(), Session()])
MOST = 20_000
"""Rows of one answer."""
BACK = 366
"""Days of one list."""


class Cold(Schema):
    days: int
    files: int
    rows: int
    bytes: int


class StateOut(Schema):
    """湖况: `hot` and `late` are rows in the database, within the hot window and older; `cold` by table."""

    hot_days: int
    keep_days: int
    cutoff: date
    hot: int
    late: int
    cold: dict[str, Cold]
    copied_until: datetime | None
    last_run: dict[str, Any] | None
    stale: bool


class Days(Schema):
    first: date = Field(description="first day of the city")
    last: date = Field(description="last day, included")


class DayOut(Schema):
    day: date
    n: int
    cold: int
    bytes: int
    files: int
    erased: int


class FileOut(Schema):
    id: int
    table: str
    place: str
    rows: int
    bytes: int
    sha256: str
    filed_at: datetime
    gone: str
    gone_at: datetime | None


class Narrowed(Schema):
    """From when to when, of one division, grid or sensor."""

    start: AwareDatetime
    end: AwareDatetime
    table: Literal["observation", "fact"] = "observation"
    place: str = Field("", max_length=32, description="code of a division: only what lies in it")
    grid: str = Field("", max_length=32)
    sensor: str = Field("", max_length=64)


class Asked(Narrowed):
    """所问: by what it is cut (repeat `by`); `rows`: count single rows although sums could answer."""

    by: list[Literal["day", "hour", "district", "place", "grid", "sensor", "kind", "actor"]] = Field(min_length=1)
    rows: bool = False


class Listed(Narrowed):
    """Single rows: at most `size` of them, the oldest first."""

    size: int = Field(200, ge=1, le=MOST)


class AnswerOut(Schema):
    """答: `grain` says of which sums, or of single rows; `capped` that there are more than the rows given."""

    rows: list[dict[str, Any]]
    grain: str
    files: int
    hot: int
    seconds: float
    capped: bool


class LakeFilledOut(Schema):
    started: bool


@router.get("", response={200: StateOut, **PROBLEMS}, operation_id="lake_state")
def lake_state(request: HttpRequest) -> Any:
    """湖况: what is hot, what is cold, and the last run."""
    return Status(200, state.state(viewer_of(request), lake(), gate.hub().clock()))


@router.get("/days", response={200: list[DayOut], **PROBLEMS}, operation_id="lake_days")
def lake_days(request: HttpRequest, asked: Query[Days]) -> Any:
    """逐日: observations of each day, and how many of them are in files."""
    if not 0 <= (asked.last - asked.first).days < BACK:
        raise BadInput(f"last: found {asked.last}, expected at most {BACK} days from the first / 最多 {BACK} 天")
    return Status(200, state.days(viewer_of(request), asked.first, asked.last))


@router.get("/files", response={200: list[FileOut], **PROBLEMS}, operation_id="lake_files")
def lake_files(request: HttpRequest, day: date) -> Any:
    """文件: every file that there is or was of a day, with its checksum."""
    return Status(200, state.files_of(viewer_of(request), day))


@router.get("/cut", response={200: AnswerOut, **PROBLEMS}, operation_id="lake_cut")
def lake_cut(request: HttpRequest, asked: Query[Asked]) -> Any:
    """查询: hot and cold together, within the caller's range."""
    wanted = _wanted(asked, tuple(dict.fromkeys(asked.by)))
    found = moves.ask(viewer_of(request), gate.hub().tools.knowledge, wanted, "rows" if asked.rows else "")
    told = {"grain": found.grain, "files": found.files, "hot": found.hot, "seconds": round(found.seconds, 4)}
    return Status(200, {"rows": found.rows.slice(0, MOST).to_pylist(), "capped": found.rows.num_rows > MOST, **told})


@router.get("/rows", response={200: list[dict[str, Any]], **PROBLEMS}, operation_id="lake_rows")
def lake_rows(request: HttpRequest, asked: Query[Listed]) -> Any:
    """明细: the single rows that a cut counts."""
    found = moves.single(viewer_of(request), gate.hub().tools.knowledge, _wanted(asked, ("day",)), asked.size)
    return Status(200, found)


def _wanted(asked: Narrowed, by: tuple[str, ...]) -> Wanted:
    knowledge = gate.hub().tools.knowledge
    if asked.place and asked.place not in knowledge.names:
        raise BadInput("place: expected the code of a division / 没有这个区划")
    span = knowledge.scheme.span(asked.place) if asked.place else EVERYWHERE
    return Wanted(asked.start, asked.end, by, asked.grid, asked.sensor, span, asked.table)


@router.post("/fill", response={200: LakeFilledOut, **PROBLEMS}, operation_id="fill_lake")
def fill_lake(request: HttpRequest) -> Any:
    """立即入湖, by a process of its own."""
    moves.fill(viewer_of(request))
    return Status(200, {"started": True})
