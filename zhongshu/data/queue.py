"""待办队列 the queue: accepted facts that still have to travel. A row leaves in one commit with its results."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import fields
from datetime import datetime
from typing import Any

import orjson
from django.db import connections

from zhongshu.data.databases import ROAD, planned
from zhongshu.kernel.facts import Fact

CHANNEL = "road"
_NAMES = [field.name for field in fields(Fact)]


def to_json(fact: Fact) -> dict[str, Any]:
    return {name: getattr(fact, name) for name in _NAMES}


def from_json(data: Mapping[str, Any]) -> Fact:
    return Fact(**{**data, "at": datetime.fromisoformat(data["at"])})


def put(facts: Sequence[Fact]) -> None:
    """Queue facts and wake a runner when the transaction commits."""
    rows = [{"id": fact.id, "kind": fact.kind, "fact": to_json(fact)} for fact in facts]
    with connections[ROAD].cursor() as cursor:
        cursor.execute(
            "WITH woken AS (SELECT pg_notify(%s, ''))"
            " INSERT INTO road_queue (id, kind, fact) SELECT r.id, r.kind, r.fact"
            " FROM woken, json_populate_recordset(NULL::road_queue, %s) r",
            [CHANNEL, orjson.dumps(rows).decode()],
        )


def take(limit: int) -> list[Fact]:
    """Take up to `limit` facts in order; they come back if the transaction doesn't commit. Many runners may take."""
    with connections[ROAD].cursor() as cursor:
        cursor.execute(
            "DELETE FROM road_queue WHERE id IN (SELECT id FROM road_queue WHERE due <= now()"
            " ORDER BY id LIMIT %s FOR UPDATE SKIP LOCKED) RETURNING fact::text",
            [limit],
        )
        found = [from_json(orjson.loads(row[0])) for row in cursor.fetchall()]
    return sorted(found, key=lambda fact: fact.id)


def peek(limit: int, beside: Sequence[int] = ()) -> list[Fact]:
    """The next facts in order, `beside` those that are on their way already. They stay queued until `remove`."""
    with connections[ROAD].cursor() as cursor:
        planned(
            cursor,
            "SELECT fact::text FROM road_queue WHERE due <= now() AND id <> ALL (%s) ORDER BY id LIMIT %s",
            [list(beside), limit],
        )
        return [from_json(orjson.loads(row[0])) for row in cursor.fetchall()]


def remove(facts: Sequence[Fact]) -> int:
    """Take these facts off the queue; returns how many were still there."""
    with connections[ROAD].cursor() as cursor:
        planned(cursor, "DELETE FROM road_queue WHERE id = ANY (%s)", [[fact.id for fact in facts]])
        return int(cursor.rowcount)


def lead() -> bool:
    """Become the one runner that works, as long as this thread's connection lives; False while another one is."""
    with connections[ROAD].cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(hashtext('zhongshu runner'))")
        return bool(cursor.fetchone()[0])


def holds(count: int) -> bool:
    """Whether at least `count` facts wait; looks at no more of them than that."""
    with connections[ROAD].cursor() as cursor:
        cursor.execute("SELECT EXISTS (SELECT FROM road_queue OFFSET %s)", [count - 1])
        return bool(cursor.fetchone()[0])


def waiting() -> int:
    """How many facts wait. The queue is short by design, so an exact count is cheap."""
    with connections[ROAD].cursor() as cursor:
        cursor.execute("SELECT count(*) FROM road_queue")
        return int(cursor.fetchone()[0])


def listen(timeout: float) -> None:
    """Sleep until a fact is queued or `timeout` seconds have passed."""
    with connections[ROAD].cursor() as cursor:
        cursor.execute(f"LISTEN {CHANNEL}")
    raw = connections[ROAD].connection
    with connections[ROAD].wrap_database_errors:
        for _ in raw.notifies(timeout=timeout, stop_after=1):
            return
