"""办理事项的读写 what people do about data over days: what each fact changes, and the lists that desks read."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any

import orjson
from django.db import connections

from zhongshu.data.changes import Changes
from zhongshu.data.databases import APP, ROAD
from zhongshu.data.registers import pairs
from zhongshu.data.sharing import effects as sharing_effects
from zhongshu.data.training import taken
from zhongshu.data.viewing import viewing
from zhongshu.kernel.access import Viewer
from zhongshu.kernel.facts import Fact, Kind

SIZE = 50
"""Rows of one page."""

Rule = Callable[[Changes, Fact], None]

EFFECTS: Mapping[str, Rule] = {**pairs.EFFECTS, **sharing_effects.EFFECTS, **taken.EFFECTS}
"""What a move changes besides its own row: "family.move" -> the rule of the area that owns the family. Pure."""

_BORN = ("family", "number", "subject", "title", "asker", "providers", "provider_place")


def _begun(c: Changes, f: Fact) -> None:
    p = f.payload
    whole: dict[str, Any] = {name: p[name] for name in _BORN}
    whole |= {"place": f.place, "opened_at": f.at, "opened_by": p["by"], "given": {}, "people": {}, "times_overdue": 0}
    c.put("proceeding", f.subject, **whole)
    _moved(c, f)


def _moved(c: Changes, f: Fact) -> None:
    p = f.payload
    told = {"state": p["state"], "changed_at": f.at, "overdue": False, "ended_at": f.at if p["ended"] else None}
    if "due_at" in p:
        told |= {"due_at": p["due_at"], "wake_at": p["due_at"]}
    c.patch("proceeding", f.subject, **told)
    c.join("proceeding", f.subject, given=dict(p["given"]), people={p["move"]: p["by"]})
    effect = EFFECTS.get(f"{p['family']}.{p['move']}")
    if effect:
        effect(c, f)


def _overdue(c: Changes, f: Fact) -> None:
    c.patch("proceeding", f.subject, overdue=True, wake_at=None)
    c.add("proceeding", f.subject, times_overdue=1)


RULES: Mapping[str, Rule] = {
    Kind.PROCEEDING_BEGUN: _begun,
    Kind.PROCEEDING_MOVED: _moved,
    Kind.PROCEEDING_OVERDUE: _overdue,
}


def row(proceeding: int, lock: bool = False) -> dict[str, Any] | None:
    """One as the road sees it; locked until the transaction ends when `lock`."""
    wanted = "SELECT to_jsonb(p)::text FROM proceeding p WHERE id = %s" + (" FOR UPDATE" if lock else "")
    with connections[ROAD].cursor() as cursor:
        cursor.execute(wanted, [proceeding])
        found = cursor.fetchone()
    return orjson.loads(found[0]) if found else None


def about(family: str, subject: str) -> list[dict[str, Any]]:
    """All of a family about one subject, open or ended, newest first, as the road sees them."""
    with connections[ROAD].cursor() as cursor:
        cursor.execute(
            "SELECT to_jsonb(p)::text FROM proceeding p WHERE family = %s AND subject = %s ORDER BY id DESC",
            [family, subject],
        )
        return [orjson.loads(text) for (text,) in cursor.fetchall()]


def awake(now: datetime, limit: int) -> list[dict[str, Any]]:
    """Those whose day has come, the earliest first; locked."""
    with connections[ROAD].cursor() as cursor:
        cursor.execute(
            "SELECT to_jsonb(p)::text FROM proceeding p WHERE wake_at <= %s ORDER BY wake_at, id LIMIT %s FOR UPDATE",
            [now, limit],
        )
        return [orjson.loads(text) for (text,) in cursor.fetchall()]


_LISTED = """
SELECT to_jsonb(p)::text FROM proceeding p
WHERE (%(family)s = '' OR family = %(family)s) AND (%(state)s = '' OR state = %(state)s)
  AND (%(subject)s = '' OR subject = %(subject)s) AND (NOT %(late)s OR overdue) AND (NOT %(open)s OR ended_at IS NULL)
  AND (%(side)s = '' OR (%(side)s = 'asker' AND asker = %(unit)s)
    OR (%(side)s = 'provider' AND %(unit)s = ANY (providers)))
  AND (%(waits)s::text[] IS NULL OR (family || '.' || state || '.any') = ANY (%(waits)s)
    OR (asker = %(unit)s AND (family || '.' || state || '.asker') = ANY (%(waits)s))
    OR (%(unit)s = ANY (providers) AND (family || '.' || state || '.provider') = ANY (%(waits)s)))
  AND id < %(cursor)s
ORDER BY id DESC LIMIT %(size)s
"""


def listed(
    viewer: Viewer, cursor: int = 2**63 - 1, waits: Sequence[str] | None = None, **asked: Any
) -> list[dict[str, Any]]:
    """Newest first, those that this viewer may see. `asked`: family, state, subject, side, late, open.

    `waits` are "family.state.side": only what waits for the viewer's unit on that side ("any" for every unit).
    """
    given = {"family": "", "state": "", "subject": "", "side": "", "late": False, "open": False, **asked}
    given |= {"cursor": cursor, "size": SIZE, "unit": viewer.unit, "waits": None if waits is None else list(waits)}
    with viewing(viewer), connections[APP].cursor() as reader:
        reader.execute(_LISTED, given)
        return [orjson.loads(text) for (text,) in reader.fetchall()]


_TIMELINE = """
SELECT jsonb_build_object('kind', kind, 'at', at, 'actor', actor, 'payload', payload::jsonb)::text
FROM ledger WHERE subject = %s ORDER BY recorded_at, seq
"""


def whole(viewer: Viewer, proceeding: int) -> dict[str, Any] | None:
    """One with its `timeline`; None when this viewer may not see it."""
    with viewing(viewer), connections[APP].cursor() as reader:
        reader.execute("SELECT to_jsonb(p)::text FROM proceeding p WHERE id = %s", [proceeding])
        found = reader.fetchone()
    if found is None:
        return None
    with connections[ROAD].cursor() as reader:
        reader.execute(_TIMELINE, [proceeding])
        facts = [orjson.loads(text) for (text,) in reader.fetchall()]
    return {**orjson.loads(found[0]), "timeline": facts}
