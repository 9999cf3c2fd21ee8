"""回执 receipts: what a reporter may be told about a report, read from the projections in one statement."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import orjson
from django.db import connections

from zhongshu.data.databases import ROAD

_FIELDS = """
SELECT r.id, r.at, r.channel, r.text, r.address, r.lon, r.lat, r.merged, r.place,
  c.id, c.number, c.state, c.category, c.confidence, c.reasons::text, c.place, c.grid, c.host, c.opened_at, c.due_at,
  c.closed_at,
  (SELECT coalesce(json_agg(json_build_object('name', k.name, 'due_at', k.due_at) ORDER BY k.due_at), '[]')
   FROM clock k WHERE k."case" = c.id AND k.stopped_at IS NULL)::text
FROM report r LEFT JOIN "case" c ON c.id = r."case"
"""


@dataclass(frozen=True, slots=True)
class Matter:
    """One report and the case it belongs to; `case` is None while the report waits in the queue."""

    report: int
    at: datetime
    channel: str
    text: str
    address: str
    lon: float | None
    lat: float | None
    merged: bool
    reported_place: str
    case: int | None
    number: str
    state: str
    category: str
    confidence: float
    reasons: Sequence[Sequence[Any]]
    place: str
    grid: str
    host: str
    opened_at: datetime | None
    due_at: datetime | None
    closed_at: datetime | None
    deadlines: Sequence[Mapping[str, str]]


_EMPTY = {"number": "", "state": "", "category": "", "confidence": 0.0, "place": "", "grid": "", "host": ""}


def _matter(row: Sequence[Any]) -> Matter:
    values = dict(zip(Matter.__dataclass_fields__, row, strict=True))
    if values["case"] is None:
        values.update(_EMPTY)
    values["reasons"] = orjson.loads(values["reasons"] or "[]")
    values["deadlines"] = orjson.loads(values["deadlines"])
    return Matter(**values)


def matters(reports: Sequence[int]) -> dict[int, Matter]:
    """Reports by id with their cases; ids that don't exist are left out."""
    with connections[ROAD].cursor() as cursor:
        cursor.execute(_FIELDS + " WHERE r.id = ANY (%s) ORDER BY r.id", [list(reports)])
        return {row[0]: _matter(row) for row in cursor.fetchall()}


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which reports a public list shows; empty means no restriction. `offset` and `limit` count reports."""

    since: datetime
    until: datetime
    categories: Sequence[str] = ()
    closed: bool | None = None
    offset: int = 0
    limit: int = 50


def public(wanted: Wanted) -> list[Matter]:
    """Reports that have a case, newest first. Readings and back-fills have no reporter and are left out."""
    sql = _FIELDS + ' WHERE r."case" IS NOT NULL AND r.at >= %s AND r.at <= %s'
    arguments: list[Any] = [wanted.since, wanted.until]
    if wanted.categories:
        sql += " AND c.category = ANY (%s)"
        arguments.append(list(wanted.categories))
    if wanted.closed is not None:
        sql += " AND (c.closed_at IS NOT NULL) = %s"
        arguments.append(wanted.closed)
    with connections[ROAD].cursor() as cursor:
        cursor.execute(sql + " ORDER BY r.id DESC LIMIT %s OFFSET %s", [*arguments, wanted.limit, wanted.offset])
        return [_matter(row) for row in cursor.fetchall()]
