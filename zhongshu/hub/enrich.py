"""补全 enriching: what the projection and the rooms need from the case is put on the fact, so that it stands alone."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime, time, timedelta
from typing import Any

from zhongshu.data import assigning, drafts
from zhongshu.kernel import lifecycle
from zhongshu.kernel.clocks import CITY_TIME, resume
from zhongshu.kernel.desk import Desk, resumed, started
from zhongshu.kernel.errors import IllegalMove
from zhongshu.kernel.facts import Kind
from zhongshu.kernel.places import Level, Place

Row = Mapping[str, Any]
Add = Callable[[Mapping[str, Any], Row, Desk], dict[str, Any]]

LENGTHENED = ("handle", "bundled", "overall")
"""Clocks that an extension gives more time."""

UNDOABLE: Mapping[str, Kind] = {
    Kind.CLAIMED: Kind.ASSIGNMENT_WITHDRAWN,
    Kind.ASSIGNED: Kind.ASSIGNMENT_WITHDRAWN,
    Kind.SUPERVISED: Kind.SUPERVISION_WITHDRAWN,
}
"""可撤回: moves that nobody else has built upon at once, and the move that takes each back."""
UNDO_WITHIN = timedelta(minutes=10)
"""How long after it a move may be taken back (default)."""

COUNTED_BY = ("host", "category", "grid")
"""What of the case every move carries, so that figures count it where the case was then, whatever becomes of it."""

TIMED: Mapping[Kind, str] = {
    Kind.VERIFIED: "verify",
    Kind.NOT_FILED: "verify",
    Kind.SIGNED: "sign",
    Kind.CONTACTED: "contact",
    Kind.HANDLED: "handle",
    Kind.CHECK_PASSED: "check",
    Kind.CHECK_FAILED: "check",
    Kind.ANSWERED: "supervise",
}
"""Moves that a clock waits for: they say whether it was in time."""


def _in_time(name: str, row: Row, at: datetime) -> bool:
    """Neither counted as overdue already nor past its due time; true where no such clock runs."""
    running = [one for one in row["clocks"] if one["name"] == name and not one["stopped_at"]]
    return all(not one["overdue"] and datetime.fromisoformat(one["due_at"]) >= at for one in running)


def enriched(kind: str, payload: Mapping[str, Any], row: Row, desk: Desk) -> dict[str, Any]:
    """The payload of a person's move with the request it answers, what it repeats of the case, and its clocks."""
    given = dict(payload)
    arrow = lifecycle.arrow(kind)
    if arrow.answers:
        asked = next(one for one in row["requests"] if one["kind"] == arrow.answers)
        given = {**asked["asked"], **given, "request": asked["id"], "asked_by": asked["by"]}
    given.update({name: row[name] for name in COUNTED_BY if name not in given})
    if kind in TIMED:
        given["on_time"] = _in_time(TIMED[Kind(kind)], row, desk.now())
    given.update(_ADDS.get(kind, _nothing)({**given, "kind": kind}, row, desk))
    at, knowledge = desk.now(), desk.knowledge
    begun, going = started(kind, at, knowledge, _limits(kind, given, at)), resumed(kind, row["clocks"], at, knowledge)
    clocks = _extended(row, float(given["extra_minutes"]), desk) if kind == Kind.EXTENDED else [*begun, *going]
    if clocks:
        given["clocks"] = clocks
        given.update(next(({"due_at": one["due_at"]} for one in clocks if one["name"] == "handle"), {}))
    return given


def _limits(kind: str, given: Mapping[str, Any], at: datetime) -> dict[str, float]:
    """Limits that the move itself names, in minutes: 督办答复时限, 挂账复查日期."""
    if kind == Kind.SUPERVISED:
        return {"supervise": given["answer_minutes"]}
    if kind == Kind.HUNG:
        review = datetime.combine(date.fromisoformat(given["review_on"]), time(), CITY_TIME)
        return {"review": max(1.0, (review - at).total_seconds() / 60)}
    return {}


def _extended(row: Row, minutes: float, desk: Desk) -> list[dict[str, Any]]:
    at, knowledge = desk.now(), desk.knowledge
    return [
        resume(one, knowledge.clocks[one["name"]], at, knowledge.calendar(one["calendar"]), minutes)
        for one in row["clocks"]
        if one["name"] in LENGTHENED and not one["stopped_at"]
    ]


def _nothing(given: Mapping[str, Any], row: Row, desk: Desk) -> dict[str, Any]:
    return {}


def _call_back(given: Mapping[str, Any], row: Row, desk: Desk) -> dict[str, Any]:
    """The round of handling, and which attempt this is; the last one in vain counts as 联系不上."""
    before = sum(one["report"] == given["report"] and not one["final"] for one in row["answers"])
    most = desk.knowledge.thresholds.get("call_back_attempts", 1)
    final = bool(given["contacted"]) or before + 1 >= most
    return {"round": row["reopened"], "attempt": before + 1, "final": final}


