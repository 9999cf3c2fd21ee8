"""试行 attempting: a room or a scenario that raises sticks only the fact it could not take; the batch passes."""

from __future__ import annotations

import traceback
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from django.db import DatabaseError, InterfaceError

from zhongshu.data import queue
from zhongshu.kernel.desk import Desk, Room
from zhongshu.kernel.facts import Fact, Kind

TRACE = 8000
"""Characters kept of a traceback, its end."""


def attempt(room: Room, facts: Sequence[Fact], desk: Desk) -> list[Fact]:
    """Run a room; when it raises, run it fact by fact, so that only the faulty one gets stuck.

    Errors of the database pass through: they are not the fact's fault, and the whole batch will be taken again.
    """
    try:
        return room(facts, desk)
    except (DatabaseError, InterfaceError):
        raise
    except Exception as error:  # noqa: BLE001  a room may fail in any way; the failure becomes a fact with a sentence
        if len(facts) == 1:
            return [stuck(facts[0], error, desk, _name(room))]
    return [derived for fact in facts for derived in attempt(room, [fact], desk)]


def guarded(room: Room) -> Room:
    """The same room, which never raises but for the database."""

    def run(batch: Sequence[Fact], desk: Desk) -> list[Fact]:
        return attempt(room, batch, desk)

    return run


def _name(room: Room) -> str:
    """The room's or the scenario's own name: the third word of its module's."""
    return [*room.__module__.split("."), "", ""][2] or room.__module__


def stuck(fact: Fact, error: Exception, desk: Desk, where: str) -> Fact:
    """The fact that says where another could not go on, and why."""
    payload = {
        "sentence": f"{where}: {type(error).__name__}: {error}",
        "trace": "".join(traceback.format_exception(error))[-TRACE:],
        "fact": queue.to_json(fact),
    }
    return Fact(
        id=desk.new_id(),
        kind=Kind.STUCK,
        subject=fact.subject,
        at=desk.now(),
        cause=fact.id,
        place=fact.place,
        payload=payload,
    )


def refused(fact: Fact, error: Exception, desk: Desk) -> Fact:
    """As `stuck`, for a fact that the database itself refused: without what it may have refused, seen by the city."""
    told = stuck(fact, error, desk, "road")
    return replace(told, place="", payload={name: _storable(value) for name, value in told.payload.items()})


def _storable(value: Any) -> Any:
    """Without the one character that PostgreSQL's text can't hold."""
    if isinstance(value, str):
        return value.replace("\x00", "�")
    if isinstance(value, dict):
        return {_storable(key): _storable(one) for key, one in value.items()}
    return [_storable(one) for one in value] if isinstance(value, list | tuple) else value
