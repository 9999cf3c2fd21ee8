"""热点的读写 what the gathering of issues reads and remembers: set by set, one district at a time."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import orjson
from django.db import connections

from zhongshu.data.databases import ROAD, dicts
from zhongshu.data.write import put
from zhongshu.kernel.places import Span

Row = dict[str, Any]

STAFF = ("grid", "patrol", "superior", "sensor")
"""Channels of the city's own: what they say without a name is one voice, and no person's."""
OFFICIAL = -1
OPEN = ("watched", "hot", "cooled")

_BLOCK = """
WITH told AS MATERIALIZED (
  SELECT c.id, c.title, left(c.text, 400) AS text, c.category, c.place, c.lon, c.lat, count(*) OVER () AS every
  FROM "case" c
  WHERE c.opened_at >= %(since)s AND c.opened_at <= %(now)s AND c.place >= %(lo)s AND c.place < %(hi)s
    AND c.state <> ALL ('{rejected,not_filed,void}') AND c.reports > 0
  ORDER BY c.id DESC LIMIT %(most)s
)
SELECT t.id AS "case", t.title, t.text, t.category, t.place, t.lon, t.lat, t.every, r.id AS report, r.at,
  CASE WHEN r.channel = ANY (%(staff)s) AND r.contact IS NULL THEN -1 WHEN coalesce(k.phone, '') = '' THEN 0
    ELSE min(CASE WHEN v.reporter > 0 THEN v.reporter ELSE k.id END) OVER (PARTITION BY k.phone) END AS reporter,
  coalesce(v.issue, 0) AS issue, v.place IS DISTINCT FROM t.place AS moved
FROM told t JOIN report r ON r."case" = t.id LEFT JOIN contact k ON k.id = r.contact
LEFT JOIN issue_voice v ON v.id = r.id
ORDER BY t.id, r.id
"""
"""One telephone is one person, by the number that the first of its reports got; the telephone itself stays here."""


def block(span: Span, since: datetime, now: datetime, most: int) -> list[Row]:
    """A row for each report of the newest `most` cases of a place, with its case and the issue it was in, 0 for none.

    `every` is how many cases there are in all; `moved` when the issue remembers the report elsewhere or not at all.
    """
    given: dict[str, Any] = {
        "since": since,
        "now": now,
        "lo": span.lo,
        "hi": span.hi,
        "most": most,
        "staff": list(STAFF),
    }
    with connections[ROAD].cursor() as cursor:
        cursor.execute(_BLOCK, given)
        return dicts(cursor)


_OLDER = """
SELECT v.issue, v.id AS report, v."case", v.at, v.reporter, c.place, c.category, c.lon, c.lat
FROM issue_voice v JOIN "case" c ON c.id = v."case" WHERE v.issue = ANY (%s) AND v.id <> ALL (%s)
"""


def older(issues: Sequence[int], read: Sequence[int]) -> list[Row]:
    """The voices of these issues that are not among the reports `read` already."""
    with connections[ROAD].cursor() as cursor:
        cursor.execute(_OLDER, [list(issues), list(read)])
        return dicts(cursor)


def known(issues: Sequence[int]) -> dict[int, Row]:
    """Whole rows of issues, locked until the transaction ends."""
    with connections[ROAD].cursor() as cursor:
        cursor.execute(
            "SELECT id, state, number, place, title, peak, peak_at, first_at FROM issue WHERE id = ANY (%s)"
            " ORDER BY id FOR UPDATE",
            [list(issues)],
        )
        return {row["id"]: row for row in dicts(cursor)}


def quiet(span: Span, since: datetime) -> list[Row]:
    """Open issues of a place without a voice since then."""
    with connections[ROAD].cursor() as cursor:
        cursor.execute(
            "SELECT id, state, number, place, title FROM issue WHERE state = ANY (%s) AND place >= %s AND place < %s"
            " AND last_at < %s ORDER BY id FOR UPDATE",
            [list(OPEN), span.lo, span.hi, since],
        )
        return dicts(cursor)


def due(places: Iterable[str], before: datetime) -> str:
    """Of these places the one that was looked at longest ago, if that was before a moment; otherwise ""."""
    with connections[ROAD].cursor() as cursor:
        cursor.execute(
            "SELECT p FROM unnest(%s::text[]) p LEFT JOIN issue_look l ON l.id = p"
            " WHERE l.id IS NULL OR l.looked_at <= %s ORDER BY l.looked_at NULLS FIRST, p LIMIT 1",
            [sorted(places), before],
        )
        found = cursor.fetchone()
        return "" if found is None else str(found[0])


@dataclass(slots=True)
class Found:
    """What one look at a district changes: rows of issues, voices that came or moved, those that left, and merges."""

    issues: list[Row] = field(default_factory=list)
    voices: list[Row] = field(default_factory=list)
    gone: list[int] = field(default_factory=list)
    merged: Mapping[int, int] = field(default_factory=dict)
    ended: list[int] = field(default_factory=list)


def keep(found: Found, look: Row, now: datetime) -> None:
    """Remember what one look found, within the caller's transaction."""
    with connections[ROAD].cursor() as cursor:
        for table, rows in (("issue", found.issues), ("issue_voice", found.voices), ("issue_look", [look])):
            if rows:
                cursor.execute(*put(table, rows, born=False))
        if found.gone:
            cursor.execute("DELETE FROM issue_voice WHERE id = ANY (%s)", [found.gone])
        if found.merged:
            pairs = orjson.dumps([{"old": old, "new": new} for old, new in found.merged.items()]).decode()
            for sql in _MERGE:
                cursor.execute(sql, {"pairs": pairs, "now": now})
        cursor.execute("UPDATE issue SET state = 'ended', ended_at = %s WHERE id = ANY (%s)", [now, found.ended])


_PAIRS = "FROM json_to_recordset(%(pairs)s) AS p(old bigint, new bigint)"
_MERGE = (
    f"UPDATE issue_voice v SET issue = p.new {_PAIRS} WHERE v.issue = p.old",
    f"UPDATE issue i SET state = 'merged', merged_into = p.new, ended_at = %(now)s {_PAIRS} WHERE i.id = p.old",
)
