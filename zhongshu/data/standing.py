"""当下情形 what holds just now and changes by the hour: weather in force, and how common each class is."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.db import connections

from zhongshu.data.databases import ROAD, dicts, planned
from zhongshu.kernel.places import Weather

COUNTED = 50_000
"""Newest cases of which the shares of the classes are taken."""
KEPT = timedelta(days=1)
"""How long weather that is over is still known, for reports that come in late."""

_WEATHER = """
SELECT kind, place, at, until, source FROM weather WHERE until IS NULL OR until > %s
UNION ALL
SELECT s.kind, w.place, w.at, NULL, s.name FROM warning w
  JOIN data_sensor s ON s.code = w.sensor AND s.valid_to IS NULL WHERE w.cleared_at IS NULL
ORDER BY 1, 2, 3
"""


def weather(now: datetime) -> tuple[Weather, ...]:
    """Warnings of the weather service in force, those that ended within a day, and sensors that warn."""
    with connections[ROAD].cursor() as cursor:
        planned(cursor, _WEATHER, [now - KEPT])
        return tuple(Weather(*row) for row in cursor.fetchall())


def shares(least: int) -> dict[str, float]:
    """Share of each class among the newest cases; empty while there are fewer than `least`."""
    newest = f'SELECT category FROM "case" ORDER BY id DESC LIMIT {COUNTED}'
    with connections[ROAD].cursor() as cursor:
        cursor.execute(f"SELECT category, count(*) FROM ({newest}) c GROUP BY 1")
        found = dict(cursor.fetchall())
    every = sum(found.values())
    return {code: count / every for code, count in found.items()} if every >= least else {}


def announce(one: Weather) -> int:
    """Put a warning in force; returns its number."""
    with connections[ROAD].cursor() as cursor:
        cursor.execute(
            "INSERT INTO weather (kind, place, source, at, until) VALUES (%s, %s, %s, %s, %s) RETURNING id",
            [one.kind, one.place, one.source, one.at, one.until],
        )
        return int(cursor.fetchone()[0])


def call_off(number: int, at: datetime) -> bool:
    """End a warning that is in force; False when there is none such."""
    with connections[ROAD].cursor() as cursor:
        cursor.execute(
            "UPDATE weather SET until = %s WHERE id = %s AND (until IS NULL OR until > %s)", [at, number, at]
        )
        return bool(cursor.rowcount == 1)


def listed(now: datetime) -> list[dict[str, Any]]:
    """Warnings that a service or a person has put in force, with their numbers."""
    with connections[ROAD].cursor() as cursor:
        cursor.execute("SELECT * FROM weather WHERE until IS NULL OR until > %s ORDER BY id", [now])
        return dicts(cursor)
