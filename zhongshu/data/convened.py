"""呼应与指令的投影 what each fact of a call or a directive changes in their tables. Pure, as projection.py."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from zhongshu.data.changes import Changes
from zhongshu.kernel.convening import CALL, DIRECTIVE, Matter
from zhongshu.kernel.facts import Fact, Kind

Rule = Callable[[Changes, Fact], None]

_TIMED = ("limits", "stopped", "missed", "wake_at")
_MATTER = ("number", "text", "authority", "urgent", "by", "owner_place", "cases")
_CALL = ("kind", "caller", "on_behalf", "address", "lon", "lat", "leave")
_DIRECTIVE = ("form", "issuer", "proof", "calls")

STAMPS: Mapping[str, str] = {
    Kind.CALL_ACKNOWLEDGED: "acknowledged_at",
    Kind.CALL_ARRIVED: "arrived_at",
    Kind.CALL_ACTED: "acted_at",
    Kind.CALL_RELEASED: "released_at",
    Kind.CALL_EXCUSED: "released_at",
    Kind.CALL_SCORED: "scored_at",
    Kind.DIRECTIVE_RECEIVED: "received_at",
    Kind.DIRECTIVE_EXECUTED: "executed_at",
    Kind.EXCEPTION_GRANTED: "answered_at",
    Kind.EXCEPTION_DECLINED: "answered_at",
    Kind.PROOF_ACCEPTED: "answered_at",
    Kind.PROOF_RETURNED: "answered_at",
}
"""When each step of a unit was taken."""

SAID: Mapping[str, Mapping[str, str]] = {
    Kind.CALL_ARRIVED: {"lon": "lon", "lat": "lat", "metres": "metres", "reason": "note"},
    Kind.CALL_ACTED: {"result": "result"},
    Kind.CALL_SCORED: {"score": "score", "word": "word"},
    Kind.DIRECTIVE_EXECUTED: {"result": "result"},
    Kind.DIRECTIVE_EXCEPTED: {"reason": "reason"},
}
"""Payload field -> column of the unit's row."""

PROVED = (Kind.CALL_ACKNOWLEDGED, Kind.CALL_ARRIVED, Kind.CALL_ACTED, Kind.DIRECTIVE_EXECUTED, Kind.DIRECTIVE_EXCEPTED)
"""What a person did that the other side judges."""


def _give(matter: Matter[Any], c: Changes, f: Fact) -> None:
    """New units of a matter, each in its first state."""
    for part in f.payload["units"]:
        whole = {"matter": f.subject, "place": f.place, "state": matter.first.value, "notified_at": f.at}
        c.put(matter.parts, f"{f.subject}:{part['unit']}", **{**whole, **_BLANK[matter.name], **part})


_BLANK: Mapping[str, Mapping[str, Any]] = {
    "call": {
        **dict.fromkeys(("acknowledged_at", "arrived_at", "acted_at", "released_at", "scored_at")),
        **dict.fromkeys(("lon", "lat", "metres", "score")),
        **dict.fromkeys(("note", "result", "word", "raised_from"), ""),
        "excused": False,
        "handler": 0,
    },
    "directive": {
        **dict.fromkeys(("received_at", "executed_at", "answered_at")),
        **dict.fromkeys(("result", "reason"), ""),
        "returned": 0,
        "accountable": [],
        "handler": 0,
    },
}


def _born(matter: Matter[Any], columns: tuple[str, ...]) -> Rule:
    def rule(c: Changes, f: Fact) -> None:
        given = {name: f.payload[name] for name in (*_MATTER, *columns)}
        given |= {"post": f.actor, "place": f.place, "state": matter.opens.value, "opened_at": f.at, "ended_at": None}
        given |= {"units": len(f.payload["units"])} | ({"raised": 0} if matter is CALL else {})
        c.put(matter.name, f.subject, **given)
        _give(matter, c, f)

    return rule


def _stepped(matter: Matter[Any]) -> Rule:
    """A move of or about one unit: its new state, its clocks, when it was, what was said."""

    def rule(c: Changes, f: Fact) -> None:
        p = f.payload
        changed = {name: p[name] for name in _TIMED if name in p}
        target = matter.arrows[f.kind].target
        changed |= {"state": target.value} if target else {}
        changed |= {STAMPS[f.kind]: f.at} if f.kind in STAMPS else {}
        changed |= {column: p[name] for name, column in SAID.get(f.kind, {}).items() if p.get(name) is not None}
        changed |= {"handler": p["by"]} if f.kind in PROVED else {}
        changed |= {"excused": True} if f.kind == Kind.CALL_EXCUSED else {}
        changed |= {"accountable": p["accountable"]} if f.kind == Kind.HELD_ACCOUNTABLE else {}
        key = f"{f.subject}:{p['unit']}"
        c.patch(matter.parts, key, **changed)
        if f.kind == Kind.PROOF_RETURNED:
            c.add(matter.parts, key, returned=1)

    return rule


def _widened(c: Changes, f: Fact) -> None:
    c.add("call", f.subject, units=len(f.payload["units"]))
    if f.kind == Kind.CALL_RAISED:
        c.add("call", f.subject, raised=1)
    _give(CALL, c, f)


def _finished(matter: Matter[Any]) -> Rule:
    def rule(c: Changes, f: Fact) -> None:
        target = matter.arrows[f.kind].target
        assert target is not None
        c.patch(matter.name, f.subject, state=target.value, ended_at=f.at)
        for unit in f.payload["all_units"]:
            c.patch(matter.parts, f"{f.subject}:{unit}", wake_at=None)

    return rule


RULES: Mapping[str, Rule] = {
    **{kind: _stepped(CALL) for kind in CALL.arrows},
    **{kind: _stepped(DIRECTIVE) for kind in DIRECTIVE.arrows},
    Kind.CALLED: _born(CALL, _CALL),
    Kind.DIRECTED: _born(DIRECTIVE, _DIRECTIVE),
    Kind.CALL_WIDENED: _widened,
    Kind.CALL_RAISED: _widened,
    Kind.CALL_WITHDRAWN: _finished(CALL),
    Kind.CALL_ENDED: _finished(CALL),
    Kind.DIRECTIVE_WITHDRAWN: _finished(DIRECTIVE),
    Kind.DIRECTIVE_ENDED: _finished(DIRECTIVE),
}
