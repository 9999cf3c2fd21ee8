"""志愿读取 volunteer tasks, who enrolled, and what neighbours saw of matters near by."""

from __future__ import annotations

from typing import Any

from django.db import connections

from zhongshu.data.databases import APP, ROAD, dicts
from zhongshu.data.viewing import viewing
from zhongshu.kernel.access import Viewer

Row = dict[str, Any]


def _rows(statement: str, given: list[Any]) -> list[Row]:
    with connections[ROAD].cursor() as cursor:
        cursor.execute(statement, given)
        return dicts(cursor)


def task(number: int, lock: bool = False) -> Row | None:
    found = _rows("SELECT * FROM community_task WHERE id = %s" + " FOR UPDATE" * lock, [number])
    return found[0] if found else None


def enrolment(number: int, member: int) -> Row | None:
    found = _rows("SELECT * FROM community_volunteer WHERE id = %s", [f"{number}:{member}"])
    return found[0] if found else None


_OVERLAPPING = """
SELECT t.id FROM community_volunteer v JOIN community_task t ON t.id = v.task
WHERE v.member = %s AND v.state <> 'withdrawn' AND t.state = 'open' AND t.id <> %s
  AND t.begins_at < %s AND t.ends_at > %s
"""


def overlapping(member: int, task: Row) -> bool:
    """Whether he enrolled in another task of the same hours: nobody is in two places."""
    return bool(_rows(_OVERLAPPING, [member, task["id"], task["ends_at"], task["begins_at"]]))


_TASKS = """
SELECT t.*, (SELECT count(*) FROM community_volunteer v WHERE v.task = t.id AND v.state = 'came') AS came,
  (SELECT coalesce(sum(v.hours), 0) FROM community_volunteer v WHERE v.task = t.id AND v.state = 'came') AS hours,
  (SELECT count(*) FROM community_volunteer v WHERE v.task = t.id AND v.state = 'enrolled') AS waiting
FROM community_task t WHERE t.place = %s AND (%s = 0 OR t.id = %s) ORDER BY t.begins_at DESC, t.id DESC LIMIT 100
"""


def tasks(viewer: Viewer, place: str, number: int = 0) -> list[Row]:
    """Tasks of a community, the latest first, with how many enrolled, came and are still to be confirmed.

    Only the one of that `number` when it is given, however old.
    """
    with viewing(viewer), connections[APP].cursor() as cursor:
        cursor.execute(_TASKS, [place, number, number])
        return dicts(cursor)


_VOLUNTEERS = """
SELECT v.*, m.name AS member_name, m.kind AS member_kind FROM community_volunteer v
JOIN community_member m ON m.id = v.member WHERE v.task = %s AND v.state <> 'withdrawn' ORDER BY v.member
"""


def volunteers(viewer: Viewer, task: int) -> list[Row]:
    """Who enrolled in a task and did not withdraw: for the community's post."""
    with viewing(viewer), connections[APP].cursor() as cursor:
        cursor.execute(_VOLUNTEERS, [task])
        return dicts(cursor)


def look(topic: int, member: int, lock: bool = False) -> Row | None:
    found = _rows("SELECT * FROM community_look WHERE id = %s" + " FOR UPDATE" * lock, [f"{topic}:{member}"])
    return found[0] if found else None


_LOOKS = """
SELECT l.*, m.name AS member_name, m.kind AS member_kind FROM community_look l
JOIN community_member m ON m.id = l.member WHERE l.topic = %s ORDER BY l.at, l.member LIMIT 500
"""


def looks(viewer: Viewer, topic: int) -> list[Row]:
    """What neighbours say they saw of a topic's matter."""
    with viewing(viewer), connections[APP].cursor() as cursor:
        cursor.execute(_LOOKS, [topic])
        return dicts(cursor)


_STATE = """
SELECT c.state FROM report r JOIN "case" c ON c.id = r."case" WHERE r.id = %s
"""


def case_state(report: int) -> str:
    """The state of the case that a report belongs to by now; "" when there is none."""
    found = _rows(_STATE, [report]) if report else []
    return str(found[0]["state"]) if found else ""


_OF_CASE = """
SELECT t.place, t.id, t.title, max(l.at) AS at, count(l.*) FILTER (WHERE l.done) AS done,
  count(l.*) FILTER (WHERE NOT l.done) AS undone
FROM community_topic t JOIN report r ON r.id = t.report JOIN community_look l ON l.topic = t.id
WHERE r."case" = %s AND l.state <> 'declined' GROUP BY t.place, t.id, t.title ORDER BY t.id
"""


def of_case(viewer: Viewer, case: int) -> list[Row]:
    """Topics that led to a case, with how many neighbours saw it done and not done: beside the official check."""
    with viewing(viewer), connections[APP].cursor() as cursor:
        cursor.execute(_OF_CASE, [case])
        return dicts(cursor)


_WAITING = """
SELECT l.*, t.title, m.name AS member_name, m.kind AS member_kind FROM community_look l
JOIN community_topic t ON t.id = l.topic JOIN community_member m ON m.id = l.member
WHERE l.place = %s AND l.state = 'said' ORDER BY l.at LIMIT 200
"""


def waiting(viewer: Viewer, place: str) -> list[Row]:
    """Looks of neighbours that the community's post has not settled yet."""
    with viewing(viewer), connections[APP].cursor() as cursor:
        cursor.execute(_WAITING, [place])
        return dicts(cursor)


_HOURS = """
SELECT coalesce(sum(hours), 0) FROM community_volunteer WHERE place = %s AND state = 'came' AND confirmed_at >= %s
"""


def hours(place: str, since: Any) -> float:
    """Hours that volunteers gave, confirmed since."""
    return float(_rows(_HOURS, [place, since])[0]["coalesce"])
