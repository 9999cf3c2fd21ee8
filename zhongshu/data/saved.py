"""我的视图 saved views: lists that people named, their own or their unit's, and the one that a desk opens with."""

from __future__ import annotations

from typing import Any

from django.db import connections, transaction

from zhongshu.data.databases import ROAD, dicts
from zhongshu.kernel.access import Viewer
from zhongshu.kernel.errors import BadInput, NotFound

MOST = 30
"""Views that one person may keep in one post."""


def views(viewer: Viewer) -> list[dict[str, Any]]:
    """{id, name, query, shared, main, own} that this person sees in this post: the own ones first, by age."""
    with connections[ROAD].cursor() as cursor:
        cursor.execute(
            'SELECT id, name, query, shared, main AND "user" = %s AND post = %s AS main,'
            ' "user" = %s AND post = %s AS own FROM saved_view'
            ' WHERE "user" = %s AND post = %s OR shared AND unit = %s ORDER BY own DESC, id LIMIT 60',
            [*(viewer.user, viewer.post) * 3, viewer.unit],
        )
        return dicts(cursor)


def save(viewer: Viewer, name: str, query: str, shared: bool = False, main: bool = False) -> int:
    """Keep a list under a name; a name used before gets the new list. Returns its id. BadInput without a name."""
    name = " ".join(name.split())[:40]
    if not name:
        raise BadInput("name: found nothing, expected what the view is called / 请填写视图名称")
    with transaction.atomic(using=ROAD), connections[ROAD].cursor() as cursor:
        if main:
            _unmain(cursor, viewer)
        cursor.execute(
            'SELECT count(*) FROM saved_view WHERE "user" = %s AND post = %s AND name <> %s',
            [viewer.user, viewer.post, name],
        )
        if cursor.fetchone()[0] >= MOST:
            raise BadInput(f"name: {MOST} views are kept at most / 最多保存 {MOST} 个视图，请先删除不用的")
        cursor.execute(
            'INSERT INTO saved_view ("user", post, unit, name, query, shared, main, made_at)'
            ' VALUES (%s, %s, %s, %s, %s, %s, %s, now()) ON CONFLICT ("user", post, name)'
            " DO UPDATE SET query = excluded.query, shared = excluded.shared, main = excluded.main RETURNING id",
            [viewer.user, viewer.post, viewer.unit, name, query[:2000], shared, main],
        )
        return int(cursor.fetchone()[0])


def _unmain(cursor: Any, viewer: Viewer) -> None:
    cursor.execute('UPDATE saved_view SET main = false WHERE "user" = %s AND post = %s', [viewer.user, viewer.post])


def make_main(viewer: Viewer, view: int, on: bool = True) -> None:
    """Open the desk with this own view, or no longer. NotFound for one that is not the viewer's own."""
    with transaction.atomic(using=ROAD), connections[ROAD].cursor() as cursor:
        _unmain(cursor, viewer)
        cursor.execute(
            'UPDATE saved_view SET main = %s WHERE id = %s AND "user" = %s AND post = %s',
            [on, view, viewer.user, viewer.post],
        )
        _own(cursor)


def drop(viewer: Viewer, view: int) -> None:
    """Forget an own view. NotFound for one that is not the viewer's own."""
    with connections[ROAD].cursor() as cursor:
        cursor.execute(
            'DELETE FROM saved_view WHERE id = %s AND "user" = %s AND post = %s', [view, viewer.user, viewer.post]
        )
        _own(cursor)


def _own(cursor: Any) -> None:
    if not cursor.rowcount:
        raise NotFound("there is no such view of yours / 没有这个视图，或不是您自己的")
