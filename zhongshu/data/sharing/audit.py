"""防篡改审计 whether the log of whose rows were read still is what the ledger sealed when they were read."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from django.db import connections

from zhongshu.data.databases import OWNER

_BROKEN = """
SELECT l.id, l.subject, l.payload->'use'->>'digest' = share_digest(l.id), l.payload->'use'->>'dataset',
  (SELECT count(*) FROM personal_read r WHERE r.use = l.id), (l.payload->'use'->>'rows')::bigint
FROM ledger l WHERE l.kind = 'DataUsed' AND (l.payload->'use'->>'personal')::boolean AND l.id > %s
ORDER BY l.id LIMIT %s
"""
_STRAY = """
SELECT r.id, r.use FROM personal_read r
WHERE r.use <> 0 AND NOT EXISTS (SELECT FROM ledger l WHERE l.id = r.use AND l.kind = 'DataUsed')
ORDER BY r.id LIMIT 100
"""


@dataclass(frozen=True, slots=True)
class Tampered:
    """A use whose log of reads is another one than the ledger sealed; `use` 0 and up: a log line of no use."""

    use: int
    grant: int
    dataset: str
    logged: int
    read: int
    sentence: str


def verify(batch: int = 1000) -> Iterator[Tampered]:
    """Compare every sealed use with its log lines, as the owner. The ledger itself: `ledger.verify`."""
    mark = 0
    with connections[OWNER].cursor() as cursor:
        while True:
            cursor.execute(_BROKEN, [mark, batch])
            rows = cursor.fetchall()
            for use, grant, same, dataset, logged, read in rows:
                if not same:
                    yield Tampered(use, grant, dataset, logged, read, _sentence(logged, read))
            if len(rows) < batch:
                break
            mark = rows[-1][0]
        cursor.execute(_STRAY)
        for line, use in cursor.fetchall():
            yield Tampered(
                use, 0, "", line, 0, "a line of the log belongs to no use in the ledger / 日志行在账本中没有对应使用"
            )


def _sentence(logged: int, read: int) -> str:
    if logged < read:
        return "lines of the log are missing / 日志行缺失"
    return "lines of the log were changed or slipped in / 日志行被改动或插入"
