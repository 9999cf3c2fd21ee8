"""Made-up contexts for the pages of samples that people confirm, and of training."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from zhongshu.hub.resources.moves import MOVES
from zhongshu.screen import resources
from zhongshu.screen.story import sentence

NOW = datetime.now(UTC)
_QUALITY = [
    {"label": "质量", "url": "/data/quality", "here": False},
    {"label": "抽样核实", "url": "/data/visits", "here": True},
]
VISIT_TABS = [{"label": "质量", "url": "/data/quality", "here": True, "pages": _QUALITY}]
_COLLECT = [
    {"label": "填报", "url": "/data/fill", "here": False},
    {"label": "培训", "url": "/data/training", "here": True},
]
TRAINING_TABS = [{"label": "采集", "url": "/data/fill", "here": True, "pages": _COLLECT}]
SAMPLE = {"id": 1001, "dataset": "population", "name": "实有人口", "url": "/data/visits/1001", "whole": False}
SAMPLE |= {"unit_name": "数据局", "item_names": ["姓名", "住址"], "at": NOW, "until": "2026-06-30"}
SAMPLE |= {"size": 100, "of": 24_000, "rows": 40, "done": 12, "open": 28, "right": 9, "wrong": 1, "gone": 1}
SAMPLE |= {"unreached": 1, "share": "81.82%", "low": "52.30%", "high": "94.86%"}
ROW = {"id": "1001:3", "number": "3", "key": "rk-0003", "place_name": "东湖社区 001", "verdict": "", "tone": "info"}
ROW |= {"verdict_name": "待核实", "wrong_names": [], "note": "", "unit_name": "", "at": None, "corrections": []}
DONE = ROW | {"verdict": "wrong", "tone": "danger", "verdict_name": "有误", "wrong_names": ["住址"], "at": NOW}
DONE |= {"note": "已搬走", "unit_name": "东湖社区居委会", "corrections": [77]}


def visits() -> dict[str, Any]:
    return {
        "tabs": VISIT_TABS,
        "rows": [SAMPLE],
        "dataset": "population",
        "datasets": [("population", "实有人口")],
        "may_draw": True,
        "items": [("name", "姓名"), ("address", "住址")],
        "least": 10,
        "most": 1000,
        "errors": {},
    }


def visit() -> dict[str, Any]:
    return {
        "tabs": VISIT_TABS,
        "one": SAMPLE,
        "verdict": "",
        "verdicts": [("", "全部", 40), ("open", "待核实", 28), ("right", "属实", 9)],
        "rows": [ROW, DONE],
        "may": True,
        "next": "990101001001~1001:3",
    }


def visit_row() -> dict[str, Any]:
    return {
        "tabs": VISIT_TABS,
        "one": SAMPLE,
        "row": ROW,
        "keys": [("编号", "rk-0003")],
        "values": [("name", "姓名", "王小三"), ("address", "住址", "")],
        "verdicts": [("right", "属实"), ("wrong", "有误"), ("gone", "查无"), ("unreached", "未能核实")],
        "chosen": "wrong",
        "wrong": ["address"],
        "note": "已搬走",
        "errors": {"": "请写明情况"},
    }


def training() -> dict[str, Any]:
    state = {"state": "held", "state_name": "已持证", "tone": "ok", "until": NOW}
    mine = {"name": "人口信息采集", "url": "/data/training/people", "minutes": 40, "gates": True, "must": True, **state}
    mine |= {"classroom": True, "class": _class()}
    unit = {"name": "东湖社区居委会", "url": "/data/training?unit=a#people", "held": 2, "must": 3, "share": "67%"}
    unit |= {"full": False, "lapsed": 1, "people": 2, "wrong": "8.3%", "confirmed": 12}
    person = {"name": "社区承办人", "unit": "a", "unit_name": "东湖社区居委会", "course": "people", "person": 5}
    person |= {"course_name": "人口信息采集", "may": True, **state}
    return {
        "tabs": TRAINING_TABS,
        "mine": [mine, mine | {"gates": False, "must": False, "until": None, "class": None}],
        "classes": classes(),
        "courses": [("people", "人口信息采集")],
        "course": "people",
        "units": [unit, unit | {"full": True, "wrong": ""}],
        "told": {"must": 3, "held": 2, "share": "67%", "units": 1},
        "groups": [{"label": "培训到位的社区", "places": 1, "bad": 1, "of": 12, "bounds": "0.01 – 0.35"}],
        "alike": {
            "strata": [
                {
                    "load": "3 – 9",
                    "sides": [{"places": 4, "bad": 2, "of": 40, "bounds": "1% – 16%"}] * 2,
                    "compares": False,
                }
            ],
            "said": ["行：分层后可比的社区太少"],
            "first": [{"name": "东湖社区", "share": "20%", "url": "/data/training?unit=a#people"}],
        },
        "listed": [person, person | {"may": False}],
        "errors": {},
    }


def _class(**more: Any) -> dict[str, Any]:
    told = {"id": 7, "number": "K20260101000007", "state": "open", "tone": "ok"}
    told |= {"state_name": dict(resources.states("class"))["open"]}
    told |= {"name": "房屋与地址采集", "title": "培训班", "course": "houses", "asker_name": "示范市数据局", "at": NOW}
    told |= {"where": "三楼教室", "trainer": "示范讲师", "text": "带工作证", "taken": 2, "seats": 20, "full": False}
    told |= {"mine_name": "", "mine_tone": "", "may_enrol": True, "may_leave": False}
    return {**told, "url": "/data/training/classes/7", "act_url": "/data/training/classes/7/act", **more}


def classes() -> list[dict[str, Any]]:
    label, tone = resources.SEATS["enrolled"]
    seated = _class(may_enrol=False, mine_name=label, mine_tone=tone)
    return [_class(), seated, _class(may_enrol=False, full=True, taken=20)]


def a_class() -> dict[str, Any]:
    label, tone = resources.SEATS["enrolled"]
    act = resources.button(MOVES["class.attend"])
    seat = {"person": 5, "name": "社区承办人", "unit_name": "东湖社区居委会", "state_name": label, "tone": tone}
    opened = resources.button(MOVES["class.open"])["label"]
    step = {"at": NOW, "name": opened, "unit_name": "示范市数据局", "due_at": None}
    return {
        "tabs": TRAINING_TABS,
        "one": _class(),
        "seats": [{**seat, "acts": [act], "may_leave": True}],
        "hidden": 1,
        "others": [(6, "网格员（东湖社区居委会）")],
        "buttons": [resources.button(MOVES["class.cancel"])],
        "act_url": "/data/training/classes/7/act",
        "timeline": [{**step, "said": [(resources.LABELS["where"], "三楼教室")]}],
        "errors": {"": sentence("full: 20 seats / 已经报满 20 人")},
    }


def course() -> dict[str, Any]:
    question = {"id": "1", "text": "敲门三次没有人怎么填？", "options": [(1, "代填"), (2, "过几天再来")], "chosen": 2}
    return {
        "tabs": TRAINING_TABS,
        "course": {"code": "people", "minutes": 40, "valid_days": 365, "basis": "示范", "classroom": True},
        "classes": classes(),
        "may_teach": True,
        "class_url": "/data/training/people/class",
        "name": "人口信息采集",
        "paragraphs": ["先看带出的值。", "只问空着的。"],
        "forms": [("F02", "实有人口信息登记表")],
        "need": "80%",
        "state_name": "未通过",
        "tone": "danger",
        "until": None,
        "questions": [question],
        "errors": {},
    }


SAMPLES: dict[str, tuple[str, Callable[[], dict[str, Any]]]] = {
    "visits": ("data/visits.html", visits),
    "visits-none": ("data/visits.html", lambda: visits() | {"rows": [], "items": []}),
    "visit": ("data/visit.html", visit),
    "visit-none": ("data/visit.html", lambda: visit() | {"rows": [], "next": None, "may": False}),
    "visit-row": ("data/visit_row.html", visit_row),
    "visit-row-done": ("data/visit_row.html", lambda: visit_row() | {"row": DONE, "errors": {}}),
    "training": ("data/training.html", training),
    "training-none": (
        "data/training.html",
        lambda: training() | {"mine": [], "units": [], "listed": [], "classes": []},
    ),
    "class": ("data/class.html", a_class),
    "class-none": ("data/class.html", lambda: a_class() | {"seats": [], "others": [], "buttons": [], "errors": {}}),
    "course": ("data/course.html", course),
}
