"""病因 causes through the hub: search and keep what was found, a person's move on one, its joint task, its end."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from importlib.metadata import version
from typing import Any

from django.db import transaction

from zhongshu.data import causes, measures
from zhongshu.data.databases import ROAD
from zhongshu.hub import forms, runner
from zhongshu.hub.cause_search import VERSION, Asked, Finding, Found, search
from zhongshu.hub.desk import LiveDesk
from zhongshu.kernel.access import Viewer
from zhongshu.kernel.clocks import number_of
from zhongshu.kernel.convening import CAUSE_ARROWS, CauseState
from zhongshu.kernel.errors import IllegalMove, NotFound
from zhongshu.kernel.facts import Fact, Kind
from zhongshu.kernel.lifecycle import Arrow, Situation, permit, refusal

DECIDED = frozenset({CauseState.DISMISSED.value, CauseState.SETTLED.value})
"""States after which the same classes in the same district may be found anew, for new cases."""
NEW = 0.5
"""Share of cases not known before that makes a finding another one than that which was decided (default)."""

MakeDesk = Callable[[], LiveDesk]


@dataclass(frozen=True, slots=True)
class Run:
    """一次找源头: its number, what was kept, and the causes that became facts."""

    id: int
    found: Found
    facts: Sequence[Fact]
    seconds: float
    peak_mb: float


def find(make_desk: MakeDesk, now: datetime, asked: Asked) -> Run:
    """Search the last days and keep everything: the run, its links and alarms, and a fact for each new candidate.

    Nothing is written before the search is done, so one that is stopped leaves no trace. The road is not held: only
    the last step, some inserts, shares its locks.
    """
    began = time.monotonic()
    start = now - timedelta(days=asked.days)
    desk = make_desk()
    knowledge = desk.knowledge
    found = search(causes.columns(start, now), start, knowledge, asked)
    seconds, peak = time.monotonic() - began, measures.most_memory()
    versions = {**knowledge.versions, "causes": VERSION, "numpy": version("numpy"), "scipy": version("scipy")}
    run: dict[str, Any] = {
        "id": desk.new_id(),
        "at": now,
        "start": start,
        "end": now,
        "parameters": {**asdict(asked.plan), "tile": round(found.tile), "days": asked.days, "classes": asked.classes},
        "versions": versions,
        "counts": {**found.counts, "links": len(found.links), "alarms": len(found.alarms)},
        "seconds": round(seconds, 2),
        "peak_mb": round(peak, 1),
    }
    with transaction.atomic(using=ROAD):
        causes.keep(run, found.links, found.alarms)
        facts = _facts(found.findings, run["id"], desk)
        if facts:
            runner.submit(facts, desk)
    return Run(run["id"], found, facts, seconds, peak)


def _facts(findings: Sequence[Finding], run: int, desk: LiveDesk) -> list[Fact]:
    """What is new: a link never seen in this district, seen with other cases, or decided and back with new ones."""
    known = causes.standing([one.place for one in findings])
    facts = []
    for one in findings:
        before = known.get((one.first, one.second, one.place)) or known.get((one.second, one.first, one.place))
        if _is_new(one, before):
            facts.append(_fact(one, run, before, desk))
    return facts


def _is_new(one: Finding, before: Mapping[str, Any] | None) -> bool:
    if before is None:
        return True
    cases, known = set(one.cases), set(before["known"])
    if before["state"] == CauseState.FOUND:
        return cases != known
    return before["state"] in DECIDED and len(cases - known) > NEW * len(cases)


def _fact(one: Finding, run: int, before: Mapping[str, Any] | None, desk: LiveDesk) -> Fact:
    again = before is not None and before["state"] == CauseState.FOUND
    subject = int(before["id"]) if before is not None and again else desk.new_id()
    at = desk.now()
    number = before["number"] if before is not None and again else number_of(at, subject, "B")
    payload = {
        **one.link,
        "number": number,
        "run": run,
        "again": again,
        "clusters": list(one.clusters),
        "cases": len(one.cases),
    }
    versions = {**desk.knowledge.versions, "causes": VERSION}
    return Fact(desk.new_id(), Kind.CAUSE_FOUND, subject, at, place=one.place, versions=versions, payload=payload)


def _held(viewer: Viewer, cause: int) -> dict[str, Any]:
    row = causes.row(cause, lock=True)
    if row is None or not viewer.span.holds(row["place"]):
        raise NotFound(f"there is no cause {cause} here / 没有这个病因，或不在您的范围内")
    return row


def move(viewer: Viewer, cause: int, kind: str, given: Mapping[str, Any], desk: LiveDesk) -> Fact:
    """The fact that a person's move on a cause is. Raises BadInput, IllegalMove or NotFound."""
    arrow = CAUSE_ARROWS.get(kind)
    if arrow is None or kind == Kind.CAUSE_TASKED:
        raise IllegalMove(f"{kind} is no move of a cause / 没有“{kind}”这种操作")
    payload = forms.read(kind, given)
    row = _held(viewer, cause)
    permit(arrow, CauseState(row["state"]), viewer.roles, payload)
    said = refusal(arrow, Situation(row, payload, viewer, desk.now()))
    if said:
        raise IllegalMove(said)
    told = {**payload, "by": viewer.user, "unit": viewer.unit}
    return Fact(desk.new_id(), kind, cause, desk.now(), None, viewer.post, row["place"], payload=told)


