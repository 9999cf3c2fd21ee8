"""社区与一线的投影 what check-ins, members, topics, replies, votes and their turns change in their tables. Pure."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from zhongshu.data.changes import Changes
from zhongshu.kernel.facts import Fact, Kind

Rule = Callable[[Changes, Fact], None]

STATES: Mapping[str, str] = {
    "hide": "hidden",
    "appeal": "appealed",
    "restore": "open",
    "uphold": "upheld",
    "end": "ended",
}
"""Move of a topic or reply -> the state it leads to; any other leaves the state as it is."""
ADOPTIONS: Mapping[str, str] = {"adopt": "adopted", "done": "done", "confirm": "confirmed", "drop": ""}
"""认领: the same for what becomes of a topic that somebody took on himself."""


def _checked_in(c: Changes, f: Fact) -> None:
    p = f.payload
    told = {name: p[name] for name in ("grid", "unit", "by", "lon", "lat", "accuracy", "case")}
    c.put("check_in", f.id, place=f.place, at=f.at, **told)


def _helped(c: Changes, f: Fact) -> None:
    p = f.payload
    c.put("helped_report", f.subject, place=f.place, at=f.at, by=p["by"], unit=p["unit"], why=p["why"])


def _admitted(c: Changes, f: Fact) -> None:
    p = f.payload
    told = {"kind": p["kind"], "name": p["name"], "serial": 1, "admitted_at": f.at, "admitted_by": p["by"]}
    c.put("community_member", f.subject, place=f.place, **told, left_at=None)


def _member_moved(c: Changes, f: Fact) -> None:
    if f.payload["move"] == "leave":
        c.patch("community_member", f.subject, left_at=f.at)
    else:
        c.patch("community_member", f.subject, serial=f.payload["serial"], left_at=None)


_BLANK: Mapping[str, Any] = {"state": "open", "reason": "", "hidden_by": 0, "replies": 0, "report": 0, "case": 0}
_FREE: Mapping[str, Any] = {"adoption": "", "adopter": 0, "adopted_by": 0}


def _posted(c: Changes, f: Fact) -> None:
    p = f.payload
    told = {name: p[name] for name in ("kind", "title", "text", "member", "by", "unit", "options", "voters")}
    times = {"at": f.at, "changed_at": f.at, "closes_at": p["closes_at"]}
    c.put("community_topic", f.subject, place=f.place, **told, **times, **_BLANK, **_FREE)


def _replied(c: Changes, f: Fact) -> None:
    p = f.payload
    told = {name: p[name] for name in ("member", "by", "unit", "text")}
    blank = {"state": "open", "reason": "", "hidden_by": 0}
    c.put("community_reply", f.id, topic=f.subject, place=f.place, at=f.at, **told, **blank)
    c.add("community_topic", f.subject, replies=1)
    c.patch("community_topic", f.subject, changed_at=f.at)


def _voted(c: Changes, f: Fact) -> None:
    p = f.payload
    key = f"{f.subject}:{p['member']}"
    c.put("community_ballot", key, topic=f.subject, place=f.place, member=p["member"], option=p["option"], at=f.at)


def _moved(c: Changes, f: Fact) -> None:
    p = f.payload
    move = p["move"]
    table, key = ("community_reply", p["reply"]) if p.get("reply") else ("community_topic", f.subject)
    told: dict[str, Any] = {"state": STATES[move]} if move in STATES else {}
    if move == "hide":
        told |= {"reason": p["reason"], "hidden_by": p["by"]}
    if move == "file":
        told |= {"report": p["report"], "case": p["case"]}
    if move in ADOPTIONS:
        told |= {"adoption": ADOPTIONS[move]}
    if move in ("adopt", "drop"):
        told |= {"adopter": p["member"] if move == "adopt" else 0, "adopted_by": 0}
    if move == "confirm":
        told |= {"adopted_by": p["by"]}
    c.patch(table, key, **told)
    if table == "community_topic":
        c.patch(table, key, changed_at=f.at)


RULES: Mapping[str, Rule] = {
    Kind.CHECKED_IN: _checked_in,
    Kind.HELPED: _helped,
    Kind.MEMBER_ADMITTED: _admitted,
    Kind.MEMBER_MOVED: _member_moved,
    Kind.TOPIC_POSTED: _posted,
    Kind.TOPIC_REPLIED: _replied,
    Kind.BALLOT_CAST: _voted,
    Kind.TOPIC_MOVED: _moved,
}
