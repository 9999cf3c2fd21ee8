"""呼应与指令的读取 calls and directives as the hub and the screens ask for them, and their clocks that ran out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import orjson
from django.db import connections

from zhongshu.data.databases import APP, ROAD
from zhongshu.data.viewing import viewing
from zhongshu.kernel.access import Viewer
from zhongshu.kernel.convening import CALL, Matter


def rows(matter: Matter[Any], ids: Sequence[int], lock: bool = False) -> dict[int, dict[str, Any]]:
    """Whole rows by id, each with `parts`: its units' rows by unit code. Locked until the transaction ends."""
    held = " FOR UPDATE" if lock else ""
    with connections[ROAD].cursor() as cursor:
        cursor.execute(
            f'SELECT id, to_jsonb(m)::text FROM "{matter.name}" m WHERE id = ANY (%s) ORDER BY id{held}', [list(ids)]
        )
        found = {id_: {**orjson.loads(text), "parts": {}} for id_, text in cursor.fetchall()}
        cursor.execute(
            f'SELECT matter, unit, to_jsonb(p)::text FROM "{matter.parts}" p WHERE matter = ANY (%s) ORDER BY id',
            [list(found)],
        )
        for id_, unit, text in cursor.fetchall():
            found[id_]["parts"][unit] = orjson.loads(text)
    return found


def awake(matter: Matter[Any], now: datetime, limit: int = 500) -> list[tuple[int, str]]:
    """(id, unit) of units of which a clock ran out, the longest waiting first."""
    with connections[ROAD].cursor() as cursor:
        cursor.execute(
            f'SELECT matter, unit FROM "{matter.parts}" WHERE wake_at < %s ORDER BY wake_at LIMIT %s', [now, limit]
        )
        return [(id_, unit) for id_, unit in cursor.fetchall()]


_WHOLE = """
SELECT (to_jsonb(m) || jsonb_build_object('parts', (SELECT coalesce(jsonb_agg(to_jsonb(p)
  ORDER BY p.notified_at, p.id), '[]') FROM "{parts}" p WHERE p.matter = m.id)))::text
FROM "{table}" m WHERE m.id = %s
"""
_TIMELINE = """
SELECT jsonb_build_object('id', id, 'kind', kind, 'at', at, 'actor', actor, 'payload', payload::jsonb - 'units')::text
FROM ledger WHERE subject = %s ORDER BY recorded_at, seq
"""
_FILES = """SELECT id, name FROM attachment WHERE "case" = %s ORDER BY id"""


def whole(viewer: Viewer, matter: Matter[Any], subject: int) -> dict[str, Any] | None:
    """One matter with the `parts`, `timeline` and `photos` that this viewer may see; None when it is not his to see.

    A unit from elsewhere sees the matter and itself: what happened to other units is not told to it.
    """
    with viewing(viewer), connections[APP].cursor() as cursor:
        cursor.execute(_WHOLE.format(table=matter.name, parts=matter.parts), [subject])
        row = cursor.fetchone()
    if row is None:
        return None
    found = dict(orjson.loads(row[0]))
    shown = {part["unit"] for part in found["parts"]}
    with connections[ROAD].cursor() as cursor:
        cursor.execute(_TIMELINE, [subject])
        facts = [orjson.loads(text) for (text,) in cursor.fetchall()]
        cursor.execute(_FILES, [subject])
        files = {id_: name for id_, name in cursor.fetchall()}
    told = [fact for fact in facts if fact["payload"].get("unit", "") in (*shown, "")]
    photos = [one for fact in told for one in fact["payload"].get("photos", ()) if one in files]
    return {**found, "timeline": told, "photos": [{"id": one, "name": files[one]} for one in photos]}


def photo(viewer: Viewer, matter: Matter[Any], subject: int, photo: int) -> tuple[str, bytes] | None:
    """(media type, bytes) of a photo of a matter that this viewer may see."""
    found = whole(viewer, matter, subject)
    if found is None or photo not in {one["id"] for one in found["photos"]}:
        return None
    with connections[ROAD].cursor() as cursor:
        cursor.execute('SELECT mime, content FROM attachment WHERE id = %s AND "case" = %s', [photo, subject])
        row = cursor.fetchone()
    return None if row is None else (row[0], bytes(row[1]))


BOXES: Mapping[str, str] = {
    "unit": 'EXISTS (SELECT FROM "{parts}" p WHERE p.matter = m.id AND p.unit = %(named)s)',
    "answer": "m.state = 'open' AND EXISTS (SELECT FROM \"{parts}\" p WHERE p.matter = m.id AND p.unit = %(unit)s"
    " AND p.state <> ALL (%(done)s))",
    "own": "m.{owner} = %(unit)s",
    "linked": "m.cases @> %(case)s",
    "all": "true",
}
"""Of one named unit, 要我应的, 我呼的, of one case, everything that the viewer may see."""

SIZE = 50
_LISTED = """
SELECT (to_jsonb(m) || jsonb_build_object('parts', (SELECT coalesce(jsonb_agg(to_jsonb(p) ORDER BY p.id), '[]')
  FROM "{parts}" p WHERE p.matter = m.id)))::text
FROM "{table}" m WHERE {where} AND m.id < %(cursor)s ORDER BY m.id DESC LIMIT %(size)s
"""


def listed(
    viewer: Viewer, matter: Matter[Any], box: str, cursor: int | None = None, of: int | str = 0
) -> list[dict[str, Any]]:
    """Up to 50 rows of one box, newest first, each with its `parts`; KeyError for a box not in BOXES.

    `of` is the case of the box "linked", the unit of the box "unit".
    """
    where = BOXES[box].format(parts=matter.parts, owner=matter.owner)
    released = ["released"] if matter is CALL else ["executed", "excepted"]
    given: dict[str, Any] = {
        "unit": viewer.unit,
        "done": [*(one.value for one in matter.done), *released],
        "case": orjson.dumps([of]).decode(),
        "named": str(of),
        "cursor": cursor or 1 << 62,
        "size": SIZE,
    }
    with viewing(viewer), connections[APP].cursor() as read:
        read.execute(_LISTED.format(table=matter.name, parts=matter.parts, where=where), given)
        return [orjson.loads(text) for (text,) in read.fetchall()]


@dataclass(frozen=True, slots=True)
class Answers:
    """双考核: how one unit answered calls. Base of the first two: calls that had such a clock; of `mean`: `scored`."""

    unit: str
    called: int
    acknowledged_in_time: int
    arrived_in_time: int
    raised: int
    scored: int
    mean: float | None


_ANSWERS = """
SELECT unit, count(*),
  count(*) FILTER (WHERE acknowledged_at IS NOT NULL AND NOT missed ? 'acknowledge'),
  count(*) FILTER (WHERE arrived_at IS NOT NULL AND NOT missed ? 'arrive'),
  count(*) FILTER (WHERE missed <> '[]'), count(score), avg(score)::float8
FROM call_unit WHERE notified_at >= %s AND notified_at < %s GROUP BY unit ORDER BY avg(score) NULLS LAST, unit
"""


def answers(viewer: Viewer, start: datetime, end: datetime) -> list[Answers]:
    """Every unit called in [start, end) that this viewer may see, the worst scored first; for the yearly appraisal."""
    with viewing(viewer), connections[APP].cursor() as cursor:
        cursor.execute(_ANSWERS, [start, end])
        return [Answers(*row) for row in cursor.fetchall()]
