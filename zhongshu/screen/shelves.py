"""目录的用词 how kinds, share types, grades, cycles, states and lineage are called on the screens."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any
from urllib.parse import quote

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from zhongshu.data.catalogue import fresh, gaps
from zhongshu.data.catalogue.counting import Count
from zhongshu.data.catalogue.entries import Dataset, Item, Meaning, every
from zhongshu.data.figures.rules import in_force
from zhongshu.hub.resources.moves import STATES, births, stands
from zhongshu.kernel.access import Viewer
from zhongshu.kernel.desk import Knowledge
from zhongshu.screen import gate, naming, resources
from zhongshu.screen.frame import NAV, URLS

KINDS: Mapping[str, Any] = {
    "basic": gettext_lazy("基础资源"),
    "theme": gettext_lazy("主题资源"),
    "department": gettext_lazy("部门资源"),
}
SHARES: Mapping[str, tuple[Any, str]] = {
    "1": (gettext_lazy("无条件共享"), ""),
    "2": (gettext_lazy("有条件共享"), "info"),
    "3": (gettext_lazy("不予共享"), "danger"),
}
"""Share type -> word and tone; as on the paper form, what is not shared is red."""
GRADES: Mapping[str, Any] = {
    "1": gettext_lazy("1 级"),
    "2": gettext_lazy("2 级"),
    "3": gettext_lazy("3 级"),
    "4": gettext_lazy("4 级"),
    "important": gettext_lazy("重要数据"),
    "core": gettext_lazy("核心数据"),
}
CYCLES: Mapping[str, Any] = {
    "once": gettext_lazy("一次性"),
    "minute": gettext_lazy("每分钟"),
    "hour": gettext_lazy("每小时"),
    "day": gettext_lazy("每日"),
    "week": gettext_lazy("每周"),
    "month": gettext_lazy("每月"),
    "quarter": gettext_lazy("每季度"),
    "half": gettext_lazy("每半年"),
    "year": gettext_lazy("每年"),
}
FRESH: Mapping[str, tuple[Any, str]] = {
    fresh.FRESH: (gettext_lazy("及时"), "ok"),
    fresh.LATE: (gettext_lazy("逾期未更新"), "danger"),
    fresh.UNKNOWN: (gettext_lazy("未归集"), "warn"),
}
LACKS: Mapping[str, tuple[Any, str]] = {
    gaps.FINE: (gettext_lazy("正常"), "ok"),
    gaps.LATE: (gettext_lazy("逾期未更新"), "warn"),
    gaps.EMPTY: (gettext_lazy("缺本区数据"), "danger"),
    gaps.UNCONNECTED: (gettext_lazy("未归集"), "danger"),
}
SCOPES: Mapping[str, Any] = {
    "schema": gettext_lazy("数据结构与代码"),
    "interface": gettext_lazy("接口与服务水平"),
    "process": gettext_lazy("流程"),
}
DEMANDS: Mapping[str, Any] = {
    "present": gettext_lazy("应有此列"),
    "required": gettext_lazy("不得为空"),
    "unique": gettext_lazy("不得重复"),
    "type": gettext_lazy("类型"),
    "codes": gettext_lazy("代码"),
    "pattern": gettext_lazy("格式"),
    "range": gettext_lazy("值域"),
    "length": gettext_lazy("最长"),
    "not_before": gettext_lazy("不早于"),
    "format": gettext_lazy("文件格式"),
    "encoding": gettext_lazy("编码"),
    "rows": gettext_lazy("最少行数"),
    "fresh": gettext_lazy("最新一行不早于（天）"),
}
NODES: Mapping[str, Any] = {
    "system": gettext_lazy("业务系统"),
    "source": gettext_lazy("数据源"),
    "dataset": gettext_lazy("数据资源"),
    "item": gettext_lazy("信息项"),
    "element": gettext_lazy("数据元"),
    "table": gettext_lazy("数据表"),
    "fact": gettext_lazy("事实"),
    "counter": gettext_lazy("计数"),
    "formula": gettext_lazy("指标口径"),
    "page": gettext_lazy("页面"),
}
ASKS = ("requisition", "sharing")
"""Families by which rows that are lacking, or not one's own, are asked for; the first that the table has."""


def name_of(one: Dataset) -> str:
    return (naming.english() and one.name_en) or one.name


