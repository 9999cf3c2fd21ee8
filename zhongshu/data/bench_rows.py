"""实测数据 rows for benches only: many cases grown from the few that travelled the road, set by set, in SQL."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import orjson
from django.db import connections

from zhongshu.data.databases import OWNER
from zhongshu.data.grams import grams
from zhongshu.kernel.places import CELL, Span

CHUNK = 50_000

_COPIES = """
INSERT INTO "case" ({columns})
SELECT {values}
FROM generate_series(%(first)s::int, %(last)s::int) n
JOIN bench_pool p ON p.row = (n::bigint * 7919) %% %(pool)s
CROSS JOIN LATERAL (
  SELECT (hashint4(n) & 1023) / 1024.0 AS luck, (hashint4(n + 1) & 1023) / 1024.0 AS state_luck,
    p.lon + ((hashint4(n + 2) & 1023) - 512) * 4e-6 AS x, p.lat + ((hashint4(n + 3) & 1023) - 512) * 4e-6 AS y,
    now() - (%(count)s - n) * (interval '365 days' / %(count)s) AS opened
  OFFSET 0) d
"""
_CHANGED = {
    "id": "n + 1000000000::bigint",
    "number": "to_char(d.opened, 'YYYYMMDD') || '-' || (n + 1000000000::bigint)",
    "state": "CASE WHEN d.luck >= %(open)s THEN 'closed' WHEN p.state <> 'dispatched' THEN p.state"
    " ELSE (ARRAY['dispatched', 'handling', 'checking', 'calling', 'returned'])[1 + (5 * d.state_luck)::int %% 5] END",
    "lon": "d.x",
    "lat": "d.y",
    "cell": "floor((d.x + 180) / %(cell)s)::bigint * 1000000 + floor((d.y + 90) / %(cell)s)::bigint",
    "opened_at": "d.opened",
    "due_at": "d.opened + interval '5 days'",
    "closed_at": "CASE WHEN d.luck >= %(open)s THEN d.opened + interval '3 days' END",
    "overdue": "d.luck < %(open)s * 0.1",
}


def grow(count: int, open_share: float) -> None:
    """Add `count` cases, spread over a year and moved aside by up to 200 m, of which `open_share` is still open."""
    with connections[OWNER].cursor() as cursor:
        cursor.execute(
            'CREATE TEMP TABLE bench_pool AS SELECT row_number() OVER (ORDER BY id) - 1 AS row, * FROM "case"'
        )
        cursor.execute("ALTER TABLE bench_pool ADD PRIMARY KEY (row)")
        cursor.execute("SELECT count(*) FROM bench_pool")
        pool = int(cursor.fetchone()[0])
        cursor.execute(
            "SELECT column_name FROM information_schema.columns WHERE table_name = 'case'"
            " AND table_schema = current_schema() ORDER BY ordinal_position"
        )
        names = [row[0] for row in cursor.fetchall()]
        columns = ", ".join(f'"{name}"' for name in names)
        values = ", ".join(_CHANGED.get(name, f'p."{name}"') for name in names)
        given = {"pool": pool, "count": count, "open": open_share, "cell": CELL}
        for first in range(0, count, CHUNK):
            last = min(first + CHUNK, count) - 1
            cursor.execute(_COPIES.format(columns=columns, values=values), {**given, "first": first, "last": last})
        cursor.execute("DROP TABLE bench_pool")
        cursor.execute('VACUUM ANALYZE "case"')
        cursor.execute("ANALYZE map_cell, case_now")
        cursor.execute("CHECKPOINT")


_JUDGED = """
INSERT INTO judgement (id, "case", place, at, outcome, category, confidence, model, located, urgency, settled, split,
  person, person_post, person_at)
SELECT c.id, c.id, c.place, c.opened_at, CASE WHEN hashint8(c.id) & 31 = 0 THEN 'asked' ELSE 'alone' END, c.category,
  0.4 + (hashint8(c.id + 1) & 1023) / 1706.0, 'bench', 'point', c.urgency, '', false,
  CASE WHEN hashint8(c.id + 2) & 63 = 0 THEN o.category ELSE '' END, '', NULL
