"""往案 past cases: closed ones of a class whose reporter said that it was solved, to hold a new report against."""

from __future__ import annotations

from typing import Any

from django.db import connections

from zhongshu.data.databases import APP, ROAD, dicts
from zhongshu.data.viewing import viewing
from zhongshu.kernel.access import Viewer

LOOKED_AT = 500
"""Newest closed cases of the class in the viewer's span that are looked through: a page may not wait for a walk
through years."""
MOST = 200

_SOLVED = f"""
SELECT c.id FROM (
  SELECT id FROM "case" WHERE category = %s AND place >= %s AND place < %s AND state IN ('closed', 'archived')
    AND id <> %s ORDER BY id DESC LIMIT {LOOKED_AT}) c
WHERE EXISTS (SELECT FROM call_back b WHERE b."case" = c.id AND b.final AND b.solved)
ORDER BY c.id DESC LIMIT {MOST}
"""
_SAID = 'SELECT id, number, title, text, host, closed_at FROM "case" WHERE id = ANY (%s) ORDER BY id DESC'


def confirmed(viewer: Viewer, category: str, but: int = 0) -> list[dict[str, Any]]:
    """Closed cases of the class that people confirmed as solved and the viewer may see, newest first, at most MOST.

    Which they are is asked with the span as plain constants, as lists do (data.lists): behind the policy the planner
    would walk all of a class in order to find a community's few.
    """
    with connections[ROAD].cursor() as cursor:
        cursor.execute(_SOLVED, [category, viewer.span.lo, viewer.span.hi, but])
        found = [row[0] for row in cursor.fetchall()]
    with viewing(viewer), connections[APP].cursor() as cursor:
        cursor.execute(_SAID, [found])
        return dicts(cursor)
