"""脉动 the pulse: has anything happened since, and to which cases? Asked once for everybody who listens."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import connections

from zhongshu.data.databases import APP, ROAD


@dataclass(frozen=True, slots=True)
class Beat:
    """One case that something happened to."""

    case: int
    state: str
    place: str
    lon: float | None
    lat: float | None


def mark() -> int:
    """Grows with every fact written."""
    with connections[ROAD].cursor() as cursor:
        cursor.execute("SELECT coalesce(sum(seq), 0)::bigint FROM ledger_head")
        return int(cursor.fetchone()[0])


NAMED = 300
"""The most facts whose cases one look names."""

_BEATS = """
SELECT c.id, c.state, c.place, c.lon, c.lat FROM "case" c WHERE c.id IN (
  SELECT subject FROM ledger WHERE recorded_at >= date_trunc('month', now() AT TIME ZONE 'UTC') AT TIME ZONE 'UTC'
  ORDER BY seq DESC LIMIT %s)
ORDER BY c.id DESC
"""


def beats(facts: int) -> list[Beat]:
    """The cases that the newest `facts` facts of this month, at most NAMED of them, are about; newest cases first."""
    with connections[ROAD].cursor() as cursor:
        cursor.execute(_BEATS, [min(facts, NAMED)])
        return [Beat(*row) for row in cursor.fetchall()]


def release() -> None:
    """Give both connections back after a look: listening is mostly waiting."""
    connections[ROAD].close()
    connections[APP].close()
