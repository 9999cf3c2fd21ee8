"""课程与持证 the courses of the pack, which of them a post must hold, and who holds them now."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import orjson
from django.db import connections

from zhongshu.data.databases import APP, ROAD, dicts
from zhongshu.data.versions import split
from zhongshu.data.viewing import viewing
from zhongshu.kernel.access import Viewer

Row = dict[str, Any]
SIZE = 200
"""People of one list."""


@dataclass(frozen=True, slots=True)
class Course:
    """课程. `forms` are those it is about; with `gates` nobody who must hold it fills them before he has passed."""

    code: str
    name: str
    name_en: str
    text: str
    forms: tuple[str, ...]
    minutes: int
    pass_share: float
    valid_days: int
    gates: bool
    basis: str
    classroom: bool = False
    """Nobody passes who was not in a class of it."""


@dataclass(frozen=True, slots=True)
class Question:
    """考题: `right` is the number of the right option, from 1."""

    question: str
    text: str
    options: tuple[str, ...]
    right: int


@dataclass(frozen=True, slots=True)
class Demand:
    """培训要求: which posts must hold a course; what is empty means any."""

    course: str
    kind: str
    level: int | None
    roles: tuple[str, ...]

    def meets(self, kind: str, level: int, roles: Iterable[str]) -> bool:
        held = not self.roles or bool(set(self.roles) & set(roles))
        return held and self.kind in ("", kind) and self.level in (None, level)


_COURSES = """
SELECT code, name, name_en, text, forms, minutes, pass_share, valid_days, gates, basis, classroom FROM data_course
WHERE valid_to IS NULL ORDER BY code
"""
_QUESTIONS = """
SELECT question, text, options, "right" FROM data_coursequestion WHERE course = %s AND valid_to IS NULL ORDER BY code
"""
_DEMANDS = "SELECT course, kind, level, roles FROM data_coursedemand WHERE valid_to IS NULL ORDER BY code"


def _rows(statement: str, *given: Any) -> list[tuple[Any, ...]]:
    with connections[ROAD].cursor() as cursor:
        cursor.execute(statement, list(given))
        return list(cursor.fetchall())


def every() -> dict[str, Course]:
    """The courses in force by code."""
    found = (Course(row[0], row[1], row[2], row[3], split(row[4]), *row[5:]) for row in _rows(_COURSES))
    return {one.code: one for one in found}


def questions(course: str) -> list[Question]:
    """What is asked at the end of a course."""
    rows = _rows(_QUESTIONS, course)
    return [Question(one, text, tuple(options.split("|")), right) for one, text, options, right in rows]


def demands() -> list[Demand]:
    return [Demand(course, kind, level, split(roles)) for course, kind, level, roles in _rows(_DEMANDS)]


def wanted(viewer: Viewer, kind: str) -> list[str]:
    """Codes of the courses that this viewer's post must hold; `kind` is its unit's line of work."""
    roles = [role.value for role in viewer.roles]
    found = (one.course for one in demands() if one.meets(kind, int(viewer.level), roles))
    return list(dict.fromkeys(found))


_MINE = """
SELECT DISTINCT ON (course) to_jsonb(t)::text FROM course_taken t WHERE person = %s
ORDER BY course, until DESC NULLS LAST, at DESC
"""


def mine(person: int) -> dict[str, Row]:
    """Course -> this person's own record that holds longest; of a course never passed the last attempt."""
    found = [orjson.loads(text) for (text,) in _rows(_MINE, person)]
    return {one["course"]: one for one in found}


def standing(record: Mapping[str, Any] | None, now: datetime) -> Row:
    """`state` held | lapsed | failed | never of somebody's best record of a course, and `until` when it holds."""
    until = _moment(record["until"]) if record else None
    if until:
        return {"state": "held" if until > now else "lapsed", "until": until}
    return {"state": "failed" if record and record["at"] else "never", "until": None}


def _moment(value: Any) -> datetime | None:
    return datetime.fromisoformat(value) if isinstance(value, str) else value


