"""案件的体征 what is measured of cases, clocks, call-backs, calls and directives."""

from __future__ import annotations

from zhongshu.data.signs.shape import DAY, HOUR, MONTH, Measure

_PEOPLE = "r.channel <> 'sensor' AND r.channel <> 'grid' AND r.channel <> 'patrol'"
_REPORTS = 'SELECT r.place, 1.0 AS a, 1.0 AS b, r."case"::text AS ref, r.at FROM report r'
_IN = "r.at >= %(since)s AND r.at < %(now)s"
_CASE = 'SELECT c.place, 1.0 AS a, 1.0 AS b, c.id::text AS ref, c.opened_at AS at FROM "case" c'
_OPENED = "c.opened_at >= %(since)s AND c.opened_at < %(now)s"
_CLASS = "c.category = ANY (%(classes)s)"


def _share(what: str, of: str, table: str = '"case" c') -> str:
    return f"""SELECT c.place, ({what})::int::float8 AS a, 1.0 AS b, c.id::text AS ref, c.opened_at AS at
FROM {table} WHERE {of}"""


def _answers(good: str, of: str) -> str:
    """Call-backs are numbered in the order in which they were asked; each counts on the day of its answer."""
    return f"""SELECT b.place, ({good})::float8 AS a, 1.0 AS b, b."case"::text AS ref, b.at FROM call_back b
WHERE b.at >= %(since)s AND b.at < %(now)s AND {of}"""


_GRID_CLOSED = """SELECT c.place, (u.level >= 3)::int::float8 AS a, 1.0 AS b, c.id::text AS ref, c.closed_at AS at
FROM "case" c LEFT JOIN data_unit u ON u.code = c.host AND u.valid_to IS NULL
WHERE c.channel = 'grid' AND c.closed_at >= %(since)s AND c.closed_at < %(now)s"""
_CONTACT = """SELECT k.place, (NOT k.overdue)::int::float8 AS a, 1.0 AS b, k."case"::text AS ref, k.starts_at AS at
FROM clock k WHERE k.name = 'contact' AND k.starts_at >= %(since)s AND k.starts_at < %(now)s"""
_HUNG_LATE = """SELECT c.place, 1.0 AS a, 1.0 AS b, c.id::text AS ref, q.at FROM "case" c JOIN LATERAL (
  SELECT r.at, r.asked ->> 'review_on' AS day FROM request r WHERE r."case" = c.id AND r.kind = 'HangAsked'
  ORDER BY r.id DESC LIMIT 1) q ON true
WHERE c.state = 'hung' AND q.day < to_char(%(now)s::timestamptz AT TIME ZONE 'Asia/Shanghai', 'YYYY-MM-DD')"""
_MENDED = """SELECT c.place,
  (t.done_at IS NOT NULL AND t.done_at <= c.opened_at + interval '6 hours')::int::float8 AS a,
  1.0 AS b, c.id::text AS ref, c.opened_at AS at
FROM "case" c LEFT JOIN LATERAL (SELECT min(k.done_at) AS done_at FROM task k WHERE k."case" = c.id) t ON true
WHERE c.opened_at >= %(since)s AND c.opened_at < %(now)s - interval '6 hours' AND c.category = ANY (%(classes)s)
  AND c.state NOT IN ('rejected', 'not_filed', 'void')"""
_MINUTES = """SELECT c.place, extract(epoch FROM t.done_at - c.opened_at)::float8 / 60 AS a, 1.0 AS b,
  c.id::text AS ref, c.opened_at AS at
FROM "case" c JOIN LATERAL (SELECT min(k.done_at) AS done_at FROM task k WHERE k."case" = c.id) t ON true
WHERE c.opened_at >= %(since)s AND c.opened_at < %(now)s AND c.category = ANY (%(classes)s) AND t.done_at IS NOT NULL"""
_CALLED = """SELECT u.unit_place AS place, (NOT u.missed @> '["{clock}"]')::int::float8 AS a, 1.0 AS b,
  u.matter::text AS ref, u.notified_at AS at
FROM call_unit u WHERE u.notified_at >= %(since)s AND u.notified_at < %(now)s AND u.limits ? '{clock}'"""
_UNMET = """SELECT u.unit_place AS place, 1.0 AS a, 1.0 AS b, u.matter::text AS ref, u.notified_at AS at
FROM {table} u JOIN {matter} m ON m.id = u.matter WHERE m.ended_at IS NULL AND u.missed <> '[]'"""
_ON_TIME = """SELECT c.place, (c.due_at IS NULL OR c.closed_at <= c.due_at)::int::float8 AS a, 1.0 AS b,
  c.id::text AS ref, c.closed_at AS at
FROM "case" c WHERE c.closed_at >= %(since)s AND c.closed_at < %(now)s AND c.closed_at IS NOT NULL"""
_HOT = "SELECT i.place, 1.0 AS a, 1.0 AS b, i.id::text AS ref, i.looked_at AS at FROM issue i WHERE i.state = 'hot'"

