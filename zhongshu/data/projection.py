"""投影 projection: what each kind of fact changes in the tables that screens read. Pure, so that a rebuild is exact."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from zhongshu.data.areas import RULES as _AREAS
from zhongshu.data.areas import Rule
from zhongshu.data.changes import Changes
from zhongshu.data.grams import grams
from zhongshu.data.judgement_rows import note
from zhongshu.kernel.clocks import number_of
from zhongshu.kernel.facts import Fact, Kind
from zhongshu.kernel.lifecycle import ARROWS, BIRTHS, BY_KIND, REQUESTS, State
from zhongshu.kernel.places import cell

_TARGETS: dict[str, State] = {arrow.kind: arrow.target for arrow in ARROWS if arrow.target}

_RULES: dict[str, Rule] = dict(_AREAS)


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
        note(changes, fact)
        _tick(changes, fact)
        _ask_or_answer(changes, fact)
    return changes


def _tick(c: Changes, f: Fact) -> None:
    """What the table of moves does to the clocks. Those that start or go on come with the fact itself."""
    given = {clock["name"]: clock for clock in f.payload.get("clocks", ())}
    for name, clock in given.items():
        row = {"stopped_at": None, "paused_at": None, "overdue": False, "nearly": False, **clock}
        c.put("clock", f"{f.subject}:{name}", case=f.subject, place=f.place, **row)
    if "handle" in given:
        c.patch("case", f.subject, due_at=given["handle"]["due_at"])
        if f.payload.get("host"):
            c.patch("task", f"{f.subject}:{f.payload['host']}", due_at=given["handle"]["due_at"])
    move = BY_KIND.get(f.kind)
    if move is None:
        return
    for name in move.stops:
        if name not in given:
            c.stop(f.subject, name, f.at)
    for name in move.pauses:
        c.keep("clock", f"{f.subject}:{name}", paused_at=f.at)


def _ask_or_answer(c: Changes, f: Fact) -> None:
    p = f.payload
    if f.kind in REQUESTS:
        link = {"case": f.subject, "kind": f.kind, "place": f.place, "unit": p["unit"], "by": p["by"], "post": f.actor}
        asked = {name: value for name, value in p.items() if name not in ("unit", "by", "clocks")}
        c.put("request", f.id, **link, at=f.at, asked=asked, answer="", answered_at=None, answered_by=0)
    elif p.get("request"):
        c.patch("request", p["request"], answer=f.kind, answered_at=f.at, answered_by=p["by"])


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
        "named": p.get("named", ""),
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
        **{name: p[name] for name in ("place_type", "ownership") if p.get(name)},
    }


@_on(Kind.MERGED)
def _merged(c: Changes, f: Fact) -> None:
    report = f.payload["report"]
    c.patch("report", report, case=f.subject, merged=True, place=f.place)
    c.add("case", f.subject, reports=1)
    if f.payload.get("urgency"):
        c.rise("case", f.subject, urgency=f.payload["urgency"])
    if f.payload.get("from"):
        c.add("case", f.payload["from"], reports=-1)
    if f.payload.get("proposal"):
        c.patch("merge_proposal", f.payload["proposal"], settled=True)


@_on(Kind.MERGE_DECLINED)
def _declined(c: Changes, f: Fact) -> None:
    c.patch("merge_proposal", f.payload["proposal"], settled=True)


@_on(Kind.ABSORBED, Kind.CLOSED, Kind.REJECTED, Kind.NOT_FILED, Kind.VOIDED)
def _ended(c: Changes, f: Fact) -> None:
    c.patch("case", f.subject, closed_at=f.at)


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
    changed = {"place": f.place} if p.get("place") else {}
    changed |= {"nature": p["nature"]} if p.get("nature") else {}
    changed |= {name: p[name] for name in ("lon", "lat", "grid") if p.get("lon") is not None and name in p}
    c.patch("case", f.subject, category=p["category"], confidence=1.0, **changed)


@_on(Kind.DECIDED)
def _decided(c: Changes, f: Fact) -> None:
    c.patch("case", f.subject, host=f.payload["host"], duty=f.payload.get("duty", ""))
    if f.payload.get("ownership"):
        c.patch("case", f.subject, ownership=f.payload["ownership"])


@_on(Kind.UNDECIDED)
def _undecided(c: Changes, f: Fact) -> None:
    names = ("why", "wrong", "unit", "clause", "reason", "suggestions")
    asked = {name: f.payload[name] for name in names if name in f.payload}
    c.patch("case", f.subject, undecided={"fact": f.id, **asked})


@_on(Kind.RULED)
def _ruled(c: Changes, f: Fact) -> None:
    p = f.payload
    c.patch("case", f.subject, host=p["host"], duty="")
    if p.get("forbid_return"):
        c.patch("case", f.subject, forbid_return=True)
    rule = p.get("precedent")
    if rule:
        said = {"number": number_of(f.at, f.id), "at": f.at, "reason": p["reason"], "host": p["host"]}
        c.put("precedent", f.id, case=f.subject, **rule, **said, withdrawn_at=None, withdrawn_by=None)


@_on(Kind.PRECEDENT_WITHDRAWN)
def _precedent_withdrawn(c: Changes, f: Fact) -> None:
    c.patch("precedent", f.payload["precedent"], withdrawn_at=f.at, withdrawn_by=f.id)


@_on(Kind.DISPATCHED)
def _dispatched(c: Changes, f: Fact) -> None:
    p = f.payload
    c.patch("case", f.subject, host=p["host"], assists=p["assists"], due_at=p["due_at"], overdue=False, claimed=0)
    c.keep("case", f.subject, contact_unit=p.get("contact_unit", p["host"]))
    c.add("case", f.subject, dispatched=1)
    _give(c, f, p["tasks"])


def _give(c: Changes, f: Fact, tasks: Iterable[Mapping[str, Any]]) -> None:
    for task in tasks:
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


@_on(Kind.ASSIST_ADDED)
def _assist_added(c: Changes, f: Fact) -> None:
    c.patch("case", f.subject, assists=f.payload["assists"])
    _give(c, f, f.payload["tasks"])


@_on(Kind.SIGNED)
def _signed(c: Changes, f: Fact) -> None:
    c.patch("task", f"{f.subject}:{f.payload['unit']}", state="signed", signed_at=f.at)
    _claimed(c, f)


@_on(Kind.CLAIMED)
def _claimed(c: Changes, f: Fact) -> None:
    c.patch("case", f.subject, claimed=f.payload["by"])


@_on(Kind.RETURNED)
def _returned(c: Changes, f: Fact) -> None:
    c.patch("task", f"{f.subject}:{f.payload['unit']}", state="returned", done_at=f.at)
    c.add("case", f.subject, returned=1)


@_on(Kind.ASSISTED)
def _assisted(c: Changes, f: Fact) -> None:
    c.patch("task", f"{f.subject}:{f.payload['unit']}", state="done", done_at=f.at)


@_on(Kind.HANDLED)
def _handled(c: Changes, f: Fact) -> None:
    c.patch("task", f"{f.subject}:{f.payload['unit']}", state="done", done_at=f.at)
    c.patch("case", f.subject, handler=f.payload["by"])
    found = f.payload.get("reply")
    if found:
        score = {name: found[name] for name in ("total", "flag", "held")}
        c.put("reply", f.id, case=f.subject, place=f.place, unit=f.payload["unit"], at=f.at, **score)


@_on(Kind.CHECK_FAILED)
def _check_failed(c: Changes, f: Fact) -> None:
    c.patch("task", f"{f.subject}:{f.payload['unit']}", state="signed", done_at=None)
    c.add("case", f.subject, reworked=1)


@_on(Kind.MEETING_HELD)
def _met(c: Changes, f: Fact) -> None:
    c.patch("case", f.subject, met=True)


@_on(Kind.RETURN_FORBIDDEN)
def _forbidden(c: Changes, f: Fact) -> None:
    c.patch("case", f.subject, forbid_return=True)


_COUNTERS = {
    Kind.EXTENDED: "extended",
    Kind.HUNG: "hung",
    Kind.URGED: "urged",
    Kind.SUPERVISED: "supervised",
}
"""Kinds that only count up a column of the case."""


@_on(*_COUNTERS)
def _counted(c: Changes, f: Fact) -> None:
    c.add("case", f.subject, **{_COUNTERS[Kind(f.kind)]: 1})


@_on(Kind.EXCLUDED)
def _excluded(c: Changes, f: Fact) -> None:
    c.patch("case", f.subject, excluded=True)


@_on(Kind.EXCLUSION_REVIEWED)
def _exclusion_reviewed(c: Changes, f: Fact) -> None:
    c.patch("case", f.subject, excluded=f.payload["upheld"])


@_on(Kind.CALLED_BACK)
def _called_back(c: Changes, f: Fact) -> None:
    p = f.payload
    answer = {"contacted": p["contacted"], "solved": p.get("solved"), "satisfaction": p.get("satisfaction")}
    link = {"case": f.subject, "report": p["report"], "round": p.get("round", 0)}
    final = bool(p.get("final", True))
    c.put("call_back", f.id, place=f.place, at=f.at, final=final, **link, **answer)
    if final:
        c.patch("report", p["report"], called=True)


@_on(Kind.REOPENED, Kind.REDONE)
def _again(c: Changes, f: Fact) -> None:
    """`reopened` numbers the rounds of handling, whoever asked for another; `redone` counts those by "unsolved"."""
    c.patch("case", f.subject, closed_at=None)
    for report in f.payload.get("reports", []):
        c.patch("report", report, called=False)
    c.add("case", f.subject, reopened=1)
    if f.kind == Kind.REDONE:
        c.add("case", f.subject, redone=1)


@_on(Kind.NEARLY_OVERDUE)
def _nearly(c: Changes, f: Fact) -> None:
    c.patch("clock", f"{f.subject}:{f.payload['clock']}", nearly=True, wake_at=f.payload["due_at"])


@_on(Kind.OVERDUE)
def _overdue(c: Changes, f: Fact) -> None:
    c.patch("clock", f"{f.subject}:{f.payload['clock']}", overdue=True, wake_at=None)
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
