"""办理事项 proceedings: one way to ask for something about data and follow it to its end, whatever the family."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from django.db import transaction

from zhongshu.data import proceedings as rows
from zhongshu.data.databases import ROAD
from zhongshu.hub import runner
from zhongshu.hub.desk import LiveDesk
from zhongshu.hub.resources.moves import (
    EVERYBODY,
    MOVES,
    STATES,
    Looked,
    Move,
    by_clock,
    due,
    move_of,
    of_bureau,
    read,
    stands,
)
from zhongshu.hub.resources.rules import RULES
from zhongshu.kernel.access import ROAD as SYSTEM
from zhongshu.kernel.access import Viewer
from zhongshu.kernel.clocks import number_of
from zhongshu.kernel.desk import Knowledge
from zhongshu.kernel.errors import IllegalMove, NotFound
from zhongshu.kernel.facts import Fact, Kind

MakeDesk = Callable[[], LiveDesk]
AT_ONCE = 200
"""Proceedings whose day has come that are taken in one transaction."""


def begun(viewer: Viewer, move: Move, subject: str, given: Mapping[str, Any], desk: LiveDesk) -> Fact:
    """The fact that begins a proceeding. Raises BadInput, IllegalMove or NotFound."""
    if move.sources:
        raise IllegalMove(f"{move.name} begins nothing / “{move.label}”不能另行发起")
    told, knowledge = read(move, given), desk.knowledge
    about = RULES[move.family].about(subject, told, viewer, knowledge)
    row = {"asker": viewer.unit, "providers": list(about.providers), "people": {}, "given": {}, "subject": subject}
    told = _allow(move, row, told, viewer, desk)
    number = desk.new_id()
    letter = STATES[move.family, ""].letter
    payload = {
        **_moved(move, told, viewer, desk),
        "number": number_of(desk.now(), number, letter),
        "subject": subject,
        "title": about.title,
        "asker": viewer.unit,
        "providers": row["providers"],
        "provider_place": about.place or _place(about.providers, knowledge),
    }
    place = viewer.place or knowledge.city
    return Fact(desk.new_id(), Kind.PROCEEDING_BEGUN, number, desk.now(), None, viewer.post, place, payload=payload)


def _place(providers: tuple[str, ...], knowledge: Knowledge) -> str:
    found = knowledge.units.get(providers[0]) if providers else None
    return found.place if found else ""


def _allow(
    move: Move, row: Mapping[str, Any], told: Mapping[str, Any], viewer: Viewer, desk: LiveDesk
) -> dict[str, Any]:
    """What is told when the move is allowed, with what its area adds. Raises IllegalMove."""
    rules = RULES[move.family]
    guard, teller = rules.guards.get(move.name), rules.tells.get(move.name)
    looked = Looked(row, told, viewer, desk.knowledge, desk.now())
    said = stands(move, row, viewer, desk.knowledge) or (guard(looked) if guard else "")
    if said:
        raise IllegalMove(said)
    return {**told, **(teller(looked) if teller else {})}


def _moved(move: Move, told: Mapping[str, Any], viewer: Viewer, desk: LiveDesk, state: str = "") -> dict[str, Any]:
    state = move.target or state
    payload: dict[str, Any] = {
        "family": move.family,
        "move": move.name,
        "state": state,
        "ended": STATES[move.family, state].ended,
        "by": viewer.user,
        "unit": viewer.unit,
        "given": dict(told),
    }
    if move.target or move.limit:
        payload["due_at"] = due(move, told, desk.knowledge, desk.now())
    return payload


def moved(viewer: Viewer, row: Mapping[str, Any], name: str, given: Mapping[str, Any], desk: LiveDesk) -> Fact:
    """The fact that a move is, by a person or by the road itself. Raises BadInput, IllegalMove or NotFound."""
    move = move_of(row["family"], name)
    if not move.sources:
        raise IllegalMove(f"{name} begins another one / “{move.label}”须另行发起")
    told = read(move, given)
    told = _allow(move, row, told, viewer, desk)
    payload = {**_moved(move, told, viewer, desk, row["state"]), "subject": row["subject"]}
    return Fact(
        desk.new_id(), Kind.PROCEEDING_MOVED, row["id"], desk.now(), None, viewer.post, row["place"], payload=payload
    )


def begin(make_desk: MakeDesk, viewer: Viewer, family: str, given: Mapping[str, Any], subject: str = "") -> Fact:
    """A person begins one by the first move of its family. Raises BadInput, IllegalMove or NotFound."""
    birth = next((one for one in MOVES.values() if one.family == family and not one.sources), None)
    if birth is None:
        raise NotFound(f"there is no family {family!r} / 没有“{family}”这类事项")
    with transaction.atomic(using=ROAD):
        desk = make_desk()
        fact = begun(viewer, birth, subject, given, desk)
        runner.submit([fact], desk)
        RULES[family].after(subject)
    return fact


def act(make_desk: MakeDesk, viewer: Viewer, proceeding: int, move: str, given: Mapping[str, Any]) -> Fact:
    """A person's move on one. Raises BadInput, IllegalMove or NotFound."""
    with transaction.atomic(using=ROAD):
        row = rows.row(proceeding, lock=True)
        if row is None or not sees(viewer, row):
            raise NotFound(f"there is no proceeding {proceeding} here / 没有这件事项，或不在您的范围内")
        desk = make_desk()
        fact = moved(viewer, row, move, given, desk)
        runner.submit([fact], desk)
        RULES[row["family"]].after(row["subject"])
    return fact


