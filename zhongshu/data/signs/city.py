"""登记、感知与数据的体征 what is measured of registers, sensors, components, permits, forms and data sets."""

from __future__ import annotations

from zhongshu.data.signs.shape import DAY, HOUR, MONTH, WEEK, Measure


def _blocks(what: str, of: str) -> str:
    """Counts of the registers, kept by grid; the list behind them is that of the blocks."""
    return f"""SELECT b.place, sum(CASE WHEN {what} THEN b.count ELSE 0 END)::float8 AS a,
  sum(b.count)::float8 AS b, left(b.place, 12) AS ref,
  (SELECT max(as_of) FROM dataset_as_of WHERE measure = b.measure)::timestamptz AS at
FROM block_count b WHERE {of} GROUP BY b.place, b.measure"""


_AS_OF = """WITH dataset_as_of AS (
  SELECT m.measure, max(d.newest) AS as_of FROM dataset_count d JOIN (VALUES
    ('people', 'population'), ('kinds', 'population'), ('care', 'disabled'), ('households', 'population'),
    ('houses', 'houses'), ('rented', 'houses'), ('unsafe', 'houses'), ('firms', 'enterprises')
  ) m(measure, dataset) ON m.dataset = d.dataset WHERE d.place = '' GROUP BY 1)
"""


def _register(code: str, together: str, what: str, of: str) -> Measure:
    return Measure(code, "block", together, _AS_OF + _blocks(what, of), live=False)


_ALONE = """SELECT left(p.place, 12) AS place, count(*)::float8 AS a, 1.0 AS b, left(p.place, 12) AS ref,
  max(p.as_of)::timestamptz AS at
FROM person p WHERE p.valid_to IS NULL AND p.house IS NOT NULL
  AND p.born <= (%(now)s::timestamptz AT TIME ZONE 'Asia/Shanghai')::date - interval '60 years'
  AND NOT EXISTS (SELECT FROM person o WHERE o.house = p.house AND o.id <> p.id AND o.valid_to IS NULL)
GROUP BY left(p.place, 12)"""
_BIRTHS = """SELECT left(p.place, 12) AS place, count(*)::float8 AS a, 1.0 AS b, left(p.place, 12) AS ref,
  (SELECT max(as_of) FROM person)::timestamptz AS at
FROM person p WHERE p.valid_to IS NULL AND p.born >= (%(now)s::timestamptz AT TIME ZONE 'Asia/Shanghai')::date - 365
GROUP BY left(p.place, 12)"""
_FIRMS_NEW = """SELECT o.place, (o.valid_from >= %(since)s::date)::int::float8 AS a, 1.0 AS b, left(o.place, 12) AS ref,
  o.as_of::timestamptz AS at
FROM organisation o WHERE o.valid_to IS NULL OR o.valid_to >= %(since)s::date"""
_FIRMS_GONE = """SELECT o.place, (o.valid_to IS NOT NULL)::int::float8 / 1.0 AS a,
  (o.valid_from >= %(since)s::date)::int::float8 AS b, left(o.place, 12) AS ref, o.as_of::timestamptz AS at
FROM organisation o WHERE o.valid_from >= %(since)s::date OR o.valid_to >= %(since)s::date"""
_NEWEST = """FROM data_sensor s LEFT JOIN LATERAL (
  SELECT o.at, o.value FROM observation o WHERE o.sensor = s.code AND o.at <= %(now)s
    AND o.at > %(now)s - make_interval(mins => s.staleness_minutes) ORDER BY o.at DESC LIMIT 1) o ON true
WHERE s.valid_to IS NULL"""
_COMPONENT = """SELECT c.division AS place, (c.state = 'good')::int::float8 AS a, 1.0 AS b, c.code AS ref,
  c.valid_from AS at FROM data_component c WHERE c.valid_to IS NULL AND c.state <> 'removed'"""
_FILLED = """SELECT max(f.place) AS place, sum(f.seconds)::float8 / 60 AS a, 1.0 AS b, min(f.form) AS ref,
  max(f.at) AS at
FROM form_fill f WHERE f.at >= %(since)s AND f.at < %(now)s
GROUP BY f.by, (f.at AT TIME ZONE 'Asia/Shanghai')::date"""
_WEATHER = """SELECT w.place, 1.0 AS a, 1.0 AS b, w.id::text AS ref, w.at FROM weather w
WHERE w.at <= %(now)s AND (w.until IS NULL OR w.until > %(now)s)"""
_GATHERED = """SELECT ''::text AS place, g.ok::int::float8 AS a, 1.0 AS b, g.source AS ref, g.at FROM gather_run g
WHERE g.at >= %(since)s AND g.at < %(now)s"""
_FRESH = """SELECT ''::text AS place, (n.newest > %(now)s - 2 * c.lasts)::int::float8 AS a, 1.0 AS b,
  d.code AS ref, n.at FROM data_dataset d JOIN (VALUES ('minute', interval '1 minute'), ('hour', interval '1 hour'),
    ('day', interval '1 day'), ('week', interval '7 days'), ('month', interval '31 days'),
    ('quarter', interval '92 days'), ('half', interval '184 days'), ('year', interval '366 days')
  ) c(cycle, lasts) ON c.cycle = d.cycle
JOIN dataset_count n ON n.dataset = d.code AND n.place = '' AND n.newest IS NOT NULL
WHERE d.valid_to IS NULL"""
_GRADED = """SELECT ''::text AS place, (q.grade IN ('A', 'B'))::int::float8 AS a, 1.0 AS b, q.dataset AS ref, q.at
FROM (SELECT DISTINCT ON (dataset) dataset, grade, at FROM quality_run WHERE read ORDER BY dataset, id DESC) q"""
_HELD = """SELECT ''::text AS place, (d.stored <> '')::int::float8 AS a, 1.0 AS b, d.code AS ref, %(now)s AS at
FROM data_dataset d WHERE d.valid_to IS NULL"""

