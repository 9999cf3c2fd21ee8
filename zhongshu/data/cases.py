"""案件读取 what the road asks about cases: neighbours of a report, the row of a case."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import cos, radians
from typing import Any

import orjson
from django.db import connections

from zhongshu.data.databases import ROAD, dicts, planned
from zhongshu.kernel.facts import Kind
from zhongshu.kernel.lifecycle import ENDED, State
from zhongshu.kernel.places import CELL, METRE, Neighbour, Probe, metres_apart

NEAR = 150.0
"""Metres: no case further away is ever taken for the same matter (研判 similar.Limits)."""

_GONE = ", ".join(f"'{state}'" for state in sorted(ENDED - {State.CLOSED}))
_OPENED = """
(SELECT id, text, category, lon, lat, opened_at, named FROM "case" c
  WHERE c.cell = ANY (w.cells) AND c.lat BETWEEN w.south AND w.north AND c.lon BETWEEN w.west AND w.east
    AND c.state <> 'closed' AND c.state NOT IN ({gone})
    AND (c.opened_at AT TIME ZONE 'UTC') > (w.at AT TIME ZONE 'UTC') - {after}
    AND (c.opened_at AT TIME ZONE 'UTC') <= (w.at AT TIME ZONE 'UTC') - {until}
  ORDER BY (c.opened_at AT TIME ZONE 'UTC') DESC LIMIT 12)
"""
"""In the words of the index `case_cell`: see there."""

_NEIGHBOURS = f"""
SELECT w.n, c.id, left(c.text, 400), c.category, c.lon, c.lat,
  abs(extract(epoch FROM w.at - c.opened_at))::float8 / 3600, c.named
FROM json_to_recordset(%s)
  AS w(n int, at timestamptz, cells bigint[], west float8, south float8, east float8, north float8)
