"""Made-up contexts for every page, in the shapes that the views give. Used by the tests and by screen_preview.py."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

from tests.screen import (
    screen_audit,
    screen_catalogue,
    screen_collecting,
    screen_community,
    screen_data,
    screen_desks,
    screen_models,
    screen_registers,
    screen_signs,
)
from zhongshu.screen import designing, drawing

NOW = datetime.now(UTC)
STATES = {
    "judged": "已研判",
    "unclear": "待人工研判",
    "decided": "已决策",
    "undecided": "待裁定",
    "dispatched": "待签收",
    "handling": "办理中",
    "waiting": "待补充",
    "hung": "已挂账",
    "returned": "已退单",
    "checking": "待核查",
    "calling": "待回访",
    "closed": "已办结",
}
TITLES = [
    (
        "夜间施工噪声扰民，连续三晚施工到凌晨一点以后",
        "环境保护 / 噪声 / 建筑施工噪声",
        "东湖街道综合行政执法队",
        "东湖街道",
    ),
    ("路口井盖松动，车辆经过时响声很大", "市政设施 / 道路 / 井盖", "区市政设施管理所", "云桥街道"),
    ("小区加压水泵故障，十二楼以上停水两天，有卧床老人", "公用事业 / 供水 / 二次供水", "区水务局", "新港街道"),
    ("桥下积水深约三十厘米，摩托车熄火", "城市内涝 / 道路积水", "区三防指挥部办公室", "东湖街道"),
    ("共享单车堆满盲道，轮椅无法通过", "市容环卫 / 共享单车", "云桥街道办事处", "云桥街道"),
    ("路灯连片不亮，约二百米路段", "市政设施 / 照明", "区城市照明管理所", "石榴街道"),
    ("餐饮店油烟直排楼道", "环境保护 / 油烟", "", "新港街道"),
    ("小区电动车飞线充电", "消防安全 / 电动车", "石榴街道消防安全委员会办公室", "石榴街道"),
]
OVERDUE, URGENT = {1, 4, 9}, {2: 3, 3: 2, 9: 2, 1: 1}


def row(index: int) -> dict[str, Any]:
    title, category, unit, place = TITLES[index % len(TITLES)]
    state = list(STATES)[(index * 7 + 5) % len(STATES)]
    hours = -5 if index in OVERDUE else 2 if index in {2, 6} else 20 + index * 9
    return {
        "id": 1000 + index,
        "number": f"ZS2611210{index:04d}",
        "title": title,
        "category_name": category,
        "place_name": place,
        "unit_name": unit,
        "state": state,
        "state_name": STATES[state],
        "urgency": URGENT.get(index, 0),
        "special": index == 2,
        "reports_n": [1, 4, 12, 1][index % 4],
        "due_at": NOW + timedelta(hours=hours),
        "overdue": index in OVERDUE,
        "due_soon": index in {2, 6},
        "opened_at": NOW - timedelta(hours=index * 3 + 1),
        "proactive": index == 3,
        "asked": ["申请延期"] if index == 5 else [],
        "returned": {6: 1, 7: 2}.get(index, 0),
        "must_meet": index == 7,
        "claimed_by": "林晓" if index % 4 == 0 else "",
    }


def listing() -> dict[str, Any]:
    return {
        "cases": [row(index) for index in range(24)],
        "filters": {"state": "handling", "category": "", "unit": "", "place": "", "overdue": "", "q": "", "mine": "1"},
        "choices": {
            "states": list(STATES.items()),
            "categories": [("0101", "噪声"), ("0201", "供水")],
            "units": [("u1", "区水务局"), ("u2", "区城市照明管理所")],
            "places": [("440100", "全市"), ("440101", "东湖街道")],
        },
        "tabs": [
            {"label": label, "url": "/cases?mine=1", "here": label == "我的"}
            for label in (
                "待我办理",
                "我的组",
                "我的",
                "未认领",
                "协办",
                "督办",
                "预逾期",
                "待补充",
                "挂账",
                "全部在办",
            )
        ],
        "answer_limits": [(240, "4 小时内答复"), (1440, "24 小时内答复")],
        "next_cursor": "eyJpZCI6MTAyNH0=",
        "count_text": "1,000+",
        "bulk_acts": [("Claimed", "认领"), ("Signed", "签收"), ("Returned", "退单"), ("Handled", "反馈结果")],
        "bulk_undoable": [("Claimed", "认领")],
        "bulk_final": [("Signed", "签收"), ("Returned", "退单"), ("Handled", "反馈结果")],
        **screen_desks.more(),
    }


def clock(name: str, state: str, hours: float) -> dict[str, Any]:
    looks = {
        "late": ("已逾期", "danger", "alert"),
        "paused": ("停表", "warn", "pause"),
        "stopped": ("按时完成", "ok", "check"),
    }
    word, tone, picture = looks.get(state, ("计时中", "", "clock"))
    return {
        "name": name,
        "due_at": NOW + timedelta(hours=hours),
        "stopped_at": None,
        "paused_at": None,
        "limit_text": "4 个工作小时",
        "state": state,
        "word": word,
        "tone": tone,
        "picture": picture,
        "ticking": True,
    }


def field(name: str, label: str, kind: str, must: bool = True, **more: Any) -> dict[str, Any]:
    return {"name": name, "label": label, "type": kind, "required": must, "options": [], **more}


def button(kind: str, label: str, *fields: dict[str, Any], answers: str = "") -> dict[str, Any]:
    return {"kind": kind, "label": label, "fields": list(fields), "answers": answers, "note": "派单异议审核：申请"}


def buttons() -> list[dict[str, Any]]:
    """Between them, a field of every type."""
    reason = field("reason", "理由", "textarea")
    minutes = field(
        "extra_minutes", "延长多久", "minutes", options=[(420, "工作日"), (60, "小时")], hint="1 个工作日按 7 小时计"
    )
    yes_no = [("yes", "是"), ("no", "否")]
    scores = [(1, "非常不满意"), (5, "非常满意")]
    return [
        button(
            "Handled",
            "反馈结果",
            field("result", "做了什么", "textarea", advice="/cases/1002/reply"),
            field("despite", "仍要发送的理由", "despite", False),
            field("photos", "照片", "file", False),
        ),
        button(
            "CalledBack",
            "回访",
            field("contacted", "联系到本人了吗", "radio", options=yes_no),
            field("satisfaction", "满意程度", "radio", False, options=scores, when="contacted", **{"is": "yes"}),
        ),
        button("Returned", "退单", reason, field("suggested", "建议承办单位", "pick", False, list="units")),
        button("AssistAdded", "协办加派", field("units", "协办单位", "picks", list="units"), reason),
        button(
            "Ruled",
            "裁定",
            field("host", "承办单位", "pick", list="units"),
            field("forbid_return", "禁止退回", "checkbox", False),
        ),
        button(
            "HangAsked",
            "申请挂账",
            field("reason_code", "原因", "select", options=[("budget", "需要财政资金")], value="budget"),
            field("owner", "责任人", "text"),
            field("review_on", "复查日期", "date", least="2026-12-01"),
        ),
        button("Extended", "准予延期", minutes, answers="ExtensionAsked"),
        button("ExtensionRefused", "不准延期", reason, answers="ExtensionAsked"),
    ]


def asked() -> dict[str, Any]:
    lines = ["延长 14 个工作小时", "配件未到"]
    return {"name": "申请延期", "unit": "区水务局", "at": NOW, "lines": lines, "buttons": []}


def case() -> dict[str, Any]:
    whole = row(2) | {
        "state": "handling",
        "state_name": "办理中",
        "text": "我们小区加压水泵坏了，十二楼以上从前天晚上开始没有水。\n我母亲八十三岁卧床，物业说等配件要一周。",
        "address": "新港街道港前路 18 号港前花园 3 栋",
        "lon": 113.35124,
        "lat": 23.10988,
        "confidence": 0.913,
        "reasons": [("加压水泵", 2.31), ("没有水", 1.87), ("物业", 0.66), ("配件", 0.32)],
        "others": [("物业管理 / 维修养护", 0.061), ("供水 / 停水通知", 0.018)],
        "duty": {
            "code": "D-0412",
            "basis": "《城市供水条例》第二十二条",
            "list_kind": "基本履职",
            "host": "区水务局",
            "assists": ["新港街道办事处", "区住房建设局"],
            "condition": "二次供水设施 × 居民小区",
            "contact": "新港街道办事处",
            "route": "按责任清单",
            "nature": "工程",
            "forbid_return": True,
        },
        "clocks": [
            clock("办结", "running", 50),
            clock("先行联系", "late", -2),
            clock("采取安全措施", "paused", 3) | {"paused_at": NOW, "ticking": False},
            clock("签收", "stopped", -5) | {"stopped_at": NOW - timedelta(hours=6), "ticking": False},
        ],
        "overlays": ["新港街道警务片区1", "新港街道环卫片区2"],
        "path": [
            {"name": name, "look": look}
            for name, look in (
                ("受理", "done"),
                ("派遣", "done"),
                ("处置", "here"),
                ("核查", "ahead"),
                ("回访", "left"),
            )
        ],
        "counters": [("退单", 1), ("延期", 2)],
        "ended": False,
        "reports": [
            {
                "channel_name": "热线电话",
                "at": NOW - timedelta(hours=7),
                "text": "十二楼以上没有水，老人卧床。",
                "name_masked": "陈**",
                "phone_masked": "138******21",
            },
            {
                "channel_name": "网页",
                "at": NOW - timedelta(hours=3),
                "text": "港前花园 3 栋停水第二天。",
                "name_masked": "",
                "phone_masked": "",
            },
        ],
        "tasks": [
            {"unit_name": "区水务局", "kind_name": "主办", "state_name": "办理中"},
            {"unit_name": "新港街道办事处", "kind_name": "协办", "state_name": "待签收"},
        ],
        "photos": [{"url": "/static/screen/mark.svg"}],
    }
    steps = [
        (7, "诉求上报", "市民", "热线电话来电登记。", ""),
        (7, "研判", "系统", "供水 / 二次供水，把握 91%；有卧床老人，标记特殊需要。", "model 2026.11.2"),
        (7, "决策", "系统", "匹配责任清单 D-0412，主办区水务局。", "duties 2026-07"),
        (7, "派遣", "系统", "", ""),
        (6, "签收", "区水务局 林*", "", ""),
    ]
    return {
        "case": whole,
        "act_url": "/cases/1002/act",
        "timeline": [
            {
                "at": NOW - timedelta(hours=hours),
                "kind_name": kind,
                "actor_name": who,
                "text": text,
                "versions": versions,
                "substitute": kind == "签收",
                "photos": [{"url": "/static/screen/mark.svg"}] if kind == "签收" else [],
            }
            for hours, kind, who, text, versions in steps
        ],
        "buttons": buttons(),
        "panel": {"main": buttons()[:2], "more": [("办理", buttons()[2:5]), ("申请", buttons()[5:6])]},
        "requests": [asked() | {"buttons": buttons()[6:]}, asked()],
        "lists": {"units": ["区住房建设局", "新港街道办事处"]},
        "reply": scored() | {"at": NOW, "text": "已安排处理，请您放心。", "despite": "已面谈"},
        "may_reveal": True,
        "contacts_url": "/cases/1002/contacts",
        "revealed": True,
        "linked": [
            {
                "url": "/calls/1",
                "title": "水泵故障，请到场",
                "kind_name": "街镇呼",
                "owner_name": "新港街道办事处",
                "at": NOW,
                "state": ("已响应", "info", "check"),
            }
        ],
        "looks": [{"at": NOW, "post": "市热线 受理岗", "person": "梁敏", "purpose": "回访", "contacts": 2}],
        "proposals": [
            {"report": 77, "text": "港前花园四栋高层也没有水了", "distance": 84, "age": "2 小时前", "score": 0.78}
        ],
    }


def scored(flag: bool = True) -> dict[str, Any]:
    marks = [("及时", 1.0, "用时 1.2 天，时限 3 天", []), ("切题", 0.4, "2 点中回应 1 点", []), ("依据", 0.0, "", [])]
    return {
        "total": 0.35,
        "held": flag,
        "flag": {"name": "答非所问", "meaning": "答复与诉求没有共同的事", "words": ""} if flag else None,
        "marks": [
            {"name": name, "meaning": "", "score": score, "note": note, "words": words}
            for name, score, note, words in [*marks, ("承诺", None, "已办完，无需承诺", ["已修复"])]
        ],
        "points": [
            {"text": "加压水泵坏了", "met": True, "words": ["水泵"]},
            {"text": "什么时候恢复供水？", "met": False, "words": []},
        ],
        "met": 1,
    }


def reply_held() -> dict[str, Any]:
    more = {"text": "已安排处理，请您放心。", "photos": 2, "kept": "signed", "found": scored(), "despite": "已面谈"}
    return {"case": case()["case"], "act_url": "/cases/1002/act", "advice_url": "/cases/1002/reply", **more}


def replies() -> dict[str, Any]:
    flags = [("formula", "套话"), ("off_point", "答非所问")]
    tally = {"name": "区水务局", "sent": (12, "/replies?flag="), "held": (2, "/replies?flag=held"), "share": 0.17}
    sent = {"unit_name": "区水务局", "text": "已处理", "flag": "formula", "flag_name": "套话", "total": 0.1}
    return {
        "scope": evaluation()["scope"],
        "tabs": [{"label": "答复质量", "url": "/replies", "here": True}],
        "heads": [name for _code, name in flags],
        "tallies": [{**tally, "mean": 0.61, "flags": [(3, "/replies?flag=formula"), (0, "/replies?flag=off_point")]}],
        "tallies_folded": [
            {**tally, "mean": 0.5, "flags": [(0, "/replies?flag=formula"), (1, "/replies?flag=off_point")]}
        ],
        "flags": [("any", "有提示的"), *flags],
        "units": [("u1", "区水务局")],
        "flag": "any",
        "unit": "u1",
        "rows": [row(2) | sent | {"case": 1002, "at": NOW, "held": True, "despite": "已面谈"}],
        "next_cursor": 77,
    }


def near() -> list[dict[str, Any]]:
    shown = {"category_name": "井盖", "place_name": "云桥街道", "distance": "50 米以内", "age": "2 小时前"}
    more = {"state": "handling", "state_name": "办理中", "several": "不止一人反映", "words": "井盖松动，车压过时响"}
    return [
        {**shown, **more, "token": "t1", "chosen": True, "photos": ["/static/screen/mark.svg"]},
        {**shown, **more, "token": "t2", "words": ""},
    ]


def numbers() -> list[dict[str, Any]]:
    figures = [
        ("open", "在办案件", "1,284", "件", "未办结", False),
        ("today", "今日收到", "327", "件", "零时起", False),
        ("overdue", "处置逾期", "41", "件", "未办结且处置过时限，实时", False),
        ("response", "响应率", "96.2", "%", "有效回访 812 件", False),
        ("solved", "解决率", "88.4", "%", "有效回访 812 件", False),
        ("water", "积水点超限", "2", "处", "36 个监测点", True),
    ]
    return [
        {
            "key": key,
            "label": label,
            "value": value,
            "unit": unit,
            "basis": basis,
            "as_of": NOW,
            "stale": stale,
            "list_url": f"/cases?number={key}",
        }
        for key, label, value, unit, basis, stale in figures
    ]


def cockpit() -> dict[str, Any]:
    return {
        "numbers": numbers(),
        "bounds": "113.1,22.95,113.6,23.35",
        "place_name": "示范区",
        "newest": [row(index) for index in (5, 6, 7)],
        "overdue": [row(index) for index in (1, 4, 9)],
        "warnings": [row(3)],
        "asked": {"n": 17, "url": "/cases?queue=asked"},
        **screen_signs.cockpit(),
    }


def operator() -> dict[str, Any]:
    return {
        "channels": [("phone", "热线电话"), ("visit", "来访"), ("letter", "来信")],
        "suggest_url": "/operator/suggest",
        "ringing_url": "/operator/ringing",
        "values": {"channel": "phone"},
        "errors": {},
        "bounds": "113.1,22.95,113.6,23.35",
        "recorded": {"id": 1002, "number": "ZS26112100002", "unit_name": "区水务局", "state_name": "待签收"},
    }


def places() -> list[dict[str, Any]]:
    """Two places that the words may mean, in two streets."""
    spots = (("新港街道港前路", "新港街道", 0.3), ("东风街道港前路", "东风街道", 0.3))
    return [
        {
            "name": name,
            "code": street,
            "place_name": street,
            "confidence": share,
            "why": ["名称相符：港前路"],
            "value": f"113.3{n},23.1,{name}",
        }
        for n, (name, street, share) in enumerate(spots)
    ]


def where() -> dict[str, Any]:
    return {"choices": places(), "chosen": places()[0]["value"]}


def suggest() -> dict[str, Any]:
    whole = case()["case"]
    return {
        "places": places(),
        "choices": places(),
        "chosen": "",
        "doubted": True,
        "located": "几处可能，取共同的区划",
        "elements": [[("道路", "港前路"), ("方位", "路口")]],
        "category_name": whole["category_name"],
        "confidence": 0.42,
        "reasons": whole["reasons"],
        "others": whole["others"],
        "abstained": True,
        "urgency": 2,
        "special": True,
        "place_name": "新港街道 / 港前社区",
        "unit_name": "区水务局",
        "basis": whole["duty"]["basis"],
        "clocks": whole["clocks"],
        "duplicates": [
            {
                "id": 1002,
                "number": "ZS26112100002",
                "text": "港前花园停水",
                "distance": 84,
                "age": "2 小时前",
                "score": 0.81,
                "token": "t1",
                "chosen": True,
                "state": "handling",
                "state_name": "办理中",
                "category_name": "供水 / 二次供水",
                "unit_name": "区水务局",
                "photos": ["/static/screen/mark.svg"],
            }
        ],
    }


def report() -> dict[str, Any]:
    return {"values": {}, "errors": {}, "bounds": "113.1,22.95,113.6,23.35"}


def report_refused() -> dict[str, Any]:
    return report() | {
        "errors": {"text": "请写下发生了什么。", "lat": "纬度应在 -90 到 90 之间。"},
        "values": {"lat": "910"},
    }


def done() -> dict[str, Any]:
    return {
        "number": "ZS26112100002",
        "track_url": "/track",
        "track_address": "http://localhost" + "/track",
        "category_name": "供水 / 二次供水",
        "place_name": "新港街道",
        "unit_name": "区水务局",
        "due_at": NOW + timedelta(days=3),
        "files": 2,
    }


def track() -> dict[str, Any]:
    steps = [(7, "已收到", ""), (7, "已派往承办单位", "区水务局"), (1, "已反馈结果", "水泵已更换，恢复供水。")]
    return {
        "case": row(2) | {"state": "calling", "state_name": "待回访"},
        "steps": [{"at": NOW - timedelta(hours=hours), "name": name, "text": text} for hours, name, text in steps],
        "can_rate": True,
        "can_reopen": True,
        "photos_shown": True,
        "errors": {},
    }


def login() -> dict[str, Any]:
    accounts = [
        ("city", "市指挥中心值班长"),
        ("district", "区呼应指挥中心"),
        ("street", "东湖街道办理岗"),
        ("community", "社区网格员"),
        ("operator", "热线受理员"),
        ("arbiter", "裁定岗"),
    ]
    return {"demo_accounts": accounts, "errors": {"": "账号或密码不正确。"}}


def stuck() -> dict[str, Any]:
    item = row(6) | {
        "case_id": 1006,
        "kind_name": "决策",
        "at": NOW,
        "act_url": "/cases/1006/act",
        "sentence": "责任清单第 88 行的条件读不懂。",
        "traceback": "ValueError: condition '小区 ×'",
    }
    return {"items": [item], "next_cursor": "abc"}


def evaluation_frame() -> dict[str, Any]:
    scope = {"title": "自然月 2026-06-01", "window": "natural_month", "first": NOW, "last": NOW, "cut": "unit"}
    tabs = [{"label": "口径", "url": "/evaluation", "here": True}, {"label": "每月一题", "url": "/evaluation/topics"}]
    cuts, windows = [("unit", "单位"), ("day", "日期")], [("natural_month", "自然月")]
    scope |= {"rules": {"version": "0f1e2d3c4b5a"}, "closed": True}
    return {"scope": scope, "tabs": tabs, "windows": windows, "cuts": cuts, "as_of": NOW}


def evaluation() -> dict[str, Any]:
    cell = {"value": "91.0%", "interval": "80.1%–96.2%", "part": "23", "base": "25", "part_url": "/a", "base_url": "/b"}
    row = {"name": "区水务局", "cells": [cell, None], "scores": {"overall": 0.91}, "counters": {"valid": 25}}
    formulas = [({"numerator": "solved", "denominator": "valid"}, "解决率"), ({"numerator": "satisfied"}, "满意率")]
    return evaluation_frame() | {
        "rows": [row, row | {"scores": {"overall": None}}],
        "whole": row | {"scores": {}},
        "cohorts": [row | {"name": "中心街道"}],
        "formulas": formulas,
        "scores": [("overall", "综合得分")],
        "set": "rates",
        "sets": [("rates", "三率", "/evaluation?set=rates"), ("time", "时限", "/evaluation?set=time")],
        "small": 30,
        "export": "/evaluation/export?by=unit",
    }


def evaluation_list() -> dict[str, Any]:
    cells = [{"text": "20260601-1", "url": "/cases/1"}, {"text": "复查超期", "tone": "danger"}, {"text": "某科长"}]
    listing = {"title": "挂账台账", "columns": ["编号", "复查日期", "责任人"], "rows": [cells], "notes": ["公开。"]}
    return evaluation_frame() | {"listing": listing, "export": "/evaluation/hanging?by=unit"}


def evaluation_cases() -> dict[str, Any]:
    said = {
        "formula_name": "解决率",
        "said": "solved",
        "part": "numerator",
        "key_name": "区水务局",
        "back": "/evaluation",
    }
    return evaluation_frame() | listing() | said


def matters() -> dict[str, Any]:
    part = {
        "unit": "u", "unit_name": "区水务局", "state_name": "待响应", "tone": "warn", "picture": "bell",
        "late_names": ["响应"], "clocks": [{"name": "到场", "due_at": NOW, "overdue": True}], "raised_name": "街道办事处", "metres": 12.4,
        "note": "", "result": "已抽排", "score_name": "4 满意", "word": "处置得力",
        "accountable": [{"measure": "约谈", "by": "某主任"}],
    }  # fmt: skip
    matter = {
        "id": 5, "number": "H20261121-5", "title": "桥下积水", "text": "桥下积水，请派力量", "kind_name": "街镇呼",
        "urgent": True, "state_name": "进行中", "tone": "info", "picture": "dots", "opened_at": NOW, "lon": 113.3,
        "lat": 23.1, "owner_name": "东湖街道", "place_name": "东湖街道", "address": "桥下", "authority": "街乡吹哨",
        "leave": "水退", "on_behalf": "居民", "proof_name": "照片", "cases": [1000], "calls": [4], "parts": [part],
    }  # fmt: skip
    title = {"list": "呼应", "lead": "有呼必应", "new": "发起呼叫", "unit": "被呼单位"}
    field = {"name": "here", "label": "您在哪里", "type": "here"}
    several = {"name": "units", "label": "再呼哪些单位", "type": "several", "options": [("u", "区水务局")]}
    buttons = [{"key": "CallArrived", "kind": "CallArrived", "unit": "", "label": "到场", "fields": [field, several]}]
    step = {"at": NOW, "kind_name": "呼叫", "unit_name": "东湖街道", "text": "一\n二"}
    return {
        "title": title, "base": "/calls", "name": "call", "boxes": [("answer", "要我应的")], "box": "answer",
        "rows": [matter], "next_cursor": 4, "may_begin": True, "matter": matter, "timeline": [step],
        "answers": [{"unit_name": "区水务局", "of": {"unit": "u", "called": 3, "mean": 4.5}}], "unit_name": "区水务局",
        "photos": ["/static/screen/mark.svg"], "buttons": buttons, "act_url": "/calls/5/act", "errors": {},
    }  # fmt: skip


def matter_new() -> dict[str, Any]:
    return matters() | {
        "unnamed": [("街镇呼", "区呼应指挥中心"), ("党呼", "")],
        "kinds": [("street", "街镇呼")], "forms": [("order", "令")], "proofs": [("text", "文字说明")], "chosen": ["u"],
        "places": [("990101001000", "一街")], "units": [("u", "区水务局")], "errors": {"": "缺少必填项"},
        "values": {"place": "990101001000", "lon": 113.3, "lat": 23.1, "cases": 1000, "text": "积水"},
    }  # fmt: skip


CAUSE = {
    "id": 1,
    "number": "B20261122-1",
    "state": "treated",
    "state_name": "治理到位，看复发",
    "tone": "info",
    "picture": "eye",
    "first_name": "道路开挖",
    "second_name": "突发停水",
    "first_whole": "道路 / 道路开挖",
    "second_whole": "供水 / 突发停水",
    "place_name": "示范区",
    "distance": 100.0,
    "lag_name": "1 天",
    "strength": 3.0,
    "p_name": "< 0.0001",
    "q_name": "0.0001",
    "seen": 2,
    "cases": 9,
    "reason": "现场属实",
}
LINK = {
    "first": "a",
    "second": "b",
    "first_name": "道路开挖",
    "second_name": "突发停水",
    "strength": 3.0,
    "distance": 100.0,
    "lag": 24,
    "lag_name": "1 天",
    "pairs": 56,
    "expected": 18.7,
    "p_name": "< 0.0001",
    "q_name": "0.0001",
    "participation": 1.0,
    "median_distance": 12.0,
    "median_lag": 6.0,
}
GRAPH = {
    "nodes": [
        {
            "name": "道路开挖",
            "title": "道路开挖",
            "x": "80.0",
            "y": "60.0",
            "left": "14.0",
            "top": "43.0",
            "chosen": True,
        },
        {
            "name": "突发停水",
            "title": "突发停水",
            "x": "640.0",
            "y": "60.0",
            "left": "574.0",
            "top": "43.0",
            "chosen": True,
        },
    ],
    "edges": [
        {
            "path": "M150 60Q360 30 570 60",
            "label": "×3.0",
            "x": "360.0",
            "y": "45.0",
            "title": "×3.0",
            "chosen": True,
            "wide": "3.1",
        }
    ],
    "width": 720,
    "height": 130,
    "box": (132, 34),
}
RUN = {
    "at": NOW,
    "start": NOW,
    "end": NOW,
    "parameters": {"days": 84, "permutations": 999, "most": 2, "alpha": 0.01},
    "counts": {"events": 1210, "classes": 60},
    "seconds": 4.8,
    "peak_mb": 125.0,
    "short": True,
}


def causes() -> dict[str, Any]:
    alarm = {"id": 7, "category_name": "排水", "place_name": "示范区", "days": 9, "observed": 32, "expected": 16.3}
    alarm |= {"metres": 1831, "p_name": "0.001", "cases": [1], "listed": [row(1)], "lon": 113.3, "lat": 23.1}
    return {
        "state": "",
        "states": [("", "全部"), ("found", "候选，待确认")],
        "causes": [CAUSE],
        "run": RUN,
        "graph": GRAPH,
        "links": [LINK],
        "alarms": [alarm],
    }


def cause() -> dict[str, Any]:
    reason = {"name": "reason", "label": "理由", "type": "textarea", "required": True, "options": []}
    told = {"treated": 2, "matched": 12, "before": 9.0, "after": 1.0, "matched_before": 8.8, "matched_after": 8.1}
    told |= {"expected": 8.2, "change": -7.2, "low": -10.1, "high": -4.3, "days": 28.0}
    effect = {
        "told": told,
        "radius": 150.0,
        "verdict": "减少：区间不含 0",
        "list_name": "治理前的案件",
        "listed": [row(1)],
    }
    place = {"n": 1, "place_name": "一居", "began": NOW, "ended": NOW, "cases": [1, 2], "listed": [row(1)], "more": 1}
    return {
        "cause": CAUSE,
        "run": RUN,
        "link": LINK,
        "explained": ["“道路开挖”之后，100 米、1 天之内出现“突发停水”，是偶然情形的 3.0 倍。"],
        "graph": GRAPH,
        "links": [LINK],
        "places": [place],
        "areas": "[]",
        "bounds": "113.2,23.0,113.4,23.2",
        "timeline": [{"at": NOW, "kind_name": "发现候选病因", "unit_name": "系统", "text": "案件 9 件"}],
        "buttons": [{"kind": "CauseConfirmed", "label": "确认病因", "fields": [reason]}],
        "tasks": [("/directives/new?cause=1", "下达联合任务指令")],
        "task_url": "/directives/3",
        "act_url": "/causes/1/act",
        "effect": effect,
        "errors": {},
    }


_DATA_TABS = [{"label": "办理", "url": "/data", "here": True, "pages": [{"label": "待办与事项", "url": "/data"}]}]
_PROCEEDING = {"id": 1, "number": "B20260601-1", "title": "地址编码", "family": "standard", "family_name": "数据标准"}
_PROCEEDING |= {"state_name": "征求意见中", "tone": "info", "overdue": True, "due_at": NOW, "ended_at": None}
_PROCEEDING |= {"asker_name": "数据局", "provider_names": ["水务局", "住房局"]}
_CONSULT = {"kind": "consult", "label": "征求意见", "clause": "征求意见期满方可发布"}
_CONSULT |= {"fields": [{"name": "until", "label": "截止日期", "type": "date", "required": True, "options": []}]}


def lake() -> dict[str, Any]:
    counts = {"days": 15, "files": 30, "rows": 52_000, "bytes": 1_234_567}
    run = {"at": NOW, "ended_at": NOW, "moved": 3456, "copied": 1200, "erased": 0, "files": 4}
    day = {"day": NOW.date(), "n": 3456, "hot": 0, "cold": 3456, "bytes": 65_000, "files": 2, "erased": 0}
    file = {"table_name": "观测明细", "place_name": "云桥区", "gone_name": "在用", "tone": "ok", "rows": 1728}
    return {
        "tabs": _DATA_TABS,
        "state": {
            **{"hot_days": 7, "keep_days": 1095, "cutoff": NOW.date(), "hot": 24_192, "late": 3, "stale": True},
            **{"copied_until": NOW, "last_run": run},
        },
        "tables": [("观测明细", counts), ("小时汇总", counts), ("账本事实", counts)],
        "days": [day | {"url": "/data/lake?day=2026-11-01#files", "within": False}],
        "day": NOW.date(),
        "files": [
            file | {"bytes": 32_000, "filed_at": NOW, "gone_at": None, "sha256": "0" * 64},
            file | {"bytes": 9, "filed_at": NOW, "gone_at": NOW, "sha256": "1" * 64, "gone_name": "到期销毁"},
        ],
        "may_fill": True,
        "asked": {"cut": "district", "first": NOW.date(), "last": NOW.date(), "grid": "", "place": "", "detail": False},
        "cuts": [("grid", "某日各网格"), ("district", "各区逐小时")],
        "places": [("990101000000", "云桥区")],
        "answer": {"files": 30, "hot": 120},
        "grain_name": "按区按小时的汇总",
        "milliseconds": 42,
        "more": 520,
        "heads": ["区", "小时"],
        "listed": [{"keys": ["云桥区", "11-01 08:00"], "n": 144, "mean": 1.25, "least": 0.1, "most": 27.5}],
        "single": None,
    }


SINGLE = {"at": NOW, "sensor": "W1", "place_name": "一居", "grid": "990101001001-1", "value": 1.25}


def lake_new() -> dict[str, Any]:
    state = lake()["state"] | {"last_run": None, "copied_until": None, "keep_days": 0, "late": 0}
    return lake() | {
        "state": state,
        "days": [],
        "files": [],
        "may_fill": False,
        "answer": None,
        "day": None,
        "single": [SINGLE],
        "capped": True,
    }


def inbox() -> dict[str, Any]:
    return {
        "tabs": _DATA_TABS,
        "boxes": [("", "待我办理", True), ("all", "全部", False)],
        "box": "",
        "families": [("standard", "数据标准")],
        "family": "standard",
        "states": [("consulting", "征求意见中")],
        "asked": {"state": "", "late": True},
        "rows": [_PROCEEDING],
        "next": 1,
        "begin_url": "/data/begin",
        "births": [_CONSULT | {"kind": "standard", "label": "数据标准"}],
    }


def proceeding() -> dict[str, Any]:
    step = {"at": NOW, "name": "起草", "unit_name": "数据局", "said": [("名称", "地址编码")], "due_at": NOW}
    return {
        "tabs": _DATA_TABS,
        "one": _PROCEEDING,
        "said": [("名称", "地址编码")],
        "timeline": [step],
        "buttons": [_CONSULT],
        "act_url": "/data/proceedings/1/act",
        "errors": {"": "须由他人执行"},
    }


_DIMENSIONS = [("accuracy", "准确性"), ("timeliness", "时效性")]
_TREND = {"bars": [{"x": 0, "y": 8, "height": 20, "at": NOW, "total": "94.00%"}], "width": 7}
_SET: dict[str, Any] = {
    "name": "实有人口",
    "url": "/data/quality/population",
    "total": "91.20%",
    "grade": "C",
    "tone": "warn",
}
_SET |= {"at": NOW, "rows": 20_000, "suspended": True, "tickets": 1, "trend": _TREND, "read": True}
_SET["cells"] = [
    {
        "share": "88.00%",
        "low": True,
        "change": "-6.00%",
        "fell": True,
        "url": "/data/quality/population?dimension=accuracy",
    },
    {"share": "", "low": False, "change": "", "fell": False, "url": ""},
]
_FIX = {"kind": "correction", "label": "提出更正", "clause": "改在源头", "fields": []}
_RULE: dict[str, Any] = {
    "code": "identity",
    "name": "校验位",
    "item": "身份号码",
    "first": "id_number",
    "kind": "身份号码校验",
}
_RULE |= {
    "value": "",
    "dimension": "准确性",
    "indicator": "格式合规性",
    "a": "格式正确",
    "b": "检查的值",
    "share": "88.00%",
}
_RULE |= {"low": True, "change": "-6.00%", "checked": 100, "met": 88, "failing": 12, "said": "", "weight": 3.0}
_RULE |= {"rows_url": "/data/quality/population/rows?rule=identity"}


def quality_board() -> dict[str, Any]:
    bars = {"least": 0.9, "offences": 3, "window": 5, "clean": 2}
    unread = _SET | {"cells": [], "grade": "", "suspended": False, "tickets": 0, "trend": {"bars": [], "width": 7}}
    return {"tabs": _DATA_TABS, "dimensions": _DIMENSIONS, "rows": [_SET, unread], "bars": bars}


def quality_dataset() -> dict[str, Any]:
    issue = {"kind": "ticket", "label": "开具质量工单", "clause": "限期整改"}
    issue |= {"fields": [{"name": "text", "label": "内容", "type": "textarea", "required": True, "options": []}]}
    run = {"at": NOW, "rows": 100, "total": "91.20%", "grade": "C", "shares": {"accuracy": 0.88}, "seconds": 0.4}
    fall = {
        "now": "91.20%",
        "before": "94.00%",
        "before_at": NOW,
        "dimension": "准确性",
        "rule": "校验位",
        "item": "id_number",
    }
    fall |= {"share": "88.00%", "share_before": "94.00%", "failing": 12, "rows_url": "/", "places": [("一街", 9)]}
    fall |= {"tickets": [_PROCEEDING]}
    return {
        "tabs": _DATA_TABS,
        "one": _SET,
        "dataset": "population",
        "provider_name": "公安局",
        "dimensions": _DIMENSIONS,
        "dimension": "accuracy",
        "said": "没有这个文件",
        "runs": [run],
        "fall": fall,
        "rules": [
            _RULE | {"ticket": None, "button": issue},
            _RULE | {"code": "b", "ticket": _PROCEEDING, "button": None},
        ],
        "may_run": True,
        "courses": [{"id": 7, "opened_at": NOW, "labelled": 8, "suspects": 3}],
        "errors": {},
    }


def quality_rows() -> dict[str, Any]:
    row = {"id": 3, "key": "k3", "value": "990101****123X", "place": "990101001001", "place_name": "一居"}
    return {
        "tabs": _DATA_TABS,
        "name": "实有人口",
        "dataset": "population",
        "of": "houses",
        "frame": False,
        "rule": _RULE,
        "kept": 12,
        "rows": [row],
        "next": 3,
        "run": 5,
        "places": [("一街", 9)],
        "button": _FIX,
        "begin_url": "/data/begin",
    }


def quality_errors() -> dict[str, Any]:
    suspect = {"key": "k9", "item": "name", "name": "姓名", "value": "N/A", "chance": 0.97, "why": "写法少见"}
    return {
        "tabs": _DATA_TABS,
        "dataset": "population",
        "name": "实有人口",
        "course": 7,
        "labelled": 8,
        "budget": 20,
        "least": 5,
        "sampled": 2000,
        "key": "k1",
        "cells": [{"item": "name", "name": "姓名", "value": "王小"}, {"item": "phone", "name": "电话", "value": ""}],
        "suspects": [suspect | {"instead": "第一区", "by": "街道"}],
        "found": 1,
        "enough": True,
        "button": _FIX,
        "begin_url": "/data/begin",
    }


_NUMBERS = [{"label": "级别偏严", "value": 4, "url": "?finding=over", "note": "3%", "here": True}]
_ASKING = {"kind": "regrade", "label": "提请复核", "clause": "就高从严，但不得偏严", "flow": "U02"}
_ASKING |= {"key": "return-U02", "flow_name": "社保参保核查"}
_ASKING |= {
    "fields": [
        {"name": "subject", "type": "hidden", "value": "dataset:observations"},
        {"name": "items", "label": "信息项", "type": "several", "required": True, "options": [("value", "观测值")]},
    ]
}


def grades() -> dict[str, Any]:
    row = {"item": "value", "name": "观测值", "declared": "一般 4 级", "share": ("不予共享", "danger"), "cost": 2}
    row |= {"clause": "部门内部规定", "derived": "一般 1 级", "derived_share": "无条件共享", "masked": "一般 1 级"}
    row |= {"finding": ("偏严", "danger"), "sharing": ("偏严", "danger")}
    row |= {"reasons": [{"rule": "G12", "name": "公开后无危害", "grade": "一般 1 级", "clause": "GB/T 43697"}]}
    return {
        "tabs": _DATA_TABS,
        "numbers": _NUMBERS,
        "findings": [("over", "偏严")],
        "finding": "over",
        "dataset": "observations",
        "datasets": [("observations", "物联感知")],
        "sets": [
            {"code": "observations", "name": "物联感知", "provider": "水务局", "rows": [row], "button": _ASKING},
            {"code": "secret", "name": "涉密册", "provider": "水务局", "button": None}
            | {"rows": [row | {"clause": "", "reasons": [], "masked": ""}]},
        ],
        "measures": [{"name": "姓名：留姓", "grade": "一般 2 级"}],
        "changed": [
            {"name": "物联感知 · 时间", "proceeding": 1, "grade_name": "一般 1 级", "share_name": "无条件共享"}
            | {"reason": "裁定"}
        ],
        "act_url": "/data/begin",
    }


def data_sharing() -> dict[str, Any]:
    grant = {"id": 1, "dataset": "people", "dataset_name": "实有人口", "provider_name": "公安局", "unit_name": "街道"}
    grant |= {
        "items": [("name", "部分隐去"), ("phone", "原文")],
        "purpose": "低保核对",
        "until": NOW,
        "state": "active",
    }
    grant |= {"state_name": "使用中", "address": "/api/data/shared/1"}
    used = {"dataset": "people", "dataset_name": "实有人口", "unit": "a", "unit_name": "街道", "pages": 2, "rows": 9}
    fields = [{"name": "failure", "label": "原因", "type": "radio", "required": True, "options": [("quality", "差")]}]
    return {
        "tabs": _DATA_TABS,
        "numbers": _NUMBERS,
        "datasets": [("people", "实有人口")],
        "dataset": "people",
        "opened": {
            "name": "实有人口",
            "provider": "公安局",
            "landed": {"rows": 9, "landed_at": NOW},
            "secret": True,
            "items": [
                {"item": "name", "name": "姓名", "grade": "一般 2 级", "share": ("有条件共享", "info"), "clause": ""}
            ],
            "buttons": [_ASKING | {"kind": "sharing"}],
            "failure": {"kind": "tell", "label": "说明用不成的原因", "fields": fields},
        },
        "own": [grant],
        "provided": [grant],
        "account": [used | {"bytes": 2048, "failed": 1}, used | {"bytes": 0, "failed": 0}],
        "fulfilment": [{"name": "公安局", "asked": 3, "granted": 1, "refused": 1, "open": 1, "late": 1, "share": 0.5}],
        "unused": [grant],
        "days": 90,
        "begin_url": "/data/begin",
    }


_FLOWED = {"flow": "U02", "flow_name": "社保参保核查", "unit_name": "人社局", "dataset_name": "社保参保", "how": "整表"}
_RETURNED: dict[str, Any] = {
    "came": _FLOWED | {"place_name": "一居", "period": NOW, "rows": 9, "at": NOW, "late": 3},
    "missed": _FLOWED | {"place_name": "一居", "period": NOW, "due_at": NOW, "at": None, "late": 3},
    "broken": _FLOWED | {"place_name": "一街", "since": NOW, "missed": 20, "due": 20, "chance": "< 0.0001"},
    "up_only": _FLOWED | {"item": "guardian", "places": 12},
    "in_only": {"unit_name": "民政局", "sets": ["低保"], "flows": [_FLOWED]},
    "units": {"name": "人社局", "reported": 9, "returned": 3, "share": 1 / 3},
}


def data_returns(name: str) -> dict[str, Any]:
    return {
        "tabs": _DATA_TABS,
        "numbers": _NUMBERS,
        "list": name,
        "came": 1,
        "rows": [_RETURNED[name]],
        "asks": [_ASKING],
        "takes": [_FLOWED],
        "since": NOW,
        "act_url": "/data/begin",
        "pair": "D02|state",
        "items": [("D02|state", "社保参保 · state")],
        "counts": {
            "item": "state",
            "values": ["在保", ""],
            "rows": [{"place": "一居", "counts": [12, None], "total": None}],
            "totals": [12, None],
            "k": 10,
        },
    }


def data_audit() -> dict[str, Any]:
    told = {"name": "用途未获授权", "kind": "不敢用", "step": "按新用途另行申请", "page": ""}
    row = {"at": NOW, "dataset_name": "实有人口", "grant": 1, "unit_name": "街道", "post": "a-b", "purpose": "低保核对"}
    row |= {"form_name": "整表", "rows": 9, "personal": True, "note": "", "told": {}, "step_url": ""}
    return {
        "tabs": _DATA_TABS,
        "asked": {"dataset": "people", "purpose": "", "diagnosis": "dare_not", "failed": True},
        "datasets": [("people", "实有人口")],
        "kinds": [("dare_not", "不敢用")],
        "rows": [row, row | {"told": told, "note": "营销", "step_url": "/data/sharing"}],
        "next_cursor": 5,
        "may_verify": True,
        "verified": True,
        "broken": [{"use": 5, "dataset_name": "实有人口", "logged": 8, "read": 9, "sentence": "日志行缺失"}],
    }


def proactive() -> dict[str, Any]:
    row = {"name": "积水", "counts": [(2, "/proactive?list=warned"), (0, "")], "hits": 0.5, "lead": "2 小时"}
    sample = {"first": NOW, "last": NOW, "cases": 9, "share": 0.2, "heads": ["预警成案", "属实"], "rows": [row]}
    return sample | {"listed": listing()["cases"], "list_name": "属实", "window": 14}


def rota() -> dict[str, Any]:
    post = {
        "code": "p2",
        "title": "东湖街道 值班负责岗",
        "title_en": "Donghu duty chief",
        "holders": ["林晓"],
        "substitutes": [],
    }
    line = {
        "id": 1,
        "title": "东湖街道 值班负责岗",
        "person": "梁敏",
        "starts_at": NOW,
        "ends_at": NOW + timedelta(days=3),
    }
    lines = [
        line | {"reason": "出差", "approved_by": "何主任", "state": state} for state in ("now", "coming", "over", "off")
    ]
    vacant = post | {"holders": [], "substitutes": ["梁敏"]}
    people = [("liang", "梁敏")]
    return {
        "q": "",
        "manned": [post, vacant],
        "more": True,
        "chosen": post,
        "people": people,
        "lines": lines,
        "errors": {},
    }


POWERS_TABS = [
    {"label": "权力清单", "url": "/powers", "here": True},
    {"label": "权小责大", "url": "/powers?tab=burdens", "here": False},
]


def powers() -> dict[str, Any]:
    cells = ["", "", "示范：市级评价全部事项", ""]
    row = {"item": "*", "name": "全部事项", "level_name": "市级", "place_name": "", "cells": cells}
    uses = [("召集", "发起呼叫", "/calls/new", "发起呼叫")]
    heads = ["行使", "召集", "评价", "否决"]
    return {"tab": "matrix", "tabs": POWERS_TABS, "q": "井盖", "heads": heads, "rows": [row], "uses": uses}


def burdens() -> dict[str, Any]:
    count = ("3", "/powers?tab=burdens&list=listed")
    row = {
        "code": "440101001",
        "name": "东湖街道",
        "index": 1.5,
        "duties": 3,
        "granted": 2,
        "counts": [count, ("0", "")],
    }
    opened = {
        "title": "东湖街道 · 清单责任",
        "classes": [{"name": "市政设施 / 道路 / 井盖", "count": 2, "url": "/powers?tab=burdens&category=0101"}],
        "cases": listing()["cases"],
    }
    return {
        "tab": "burdens",
        "tabs": POWERS_TABS,
        "days": 30,
        "heads": ["清单责任", "行使"],
        "rows": [row],
        "opened": opened,
    }


def precedents() -> dict[str, Any]:
    row = {
        "id": 1,
        "case": 1000,
        "number": "20261122-1",
        "category_name": "市政设施 / 道路 / 井盖",
        "place_name": "东湖街道",
        "wrong": "",
        "host_name": "区水务局",
        "clause": "清单 3.2",
        "reason": "就近处置",
        "at": NOW,
    }
    return {"tab": "precedents", "tabs": POWERS_TABS, "rows": [row], "may_withdraw": True, "errors": {}}


def issue_row() -> dict[str, Any]:
    return {
        "id": 7,
        "url": "/issues/7",
        "number": "R20261122-7",
        "title": TITLES[0][0],
        "state_name": "热点",
        "tone": "danger",
        "picture": "flag",
        "trend_name": "上升",
        "trend_tone": "warn",
        "heat": 41.5,
        "peak": 44.0,
        "people": 17,
        "reports": 23,
        "cases": 20,
        "parts": {"reports": 12.5, "reporters": 10.25, "growth": 0.5},
        "first_at": NOW - timedelta(days=9),
        "last_at": NOW,
        "place_name": "东湖街道",
        "places": [("湖东社区", 14), ("湖西社区", 6)],
        "classes": [(TITLES[0][1], 20)],
        "spark": drawing.bars([["2026-11-20", 3], ["2026-11-21", 0], ["2026-11-22", 12]]),
        "turn": {"taken_at": NOW, "known_at": NOW},
        "alarm": True,
        "silent": True,
        "part": True,
    }


def issues() -> dict[str, Any]:
    limit = {"name": "热点：热度不低于", "value": "20", "basis": "default"}
    return {
        "rows": [issue_row()],
        "tabs": [{"label": "热点", "url": "/issues?box=hot", "here": True}],
        "alarm": 2,
        "alarm_url": "/issues?box=ignored",
        "next_cursor": "41.5:7",
        "looks": [{"place_name": "东湖区", "looked_at": NOW, "cases": 300, "left_out": 4}],
        "limits": [limit],
        "days": 28,
        "ignored_days": "3",
    }


def issue() -> dict[str, Any]:
    reason = {"name": "reason", "label": "理由", "type": "textarea", "required": True, "options": []}
    points = [{"id": n, "lon": 113.3 + n / 1000, "lat": 23.1, "closed": n == 2} for n in range(3)]
    turn = {"at": NOW, "name": "转为任务", "by": "district-post", "text": "已派", "url": "/calls/5", "link": "打开任务"}
    return issues() | {
        "issue": issue_row(),
        "turns": [turn],
        "phrases": [("夜间施工", "问题", 0.8)],
        "cases": [row(index) for index in range(4)],
        "next_cursor": 1000,
        "plot": drawing.plot(points),
        "at": "113.300000,23.100000",
        "begins": [("/calls/new?issue=7", "发起呼叫")],
        "acts": [{"kind": "IssueKnown", "label": "标为已知", "fields": [reason]}],
        "act_url": "/issues/7/act",
        "typical_url": "/cases/1000",
        "merged_from": "R20261101-3",
        "errors": {},
    }


def judgement() -> dict[str, Any]:
    judged = {
        "id": 501,
        "case": 1000,
        "number": "20261122-1000",
        "title": TITLES[0][0],
        "at": NOW,
        "state_name": "待签收",
        "model": "demo-1",
        "merged_in": False,
        "score": None,
        "category_name": TITLES[0][1],
        "confidence": 0.87,
        "reasons": [("打桩", 1.2)],
        "others": [("社会生活噪声", 0.1)],
        "similar": [990],
        "located_name": "坐标",
        "place_name": "东湖街道",
        "urgency": 2,
        "needs": ["有卧床老人"],
        "outcome_name": "机器自判",
        "tone": "ok",
        "picture": "spark",
        "corrected": True,
        "person_name": TITLES[1][1],
        "person_post": "city-operator",
        "person_at": NOW,
        "split": False,
        "other": 999,
        "settled": "",
        "act_url": "/cases/1000/act",
        "may_correct": True,
        "may_split": False,
        "may_settle": True,
    }
    merged = judged | {"id": 502, "merged_in": True, "score": 0.93, "split": True, "may_split": True, "reasons": []}
    band = {"name": "80%–90%", "url": "/judgement?band=4", "mean": 0.86, "judged": 40, "kept": 38, "share": 0.95}
    band |= {"interval": "84%–99%", "looked": 3, "agreed": 1, "right": 0.33, "x": 8, "height": 95, "level": 14}
    return {
        "day": NOW.date(),
        "filters": {"show": "all"},
        "counts": [{"key": "all", "label": "已研判", "n": 120, "url": "/judgement?show=all", "here": True}],
        "rows": [judged, merged],
        "next_cursor": "2026-11-22T01:00:00+00:00~501",
        "bands": [band, band | {"judged": 0, "share": None, "right": None, "mean": None}],
        "turns": [{"judged": TITLES[0][1], "person": TITLES[1][1], "n": 2, "url": "/judgement?from=a&to=b"}],
        "turns_more": 3,
        "model_now": "demo-1",
        "options": {"categories": [], "places": [], "models": [("demo-1", "demo-1（120）")], "bands": [(0, "0%–50%")]},
        "categories": [TITLES[0][1]],
        "back": "/judgement",
        "turned": ["噪声", "井盖"],
        "base": "/judgement?day=2026-11-22",
    }


def jumped() -> dict[str, Any]:
    found = [
        {"label": "驾驶舱", "url": "/cockpit", "under": "指挥"},
        {"label": "数据源", "url": "/data/sources", "under": ""},
    ]
    return {"found": found, "q": "jsc", "search_url": "/cases?q=jsc"}


SAMPLES: dict[str, tuple[str, Callable[[], dict[str, Any]]]] = {
    "report": ("resident/report.html", report),
    "report-refused": ("resident/report.html", report_refused),
    "done": ("resident/done.html", done),
    "done-near": ("resident/done.html", lambda: done() | {"near": near()}),
    "done-joined": ("resident/done.html", lambda: done() | {"joined": True, "error": "那件事刚刚办结。"}),
    "go": ("desk/go.html", jumped),
    "jump-list": ("parts/jump_list.html", jumped),
    "design": ("desk/design.html", designing.context),
    "near": ("parts/near.html", lambda: {"near": near(), "none_of_them": False}),
    "reply-advice": ("parts/reply_advice.html", lambda: {"found": scored(), "despite": "已面谈"}),
    "reply-held": ("desk/reply_held.html", reply_held),
    "replies": ("desk/replies.html", replies),
    "replies-empty": ("desk/replies.html", lambda: replies() | {"rows": [], "tallies": [], "next_cursor": ""}),
    "track": ("resident/track.html", track),
    "find": ("resident/find.html", lambda: {"errors": {"link": "没有找到。"}, "link": "5:abc"}),
    "login": ("account/login.html", login),
    "list": ("desk/list.html", listing),
    "list-empty": ("desk/list.html", lambda: listing() | {"cases": [], "next_cursor": ""}),
    "rows": ("desk/rows.html", listing),
    "tabs": ("parts/desk_tabs.html", lambda: listing() | {"counted": True}),
    "bulk": ("desk/bulk_result.html", screen_desks.result),
    "bulk-lacks": ("desk/bulk_lacks.html", lambda: {"kind_name": "督办"}),
    "bulk-going": ("desk/bulk.html", screen_desks.going),
    "case": ("desk/case.html", case),
    "case-undecided": (
        "desk/case.html",
        lambda: (
            case()
            | {
                "buttons": [],
                "panel": {},
                "requests": [],
                "case": case()["case"] | {"duty": None, "clocks": [], "lon": None},
            }
        ),
    ),
    "operator": ("desk/operator.html", operator),
    "suggest": ("desk/suggest.html", suggest),
    "ringing": ("parts/ringing.html", lambda: screen_desks.ringing(row)),
    "where": ("resident/where.html", where),
    "evaluation": ("desk/evaluation.html", evaluation),
    "evaluation-empty": ("desk/evaluation.html", lambda: evaluation() | {"rows": [], "whole": None}),
    "evaluation-list": ("desk/evaluation_list.html", evaluation_list),
    "evaluation-cases": ("desk/evaluation_cases.html", evaluation_cases),
    "cockpit": ("desk/cockpit.html", cockpit),
    "beside": ("parts/beside.html", cockpit),
    "cockpit-wall": ("desk/cockpit.html", lambda: cockpit() | {"wall": True, "signs": []}),
    "arbitration": ("desk/arbitration.html", listing),
    "stuck": ("desk/stuck.html", stuck),
    "duty": ("desk/duty.html", lambda: screen_desks.duty(matters()["rows"][0]["parts"][0])),
    "calls": ("desk/matters.html", matters),
    "calls-empty": ("desk/matters.html", lambda: matters() | {"rows": [], "next_cursor": ""}),
    "call": ("desk/matter.html", matters),
    "directive": ("desk/matter.html", lambda: matters() | {"name": "directive", "buttons": []}),
    "call-new": ("desk/matter_new.html", matter_new),
    "directive-new": ("desk/matter_new.html", lambda: matter_new() | {"name": "directive"}),
    "proactive": ("desk/proactive.html", proactive),
    "issues": ("desk/issues.html", issues),
    "issues-empty": ("desk/issues.html", lambda: issues() | {"rows": [], "next_cursor": "", "alarm": 0}),
    "issue": ("desk/issue.html", issue),
    "issue-new": ("desk/issue.html", lambda: issue() | {"turns": [], "plot": None, "acts": [], "begins": []}),
    "judgement": ("desk/judgement.html", judgement),
    "judgement-empty": ("desk/judgement.html", lambda: judgement() | {"rows": [], "turns": [], "turned": None}),
    "data": ("data/inbox.html", inbox),
    "data-empty": ("data/inbox.html", lambda: inbox() | {"rows": [], "births": [], "next": None}),
    "proceeding": ("data/proceeding.html", proceeding),
    "quality": ("data/quality.html", quality_board),
    "quality-empty": ("data/quality.html", lambda: quality_board() | {"rows": []}),
    "quality-dataset": ("data/quality_dataset.html", quality_dataset),
    "quality-rows": ("data/quality_rows.html", quality_rows),
    "quality-rows-frame": ("data/quality_rows.html", lambda: quality_rows() | {"frame": True, "next": None}),
    "quality-errors": ("data/quality_errors.html", quality_errors),
    "quality-errors-new": ("data/quality_errors.html", lambda: quality_errors() | {"suspects": [], "enough": False}),
    "lake": ("data/lake.html", lake),
    "lake-new": ("data/lake.html", lake_new),
    **screen_catalogue.SAMPLES,
    **screen_collecting.SAMPLES,
    **screen_community.SAMPLES,
    **screen_data.SAMPLES,
    **screen_registers.SAMPLES,
    **screen_signs.samples(lambda: [row(index) for index in (1, 2, 4)]),
    **screen_audit.samples(lambda: [row(index) for index in (1, 2)]),
    "grades": ("data/grades.html", grades),
    "grades-empty": ("data/grades.html", lambda: grades() | {"sets": [], "changed": []}),
    "sharing": ("data/sharing.html", data_sharing),
    "sharing-empty": (
        "data/sharing.html",
        lambda: (
            data_sharing()
            | {name: [] for name in ("own", "provided", "account", "fulfilment", "unused")}
            | {"opened": None, "dataset": ""}
        ),
    ),
    **{f"returns-{name}": ("data/returns.html", partial(data_returns, name)) for name in _RETURNED},
    "returns-none": ("data/returns.html", lambda: data_returns("missed") | {"rows": [], "asks": [], "counts": None}),
    "audit": ("data/audit.html", data_audit),
    "audit-fine": ("data/audit.html", lambda: data_audit() | {"broken": [], "rows": [], "next_cursor": ""}),
    "causes": ("desk/causes.html", causes),
    "cause": ("desk/cause.html", cause),
    "rota": ("desk/rota.html", rota),
    "rota-empty": ("desk/rota.html", lambda: rota() | {"lines": [], "chosen": None, "more": False}),
    "models": ("desk/models.html", screen_models.models),
    "models-empty": ("desk/models.html", lambda: screen_models.models() | {"deployments": [], "versions": []}),
    "model": ("desk/model.html", lambda: screen_models.model(row(1))),
    "model-new": ("desk/model.html", screen_models.model_new),
    "case-summary": ("desk/case.html", lambda: case() | {"summary": screen_models.DRAFTED}),
    "powers": ("desk/powers.html", powers),
    "powers-empty": ("desk/powers.html", lambda: powers() | {"rows": []}),
    "burdens": ("desk/powers.html", burdens),
    "precedents": ("desk/powers.html", precedents),
    "precedents-empty": ("desk/powers.html", lambda: precedents() | {"rows": []}),
    "error": ("error.html", lambda: {"status": 503, "sentence": "系统暂时不能登记，请稍后再试，您填写的内容仍在。"}),
}
"""Name -> template and context."""

PUBLIC = {"report", "report-refused", "done", "done-near", "done-joined", "near", "track", "find", "login", "error"}
PUBLIC |= screen_community.PUBLIC
PARTIAL = {
    "ringing",
    "tabs",
    "rows",
    "jump-list",
    "bulk",
    "bulk-lacks",
    "suggest",
    "where",
    "beside",
    "near",
    "reply-advice",
    "gate",
}
PARTIAL |= {"map-table"}