def row(one: Dataset, count: Count | None, now: Any, knowledge: Knowledge) -> dict[str, Any]:
    """A data set as lists show it."""
    newest = count.newest if count else None
    state = fresh.state(one.cycle, newest, now) if count and count.rows else fresh.UNKNOWN
    word, tone = FRESH[state]
    return {
        "dataset": one.dataset,
        "name": name_of(one),
        "number": one.number,
        "kind_name": KINDS[one.kind],
        "provider_name": naming.unit_name(one.provider, knowledge),
        "cycle_name": CYCLES[one.cycle],
        "rows": count.rows if count else None,
        "newest": newest,
        "fresh_name": word,
        "tone": tone,
        "late": state == fresh.LATE,
        "behind": days(fresh.behind(one.cycle, newest, now)),
        "items": len(one.items),
        "shares": [(SHARES[code][0], n) for code, n in shares(one).items() if n],
    }


def days(span: timedelta) -> int:
    return span.days


def shares(one: Dataset) -> dict[str, int]:
    """Share type -> how many items have it."""
    return {code: sum(item.share == code for item in one.items) for code in SHARES}


SUBJECTS: Mapping[str, Any] = {
    "person": gettext_lazy("人"),
    "house": gettext_lazy("房屋"),
    "organisation": gettext_lazy("单位"),
    "address": gettext_lazy("地址"),
    "component": gettext_lazy("部件"),
    "event": gettext_lazy("事件"),
    "place": gettext_lazy("地方"),
}


def item(one: Item, meaning: Meaning | None = None) -> dict[str, Any]:
    """An item as the page of its data set shows it, with what the element registry says of it."""
    word, tone = SHARES[one.share]
    return {
        "meaning": meaning,
        "meaning_name": meaning and ((naming.english() and meaning.name_en) or meaning.name),
        "subject_name": meaning and SUBJECTS.get(meaning.subject, meaning.subject),
        "truth": bool(meaning and meaning.source == one.dataset),
        "item": one.item,
        "name": naming.called(one),
        "element": one.element,
        "type": one.type,
        "key": one.key,
        "share_name": word,
        "share_tone": tone,
        "condition": one.condition,
        "clause": one.clause,
        "open": one.open,
        "grade_name": GRADES.get(one.grade, "—"),
        "basis": one.basis,
    }


def names() -> dict[str, str]:
    """End of lineage -> what people call it: figures, data sets, and the pages that the navigation and tabs name."""
    english = naming.english()
    found = {f"formula:{one.code}": (english and one.name_en) or one.name for one in in_force().formulas.values()}
    found |= {f"dataset:{code}": (english and one.name_en) or one.name for code, one in every().items()}
    found |= {f"page:{URLS[item.key]}": str(item.label) for item in NAV}
    return found | {f"page:{url}": str(label) for _key, label, url in resources.TABS}


def node(end: str, called: Mapping[str, str]) -> dict[str, str]:
    """An end of lineage: its kind in words, its name, its code when it has both, and where a click leads."""
    kind, _sep, code = end.partition(":")
    name = called.get(end, code)
    told = {"kind_name": str(NODES.get(kind, kind)), "name": name, "code": code if name != code else ""}
    return {**told, "url": f"/data/lineage?node={quote(end)}"}


def ask(who: Viewer, subject: str) -> dict[str, Any] | None:
    """The button that asks for a data set (请求归集/申请共享), for a post that may; None while nobody can."""
    return next((made for family in ASKS if (made := _beginning(who, family, subject))), None)


def dispute(who: Viewer, subject: str) -> dict[str, Any] | None:
    """The button that begins a dispute about a data set."""
    return _beginning(who, "dispute", subject)


def _beginning(who: Viewer, family: str, subject: str) -> dict[str, Any] | None:
    """The button of the first move of a family that this post may make, about a subject."""
    if (family, "") not in STATES:
        return None
    knowledge = gate.hub().tools.knowledge
    nobody = {"asker": who.unit, "providers": [], "people": {}}
    move = next((one for one in births(family) if not stands(one, nobody, who, knowledge)), None)
    if move is None:
        return None
    made = resources.button(move)
    hidden = {"name": "subject", "label": "", "type": "hidden", "value": subject, "required": True}
    return {**made, "kind": family, "fields": [*made["fields"], hidden]}


def draft(who: Viewer, subject: str) -> dict[str, Any] | None:
    """The button that puts a standard's text out to be decided on."""
    made = _beginning(who, "standard", subject)
    return made and {**made, "label": _("提请审议")}
