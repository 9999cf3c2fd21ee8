"""Observations for tests of the lake: a few sensors of two districts, values that add up without rounding."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from django.db import connections, transaction

from tests import town
from zhongshu.data import intake
from zhongshu.data.databases import OWNER, ROAD
from zhongshu.data.lake import tidying
from zhongshu.data.lake.asking import Answer, Asker
from zhongshu.data.lake.moving import Mover
from zhongshu.data.lake.place import Lake
from zhongshu.data.lake.wanted import Wanted
from zhongshu.kernel.access import Viewer
from zhongshu.kernel.lifecycle import Role

START = datetime(2026, 5, 20, 16, 0, tzinfo=UTC)
"""Midnight of the city."""
DAYS = 8
NOW = START + timedelta(days=DAYS, hours=9)
PLACES = {"S1": town.COMMUNITY, "S2": town.NEXT_COMMUNITY, "S3": town.FAR_COMMUNITY, "S4": town.FAR_COMMUNITY}
CITY = town.viewer(town.CITY, "command", Role.CHIEF)
STREET = town.viewer(town.STREET, "office", Role.HANDLER)
EVERY_DAY = (START, START + timedelta(days=DAYS + 1))

Row = dict[str, Any]


def reading(sensor: str, hours: float, value: float) -> Row:
    place = PLACES[sensor]
    at = START + timedelta(hours=hours)
    return {"sensor": sensor, "at": at, "place": place, "grid": f"{place}-{sensor[-1]}", "value": value}


def readings(step: float = 5) -> list[Row]:
    """Every few hours one of each sensor."""
    moments = [n * step for n in range(int(DAYS * 24 / step))]
    return [reading(sensor, at, (at + n) / 4) for at in moments for n, sensor in enumerate(PLACES)]


def keep(rows: Sequence[Row]) -> int:
    """Take readings in as the hub does; how many were new."""
    with transaction.atomic(using=ROAD):
        return len(intake.save_observations(rows, town.SCHEME))


def mover(folder: Path, hot_days: int = 3, keep_days: int = 0) -> Mover:
    return Mover(Lake(folder, hot_days, keep_days), town.SCHEME, NOW)


def asked(folder: Path, by: Sequence[str], grain: str = "", viewer: Viewer = CITY, **narrowed: Any) -> Answer:
    wanted = Wanted(*narrowed.pop("span", EVERY_DAY), tuple(by), **narrowed)
    return Asker(Lake(folder), town.SCHEME, viewer).ask(wanted, grain)


def told(answer: Answer) -> list[Row]:
    return list(answer.rows.to_pylist())


def empty() -> None:
    """No observation and no file, as in a database that nothing happened in."""
    with connections[OWNER].cursor() as cursor:
        cursor.execute("TRUNCATE observation, observation_sum, lake_file, lake_run")


def run(one: Mover) -> tidying.Counts:
    return tidying.run(one)


def hot() -> int:
    with connections[OWNER].cursor() as cursor:
        cursor.execute("SELECT count(*) FROM observation")
        return int(cursor.fetchone()[0])
