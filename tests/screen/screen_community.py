"""Made-up contexts for the field page, communities, the nearby map and the roster."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

from zhongshu.data.roster import Own
from zhongshu.screen import registers

NOW = datetime.now(UTC)
CASE = {
    "id": 7,
    "number": "20260601-7",
    "title": "垃圾桶倒了",
    "category_name": "垃圾",
    "place_name": "东湖社区",
    "address": "福路1号",
    "state": "handling",
    "state_name": "办理中",
    "opened_at": NOW,
    "lon": 113.3,
    "lat": 23.1,
    "due_at": NOW + timedelta(hours=3),
    "overdue": False,
    "clock_name": "处置",
    "post": "p1",
}
ACTS = [
    {"kind": "Handled", "label": "处理反馈", "says": "result", "photos": True},
    {"kind": "CheckPassed", "label": "核查通过", "says": "", "photos": False},
]


def field() -> dict[str, Any]:
    return {
        "tasks": [CASE | {"acts": ACTS}, CASE | {"id": 8, "lon": None, "acts": [], "due_at": None}],
        "phrases": ["垃圾", "积水"],
        "forms": [
            {"subject": "person", "name": "人员", "forms": ["人口表", "养老表"], "today": 2, "url": "/field/one/person"}
        ],
        "check_ins": [{"at": NOW, "place_name": "东湖社区", "grid": "G1", "accuracy": 12.0}],
        "owner": 1,
        "bounds": "",
        "helps": [("elder", "老年人"), ("other", "其他不便")],
        "as_of": NOW,
    }


def subjects() -> dict[str, Any]:
    row = {"name": "陈**", "note": "G1", "url": "/field/one/person/12", "last": NOW, "done": True}
    return {
        "name": "人员",
        "forms": ["人口表", "养老表"],
        "place": "",
        "rows": [row, row | {"done": False}],
        "next": "9901~12",
    }


def one() -> dict[str, Any]:
    ask = {
        "code": "phone",
        "name": "电话",
        "definition": "联系电话",
        "input": "tel",
        "options": [],
        "old": True,
        "forms": "F1",
    }
    ask |= {"age": "2 个月前", "value": "1"}
    pick = ask | {"code": "sex", "input": "select", "options": [("1", "男")], "old": False}
    return {
        "name": "人员",
        "forms": ["人口表"],
        "choices": [
            {"code": "F1", "name": "人口表", "chosen": True},
            {"code": "F2", "name": "养老表", "chosen": False},
        ],
        "chosen": ["F1"],
        "to_ask": [ask, pick],
        "seconds": 12,
        "spared": 80,
        "back": "/field/one/person",
        "subject": "person",
        "closed": [{"name": "安全检查表", "course": {"code": "safety", "name": "企业安全生产检查"}}],
        "entity": 12,
        "owner": 1,
        "errors": {},
    }


def officers() -> dict[str, Any]:
    number = {"code": "full", "label": "专职", "n": 12, "under": "40%"}
    row = {
        "name": "网格员01",
        "place_name": "东湖社区",
        "kind_name": "兼职",
        "duties": "楼组长",
        "grids": "G1",
        "n_grids": 1,
    }
    row |= {"households": 300, "open": 4, "lately": 9, "started": date(2025, 1, 1), "ended": None, "substitute": "N02"}
    return {
        "place": "990101",
        "name": "城关区",
        "numbers": [number, number | {"code": "heavy"}],
        "metre": [number | {"code": "closed", "label": "近 30 天办结"}],
        "past": {
            "heads": ["近 30 天", "前 30 天", "去年同期"],
            "rows": [
                {
                    "code": "community",
                    "label": "社区办结占比",
                    "cells": [{"when": "now", "text": "41%"}, {"when": "before", "text": "38%"}, {"when": "year"}],
                    "said": ["比前 30 天：高 3.1 个百分点"],
                }
            ],
            "since": date(2026, 1, 1),
        },
        "when": "now",
        "loads": True,
        "below": [{"name": "东湖街道", "url": "?place=990101001"}],
        "chosen": "专职",
        "officers": [
            row | {"own": Own(3, 5, 2, 1), "training": "/data/training"},
            row | {"ended": date(2026, 1, 1), "substitute": ""},
        ],
        "uncovered": [],
        "cases": [],
        "show": "full",
        "url": "/officers?place=990101",
        "heavy": 2.0,
    }


def topic_row() -> dict[str, Any]:
    moves = [{"name": "hide", "label": "隐藏", "needs": ("ground", "reason")}]
    moves += [{"name": "appeal", "label": "申诉", "needs": ("text",)}, {"name": "file", "label": "转办", "needs": ()}]
    return {
        "id": 5,
        "topic": 5,
        "kind": "topic",
        "kind_name": "话题",
        "title": "楼下长椅松了",
        "text": "三号楼门口",
        "author": "居民 0001",
        "official": False,
        "own": True,
        "at": NOW,
        "closes_at": NOW,
        "state": "open",
        "state_name": "公开",
        "tone": "",
        "reason": "",
        "replies": 2,
        "adoption_name": "已被认领",
        "moves": moves,
    }


MATTER = {"number": "20260601-7", "state": "handling", "state_name": "办理中", "told": ["已拧紧"], "url": "/cases/7"}


def community() -> dict[str, Any]:
    rows = [topic_row() | {"kind": kind, "case": None} for kind in ("notice", "vote")]
    return {
        "place": "990101001001",
        "name": "东湖社区",
        "url": "/community/990101001001",
        "rows": [topic_row() | {"case": MATTER, "state": "ended"}, *rows],
        "next": 5,
        "kinds": [("notice", "公告", True), ("vote", "表决", False)],
        "kind": "",
        "member": {"name": "0001"},
        "elsewhere": False,
        "keeps": False,
        "may_post": True,
        "values": {},
        "voters": [("residents", "只限居民")],
        "most": 8,
        "part": [("发过言", 3)],
        "hours": "4",
        "members": 12,
        "base": None,
        "errors": {},
    }


def _base() -> dict[str, Any]:
    rows = [
        {"name": registers.MEASURES["people"], "n": 2400, "url": "/data/registers?subject=person"},
        {"name": registers.MEASURES["firms"], "n": 0, "url": "/data/registers?subject=organisation"},
    ]
    return {"url": "/data/blocks?under=990101001001", "rows": rows}


def topic() -> dict[str, Any]:
    option = {"n": 0, "name": "东侧", "count": 2, "share": 0.5}
    return {
        "place": "990101001001",
        "name": "东湖社区",
        "url": "/community/990101001001/topics/5",
        "back": "/community/990101001001",
        "topic": topic_row(),
        "case": MATTER,
        "vote": {"shows": True, "over": False, "mine": 0, "total": 2, "options": [option], "may": True},
        "adopter": "邻里五金店",
        "replies": [topic_row(), topic_row() | {"state": "hidden", "reason": "广告", "official": True, "moves": []}],
        "may_reply": True,
        "grounds": [("abuse", "辱骂")],
        "steps": [{"at": NOW, "name": "隐藏", "of": "回帖", "who": "居委会", "said": "广告"}],
        "looks": [look(), look() | {"done": False, "member": 4, "reason": "看的不是这张", "settles": False}],
        "may_look": True,
        "errors": {},
    }


def look() -> dict[str, Any]:
    row = {
        "author": "居民 0003",
        "text": "长椅已经拧紧",
        "reason": "",
        "own": False,
        "at": NOW,
        "member": 3,
        "topic": 5,
    }
    row |= {"done": True, "done_name": "看到已办好", "state_name": "待社区采信", "tone": "info", "settles": True}
    return row | {"title": "楼下长椅松了"}


def task_row() -> dict[str, Any]:
    named = {"kind_name": "助老助残（每小时）", "state_name": "可报名", "tone": "ok", "planned": "2", "given": "4"}
    counts = {"enrolled": 3, "wanted": 5, "came": 2, "hours": 4.0, "waiting": 1}
    told = {"title": "陪老人看病", "text": "社区医院，轮椅已备", "spot": "党群服务站", "reason": "下雨"}
    return {"id": 9, "begins_at": NOW, "ends_at": NOW, "state": "open", **named, **counts, **told}


def tasks() -> dict[str, Any]:
    return {
        "place": "990101001001",
        "name": "东湖社区",
        "url": "/community/990101001001/tasks",
        "back": "/community/990101001001",
        "rows": [task_row(), task_row() | {"came": 0}],
        "keeps": True,
        "kinds": [("care", "助老助残（每小时）", 3)],
        "most": 500,
        "errors": {},
        "values": {},
    }


def task() -> dict[str, Any]:
    one = {
        "author": "居民 0003",
        "state": "enrolled",
        "state_name": "已报名",
        "tone": "info",
        "member": 3,
        "given": "0",
    }
    one |= {"finds": True}
    return {
        "place": "990101001001",
        "name": "东湖社区",
        "url": "/community/990101001001/tasks/9",
        "back": "/community/990101001001/tasks",
        "task": task_row(),
        "moves": ["enrol", "withdraw", "cancel"],
        "own": ("已报名", "info"),
        "post": True,
        "poster": True,
        "people": [one, one | {"state": "came", "member": 4, "state_name": "到场", "given": "2", "finds": False}],
        "errors": {},
        "values": {},
    }


def line() -> dict[str, Any]:
    moves = [{"name": "hide", "label": "冲销", "needs": ("ground", "reason")}]
    shown = {"signed": "+3", "entry_name": "记分", "act_name": "志愿服务", "rule_name": "助老助残（每小时）"}
    told = {
        "why_name": "超过本户当月上限",
        "ground_name": "记错",
        "text": "签到不符",
        "state_name": "已冲销",
        "tone": "warn",
    }
    of = {
        "rule": "care",
        "since": "2026-01-01",
        "day": "2026-06-01",
        "worth": 6,
        "way": "tasks/9",
        "title": "陪老人看病",
    }
    step = {"at": NOW, "name": "冲销", "said": "签到不符"}
    base = {"id": 12, "member": 3, "author": "居民 0003", "at": NOW, "moves": moves, "steps": [step]}
    return {**base, **shown, **told, **of}


def points() -> dict[str, Any]:
    used = {"rule": "", "way": "", "act_name": "", "why_name": "", "ground_name": "", "state_name": "", "moves": []}
    rule = {"called": "助老助残（每小时）", "points": 3, "month_ceiling": 12, "per_day": 1, "since": date(2026, 1, 1)}
    rule |= {"basis_name": "本系统示范自定", "ground": "分值为示范自定", "lawful": "《志愿服务条例》第二条"}
    return {
        "place": "990101001001",
        "name": "东湖社区",
        "url": "/community/990101001001/points",
        "back": "/community/990101001001",
        "sums": [("记分合计", 12), ("有积分的成员", 3)],
        "rules": [rule | {"set_by": "示范城市"}],
        "grounds": [("mistake", "记错")],
        "account": {
            "member": 3,
            "author": "居民 0003",
            "balance": 3,
            "lines": [line(), line() | used | {"id": 13, "signed": "-2", "entry_name": "兑换", "steps": []}],
        },
        "post": False,
        "keeps": False,
        "errors": {},
        "values": {},
    }


def points_post() -> dict[str, Any]:
    return points() | {
        "post": True,
        "keeps": True,
        "barred": [("ceiling", "超过本户当月上限", 1, True), ("same_day", "同一人同一天同类已计", 0, False)],
        "why": "超过本户当月上限",
        "lines": [line() | {"id": 14}],
        "appeals": [line() | {"id": 15, "moves": [{"name": "restore", "label": "恢复记分", "needs": ("reason",)}]}],
        "holders": [{"id": 3, "author": "居民 0003", "left_at": None, "lines": 2}],
    }


def desk() -> dict[str, Any]:
    person = {"id": 1, "kind_name": "居民", "name": "0001", "serial": 1, "admitted_at": NOW, "left_at": None}
    return {
        "place": "990101001001",
        "name": "东湖社区",
        "url": "/community/990101001001/desk",
        "back": "/community/990101001001",
        "keeps": True,
        "topics": [topic_row() | {"state": "hidden"}],
        "replies": [topic_row() | {"state": "appealed"}],
        "kinds": [("resident", "居民", 12)],
        "part": [("any", "至少参与一次", 3, True)],
        "people": [person, person | {"left_at": NOW}],
        "act": "至少参与一次",
        "total": 12,
        "hours": "4",
        "waiting": [look()],
        "errors": {},
        "issued": {"link": "http://localhost/community/me/1.1:x", "new": True},
    }


def nearby() -> dict[str, Any]:
    row = {
        "place": "990101001001",
        "place_name": "东湖社区",
        "category_name": "垃圾",
        "n": 3,
        "joined": 1,
        "age": "2 天前",
    }
    return {
        "at": "990101001000",
        "name": "东湖街道",
        "rows": [row, row | {"joined": 0}],
        "total": 6,
        "spots": [{"name": "东湖社区", "at": [113.3, 23.1], "n": 6, "id": "r990101001001"}],
        "streets": [],
        "bounds": "113.13,22.98,113.56,23.34",
        "sort": "count",
        "error": "",
        "url": "/nearby",
        "way": "/nearby?place=990101001000",
    }


NOWHERE = {
    "at": "",
    "rows": [],
    "streets": [{"name": "东湖街道", "url": "/nearby?place=1"}],
    "error": "没有取得当前位置",
}
SAMPLES: dict[str, tuple[str, Callable[[], dict[str, Any]]]] = {
    "field": ("field/field.html", field),
    "field-none": ("field/field.html", lambda: field() | {"tasks": [], "forms": [], "check_ins": [], "phrases": []}),
    "field-subjects": ("field/subjects.html", subjects),
    "field-subjects-none": ("field/subjects.html", lambda: subjects() | {"rows": [], "next": None}),
    "field-one": ("field/one.html", one),
    "field-one-none": ("field/one.html", lambda: one() | {"to_ask": []}),
    "officers": ("field/officers.html", officers),
    "officers-none": (
        "field/officers.html",
        lambda: officers() | {"officers": [], "show": "", "loads": False, "past": None},
    ),
    "officers-cases": ("field/officers.html", lambda: officers() | {"cases": [CASE], "show": "closed"}),
    "officers-grids": ("field/officers.html", lambda: officers() | {"officers": [], "uncovered": ["G1"]}),
    "community": ("community/community.html", community),
    "community-keeper": (
        "community/community.html",
        lambda: community() | {"keeps": True, "member": None, "rows": [], "base": _base()},
    ),
    "community-guest": (
        "community/community.html",
        lambda: community() | {"member": None, "may_post": False, "next": None, "elsewhere": True},
    ),
    "community-choose": (
        "community/choose.html",
        lambda: {"rows": [{"name": "东湖社区", "url": "/community/1"}], "at": "东湖街道", "last": True, "top": False},
    ),
    "community-found": (
        "community/choose.html",
        lambda: {"rows": [{"name": "东湖社区", "url": "/community/1", "above": "东湖街道"}], "q": "东湖", "more": 2},
    ),
    "topic": ("community/topic.html", topic),
    "topic-plain": (
        "community/topic.html",
        lambda: (
            topic() | {"vote": None, "case": None, "may_reply": False, "replies": [], "looks": [], "may_look": False}
        ),
    ),
    "community-tasks": ("community/tasks.html", tasks),
    "community-tasks-none": ("community/tasks.html", lambda: tasks() | {"rows": [], "kinds": []}),
    "community-task": ("community/task.html", task),
    "community-task-guest": (
        "community/task.html",
        lambda: task() | {"moves": [], "own": None, "post": False, "people": []},
    ),
    "community-points": ("community/points.html", points),
    "community-points-guest": ("community/points.html", lambda: points() | {"account": None, "rules": []}),
    "community-points-post": ("community/points.html", points_post),
    "community-points-none": (
        "community/points.html",
        lambda: points_post() | {"account": None, "why": "", "lines": [], "appeals": [], "holders": []},
    ),
    "community-desk": ("community/desk.html", desk),
    "community-desk-none": (
        "community/desk.html",
        lambda: desk() | {"topics": [], "replies": [], "people": [], "issued": None, "keeps": False, "act": ""},
    ),
    "nearby": ("resident/nearby.html", nearby),
    "nearby-none": ("resident/nearby.html", lambda: nearby() | {"rows": []}),
    "nearby-choose": ("resident/nearby.html", lambda: nearby() | NOWHERE),
}
PUBLIC = {
    "community",
    "community-guest",
    "community-choose",
    "community-found",
    "topic",
    "topic-plain",
    "community-tasks",
    "community-task-guest",
    "community-points",
    "community-points-guest",
    "nearby",
    "nearby-none",
    "nearby-choose",
}
