"""共享与分级的用词 what grades, share types, findings, forms of use and diagnoses are called on the screens."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from zhongshu.data.sharing.diagnosis import STEPS, Kind
from zhongshu.data.sharing.grading import Finding, Reason
from zhongshu.screen import naming

GRADES: Mapping[str, Any] = {
    "1": _("一般 1 级"),
    "2": _("一般 2 级"),
    "3": _("一般 3 级"),
    "4": _("一般 4 级"),
    "important": _("重要数据"),
    "core": _("核心数据"),
    "": _("未定级"),
}
SHARES: Mapping[str, Any] = {"1": _("无条件共享"), "2": _("有条件共享"), "3": _("不予共享"), "": _("未定")}
SHARE_TONES = {"1": "ok", "2": "info", "3": "danger", "": ""}
FINDINGS: Mapping[str, Any] = {
    Finding.OVER: _("偏严"),
    Finding.UNDER: _("偏宽"),
    Finding.UNRATED: _("待人工定级"),
    Finding.SECRET: _("涉密标识"),
    Finding.FITS: _("相符"),
}
FINDING_TONES = {Finding.OVER: "danger", Finding.UNDER: "warn", Finding.UNRATED: "info", Finding.SECRET: "alert"}
KINDS: Mapping[str, Any] = {Kind.CANNOT: _("不能用"), Kind.DARE_NOT: _("不敢用"), Kind.DONT_KNOW: _("不会用")}
FORMS: Mapping[str, Any] = {
    "table": _("整表"),
    "person": _("按人查询"),
    "push": _("变更推送"),
    "block": _("统计块"),
    "bulk": _("批量"),
    "form": _("表单采集"),
    "": _("未成"),
}
HOW: Mapping[str, Any] = {
    "clear": _("原文"),
    "keep": _("部分隐去"),
    "area": _("只到道路小区"),
    "blank": _("整项隐去"),
    "delay": _("延后"),
    "aggregate": _("只给汇总"),
}
STATES: Mapping[str, Any] = {
    "active": _("使用中"),
    "expired": _("已到期"),
    "revoked": _("已终止"),
    "cancelled": _("已撤销"),
}


def reason(one: Reason) -> dict[str, Any]:
    """A rule that matched, as a line: its name, what follows, and its ground."""
    name = one.name_en if naming.english() and one.name_en else one.name
    return {"rule": one.rule, "name": name, "grade": GRADES[one.grade], "clause": one.clause}


def failure(word: str) -> dict[str, Any]:
    """A failure by its name, its kind and what helps; empty for a use that went well."""
    if word not in STEPS:
        return {}
    one, english = STEPS[word], naming.english()
    return {
        "name": one.english if english else one.name,
        "kind": KINDS[one.kind],
        "step": one.step_english if english else one.step,
        "page": one.page,
    }
