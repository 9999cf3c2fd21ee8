"""共享的投影 what moves of applications, orders and reviews change beside their own row, and what a use changes. Pure.

A move that opens access carries the whole grant in `given.grant`, so that a rebuild needs nothing else.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from zhongshu.data.changes import Changes
from zhongshu.kernel.facts import Fact, Kind

Rule = Callable[[Changes, Fact], None]


def _open(c: Changes, f: Fact) -> None:
    grant: Mapping[str, Any] = f.payload["given"]["grant"]
    told = {"since": f.at.isoformat(), "state": "active", "ended_at": None, "why": ""}
    c.put("share_grant", f.subject, **grant, **told)


def _end(c: Changes, f: Fact) -> None:
    """Access that was never opened has no row to end."""
    why = str(f.payload["given"].get("reason", ""))
    c.patch("share_grant", f.subject, state=f.payload["state"], ended_at=f.at, why=why)


def _regrade(c: Changes, f: Fact) -> None:
    given = f.payload["given"]
    for one in given["grades"]:
        told = {"at": f.at, "by": f.payload["by"], "reason": given["reason"], "proceeding": f.subject, "place": f.place}
        c.put("grade_set", f"{one['dataset']}/{one['item']}", **one, **told)


EFFECTS: Mapping[str, Rule] = {
    **dict.fromkeys(("sharing.authorise", "sharing.provide", "sharing.rule_share", "requisition.execute"), _open),
    **dict.fromkeys(("sharing.revoke", "sharing.expire", "requisition.cancel", "requisition.expire"), _end),
    **dict.fromkeys(("regrade.adopt", "regrade.rule_change"), _regrade),
}
"""By "family.move"."""


def _used(c: Changes, f: Fact) -> None:
    c.put("share_use", f.id, at=f.at, place=f.place, **f.payload["use"])


def _flowed(c: Changes, f: Fact) -> None:
    p = f.payload
    same = {name: p[name] for name in ("flow", "direction", "unit", "dataset", "items", "how", "period", "ended")}
    for n, (place, rows) in enumerate(sorted(p["places"].items())):
        c.put("flow_entry", f"{f.id}:{n}", **same, place=place, rows=rows, due_at=p.get("due_at"), at=f.at)


def _returned(c: Changes, f: Fact) -> None:
    told = {"since": f.at.isoformat(), "state": "active", "ended_at": None, "why": ""}
    c.put("share_grant", f.subject, **f.payload["grant"], **told)


RULES: Mapping[str, Rule] = {
    Kind.RETURN_OPENED: _returned,
    Kind.DATA_USED: _used,
    Kind.DATA_USE_FAILED: _used,
    Kind.DATA_FLOWED: _flowed,
}
