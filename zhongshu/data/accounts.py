"""账号 accounts of a made-up city: one shared password that this installation made up itself."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.contrib.auth.hashers import make_password
from django.db import connections

from zhongshu.data.databases import APP, OWNER


def set_passwords(usernames: Mapping[str, str]) -> int:
    """Give accounts that have no password theirs ({username: password}); a password that was set is left alone."""
    hashed: dict[str, str] = {}
    with connections[OWNER].cursor() as cursor:
        cursor.execute(
            "SELECT username FROM auth_user WHERE username = ANY (%s) AND password LIKE '!%%'", [list(usernames)]
        )
        waiting = [row[0] for row in cursor.fetchall()]
        for name in waiting:
            password = usernames[name]
            hashed.setdefault(password, make_password(password))
            cursor.execute("UPDATE auth_user SET password = %s WHERE username = %s", [hashed[password], name])
    return len(waiting)


def counts() -> Mapping[str, Any]:
    """Whether there is a pack and a case at all: what a start has to know."""
    with connections[OWNER].cursor() as cursor:
        cursor.execute(
            "SELECT (SELECT code || '@' || version FROM data_packversion ORDER BY id DESC LIMIT 1),"
            ' EXISTS (SELECT 1 FROM "case")'
        )
        pack, cases = cursor.fetchone()
    return {"pack": pack or "", "cases": cases}


_LISTED = """
SELECT a.username, coalesce(nullif(a.first_name || a.last_name, ''), a.username), (
  SELECT p.name_en FROM data_personinpost h JOIN data_post p ON p.code = h.post AND p.valid_to IS NULL
  WHERE h.user_id = a.id AND h.valid_from <= now() AND (h.valid_to IS NULL OR h.valid_to > now()) ORDER BY h.id LIMIT 1)
FROM auth_user a
WHERE a.is_active AND a.password NOT LIKE '!%%' AND EXISTS (
  SELECT FROM data_personinpost h JOIN data_post p ON p.code = h.post AND p.valid_to IS NULL
  JOIN data_unit u ON u.code = p.unit AND u.valid_to IS NULL
  WHERE h.user_id = a.id AND h.valid_from <= now() AND (h.valid_to IS NULL OR h.valid_to > now()))
ORDER BY a.id LIMIT %s
"""


def listed(limit: int = 60) -> list[tuple[str, str, str]]:
    """(username, name, first post in English) of who can sign in and holds a post: on a demo's log-in page only."""
    with connections[APP].cursor() as cursor:
        cursor.execute(_LISTED, [limit])
        return list(cursor.fetchall())
