"""数据元与表单接口 elements, forms, what a decision would spare, deciding, the gate, and filling a form."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated, Any, Literal

from django.http import HttpRequest
from ninja import Body, Path, Query, Router, Schema, Status
from pydantic import Field

from zhongshu.data.elements import fills, inventory
from zhongshu.data.elements.deciding import Decision
from zhongshu.hub.resources import filling, forms
from zhongshu.hub.resources.filling import View, Whom
from zhongshu.kernel.errors import NotFound
from zhongshu.screen import gate
from zhongshu.screen.api.convening import BegunOut
from zhongshu.screen.api.reports import PROBLEMS
from zhongshu.screen.api.staff import Session, Token, viewer_of
from zhongshu.screen.pages.data_forms import DAYS, scope_of

router = Router(auth=[Token(), Session()])
Code = Path[Annotated[str, Field(min_length=1, max_length=64)]]


class ElementsAsked(Schema):
    """`source`: only elements of this data set; `q`: words of code, name or definition."""

    q: str = Field("", max_length=100)
    subject: str = Field("", max_length=16)
    source: str = Field("", max_length=64)


class Chosen(Schema):
    """`into` is the form that a merged one goes into."""

    form: str = Field(max_length=64)
    decision: Literal["kept", "stopped", "merged", "served"]
    into: str = Field("", max_length=64)


class PreviewIn(Schema):
    """`grid`: the worker whose minutes are told; without it the average of the caller's place."""

    decisions: list[Chosen] = Field(min_length=1, max_length=200)
    grid: str = Field("", max_length=32)


class DecideIn(PreviewIn):
    reason: str = Field(min_length=1, max_length=4000)


class EffectOut(Schema):
    """Minutes of one worker on one day; `lost` are elements that nobody would ask and no source holds."""

    before: float
    after: float
    saved: float
    workers: int
    lost: list[str]


class DecidedOut(EffectOut):
    proceedings: list[int]


class FormIn(Schema):
    title: str = Field("", max_length=200)
    about: str = Field(max_length=16)
    cycle: str = Field(max_length=16)
    level: str = Field("community", max_length=16)
    per_hundred: int = Field(ge=0, le=99_999)
    elements: list[Annotated[str, Field(max_length=64)]] = Field(min_length=1, max_length=20)
    basis: str = Field("", max_length=1000)
    until: str = Field("", max_length=10)
    return_promise: str = Field("", max_length=500)


class GateOut(Schema):
    """`refused` names each element that can be got otherwise, with where."""

    open: bool
    allowed: list[str]
    refused: list[dict[str, str]]
    faults: list[str]
    words: list[str]
    minutes: float


class FillIn(Schema):
    values: dict[str, Annotated[str, Field(max_length=500)]]


class FilledOut(Schema):
    id: int
    shown: int
    filled: int
    asked: int
    changed: int
    seconds: float
    bare: float


@router.get("/elements", response={200: list[dict[str, Any]], **PROBLEMS}, operation_id="list_elements")
def list_elements(request: HttpRequest, asked: Query[ElementsAsked]) -> Any:
    """数据元目录: each with the forms that ask it and what it is known as."""
    viewer_of(request)
    book = inventory.book()
    rows = []
    for _code, one in sorted(book.elements.items()):
        said = f"{one.code} {one.name} {one.name_en} {one.definition}".lower()
        if all(word in said for word in asked.q.lower().split()) and _narrowed(asked, one.subject, one.source):
            uses = [form.code for form in book.forms.values() if one.code in form.elements]
            rows.append({**asdict(one), "same_as": book.one(one.code), "forms": uses})
    return Status(200, rows)


def _narrowed(asked: ElementsAsked, subject: str, source: str) -> bool:
    return asked.subject in ("", subject) and asked.source in ("", source)


@router.get("/elements/candidates", response={200: list[dict[str, Any]], **PROBLEMS}, operation_id="doubtful_elements")
def doubtful_elements(request: HttpRequest) -> Any:
    """疑似同义: pairs that wait for a person, the surest first."""
    viewer_of(request)
    return Status(200, [asdict(one) for one in inventory.doubtful(inventory.book())])


@router.get("/forms", response={200: dict[str, Any], **PROBLEMS}, operation_id="list_forms")
def list_forms(request: HttpRequest, grid: str = "") -> Any:
    """表单清单: every form with its minutes of a worker's day, what overlaps, the advice, and the figures."""
    who = viewer_of(request)
    now = gate.hub().clock()
    seen = forms.picture(now)
    scope = scope_of(who, grid)
    told = fills.tally(who, now - DAYS)
    rows = [
        {
            **{name: value for name, value in asdict(form).items() if name != "fields"},
            "elements": form.elements,
            "asked": form.asked_on(seen.day),
            "minutes": seen.burden.get(code, 0.0) * scope.scale,
            "advice": asdict(seen.advice[code]) if code in seen.advice else None,
        }
        for code, form in sorted(seen.book.forms.items())
    ]
    figures = {
        "minutes": seen.minutes * scope.scale,
        "duplicate_ratio": seen.overlap.ratio,
        "prefilled": told.prefilled,
        "forms_a_day": told.a_day,
        "minutes_filled_a_day": told.minutes,
    }
    groups = [
        {**asdict(one), "minutes": one.minutes * scope.scale, "spared": one.spared * scope.scale}
        for one in seen.overlap.groups
    ]
    return Status(200, {"rows": rows, "groups": groups, "figures": figures, "workers": scope.workers})