def sees(viewer: Viewer, row: Mapping[str, Any]) -> bool:
    """As row-level security says it: the place of one of the two sides, or what is everybody's."""
    places = (row["place"], row["provider_place"])
    return EVERYBODY in places or any(place and viewer.span.holds(place) for place in places)


def open_moves(viewer: Viewer, row: Mapping[str, Any], knowledge: Knowledge) -> list[Move]:
    """What this person may do to one now: the buttons. A condition on what is filled in is only said when he tries."""
    fitting = [one for one in MOVES.values() if one.family == row["family"] and row["state"] in one.sources]
    return [one for one in fitting if not stands(one, row, viewer, knowledge)]


def waits(viewer: Viewer, knowledge: Knowledge) -> list[str]:
    """What waits for somebody in this post, as "family.state.side" (data.proceedings.listed).

    A move that leaves the state as it is, as a comment, is no duty; nor is one out of a state in which all is well.
    """
    held = [one for one in MOVES.values() if one.target and one.roles & viewer.roles]
    sides = {
        "asker": "asker",
        "provider": "provider",
        "any": "any",
        "bureau": "any" if of_bureau(viewer, knowledge) else "",
    }
    found = {f"{one.family}.{state}.{sides[one.side]}" for one, state in _duties(held) if sides[one.side]}
    return sorted(found)


def _duties(held: list[Move]) -> list[tuple[Move, str]]:
    return [(one, state) for one in held for state in one.sources if STATES[one.family, state].tone != "ok"]


def advance(make_desk: MakeDesk, now: datetime) -> int:
    """Those whose day has come move by themselves, or are overdue; returns how many."""
    with transaction.atomic(using=ROAD):
        found = rows.awake(now, AT_ONCE)
        if not found:
            return 0
        desk = make_desk()
        runner.submit([_woken(row, desk) for row in found], desk)
    return len(found)


def _woken(row: Mapping[str, Any], desk: LiveDesk) -> Fact:
    move = by_clock(row["family"], row["state"])
    if move:
        return moved(SYSTEM, row, move.name, {}, desk)
    payload = {"family": row["family"], "state": row["state"], "due_at": row["due_at"]}
    return Fact(desk.new_id(), Kind.PROCEEDING_OVERDUE, row["id"], desk.now(), place=row["place"], payload=payload)