MEASURES: tuple[Measure, ...] = (
    Measure("reports_hour", "case", "sum", f"{_REPORTS} WHERE {_IN} AND {_PEOPLE}", HOUR, past=True),
    Measure("reports_day", "case", "sum", f"{_REPORTS} WHERE {_IN} AND {_PEOPLE}", DAY, past=True),
    Measure("contact_on_time", "case", "share", _CONTACT),
    Measure("solved", "case", "share", _answers("b.solved::int", "b.contacted AND b.solved IS NOT NULL")),
    Measure(
        "satisfied",
        "case",
        "share",
        _answers(
            "CASE WHEN b.satisfaction >= 4 THEN 1 WHEN b.satisfaction = 3 THEN 0.9 ELSE 0 END",
            "b.contacted AND b.satisfaction IS NOT NULL",
        ),
        past=True,
    ),
    Measure("valid_answers", "case", "share", _answers("b.contacted::int", "b.final"), past=True),
    Measure(
        "repeated",
        "case",
        "share",
        f"""SELECT r.place, r.merged::int::float8 AS a, 1.0 AS b, r."case"::text AS ref, r.at FROM report r
WHERE {_IN} AND {_PEOPLE}""",
    ),
    Measure("overdue", "case", "sum", f"{_CASE} WHERE c.overdue AND c.closed_at IS NULL"),
    Measure(
        "nearly_overdue",
        "case",
        "sum",
        """SELECT DISTINCT ON (k."case") k.place, 1.0 AS a, 1.0 AS b, k."case"::text AS ref, k.starts_at AS at
FROM clock k WHERE k.nearly AND NOT k.overdue AND k.stopped_at IS NULL AND k.paused_at IS NULL ORDER BY k."case" """,
    ),
    Measure("returned", "case", "share", _share("c.returned > 0", f"{_OPENED} AND c.dispatched > 0")),
    Measure("many_hands", "case", "sum", f"{_CASE} WHERE c.closed_at IS NULL AND c.dispatched >= 3"),
    Measure("hung", "case", "sum", f"{_CASE} WHERE c.state = 'hung'"),
    Measure("hung_late", "case", "sum", _HUNG_LATE),
    Measure("proactive", "case", "share", _share("c.proactive", _OPENED), past=True),
    Measure("grid_reports", "case", "sum", f"{_REPORTS} WHERE {_IN} AND r.channel = 'grid'", DAY, past=True),
    Measure("grid_closed", "case", "share", _GRID_CLOSED, past=True),
    Measure("hot_issues", "issue", "sum", _HOT),
    Measure("class_day", "case", "sum", f"{_CASE} WHERE {_OPENED} AND {_CLASS}", DAY, past=True, of_classes=True),
    Measure("class_month", "case", "sum", f"{_CASE} WHERE {_OPENED} AND {_CLASS}", MONTH, past=True, of_classes=True),
    Measure("class_open", "case", "sum", f"{_CASE} WHERE c.closed_at IS NULL AND {_CLASS}", of_classes=True),
    Measure("class_mended", "case", "share", _MENDED, of_classes=True),
    Measure("class_minutes", "case", "median", _MINUTES, of_classes=True),
    Measure(
        "class_on_time",
        "case",
        "share",
        f"{_ON_TIME} AND {_CLASS}",
        of_classes=True,
        past=True,
    ),
    Measure("closed_on_time", "case", "share", _ON_TIME, past=True),
    Measure("waiting_check", "case", "sum", f"{_CASE} WHERE c.state IN ('checking', 'verifying')"),
    Measure("redone", "case", "share", _share("c.redone > 0", "c.closed_at >= %(since)s AND c.closed_at < %(now)s")),
    Measure("answered_calls", "call", "share", _CALLED.format(clock="acknowledge")),
    Measure("arrived_calls", "call", "share", _CALLED.format(clock="arrive")),
    Measure("unmet_calls", "call", "sum", _UNMET.format(table="call_unit", matter='"call"')),
    Measure("unmet_directives", "directive", "sum", _UNMET.format(table="directive_unit", matter="directive")),
)
