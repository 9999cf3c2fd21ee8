"""抽样核实的读写 samples of rows that people hold against what is really there, and what they found."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import orjson
from django.db import connections

from zhongshu.data.databases import APP, ROAD
from zhongshu.data.viewing import viewing
from zhongshu.kernel.access import Viewer

Row = dict[str, Any]
RIGHT, WRONG, GONE, UNREACHED = "right", "wrong", "gone", "unreached"
VERDICTS = (RIGHT, WRONG, GONE, UNREACHED)
"""对, 有误, 查无 (what the row tells of isn't there), 未能核实 (nobody at home): the last one counts for nothing."""
COUNTED = (RIGHT, WRONG, GONE)
SIZE = 50
SHOWN = 100
"""Samples of one list."""

_COUNTS = """
count(*) AS rows, count(*) FILTER (WHERE r.verdict <> '') AS done, count(*) FILTER (WHERE r.verdict = 'right') AS right,
count(*) FILTER (WHERE r.verdict = 'wrong') AS wrong, count(*) FILTER (WHERE r.verdict = 'gone') AS gone,
count(*) FILTER (WHERE r.verdict = 'unreached') AS unreached
"""
_LISTED = f"""
SELECT to_jsonb(x)::text FROM (SELECT v.*, c.* FROM quality_visit v
  CROSS JOIN LATERAL (SELECT {_COUNTS} FROM quality_visit_row r WHERE r.visit = v.id) c
  WHERE (%(visit)s = 0 OR v.id = %(visit)s) AND (%(dataset)s = '' OR v.dataset = %(dataset)s)
    AND c.rows > 0 ORDER BY v.id DESC LIMIT {SHOWN}) x
"""


def listed(viewer: Viewer, dataset: str = "") -> list[Row]:
    """Samples with rows within this viewer's place, newest first, with how far these are confirmed."""
    return _listed(viewer, 0, dataset)


def one(viewer: Viewer, visit: int) -> Row | None:
    """One sample, or None where none of its rows is this viewer's."""
    return next(iter(_listed(viewer, visit, "")), None)


def _listed(viewer: Viewer, visit: int, dataset: str) -> list[Row]:
    with viewing(viewer), connections[APP].cursor() as cursor:
        cursor.execute(_LISTED, {"visit": visit, "dataset": dataset})
        return [orjson.loads(text) for (text,) in cursor.fetchall()]


_ROWS = """
SELECT to_jsonb(r)::text FROM quality_visit_row r WHERE visit = %(visit)s AND (%(verdict)s = '' OR verdict = %(verdict)s
  OR (%(verdict)s = 'open' AND verdict = '')) AND (place, id) > (%(place)s, %(after)s) ORDER BY place, id LIMIT %(size)s
"""


def rows(viewer: Viewer, visit: int, verdict: str = "", after: tuple[str, str] = ("", "")) -> list[Row]:
    """The next SIZE rows of a sample that this viewer may see, by place; of one verdict, or "open" ones."""
    given: dict[str, Any] = {"visit": visit, "verdict": verdict, "place": after[0], "after": after[1], "size": SIZE}
    with viewing(viewer), connections[APP].cursor() as cursor:
        cursor.execute(_ROWS, given)
        return [orjson.loads(text) for (text,) in cursor.fetchall()]


def row(viewer: Viewer, code: str) -> Row | None:
    """One row of a sample, or None where it isn't this viewer's."""
    with viewing(viewer), connections[APP].cursor() as cursor:
        cursor.execute("SELECT to_jsonb(r)::text FROM quality_visit_row r WHERE id = %s", [code])
        found = cursor.fetchone()
    return orjson.loads(found[0]) if found else None


def lock(code: str) -> str | None:
    """The verdict of a row, which nobody else changes until the caller's transaction ends; None without such a row."""
    with connections[ROAD].cursor() as cursor:
        cursor.execute("SELECT verdict FROM quality_visit_row WHERE id = %s FOR UPDATE", [code])
        found = cursor.fetchone()
    return str(found[0]) if found else None


_COUNTED = """
SELECT count(*) FILTER (WHERE r.verdict = 'right' OR (r.verdict = 'wrong' AND NOT r.wrong ? %(item)s)), count(*)
FROM quality_visit_row r JOIN quality_visit v ON v.id = r.visit
WHERE v.dataset = %(dataset)s AND v.items ? %(item)s AND v.at > %(since)s AND r.verdict = ANY (%(counted)s)
"""


def counted(dataset: str, item: str, days: int, now: datetime) -> tuple[int, int]:
    """(A right, B confirmed) of an item, over the samples of the last days."""
    given: dict[str, Any] = {"dataset": dataset, "item": item, "counted": list(COUNTED)}
    given["since"] = now - timedelta(days=days)
    with connections[ROAD].cursor() as cursor:
        cursor.execute(_COUNTED, given)
        right, every = cursor.fetchone()
    return int(right), int(every)


_DONE = """
SELECT v.dataset, max(r.at) FROM quality_visit v JOIN quality_visit_row r ON r.visit = v.id
GROUP BY v.id HAVING count(*) FILTER (WHERE r.verdict = '') = 0
"""


def finished() -> dict[str, datetime]:
    """Data set -> when the last row of a sample of it was confirmed, of samples without open rows."""
    found: dict[str, datetime] = {}
    with connections[ROAD].cursor() as cursor:
        cursor.execute(_DONE)
        for dataset, at in cursor.fetchall():
            found[dataset] = max(at, found.get(dataset, at))
    return found
