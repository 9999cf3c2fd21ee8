"""案件读取 what the road asks about cases: neighbours of a report, the row of a case, clocks that ran out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

import orjson
from django.db import connections

from zhongshu.data.databases import ROAD
from zhongshu.data.projection import cell
from zhongshu.kernel.desk import Neighbour, Probe

_AROUND = tuple(dx * 1_000_000 + dy for dx in (-1, 0, 1) for dy in (-1, 0, 1))

_NEIGHBOURS = """
SELECT w.n, c.id, c.text, c.category, c.lon, c.lat, c.opened_at
FROM json_to_recordset(%s) AS w(n int, cells bigint[], since timestamptz, until timestamptz)
CROSS JOIN LATERAL (
  SELECT id, text, category, lon, lat, opened_at FROM "case" c
  WHERE c.cell = ANY (w.cells) AND c.state <> 'closed' AND c.opened_at BETWEEN w.since AND w.until
  ORDER BY c.id DESC LIMIT 12
) c
"""


def neighbours(probes: Sequence[Probe], days: int = 14) -> list[list[Neighbour]]:
    """For each probe, at most 12 open cases of the last `days` days in its own and the eight cells around it."""
    wanted = []
    for n, probe in enumerate(probes):
        home = cell(probe.place.lon, probe.place.lat)
        if home is not None:
            since, until = probe.at - timedelta(days=days), probe.at + timedelta(days=1)
            wanted.append({"n": n, "cells": [home + step for step in _AROUND], "since": since, "until": until})
    found: list[list[Neighbour]] = [[] for _ in probes]
    if not wanted:
        return found
    with connections[ROAD].cursor() as cursor:
        cursor.execute(_NEIGHBOURS, [orjson.dumps(wanted).decode()])
        for n, case, text, category, lon, lat, opened in cursor.fetchall():
            probe = probes[n]
            hours = abs((probe.at - opened).total_seconds()) / 3600
            found[n].append(Neighbour(case, text, category, metres(probe.place.lon, probe.place.lat, lon, lat), hours))
    return found


def metres(lon1: float | None, lat1: float | None, lon2: float | None, lat2: float | None) -> float | None:
    """Distance of two near WGS-84 points in metres (equirectangular: good to 0.1 % within a city), or None."""
    if lon1 is None or lat1 is None or lon2 is None or lat2 is None:
        return None
    from math import cos, hypot, radians

    return hypot((lon1 - lon2) * cos(radians((lat1 + lat2) / 2)), lat1 - lat2) * 111_195


def rows(ids: Sequence[int], lock: bool = False) -> dict[int, Mapping[str, Any]]:
    """Whole case rows with what rooms need around them: reports still to call back and the last round's answers."""
    sql = "SELECT to_jsonb(c) - 'grams' FROM \"case\" c WHERE id = ANY (%s) ORDER BY id" + (
        " FOR UPDATE" if lock else ""
    )
    with connections[ROAD].cursor() as cursor:
        cursor.execute(sql, [list(ids)])
        found: dict[int, dict[str, Any]] = {row[0]["id"]: row[0] for row in map(_parsed, cursor.fetchall())}
        cursor.execute(
            'SELECT id, "case", called, contact FROM report WHERE "case" = ANY (%s) ORDER BY id', [list(ids)]
        )
        for case in found.values():
            case["reporters"], case["answers"], case["returned_units"], case["assists"] = [], [], [], []
        for report, case_id, called, contact in cursor.fetchall():
            found[case_id]["reporters"].append({"report": report, "called": called, "contact": contact})
        cursor.execute('SELECT "case", unit, role, state FROM task WHERE "case" = ANY (%s) ORDER BY id', [list(ids)])
        for case_id, unit, role, state in cursor.fetchall():
            if state == "returned":
                found[case_id]["returned_units"].append(unit)
            elif role == "assist":
                found[case_id]["assists"].append(unit)
        cursor.execute(
            'SELECT b."case", b.report, b.contacted, b.solved, b.satisfaction FROM call_back b'
            ' JOIN "case" c ON c.id = b."case" AND c.reopened = b.round WHERE b."case" = ANY (%s) ORDER BY b.id',
            [list(ids)],
        )
        for case_id, report, contacted, solved, satisfaction in cursor.fetchall():
            answer = {"report": report, "contacted": contacted, "solved": solved, "satisfaction": satisfaction}
            found[case_id]["answers"].append(answer)
    return dict(found)


def _parsed(row: tuple[Any, ...]) -> tuple[dict[str, Any]]:
    return (row[0] if isinstance(row[0], dict) else orjson.loads(row[0]),)


def report_row(report: int) -> Mapping[str, Any] | None:
    """One report as a mapping, or None."""
    with connections[ROAD].cursor() as cursor:
        cursor.execute("SELECT to_jsonb(r)::text FROM report r WHERE id = %s", [report])
        row = cursor.fetchone()
        return None if row is None else dict(orjson.loads(row[0]))


def run_out(now: datetime, limit: int = 500) -> list[dict[str, Any]]:
    """Clocks past their due time that nobody has been told of, each with its case's host, category and grid."""
    with connections[ROAD].cursor() as cursor:
        cursor.execute(
            'SELECT k."case", k.name AS clock, k.place, c.host, c.category, c.grid FROM clock k'
            ' JOIN "case" c ON c.id = k."case"'
            " WHERE k.due_at < %s AND k.stopped_at IS NULL AND NOT k.overdue ORDER BY k.due_at LIMIT %s",
            [now, limit],
        )
        return _dicts(cursor)


def _dicts(cursor: Any) -> list[dict[str, Any]]:
    names = [column.name for column in cursor.description]
    return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


def active_warnings(sensors: Sequence[str]) -> dict[str, int]:
    """Sensor code -> case of its warning that has not cleared."""
    with connections[ROAD].cursor() as cursor:
        cursor.execute("SELECT sensor, id FROM warning WHERE cleared_at IS NULL AND sensor = ANY (%s)", [list(sensors)])
        return dict(cursor.fetchall())


def open_rows(after: int = 0, limit: int = 5000) -> list[dict[str, Any]]:
    """Open cases in the order they came, for those who work through all of them: a page after the id `after`."""
    with connections[ROAD].cursor() as cursor:
        cursor.execute(
            'SELECT id, state, category, place, host, opened_at, due_at, handler FROM "case"'
            " WHERE id > %s AND state <> 'closed' ORDER BY id LIMIT %s",
            [after, limit],
        )
        return _dicts(cursor)
