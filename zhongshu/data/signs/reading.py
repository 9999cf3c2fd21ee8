"""体征的读取 what the screens ask of the signs: numbers now, by place, and history; only of the viewer's own places."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import connections

from zhongshu.data.databases import APP, ROAD, dicts
from zhongshu.data.signs.states import stale
from zhongshu.data.viewing import viewing
from zhongshu.kernel.access import Viewer

LOST = timedelta(minutes=30)
"""A number measured longer ago, beyond its own step, is stale whatever it was counted from."""


@dataclass(frozen=True, slots=True)
class Now:
    """体征现值 of one place; `value` is the last number, whatever its age: `stale` says whether it may be called so."""

    sign: str
    place: str
    at: datetime
    fresh_at: datetime | None
    value: float | None
    a: float
    b: float
    rows: int
    colour: str
    since: datetime | None
    amber: float | None
    red: float | None

    def stale(self, now: datetime, minutes: int, step: timedelta) -> bool:
        """Whether what it was counted from is too old, or nobody has counted for longer than a step and LOST."""
        return stale(self.fresh_at, now, minutes) or now - self.at > step + LOST


_NOW = "sign, place, at, fresh_at, value, a, b, rows, colour, since, amber, red"


def at(place: str, viewer: Viewer | None = None) -> dict[str, Now]:
    """The signs of one place by code; without a viewer, for a command."""
    sql = f"SELECT {_NOW} FROM sign_now WHERE place = %s"
    if viewer is None:
        with connections[ROAD].cursor() as cursor:
            cursor.execute(sql, [place])
            return {row[0]: Now(*row) for row in cursor.fetchall()}
    with viewing(viewer), connections[APP].cursor() as cursor:
        cursor.execute(sql, [place])
        return {row[0]: Now(*row) for row in cursor.fetchall()}


def of(sign: str, viewer: Viewer) -> list[Now]:
    """One sign in every place of the viewer, by code of the place."""
    with viewing(viewer), connections[APP].cursor() as cursor:
        cursor.execute(f"SELECT {_NOW} FROM sign_now WHERE sign = %s ORDER BY place", [sign])
        return [Now(*row) for row in cursor.fetchall()]


def history(viewer: Viewer, sign: str, place: str, since: datetime) -> list[tuple[datetime, float | None]]:
    """(moment, value) since then, the oldest first."""
    with viewing(viewer), connections[APP].cursor() as cursor:
        cursor.execute(
            "SELECT at, value FROM sign_reading WHERE sign = %s AND place = %s AND at >= %s ORDER BY at",
            [sign, place, since],
        )
        return list(cursor.fetchall())


def trends(viewer: Viewer, place: str, since: datetime) -> dict[str, list[float]]:
    """Sign -> its numbers since then in one place, the oldest first."""
    with viewing(viewer), connections[APP].cursor() as cursor:
        cursor.execute(
            "SELECT sign, array_agg(value ORDER BY at) FROM sign_reading"
            " WHERE place = %s AND at >= %s AND value IS NOT NULL GROUP BY sign",
            [place, since],
        )
        return {sign: list(values) for sign, values in cursor.fetchall()}


def last_year(viewer: Viewer, sign: str, place: str, at: datetime) -> list[dict[str, Any]]:
    """The readings around the same day a year ago, three days either side: {at, value}."""
    year = at - timedelta(days=364)
    with viewing(viewer), connections[APP].cursor() as cursor:
        cursor.execute(
            "SELECT at, value FROM sign_reading WHERE sign = %s AND place = %s AND at BETWEEN %s AND %s ORDER BY at",
            [sign, place, year - timedelta(days=3), year + timedelta(days=3)],
        )
        return dicts(cursor)
