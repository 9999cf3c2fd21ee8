"""数据结构 schemas: what goes over the wire, described for OpenAPI."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal

from ninja import Field, Schema

from zhongshu.hub.sense.normalise import TEXT_LIMIT

BIG = 2**63 - 1


class Problem(Schema):
    """差错: one sentence, and the field it is about ("" when it is about the whole)."""

    error: str
    field: str = ""


class ReportIn(Schema):
    """诉求: one report. Only `text` is needed; `datum` says how `lon` and `lat` were measured."""

    text: str = Field(min_length=1, max_length=TEXT_LIMIT)
    channel: str = "web"
    address: str = Field("", max_length=500)
    lon: float | None = Field(None, ge=-180, le=180)
    lat: float | None = Field(None, ge=-90, le=90)
    datum: Literal["wgs84", "gcj02", "bd09"] = "wgs84"
    name: str = Field("", max_length=100)
    phone: str = Field("", max_length=40)
    key: str = Field("", max_length=200, description="幂等键：同一来源同一键只受理一次")
    source: str = Field("", max_length=32, description="trusted integrations only")
    at: str = Field("", max_length=40, description="ISO 8601 with zone; trusted integrations only")
    category: str = Field("", max_length=32, description="trusted integrations only")
    merge: Literal["", "off"] = Field("", description="trusted integrations only")
    photos: list[int] = Field(default_factory=list, max_length=9)
    shown: bool = Field(
        False,
        description="允许附近的人在核对是否同一件事时看到这些照片 · the reporter consented; nothing without photos",
    )


class CategoryOut(Schema):
    code: str
    name: str
    confidence: float
    reasons: list[list[Any]]


class PlaceOut(Schema):
    code: str
    name: str
    grid: str


class UnitOut(Schema):
    code: str
    name: str


class Deadline(Schema):
    name: str
    due_at: datetime


class ReceiptOut(Schema):
    """回执: what became of a report the moment it was taken in; `case` is null while it waits in the queue."""

    report: int
    case: int | None
    number: str
    state: str
    category: CategoryOut
    place: PlaceOut
    unit: UnitOut
    deadlines: list[Deadline]
    track_url: str
    merged: bool
    call: str
    """119, 110, 120 …: what the reporter should call at once; "" when nothing is an emergency."""


class TrackedOut(Schema):
    """公开进度: what the holder of a tracking link may know."""

    number: str
    state: str
    text: str
    category: str
    place: str
    unit: str
    reported_at: datetime
    due_at: datetime | None
    closed_at: datetime | None
    merged: bool


class CaseRow(Schema):
    id: int
    number: str
    title: str
    category: str
    state: str
    place: str
    address: str
    host: str
    opened_at: datetime
    due_at: datetime | None
    closed_at: datetime | None
    urgency: int
    special: bool
    reports: int
    overdue: bool
    stuck: bool
    proactive: bool
    lon: float | None
    lat: float | None


class CasePage(Schema):
    """一页案件: newest first; give `next` as `cursor` for the page after. `count` stops at 1,000 (`capped`)."""

    rows: list[CaseRow]
    next: int | None
    count: int | None
    capped: bool


class ActIn(Schema):
    kind: str = Field(max_length=32)
    payload: dict[str, Any] = Field(default_factory=dict)


class ManyActsIn(Schema):
    cases: list[int] = Field(min_length=1, max_length=500)
    kind: str = Field(max_length=32)
    payload: dict[str, Any] = Field(default_factory=dict)


class FactOut(Schema):
    id: int
    kind: str
    case: int
    at: datetime


class ActOut(Schema):
    case: int
    facts: list[FactOut]


class OneOutcome(Schema):
    case: int
    ok: bool
    error: str = ""


class ManyActsOut(Schema):
    done: int
    refused: int
    results: list[OneOutcome]


class RowProblem(Problem):
    row: int


class WarningOut(Schema):
    case: int
    number: str
    sensor: str


class ReadingsOut(Schema):
    """读数回执: rows are counted from 0; a reading sent twice is kept once."""

    accepted: int
    rejected: list[RowProblem]
    warnings: list[WarningOut]


class ReadingsProblem(Problem):
    rejected: list[RowProblem] = Field(default_factory=list)


class CategoryInfo(Schema):
    code: str
    name: str
    name_en: str
    parent: str
    kind: str
    urgent: bool


class UnitInfo(Schema):
    code: str
    name: str
    name_en: str
    kind: str
    level: int
    place: str
    parent: str
