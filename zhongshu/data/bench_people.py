"""实测人员 people for benches only: many users spread over the posts of a loaded pack, signed in already."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.db import connections

from zhongshu.data.databases import OWNER


@dataclass(frozen=True, slots=True)
class Enrolled:
    """One user in one post, with the cookie of an open session."""

    user: int
    post: str
    role: str
    level: int
    place: str
    session: str


_POSTS = """
SELECT p.code, p.roles, u.level, u.place FROM data_post p
JOIN data_unit u ON u.code = p.unit AND u.valid_to IS NULL
LEFT JOIN (SELECT host, count(*) AS open FROM "case" WHERE closed_at IS NULL GROUP BY host) h ON h.host = u.code
WHERE p.valid_to IS NULL AND p.roles = %s AND u.level = ANY (%s)
ORDER BY coalesce(h.open, 0) DESC, u.level, p.code LIMIT %s
"""
Post = tuple[str, str, int, str]


def posts(role: str, levels: tuple[int, ...], limit: int) -> list[Post]:
    """(post, role, level, place) of at most `limit` posts that have this one role, at the units with most open cases
    of these levels (1 the city .. 4 a community)."""
    with connections[OWNER].cursor() as cursor:
        cursor.execute(_POSTS, [role, list(levels), limit])
        return list(cursor.fetchall())


def enrol(held: Sequence[Post]) -> list[Enrolled]:
    """One new user in each of these posts, with an open session: a password each would only measure the hashing."""
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
    from django.contrib.auth.models import User
    from django.contrib.sessions.backends.db import SessionStore
    from django.utils import timezone

    from zhongshu.data import models as rows

    found, now = [], timezone.now()
    for number, (post, role, level, place) in enumerate(held):
        user = User(username=f"bench-{number}", first_name=f"{number}", password="!")
        user.save(using=OWNER)
        rows.PersonInPost.objects.using(OWNER).create(user_id=user.pk, post=post, valid_from=now)
        session = SessionStore()
        session[SESSION_KEY] = str(user.pk)
        session[BACKEND_SESSION_KEY] = "django.contrib.auth.backends.ModelBackend"
        session[HASH_SESSION_KEY] = user.get_session_auth_hash()
        session.save()
        found.append(Enrolled(int(user.pk), post, role, level, place, str(session.session_key)))
    return found
