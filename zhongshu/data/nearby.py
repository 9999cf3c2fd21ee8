"""附近在办 open matters as anybody may see them: how many of which class in which community, never a point."""

from __future__ import annotations

from typing import Any

from django.db import connections

from zhongshu.data.databases import APP, ROAD, dicts
from zhongshu.kernel.places import Level, Span

_OPEN = """
SELECT place, category, count(*) AS n, min(opened_at) AS since, count(*) FILTER (WHERE reports > 1) AS joined
FROM "case"
WHERE state <> 'closed' AND closed_at IS NULL AND NOT special AND category <> '' AND place >= %s AND place < %s
GROUP BY place, category ORDER BY place, n DESC, category LIMIT 500
"""


def matters(span: Span) -> list[dict[str, Any]]:
    """{place, category, n, since, joined} of what is open; a matter of special need is nobody's to see."""
    with connections[ROAD].cursor() as cursor:
        cursor.execute(_OPEN, [span.lo, span.hi])
        return dicts(cursor)


_CENTRES = """
SELECT code, (west + east) / 2, (south + north) / 2 FROM data_division
WHERE valid_to IS NULL AND level = %s AND code COLLATE "C" >= %s AND code COLLATE "C" < %s AND west IS NOT NULL
"""


def centres(span: Span) -> dict[str, tuple[float, float]]:
    """Community -> the middle of its outline's box, in degrees WGS-84."""
    with connections[APP].cursor() as cursor:
        cursor.execute(_CENTRES, [int(Level.COMMUNITY), span.lo, span.hi])
        return {code: (round(lon, 5), round(lat, 5)) for code, lon, lat in cursor.fetchall()}
