"""志愿与积分的投影 what tasks, enrolments, neighbours' looks and points change in their tables. Pure."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from zhongshu.data.changes import Changes
from zhongshu.data.community_turns import STATES
from zhongshu.kernel.facts import Fact, Kind

Rule = Callable[[Changes, Fact], None]


def _task(c: Changes, f: Fact) -> None:
    p = f.payload
    told = {name: p[name] for name in ("rule", "title", "text", "spot", "begins_at", "ends_at", "wanted", "by", "unit")}
    c.put("community_task", f.subject, place=f.place, at=f.at, **told, state="open", reason="", enrolled=0)


def _task_moved(c: Changes, f: Fact) -> None:
    p = f.payload
    move = p["move"]
    if move == "cancel":
        c.patch("community_task", f.subject, state="cancelled", reason=p["reason"])
        return
    key = f"{f.subject}:{p['volunteer']}"
    if move == "enrol":
        told = {"task": f.subject, "member": p["volunteer"], "place": f.place, "state": "enrolled", "at": f.at}
        c.put("community_volunteer", key, **told, hours=0, confirmed_by=0, confirmed_at=None)
        c.add("community_task", f.subject, enrolled=1)
    elif move == "withdraw":
        c.patch("community_volunteer", key, state="withdrawn")
        c.add("community_task", f.subject, enrolled=-1)
    else:
        found = {"state": move, "hours": p["hours"], "confirmed_by": p["by"], "confirmed_at": f.at}
        c.patch("community_volunteer", key, **found)


def _looked(c: Changes, f: Fact) -> None:
    p = f.payload
    told = {"topic": f.subject, "member": p["member"], "place": f.place, "done": p["done"], "text": p["text"]}
    blank = {"state": "said", "reason": "", "settled_by": 0}
    c.put("community_look", f"{f.subject}:{p['member']}", **told, at=f.at, **blank)


def _settled(c: Changes, f: Fact) -> None:
    p = f.payload
    state = "accepted" if p["accepted"] else "declined"
    told = {"state": state, "reason": p["reason"], "settled_by": p["by"]}
    c.patch("community_look", f"{f.subject}:{p['who']}", **told)


_LINE = ("rule", "version", "act", "source", "day", "amount", "worth", "points", "why")


def _reckoned(c: Changes, f: Fact) -> None:
    p = f.payload
    told = {name: p[name] for name in _LINE}
    blank = {"line": 0, "text": "", "ground": "", "reason": "", "hidden_by": 0}
    about = {"entry": "earned", "cause": f.cause or 0, "by": p["by"], "state": "open"}
    c.put("community_point", f.id, place=f.place, member=f.subject, at=f.at, **told, **blank, **about)


def _points_moved(c: Changes, f: Fact) -> None:
    p = f.payload
    move = p["move"]
    told = {"state": STATES[move]} | ({"reason": p["reason"], "hidden_by": p["by"]} if move == "hide" else {})
    c.patch("community_point", p["line"], **told)
    if p["points"]:
        about = {"line": p["line"], "points": p["points"], "entry": "reversed" if move == "hide" else "restored"}
        of = {name: p[name] for name in ("rule", "version", "act", "source", "day")}
        _beside(c, f, {**of, **about, "text": p["reason"], "ground": p["ground"]})


def _used(c: Changes, f: Fact) -> None:
    p = f.payload
    about = {"entry": "used", "points": -p["points"], "text": p["text"], "day": p["day"]}
    _beside(c, f, {"rule": "", "version": "", "act": "", "source": 0, "line": 0, "ground": "", **about})


def _beside(c: Changes, f: Fact, told: Mapping[str, object]) -> None:
    blank = {"cause": f.cause or 0, "amount": 1, "worth": 0, "why": "", "state": "", "reason": "", "hidden_by": 0}
    c.put("community_point", f.id, place=f.place, member=f.subject, at=f.at, by=f.payload["by"], **blank, **told)


RULES: Mapping[str, Rule] = {
    Kind.TASK_POSTED: _task,
    Kind.TASK_MOVED: _task_moved,
    Kind.NEIGHBOUR_LOOKED: _looked,
    Kind.LOOK_SETTLED: _settled,
    Kind.POINTS_RECKONED: _reckoned,
    Kind.POINTS_MOVED: _points_moved,
    Kind.POINTS_USED: _used,
}
