"""代班表 the duty rota: who holds which post now, who stands in for whom, and the chief who approved it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import connections, transaction

from zhongshu.data.databases import APP, ROAD
from zhongshu.data.people import names, title_of
from zhongshu.kernel.access import Viewer
from zhongshu.kernel.errors import BadInput, IllegalMove, NotFound
from zhongshu.kernel.lifecycle import Role

LONGEST = timedelta(days=92)
"""No substitution lasts longer than a quarter (default): whoever stays longer takes the post over."""
SHOWN = 60


@dataclass(frozen=True, slots=True)
class Manned:
    """岗位现况: one post, who holds it, and who stands in for it now."""

    code: str
    title: str
    title_en: str
    holders: list[str]
    substitutes: list[str]


@dataclass(frozen=True, slots=True)
class Line:
    """代班: one line of the rota. `state` is "now", "coming", "over" or "off" (called off)."""

    id: int
    post: str
    title: str
    title_en: str
    person: str
    starts_at: datetime
    ends_at: datetime
    reason: str
    approved_by: str
    state: str


_NAME = "coalesce(nullif(a.first_name || a.last_name, ''), a.username)"
_MANNED = f"""
SELECT p.code, p.name, u.name, p.name_en, u.name_en,
  ARRAY(SELECT {_NAME} FROM data_personinpost h JOIN auth_user a ON a.id = h.user_id AND a.is_active
    WHERE h.post = p.code AND h.valid_from <= now() AND (h.valid_to IS NULL OR h.valid_to > now()) ORDER BY a.id),
  ARRAY(SELECT {_NAME} FROM rota r JOIN auth_user a ON a.id = r."user" AND a.is_active
    WHERE r.post = p.code AND r.starts_at <= now() AND r.ends_at > now() AND r.ended_at IS NULL ORDER BY a.id)
FROM data_post p JOIN data_unit u ON u.code = p.unit AND u.valid_to IS NULL
WHERE p.valid_to IS NULL AND u.place >= %s AND u.place < %s AND strpos(u.name || p.name || p.code, %s) > 0
ORDER BY NOT EXISTS (SELECT FROM data_personinpost h WHERE h.post = p.code AND h.valid_to IS NULL), u.level, p.code
LIMIT %s
"""


def _titles(name: str, unit: str, name_en: str, unit_en: str) -> tuple[str, str]:
    """What a post is called, in Chinese and in English."""
    return title_of(unit, name), title_of(unit_en or unit, name_en or name)


def manned(viewer: Viewer, q: str = "", limit: int = SHOWN) -> list[Manned]:
    """Posts of the viewer's place, those that somebody holds first; `q` narrows by words of the name."""
    with connections[APP].cursor() as cursor:
        cursor.execute(_MANNED, [viewer.span.lo, viewer.span.hi, q.strip()[:60], limit])
        return [
            Manned(code, *_titles(*named), holders, substitutes)
            for code, *named, holders, substitutes in cursor.fetchall()
        ]


_PEOPLE = f"""
SELECT DISTINCT a.username, {_NAME} FROM auth_user a JOIN data_personinpost h ON h.user_id = a.id
JOIN data_post p ON p.code = h.post AND p.valid_to IS NULL JOIN data_unit u ON u.code = p.unit AND u.valid_to IS NULL
WHERE a.is_active AND h.valid_from <= now() AND (h.valid_to IS NULL OR h.valid_to > now())
  AND u.place >= %s AND u.place < %s AND a.id <> %s ORDER BY a.username LIMIT 500
"""


def candidates(viewer: Viewer) -> list[tuple[str, str]]:
    """(account, name) of those who may stand in: people with a post in the viewer's place, never the viewer."""
    with connections[APP].cursor() as cursor:
        cursor.execute(_PEOPLE, [viewer.span.lo, viewer.span.hi, viewer.user])
        return list(cursor.fetchall())


