"""三种倾向 what is measured of hard over soft, form over substance, upper over lower, by the platform itself.

Each is a `Measure` as a vital sign has one, so the number, its districts and the list behind it are the same rows; but
no sign of the city's list. All read what the hub keeps anyway; money only where the pack has a table of it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from zhongshu.data.signs import measures
from zhongshu.data.signs.measures import Asked, Found
from zhongshu.data.signs.shape import MONTH, WEEK, Measure
from zhongshu.data.spending import SOFT

HARD, FORM, UPPER = "hard", "form", "upper"
"""重硬轻软, 重表轻里, 重上轻下."""
QUARTER = timedelta(days=90)

_IN = "{t}.at >= %(since)s AND {t}.at < %(now)s"
_SENSORS = """SELECT s.division AS place, (w.at IS NOT NULL)::int::float8 AS a, 1.0 AS b, s.code AS ref, w.at
FROM data_sensor s LEFT JOIN (SELECT sensor, max(at) AS at FROM warning GROUP BY sensor) w ON w.sensor = s.code
WHERE s.valid_to IS NULL"""
_MODELS = """SELECT ''::text AS place, (d.at IS NOT NULL)::int::float8 AS a, 1.0 AS b, v.id::text AS ref,
  coalesce(d.at, v.published_at) AS at
FROM model_version v LEFT JOIN (SELECT model, max(at) AS at FROM model_deployment GROUP BY model) d ON d.model = v.id"""
_TAUGHT = """SELECT u.place, (t.at IS NOT NULL)::int::float8 AS a, 1.0 AS b, u.code AS ref, t.at
FROM (SELECT DISTINCT h.user_id, p.unit FROM data_personinpost h JOIN data_post p ON p.code = h.post
  AND p.valid_to IS NULL WHERE h.valid_from <= %(now)s AND (h.valid_to IS NULL OR h.valid_to > %(now)s)) h
JOIN data_unit u ON u.code = h.unit AND u.valid_to IS NULL
LEFT JOIN (SELECT person, max(at) AS at FROM course_taken WHERE passed AND until > %(now)s GROUP BY person) t
  ON t.person = h.user_id"""
_SOURCED = """SELECT ''::text AS place, bool_or(i.measure <> '')::int::float8 AS a, 1.0 AS b, min(i.code) AS ref,
  max(i.valid_from) AS at
FROM data_indicator i WHERE i.valid_to IS NULL AND i.no > 0 GROUP BY i.no"""
_CONTENT = f"""SELECT b.place, (b.satisfaction >= 4)::int::float8 AS a, 1.0 AS b, b."case"::text AS ref, b.at
FROM call_back b WHERE {_IN.format(t="b")} AND b.contacted AND b.satisfaction IS NOT NULL"""
_CUT = """SELECT ''::text AS place, coalesce(t.state IN ('stopped', 'merged', 'served'), false)::int::float8 AS a,
  1.0 AS b, f.code AS ref, coalesce(t.changed_at, f.at) AS at
FROM (SELECT code, valid_from AS at FROM data_form WHERE valid_to IS NULL
  UNION ALL SELECT split_part(subject, ':', 2), opened_at FROM proceeding
  WHERE family = 'admission' AND state IN ('admitted', 'lapsed')) f
LEFT JOIN (SELECT DISTINCT ON (subject) split_part(subject, ':', 2) AS code, state, changed_at FROM proceeding
  WHERE family = 'form' AND state IN ('kept', 'stopped', 'merged', 'served')
  ORDER BY subject, changed_at DESC, id DESC) t ON t.code = f.code"""
_CLOSED = """SELECT c.place, coalesce(u.level >= 3, false)::int::float8 AS a, 1.0 AS b, c.id::text AS ref,
  c.closed_at AS at
FROM "case" c LEFT JOIN data_unit u ON u.code = c.host AND u.valid_to IS NULL
WHERE c.closed_at >= %(since)s AND c.closed_at < %(now)s"""
# A fact is recorded when it happened or later, so `recorded_at` spares every partition of an earlier month.
_ACTS = f"""SELECT l.place, (CASE WHEN u.level >= 3 THEN count(*) ELSE 0 END)::float8 AS a, count(*)::float8 AS b,
  u.code AS ref, max(l.at) AS at
FROM ledger l JOIN data_post p ON p.code = l.actor AND p.valid_to IS NULL
JOIN data_unit u ON u.code = p.unit AND u.valid_to IS NULL
WHERE {_IN.format(t="l")} AND l.recorded_at >= %(since)s GROUP BY l.place, u.code, u.level"""
_USES = f"""SELECT s.place, coalesce(u.level >= 3, false)::int::float8 AS a, 1.0 AS b, s.unit AS ref, s.at
FROM share_use s LEFT JOIN data_unit u ON u.code = s.unit AND u.valid_to IS NULL
WHERE {_IN.format(t="s")} AND s.failure = ''"""
_SPENT = """SELECT s.place, CASE WHEN {counts} THEN s.amount ELSE 0 END AS a, s.amount AS b, s.code AS ref,
  s.valid_from AS at
FROM data_spending s JOIN data_division d ON d.code = s.place AND d.valid_to IS NULL
WHERE s.valid_to IS NULL AND s.year = (SELECT max(year) FROM data_spending WHERE valid_to IS NULL)"""
_SOFT = _SPENT.format(counts=f"s.kind IN ({', '.join(repr(one) for one in SOFT)})")
_SPENT_BELOW = _SPENT.format(counts="d.level >= 3")


@dataclass(frozen=True, slots=True)
class Tendency:
    """一项自查: which tendency it speaks of, how it is measured. `whole` has no districts: it is the city's own.

    `money` is told only where the pack has a table of spending; without one it stands with what has no source.
    """

    of: str
    measure: Measure
    whole: bool = False
    money: bool = False


TENDENCIES: Mapping[str, Tendency] = {
    one.measure.code: one
    for one in (
        Tendency(HARD, Measure("sensors_led", "sensor", "share", _SENSORS)),
        Tendency(HARD, Measure("models_deployed", "model", "share", _MODELS), whole=True),
        Tendency(HARD, Measure("people_taught", "unit", "share", _TAUGHT)),
        Tendency(HARD, Measure("spent_soft", "spending", "share", _SOFT), money=True),
        Tendency(FORM, Measure("signs_sourced", "sign", "share", _SOURCED), whole=True),
        Tendency(FORM, Measure("answers_content", "case", "share", _CONTENT, MONTH)),
        Tendency(FORM, Measure("forms_cut", "form", "share", _CUT), whole=True),
        Tendency(UPPER, Measure("closed_below", "case", "share", _CLOSED, MONTH)),
        Tendency(UPPER, Measure("acts_below", "unit", "share", _ACTS, WEEK)),
        Tendency(UPPER, Measure("uses_below", "unit", "share", _USES, QUARTER)),
        Tendency(UPPER, Measure("spent_below", "spending", "share", _SPENT_BELOW), money=True),
    )
}
"""By name, in the order of the page."""


@dataclass(frozen=True, slots=True)
class Audit:
    """自查结果 at one moment: measure -> place -> number. A place without a row has no key."""

    at: datetime
    found: Mapping[str, Mapping[str, Found]]


def take(asked: Asked) -> Audit:
    """Every measure of every city, district and street: one statement each."""
    found = {code: measures.take(one.measure, asked) for code, one in TENDENCIES.items()}
    return Audit(asked.at, {code: {one.place: one for one in rows} for code, rows in found.items()})
