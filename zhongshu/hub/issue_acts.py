"""热点处置 what people do about a hot issue, and what a viewer who sees a part of it reads as its figures."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from django.db import transaction

from zhongshu.data import hot, write
from zhongshu.data.databases import ROAD
from zhongshu.data.figures import rules
from zhongshu.hub import forms
from zhongshu.hub.hot import measured
from zhongshu.hub.hub import Hub
from zhongshu.kernel.access import Viewer
from zhongshu.kernel.clocks import CITY_TIME
from zhongshu.kernel.desk import Knowledge
from zhongshu.kernel.errors import BadInput, IllegalMove, NotFound
from zhongshu.kernel.facts import Fact, Kind
from zhongshu.kernel.lifecycle import Role

ROLES = frozenset({Role.CHIEF, Role.ARBITER})
"""Who may say that an issue is known, or silence it."""
NEEDS: Mapping[str, tuple[str, ...]] = {
    Kind.ISSUE_KNOWN: ("reason",),
    Kind.ISSUE_SILENCED: ("reason", "until"),
}
LONGEST = 366
"""Days that an issue may be silenced at most."""


def act(hub: Hub, viewer: Viewer, issue: int, kind: str, given: Mapping[str, Any]) -> Fact:
    """标为已知, 静默: the fact that this act is, written. Raises BadInput, IllegalMove or NotFound."""
    row = hot.whole(viewer, issue)
    if row is None:
        raise NotFound(f"there is no issue {issue} here / 没有这个热点，或不在您的范围内")
    if not may(viewer, row) or kind not in NEEDS:
        raise IllegalMove(f"{kind} is for who sees the whole issue / 只有能看到热点全部的裁定岗、负责人可以这样做")
    payload = forms.read(kind, given)
    missing = [name for name in NEEDS[kind] if name not in payload]
    if missing:
        raise BadInput(f"{missing[0]}: found nothing, {kind} needs it / “{missing[0]}”必填")
    _check(payload, hub.tools.knowledge, hub.clock())
    said = {"number": row["number"], "title": row["title"], **payload, "by": viewer.user, "unit": viewer.unit}
    with transaction.atomic(using=ROAD):
        fact = Fact(hub.ids.take(), kind, issue, hub.clock(), actor=viewer.post, place=row["place"], payload=said)
        write.append([fact])
    return fact


def may(viewer: Viewer, row: Mapping[str, Any]) -> bool:
    """Whether this viewer may speak for the whole issue."""
    return bool(ROLES & viewer.roles) and viewer.span.holds(row["place"]) and row["state"] not in ("merged", "ended")


def _check(payload: Mapping[str, Any], knowledge: Knowledge, now: datetime) -> None:
    topic, until = payload.get("topic"), payload.get("until")
    if topic and topic not in knowledge.categories:
        raise IllegalMove(f"topic: there is no {topic!r} / 没有“{topic}”这个类别")
    if until:
        days = (date.fromisoformat(until) - now.astimezone(CITY_TIME).date()).days
        if not 0 < days <= LONGEST:
            raise BadInput(f"until: found {until}, expected a day within a year / 静默须有一年以内的截止日期")


def own(viewer: Viewer, rows: Sequence[dict[str, Any]], now: datetime) -> list[dict[str, Any]]:
    """The same issues with the figures of what this viewer may see; `part` tells which of them are not whole."""
    partial = [row["id"] for row in rows if not viewer.span.holds(row["place"])]
    if not partial:
        return [{**row, "part": False} for row in rows]
    limits = rules.thresholds()
    seen: dict[int, list[dict[str, Any]]] = {}
    for voice in hot.voices(viewer, partial):
        seen.setdefault(voice["issue"], []).append(voice)
    return [
        {**row, **measured(seen[row["id"]], now, limits), "part": True, "peak": None}
        if row["id"] in seen
        else {**row, "part": False}
        for row in rows
    ]