def holds(record: Mapping[str, Any] | None, now: datetime) -> bool:
    return bool(standing(record, now)["state"] == "held")


_MUST = """
WITH must AS (
  SELECT DISTINCT h.user_id AS person, u.code AS unit, u.place, u.level, d.course
  FROM data_personinpost h
  JOIN data_post p ON p.code = h.post AND p.valid_to IS NULL
  JOIN data_unit u ON u.code = p.unit AND u.valid_to IS NULL
  JOIN auth_user a ON a.id = h.user_id AND a.is_active
  JOIN data_coursedemand d ON d.valid_to IS NULL AND (d.kind = '' OR d.kind = u.kind)
    AND (d.level IS NULL OR d.level = u.level)
    AND (d.roles = '' OR string_to_array(d.roles, ';') && string_to_array(p.roles, ';'))
  WHERE h.valid_from <= now() AND (h.valid_to IS NULL OR h.valid_to > now())
    AND u.place >= (SELECT current_setting('zhongshu.lo', true))
    AND u.place < (SELECT current_setting('zhongshu.hi', true))
    AND (%(course)s = '' OR d.course = %(course)s) AND (%(unit)s = '' OR u.code = %(unit)s)
), held AS (
  SELECT m.*, t.until, t.passed, t.at, t.how, t.right, t.asked FROM must m LEFT JOIN LATERAL (
    SELECT * FROM course_taken t WHERE t.person = m.person AND t.course = m.course
    ORDER BY t.until DESC NULLS LAST, t.at DESC LIMIT 1) t ON true
)
"""
_BY_UNIT = (
    _MUST
    + """
SELECT unit, place, level, count(*) AS must, count(*) FILTER (WHERE until > %(now)s) AS held,
  count(DISTINCT person) AS people, count(*) FILTER (WHERE until <= %(now)s) AS lapsed
FROM held GROUP BY unit, place, level ORDER BY level, unit
"""
)
_PEOPLE = (
    _MUST
    + f"""
SELECT h.*, coalesce(nullif(a.first_name || a.last_name, ''), a.username) AS name FROM held h
JOIN auth_user a ON a.id = h.person
WHERE (%(state)s = '' OR %(state)s = CASE WHEN until > %(now)s THEN 'held' WHEN until IS NOT NULL THEN 'lapsed'
  WHEN at IS NOT NULL THEN 'failed' ELSE 'never' END)
ORDER BY until NULLS FIRST, unit, name LIMIT {SIZE}
"""
)


def by_unit(viewer: Viewer, now: datetime, course: str = "") -> list[Row]:
    """By unit: how many (person, course) its posts must hold, how many hold, how many lapsed; of the viewer's place."""
    return _seen(viewer, _BY_UNIT, {"course": course, "unit": "", "now": now})


def people(viewer: Viewer, now: datetime, unit: str = "", course: str = "", state: str = "") -> list[Row]:
    """Who must hold which course, the missing ones first; `state` held | lapsed | failed | never."""
    return _seen(viewer, _PEOPLE, {"course": course, "unit": unit, "state": state, "now": now})


def _seen(viewer: Viewer, statement: str, given: dict[str, Any]) -> list[Row]:
    with viewing(viewer), connections[APP].cursor() as cursor:
        cursor.execute(statement, given)
        return dicts(cursor)


_WRONG = """
SELECT r.place, count(*) FILTER (WHERE r.verdict IN ('wrong', 'gone')), count(*)
FROM quality_visit_row r WHERE r.verdict IN ('right', 'wrong', 'gone') GROUP BY r.place
"""


def wrong_by_place(viewer: Viewer) -> dict[str, tuple[int, int]]:
    """Place -> (rows found wrong or gone, rows confirmed) of every sample, within the viewer's place."""
    with viewing(viewer), connections[APP].cursor() as cursor:
        cursor.execute(_WRONG)
        return {place: (int(wrong), int(of)) for place, wrong, of in cursor.fetchall()}
