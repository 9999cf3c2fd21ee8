"""Made-up contexts for what desks have besides their lists, in the shapes that the views give."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

NOW = datetime(2026, 6, 1, 4, 0, tzinfo=UTC)


def more() -> dict[str, Any]:
    """What a list has beside its rows."""
    view = {"id": 1, "name": "本周逾期", "shared": True, "main": True, "own": True, "here": False, "url": "/cases?a=1"}
    return {
        "bulk_url": "/cases/bulk",
        "bulk_minutes": 10,
        "bulk_most": 1000,
        "bulk_query": "mine=1",
        "matching": 180,
        "order": "clock",
        "persons": [(7, "林晓"), (8, "陈安")],
        "unfinished": [{"name": "签收", "total": 300, "url": "/cases/bulk/7"}],
        "views": [view, view | {"id": 2, "name": "全队", "main": False, "own": False}],
        "views_url": "/cases/views",
        "view_query": "mine=1",
        "counts_url": "/cases/counts?mine=1",
        "split": False,
    }


JOB: dict[str, Any] = {"id": 7, "total": 3, "done": 2, "wrong": 1, "waiting": 0, "settled": 3, "undoes": 0}
JOB |= {"made_at": NOW}


def result() -> dict[str, Any]:
    return {
        "job": JOB,
        "job_url": "/cases/bulk/7",
        "kind_name": "认领",
        "may_undo": True,
        "final": False,
        "bulk_minutes": 10,
        "refused": "",
        "failed": [{"id": 3, "number": "ZS3", "sentence": "当前状态不能执行"}],
    }


def going() -> dict[str, Any]:
    job = JOB | {"total": 300, "done": 50, "wrong": 0, "waiting": 250, "settled": 50}
    return result() | {"job": job, "may_undo": False, "failed": []}
