"""投影 projection: what each kind of fact changes in the tables that screens read. Pure, so that a rebuild is exact."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

from zhongshu.data.grams import grams
from zhongshu.kernel.facts import Fact, Kind
from zhongshu.kernel.lifecycle import ARROWS, BIRTHS, State

Key = int | str
CELL = 0.002
"""Side of a neighbourhood cell in degrees (about 220 m north-south): see cases.neighbours."""

_TARGETS: dict[str, State] = {arrow.kind: arrow.target for arrow in ARROWS if arrow.target}


def cell(lon: float | None, lat: float | None) -> int | None:
    """The neighbourhood cell of a WGS-84 point, as one number."""
    if lon is None or lat is None:
        return None
    return int((lon + 180) / CELL) * 1_000_000 + int((lat + 90) / CELL)


@dataclass(slots=True)
class Changes:
    """行变更: rows to put whole, columns to patch, counters to add, merged per row over a whole batch."""

    puts: dict[str, dict[Key, dict[str, Any]]] = field(default_factory=dict)
    patches: dict[str, dict[Key, dict[str, Any]]] = field(default_factory=dict)
    adds: dict[str, dict[Key, dict[str, int]]] = field(default_factory=dict)

    def put(self, table: str, key: Key, /, **values: Any) -> None:
        self.puts.setdefault(table, {})[key] = {"id": key, **values}
        self.patches.get(table, {}).pop(key, None)
        self.adds.get(table, {}).pop(key, None)

    def patch(self, table: str, key: Key, /, **values: Any) -> None:
        whole = self.puts.get(table, {}).get(key)
        if whole is not None:
            whole.update(values)
        else:
            self.patches.setdefault(table, {}).setdefault(key, {}).update(values)

    def add(self, table: str, key: Key, /, **steps: int) -> None:
        whole = self.puts.get(table, {}).get(key)
        counters = whole if whole is not None else self.adds.setdefault(table, {}).setdefault(key, {})
        for name, step in steps.items():
            counters[name] = counters.get(name, 0) + step


Rule = Callable[[Changes, Fact], None]
_RULES: dict[str, Rule] = {}


def _on(*kinds: Kind) -> Callable[[Rule], Rule]:
    def register(rule: Rule) -> Rule:
        for kind in kinds:
            _RULES[kind] = rule
        return rule

    return register


def project(facts: Iterable[Fact]) -> Changes:
    """Fold facts, in order, into the row changes they mean."""
    changes = Changes()
    for fact in facts:
        rule = _RULES.get(fact.kind)
        if rule:
            rule(changes, fact)
        target = _TARGETS.get(fact.kind)
        if target:
            changes.patch("case", fact.subject, state=target.value)
    return changes


@_on(Kind.REPORTED)
def _reported(c: Changes, f: Fact) -> None:
    p = f.payload
    c.put(
        "report",
        f.subject,
        case=None,
        channel=p["channel"],
        source=p["source"],
        key=p["key"],
        at=f.at,
        text=p["text"],
        address=p.get("address", ""),
        lon=p.get("lon"),
        lat=p.get("lat"),
        place=f.place,
        grid="",
        contact=p.get("contact"),
        merged=False,
        called=False,
    )


@_on(Kind.JUDGED, Kind.UNCLEAR, Kind.WARNED)
def _judged(c: Changes, f: Fact) -> None:
    p = f.payload
    if not p.get("birth", True):
        c.patch("case", f.subject, category=p["category"], confidence=p["confidence"], state=State.JUDGED.value)
        return
    c.put("case", f.subject, **_birth(f), state=BIRTHS[f.kind].value)
    if p.get("report"):
        place = {"place": f.place, "grid": p.get("grid", "")}
        c.patch("report", p["report"], case=f.subject, merged=False, lon=p.get("lon"), lat=p.get("lat"), **place)
    if f.kind == Kind.WARNED:
        reading = {"sensor": p["sensor"], "value": p["value"], "threshold": p["threshold"]}
        c.put("warning", f.subject, place=f.place, at=f.at, cleared_at=None, **reading)


def _birth(f: Fact) -> dict[str, Any]:
    p = f.payload
    return {
        "number": p["number"],
        "title": p["title"],
        "text": p["text"],
        "category": p["category"],
        "confidence": p["confidence"],
        "reasons": p.get("reasons", []),
        "others": p.get("others", []),
        "place": f.place,
        "grid": p.get("grid", ""),
        "address": p.get("address", ""),
        "lon": p.get("lon"),
        "lat": p.get("lat"),
        "cell": cell(p.get("lon"), p.get("lat")),
        "channel": p["channel"],
        "host": "",
        "assists": [],
        "duty": "",
        "opened_at": f.at,
        "due_at": None,
        "closed_at": None,
        "urgency": p.get("urgency", 0),
        "special": p.get("special", False),
        "needs": p.get("needs", []),
        "reports": 1 if p.get("report") else 0,
        "returned": 0,
        "reworked": 0,
        "reopened": 0,
        "escalated": 0,
        "overdue": False,
        "stuck": False,
        "proactive": f.kind == Kind.WARNED,
        "handler": 0,
        "grams": grams(p["text"] + " " + p.get("address", "") + " " + p["number"]),
    }


@_on(Kind.MERGED)
def _merged(c: Changes, f: Fact) -> None:
    report = f.payload["report"]
    c.patch("report", report, case=f.subject, merged=True, place=f.place)
    c.add("case", f.subject, reports=1)
    if f.payload.get("from"):
        c.add("case", f.payload["from"], reports=-1)
    if f.payload.get("proposal"):
        c.patch("merge_proposal", f.payload["proposal"], settled=True)


@_on(Kind.MERGE_DECLINED)
def _declined(c: Changes, f: Fact) -> None:
    c.patch("merge_proposal", f.payload["proposal"], settled=True)


@_on(Kind.ABSORBED)
def _absorbed(c: Changes, f: Fact) -> None:
    c.patch("case", f.subject, closed_at=f.at)
    for name in ("sign", "handle"):
        c.patch("clock", f"{f.subject}:{name}", stopped_at=f.at)


@_on(Kind.SPLIT)
def _split(c: Changes, f: Fact) -> None:
    c.patch("report", f.payload["report"], merged=False)
    c.add("case", f.subject, reports=-1)


@_on(Kind.MERGE_PROPOSED)
def _proposed(c: Changes, f: Fact) -> None:
    p = f.payload
    link = {"case": f.subject, "report": p["report"], "other": p["other"]}
    c.put("merge_proposal", f.id, place=f.place, score=p["score"], reasons=p["reasons"], settled=False, **link)


@_on(Kind.CLASSIFIED)
def _classified(c: Changes, f: Fact) -> None:
    p = f.payload
    moved = {"place": f.place} if p.get("place") else {}
    c.patch("case", f.subject, category=p["category"], confidence=1.0, **moved)


@_on(Kind.DECIDED, Kind.RULED)
def _decided(c: Changes, f: Fact) -> None:
    c.patch("case", f.subject, host=f.payload["host"], duty=f.payload.get("duty", ""))


@_on(Kind.DISPATCHED)
def _dispatched(c: Changes, f: Fact) -> None:
    p = f.payload
    c.patch("case", f.subject, host=p["host"], assists=p["assists"], due_at=p["due_at"], overdue=False)
    for task in p["tasks"]:
        c.put(
            "task",
            f"{f.subject}:{task['unit']}",
            case=f.subject,
            unit=task["unit"],
            role=task["role"],
            place=f.place,
            state="given",
            given_at=f.at,
            due_at=task["due_at"],
            signed_at=None,
            done_at=None,
        )
    for clock in p["clocks"]:
        c.put(
            "clock",
            f"{f.subject}:{clock['name']}",
            case=f.subject,
            name=clock["name"],
            place=f.place,
            starts_at=f.at,
            due_at=clock["due_at"],
            stopped_at=None,
            minutes=clock["minutes"],
            calendar=clock["calendar"],
            overdue=False,
        )


@_on(Kind.SIGNED)
def _signed(c: Changes, f: Fact) -> None:
    c.patch("task", f"{f.subject}:{f.payload['unit']}", state="signed", signed_at=f.at)
    c.patch("clock", f"{f.subject}:sign", stopped_at=f.at)


@_on(Kind.RETURNED)
def _returned(c: Changes, f: Fact) -> None:
    c.patch("task", f"{f.subject}:{f.payload['unit']}", state="returned", done_at=f.at)
    c.patch("clock", f"{f.subject}:sign", stopped_at=f.at)
    c.patch("clock", f"{f.subject}:handle", stopped_at=f.at)
    c.add("case", f.subject, returned=1)


@_on(Kind.HANDLED)
def _handled(c: Changes, f: Fact) -> None:
    c.patch("task", f"{f.subject}:{f.payload['unit']}", state="done", done_at=f.at)
    c.patch("clock", f"{f.subject}:handle", stopped_at=f.at)
    c.patch("case", f.subject, handler=f.payload["by"])


@_on(Kind.CHECK_FAILED)
def _check_failed(c: Changes, f: Fact) -> None:
    c.patch("task", f"{f.subject}:{f.payload['unit']}", state="signed", done_at=None)
    c.patch("clock", f"{f.subject}:handle", stopped_at=None)
    c.add("case", f.subject, reworked=1)


@_on(Kind.CALLED_BACK)
def _called_back(c: Changes, f: Fact) -> None:
    p = f.payload
    answer = {"contacted": p["contacted"], "solved": p.get("solved"), "satisfaction": p.get("satisfaction")}
    link = {"case": f.subject, "report": p["report"], "round": p.get("round", 0)}
    c.put("call_back", f.id, place=f.place, at=f.at, **link, **answer)
    c.patch("report", p["report"], called=True)


@_on(Kind.CLOSED)
def _closed(c: Changes, f: Fact) -> None:
    c.patch("case", f.subject, closed_at=f.at)


@_on(Kind.REOPENED)
def _reopened(c: Changes, f: Fact) -> None:
    c.patch("case", f.subject, closed_at=None)
    for report in f.payload.get("reports", []):
        c.patch("report", report, called=False)
    c.add("case", f.subject, reopened=1)


@_on(Kind.OVERDUE)
def _overdue(c: Changes, f: Fact) -> None:
    c.patch("clock", f"{f.subject}:{f.payload['clock']}", overdue=True)
    if f.payload["clock"] == "handle":
        c.patch("case", f.subject, overdue=True)


@_on(Kind.ESCALATED)
def _escalated(c: Changes, f: Fact) -> None:
    c.patch("case", f.subject, escalated=f.payload["level"])


@_on(Kind.STUCK)
def _stuck(c: Changes, f: Fact) -> None:
    p = f.payload
    detail = {"kind": p["fact"]["kind"], "sentence": p["sentence"], "trace": p["trace"], "fact": p["fact"]}
    c.put("stuck", f.id, subject=f.subject, place=f.place, at=f.at, settled=False, **detail)
    c.patch("case", f.subject, stuck=True)


@_on(Kind.UNSTUCK)
def _unstuck(c: Changes, f: Fact) -> None:
    c.patch("stuck", f.payload["stuck"], settled=True)
    c.patch("case", f.subject, stuck=False)


@_on(Kind.CLEARED)
def _cleared(c: Changes, f: Fact) -> None:
    c.patch("warning", f.subject, cleared_at=f.at)