def act(make_desk: MakeDesk, viewer: Viewer, cause: int, kind: str, given: Mapping[str, Any]) -> list[Fact]:
    """A person confirms, dismisses or settles one, and what follows. Raises BadInput, IllegalMove or NotFound."""
    with transaction.atomic(using=ROAD):
        desk = make_desk()
        fact = move(viewer, cause, kind, given, desk)
        return [fact, *runner.submit([fact], desk)]


def tasked(viewer: Viewer, began: Fact, cause: int, desk: LiveDesk) -> Fact:
    """The fact that a call or a directive, just begun, is the joint task of a cause (联合任务)."""
    row = _held(viewer, cause)
    payload = {"matter": "call" if began.kind == Kind.CALLED else "directive", "task": began.subject}
    permit(CAUSE_ARROWS[Kind.CAUSE_TASKED], CauseState(row["state"]), viewer.roles, payload)
    told = {**payload, "by": viewer.user, "unit": viewer.unit}
    return Fact(desk.new_id(), Kind.CAUSE_TASKED, cause, desk.now(), began.id, viewer.post, row["place"], payload=told)


def open_moves(viewer: Viewer, row: Mapping[str, Any], now: datetime) -> list[Arrow[CauseState]]:
    """What this person may do to a cause now; the joint task among it, which has a form of its own."""
    if not viewer.span.holds(row["place"]):
        return []
    fitting = [one for one in CAUSE_ARROWS.values() if row["state"] in one.sources and one.roles & viewer.roles]
    return [one for one in fitting if not refusal(one, Situation(row, {}, viewer, now))]


def advance(make_desk: MakeDesk) -> int:
    """Causes whose joint task has ended are treated, those whose task was withdrawn wait again; how many facts."""
    with transaction.atomic(using=ROAD):
        done = causes.done_tasks()
        if not done:
            return 0
        desk = make_desk()
        runner.submit([_ended(row, desk) for row in done], desk)
    return len(done)


def _ended(row: Mapping[str, Any], desk: LiveDesk) -> Fact:
    place = row["place"]
    if row["state"] == "withdrawn":
        return Fact(desk.new_id(), Kind.CAUSE_UNTASKED, row["id"], desk.now(), place=place)
    payload = {"treated_at": row["ended_at"].isoformat()}
    return Fact(desk.new_id(), Kind.CAUSE_TREATED, row["id"], desk.now(), place=place, payload=payload)
