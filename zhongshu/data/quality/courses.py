"""找错的读写 courses of finding errors: which rows a steward looked through, what was found; no values are kept."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import orjson
from django.db import connections

from zhongshu.data.databases import APP, ROAD
from zhongshu.data.viewing import viewing
from zhongshu.kernel.access import Viewer

Row = dict[str, Any]


def open_one(course: Mapping[str, Any]) -> None:
    """Keep a new course: id, dataset, place, opened_at, opened_by, items, rows."""
    with connections[ROAD].cursor() as cursor:
        cursor.execute(
            "INSERT INTO quality_course (id, dataset, place, opened_at, opened_by, items, rows, labels, suspects)"
            " SELECT id, dataset, place, opened_at, opened_by, items, rows, '{}', '[]'"
            " FROM json_populate_record(NULL::quality_course, %s)",
            [orjson.dumps(dict(course)).decode()],
        )


def label(course: int, key: str, wrong: Sequence[str]) -> None:
    """A row was looked through: these of its items are wrong."""
    with connections[ROAD].cursor() as cursor:
        cursor.execute(
            "UPDATE quality_course SET labels = labels || jsonb_build_object(%s::text, %s::jsonb) WHERE id = %s",
            [key, orjson.dumps(list(wrong)).decode(), course],
        )


def close(course: int, suspects: Sequence[Mapping[str, Any]], at: datetime) -> None:
    """What was found; a later label finds anew."""
    with connections[ROAD].cursor() as cursor:
        cursor.execute(
            "UPDATE quality_course SET suspects = %s::jsonb, done_at = %s WHERE id = %s",
            [orjson.dumps([dict(one) for one in suspects]).decode(), at, course],
        )


def one(viewer: Viewer, course: int) -> Row | None:
    """One course that this viewer may see, or None."""
    with viewing(viewer), connections[APP].cursor() as cursor:
        cursor.execute("SELECT to_jsonb(c)::text FROM quality_course c WHERE id = %s", [course])
        found = cursor.fetchone()
    return orjson.loads(found[0]) if found else None


def of_dataset(viewer: Viewer, dataset: str) -> list[Row]:
    """The last courses of a data set that this viewer may see, newest first, without their rows."""
    with viewing(viewer), connections[APP].cursor() as cursor:
        cursor.execute(
            "SELECT jsonb_build_object('id', id, 'opened_at', opened_at, 'done_at', done_at,"
            " 'labelled', (SELECT count(*) FROM jsonb_object_keys(labels)),"
            " 'suspects', jsonb_array_length(suspects))::text"
            " FROM quality_course WHERE dataset = %s ORDER BY id DESC LIMIT 10",
            [dataset],
        )
        return [orjson.loads(text) for (text,) in cursor.fetchall()]


_NOTE = """
INSERT INTO personal_read (subject, entity, dataset, items, post, "user", purpose, at)
SELECT CASE WHEN r.entity IS NULL THEN 'row' ELSE 'person' END, coalesce(r.entity, 0), %(dataset)s, %(items)s, %(post)s,
  %(user)s, %(purpose)s, now()
FROM (SELECT %(key)s::text AS key) k
LEFT JOIN person_record r ON r.dataset = %(dataset)s AND r.key = k.key AND r.valid_to IS NULL
"""
PURPOSE = "数据质量：逐行查看，找可疑的值"


def note(viewer: Viewer, dataset: str, key: str, items: Sequence[str], purpose: str = PURPOSE) -> None:
    """Log that somebody read a row in clear; of a person of the registers, so that he sees who looked."""
    told: dict[str, Any] = {
        "dataset": dataset,
        "key": key,
        "items": ",".join(items),
        "post": viewer.post,
        "user": viewer.user,
    }
    with connections[ROAD].cursor() as cursor:
        cursor.execute(_NOTE, {**told, "purpose": purpose})
