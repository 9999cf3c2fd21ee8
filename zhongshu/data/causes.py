"""找源头的读写 what a search for causes reads, in columns, and where it keeps what it found."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import numpy as np
import orjson
from django.db import connections
from numpy.typing import NDArray

from zhongshu.data.databases import ROAD, dicts
from zhongshu.kernel.lifecycle import State

UNREAL = (State.REJECTED, State.NOT_FILED, State.VOID)
"""Cases in these states were no matter of this city."""


@dataclass(frozen=True, slots=True)
class Columns:
    """诉求列: arrays of one length, one entry a report (or a case that nobody reported).

    `case` ids, `kind` and `place` number `kinds` (categories) and `places` (divisions), `lon`, `lat` WGS-84 degrees,
    `t` hours since the start, `caller` -1 where unknown. `unplaced` reports were left out, having no point, place or
    class.
    """

    case: NDArray[np.int64]
    kind: NDArray[np.int64]
    place: NDArray[np.int64]
    lon: NDArray[np.float64]
    lat: NDArray[np.float64]
    t: NDArray[np.float64]
    caller: NDArray[np.int64]
    kinds: tuple[str, ...]
    places: tuple[str, ...]
    unplaced: int


_READ = """
WITH said AS MATERIALIZED (
  SELECT c.id, c.category, c.place, coalesce(r.lon, c.lon) AS lon, coalesce(r.lat, c.lat) AS lat,
    extract(epoch FROM coalesce(r.at, c.opened_at) - %(start)s::timestamptz)::float8 / 3600 AS t,
    CASE WHEN k.phone <> '' THEN
      substr(sha256(%(outer)s::bytea || sha256(%(inner)s::bytea || convert_to(k.phone, 'UTF8'))), 1, 8) END AS caller
  FROM "case" c LEFT JOIN report r ON r."case" = c.id LEFT JOIN contact k ON k.id = r.contact
  WHERE c.opened_at >= %(start)s::timestamptz - interval '15 days' AND c.opened_at < %(end)s::timestamptz
    AND coalesce(r.at, c.opened_at) >= %(start)s::timestamptz AND coalesce(r.at, c.opened_at) < %(end)s::timestamptz
    AND c.state <> ALL (%(unreal)s) AND (%(only)s::text[] IS NULL OR c.category = ANY (%(only)s::text[]))
), good AS MATERIALIZED (
  SELECT * FROM said WHERE lon IS NOT NULL AND lat IS NOT NULL AND category <> '' AND place <> ''
), kinds AS (
  SELECT category, row_number() OVER (ORDER BY category) - 1 AS n FROM (SELECT DISTINCT category FROM good) d
), places AS (
  SELECT place, row_number() OVER (ORDER BY place) - 1 AS n FROM (SELECT DISTINCT place FROM good) d
)
SELECT (SELECT array_agg(category ORDER BY n) FROM kinds), (SELECT array_agg(place ORDER BY n) FROM places),
  (SELECT count(*) FROM said) - count(*), string_agg(int8send(g.id), ''), string_agg(int8send(kinds.n), ''),
  string_agg(int8send(places.n), ''), string_agg(float8send(g.lon), ''), string_agg(float8send(g.lat), ''),
  string_agg(float8send(g.t), ''), string_agg(coalesce(g.caller, '\\x0000000000000000'::bytea), '')
FROM good g JOIN kinds USING (category) JOIN places USING (place)
"""
"""One row with whole columns as bytes: no object per report is made on the way.

