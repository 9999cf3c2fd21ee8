"""告警处理 what people do about a red sign: make a case of it, with class, place and unit filled in, or dismiss it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import transaction

from zhongshu.data.databases import ROAD
from zhongshu.data.signs import alarms, book
from zhongshu.hub import runner
from zhongshu.hub.hub import Hub
from zhongshu.kernel.access import Viewer
from zhongshu.kernel.clocks import number_of
from zhongshu.kernel.desk import Desk, Knowledge, title_of
from zhongshu.kernel.errors import BadInput, IllegalMove, NotFound
from zhongshu.kernel.facts import Fact, Kind
from zhongshu.kernel.lifecycle import Role

ROLES = frozenset({Role.OPERATOR, Role.CHIEF})
"""Who may make a case of an alarm, or dismiss it."""
CHANNEL = "sign"
LONGEST = 500


def file(hub: Hub, viewer: Viewer, alarm: int, given: Mapping[str, str]) -> int:
    """成案: the number of the case that the alarm became. Raises BadInput, IllegalMove or NotFound."""
    with transaction.atomic(using=ROAD):
        row, desk = _open(viewer, alarm), hub.desk()
        warned = warning(row, given, viewer, desk)
        answered = _answered(row, {"case": warned.subject, "reason": _reason(given, False)}, viewer, desk)
        runner.submit([warned, answered], desk)
    return warned.subject


def dismiss(hub: Hub, viewer: Viewer, alarm: int, given: Mapping[str, str]) -> None:
    """不成案, with the reason. Raises BadInput, IllegalMove or NotFound."""
    with transaction.atomic(using=ROAD):
        row, desk = _open(viewer, alarm), hub.desk()
        runner.submit([_answered(row, {"reason": _reason(given, True)}, viewer, desk)], desk)


def unit(hub: Hub, viewer: Viewer, alarm: int, given: Mapping[str, str]) -> str:
    """The unit that the duties in force would give such a case to; "" when they would not say. Nothing is kept.

    Raises BadInput, IllegalMove or NotFound, as `file` would.
    """
    with transaction.atomic(using=ROAD):
        row, desk = _open(viewer, alarm), hub.desk()
        derived = runner.travel([warning(row, given, viewer, desk)], desk)
        transaction.set_rollback(True, using=ROAD)
    return next((str(fact.payload["host"]) for fact in derived if fact.kind == Kind.DECIDED), "")


def _open(viewer: Viewer, alarm: int) -> dict[str, Any]:
    row = alarms.locked(alarm)
    if row is None or not viewer.span.holds(row["place"]):
        raise NotFound(f"there is no alarm {alarm} here / 没有这条告警，或不在您的范围内")
    if not ROLES & viewer.roles:
        raise IllegalMove("an alarm is for operators and chiefs / 告警由受理岗、负责人处理")
    if row["state"] != "open":
        raise IllegalMove(f"alarm {alarm} is answered already / 这条告警已处理")
    return row


def _reason(given: Mapping[str, str], needed: bool) -> str:
    said = given.get("reason", "").strip()
    if needed and not said:
        raise BadInput("reason: found nothing, an alarm is dismissed with a reason / “理由”必填")
    if len(said) > LONGEST:
        raise BadInput(f"reason: found {len(said)} characters, expected at most {LONGEST} / 理由过长")
    return said


def warning(row: Mapping[str, Any], given: Mapping[str, str], viewer: Viewer, desk: Desk) -> Fact:
    """The fact that begins the case, as the alarm and the person say; BadInput for a class or place nobody knows."""
    category, place = _named(row, given, viewer, desk.knowledge)
    sign = book.signs().get(row["sign"])
    name = sign.name if sign else row["sign"]
    amount = f"{row['value']:g}{sign.unit if sign else ''}"
    where = desk.knowledge.names.get(place, place)
    text = given.get("text", "").strip()[:LONGEST] or f"{where}{name} {amount}，达到红线 {row['limit']:g}"
    number = desk.new_id()
    payload: dict[str, Any] = {
        "number": number_of(desk.now(), number),
        "title": title_of(text),
        "text": text,
        "channel": CHANNEL,
        "category": category,
        "confidence": 1.0,
        "reasons": [[f"{name} {amount} ≥ {row['limit']:g}", 1.0]],
        "urgency": 1,
        "address": where,
        "sensor": f"sign:{row['sign']}",
        "value": row["value"],
        "threshold": row["limit"],
    }
    return Fact(
        desk.new_id(), Kind.WARNED, number, desk.now(), cause=None, actor=viewer.post, place=place, payload=payload
    )


def _named(row: Mapping[str, Any], given: Mapping[str, str], viewer: Viewer, knowledge: Knowledge) -> tuple[str, str]:
    category = given.get("category") or row["category"]
    place = given.get("place") or row["place"]
    if category not in knowledge.categories:
        raise BadInput(f"category: found {category!r}, expected a class of this city / 请选择类别")
    if place not in knowledge.names or not viewer.span.holds(place):
        raise BadInput(f"place: found {place!r}, expected a division within your range / 请选择您范围内的区划")
    return category, place


def _answered(row: Mapping[str, Any], said: Mapping[str, Any], viewer: Viewer, desk: Desk) -> Fact:
    payload = {**said, "sign": row["sign"], "by": viewer.user, "unit": viewer.unit}
    return Fact(
        desk.new_id(),
        Kind.SIGN_ANSWERED,
        row["id"],
        desk.now(),
        actor=viewer.post,
        place=row["place"],
        payload=payload,
    )