FROM "case" c
JOIN LATERAL (SELECT category FROM bench_class WHERE row = abs(hashint8(c.id + 3)) %% %(classes)s) o ON true
WHERE c.id >= 1000000000
"""


def judge() -> int:
    """A judgement for every case that was grown, one in 32 asked, one in 64 corrected; returns how many."""
    with connections[OWNER].cursor() as cursor:
        cursor.execute(
            "CREATE TEMP TABLE bench_class AS SELECT row_number() OVER (ORDER BY category) - 1 AS row, category FROM"
            " (SELECT DISTINCT category FROM \"case\" WHERE category <> '') named"
        )
        cursor.execute("ALTER TABLE bench_class ADD PRIMARY KEY (row)")
        cursor.execute("SELECT count(*) FROM bench_class")
        cursor.execute(_JUDGED, {"classes": cursor.fetchone()[0]})
        made = int(cursor.rowcount)
        cursor.execute("DROP TABLE bench_class")
        cursor.execute("VACUUM ANALYZE judgement")
        return made


_CLOCKED = """
INSERT INTO clock (id, "case", name, place, starts_at, due_at, minutes, calendar, nearly, overdue)
SELECT c.id || ':' || k.name, c.id, k.name, c.place, c.opened_at, d.due, 7200, '', false, d.due < now()
FROM "case" c
JOIN (VALUES ('dispatched', 'sign', 0.1), ('dispatched', 'contact', 0.2), ('dispatched', 'handle', 1),
  ('handling', 'handle', 1), ('returned', 'rule', 0.4), ('checking', 'check', 0.4), ('calling', 'call_back', 0.4),
  ('dispatched', 'overall', 4), ('handling', 'overall', 4), ('returned', 'overall', 4), ('checking', 'overall', 4),
  ('calling', 'overall', 4)) k(state, name, share) ON k.state = c.state
CROSS JOIN LATERAL (
  SELECT now() + ((hashint8(c.id) & 1023) / 1024.0 - 0.1) * k.share * interval '10 days' AS due) d
