"""任职与查阅 people: which posts somebody holds, what a post may see, and the logged reading of personal data."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import orjson
from django.db import connections

from zhongshu.data.databases import APP, ROAD
from zhongshu.data.viewing import viewing
from zhongshu.kernel.access import NOBODY, Viewer, mask_name, mask_phone
from zhongshu.kernel.errors import BadInput, IllegalMove, NotFound
from zhongshu.kernel.lifecycle import Role
from zhongshu.kernel.places import EVERYWHERE, Level, Scheme

READERS = frozenset({Role.OPERATOR, Role.CHECKER, Role.CHIEF})
"""Who may learn how to reach a reporter: those who call back, check and supervise."""


@dataclass(frozen=True, slots=True)
class Held:
    """任职: one post that a person holds today. `title` is what the post is called, with its unit."""

    post: str
    title: str
    title_en: str
    viewer: Viewer


_POSTS = """
SELECT p.code, p.name, p.name_en, p.unit, p.roles, u.name, u.name_en, u.level, u.place,
  coalesce(nullif(a.first_name || a.last_name, ''), a.username),
  (SELECT about->'code_lengths' FROM data_packversion ORDER BY effective DESC, id DESC LIMIT 1)::text, h.rota
FROM (
  SELECT h.user_id, h.post, 0 AS rota FROM data_personinpost h
  WHERE h.user_id = %(user)s AND h.valid_from <= now() AND (h.valid_to IS NULL OR h.valid_to > now())
  UNION ALL
  SELECT r."user", r.post, r.id FROM rota r
  WHERE r."user" = %(user)s AND r.starts_at <= now() AND r.ends_at > now() AND r.ended_at IS NULL
) h
JOIN auth_user a ON a.id = h.user_id AND a.is_active
JOIN data_post p ON p.code = h.post AND p.valid_to IS NULL
JOIN data_unit u ON u.code = p.unit AND u.valid_to IS NULL
ORDER BY h.rota > 0, u.level, p.code, h.rota
"""


def posts_of(user: int) -> list[Held]:
    """Every post that this user may act in now: the own ones, the highest level first, then those of the duty rota."""
    with connections[APP].cursor() as cursor:
        cursor.execute(_POSTS, {"user": user})
        held = [_held(user, row) for row in cursor.fetchall()]
    first: dict[str, Held] = {}
    for one in held:
        first.setdefault(one.post, one)
    return list(first.values())


def _held(user: int, row: Sequence[Any]) -> Held:
    post, name, name_en, unit, roles, unit_name, unit_en, level, place, person, lengths, rota = row
    scheme = Scheme(tuple(int(part) for part in lengths.strip("[]").split(",")))  # type: ignore[arg-type]
    span = EVERYWHERE if level == Level.CITY else scheme.span(place)
    held = frozenset(Role(role) for role in roles.split(";") if role)
    viewer = Viewer(post, person, unit, Level(level), place, span, held, user, rota)
    return Held(post, title_of(unit_name, name), title_of(unit_en or unit_name, name_en or name), viewer)


def title_of(unit: str, post: str) -> str:
    """A post with its unit; many packs write the unit's name into the post's."""
    return post if post.startswith(unit) else f"{unit} {post}"


def viewer_of(user: int, post: str | None = None) -> Viewer:
    """The viewer that this user is in a post they hold; the first post when none is named, NOBODY without any."""
    held = posts_of(user)
    return next((one.viewer for one in held if one.post == post), held[0].viewer if held else NOBODY)


def in_post(username: str, post: str = "") -> Viewer:
    """The viewer that an account is in a post, the first one of theirs when none is named. NotFound without such."""
    with connections[APP].cursor() as cursor:
        cursor.execute("SELECT id FROM auth_user WHERE username = %s AND is_active", [username])
        row = cursor.fetchone()
    found = viewer_of(int(row[0]), post or None) if row else NOBODY
    if found is NOBODY or (post and found.post != post):
        raise NotFound(
            f"{username}: expected an account that holds the post {post or 'of somebody'} / 没有这个账号，或未任此岗位"
        )
    return found


_CONTACTS = """
SELECT r.id, r.contact, c.host, c.assists::text FROM report r JOIN "case" c ON c.id = r."case" WHERE c.id = %s
ORDER BY r.id
"""


def contacts(viewer: Viewer, case: int) -> dict[int, dict[str, str]]:
    """Report id -> {name, phone}, masked, of a case that the viewer may see; masked reads are not logged."""
    with viewing(viewer), connections[APP].cursor() as cursor:
        cursor.execute(_CONTACTS, [case])
        wanted = {row[1]: row[0] for row in cursor.fetchall() if row[1]}
    return masked(wanted)


def names_in(case: int) -> list[str]:
    """Names of those who reported a case, only so that they can be taken out of a text that leaves the house."""
    with connections[ROAD].cursor() as cursor:
        cursor.execute(
            'SELECT DISTINCT k.name FROM report r JOIN contact k ON k.id = r.contact WHERE r."case" = %s', [case]
        )
        return [str(row[0]) for row in cursor.fetchall() if row[0]]


def masked(wanted: dict[int, int]) -> dict[int, dict[str, str]]:
    """{contact id: report id} -> {report id: {name, phone}}, masked."""
    if not wanted:
        return {}
    with connections[ROAD].cursor() as cursor:
        cursor.execute("SELECT id, name, phone FROM contact WHERE id = ANY (%s)", [list(wanted)])
        return {
            wanted[row]: {"name": mask_name(name), "phone": mask_phone(phone)} for row, name, phone in cursor.fetchall()
        }


def may_reveal(viewer: Viewer, host: str, assists: Collection[str]) -> bool:
    """Whether this post may learn who reported: one of READERS, and never the unit that handles the matter."""
    return bool(viewer.roles & READERS) and viewer.unit != host and viewer.unit not in assists


def reveal(viewer: Viewer, case: int, purpose: str) -> dict[int, dict[str, str]]:
    """Report id -> {name, phone} in clear, each row logged with who read it and why.

    Raises NotFound outside the viewer's place, IllegalMove for a post that may not know (the unit that handles the
    matter never learns who reported it), BadInput without a purpose.
    """
    if not purpose.strip():
        raise BadInput("purpose: found nothing, expected why the reporter must be reached / 请填写查阅事由")
    with viewing(viewer), connections[APP].cursor() as cursor:
        cursor.execute(_CONTACTS, [case])
        rows = cursor.fetchall()
    if not rows:
        raise NotFound(f"there is no case {case} here / 没有这个案件，或不在您的范围内")
    if not all(may_reveal(viewer, host, orjson.loads(assists)) for _, _, host, assists in rows):
        raise IllegalMove("this post may not learn who reported / 本岗位不能查看诉求人信息")
    wanted = {row[1]: row[0] for row in rows if row[1]}
    with connections[ROAD].cursor() as cursor:
        cursor.execute(
            'WITH noted AS (INSERT INTO personal_read (contact, "case", post, "user", purpose, at)'
            " SELECT id, %s, %s, %s, %s, now() FROM unnest(%s::bigint[]) id RETURNING contact)"
            " SELECT c.id, c.name, c.phone FROM contact c JOIN noted ON noted.contact = c.id",
            [case, viewer.post, viewer.user, purpose.strip(), list(wanted)],
        )
        return {wanted[row]: {"name": name, "phone": phone} for row, name, phone in cursor.fetchall()}


@dataclass(frozen=True, slots=True)
class Look:
    """一次查阅: who read how many reporters' data in clear, in which post, when and why."""

    at: datetime
    post: str
    person: str
    purpose: str
    contacts: int