def _decisions(given: PreviewIn) -> dict[str, Decision]:
    return {one.form: (one.decision, one.into) for one in given.decisions}


def _effect(request: HttpRequest, given: PreviewIn) -> dict[str, Any]:
    found = forms.preview(forms.picture(gate.hub().clock()), _decisions(given))
    scope = scope_of(viewer_of(request), given.grid)
    return {
        "before": found.before * scope.scale,
        "after": found.after * scope.scale,
        "saved": found.saved * scope.scale,
        "workers": scope.workers,
        "lost": list(found.lost),
    }


@router.post("/forms/preview", response={200: EffectOut, **PROBLEMS}, operation_id="preview_forms")
def preview_forms(request: HttpRequest, given: Body[PreviewIn]) -> Any:
    """预演: tomorrow's minutes saved before anything is decided."""
    return Status(200, _effect(request, given))


@router.post("/forms/decide", response={200: DecidedOut, **PROBLEMS}, operation_id="decide_forms")
def decide_forms(request: HttpRequest, given: Body[DecideIn]) -> Any:
    """去留决定: all or none."""
    effect = _effect(request, given)
    facts = forms.decide(gate.hub().desk, viewer_of(request), _decisions(given), given.reason)
    return Status(200, {**effect, "proceedings": [fact.subject for fact in facts]})


@router.post("/forms/check", response={200: GateOut, **PROBLEMS}, operation_id="check_form")
def check_form(request: HttpRequest, given: Body[FormIn]) -> Any:
    """准入预审: what the gate says at once; nothing is kept."""
    who, hub = viewer_of(request), gate.hub()
    found = forms.check(who, given.model_dump(), hub.tools.knowledge, hub.clock())
    answer = found.answer
    refused = [{"element": one.element, "verdict": one.verdict, "where": one.where} for one in answer.refused]
    told = {"open": answer.open, "allowed": list(answer.allowed), "refused": refused, "faults": list(answer.faults)}
    return Status(200, {**told, "words": found.refusals, "minutes": answer.minutes * scope_of(who, "").scale})


@router.post("/forms", response={200: BegunOut, **PROBLEMS}, operation_id="apply_for_form")
def apply_for_form(request: HttpRequest, given: Body[FormIn]) -> Any:
    """申请准入 with what the gate lets through."""
    told = {name: value for name, value in given.model_dump().items() if value not in ("", None)}
    fact = forms.apply(gate.hub().desk, viewer_of(request), {"title": "", **told})
    return Status(200, {"id": fact.subject, "number": fact.payload["number"]})


def _view(view: View) -> dict[str, Any]:
    fields = [
        {
            "element": one.field.element,
            "name": one.field.name,
            "value": one.value.value if one.value else None,
            "kind": one.value.kind if one.value else None,
            "source": one.value.source if one.value else None,
            "age_days": one.age if one.value else None,
            "asked": one.asked,
            "why": one.why,
            "locked": view.locked(one),
        }
        for one in view.fields
    ]
    return {"form": view.form.code, "day": view.day, "fields": fields, "seconds": view.seconds, "bare": view.bare}


def _whom(subject: str, key: str) -> Whom:
    if subject == "place":
        return Whom(subject, 0, key)
    if not key.isdecimal() or len(key) > 18:
        raise NotFound(f"there is no {subject} {key!r} / 没有这个填报对象")
    return Whom(subject, int(key))


@router.get("/forms/{form}/{subject}/{key}", response={200: dict[str, Any], **PROBLEMS}, operation_id="view_form")
def view_form(request: HttpRequest, form: Code, subject: Code, key: Code) -> Any:
    """表单视图: a form pre-filled for one subject, with provenance and age of each value; the read is logged."""
    view = filling.open_view(viewer_of(request), form, _whom(subject, key), gate.hub().clock())
    return Status(200, _view(view))


@router.post("/forms/{form}/{subject}/{key}", response={200: FilledOut, **PROBLEMS}, operation_id="fill_form")
def fill_form(request: HttpRequest, form: Code, subject: Code, key: Code, given: Body[FillIn]) -> Any:
    """填报: only what was asked or has changed."""
    fact = filling.fill(gate.hub().desk, viewer_of(request), form, _whom(subject, key), given.values)
    names = ("shown", "filled", "asked", "changed", "seconds", "bare")
    return Status(200, {"id": fact.subject, **{name: fact.payload[name] for name in names}})
