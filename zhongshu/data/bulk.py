"""批量登记 jobs of many cases: what is to be done to which, what came of each; one broken off goes on later."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import orjson
from django.db import connections

from zhongshu.data.databases import ROAD, dicts
from zhongshu.kernel.access import Viewer

SHOWN = 200
"""Failures that a result names."""
FRESH = timedelta(days=2)
"""So long a job that was broken off is offered to be continued."""

KEPT = timedelta(days=30)
"""So long what came of a job is kept; what it did stands in the ledger."""
_FORGET = """
WITH old AS (DELETE FROM bulk_job WHERE "user" = %s AND made_at < now() - make_interval(days => %s) RETURNING id)
DELETE FROM bulk_item i USING old WHERE i.job = old.id
"""


@dataclass(frozen=True, slots=True)
class Job:
    """一批: how far one job is. `failed` are {case, sentence}; `undone` tells that another job took it back."""

    id: int
    kind: str
    payload: Mapping[str, Any]
    total: int
    done: int
    wrong: int
    failed: Sequence[Mapping[str, Any]]
    made_at: datetime
    ended_at: datetime | None
    undoes: int
    undone: bool

    @property
    def settled(self) -> int:
        return self.done + self.wrong

    @property
    def waiting(self) -> int:
        return self.total - self.settled


def begin(viewer: Viewer, kind: str, payload: Mapping[str, Any], cases: Sequence[tuple[int, int]], of: int = 0) -> int:
    """A new job over (case, fact that is taken back or 0); `of` is the job whose moves it takes back."""
    with connections[ROAD].cursor() as cursor:
        cursor.execute(_FORGET, [viewer.user, KEPT.days])
        cursor.execute(
            'INSERT INTO bulk_job ("user", post, kind, payload, total, undoes, made_at)'
            " VALUES (%s, %s, %s, %s, %s, %s, now()) RETURNING id",
            [viewer.user, viewer.post, kind, orjson.dumps(dict(payload)).decode(), len(cases), of],
        )
        job = int(cursor.fetchone()[0])
        cursor.execute(
            "INSERT INTO bulk_item (job, \"case\", state, sentence, fact, undoes) SELECT %s, c, 'waiting', '', 0, u"
            " FROM unnest(%s::bigint[], %s::bigint[]) AS t(c, u)",
            [job, [case for case, _ in cases], [fact for _, fact in cases]],
        )
    return job


_JOB = """
SELECT j.id, j.kind, j.payload::text AS payload, j.total, j.made_at, j.ended_at, j.undoes,
  EXISTS (SELECT FROM bulk_job u WHERE u.undoes = j.id) AS undone,
  (SELECT count(*) FROM bulk_item i WHERE i.job = j.id AND i.state = 'done') AS done,
  (SELECT count(*) FROM bulk_item i WHERE i.job = j.id AND i.state = 'failed') AS wrong
FROM bulk_job j WHERE j.id = %s AND j."user" = %s AND j.post = %s
"""


def job(viewer: Viewer, number: int) -> Job | None:
    """One's own job in this post; None for anybody else's."""
    with connections[ROAD].cursor() as cursor:
        cursor.execute(_JOB, [number, viewer.user, viewer.post])
        found = dicts(cursor)
        if not found:
            return None
        cursor.execute(
            "SELECT \"case\", sentence FROM bulk_item WHERE job = %s AND state = 'failed' ORDER BY id LIMIT %s",
            [number, SHOWN],
        )
        failed = dicts(cursor)
    row = found[0]
    return Job(**{**row, "payload": orjson.loads(row["payload"]), "failed": failed})


def items(number: int, state: str, size: int = 10_000) -> list[dict[str, Any]]:
    """{id, case, fact, undoes} of a job's items in this state, locked; those that another step holds are left out."""
    with connections[ROAD].cursor() as cursor:
        cursor.execute(
            'SELECT id, "case", fact, undoes FROM bulk_item WHERE job = %s AND state = %s ORDER BY id LIMIT %s'
            " FOR UPDATE SKIP LOCKED",
            [number, state, size],
        )
        return dicts(cursor)


def settle(outcomes: Sequence[tuple[int, int, str]]) -> None:
    """(item, fact or 0, sentence of the refusal) of one step."""
    with connections[ROAD].cursor() as cursor:
        cursor.execute(
            "UPDATE bulk_item i SET state = CASE WHEN t.f = 0 THEN 'failed' ELSE 'done' END, fact = t.f,"
            " sentence = t.s FROM unnest(%s::bigint[], %s::bigint[], %s::text[]) AS t(i, f, s) WHERE i.id = t.i",
            [[one[0] for one in outcomes], [one[1] for one in outcomes], [one[2] for one in outcomes]],
        )


def end(number: int) -> None:
    """The job is over when none of its items waits."""
    with connections[ROAD].cursor() as cursor:
        cursor.execute(
            "UPDATE bulk_job SET ended_at = now() WHERE id = %s AND ended_at IS NULL"
            " AND NOT EXISTS (SELECT FROM bulk_item i WHERE i.job = %s AND i.state = 'waiting')",
            [number, number],
        )


def unfinished(viewer: Viewer) -> list[dict[str, Any]]:
    """{id, kind, total, made_at} of one's own jobs that were broken off, newest first."""
    with connections[ROAD].cursor() as cursor:
        cursor.execute(
            'SELECT id, kind, total, made_at FROM bulk_job WHERE "user" = %s AND post = %s AND ended_at IS NULL'
            " AND made_at > now() - make_interval(days => %s) ORDER BY id DESC LIMIT 5",
            [viewer.user, viewer.post, FRESH.days],
        )
        return dicts(cursor)
