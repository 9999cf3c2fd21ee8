"""Made-up contexts for the pages of the catalogue, in the shapes that the views give."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

NOW = datetime(2026, 6, 1, 4, 0, tzinfo=UTC)
_PAGES = [
    {"label": "目录", "url": "/data/catalogue", "here": True},
    {"label": "缺口", "url": "/data/gaps", "here": False},
]
TABS = [{"label": "目录与标准", "url": "/data/catalogue", "here": True, "pages": _PAGES}]
ROW: dict[str, Any] = {
    "dataset": "permits",
    "name": "施工许可",
    "number": "3-02-001-01/000017",
    "kind_name": "部门资源",
}
ROW |= {
    "provider_name": "住房和城乡建设局",
    "cycle_name": "每日",
    "rows": 57,
    "newest": NOW,
    "fresh_name": "逾期未更新",
}
ROW |= {"tone": "danger", "late": True, "behind": 12, "items": 10, "shares": [("无条件共享", 9), ("有条件共享", 1)]}
ROW |= {"named": ["工程名称"]}
ITEM: dict[str, Any] = {"item": "phone", "name": "负责人电话", "element": "phone", "type": "phone", "key": True}
ITEM |= {"share_name": "有条件共享", "share_tone": "info", "condition": "限履职", "clause": "某法第一条", "open": True}
ITEM |= {"grade_name": "3 级", "basis": "示范", "truth": True, "meaning_name": "联系电话", "subject_name": "人"}
ITEM |= {"meaning": {"codes": "phones", "sensitive": False, "personal": True}}
ASK: dict[str, Any] = {"kind": "requisition", "label": "请求归集", "clause": "依职责"}
ASK |= {"fields": [{"name": "subject", "label": "", "type": "hidden", "value": "dataset:permits"}]}
SOURCE = {
    "source": "permits",
    "kind": "file",
    "connected": True,
    "location": "permits.csv",
    "mode": "full",
    "schedule": "0 3 * * *",
    "dataset": "permits",
}
SOURCE |= {"watermark": "updated"}
RUN: dict[str, Any] = {"id": 7, "at": NOW, "ok": False, "sentence": "没有可用的行", "read": 9, "added": 1, "changed": 2}
RUN |= {"same": 3, "rejected": 3, "seconds": 0.2, "mark": "2026-05-30", "rejects": "permits-7.csv"}
LIFE = {"one": {"standard": "base", "number": "CS-1", "basis": "示范"}, "name": "建设标准", "scope_name": "数据结构"}
LIFE |= {"issuer_name": "数据局", "life": {"id": 3}, "state_name": "已生效", "tone": "ok"}
CHECK: dict[str, Any] = {"id": 9, "file": "送件.csv", "dataset_name": "施工许可", "unit_name": "住建局", "at": NOW}
CHECK |= {"place_name": "越秀区", "rows": 57, "passed": False, "findings": [{}]}
RULE = {"clause": "5.3 类型", "rule": "base-1", "items": ["updated"], "value": "date", "must": True}
NODE = {"kind_name": "指标口径", "name": "解决率", "code": "solve", "url": "/data/lineage?node=formula%3Asolve"}


def catalogue() -> dict[str, Any]:
    asked = {"kind": "basic", "provider": "u", "share": "1", "element": "phone"}
    lists = {"kinds": [("basic", "基础资源")], "shares": [("1", "无条件共享")], "providers": [("u", "住建局")]}
    return {
        "tabs": TABS,
        "q": "许可",
        "asked": asked,
        "late": True,
        "rows": [ROW],
        "late_count": 1,
        "total": 20,
    } | lists


def dataset() -> dict[str, Any]:
    one = {"dataset": "permits", "lead": True, "summary": "施工许可", "secret": "none", "published": NOW}
    one |= {"retention_days": 3650, "basis": "某法", "stored": "source:permits"}
    told = {
        "row": ROW,
        "items": [ITEM],
        "places": [("越秀区", {"rows": 57})],
        "sources": [(SOURCE, RUN), (SOURCE, None)],
    }
    told |= {"disputes": [{"id": 4, "number": "Z1", "state_name": "待裁定", "tone": "warn"}]}
    told |= {"related": [("addresses", "标准地址")], "sample": {"heads": ("电话",), "rows": (("139**",),), "why": ""}}
    return {
        "tabs": TABS,
        "one": one,
        "lineage_url": "/data/lineage",
        "buttons": [ASK],
        "begin_url": "/data/begin",
    } | told


def dataset_bare() -> dict[str, Any]:
    bare = {
        "sources": [],
        "places": [],
        "sample": {"heads": (), "rows": (), "why": "尚未归集"},
        "buttons": [],
        "disputes": [],
    }
    return dataset() | bare


def gaps() -> dict[str, Any]:
    cell = {"fine": 1, "expected": 3, "word": "未归集", "tone": "danger", "url": "/data/gaps/housing/440100"}
    return {"tabs": TABS, "heads": ["越秀区"], "rows": [("住建局", [cell])], "fine": 1, "expected": 3}


def gap() -> dict[str, Any]:
    row = ROW | {"word": "未归集", "tone": "danger", "button": ASK}
    head = {"department": "住建局", "district": "越秀区", "begin_url": "/data/begin"}
    return {"tabs": TABS, "rows": [row, row | {"dataset": "other", "button": None, "newest": None}]} | head


def lineage() -> dict[str, Any]:
    way = {"step": 1, "from": NODE | {"name": "solved"}, "to": NODE, "how": "solved / valid"}
    return {"tabs": TABS, "node": NODE, "starts": [NODE], "back": [way], "on": [way]}


def sources() -> dict[str, Any]:
    row = {"source": SOURCE, "dataset_name": "施工许可", "last": RUN, "next": NOW, "may": True}
    system = {"name": "老信访系统", "owner": "信访局", "writes": [("a", "甲")], "reads": [("b", "乙")], "island": True}
    return {"tabs": TABS, "rows": [row, row | {"last": None}], "systems": [system], "islands": 1}


def source() -> dict[str, Any]:
    entry = {"dataset": "permits", "name": "施工许可"}
    return {
        "tabs": TABS,
        "one": SOURCE,
        "runs": [RUN],
        "may": True,
        "entry": entry,
        "gather_url": "/data/sources/p/gather",
    }


def standards() -> dict[str, Any]:
    return {"tabs": TABS, "rows": [LIFE | {"sets": 3, "rules": 40}], "checks": [CHECK]}


def standard() -> dict[str, Any]:
    sets = [{"dataset": "permits", "name": "施工许可", "rules": [(RULE, "类型")]}]
    told = {"sets": sets, "checks": [CHECK], "may": True, "check_url": "/data/standards/base/check", "button": ASK}
    return {"tabs": TABS, **LIFE, **told, "life": None, "begin_url": "/data/begin", "errors": {"feed": "请选择文件"}}


def check() -> dict[str, Any]:
    finding = RULE | {"demand_name": "类型", "failing": 3}
    return {"tabs": TABS, "one": CHECK, "standard": LIFE["one"], "findings": [finding], "may": True}


SAMPLES = {
    "catalogue": ("data/catalogue.html", catalogue),
    "catalogue-empty": ("data/catalogue.html", lambda: catalogue() | {"rows": [], "late_count": 0}),
    "dataset": ("data/dataset.html", dataset),
    "dataset-bare": ("data/dataset.html", dataset_bare),
    "gaps": ("data/gaps.html", gaps),
    "gap": ("data/gap.html", gap),
    "lineage": ("data/lineage.html", lineage),
    "lineage-start": ("data/lineage.html", lambda: lineage() | {"node": None}),
    "sources": ("data/sources.html", sources),
    "source": ("data/source.html", source),
    "standards": ("data/standards.html", standards),
    "standard": ("data/standard.html", standard),
    "check": ("data/check.html", check),
}