WHERE c.id >= 1000000000 AND c.closed_at IS NULL
"""
_CALLED = """
INSERT INTO call_back (id, "case", report, place, at, contacted, solved, satisfaction, round, final)
SELECT c.id, c.id, c.id, c.place, c.closed_at, true, hashint8(c.id + 4) & 7 <> 0, 1 + (hashint8(c.id + 5) & 3), 1, true
FROM "case" c WHERE c.id >= 1000000000 AND c.closed_at IS NOT NULL
"""


def attend() -> tuple[int, int]:
    """Running clocks for every open case that was grown, one in ten out, none to be looked at again, and the answer
    to a call-back for every closed one; returns how many of both."""
    with connections[OWNER].cursor() as cursor:
        cursor.execute(_CLOCKED)
        clocks = int(cursor.rowcount)
        cursor.execute(_CALLED)
        answers = int(cursor.rowcount)
        cursor.execute("VACUUM ANALYZE clock, call_back")
    return clocks, answers


def plant(word: str, times: int) -> None:
    """Let `times` cases, spread over all, speak of `word`."""
    with connections[OWNER].cursor() as cursor:
        cursor.execute(
            'SELECT id, text FROM "case" WHERE id %% ((SELECT count(*) FROM "case") / %s) = 0 ORDER BY id LIMIT %s',
            [times, times],
        )
        for case, text in cursor.fetchall():
            said = f"{text}{word}"
            cursor.execute('UPDATE "case" SET text = %s, grams = %s WHERE id = %s', [said, grams(said), case])


def page_by_offset(span: Span, offset: int, size: int = 50) -> tuple[int | None, int]:
    """A page in the plain way, by OFFSET with a full count: (last id of the page, count)."""
    place = 'FROM "case" WHERE place >= %s AND place < %s'
    with connections[OWNER].cursor() as cursor:
        cursor.execute(f"SELECT count(*) {place}", [span.lo, span.hi])
        count = int(cursor.fetchone()[0])
        cursor.execute(
            f"SELECT id, title, state, host {place} ORDER BY id DESC OFFSET %s LIMIT %s",
            [span.lo, span.hi, offset, size],
        )
        rows: Sequence[Any] = cursor.fetchall()
    return (rows[-1][0] if rows else None), count


def every_open_point() -> int:
    """Read the point and state of every open case, as a map without tiles does; returns how many."""
    with connections[OWNER].cursor() as cursor:
        cursor.execute('SELECT id, lon, lat, state FROM "case" WHERE closed_at IS NULL AND lon IS NOT NULL')
        return len(cursor.fetchall())


def crowded_places(level_length: int, limit: int) -> list[str]:
    """Prefixes of `level_length` characters of the places with most open cases, most first."""
    with connections[OWNER].cursor() as cursor:
        cursor.execute(
            "SELECT left(place, %s) FROM case_now WHERE place <> '' GROUP BY 1 ORDER BY sum(open) DESC LIMIT %s",
            [level_length, limit],
        )
        return [row[0] for row in cursor.fetchall()]


def some_points(limit: int) -> list[tuple[float, float]]:
    """Points of open cases, spread over all."""
    with connections[OWNER].cursor() as cursor:
        cursor.execute(
            'SELECT lon, lat FROM "case" WHERE closed_at IS NULL AND lon IS NOT NULL ORDER BY hashint8(id) LIMIT %s',
            [limit],
        )
        return list(cursor.fetchall())


def entities(register: str, count: int) -> list[int]:
    """Ids of a sample of a register (person, house, organisation), spread over it; the same each time."""
    with connections[OWNER].cursor() as cursor:
        cursor.execute(f"SELECT id FROM {register} WHERE merged_into IS NULL ORDER BY md5(id::text) LIMIT %s", [count])
        return [int(one) for (one,) in cursor.fetchall()]


def zone(dataset: str) -> int:
    """Read every raw row of a data set of the sharing zone, as the owner: what masks and log are measured against."""
    with connections[OWNER].cursor() as cursor:
        wanted = "SELECT place, key, row::text FROM zone_row WHERE dataset = %s ORDER BY place, key"
        cursor.execute(wanted, [dataset])
        return len([orjson.loads(row) for _, _, row in cursor.fetchall()])


_COMPONENTS = """
WITH p AS MATERIALIZED (SELECT row_number() OVER (ORDER BY id) - 1 AS row, c.* FROM data_component c
  WHERE valid_to IS NULL AND code NOT LIKE 'bench-%%')
INSERT INTO data_component (code, valid_from, digest, name, name_en, sort_key, category, division, lon, lat, owner,
  ownership, state)
SELECT 'bench-' || n, p.valid_from, '', p.name, p.name_en, p.sort_key, p.category, p.division,
  p.lon + ((hashint4(n + 2) & 1023) - 512) * 4e-6, p.lat + ((hashint4(n + 3) & 1023) - 512) * 4e-6, p.owner,
  p.ownership, CASE WHEN hashint4(n) & 31 = 0 THEN 'damaged' ELSE 'good' END
FROM generate_series(1, %s) n JOIN p ON p.row = (n::bigint * 7919) %% (SELECT count(*) FROM p)
"""


def components(count: int) -> int:
    """Add `count` components, copies of those of the pack moved aside by up to 200 m; returns how many there are."""
    with connections[OWNER].cursor() as cursor:
        cursor.execute(_COMPONENTS, [count])
        cursor.execute("ANALYZE data_component")
        cursor.execute("SELECT count(*) FROM data_component WHERE valid_to IS NULL")
        return int(cursor.fetchone()[0])
