"""体征接口 the API of the vital signs: every sign of a place with its number, age, colour, limits and their ground."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any

from django.http import HttpRequest
from django.utils import timezone
from ninja import Router, Schema
from pydantic import Field

from zhongshu.data.signs import book, reading
from zhongshu.screen import gate
from zhongshu.screen import signs as shown
from zhongshu.screen.api.reports import PROBLEMS
from zhongshu.screen.api.staff import Session, Token, viewer_of

router = Router(auth=[Token(), Session()])


class SignOut(Schema):
    """体征: `look` red, amber, ok, none, stale, empty or nosource; `value` null unless it is one now."""

    code: str
    no: int
    name: str
    name_en: str
    unit: str
    system: str
    source: str
    standin: bool
    place: str
    value: float | None
    look: str
    as_of: datetime | None
    measured_at: datetime | None
    amber: float | None
    red: float | None
    basis: str
    basis_text: str
    author: str
    since: date | None


@router.get("", response={200: list[SignOut], **PROBLEMS}, operation_id="list_signs")
def list_signs(request: HttpRequest, place: Annotated[str, Field(max_length=32)] = "") -> Any:
    """全部体征 of a place within the caller's range; his own without one."""
    who, now = viewer_of(request), timezone.now()
    where = place or who.place or gate.hub().tools.knowledge.city
    held = reading.at(where, who)
    return [_out(sign, held.get(sign.code), where, now) for sign in book.signs().values()]


def _out(sign: book.Sign, one: reading.Now | None, place: str, now: datetime) -> dict[str, Any]:
    look, bar = shown.look(sign, one, now), sign.bar
    names = ("code", "no", "name", "name_en", "unit", "system", "source", "standin")
    return {
        **{name: getattr(sign, name) for name in names},
        "place": place,
        "value": one.value if one and look not in ("stale", "nosource") else None,
        "look": look,
        "as_of": one.fresh_at if one else None,
        "measured_at": one.at if one else None,
        "amber": one.amber if one else None,
        "red": one.red if one else None,
        "basis": bar.basis if bar else "",
        "basis_text": bar.basis_text if bar else "",
        "author": bar.author if bar else "",
        "since": bar.since if bar else None,
    }
