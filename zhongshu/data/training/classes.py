"""培训班的读取 the classes of courses as people see them, who sits in them, and whether somebody was in one."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from django.db import connections

from zhongshu.data.databases import ROAD, dicts
from zhongshu.kernel.places import Span

Row = dict[str, Any]
SUBJECT = "course:"
"""Of a class: "course:CODE"."""
LATELY = 20
"""So many classes are listed at once; those to come first."""

_CLASSES = f"""
SELECT p.id, p.number, p.state, p.title, substr(p.subject, {len(SUBJECT) + 1}) AS course, p.asker, p.place,
  (p.given->>'when')::timestamptz AS at, p.given->>'where' AS where, p.given->>'trainer' AS trainer,
  (p.given->>'seats')::int AS seats, p.given->>'text' AS text, p.given->>'reason' AS reason, p.ended_at,
  (SELECT count(*) FROM class_seat s WHERE s.taught = p.id AND s.state <> 'left') AS taken,
  (SELECT s.state FROM class_seat s WHERE s.taught = p.id AND s.person = %(person)s) AS mine
FROM proceeding p WHERE p.family = 'class'
"""
_ONE = f"{_CLASSES} AND p.id = %(taught)s"
_LISTED = f"""SELECT * FROM ({_CLASSES}) c WHERE (%(course)s = '' OR course = %(course)s)
  AND (state = 'open' OR mine <> 'left' OR asker = %(unit)s)
ORDER BY ended_at IS NOT NULL, state <> 'open', CASE WHEN ended_at IS NULL THEN at END, at DESC LIMIT {LATELY}"""


def _read(statement: str, **given: Any) -> list[Row]:
    with connections[ROAD].cursor() as cursor:
        cursor.execute(statement, given)
        return dicts(cursor)


def one(taught: int, person: int) -> Row | None:
    """A class with its seats `taken`, and this person's own seat as `mine`."""
    return next(iter(_read(_ONE, taught=taught, person=person)), None)


def listed(person: int, unit: str, course: str = "") -> list[Row]:
    """Classes that one may enrol in, those one sits in, and those of one's own unit; the next first."""
    return _read(_LISTED, person=person, unit=unit, course=course)


_SEATS = """
SELECT s.person, s.unit, s.place, s.state, s.at, s.noted_at,
  coalesce(nullif(a.first_name || a.last_name, ''), a.username) AS name
FROM class_seat s JOIN auth_user a ON a.id = s.person
WHERE s.taught = %(taught)s AND s.state <> 'left' ORDER BY s.unit, name
"""


def seats(taught: int) -> list[Row]:
    """Who sits in a class, by unit."""
    return _read(_SEATS, taught=taught)


def taken(taught: int) -> dict[int, str]:
    """Person -> state of his seat in a class; who left is not there."""
    found = _read("SELECT person, state FROM class_seat WHERE taught = %(t)s AND state <> 'left'", t=taught)
    return {row["person"]: row["state"] for row in found}


def attended(person: int, course: str, since: datetime) -> bool:
    """Whether somebody was in a class of this course that was noted since then and not cancelled."""
    wanted = """SELECT 1 FROM class_seat s JOIN proceeding p ON p.id = s.taught AND p.state <> 'cancelled'
    WHERE s.person = %(person)s AND s.course = %(course)s AND s.state = 'attended'
      AND s.noted_at >= %(since)s LIMIT 1"""
    return bool(_read(wanted, person=person, course=course, since=since))


_HELD = """
SELECT u.code AS unit, u.place FROM data_personinpost h
JOIN data_post p ON p.code = h.post AND p.valid_to IS NULL
JOIN data_unit u ON u.code = p.unit AND u.valid_to IS NULL
JOIN auth_user a ON a.id = h.user_id AND a.is_active
WHERE h.user_id = %(person)s AND h.valid_from <= %(now)s AND (h.valid_to IS NULL OR h.valid_to > %(now)s)
  AND u.place COLLATE "C" >= %(lo)s AND u.place COLLATE "C" < %(hi)s
ORDER BY u.level DESC, u.code LIMIT 1
"""


def post_of(person: int, span: Span, now: datetime) -> tuple[str, str] | None:
    """(unit, place) of a post that somebody holds within the span, the lowest one; None when there is none."""
    found = _read(_HELD, person=person, lo=span.lo, hi=span.hi, now=now)
    return (found[0]["unit"], found[0]["place"]) if found else None


def next_of(courses: Collection[str], found: Sequence[Row]) -> dict[str, Row]:
    """Course -> its next class that still has seats, among those `found`. Pure."""
    free = [
        row for row in found if row["state"] == "open" and row["taken"] < row["seats"] and row["mine"] in (None, "left")
    ]
    return {row["course"]: row for row in reversed(free) if row["course"] in courses}
