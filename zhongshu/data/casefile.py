"""案卷 the case file: everything one page says about a case, and what a reporter may see of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import orjson
from django.db import connections

from zhongshu.data.cases import answered
from zhongshu.data.databases import APP, ROAD
from zhongshu.data.viewing import viewing
from zhongshu.kernel.access import Viewer
from zhongshu.kernel.facts import Kind

_FILE = """
SELECT ((to_jsonb(c) - 'grams') || jsonb_build_object(
  'reported', (SELECT coalesce(jsonb_agg(to_jsonb(r) ORDER BY r.id), '[]') FROM report r WHERE r."case" = c.id),
  'tasks', (SELECT coalesce(jsonb_agg(to_jsonb(t) ORDER BY t.role DESC, t.id), '[]') FROM task t WHERE t."case" = c.id),
  'clocks', (SELECT coalesce(jsonb_agg(to_jsonb(k) ORDER BY k.due_at), '[]') FROM clock k WHERE k."case" = c.id),
  'called', (SELECT coalesce(jsonb_agg(to_jsonb(b) ORDER BY b.id), '[]') FROM call_back b WHERE b."case" = c.id),
  'proposals', (SELECT coalesce(jsonb_agg(to_jsonb(m) || jsonb_build_object('text', o.text, 'opened_at', o.opened_at,
      'number', o.number, 'lon', o.lon, 'lat', o.lat) ORDER BY m.score DESC), '[]')
    FROM merge_proposal m JOIN "case" o ON o.id = CASE WHEN m."case" = c.id THEN m.other ELSE m."case" END
    WHERE c.id IN (m."case", m.other) AND NOT m.settled AND o.closed_at IS NULL),
  'stuck_at', (SELECT coalesce(jsonb_agg(jsonb_build_object('id', s.id, 'sentence', s.sentence) ORDER BY s.id), '[]')
    FROM stuck s WHERE c.stuck AND s.subject = c.id AND NOT s.settled),
  'photos', (SELECT coalesce(jsonb_agg(jsonb_build_object('id', a.id, 'name', a.name, 'mime', a.mime)
      ORDER BY a.id), '[]')
    FROM attachment a WHERE a."case" = c.id),
  'asked', (SELECT coalesce(jsonb_agg(to_jsonb(q) ORDER BY q.id), '[]') FROM request q WHERE q."case" = c.id),
  'timeline', (SELECT coalesce(jsonb_agg(jsonb_build_object('id', l.id, 'kind', l.kind, 'at', l.at, 'cause', l.cause,
      'actor', l.actor, 'versions', l.versions, 'payload', l.payload) ORDER BY l.recorded_at, l.seq), '[]')
    FROM ledger l WHERE l.subject = c.id)
))::text
FROM "case" c WHERE c.id = %s
"""


def whole(viewer: Viewer, case: int) -> dict[str, Any] | None:
    """The case with reported, tasks, clocks, called, proposals, stuck_at, photos, requests and timeline, or None.

    Two statements. Times are ISO 8601 text; nothing in it says who reported.
    """
    with viewing(viewer), connections[APP].cursor() as cursor:
        cursor.execute(_FILE, [case])
        row = cursor.fetchone()
    return None if row is None else answered(dict(orjson.loads(row[0])))


_STUCK = """
SELECT s.id, s.subject, s.kind, s.at, s.sentence, s.trace, coalesce(c.number, ''), coalesce(c.title, '')
FROM stuck s LEFT JOIN "case" c ON c.id = s.subject
WHERE NOT s.settled AND s.id < %s ORDER BY s.id DESC LIMIT %s
"""


def stuck(viewer: Viewer, cursor: int | None = None, size: int = 50) -> list[dict[str, Any]]:
    """Facts that a room could not take and nobody has sent again, newest first."""
    names = ("id", "case_id", "kind", "at", "sentence", "traceback", "number", "title")
    with viewing(viewer), connections[APP].cursor() as read:
        read.execute(_STUCK, [cursor or 1 << 62, size])
        return [dict(zip(names, row, strict=True)) for row in read.fetchall()]


PUBLIC = (
    Kind.JUDGED,
    Kind.UNCLEAR,
    Kind.REJECTED,
    Kind.VERIFY_ASKED,
    Kind.NOT_FILED,
    Kind.CLASSIFIED,
    Kind.DISPATCHED,
    Kind.SIGNED,
    Kind.RETURNED,
    Kind.ESCALATED,
    Kind.CONTACTED,
    Kind.MADE_SAFE,
    Kind.EXTENDED,
    Kind.HUNG,
    Kind.RESUMED,
    Kind.SUPPLEMENT_ASKED,
    Kind.SUPPLEMENTED,
    Kind.HANDLED,
    Kind.CHECK_PASSED,
    Kind.CHECK_FAILED,
    Kind.CALLED_BACK,
    Kind.CLOSED,
    Kind.REDONE,
    Kind.REOPENED,
)
"""What a reporter is told of; of the payload only what was written for him, never names, reasons, other reporters."""

_TRACKED = """
SELECT jsonb_build_object('report', r.id, 'at', r.at, 'text', r.text, 'called', r.called, 'channel', r.channel,
  'merged', r.merged, 'case',
  (SELECT to_jsonb(c) - 'grams' - 'reasons' - 'others' FROM "case" c WHERE c.id = r."case"),
  'places', (SELECT l.payload->'places' FROM ledger l WHERE l.subject = r."case" AND l.kind IN ('Judged', 'Unclear')
    AND (l.payload->>'report')::bigint = r.id ORDER BY l.seq LIMIT 1),
  'steps', (SELECT coalesce(jsonb_agg(jsonb_build_object('kind', l.kind, 'at', l.at, 'text',
      CASE l.kind WHEN 'Handled' THEN l.payload->>'result' WHEN 'Rejected' THEN l.payload->>'told'
        WHEN 'SupplementAsked' THEN l.payload->>'text' END) ORDER BY l.recorded_at, l.seq), '[]')
    FROM ledger l WHERE l.subject = r."case" AND l.kind = ANY (%s)
    AND (l.kind <> 'CalledBack' OR (l.payload->>'report')::bigint = r.id)))::text
FROM report r WHERE r.id = %s
"""


def tracked(report: int) -> dict[str, Any] | None:
    """What the holder of a tracking link may know of a report: its case, without reasons, and the public steps."""
    with connections[ROAD].cursor() as cursor:
        cursor.execute(_TRACKED, [list(PUBLIC), report])
        row = cursor.fetchone()
    return None if row is None else dict(orjson.loads(row[0]))


@dataclass(frozen=True, slots=True)
class StuckFact:
    """One unsettled Stuck: whose it is, where, and the whole fact as JSON."""

    subject: int
    place: str
    fact: dict[str, Any]


def stuck_fact(stuck: int) -> StuckFact | None:
    """An unsettled stuck fact, locked until the transaction ends, so that two people don't send it twice."""
    with connections[ROAD].cursor() as cursor:
        cursor.execute("SELECT subject, place, fact::text FROM stuck WHERE id = %s AND NOT settled FOR UPDATE", [stuck])
        row = cursor.fetchone()
    return None if row is None else StuckFact(row[0], row[1], orjson.loads(row[2]))
