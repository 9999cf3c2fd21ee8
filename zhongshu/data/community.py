"""社区读取 members, topics, replies, votes and who takes part: as the road sees them, and as the public may."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import orjson
from django.db import connections

from zhongshu.data import volunteering
from zhongshu.data.databases import APP, ROAD, dicts
from zhongshu.data.viewing import viewing
from zhongshu.kernel.access import Viewer

SIZE = 20

Row = dict[str, Any]


def _one(statement: str, given: list[Any]) -> Row | None:
    with connections[ROAD].cursor() as cursor:
        cursor.execute(statement, given)
        found = dicts(cursor)
    return found[0] if found else None


def member(number: int, lock: bool = False) -> Row | None:
    return _one("SELECT * FROM community_member WHERE id = %s" + " FOR UPDATE" * lock, [number])


def claim_mark(place: str, digest: str, number: int) -> int:
    """The member who holds this mark in this community: `number` when nobody did."""
    with connections[ROAD].cursor() as cursor:
        cursor.execute(
            "INSERT INTO community_mark (member, place, digest) VALUES (%s, %s, %s)"
            " ON CONFLICT (place, digest) DO NOTHING RETURNING member",
            [number, place, digest],
        )
        if cursor.fetchone():
            return number
        cursor.execute("SELECT member FROM community_mark WHERE place = %s AND digest = %s", [place, digest])
        return int(cursor.fetchone()[0])


def members(place: str) -> int:
    """How many were ever admitted: numbers of residents go on from there."""
    with connections[ROAD].cursor() as cursor:
        cursor.execute("SELECT count(*) FROM community_member WHERE place = %s", [place])
        return int(cursor.fetchone()[0])


def topic(number: int, lock: bool = False) -> Row | None:
    found = _one("SELECT * FROM community_topic WHERE id = %s" + " FOR UPDATE" * lock, [number])
    return _read(found) if found else None


def _read(row: Row) -> Row:
    options = row["options"]
    return {**row, "options": orjson.loads(options) if isinstance(options, str) else options}


def reply(number: int, topic: int) -> Row | None:
    return _one("SELECT * FROM community_reply WHERE id = %s AND topic = %s", [number, topic])


_LISTED = """
SELECT t.*, m.name AS member_name, m.kind AS member_kind FROM community_topic t
LEFT JOIN community_member m ON m.id = t.member
WHERE t.place = %s AND (%s = '' OR t.kind = %s) AND t.state = ANY (%s) AND t.id < %s ORDER BY t.id DESC LIMIT %s
"""
PUBLIC = ["open", "ended"]
HIDDEN = ["hidden", "appealed", "upheld"]


def topics(viewer: Viewer, place: str, kind: str = "", hidden: bool = False, before: int = 1 << 62) -> list[Row]:
    """Newest first, one more than SIZE when there are older ones. `hidden`: those that only the post may see."""
    states = HIDDEN if hidden else PUBLIC
    with viewing(viewer), connections[APP].cursor() as cursor:
        cursor.execute(_LISTED, [place, kind, kind, states, before, SIZE + 1])
        return [_read(row) for row in dicts(cursor)]


_REPLIES = """
SELECT r.*, m.name AS member_name, m.kind AS member_kind FROM community_reply r
LEFT JOIN community_member m ON m.id = r.member WHERE r.topic = %s ORDER BY r.id LIMIT 500
"""


def replies(viewer: Viewer, topic: int) -> list[Row]:
    with viewing(viewer), connections[APP].cursor() as cursor:
        cursor.execute(_REPLIES, [topic])
        return dicts(cursor)


_MODERATED = """
SELECT r.*, t.title, m.name AS member_name, m.kind AS member_kind FROM community_reply r
JOIN community_topic t ON t.id = r.topic LEFT JOIN community_member m ON m.id = r.member
WHERE r.place = %s AND r.state = ANY (%s) ORDER BY r.id DESC LIMIT 100
"""


def hidden_replies(viewer: Viewer, place: str) -> list[Row]:
    with viewing(viewer), connections[APP].cursor() as cursor:
        cursor.execute(_MODERATED, [place, HIDDEN])
        return dicts(cursor)


def counted(viewer: Viewer, topic: int) -> dict[int, int]:
    """Option -> members who chose it. The screens can't read whose choice is which."""
    with viewing(viewer), connections[APP].cursor() as cursor:
        cursor.execute("SELECT option, count(*) FROM community_ballot WHERE topic = %s GROUP BY option", [topic])
        return dict(cursor.fetchall())