Callers are told apart by HMAC-SHA-256 under a key made for this one reading and kept nowhere: no number leaves the
database, and nothing can be matched with another reading.
"""


def _pads() -> dict[str, bytes]:
    """The two padded halves of a fresh HMAC-SHA-256 key (RFC 2104)."""
    block = secrets.token_bytes(32).ljust(hashlib.sha256().block_size, b"\0")
    return {"inner": bytes(one ^ 0x36 for one in block), "outer": bytes(one ^ 0x5C for one in block)}


def _whole(content: object) -> NDArray[np.int64]:
    return np.frombuffer(bytes(content or b""), ">i8").astype(np.int64)  # type: ignore[call-overload]


def _real(content: object) -> NDArray[np.float64]:
    return np.frombuffer(bytes(content or b""), ">f8").astype(np.float64)  # type: ignore[call-overload]


def columns(start: datetime, end: datetime, only: Sequence[str] | None = None) -> Columns:
    """Every report of [start, end) whose case has a class, a place and a point; `only` of these categories."""
    unreal = [one.value for one in UNREAL]
    given: dict[str, Any] = {"start": start, "end": end, "unreal": unreal, "only": only and list(only), **_pads()}
    with connections[ROAD].cursor() as cursor:
        cursor.execute(_READ, given)
        kinds, places, unplaced, case, kind, place, lon, lat, t, caller = cursor.fetchone()
    hashed = _whole(caller)
    number = np.unique(hashed, return_inverse=True)[1].reshape(-1).astype(np.int64)
    return Columns(
        case=_whole(case),
        kind=_whole(kind),
        place=_whole(place),
        lon=_real(lon),
        lat=_real(lat),
        t=_real(t),
        caller=np.where(hashed == 0, -1, number),
        kinds=tuple(kinds or ()),
        places=tuple(places or ()),
        unplaced=int(unplaced),
    )


_RUN = """
INSERT INTO cause_run (id, at, start, "end", parameters, versions, counts, seconds, peak_mb)
SELECT id, at, start, "end", parameters, versions, counts, seconds, peak_mb
FROM json_populate_record(NULL::cause_run, %s)
"""
_LINK: tuple[str, ...] = ("first", "second", "distance", "lag", "pairs", "expected", "strength", "p", "q", "beaten")
_LINK += ("participation", "median_distance", "median_lag")
_ALARM = ("place", "category", "lon", "lat", "metres", "days", "observed", "expected", "p", "cases")


def keep(run: Mapping[str, Any], links: Sequence[Mapping[str, Any]], alarms: Sequence[Mapping[str, Any]]) -> None:
    """Keep a search and what it found, in the caller's transaction."""
    with connections[ROAD].cursor() as cursor:
        cursor.execute(_RUN, [orjson.dumps(dict(run)).decode()])
        for table, names, rows in (("cause_link", _LINK, links), ("cause_alarm", _ALARM, alarms)):
            spelt = ", ".join(f'"{name}"' for name in names)
            cursor.execute(
                f"INSERT INTO {table} (run, {spelt})"
                f" SELECT %s, {spelt} FROM json_populate_recordset(NULL::{table}, %s)",
                [run["id"], orjson.dumps([dict(one) for one in rows]).decode()],
            )


def last_run() -> dict[str, Any] | None:
    """The newest search, or None."""
    with connections[ROAD].cursor() as cursor:
        cursor.execute("SELECT to_jsonb(r)::text FROM cause_run r ORDER BY at DESC, id DESC LIMIT 1")
        row = cursor.fetchone()
    return None if row is None else dict(orjson.loads(row[0]))


_STANDING = """
SELECT DISTINCT ON (c.first, c.second, c.place) c.id, c.number, c.first, c.second, c.place, c.state, c.decided_at,
  ARRAY(SELECT jsonb_array_elements_text(k.cases)::bigint FROM cause_cluster k WHERE k.finding = c.finding) AS known
FROM cause c WHERE c.place = ANY (%s) ORDER BY c.first, c.second, c.place, c.id DESC
"""


def standing(places: Sequence[str]) -> dict[tuple[str, str, str], dict[str, Any]]:
    """The newest cause of each (first, second, district) in these districts, with the ids of its cases as `known`."""
    with connections[ROAD].cursor() as cursor:
        cursor.execute(_STANDING, [list(places)])
        return {(row["first"], row["second"], row["place"]): row for row in dicts(cursor)}


_ROW = "SELECT to_jsonb(c)::text FROM cause c WHERE c.id = %s"


def row(cause: int, lock: bool = False) -> dict[str, Any] | None:
    """One cause, locked until the transaction ends when `lock`; or None."""
    with connections[ROAD].cursor() as cursor:
        cursor.execute(_ROW + (" FOR UPDATE" if lock else ""), [cause])
        found = cursor.fetchone()
    return None if found is None else dict(orjson.loads(found[0]))


_DONE = """
SELECT c.id, c.place, m.state, m.ended_at FROM cause c JOIN ({matters}) m ON m.name = c.matter AND m.id = c.task
WHERE c.state = 'tasked' AND m.state <> 'open' ORDER BY c.id LIMIT 500 FOR UPDATE OF c
"""
_EACH = "SELECT '{name}' AS name, id, state, ended_at FROM \"{name}\""
_MATTERS = " UNION ALL ".join(_EACH.format(name=name) for name in ("call", "directive"))


def done_tasks() -> list[dict[str, Any]]:
    """Causes {id, place, state, ended_at} whose joint task has ended or was withdrawn; locked."""
    with connections[ROAD].cursor() as cursor:
        cursor.execute(_DONE.format(matters=_MATTERS))
        return dicts(cursor)
