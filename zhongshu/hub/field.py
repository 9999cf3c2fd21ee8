"""一线办理 the field through the hub: checking in, and a move that may arrive twice from a telephone."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from math import isfinite
from typing import TYPE_CHECKING, Any

from django.db import transaction

from zhongshu.data import cases, intake, write
from zhongshu.data.databases import ROAD
from zhongshu.hub.resources import rounds
from zhongshu.hub.sense.normalise import normalise, whole
from zhongshu.kernel.access import Viewer
from zhongshu.kernel.errors import BadInput, NotFound
from zhongshu.kernel.facts import Fact, Kind
from zhongshu.kernel.places import Place

if TYPE_CHECKING:
    from zhongshu.hub.hub import Hub

SOURCE = "field"
"""Sender of what a telephone in the field brings; the person's number is part of it, so that no key is another's."""


def source_of(viewer: Viewer, kind: str) -> str:
    return f"{SOURCE}:{kind}:{viewer.user}"


def check_in(hub: Hub, viewer: Viewer, given: Mapping[str, Any]) -> int:
    """签到 with lon, lat (WGS-84), accuracy in metres, the moment it was made, its key, and a case or none.

    The fact's id; the same one when the key was sent before. Raises BadInput or NotFound.
    """
    point, at = _told(given, hub.clock())
    key = str(given.get("key", ""))[:200]
    if not key:
        raise BadInput("key: found nothing, expected what makes this check-in one / 缺少签到编号")
    with transaction.atomic(using=ROAD):
        number = hub.ids.take()
        held = intake.claim([(source_of(viewer, "check-in"), key, number)])[number]
        if held != number:
            return held
        case = _case(viewer, given)
        place = hub.tools.atlas.locate([point], [""])[0]
        payload = {
            "lon": point.lon,
            "lat": point.lat,
            "accuracy": _metres(given.get("accuracy")),
            "grid": place.grid if place.code else "",
            "case": case,
            "by": viewer.user,
            "unit": viewer.unit,
        }
        inside = bool(place.code) and viewer.span.holds(place.code)
        payload["outside"] = bool(place.code) and not inside
        where = place.code if inside else viewer.place
        write.append([Fact(number, Kind.CHECKED_IN, number, at, None, viewer.post, where, payload=payload)])
    return number


def _told(given: Mapping[str, Any], now: datetime) -> tuple[Place, datetime]:
    read = normalise({**given, "text": "签到", "channel": "grid"}, now)
    return Place(read.lon, read.lat), read.at


def _metres(value: Any) -> float | None:
    try:
        found = float(value)
    except (TypeError, ValueError):
        return None
    return round(found, 1) if isfinite(found) and found >= 0 else None


def _case(viewer: Viewer, given: Mapping[str, Any]) -> int:
    asked = str(given.get("case") or "")
    if not asked:
        return 0
    number = whole(asked) or 0
    row = cases.rows([number]).get(number)
    if row is None or not viewer.span.holds(row["place"]):
        raise NotFound(f"there is no case {asked} here / 没有这个案件，或不在您的范围内")
    return number


def act_once(hub: Hub, viewer: Viewer, key: str, move: tuple[int, str, Mapping[str, Any]]) -> bool:
    """A move (case, kind, payload) under a key of the telephone; False when it had been made before.

    Raises BadInput, IllegalMove or NotFound; then the key is free again.
    """
    if not key:
        raise BadInput("key: found nothing, expected what makes this move one / 缺少动作编号")
    case, kind, payload = move
    with transaction.atomic(using=ROAD):
        new = _claimed(hub, viewer, "act", key)
        if new:
            hub.act(viewer, case, kind, payload)
    return new


def visit_once(hub: Hub, viewer: Viewer, key: str, visit: rounds.Visit) -> int:
    """走访: one form in place of many under a key of the telephone; the number of forms filled, 0 when it had been sent
    before. Raises BadInput, IllegalMove or NotFound; then the key is free again."""
    if not key:
        raise BadInput("key: found nothing, expected what makes this visit one / 缺少走访编号")
    with transaction.atomic(using=ROAD):
        new = _claimed(hub, viewer, "visit", key)
        return len(rounds.fill(hub.desk, viewer, *visit)) if new else 0


def _claimed(hub: Hub, viewer: Viewer, kind: str, key: str) -> bool:
    """Whether this key is new; it is kept with the caller's transaction."""
    number = hub.ids.take()
    return intake.claim([(source_of(viewer, kind), key[:200], number)])[number] == number
