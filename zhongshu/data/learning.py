"""可学的案件 what cases teach: the category that a person said, a ruling stood on, or that held until the end."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connections

from zhongshu.data.databases import ROAD
from zhongshu.data.ledger import BLOCK
from zhongshu.kernel.places import EVERYWHERE, Span

SOURCES = ("corrected", "classified", "ruled", "closed")
"""改判 · 人工研判 · 裁定 · 办结而未改: how a case's category came to be known, the surest first."""


@dataclass(frozen=True, slots=True)
class Taught:
    """一课: a case's text with the category that held; `said` is what model `model` had said, `source` of SOURCES."""

    case: int
    at: datetime
    text: str
    label: str
    source: str
    said: str
    model: str

    @property
    def by_person(self) -> bool:
        return self.source in ("corrected", "classified")


_JUDGED = """
JOIN LATERAL (SELECT kind, payload, versions FROM ledger WHERE subject = c.id AND kind IN ('Judged', 'Unclear')
  ORDER BY recorded_at, seq LIMIT 1) j ON true
LEFT JOIN LATERAL (SELECT payload->>'category' AS category FROM ledger WHERE subject = c.id AND kind = 'Classified'
  ORDER BY recorded_at DESC, seq DESC LIMIT 1) k ON true
"""

_TAUGHT = f"""
SELECT c.id, c.opened_at, c.text, coalesce(k.category, c.category),
  CASE WHEN k.category IS NOT NULL AND k.category <> j.payload->>'category' THEN 'corrected'
    WHEN k.category IS NOT NULL THEN 'classified' WHEN r.ruled THEN 'ruled' ELSE 'closed' END,
  j.payload->>'category', coalesce(j.versions->>'model', '')
FROM "case" c {_JUDGED}
LEFT JOIN LATERAL (SELECT true AS ruled FROM ledger WHERE subject = c.id AND kind = 'Ruled' LIMIT 1) r ON true
WHERE c.opened_at >= %s AND c.opened_at < %s AND c.id > %s AND c.place >= %s AND c.place < %s AND NOT c.proactive
  AND (k.category IS NOT NULL OR r.ruled OR c.state IN ('closed', 'archived') AND c.returned = 0)
ORDER BY c.id LIMIT %s
"""


def taught(start: datetime, end: datetime, span: Span = EVERYWHERE, batch: int = 2000) -> Iterator[list[Taught]]:
    """Every case opened in [start, end) within `span` whose category is known, in batches by number."""
    mark = 0
    while True:
        with connections[ROAD].cursor() as cursor:
            cursor.execute(_TAUGHT, [start, end, mark, span.lo, span.hi, batch])
            rows = cursor.fetchall()
        if not rows:
            return
        mark = rows[-1][0]
        yield [Taught(*row) for row in rows]


_SAID = f"""
SELECT c.id, c.text, j.payload->>'category', (j.payload->>'confidence')::float, coalesce(k.category, ''),
  c.state IN ('closed', 'archived') AND c.returned = 0
FROM (SELECT id, text, state, returned FROM "case"
  WHERE id > %s AND place >= %s AND place < %s AND NOT proactive ORDER BY id {{order}} LIMIT %s) c {_JUDGED}
WHERE j.versions->>'model' = %s ORDER BY c.id
"""


def said(version: str, since: int, span: Span, limit: int, newest: bool) -> list[Sequence[Any]]:
    """(case, text, category, confidence, category a person said, settled) of the first or the newest judgements.

    Of cases numbered above `since`, the fact that deployed the version: what is told later may have happened before.
    """
    with connections[ROAD].cursor() as cursor:
        sql = _SAID.format(order="DESC" if newest else "ASC")
        cursor.execute(sql, [since - BLOCK, span.lo, span.hi, limit, version])
        return list(cursor.fetchall())


_CORRECTED = """
SELECT k.subject, j.payload->>'category' FROM ledger k
JOIN LATERAL (SELECT payload, versions FROM ledger WHERE subject = k.subject AND kind IN ('Judged', 'Unclear')
  ORDER BY recorded_at, seq LIMIT 1) j ON true
WHERE k.kind = 'Classified' AND k.place >= %s AND k.place < %s AND j.versions->>'model' = %s
  AND j.payload->>'category' <> k.payload->>'category'
ORDER BY k.at DESC LIMIT %s
"""


def corrected(version: str, span: Span, limit: int = 20) -> list[tuple[int, str]]:
    """(case, category that this version had said) of the newest judgements that a person changed."""
    with connections[ROAD].cursor() as cursor:
        cursor.execute(_CORRECTED, [span.lo, span.hi, version, limit])
        return list(cursor.fetchall())
