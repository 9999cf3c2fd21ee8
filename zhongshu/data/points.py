"""积分读取 rules in force, households, and lines of points: as the road sees them, and as a post or a member may."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

import orjson
from django.db import connections

from zhongshu.data.databases import APP, OWNER, ROAD, dicts
from zhongshu.data.viewing import viewing
from zhongshu.kernel.access import Viewer

Row = dict[str, Any]

_RULES = """
SELECT code, name, name_en, act, points, month_ceiling, per_day, basis, basis_text, basis_text_en, law, law_en,
  author, author_en, since, valid_from, valid_to
FROM data_pointrule WHERE valid_from <= %s AND (valid_to IS NULL OR valid_to > %s) ORDER BY act, code
"""


def rules(at: datetime) -> list[Row]:
    """The rules of points in force at a moment, with their grounds."""
    with connections[OWNER].cursor() as cursor:
        cursor.execute(_RULES, [at, at])
        return dicts(cursor)


def remember_household(member: int, digest: str) -> None:
    with connections[ROAD].cursor() as cursor:
        cursor.execute("UPDATE community_mark SET household = %s WHERE member = %s", [digest, member])


_HOUSE = """
SELECT m.household, c.kind FROM community_mark m JOIN community_member c ON c.id = m.member WHERE m.member = %s
"""
_MATES = """
SELECT member FROM community_mark WHERE place = %s AND household <> '' AND household = %s OR member = %s
ORDER BY member FOR UPDATE
"""


def household(member: int, place: str) -> tuple[bool, tuple[int, ...]]:
    """Whether it is known where a member lives, and all members of that household, himself among them.

    Their marks are locked: of two acts of one household the later one sees what the earlier one earned. A firm or a
    body without an address is a household by itself.
    """
    with connections[ROAD].cursor() as cursor:
        cursor.execute(_HOUSE, [member])
        digest, kind = cursor.fetchone() or ("", "")
        # All in the order of their numbers: two of one household never wait for each other.
        cursor.execute(_MATES, [place, digest, member])
        found = tuple(row[0] for row in cursor.fetchall())
    return bool(digest) or kind in ("firm", "body"), found if digest else (member,)


_EARLIER = """
SELECT member, day, points FROM community_point
WHERE member = ANY (%s) AND entry = 'earned' AND rule = %s AND left(day, 7) = %s
"""


def earlier(members: Sequence[int], rule: str, day: date) -> list[tuple[int, date, int]]:
    """(member, day, points) of what these earned under a rule in the month of that day."""
    with connections[ROAD].cursor() as cursor:
        cursor.execute(_EARLIER, [list(members), rule, f"{day:%Y-%m}"])
        return [(who, date.fromisoformat(on), points) for who, on, points in cursor.fetchall()]


def balance(member: int) -> int:
    with connections[ROAD].cursor() as cursor:
        cursor.execute("SELECT coalesce(sum(points), 0) FROM community_point WHERE member = %s", [member])
        return int(cursor.fetchone()[0])


def line(number: int, lock: bool = False) -> Row | None:
    """One line as it stands, and who of the post confirmed the act it came from."""
    with connections[ROAD].cursor() as cursor:
        cursor.execute("SELECT * FROM community_point WHERE id = %s" + " FOR UPDATE" * lock, [number])
        found = dicts(cursor)
    return found[0] if found else None


_LINES = """
SELECT p.*, coalesce(t.title, o.title, '') AS title, m.name AS member_name, m.kind AS member_kind
FROM community_point p JOIN community_member m ON m.id = p.member
LEFT JOIN community_task t ON p.act = 'volunteer' AND t.id = p.source
LEFT JOIN community_topic o ON p.act <> 'volunteer' AND o.id = p.source
"""


def account(member: int) -> list[Row]:
    """个人账户: every line of one member, the newest first; for himself and for his community's post."""
    with connections[ROAD].cursor() as cursor:
        cursor.execute(f"{_LINES} WHERE p.member = %s ORDER BY p.id DESC LIMIT 500", [member])
        return dicts(cursor)


_TURNS = """
SELECT at, payload::jsonb - 'member' - 'by' AS payload FROM ledger WHERE subject = %s AND kind = 'PointsMoved'
ORDER BY recorded_at, seq
"""


def turns(member: int) -> list[Row]:
    """What was done about lines of one member, in order: reversed, appealed, restored, upheld, with the words said."""
    with connections[ROAD].cursor() as cursor:
        cursor.execute(_TURNS, [member])
        found = dicts(cursor)
    return [
        {**row, "payload": orjson.loads(row["payload"]) if isinstance(row["payload"], str) else row["payload"]}
        for row in found
    ]


_BARRED = "p.entry = 'earned' AND (p.why = %s OR %s = 'reversed' AND p.state <> 'open')"


