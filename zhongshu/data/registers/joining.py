"""疑似同一 pairs of entities that may be one: those that wait for a person, and what follows when one was decided."""

from __future__ import annotations

from typing import Any

import orjson
from django.db import connections

from zhongshu.data.databases import APP, ROAD, dicts
from zhongshu.data.registers import blocks
from zhongshu.data.registers.pairs import parsed
from zhongshu.data.registers.settling import settle
from zhongshu.data.registers.subjects import Subject, subject_of
from zhongshu.data.viewing import viewing
from zhongshu.kernel.access import Viewer

SIZE = 100
"""Pairs on one page."""


def touch(pair: str) -> None:
    """Work out the values of both and count their grids again, in the caller's transaction: after a move on them."""
    subject_name, first, second = parsed(pair)
    subject = subject_of(subject_name)
    before = _places(subject, first, second)
    settle(subject, [first, second])
    blocks.refresh(sorted(before | _places(subject, first, second)))


def _places(subject: Subject, first: int, second: int) -> set[str]:
    """Where these two are counted, and the homes of two people: settling may move them."""
    homes = " UNION SELECT place FROM residence WHERE person IN (%(a)s, %(b)s)" if subject.name == "person" else ""
    with connections[ROAD].cursor() as cursor:
        cursor.execute(
            f"SELECT place FROM {subject.table} WHERE id IN (%(a)s, %(b)s){homes}", {"a": first, "b": second}
        )
        return {str(row[0]) for row in cursor.fetchall()}


_NOTE = """
INSERT INTO identity_pair (id, subject, first, second, place, score, state, found_at, by, proceeding)
SELECT %s, %s, %s, %s, e.place, 0, 'open', now(), 0, 0 FROM {table} e WHERE e.id = %s ON CONFLICT (id) DO NOTHING
"""


def propose(pair: str) -> None:
    """A pair that a person found, beside those that the machine did; nothing when it is known."""
    subject, first, second = parsed(pair)
    with connections[ROAD].cursor() as cursor:
        cursor.execute(_NOTE.format(table=subject_of(subject).table), [pair, subject, first, second, first])


def pairs(viewer: Viewer, subject: str, state: str = "open", entity: int = 0) -> list[dict[str, Any]]:
    """Pairs that this viewer may see, the least certain first, with `reasons`; those of one entity when it is named.

    Where chance says one half a person's word is worth most; what a person brought himself comes last.
    """
    with viewing(viewer), connections[APP].cursor() as cursor:
        cursor.execute(
            "SELECT id, subject, first, second, place, score, state, found_at, decided_at, proceeding, reasons::text"
            " FROM identity_pair WHERE subject = %(subject)s AND (%(state)s = '' OR state = %(state)s)"
            " AND (%(entity)s = 0 OR first = %(entity)s OR second = %(entity)s)"
            " ORDER BY abs(score - 0.5), id LIMIT %(size)s",
            {"subject": subject, "state": state, "entity": entity, "size": SIZE},
        )
        return [{**one, "reasons": orjson.loads(one["reasons"])} for one in dicts(cursor)]


def standing(pair: str) -> dict[str, Any] | None:
    """One pair as the road sees it."""
    with connections[ROAD].cursor() as cursor:
        cursor.execute("SELECT id, subject, first, second, place, state FROM identity_pair WHERE id = %s", [pair])
        found = dicts(cursor)
    return found[0] if found else None