def own_vote(topic: int, member: int) -> int | None:
    """What this member chose himself."""
    found = _one("SELECT option FROM community_ballot WHERE id = %s", [f"{topic}:{member}"])
    return int(found["option"]) if found else None


_PART = """
SELECT a.act, a.member FROM (
  SELECT 'said' AS act, member FROM community_topic WHERE place = %(place)s AND member > 0 AND at >= %(since)s
  UNION SELECT 'said', member FROM community_reply WHERE place = %(place)s AND member > 0 AND at >= %(since)s
  UNION SELECT 'voted', member FROM community_ballot WHERE place = %(place)s AND at >= %(since)s
  UNION SELECT 'adopted', adopter FROM community_topic WHERE place = %(place)s AND adoption = 'confirmed'
    AND changed_at >= %(since)s
  UNION SELECT 'looked', member FROM community_look WHERE place = %(place)s AND at >= %(since)s
  UNION SELECT 'volunteered', member FROM community_volunteer WHERE place = %(place)s AND state = 'came'
    AND confirmed_at >= %(since)s) a
"""
_HELD = """
SELECT kind, count(*) FROM community_member WHERE place = %s AND left_at IS NULL GROUP BY kind
"""


def participation(place: str, since: datetime) -> dict[str, Any]:
    """参与: persons, not clicks. Act -> members who did it at least once since, `any` for those who did any of them;
    `members` by kind, `hours` that volunteers gave. A member is one telephone number that the community's post saw."""
    with connections[ROAD].cursor() as cursor:
        cursor.execute(_PART, {"place": place, "since": since})
        done: dict[str, set[int]] = {name: set() for name in ("said", "voted", "adopted", "looked", "volunteered")}
        for act, who in cursor.fetchall():
            done[act].add(who)
        cursor.execute(_HELD, [place])
        held = dict(cursor.fetchall())
    acts: dict[str, set[int]] = {**done, "any": set[int]().union(*done.values())}
    return {"acts": acts, "members": held, "hours": volunteering.hours(place, since)}


_MEMBERS = """
SELECT id, kind, name, serial, admitted_at, left_at FROM community_member WHERE place = %s
  AND (%s::bigint[] IS NULL OR id = ANY (%s)) ORDER BY id DESC LIMIT 500
"""


def member_list(viewer: Viewer, place: str, among: list[int] | None = None) -> list[Row]:
    """The members of a community, the newest first; only those of `among` when it is given."""
    with viewing(viewer), connections[APP].cursor() as cursor:
        cursor.execute(_MEMBERS, [place, among, among])
        return dicts(cursor)


_TIMELINE = """
SELECT at, kind, actor, payload::jsonb - 'member' - 'option' AS payload FROM ledger
WHERE subject = %s AND kind IN ('TopicPosted', 'TopicMoved') ORDER BY recorded_at, seq
"""


def timeline(topic: int) -> list[Row]:
    """What happened to a topic: put up, hidden, appealed, restored, made a case. No votes."""
    with connections[ROAD].cursor() as cursor:
        cursor.execute(_TIMELINE, [topic])
        found = dicts(cursor)
    return [
        {**row, "payload": orjson.loads(row["payload"]) if isinstance(row["payload"], str) else row["payload"]}
        for row in found
    ]
