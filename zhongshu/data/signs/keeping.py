"""体征入库 keep what was measured: numbers now, history, and which like moments of the past a limit is taken from."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from django.db import connections

from zhongshu.data.databases import ROAD
from zhongshu.data.signs.measures import Found
from zhongshu.data.signs.states import Limit, Standing

Key = tuple[str, str]
KEPT = timedelta(days=100)
"""Readings of each hour are kept as long; of the days before, that of noon, for the year's seasons."""
LIKE = timedelta(weeks=12)
"""How far back like moments are looked for."""


def standings(sign: str) -> dict[Key, Standing]:
    """(sign, place) -> its standing after the last look."""
    with connections[ROAD].cursor() as cursor:
        cursor.execute("SELECT sign, place, colour, since, next, next_since FROM sign_now WHERE sign = %s", [sign])
        return {(sign, place): Standing(*rest) for sign, place, *rest in cursor.fetchall()}


def taken() -> dict[str, datetime]:
    """Sign -> when it was last looked at; one that never was isn't there."""
    with connections[ROAD].cursor() as cursor:
        cursor.execute("SELECT sign, max(at) FROM sign_now GROUP BY sign")
        return dict(cursor.fetchall())


_LIKE = """
SELECT sign, place, array_agg(value ORDER BY at) FROM sign_reading
WHERE at >= %s AND at < %s AND sign = ANY (%s) AND value IS NOT NULL
  AND extract(isodow FROM at AT TIME ZONE 'Asia/Shanghai') = extract(isodow FROM %s AT TIME ZONE 'Asia/Shanghai')
  AND abs(extract(hour FROM at AT TIME ZONE 'Asia/Shanghai') - extract(hour FROM %s AT TIME ZONE 'Asia/Shanghai')) <= 1
GROUP BY 1, 2
"""


def like(signs: Sequence[str], at: datetime) -> dict[Key, list[float]]:
    """The numbers at the same hour of the week, one hour either side, of the last weeks; not those of today."""
    with connections[ROAD].cursor() as cursor:
        cursor.execute(_LIKE, [at - LIKE, at - timedelta(hours=20), list(signs), at, at])
        return {(sign, place): list(values) for sign, place, values in cursor.fetchall()}


_NOW = ("sign", "place", "at", "fresh_at", "value", "a", "b", "rows")
_STANDING = ("colour", "since", "next", "next_since", "amber", "red")


def keep(sign: str, at: datetime, numbers: Iterable[tuple[Found, Standing, Limit]]) -> None:
    """What one sign says now, in place of what it said before; a place that is gone is gone here too."""
    rows = [
        (sign, one.place, at, one.newest, one.value, one.a, one.b, one.rows)
        + (held.colour, held.since, held.next, held.next_since, limit.amber, limit.red)
        for one, held, limit in numbers
    ]
    names = ", ".join((*_NOW, *_STANDING))
    slots = ", ".join(["%s"] * 14)
    with connections[ROAD].cursor() as cursor:
        cursor.execute("DELETE FROM sign_now WHERE sign = %s", [sign])
        cursor.executemany(f"INSERT INTO sign_now ({names}) VALUES ({slots})", rows)


def note(readings: Iterable[Mapping[str, Any]]) -> int:
    """Readings {sign, place, at, value} of history; one that is there already stays. Returns how many were sent."""
    rows = [(one["sign"], one["place"], one["at"], one["value"]) for one in readings]
    with connections[ROAD].cursor() as cursor:
        cursor.executemany(
            "INSERT INTO sign_reading (sign, place, at, value) VALUES (%s, %s, %s, %s) ON CONFLICT DO NOTHING", rows
        )
    return len(rows)


def thin(now: datetime) -> int:
    """Of days longer ago than KEPT only the reading of noon stays; returns how many went."""
    with connections[ROAD].cursor() as cursor:
        cursor.execute(
            "DELETE FROM sign_reading WHERE at < %s AND extract(hour FROM at AT TIME ZONE 'Asia/Shanghai') <> 12",
            [now - KEPT],
        )
        return int(cursor.rowcount)