_LOOKS = """
SELECT at, post, "user", purpose, count(*) FROM personal_read WHERE "case" = %s
GROUP BY at, post, "user", purpose ORDER BY at DESC LIMIT 100
"""
_READERS = """
SELECT a.id, coalesce(nullif(a.first_name || a.last_name, ''), a.username) FROM auth_user a WHERE a.id = ANY (%s)
"""
_POST_NAMES = """
SELECT p.code, p.name, u.name FROM data_post p JOIN data_unit u ON u.code = p.unit AND u.valid_to IS NULL
WHERE p.code = ANY (%s) AND p.valid_to IS NULL
"""


def looks(viewer: Viewer, case: int) -> list[Look]:
    """谁看过: the logged reads of a case's personal data, newest first; empty for everybody but its chiefs."""
    if Role.CHIEF not in viewer.roles:
        return []
    with viewing(viewer), connections[APP].cursor() as cursor:
        cursor.execute(_CONTACTS, [case])
        if not cursor.fetchall():
            return []
    with connections[ROAD].cursor() as cursor:
        cursor.execute(_LOOKS, [case])
        found = cursor.fetchall()
    if not found:
        return []
    people = names([row[2] for row in found])
    posts = post_names([row[1] for row in found])
    return [
        Look(at, posts.get(post, post), people.get(user, "—"), purpose, count)
        for at, post, user, purpose, count in found
    ]


def names(users: Collection[int]) -> dict[int, str]:
    """User id -> the person's name."""
    with connections[APP].cursor() as cursor:
        cursor.execute(_READERS, [list(users)])
        return dict(cursor.fetchall())


def post_names(posts: Collection[str]) -> dict[str, str]:
    """Post -> what it is called, with its unit, of those that there are now."""
    with connections[APP].cursor() as cursor:
        cursor.execute(_POST_NAMES, [list(posts)])
        return {code: title_of(unit, name) for code, name, unit in cursor.fetchall()}
