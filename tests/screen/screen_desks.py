"""Made-up contexts for what desks have besides their lists, in the shapes that the views give."""

from __future__ import annotations

from collections.abc import Callable
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
        "kept": [("queue", "team")],
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


def ringing(row: Callable[[int], dict[str, Any]]) -> dict[str, Any]:
    """A caller with open and past cases; `row` makes a row of a list."""
    return {
        "call": {"id": 7, "phone": "13800138000"},
        "name": "陈小姐",
        "language_name": "粤语",
        "times": 3,
        "open": [row(1) | {"token": "a:b", "closed_at": None}],
        "past": [row(2) | {"token": "c:d", "closed_at": NOW}],
    }


def duty(part: dict[str, Any]) -> dict[str, Any]:
    """A duty desk with a shift handed over; `part` is a unit of a directive as its page shows it."""
    entry = {"id": 3, "shift": 1, "by": 2, "at": NOW, "text": "暴雨，加派一组", "open": True, "person": "林晓"}
    matter = {"kind": "case", "id": 9, "title": "桥下积水", "url": "/cases/9", "key": "case-9"}
    shift = {
        "id": 1,
        "person": "林晓",
        "handed": "林晓",
        "taken": "",
        "begun_at": NOW,
        "handed_at": NOW,
        "notes": "看积水点",
    }
    shift |= {"ended_at": None, "matters": [matter], "entries": [entry]}
    order = {"id": 4, "url": "/directives/4", "title": "排查井盖", "kind_name": "令", "urgent": True, "due_at": NOW}
    order |= {"owner_name": "区指挥中心", "parts": [part]}
    return {
        "unit_name": "区呼应指挥中心",
        "shift": shift,
        "on_duty": True,
        "waits": True,
        "mine": True,
        "may_sign": False,
        "since": NOW,
        "numbers": [("本班收到", 12, "/cases?opened=x"), ("本班新逾期", 2, "/cases?broken=x")],
        "orders": [order],
        "received": [order],
        "matters": [matter],
        "manned": [{"title": "值班长", "holders": ["林晓"], "substitutes": ["陈安"]}],
        "shifts": [shift, shift | {"taken": "陈安", "ended_at": NOW}],
        "act_url": "/duty/act",
        "values": {},
        "errors": {},
    }
