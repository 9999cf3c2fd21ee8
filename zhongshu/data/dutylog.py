"""值班日志 the duty desk: shifts, what was noted in them, what was handed over, and what happened meanwhile."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

import orjson
from django.db import connections

from zhongshu.data.changes import Changes
from zhongshu.data.databases import APP, ROAD, dicts
from zhongshu.data.viewing import viewing
from zhongshu.kernel.access import Viewer
from zhongshu.kernel.facts import Fact, Kind

Rule = Callable[[Changes, Fact], None]


def _begun(c: Changes, f: Fact) -> None:
    p = f.payload
    if p["before"]:
        c.patch("duty_shift", p["before"], ended_at=f.at, taken_by=p["by"])
    told: dict[str, Any] = {"unit": p["unit"], "place": f.place, "post": f.actor, "begun_by": p["by"], "begun_at": f.at}
    blank: dict[str, Any] = {"handed_by": None, "handed_at": None, "ended_at": None, "taken_by": None}
    c.put("duty_shift", f.subject, **told, before=p["before"], notes="", matters=[], **blank)


def _noted(c: Changes, f: Fact) -> None:
    p = f.payload
    told = {"shift": f.subject, "unit": p["unit"], "place": f.place, "by": p["by"], "at": f.at}
    c.put("duty_entry", f.id, **told, text=p["text"], open=p["open"])


def _handed(c: Changes, f: Fact) -> None:
    p = f.payload
    said = {"notes": p["notes"], "matters": p["matters"]}
    c.patch("duty_shift", f.subject, handed_by=p["by"], handed_at=f.at, **said)


RULES: Mapping[str, Rule] = {Kind.DUTY_BEGUN: _begun, Kind.DUTY_NOTED: _noted, Kind.DUTY_HANDED: _handed}


def latest(unit: str, lock: bool = False) -> dict[str, Any] | None:
    """The unit's newest shift, whoever looks; with `lock` nobody else begins or hands over one meanwhile."""
    with connections[ROAD].cursor() as cursor:
        if lock:
            cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended('duty:' || %s, 0))", [unit])
        cursor.execute(
            "SELECT to_jsonb(s)::text FROM duty_shift s WHERE unit = %s ORDER BY begun_at DESC, id DESC LIMIT 1", [unit]
        )
        row = cursor.fetchone()
    return _timed(orjson.loads(row[0])) if row else None


def _timed(shift: dict[str, Any]) -> dict[str, Any]:
    names = ("begun_at", "handed_at", "ended_at")
    return {**shift, **{name: shift[name] and datetime.fromisoformat(shift[name]) for name in names}}


def shifts(viewer: Viewer, unit: str, size: int = 20) -> list[dict[str, Any]]:
    """The unit's shifts that this viewer may see, newest first, each with its log as `entries`, oldest first."""
    with viewing(viewer), connections[APP].cursor() as cursor:
        cursor.execute(
            "SELECT to_jsonb(s)::text FROM duty_shift s WHERE unit = %s ORDER BY begun_at DESC, id DESC LIMIT %s",
            [unit, size],
        )
        found = [_timed(orjson.loads(row[0])) for row in cursor.fetchall()]
        cursor.execute(
            'SELECT id, shift, "by", at, text, open FROM duty_entry WHERE shift = ANY (%s) ORDER BY id',
            [[one["id"] for one in found]],
        )
        entries = dicts(cursor)
    return [{**one, "entries": [line for line in entries if line["shift"] == one["id"]]} for one in found]


_BOARD = """
SELECT (SELECT count(*) FROM "case" WHERE opened_at >= %(since)s AND opened_at < %(until)s AND {in}),
  (SELECT count(*) FROM "case" WHERE closed_at >= %(since)s AND closed_at < %(until)s AND {in}),
  (SELECT count(*) FROM "case" WHERE closed_at IS NULL AND urgency >= 2 AND {in}),
  (SELECT count(*) FROM warning WHERE at >= %(since)s AND at < %(until)s AND {in}),
  (SELECT count(DISTINCT k."case") FROM clock k JOIN "case" c ON c.id = k."case" AND c.closed_at IS NULL
    WHERE k.overdue AND k.stopped_at IS NULL AND k.due_at >= %(since)s AND k.due_at < %(until)s
    AND k.place >= %(lo)s AND k.place < %(hi)s)
"""


def board(viewer: Viewer, since: datetime, until: datetime) -> dict[str, int]:
    """态势: what happened between two moments in the viewer's place: opened, closed, warnings, broken; `urgent` now."""
    where = "place >= %(lo)s AND place < %(hi)s"
    given: dict[str, Any] = {"since": since, "until": until, "lo": viewer.span.lo, "hi": viewer.span.hi}
    with connections[ROAD].cursor() as cursor:
        cursor.execute(_BOARD.replace("{in}", where), given)
        row = cursor.fetchone()
    return dict(zip(("opened", "closed", "urgent", "warnings", "broken"), row, strict=True))
