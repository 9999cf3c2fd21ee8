"""来电接口 the telephone exchange's door: a call rings at somebody's desk, is answered, is over."""

from __future__ import annotations

from typing import Any, Literal

from django.http import HttpRequest
from ninja import Field, Router, Schema, Status

from zhongshu.data import telephone
from zhongshu.kernel.errors import NotFound
from zhongshu.screen.api import schemas
from zhongshu.screen.api.tokens import demand, holder

router = Router()
PROBLEMS = {code: schemas.Problem for code in (400, 401, 403, 404, 422, 503)}


class CallIn(Schema):
    """来电: `call` is the exchange's own number of the call, `to` the account of the operator whose desk rings."""

    event: Literal["ring", "answer", "end"]
    call: str = Field(min_length=1, max_length=200)
    to: str = Field("", max_length=150)
    caller: str = Field("", max_length=40, pattern=r"^[0-9+() -]*$")
    language: str = Field("", max_length=16, pattern=r"^[A-Za-z-]*$")


class CallOut(Schema):
    """The call as it stands."""

    call: str
    event: str


@router.post("/calls", response={200: CallOut, **PROBLEMS}, auth=None, openapi_extra={"security": [{"Token": []}]})
def tell(request: HttpRequest, told: CallIn) -> Any:
    """来电弹屏: `ring` shows the caller's number and cases on that operator's screen; the same call rings once.

    Needs a token for channel `phone`.
    """
    sender = demand(holder(request.headers.get("Authorization", "")), "phone")
    if told.event == "ring":
        if not telephone.ring(sender.name, told.call, told.to, told.caller, told.language):
            raise NotFound(f"to: there is no account {told.to!r} / 没有这个账号")
    elif not telephone.tell(sender.name, told.call, told.event == "end"):
        raise NotFound(f"call: there is no call {told.call!r} / 没有这一通来电")
    return Status(200, {"call": told.call, "event": told.event})
