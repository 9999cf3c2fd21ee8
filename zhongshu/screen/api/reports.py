"""诉求接口 reports and readings: one report down the whole road, a batch of readings, one report's public state."""

from __future__ import annotations

import hmac
from typing import Any

import orjson
from django.http import HttpRequest
from ninja import Router, Status

from zhongshu.data import receipts
from zhongshu.hub.sense.normalise import reading
from zhongshu.kernel.errors import BadInput, NotFound
from zhongshu.kernel.facts import Kind
from zhongshu.screen import gate
from zhongshu.screen.api import schemas
from zhongshu.screen.api.admission import admit
from zhongshu.screen.api.answers import answer, tracked
from zhongshu.screen.api.tokens import demand, holder
from zhongshu.screen.tracking import untrack

router = Router()

PROBLEMS = {code: schemas.Problem for code in (400, 401, 403, 404, 409, 422, 503)}
READINGS = 10_000
"""Most readings in one call."""


_KEY_HEADER = {"in": "header", "name": "Idempotency-Key", "required": False, "schema": {"type": "string"}}


@router.post(
    "/reports",
    response={201: schemas.ReceiptOut, 200: schemas.ReceiptOut, **PROBLEMS},
    auth=None,
    openapi_extra={"parameters": [_KEY_HEADER], "security": [{}, {"Token": []}]},
)
def send_report(request: HttpRequest, report: schemas.ReportIn) -> Any:
    """诉求上报: take in one report; 201 with its case, or 200 with the same answer when its key was seen before.

    Channel `web` needs no token; every other channel needs one (`Authorization: Bearer …`).
    """
    sender = holder(request.headers.get("Authorization", ""))
    raw = report.dict(exclude_unset=True)
    if not raw.get("key"):
        raw["key"] = request.headers.get("Idempotency-Key", "")
    hub = gate.hub()
    receipt = hub.take_in([admit(raw, sender, hub.clock())])[0]
    return Status(201 if receipt.new else 200, answer(receipt, hub.tools.knowledge))


_READING = {
    "type": "object",
    "required": ["sensor", "at", "value"],
    "properties": {
        "sensor": {"type": "string"},
        "at": {"type": "string", "format": "date-time"},
        "value": {"type": "number"},
    },
}


@router.post(
    "/readings",
    response={200: schemas.ReadingsOut, **{**PROBLEMS, 422: schemas.ReadingsProblem}},
    auth=None,
    openapi_extra={
        "security": [{"Token": []}],
        "requestBody": {
            "required": True,
            "content": {
                "application/json": {"schema": {"oneOf": [_READING, {"type": "array", "items": _READING}]}},
            },
        },
    },
)
def send_readings(request: HttpRequest) -> Any:
    """感知读数: one reading or a list; good rows go in, each bad row comes back with its sentence."""
    demand(holder(request.headers.get("Authorization", "")), "sensor")
    try:
        given = orjson.loads(request.body)
    except orjson.JSONDecodeError as error:
        raise BadInput(f"body: {error}; expected JSON / 请求体不是合法的 JSON") from None
    rows = given if isinstance(given, list) else [given]
    if len(rows) > READINGS:
        raise BadInput(f"body: found {len(rows)} readings, expected at most {READINGS}")
    return _observe(rows)


def _observe(rows: list[Any]) -> Any:
    hub = gate.hub()
    now = hub.clock()
    good: dict[tuple[str, Any], dict[str, Any]] = {}
    bad: list[dict[str, Any]] = []
    for n, row in enumerate(rows):
        try:
            one = reading(row, hub.tools.sensors, now)
            good[one["sensor"], one["at"]] = one
        except BadInput as error:
            bad.append({"row": n, "error": str(error), "field": str(error).partition(":")[0]})
    if not good:
        problem = {"error": "no reading could be taken / 没有可用的读数", "field": "", "rejected": bad}
        return Status(422, problem)
    warned = [fact for fact in hub.observe(list(good.values())) if fact.kind == Kind.WARNED]
    warnings = [{"case": f.subject, "number": f.payload["number"], "sensor": f.payload["sensor"]} for f in warned]
    return Status(200, {"accepted": len(rows) - len(bad), "rejected": bad, "warnings": warnings})


@router.get("/track/{number}", response={200: schemas.TrackedOut, **PROBLEMS}, auth=None)
def track(request: HttpRequest, number: str, token: str) -> Any:
    """公开进度: what became of one report, for whoever holds its tracking token."""
    report = untrack(token)
    matter = receipts.matters([report]).get(report)
    if matter is None or not hmac.compare_digest(matter.number.encode(), number.encode("utf-8", "replace")):
        raise NotFound("this tracking link is not valid / 查询链接无效")
    return Status(200, tracked(matter, gate.hub().tools.knowledge))
