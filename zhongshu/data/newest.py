"""最新在前 newest: the ids of the newest cases that meet what a list asks, by the cheapest of three walks.

Mostly one statement with a limit. What a case may be in one of several ways is asked way by way, each in the order of
its own index, and merged. What many cases say is looked for among the newest first: search tokens know no order, so
the server would otherwise fetch every case that says a frequent word in order to find the newest thousand.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.db import connections

from zhongshu.data.databases import ROAD

ROOM = 1.5
"""How much wider the first stretch of ids is than the planner's estimate asks for: words have their seasons."""
WIDER = 4
"""How much wider the second stretch is; the third one is all the rest."""

Clause = tuple[str, list[Any]]


@dataclass(frozen=True, slots=True)
class Asked:
    """条件: what a case must meet: all `clauses`, one of `ways` (no two hold at once), and all `words`.

    `words` are the rechecks of searched tokens: the tokens are among the clauses, where the planner knows them.
    """

    clauses: Sequence[Clause]
    ways: Sequence[Clause] = ()
    words: Sequence[Clause] = ()


def newest(asked: Asked, most: int, below: int | None = None) -> list[int]:
    """The `most` highest ids, falling, of the cases that meet what is asked and lie below the id `below`."""
    with connections[ROAD].cursor() as road:
        found: list[int] = []
        for edge in _edges(road, asked, most, below):
            found += _stretch(road, asked, (edge, below), most - len(found))
            if len(found) >= most:
                break
            below = edge
        return found


def _stretch(road: Any, asked: Asked, between: tuple[int | None, int | None], most: int) -> list[int]:
    """The newest of the cases from one id up to, not including, another; None is no bound."""
    low, high = between
    bounds: list[Clause] = [("c.id >= %s", [low])] if low is not None else []
    bounds += [("c.id < %s", [high])] if high is not None else []
    walks = []
    for way in asked.ways or [("true", [])]:
        where, given = joined([*asked.clauses, way, *bounds, *asked.words])
        walks.append((f'SELECT c.id FROM "case" c WHERE {where} ORDER BY c.id DESC LIMIT %s', [*given, most]))
    sql, given = walks[0]
    if len(walks) > 1:
        every = " UNION ALL ".join(f"({walk})" for walk, _ in walks)
        sql = f"SELECT id FROM ({every}) w ORDER BY id DESC LIMIT %s"
        given = [*(value for _, values in walks for value in values), most]
    road.execute(sql, given)
    return [row[0] for row in road.fetchall()]


def _edges(road: Any, asked: Asked, most: int, below: int | None) -> list[int | None]:
    """The lower bounds of the stretches of ids to look through, one after the other; the last one has none."""
    if not asked.words:
        return [None]
    where, given = together(replace(asked, words=()))
    road.execute(f'EXPLAIN (FORMAT JSON) SELECT FROM "case" c WHERE {where}', given)
    expected = road.fetchone()[0][0]["Plan"]["Plan Rows"]
    if expected <= most:
        return [None]
    road.execute(
        'SELECT (SELECT max(id) FROM "case"), (SELECT reltuples FROM pg_class WHERE oid = \'"case"\'::regclass)'
    )
    last, cases = road.fetchone()
    width = int(ROOM * most * cases / expected)
    if last is None or not 0 < 2 * width < cases:
        # Half of all or more: one walk through everything is the shorter one.
        return [None]
    top = min(below, last) if below else last
    return [top - width, top - width * (1 + WIDER), None]


def together(asked: Asked) -> Clause:
    """Everything that is asked, as one condition."""
    ways = [_either(asked.ways)] if asked.ways else []
    return joined([*asked.clauses, *ways, *asked.words])


def joined(clauses: Sequence[Clause]) -> Clause:
    """All of these at once; of none nothing is asked."""
    return " AND ".join(sql for sql, _ in clauses) or "true", [value for _, given in clauses for value in given]


def _either(ways: Sequence[Clause]) -> Clause:
    """Any one of these."""
    return "(" + " OR ".join(sql for sql, _ in ways) + ")", [value for _, given in ways for value in given]