def _assist(given: Mapping[str, Any], row: Row, desk: Desk) -> dict[str, Any]:
    """加派: each new unit's task, with its own limit when one is named, otherwise the host's."""
    minutes = given.get("minutes")
    calendar = desk.knowledge.calendar("office")
    due = calendar.due(desk.now(), minutes).isoformat() if minutes else row["due_at"]
    new = [unit for unit in given["units"] if unit != row["host"] and unit not in row["assists"]]
    tasks = [{"unit": unit, "role": "assist", "due_at": due} for unit in new]
    return {"tasks": tasks, "assists": [*row["assists"], *new]}


def _opened_by(row: Row) -> int:
    """The report whose judgement opened the case, 0 when it has moved away or there was none."""
    return next((int(one["report"]) for one in row["reporters"] if not one["merged"]), 0)


def _ruling(given: Mapping[str, Any], row: Row, desk: Desk) -> dict[str, Any]:
    """裁定: what it answers, and, when it names the clause it stands on, the precedent that it sets.

    A place too vague to tell the unit sets none, nor does a ruling that leaves the case where the list put it.
    """
    knowledge, asked = desk.knowledge, row.get("undecided") or {}
    unit = knowledge.units[given["host"]]
    to = f"{unit.level.name.lower()}/{unit.kind}"
    clause = given.get("basis") or asked.get("clause", "")
    wrong = asked.get("wrong", "")
    found: dict[str, Any] = {"category": row["category"], "answers": asked.get("fact"), "was": asked.get("unit", "")}
    if not clause or asked.get("why") in (None, "vague") or to == wrong:
        return found
    known = row["place"] and knowledge.scheme.level(row["place"]) >= Level.DISTRICT
    area = knowledge.scheme.at(row["place"], Level.DISTRICT) if known else knowledge.city
    rule = {"category": row["category"], "place": area, "wrong": wrong, "was": found["was"], "to": to}
    return {**found, "precedent": {**rule, "clause": clause}}


def _pointed(given: Mapping[str, Any], row: Row, desk: Desk) -> dict[str, Any]:
    """地点确认: the grid of the point that was chosen."""
    if "lon" not in given or "lat" not in given:
        return {}
    found = desk.locate([Place(given["lon"], given["lat"], code=given.get("place", ""))], [""])[0]
    return {"grid": found.grid} if found.grid else {}


def _summary(given: Mapping[str, Any], row: Row, desk: Desk) -> dict[str, Any]:
    """Whether the person changed what the machine had drafted for this case; without a draft it is all the person's."""
    drafted = drafts.text(row["id"], given.get("draft", 0))
    return {"edited": drafted is None or drafted.strip() != given["text"].strip()}


def _in_hand(given: Mapping[str, Any], row: Row, desk: Desk) -> dict[str, Any]:
    """In whose hands the task was before, so that taking this back puts it there again."""
    if "person" in given and given["person"] not in dict(assigning.colleagues(row["host"])):
        raise IllegalMove("person: holds no post in this unit / 此人不在承办单位任职")
    return {"was": row.get("claimed", 0)}


def _withdrawn(given: Mapping[str, Any], row: Row, desk: Desk) -> dict[str, Any]:
    """撤回: only one's own move, only the last of its kind, and only within minutes."""
    last = assigning.last(row["id"], [kind for kind, undo in UNDOABLE.items() if undo == given["kind"]])
    if last is None or last["id"] != given["undoes"] or last["by"] != given["by"]:
        raise IllegalMove("only your own latest move can be taken back / 只能撤回本人最近一次操作，其后没有他人操作")
    if desk.now() - last["at"] > UNDO_WITHIN:
        raise IllegalMove("ten minutes have passed, it stands / 已超过十分钟，不能撤回")
    return {"undone": last["kind"], "was": last["was"]}


_ADDS: Mapping[str, Add] = {
    Kind.CHECK_FAILED: lambda given, row, desk: {"unit": row["host"]},
    Kind.CLASSIFIED: lambda given, row, desk: {**_pointed(given, row, desk), "judged": _opened_by(row)},
    Kind.CLAIMED: _in_hand,
    Kind.ASSIGNED: _in_hand,
    Kind.ASSIGNMENT_WITHDRAWN: _withdrawn,
    Kind.SUPERVISION_WITHDRAWN: _withdrawn,
    Kind.CALLED_BACK: _call_back,
    Kind.RULED: _ruling,
    Kind.REOPENED: lambda given, row, desk: {"reports": [one["report"] for one in row["reporters"]]},
    Kind.ASSIST_ADDED: _assist,
    Kind.SUMMARY_CONFIRMED: _summary,
}
"""Kind -> what it repeats of the case."""