CROSS JOIN LATERAL (SELECT * FROM (
  {_OPENED.format(gone=_GONE, after="interval '3 days'", until="interval '-1 day'")}
  UNION ALL
  {_OPENED.format(gone=_GONE, after="interval '6 days'", until="interval '3 days'")}
  UNION ALL
  {_OPENED.format(gone=_GONE, after="interval '14 days'", until="interval '6 days'")}
) newest LIMIT 12) c
"""
"""In steps, newest first: where the last days hold twelve already, the days before are never read."""


def neighbours(probes: Sequence[Probe]) -> list[list[Neighbour]]:
    """For each probe, at most 12 open cases of the last 14 days, the newest, in the square of NEAR metres around it."""
    wanted = []
    for n, probe in enumerate(probes):
        lon, lat = probe.place.lon, probe.place.lat
        if lon is not None and lat is not None:
            wanted.append({"n": n, "at": probe.at, **_around(lon, lat)})
    found: list[list[Neighbour]] = [[] for _ in probes]
    if not wanted:
        return found
    with connections[ROAD].cursor() as cursor:
        if len(wanted) > 1:
            # A batch is worth a plan of its own: one that was made while the table was small reads far too much.
            cursor.execute(_NEIGHBOURS, [orjson.dumps(wanted).decode()])
        else:
            planned(cursor, _NEIGHBOURS, [orjson.dumps(wanted).decode()])
        for n, case, text, category, lon, lat, hours, named in cursor.fetchall():
            place = probes[n].place
            metres = metres_apart((place.lon, place.lat), (lon, lat))
            found[n].append(Neighbour(case, text, category, metres, hours, named))
    return found


def _around(lon: float, lat: float) -> dict[str, Any]:
    """The square of NEAR metres around a point, and the cells it touches."""
    up = NEAR * METRE
    aside = up / max(cos(radians(lat)), 0.1)
    west, south, east, north = lon - aside, lat - up, lon + aside, lat + up
    columns = range(int((west + 180) / CELL), int((east + 180) / CELL) + 1)
    rows = range(int((south + 90) / CELL), int((north + 90) / CELL) + 1)
    cells = [x * 1_000_000 + y for x in columns for y in rows]
    return {"west": west, "south": south, "east": east, "north": north, "cells": cells}


def rows(ids: Sequence[int], lock: bool = False) -> dict[int, Mapping[str, Any]]:
    """Whole case rows with what rooms and guards need around them.

    `reporters` {report, called, contact, channel, merged, text (of a merged one)}; `answers` of this round's
    call-backs; `returned_units` and `assists` (unit codes); `clocks`; `requests` not yet answered and `exclusions`
    granted, each {id, kind, by, unit, asked}.
    """
    sql = "SELECT to_jsonb(c) - 'grams' FROM \"case\" c WHERE id = ANY (%s) ORDER BY id" + (
        " FOR UPDATE" if lock else ""
    )
    with connections[ROAD].cursor() as cursor:
        cursor.execute(sql, [list(ids)])
        found: dict[int, dict[str, Any]] = {row[0]["id"]: row[0] for row in map(_parsed, cursor.fetchall())}
        for case in found.values():
            case.update({name: [] for name in (*_AROUND, "returned_units", "assists")})
        for name, around in _AROUND.items():
            cursor.execute(around, [list(found)])
            for case_id, row in cursor.fetchall():
                found[case_id][name].append(row if isinstance(row, dict) else orjson.loads(row))
    for case in found.values():
        _sorted(case)
    return dict(found)


_AROUND = {
    "reporters": """SELECT "case", jsonb_build_object('report', id, 'called', called, 'contact', contact,
        'channel', channel, 'merged', merged, 'text', CASE WHEN merged THEN left(text, 1000) ELSE '' END)
      FROM report WHERE "case" = ANY (%s) ORDER BY id""",
    "tasks": """SELECT "case", jsonb_build_object('unit', unit, 'role', role, 'state', state)
      FROM task WHERE "case" = ANY (%s) ORDER BY id""",
    "answers": """SELECT b."case", jsonb_build_object(
        'report', b.report, 'contacted', b.contacted, 'solved', b.solved, 'satisfaction', b.satisfaction,
        'final', b.final)
      FROM call_back b JOIN "case" c ON c.id = b."case" AND c.reopened = b.round
      WHERE b."case" = ANY (%s) ORDER BY b.id""",
    "clocks": """SELECT "case", to_jsonb(k) FROM clock k WHERE "case" = ANY (%s) ORDER BY id""",
    "asked": """SELECT "case", to_jsonb(r) FROM request r WHERE "case" = ANY (%s) ORDER BY id""",
}
"""What stands around a case: name -> query of (case, object)."""


def _sorted(case: dict[str, Any]) -> None:
    """Tasks and requests by what rooms and guards ask for."""
    for task in case["tasks"]:
        if task["state"] == "returned":
            case["returned_units"].append(task["unit"])
        elif task["role"] == "assist":
            case["assists"].append(task["unit"])
    answered(case)


def answered(case: dict[str, Any]) -> dict[str, Any]:
    """The case with what was `asked` parted into `requests` that wait and the `exclusions` granted."""
    asked = case.pop("asked")
    case["requests"] = [one for one in asked if not one["answer"]]
    granted = [one for one in asked if one["answer"] == Kind.EXCLUDED]
    case["exclusions"] = [*granted, *({"by": one["answered_by"]} for one in granted)]
    return case


def _parsed(row: tuple[Any, ...]) -> tuple[dict[str, Any]]:
    return (row[0] if isinstance(row[0], dict) else orjson.loads(row[0]),)


def report_row(report: int) -> Mapping[str, Any] | None:
    """One report as a mapping, or None."""
    with connections[ROAD].cursor() as cursor:
        cursor.execute("SELECT to_jsonb(r)::text FROM report r WHERE id = %s", [report])
        row = cursor.fetchone()
        return None if row is None else dict(orjson.loads(row[0]))


def known(ids: Sequence[int]) -> dict[int, dict[str, Any]]:
    """What somebody may be told of open cases near by, by id: never who reported, nor where exactly."""
    names = ("id", "text", "category", "state", "place", "opened_at", "reports", "special")
    with connections[ROAD].cursor() as cursor:
        cursor.execute(f'SELECT {", ".join(names)} FROM "case" WHERE id = ANY (%s) AND closed_at IS NULL', [list(ids)])
        return {row[0]: dict(zip(names, row, strict=True)) for row in cursor.fetchall()}


def proposed(proposal: int) -> tuple[int, ...]:
    """The two cases that a merge proposal is about; empty when there is none such, or it was settled."""
    with connections[ROAD].cursor() as cursor:
        cursor.execute('SELECT "case", other FROM merge_proposal WHERE id = %s AND NOT settled', [proposal])
        return tuple(cursor.fetchone() or ())


def active_warnings(sensors: Sequence[str]) -> dict[str, int]:
    """Sensor code -> case of its warning that has not cleared."""
    with connections[ROAD].cursor() as cursor:
        cursor.execute("SELECT sensor, id FROM warning WHERE cleared_at IS NULL AND sensor = ANY (%s)", [list(sensors)])
        return dict(cursor.fetchall())


def open_rows(
    sources: Sequence[str], after: int = 0, share: tuple[int, int] = (0, 1), limit: int = 5000
) -> list[dict[str, Any]]:
    """Open cases whose reports all came from these sources, in the order they came: a page after the id `after`.

    `share` (n, of) leaves the n-th of so many parts of the city; a street is never parted, and no place is part 0.
    `asked` are the kinds of requests that wait for an answer; `unspoken` that nobody has spoken to the reporter yet.
    """
    with connections[ROAD].cursor() as cursor:
        cursor.execute(
            "SELECT id, state, category, place, host, opened_at, due_at, handler, returned, met,"
            " ARRAY(SELECT kind FROM request q WHERE q.\"case\" = c.id AND q.answer = '') AS asked,"
            " c.state = 'handling'"
            " AND EXISTS (SELECT FROM clock k WHERE k.id = c.id || ':contact' AND k.stopped_at IS NULL)"
            ' AS unspoken FROM "case" c'
            " WHERE id > %s AND closed_at IS NULL AND coalesce(nullif(left(place, 9), ''), '0')::bigint %% %s = %s"
            ' AND NOT EXISTS (SELECT 1 FROM report r WHERE r."case" = c.id AND r.source <> ALL (%s))'
            " ORDER BY id LIMIT %s",
            [after, share[1], share[0], list(sources), limit],
        )
        return dicts(cursor)
