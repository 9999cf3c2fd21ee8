"""往事 history: how each case of a period was judged, decided and dispatched at first, read from the ledger."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connections

from zhongshu.data.databases import OWNER

_SQL = """
SELECT j.subject, j.at, j.place, j.kind, j.payload, r.payload, d.kind, d.payload, p.at, p.payload
FROM ledger j
JOIN LATERAL (SELECT payload FROM ledger WHERE subject = (j.payload->>'report')::bigint AND kind = 'Reported' LIMIT 1) r
  ON true
LEFT JOIN LATERAL (SELECT kind, payload FROM ledger WHERE subject = j.subject AND kind IN ('Decided', 'Undecided')
  ORDER BY recorded_at, seq LIMIT 1) d ON true
LEFT JOIN LATERAL (SELECT at, payload FROM ledger WHERE subject = j.subject AND kind = 'Dispatched'
  ORDER BY recorded_at, seq LIMIT 1) p ON true
WHERE j.kind IN ('Judged', 'Unclear') AND j.at >= %s AND j.at < %s AND j.payload->>'report' IS NOT NULL
  AND j.subject > %s
ORDER BY j.subject LIMIT %s
"""


@dataclass(frozen=True, slots=True)
class Beginning:
    """一案之始: a case's first judgement and what came of it; `host` "" when nobody was named."""

    case: int
    at: datetime
    place: str
    judged: Mapping[str, Any]
    reported: Mapping[str, Any]
    unclear: bool
    decided: Mapping[str, Any]
    dispatched_at: datetime | None
    dispatched: Mapping[str, Any]

    @property
    def host(self) -> str:
        """The unit that the rules named at once; what a person had to decide first is not the rules' doing."""
        return "" if self.unclear else str(self.decided.get("host", ""))


def beginnings(start: datetime, end: datetime, batch: int = 1000) -> Iterator[list[Beginning]]:
    """Every case born of a report in [start, end), in batches by case id."""
    mark = 0
    while True:
        with connections[OWNER].cursor() as cursor:
            cursor.execute(_SQL, [start, end, mark, batch])
            rows = cursor.fetchall()
        if not rows:
            return
        mark = rows[-1][0]
        yield [
            Beginning(case, at, place, judged, reported, kind == "Unclear", decided or {}, given_at, given or {})
            for case, at, place, kind, judged, reported, _, decided, given_at, given in rows
        ]