MEASURES: tuple[Measure, ...] = (
    _register("people", "sum", "true", "b.measure = 'people'"),
    _register("registered", "sum", "true", "b.measure = 'kinds' AND b.band = 'resident'"),
    _register("floating", "sum", "true", "b.measure = 'kinds' AND b.band = 'floating'"),
    _register("aged_60", "share", "b.band IN ('60-79', '80+')", "b.measure = 'people' AND b.band <> 'unknown'"),
    _register("aged_80", "share", "b.band = '80+'", "b.measure = 'people' AND b.band <> 'unknown'"),
    _register("rented", "share", "b.band = 'registered'", "b.measure = 'rented'"),
    _register("unsafe", "sum", "true", "b.measure = 'unsafe'"),
    _register("firms", "sum", "true", "b.measure = 'firms'"),
    Measure("alone", "block", "sum", _ALONE, live=False),
    Measure("births", "block", "sum", _BIRTHS, live=False),
    Measure("firms_new", "block", "sum", _FIRMS_NEW, live=False),
    Measure("firms_gone", "block", "mean", _FIRMS_GONE, live=False),
    Measure(
        "flood_depth",
        "sensor",
        "max",
        f"SELECT s.division AS place, o.value AS a, 1.0 AS b, s.code AS ref, o.at {_NEWEST} AND o.at IS NOT NULL"
        " AND s.kind = 'water_level'",
        live=False,
        past=True,
    ),
    Measure(
        "flooded",
        "sensor",
        "sum",
        "SELECT s.division AS place, (o.value >= s.threshold)::int::float8 AS a, 1.0 AS b, s.code AS ref, o.at"
        f" {_NEWEST} AND o.at IS NOT NULL AND s.kind = 'water_level'",
        live=False,
        past=True,
    ),
    Measure(
        "sensors_online",
        "sensor",
        "share",
        "SELECT s.division AS place, (o.at IS NOT NULL)::int::float8 AS a, 1.0 AS b, s.code AS ref, %(now)s AS at"
        f" {_NEWEST}",
        past=True,
    ),
    Measure(
        "readings_hour",
        "sensor",
        "mean",
        "SELECT s.division AS place, (SELECT count(*) FROM observation o WHERE o.sensor = s.code AND o.at >= %(since)s"
        " AND o.at < %(now)s)::float8 AS a, 1.0 AS b, s.code AS ref, %(now)s AS at FROM data_sensor s"
        " WHERE s.valid_to IS NULL",
        HOUR,
        past=True,
    ),
    Measure(
        "warnings",
        "case",
        "sum",
        "SELECT w.place, 1.0 AS a, 1.0 AS b, w.id::text AS ref, w.at FROM warning w WHERE w.cleared_at IS NULL",
    ),
    Measure("weather", "weather", "sum", _WEATHER),
    Measure("components_good", "component", "share", _COMPONENT),
    Measure(
        "hydrants_good",
        "hydrant",
        "share",
        "SELECT h.place, (h.state = 'good')::int::float8 AS a, 1.0 AS b, h.hydrant AS ref, h.checked::timestamptz AS at"
        " FROM landing.hydrants h",
        live=False,
    ),
    Measure(
        "permits",
        "permit",
        "sum",
        "SELECT p.place, 1.0 AS a, 1.0 AS b, p.permit AS ref, p.updated::timestamptz AS at FROM landing.permits p"
        " WHERE p.until >= (%(now)s::timestamptz AT TIME ZONE 'Asia/Shanghai')::date",
        live=False,
    ),
    Measure(
        "night_permits",
        "permit",
        "sum",
        "SELECT p.place, 1.0 AS a, 1.0 AS b, p.permit AS ref, p.updated::timestamptz AS at FROM landing.permits p"
        " WHERE p.night = '1' AND p.until >= (%(now)s::timestamptz AT TIME ZONE 'Asia/Shanghai')::date",
        live=False,
    ),
    Measure("form_minutes", "form", "mean", _FILLED, DAY, past=True),
    Measure("gathered", "source", "share", _GATHERED, WEEK),
    Measure("datasets_fresh", "dataset", "share", _FRESH, MONTH),
    Measure("datasets_graded", "dataset", "share", _GRADED, live=False),
    Measure("datasets_held", "dataset", "share", _HELD),
)
