"""应答 answers: a report's receipt, the same whether it was just made or is read again from the database."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any

from zhongshu.data import receipts
from zhongshu.data.receipts import Matter
from zhongshu.hub.hub import Receipt
from zhongshu.hub.judge.emergency import emergency
from zhongshu.kernel.desk import Knowledge
from zhongshu.kernel.errors import NotFound
from zhongshu.kernel.facts import Fact, Kind
from zhongshu.kernel.lifecycle import ARROWS, BIRTHS, BY_KIND
from zhongshu.screen.tracking import track_url

QUEUED = "queued"
"""State of a report that is safe but has not travelled yet."""

_TARGETS = {arrow.kind: arrow.target for arrow in ARROWS if arrow.target}
_BORN = frozenset({Kind.JUDGED, Kind.UNCLEAR})


def answer(receipt: Receipt, knowledge: Knowledge) -> dict[str, Any]:
    """The body for one receipt. A new case is told from its facts; everything else costs one statement."""
    first = receipt.facts[0] if receipt.facts else None
    if first is not None and first.kind in _BORN and not any(fact.kind == Kind.STUCK for fact in receipt.facts):
        return _from_facts(receipt, knowledge)
    found = receipts.matters([receipt.report])
    if receipt.report not in found:
        raise NotFound(f"there is no report {receipt.report} / 没有这条诉求")
    return from_matter(found[receipt.report], knowledge)


def _from_facts(receipt: Receipt, knowledge: Knowledge) -> dict[str, Any]:
    born = receipt.facts[0]
    p = born.payload
    sent: Mapping[str, Any] = next((f.payload for f in receipt.facts if f.kind == Kind.DISPATCHED), {})
    given = {
        "report": receipt.report,
        "case": born.subject,
        "number": p["number"],
        "state": _state(receipt.facts),
        "place": born.place,
        "grid": p["grid"],
        "host": sent.get("host", ""),
        "merged": False,
        "call": call(p["text"], knowledge),
    }
    judged = {"code": p["category"], "confidence": p["confidence"], "reasons": p["reasons"]}
    return _body(given, judged, _running(receipt.facts), knowledge)


def _running(facts: Iterable[Fact]) -> list[Mapping[str, Any]]:
    """The clocks that these facts started and that run on after the last of them."""
    held: dict[str, Mapping[str, Any]] = {}
    for fact in facts:
        for name in BY_KIND[fact.kind].stops if fact.kind in BY_KIND else ():
            held.pop(name, None)
        held.update({clock["name"]: clock for clock in fact.payload.get("clocks", ())})
    return list(held.values())


def call(text: str, knowledge: Knowledge) -> str:
    """The number that somebody who says this should call at once (119, 110, 120 …); "" when nothing is an emergency."""
    hit = emergency(text, knowledge.emergencies)
    return hit["channel"] if hit else ""


def _state(facts: Iterable[Fact]) -> str:
    state = ""
    for fact in facts:
        state = str(_TARGETS.get(Kind(fact.kind)) or BIRTHS.get(fact.kind) or state)
    return state


def from_matter(matter: Matter, knowledge: Knowledge) -> dict[str, Any]:
    """The body for a report as the database has it."""
    given = {
        "report": matter.report,
        "case": matter.case,
        "number": matter.number,
        "state": matter.state or QUEUED,
        "place": matter.place or matter.reported_place,
        "grid": matter.grid,
        "host": matter.host,
        "merged": matter.merged,
        "call": call(matter.text, knowledge),
    }
    judged = {"code": matter.category, "confidence": matter.confidence, "reasons": matter.reasons}
    return _body(given, judged, matter.deadlines, knowledge)


def _body(
    given: dict[str, Any], judged: dict[str, Any], deadlines: Iterable[Mapping[str, Any]], knowledge: Knowledge
) -> dict[str, Any]:
    category = knowledge.categories.get(judged["code"])
    unit = knowledge.units.get(given["host"])
    place = given.pop("place")
    host = given.pop("host")
    due = [{"name": one["name"], "due_at": _utc(one["due_at"])} for one in deadlines]
    return {
        **given,
        "place": {"code": place, "name": knowledge.names.get(place, ""), "grid": given.pop("grid")},
        "category": {**judged, "name": category.name if category else ""},
        "unit": {"code": host, "name": unit.name if unit else ""},
        "deadlines": sorted(due, key=lambda one: one["due_at"]),
        "track_url": track_url(given["report"]),
    }


def _utc(moment: str) -> str:
    return datetime.fromisoformat(moment).astimezone(UTC).isoformat()


def tracked(matter: Matter, knowledge: Knowledge) -> dict[str, Any]:
    """The public fields of a report: nothing about other reporters, nothing that only the administration may know."""
    category = knowledge.categories.get(matter.category)
    unit = knowledge.units.get(matter.host)
    return {
        "number": matter.number,
        "state": matter.state or QUEUED,
        "text": matter.text,
        "category": category.name if category else "",
        "place": knowledge.names.get(matter.place, ""),
        "unit": unit.name if unit else "",
        "reported_at": matter.at,
        "due_at": matter.due_at,
        "closed_at": matter.closed_at,
        "merged": matter.merged,
    }