_LINES = f"""
SELECT r.id, r.post, p.name, u.name, p.name_en, u.name_en, {_NAME}, r.starts_at, r.ends_at, r.reason, r.approved_by,
  CASE WHEN r.ended_at IS NOT NULL THEN 'off' WHEN r.ends_at <= now() THEN 'over'
    WHEN r.starts_at > now() THEN 'coming' ELSE 'now' END
FROM rota r JOIN auth_user a ON a.id = r."user" JOIN data_post p ON p.code = r.post AND p.valid_to IS NULL
JOIN data_unit u ON u.code = p.unit AND u.valid_to IS NULL
WHERE r.place >= %s AND r.place < %s ORDER BY r.ended_at IS NOT NULL OR r.ends_at <= now(), r.starts_at DESC LIMIT 100
"""


def lines(viewer: Viewer) -> list[Line]:
    """The rota of the viewer's place: what is or will be first, then what is over."""
    with connections[APP].cursor() as cursor:
        cursor.execute(_LINES, [viewer.span.lo, viewer.span.hi])
        rows = cursor.fetchall()
    approvers = names({row[10] for row in rows})
    return [
        Line(line, post, *_titles(*named), person, starts, ends, reason, approvers.get(approver, "—"), state)
        for line, post, *named, person, starts, ends, reason, approver, state in rows
    ]


def approve(viewer: Viewer, post: str, account: str, between: tuple[datetime, datetime], reason: str) -> int:
    """Let somebody act in a post for a while; returns the line's id. Raises BadInput or IllegalMove."""
    starts, ends = between
    if not starts < ends <= starts + LONGEST:
        raise BadInput(
            f"ends_at: expected after the beginning and within {LONGEST.days} days of it / "
            f"结束时间须晚于开始时间，且不超过 {LONGEST.days} 天"
        )
    if not reason.strip():
        raise BadInput("reason: found nothing, expected why / 请填写事由")
    place, user = _known(viewer, post, account)
    if user == viewer.user:
        raise IllegalMove("nobody approves himself as a substitute / 不得批准自己代班")
    with transaction.atomic(using=ROAD), connections[ROAD].cursor() as cursor:
        cursor.execute(
            'INSERT INTO rota (post, place, "user", starts_at, ends_at, reason, approved_by, approved_post,'
            " approved_at, ended_by) VALUES (%s, %s, %s, %s, %s, %s, %s, %s, now(), 0) RETURNING id",
            [post, place, user, starts, ends, reason.strip()[:500], viewer.user, viewer.post],
        )
        return int(cursor.fetchone()[0])


def _known(viewer: Viewer, post: str, account: str) -> tuple[str, int]:
    """Place of the post and id of the user, when the viewer is a chief over both; otherwise IllegalMove."""
    found = [one for one in candidates(viewer) if one[0] == account] if Role.CHIEF in viewer.roles else []
    with connections[APP].cursor() as cursor:
        cursor.execute(_POST_AND_USER, [account, post, viewer.span.lo, viewer.span.hi, int(viewer.level)])
        row: tuple[Any, ...] | None = cursor.fetchone()
    if row is not None and row[1] == viewer.user:
        return row[0], row[1]
    if row is None or not found:
        raise IllegalMove("there is no such post or person under this post / 本岗位之下没有这个岗位或人员")
    return row[0], row[1]


_POST_AND_USER = """
SELECT u.place, a.id FROM data_post p JOIN data_unit u ON u.code = p.unit AND u.valid_to IS NULL
JOIN auth_user a ON a.username = %s AND a.is_active
WHERE p.code = %s AND p.valid_to IS NULL AND u.place >= %s AND u.place < %s AND u.level >= %s
"""


def call_off(viewer: Viewer, line: int) -> None:
    """End a substitution now; the line stays on the rota. NotFound for one that is over or not the viewer's."""
    with transaction.atomic(using=ROAD), connections[ROAD].cursor() as cursor:
        cursor.execute(
            "UPDATE rota SET ended_at = now(), ended_by = %s WHERE id = %s AND ended_at IS NULL AND ends_at > now()"
            " AND place >= %s AND place < %s",
            [viewer.user, line, viewer.span.lo, viewer.span.hi],
        )
        if not cursor.rowcount:
            raise NotFound("there is no such line on the rota / 没有这条代班，或已结束")
