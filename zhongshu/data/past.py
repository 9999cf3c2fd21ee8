"""往案 past cases: closed ones of a class whose reporter said that it was solved, to hold a new report against."""

from __future__ import annotations

from typing import Any

from django.db import connections

from zhongshu.data.databases import APP, dicts
from zhongshu.data.viewing import viewing
from zhongshu.kernel.access import Viewer

LOOKED_AT = 2000
"""Newest cases of the class that are looked through: a page may not wait for a walk through years."""
MOST = 200

_CLOSED = f"""
SELECT id, number, title, text, host, closed_at FROM (
  SELECT id, number, title, text, host, closed_at, state FROM "case" WHERE category = %s AND id <> %s
  ORDER BY id DESC LIMIT {LOOKED_AT}) c
WHERE c.state IN ('closed', 'archived')
  AND EXISTS (SELECT FROM call_back b WHERE b."case" = c.id AND b.final AND b.solved)
ORDER BY c.id DESC LIMIT {MOST}
"""


def confirmed(viewer: Viewer, category: str, but: int = 0) -> list[dict[str, Any]]:
    """Closed cases of the class that people confirmed as solved and the viewer may see, newest first, at most MOST."""
    with viewing(viewer), connections[APP].cursor() as cursor:
        cursor.execute(_CLOSED, [category, but])
        return dicts(cursor)
