"""汇总 the sums that are maintained: by grid and day, by district and hour, by grid and hour. Added up as rows come."""

from __future__ import annotations

from django.db import connections

from zhongshu.data.databases import ROAD
from zhongshu.kernel.clocks import CITY_TIME
from zhongshu.kernel.places import Level, Scheme

ZONE = f"interval '{int(CITY_TIME.utcoffset(None).total_seconds())} seconds'"
"""What the city's clocks are ahead of UTC."""

DAY = f"((at AT TIME ZONE 'UTC' + {ZONE})::date::timestamp - {ZONE}) AT TIME ZONE 'UTC'"
"""When the day of the city began that a row's `at` falls in."""
_CLOCK = "date_trunc('hour', at AT TIME ZONE 'UTC') AT TIME ZONE 'UTC'"


MERGED = """ON CONFLICT (grain, at, place, grid) DO UPDATE SET n = observation_sum.n + excluded.n,
  total = observation_sum.total + excluded.total, least = least(observation_sum.least, excluded.least),
  most = greatest(observation_sum.most, excluded.most)"""


def district(length: int, whole: int) -> str:
    """The SQL of a row's district: its place's first digits, padded; "" for no place."""
    return f"CASE place WHEN '' THEN '' ELSE rpad(left(place, {length}), {whole}, '0') END"


def district_of(scheme: Scheme) -> str:
    return district(scheme.lengths[Level.DISTRICT - 1], scheme.lengths[-1])


def added(source: str, scheme: Scheme) -> str:
    """The statement that adds the rows of `source` to all three sums.

    In the order of the key, so that two that add to the same sums never wait for one another in a circle.
    """
    return f"""
INSERT INTO observation_sum (grain, at, place, grid, n, total, least, most)
SELECT g.grain, g.at, g.place, g.grid, count(*), sum(value), min(value), max(value)
FROM {source} CROSS JOIN LATERAL (VALUES ('day', {DAY}, place, grid), ('hour', {_CLOCK}, place, grid),
  ('district', {_CLOCK}, {district_of(scheme)}, '')) AS g(grain, at, place, grid)
GROUP BY g.grain, g.at, g.place, g.grid ORDER BY g.grain, g.at, g.place, g.grid
{MERGED}
"""


def micros(name: str) -> str:
    """The SQL of a moment as microseconds since 1970."""
    return f"(extract(epoch FROM {name}) * 1000000)::bigint"


def shown(scheme: Scheme) -> str:
    """The columns of a sum, as files of the lake have them."""
    return f"{micros('at')}, {district_of(scheme)}, place, grid, n, total, least, most"


def missing() -> bool:
    """Whether there are observations and no sums: they were kept before there were any."""
    with connections[ROAD].cursor() as cursor:
        cursor.execute("SELECT EXISTS (SELECT FROM observation) AND NOT EXISTS (SELECT FROM observation_sum)")
        return bool(cursor.fetchone()[0])
