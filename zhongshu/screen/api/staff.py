"""工作台接口 the staff's side: cases within the caller's span, acts on one or on many, the words of the pack."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, cast

from django.http import HttpRequest
from ninja import Path, Query, Router, Schema, Status
from ninja.security import HttpBearer, SessionAuth
from pydantic import Field

from zhongshu.data import casefile, lists
from zhongshu.hub.hub import Move
from zhongshu.hub.sense.normalise import clean
from zhongshu.kernel.access import Viewer
from zhongshu.kernel.errors import BadInput, NotFound
from zhongshu.kernel.lifecycle import State
from zhongshu.kernel.places import Span
from zhongshu.screen import gate
from zhongshu.screen.api import schemas, tokens
from zhongshu.screen.api.reports import PROBLEMS


class Token(HttpBearer):
    """接入凭证: an integration reads the cases of its division; it has no role, so every act is refused."""

    def authenticate(self, request: HttpRequest, token: str) -> Viewer:
        knowledge = gate.hub().tools.knowledge
        return tokens.viewer(tokens.known(token), knowledge.scheme, knowledge.city)


class Session(SessionAuth):
    """登录会话: somebody who is signed in, in the post they chose; writes need the CSRF token."""

    def authenticate(self, request: HttpRequest, key: str | None) -> Viewer | None:
        viewer: Viewer = request.viewer  # type: ignore[attr-defined]
        return viewer if viewer.post else None


router = Router(auth=[Token(), Session()])


def viewer_of(request: HttpRequest) -> Viewer:
    """Whoever the authentication found."""
    return cast(Viewer, request.auth)  # type: ignore[attr-defined]


class Filter(Schema):
    """筛选: how a list of cases is narrowed."""

    state: list[State] = Field(default_factory=list)
    category: list[str] = Field(default_factory=list)
    unit: str = Field("", max_length=64)
    place: str = Field("", max_length=32)
    q: str = Field("", max_length=200)
    overdue: bool = False
    mine: bool = False
    opened_since: datetime | None = None
    cursor: int | None = Field(None, ge=1, le=schemas.BIG)
    size: int = Field(50, ge=1, le=200)


def _place(code: str) -> Span | None:
    if not code:
        return None
    knowledge = gate.hub().tools.knowledge
    if code not in knowledge.names:
        raise BadInput(f"place: found {clean(code, 32)!r}, expected the code of a division / 没有这个区划")
    return None if code == knowledge.city else knowledge.scheme.span(code)


@router.get("/cases", response={200: schemas.CasePage, **PROBLEMS})
def list_cases(request: HttpRequest, wanted: Query[Filter]) -> Any:
    """案件清单: the cases that the caller may see, newest first, a page at a time."""
    if wanted.opened_since is not None and wanted.opened_since.tzinfo is None:
        raise BadInput("opened_since: found a time without a zone, expected e.g. +08:00")
    hub = gate.hub()
    narrowed = lists.Wanted(
        q=clean(wanted.q, 200),
        states=tuple(state.value for state in wanted.state),
        categories=tuple(clean(code, 32) for code in wanted.category[:50]),
        unit=clean(wanted.unit, 64),
        place=_place(wanted.place),
        overdue=wanted.overdue,
        mine=wanted.mine,
        opened_since=wanted.opened_since,
    )
    page = lists.page(viewer_of(request), narrowed, hub.clock(), wanted.cursor, wanted.size)
    return Status(200, {"rows": page.rows, "next": page.next, "count": page.count, "capped": page.capped})


CaseId = Path[Annotated[int, Field(ge=1, le=schemas.BIG)]]


@router.get("/cases/{case}", response={200: dict[str, Any], **PROBLEMS})
def one_case(request: HttpRequest, case: CaseId) -> Any:
    """案卷: one case with its reports, tasks, clocks, call-backs and timeline; nothing says who reported."""
    found = casefile.whole(viewer_of(request), case)
    if found is None:
        raise NotFound(f"there is no case {case} here / 没有这个案件，或不在您的范围内")
    return Status(200, found)


def _payload(payload: dict[str, Any]) -> dict[str, Any]:
    """Text of a payload without what PostgreSQL can't store; nested values are refused."""
    for name, value in payload.items():
        if isinstance(value, (dict, list)) and name != "photos":
            raise BadInput(f"payload: {clean(name, 40)} is nested, expected a single value / 应为单个值")
    return {
        clean(name, 40): clean(value, 4000) if isinstance(value, str) else value
        for name, value in payload.items()
        if name not in ("by", "reports", "round")
    }


@router.post("/cases/{case}/acts", response={200: schemas.ActOut, **PROBLEMS})
def act(request: HttpRequest, case: CaseId, move: schemas.ActIn) -> Any:
    """办理: one move on one case, and what followed from it."""
    facts = gate.hub().act(viewer_of(request), case, move.kind, _payload(move.payload))
    told = [{"id": fact.id, "kind": fact.kind, "case": fact.subject, "at": fact.at} for fact in facts]
    return Status(200, {"case": case, "facts": told})


@router.post("/acts", response={200: schemas.ManyActsOut, **PROBLEMS})
def act_on_many(request: HttpRequest, move: schemas.ManyActsIn) -> Any:
    """批量办理: the same move on many cases; each answers for itself."""
    viewer, payload = viewer_of(request), _payload(move.payload)
    ids = list(dict.fromkeys(move.cases))
    if not all(0 < case <= schemas.BIG for case in ids):
        raise BadInput("cases: expected ids of cases / 案件编号有误")
    outcomes = gate.hub().act_many([Move(viewer, case, move.kind, payload) for case in ids])
    results = [
        {"case": one.move.case, "ok": one.error is None, "error": str(one.error) if one.error else ""}
        for one in outcomes
    ]
    done = sum(one.error is None for one in outcomes)
    return Status(200, {"done": done, "refused": len(results) - done, "results": results})


@router.get("/knowledge/categories", response={200: list[schemas.CategoryInfo], **PROBLEMS})
def categories(request: HttpRequest) -> Any:
    """事项类别 in force."""
    return Status(200, list(gate.hub().tools.knowledge.categories.values()))


@router.get("/knowledge/units", response={200: list[schemas.UnitInfo], **PROBLEMS})
def units(request: HttpRequest) -> Any:
    """单位 in force."""
    return Status(200, list(gate.hub().tools.knowledge.units.values()))
