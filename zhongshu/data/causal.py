"""病因的投影 what each fact of a cause changes in its tables. Pure, as projection.py."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from zhongshu.data.changes import Changes
from zhongshu.kernel.convening import CAUSE_ARROWS, CauseState
from zhongshu.kernel.facts import Fact, Kind

Rule = Callable[[Changes, Fact], None]

_LINK = ("first", "second", "distance", "lag", "strength", "p", "q", "run")


def _found(c: Changes, f: Fact) -> None:
    """Found, or found again: the places of the last finding are those that count."""
    p = f.payload
    told = {name: p[name] for name in _LINK} | {"number": p["number"], "place": f.place, "seen_at": f.at}
    told |= {"finding": f.id, "clusters": len(p["clusters"]), "cases": p["cases"]}
    if p["again"]:
        c.patch("cause", f.subject, **told)
    else:
        blank: dict[str, Any] = {
            "reason": "",
            "decided_at": None,
            "matter": "",
            "task": 0,
            "tasked_at": None,
            "tasked_by": 0,
        }
        born: dict[str, Any] = {"state": CauseState.FOUND.value, "found_at": f.at, "treated_at": None}
        c.put("cause", f.subject, **told, **blank, **born)
    for n, cluster in enumerate(p["clusters"]):
        c.put("cause_cluster", f"{f.id}:{n}", cause=f.subject, finding=f.id, **cluster)


def _moved(c: Changes, f: Fact) -> None:
    p, target = f.payload, CAUSE_ARROWS[f.kind].target
    changed: dict[str, Any] = {"state": target.value} if target else {}
    if p.get("reason"):
        changed |= {"reason": p["reason"], "decided_at": f.at}
    if f.kind == Kind.CAUSE_TASKED:
        changed |= {"matter": p["matter"], "task": p["task"], "tasked_at": f.at, "tasked_by": p["by"]}
        changed |= {"treated_at": None}
    if f.kind == Kind.CAUSE_TREATED:
        changed |= {"treated_at": p["treated_at"]}
    c.patch("cause", f.subject, **changed)


RULES: Mapping[str, Rule] = {kind: _moved for kind in CAUSE_ARROWS} | {Kind.CAUSE_FOUND: _found}