def barred(viewer: Viewer, place: str, why: str) -> list[Row]:
    """Lines that did not count, or not in full, for one reason; "reversed" are those that count no more."""
    with viewing(viewer), connections[APP].cursor() as cursor:
        cursor.execute(f"{_LINES} WHERE p.place = %s AND {_BARRED} ORDER BY p.id DESC LIMIT 500", [place, why, why])
        return dicts(cursor)


_COUNTS = """
SELECT why, count(*) FROM community_point WHERE place = %(place)s AND entry = 'earned' AND why <> '' GROUP BY why
UNION ALL
SELECT 'reversed', count(*) FROM community_point WHERE place = %(place)s AND entry = 'earned' AND state <> 'open'
UNION ALL
SELECT 'appealed', count(*) FROM community_point WHERE place = %(place)s AND entry = 'earned' AND state = 'appealed'
"""


def counts(viewer: Viewer, place: str) -> dict[str, int]:
    """Why -> lines that did not count for it; of the reversed ones how many are appealed."""
    with viewing(viewer), connections[APP].cursor() as cursor:
        cursor.execute(_COUNTS, {"place": place})
        return dict(cursor.fetchall())


def appeals(viewer: Viewer, place: str) -> list[Row]:
    """Reversed lines whose member appealed, the oldest first."""
    with viewing(viewer), connections[APP].cursor() as cursor:
        cursor.execute(f"{_LINES} WHERE p.place = %s AND p.state = 'appealed' ORDER BY p.id LIMIT 200", [place])
        return dicts(cursor)


_SUMS = """
SELECT entry, coalesce(sum(points), 0) AS points, count(DISTINCT member) FILTER (WHERE points <> 0) AS members
FROM community_point WHERE place = %s GROUP BY entry
"""


def sums(viewer: Viewer, place: str) -> dict[str, tuple[int, int]]:
    """Kind of line -> points and members of the whole community: what anybody may see."""
    with viewing(viewer), connections[APP].cursor() as cursor:
        cursor.execute(_SUMS, [place])
        return {entry: (int(points), int(members)) for entry, points, members in cursor.fetchall()}


_HOLDERS = """
SELECT m.id, m.kind AS member_kind, m.name AS member_name, m.left_at, coalesce(sum(p.points), 0)::int AS balance,
  count(p.id) AS lines
FROM community_member m JOIN community_point p ON p.member = m.id
WHERE m.place = %s GROUP BY m.id, m.kind, m.name, m.left_at ORDER BY m.id
"""


def holders(viewer: Viewer, place: str) -> list[Row]:
    """Members who have a line, by their number and never by what they have: for the post, to open an account."""
    with viewing(viewer), connections[APP].cursor() as cursor:
        cursor.execute(_HOLDERS, [place])
        return dicts(cursor)


_READY = """
SELECT t.*, c.state AS case_state, c.id AS case_now, c.closed_at, EXISTS (
    SELECT 1 FROM community_topic o JOIN report s ON s.id = o.report
    WHERE s."case" = c.id AND o.id < t.id AND o.place = t.place AND (o.member = t.member OR o.member IN (
      SELECT b.member FROM community_mark a JOIN community_mark b ON b.place = a.place AND b.household = a.household
      WHERE a.member = t.member AND a.household <> ''))) AS again,
  (SELECT l.id FROM ledger l WHERE l.subject = c.id AND l.kind IN ('Closed', 'Rejected', 'NotFiled', 'Voided')
    ORDER BY l.recorded_at DESC, l.seq DESC LIMIT 1) AS ended
FROM community_topic t JOIN report r ON r.id = t.report JOIN "case" c ON c.id = r."case"
WHERE t.report > 0 AND t.member > 0 AND c.state IN ('closed', 'archived', 'rejected', 'not_filed', 'void')
  AND NOT EXISTS (SELECT 1 FROM community_point p
    WHERE p.act = 'report' AND p.source = t.id AND p.member = t.member AND p.entry = 'earned')
  AND EXISTS (SELECT 1 FROM data_pointrule q
    WHERE q.act = 'report' AND q.valid_from <= t.at AND (q.valid_to IS NULL OR q.valid_to > t.at))
  AND (%s = 0 OR t.id = %s)
ORDER BY t.id LIMIT %s
"""


def ready(limit: int = 500, topic: int = 0) -> list[Row]:
    """Topics of members whose case has come to its end and for which no line was reckoned: with the state of the case,
    the fact that ended it (`ended`) and whether the household had reported the same before (`again`). Only one `topic`
    when it is given; what was said before there was a rule for it waits for nothing."""
    with connections[ROAD].cursor() as cursor:
        cursor.execute(_READY, [topic, topic, limit])
        return dicts(cursor)
