"""Sample contexts of the pages of elements, forms and filling."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

NOW = datetime(2026, 6, 1, 4, tzinfo=UTC)
_PAGES = [{"label": "填报", "url": "/data/fill", "here": False}, {"label": "表单", "url": "/data/forms", "here": True}]
TABS = [{"label": "采集", "url": "/data/fill", "here": True, "pages": _PAGES}]
ELEMENT = {
    "code": "phone",
    "name": "联系电话",
    "definition": "能联系到本人的电话号码",
    "type_name": "电话",
    "subject_name": "人员",
}
ELEMENT |= {
    "cycle_name": "每半年",
    "grade_name": "3 级",
    "source": "population",
    "unit_name": "公安局",
    "personal": True,
}
ELEMENT |= {
    "sensitive": True,
    "seconds": 10.0,
    "codes": "sex",
    "forms": 9,
    "meant": "identity",
    "meant_name": "公民身份号码",
}
FORM = {
    "code": "F01",
    "name": "困难群众摸底表",
    "asker_name": "民政局",
    "subject_name": "人员",
    "cycle_name": "每月",
    "fields": 11,
}
FORM |= {
    "minutes": 5.6,
    "basis": "社会救助暂行办法",
    "until": date(2026, 12, 31),
    "asked": True,
    "state": "在用",
    "tone": "info",
}
FORM |= {"into": "", "advice": "合并", "into_advised": "F02", "why": "与其他表重复", "picked": True}
FORM |= {"choices": [("merged>F02", "并入 实有人口信息登记表", True), ("stopped", "停用", False)]}
NAMES = [("F01", "困难群众摸底表"), ("F02", "实有人口信息登记表")]


def elements() -> dict[str, Any]:
    half = {"code": "phone", "name": "联系电话", "definition": "能联系到本人的电话号码", "forms": 9}
    parts = {"name": 0.2, "definition": 0.6, "codes": 1.0, "company": 0.7}
    return {
        "tabs": TABS,
        "asked": {"q": "电话", "subject": "person", "source": "with"},
        "subjects": [("person", "人员", True), ("house", "房屋", False)],
        "found": 2,
        "narrowed": True,
        "groups": [
            ("person", "人员", [ELEMENT, ELEMENT | {"meant": "", "source": "", "sensitive": False, "forms": 0}])
        ],
        "contents": [("doubtful", "疑似同义", 1), ("subject-person", "人员", 2)],
        "total": 142,
        "orphans": 30,
        "joined": 2,
        "doubtful": [
            {"key": "phone|mobile", "score": 0.6, "halves": [half, half | {"code": "mobile"}], "parts": parts}
        ],
        "may_settle": True,
        "settle_url": "/data/elements/settle",
    }


def element() -> dict[str, Any]:
    said = {"id": 7, "pair": ["phone", "mobile"], "verdict": "joined", "reason": "同一号码"}
    return {
        "tabs": TABS,
        "one": ELEMENT,
        "values": {"1": "男", "2": "女"},
        "held": [("population", "phone", "联系电话", "实有人口")],
        "forms": NAMES,
        "alike": [("mobile", "手机号码", NAMES[:1])],
        "verdicts": [said],
    }


def forms() -> dict[str, Any]:
    effect = {"before": 71.9, "after": 52.0, "saved": 19.9, "hours": 330.0, "share": 0.28, "moved": 2}
    effect |= {"lost": [("resident_home", "现居住地址", True), ("wish", "本人诉求", False)]}
    effect |= {"forms": [("F01", "困难群众摸底表", "合并", "实有人口信息登记表")], "picks": [("F01", "merged>F02")]}
    group = {
        "forms": NAMES,
        "lead": "F02",
        "askers": 2,
        "shared": [("phone", "联系电话")],
        "minutes": 55.2,
        "spared": 43.6,
    }
    group |= {"picks": [("F01", "merged>F02")]}
    duplicate = {"subject": "人员", "element": "phone", "name": "联系电话", "forms": NAMES}
    number = {"label": "在用表单", "value": 29, "unit": "张", "url": "#inventory"}
    return {
        "tabs": TABS,
        "scope": {"grid": "", "households": 388.2, "workers": 1900},
        "numbers": [number, number | {"label": "预填率", "value": "63%", "unit": "", "url": "/data/forms?list=fills"}],
        "groups": [group],
        "rows": [
            FORM,
            FORM | {"code": "F30", "asked": False, "choices": [], "minutes": None, "into": "F02", "until": None},
        ],
        "effect": effect,
        "may_decide": True,
        "reason": "重复",
        "opened": {"kind": "duplicates", "title": "同一对象、同一数据元被多张表要求", "rows": [duplicate]},
        "errors": {"": "请先勾选表单"},
    }


def forms_plain() -> dict[str, Any]:
    fill = {"form": "F01", "form_name": "困难群众摸底表", "place": "440104001001", "shown": 11, "filled": 9, "asked": 2}
    fill |= {"changed": 1, "seconds": 25.0, "bare": 94.0, "at": NOW}
    scope = {"grid": "440104001001001", "households": 400.0, "workers": 1}
    opened = {"kind": "fills", "title": "近 30 天的填报", "rows": [fill]}
    return forms() | {"scope": scope, "effect": None, "groups": [], "opened": opened, "may_decide": False, "errors": {}}


def form() -> dict[str, Any]:
    field = {"field": "01", "name": "联系电话", "element": "phone", "element_name": "联系电话", "seconds": 10.0}
    field |= {"source": "population", "unit_name": "公安局", "others": NAMES, "account": "住户信息采集表"}
    button = {"kind": "review", "label": "提请清理", "clause": "基层表单只减不增"}
    button |= {"fields": [{"name": "reason", "label": "理由", "type": "textarea", "required": False, "options": []}]}
    return {
        "tabs": TABS,
        "one": FORM | {"return_promise": "按季返还社区"},
        "level_name": "社区",
        "per_hundred": 18.0,
        "fields": [field, field | {"source": "", "others": [], "account": ""}],
        "pairs": [{"code": "F02", "name": "实有人口信息登记表", "share": 0.75, "shared": ["姓名", "联系电话"]}],
        "turn": {"id": 3, "at": NOW, "given": {"reason": "有依据"}},
        "review": {"id": 4},
        "buttons": [button],
        "act_url": "/data/forms/F01/review",
        "errors": {"": "这张表单已在审议中"},
    }


REFUSED = {
    "code": "phone",
    "name": "联系电话",
    "why": "数源可共享",
    "where": "population",
    "form": "",
    "unit_name": "公安局",
}


def workshop() -> dict[str, Any]:
    answer = {"open": True, "faults": [], "allowed": [("marriage", "婚姻状况")], "minutes": 0.4, "spared": 2.0}
    answer |= {"refused": [REFUSED, REFUSED | {"form": "F11", "where": "独居老人走访记录", "why": "已有表单采集"}]}
    choices = [("person", "人员", True), ("house", "房屋", False)]
    names = ("title", "about", "cycle", "level", "per_hundred", "basis", "until", "return_promise")
    return {
        "tabs": TABS,
        "values": dict.fromkeys(names, "") | {"about": "person", "per_hundred": "10", "cycle": "month"},
        "subjects": choices,
        "cycles": [("month", "每月", False)],
        "levels": [("community", "社区", False)],
        "elements": [{"code": "marriage", "name": "婚姻状况", "hint": "登记的婚姻状况", "picked": True}],
        "answer": answer,
        "errors": {"": "不予受理：没有法律法规依据"},
    }


def gate() -> dict[str, Any]:
    return {"answer": workshop()["answer"] | {"open": False, "faults": ["没有退出日期"]}}


def fill() -> dict[str, Any]:
    row = {
        "code": "F01",
        "name": "困难群众摸底表",
        "asker_name": "民政局",
        "subject_name": "人员",
        "cycle_name": "每月",
    }
    row |= {"today": 3, "fields": 11, "can": True}
    return {
        "tabs": TABS,
        "rows": [row, row | {"can": False, "today": 0, "course": {"code": "safety", "name": "企业安全生产检查"}}],
    }


def fill_subjects() -> dict[str, Any]:
    row = {"name": "王**", "note": "110***********1237", "url": "/data/fill/F01/person/1", "last": NOW, "done": True}
    return {
        "tabs": TABS,
        "form": {"code": "F01", "name": "困难群众摸底表", "cycle_name": "每月"},
        "asked": True,
        "place": "",
        "rows": [row, row | {"done": False}, row | {"done": False, "last": None}],
        "next": "440104001001001~12345",
    }


def fill_form() -> dict[str, Any]:
    sex = {
        "code": "sex",
        "name": "性别",
        "definition": "自然人的生理性别",
        "input": "select",
        "options": [("1", "男"), ("2", "女")],
    }
    sex |= {
        "asked": True,
        "old": False,
        "value": "",
        "said": "",
        "kind": "",
        "tone": "",
        "source": "",
        "age": "",
        "locked": False,
    }
    phone = sex | {
        "code": "phone",
        "name": "联系电话",
        "input": "tel",
        "options": [],
        "value": "13800001111",
        "said": "13800001111",
    }
    phone |= {"kind": "数源", "tone": "ok", "source": "population", "age": "12 天前", "asked": False, "locked": True}
    entry = phone | {
        "code": "health",
        "name": "健康状况",
        "locked": False,
        "kind": "基层填写",
        "tone": "",
        "source": "F10",
    }
    return {
        "tabs": TABS,
        "form": {"code": "F01", "name": "困难群众摸底表"},
        "to_ask": [sex, entry | {"code": "wish", "old": True}],
        "there": [phone, entry, phone | {"code": "nation", "input": "select", "options": sex["options"]}],
        "seconds": 12,
        "spared": 82,
        "basis": "社会救助暂行办法",
        "asker_name": "民政局",
        "url": "/data/fill/F01/person/1",
        "errors": {"": "请填写：性别"},
    }


SAMPLES: dict[str, tuple[str, Any]] = {
    "elements": ("data/elements.html", elements),
    "elements-empty": ("data/elements.html", lambda: elements() | {"groups": [], "doubtful": [], "found": 0}),
    "element": ("data/element.html", element),
    "forms": ("data/forms.html", forms),
    "forms-plain": ("data/forms.html", forms_plain),
    "form": ("data/form.html", form),
    "workshop": ("data/workshop.html", workshop),
    "gate": ("data/gate.html", gate),
    "fill": ("data/fill.html", fill),
    "fill-subjects": ("data/fill_subjects.html", fill_subjects),
    "fill-subjects-empty": ("data/fill_subjects.html", lambda: fill_subjects() | {"rows": [], "asked": False}),
    "fill-form": ("data/fill_form.html", fill_form),
    "fill-form-known": ("data/fill_form.html", lambda: fill_form() | {"to_ask": [], "errors": {}}),
}
