"""称谓 naming: how codes of the hub are called on screens, in the reader's language."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from zhongshu.data.lists import SOON
from zhongshu.kernel.desk import Knowledge
from zhongshu.kernel.facts import RESIDENT, SYSTEM
from zhongshu.screen.templatetags.screen import span

DESIGN = gettext_lazy("设计语言")

STATES: dict[str, Any] = {
    "judged": gettext_lazy("已研判"),
    "unclear": gettext_lazy("待人工研判"),
    "verifying": gettext_lazy("待核实"),
    "decided": gettext_lazy("已决策"),
    "undecided": gettext_lazy("待裁定"),
    "dispatched": gettext_lazy("待签收"),
    "handling": gettext_lazy("办理中"),
    "waiting": gettext_lazy("待补充"),
    "hung": gettext_lazy("已挂账"),
    "returned": gettext_lazy("已退单"),
    "checking": gettext_lazy("待核查"),
    "calling": gettext_lazy("待回访"),
    "closed": gettext_lazy("已办结"),
    "archived": gettext_lazy("已归档"),
    "rejected": gettext_lazy("不予受理"),
    "not_filed": gettext_lazy("不予立案"),
    "void": gettext_lazy("已作废"),
}

PATH: tuple[tuple[Any, tuple[str, ...]], ...] = (
    (gettext_lazy("受理"), ("judged", "unclear", "verifying", "rejected")),
    (gettext_lazy("立案"), ("decided", "undecided", "returned", "not_filed")),
    (gettext_lazy("派遣"), ("dispatched",)),
    (gettext_lazy("处置"), ("handling", "waiting", "hung")),
    (gettext_lazy("核查"), ("checking",)),
    (gettext_lazy("回访"), ("calling",)),
    (gettext_lazy("办结"), ("closed",)),
    (gettext_lazy("归档"), ("archived",)),
)
"""The steps of a case in order, each with the states that are part of it; void may happen at any of them."""

TASKS: dict[str, Any] = {
    "given": gettext_lazy("待签收"),
    "signed": gettext_lazy("办理中"),
    "returned": gettext_lazy("已退单"),
    "done": gettext_lazy("已反馈"),
}

FACTS: dict[str, Any] = {
    "Reported": gettext_lazy("诉求上报"),
    "Judged": gettext_lazy("研判"),
    "Unclear": gettext_lazy("转人工研判"),
    "Rejected": gettext_lazy("不予受理"),
    "VerifyAsked": gettext_lazy("交核实"),
    "Verified": gettext_lazy("核实属实"),
    "NotFiled": gettext_lazy("不予立案"),
    "Merged": gettext_lazy("并案"),
    "MergeProposed": gettext_lazy("疑似重复"),
    "MergeDeclined": gettext_lazy("不是同一件事"),
    "Absorbed": gettext_lazy("已并入他案"),
    "Split": gettext_lazy("拆案"),
    "Classified": gettext_lazy("人工研判"),
    "Warned": gettext_lazy("预警"),
    "SignRed": gettext_lazy("体征告警"),
    "SignEased": gettext_lazy("体征缓解"),
    "SignAnswered": gettext_lazy("告警处理"),
    "Decided": gettext_lazy("决策"),
    "Undecided": gettext_lazy("待裁定"),
    "MeetingHeld": gettext_lazy("召开联席会议"),
    "Ruled": gettext_lazy("裁定"),
    "ReturnForbidden": gettext_lazy("禁止退回"),
    "Dispatched": gettext_lazy("派遣"),
    "Signed": gettext_lazy("签收"),
    "Claimed": gettext_lazy("认领"),
    "Assigned": gettext_lazy("指派"),
    "AssignmentWithdrawn": gettext_lazy("撤回认领或指派"),
    "SupervisionWithdrawn": gettext_lazy("撤回督办"),
    "DutyBegun": gettext_lazy("接班"),
    "DutyNoted": gettext_lazy("值班记事"),
    "DutyHanded": gettext_lazy("交班"),
    "Returned": gettext_lazy("退单"),
    "Contacted": gettext_lazy("首次联系"),
    "MadeSafe": gettext_lazy("已采取安全措施"),
    "AssistAdded": gettext_lazy("协办加派"),
    "Assisted": gettext_lazy("协办反馈"),
    "ExtensionAsked": gettext_lazy("申请延期"),
    "Extended": gettext_lazy("准予延期"),
    "ExtensionRefused": gettext_lazy("不准延期"),
    "HangAsked": gettext_lazy("申请挂账"),
    "Hung": gettext_lazy("准予挂账"),
    "HangRefused": gettext_lazy("不准挂账"),
    "Resumed": gettext_lazy("解挂"),
    "SupplementAsked": gettext_lazy("待补充"),
    "Supplemented": gettext_lazy("已补充"),
    "Urged": gettext_lazy("催办"),
    "Supervised": gettext_lazy("督办"),
    "Answered": gettext_lazy("督办回复"),
    "NearlyOverdue": gettext_lazy("预逾期"),
    "Overdue": gettext_lazy("逾期"),
    "Escalated": gettext_lazy("提级"),
    "Retimed": gettext_lazy("时限重算"),
    "Handled": gettext_lazy("处理反馈"),
    "CheckPassed": gettext_lazy("核查通过"),
    "CheckFailed": gettext_lazy("核查不通过"),
    "CalledBack": gettext_lazy("回访"),
    "Closed": gettext_lazy("办结"),
    "Redone": gettext_lazy("重办"),
    "Reopened": gettext_lazy("重新办理"),
    "Archived": gettext_lazy("归档"),
    "Evaluated": gettext_lazy("已评价"),
    "VoidAsked": gettext_lazy("申请作废"),
    "Voided": gettext_lazy("作废"),
    "VoidRefused": gettext_lazy("不准作废"),
    "ExclusionAsked": gettext_lazy("考核申诉"),
    "Excluded": gettext_lazy("不纳入考核"),
    "ExclusionRefused": gettext_lazy("申诉不成立"),
    "ExclusionReviewed": gettext_lazy("剔除抽查"),
    "Stuck": gettext_lazy("卡住"),
    "Unstuck": gettext_lazy("重新送上流程"),
    "Sensed": gettext_lazy("感知读数"),
    "Cleared": gettext_lazy("预警解除"),
    "PrecedentWithdrawn": gettext_lazy("撤销先例"),
    "SummaryDrafted": gettext_lazy("机器起草"),
    "SummaryConfirmed": gettext_lazy("摘要确认"),
    "ModelPublished": gettext_lazy("模型发布"),
    "ModelCompared": gettext_lazy("模型比对"),
    "ModelApproved": gettext_lazy("模型批准"),
    "ModelDeployed": gettext_lazy("模型部署"),
    "ModelRolledBack": gettext_lazy("模型回滚"),
    "ModelWithdrawn": gettext_lazy("停用本地版本"),
    "ModelRetired": gettext_lazy("模型退役"),
    "ModelWatched": gettext_lazy("模型监测"),
    "IssueHot": gettext_lazy("热点形成"),
    "IssueCooled": gettext_lazy("热点降温"),
    "IssueKnown": gettext_lazy("标为已知"),
    "IssueSilenced": gettext_lazy("静默"),
}

ROUTES: dict[str, Any] = {
    "emergency": gettext_lazy("紧急绕行"),
    "owner": gettext_lazy("先属主"),
    "duty": gettext_lazy("先属地（责任清单）"),
    "fallback": gettext_lazy("兜底"),
    "precedent": gettext_lazy("裁定先例"),
    "ruling": gettext_lazy("本案已裁定"),
}
"""How the unit was found, as the fact that decided says."""

PUBLIC_FACTS: dict[str, Any] = {
    "Judged": gettext_lazy("已收到"),
    "Unclear": gettext_lazy("已收到，由人工研判"),
    "Rejected": gettext_lazy("不予受理"),
    "VerifyAsked": gettext_lazy("正在现场核实"),
    "NotFiled": gettext_lazy("经核实不予立案"),
    "Classified": gettext_lazy("已确定类别"),
    "Dispatched": gettext_lazy("已派往承办单位"),
    "Signed": gettext_lazy("承办单位已签收"),
    "Returned": gettext_lazy("正在重新确定承办单位"),
    "Escalated": gettext_lazy("已提级督办"),
    "Contacted": gettext_lazy("承办单位已联系"),
    "MadeSafe": gettext_lazy("已采取安全措施"),
    "Extended": gettext_lazy("已延长办理时限"),
    "Hung": gettext_lazy("暂不能办理，已列入挂账台账"),
    "Resumed": gettext_lazy("恢复办理"),
    "SupplementAsked": gettext_lazy("请您补充情况"),
    "Supplemented": gettext_lazy("继续办理"),
    "Handled": gettext_lazy("已反馈结果"),
    "CheckPassed": gettext_lazy("核查通过"),
    "CheckFailed": gettext_lazy("核查未通过，重新办理"),
    "CalledBack": gettext_lazy("已回访"),
    "Closed": gettext_lazy("已办结"),
    "Redone": gettext_lazy("问题没有解决，重新办理"),
    "Reopened": gettext_lazy("重新办理"),
}

CHANNELS: dict[str, Any] = {
    "web": gettext_lazy("网页"),
    "app": gettext_lazy("手机应用"),
    "grid": gettext_lazy("网格上报"),
    "phone": gettext_lazy("热线电话"),
    "letter": gettext_lazy("来信"),
    "media": gettext_lazy("媒体"),
    "patrol": gettext_lazy("巡查"),
    "superior": gettext_lazy("上级交办"),
    "api": gettext_lazy("接口"),
    "open311": gettext_lazy("Open311"),
    "import": gettext_lazy("批量导入"),
    "sensor": gettext_lazy("感知设备"),
    "sign": gettext_lazy("城市体征"),
}

CLOCKS: dict[str, Any] = {
    "accept": gettext_lazy("受理"),
    "verify": gettext_lazy("核实"),
    "dispatch": gettext_lazy("派遣"),
    "rule": gettext_lazy("裁定"),
    "sign": gettext_lazy("签收"),
    "contact": gettext_lazy("先行联系"),
    "make_safe": gettext_lazy("采取安全措施"),
    "handle": gettext_lazy("处置"),
    "bundled": gettext_lazy("捆绑时限"),
    "check": gettext_lazy("核查"),
    "call_back": gettext_lazy("回访"),
    "supervise": gettext_lazy("督办答复"),
    "supplement": gettext_lazy("待补充"),
    "review": gettext_lazy("挂账复查"),
    "overall": gettext_lazy("全程"),
    "special": gettext_lazy("特需首接"),
    "rare": gettext_lazy("罕见首接"),
}

CODES: dict[str, dict[str, Any]] = {
    "Rejected": {
        "proceedings": gettext_lazy("诉讼、仲裁、复议、纪检或信访正在办理"),
        "secret": gettext_lazy("涉及国家秘密、商业秘密或隐私"),
        "emergency": gettext_lazy("属 110、119、120 等紧急事项"),
        "elsewhere": gettext_lazy("不属本市"),
        "settled": gettext_lazy("已办结且没有新的事实"),
    },
    "HangAsked": {
        "budget": gettext_lazy("需要财政资金"),
        "dispute": gettext_lazy("法律纠纷未了"),
        "season": gettext_lazy("须待施工季节"),
        "planning": gettext_lazy("规划正在调整"),
        "other": gettext_lazy("其他原因"),
    },
}
"""Kind -> reason code -> what it is called."""

NATURES: dict[str, Any] = {
    "general": gettext_lazy("一般"),
    "works": gettext_lazy("工程"),
    "special": gettext_lazy("特殊"),
}

LANGUAGES: dict[str, Any] = {
    "zh": gettext_lazy("普通话"),
    "yue": gettext_lazy("粤语"),
    "en": gettext_lazy("英语"),
    "ug": gettext_lazy("维吾尔语"),
    "bo": gettext_lazy("藏语"),
    "mn": gettext_lazy("蒙古语"),
    "ja": gettext_lazy("日语"),
    "ko": gettext_lazy("韩语"),
    "fr": gettext_lazy("法语"),
    "ru": gettext_lazy("俄语"),
    "ar": gettext_lazy("阿拉伯语"),
}
"""Languages that callers speak, by BCP 47."""

LEVELS: dict[int, Any] = {
    1: gettext_lazy("市级"),
    2: gettext_lazy("区级"),
    3: gettext_lazy("镇街级"),
    4: gettext_lazy("村居社区级"),
}

COUNTERS: dict[str, Any] = {
    "returned": gettext_lazy("退单"),
    "extended": gettext_lazy("延期"),
    "hung": gettext_lazy("挂账"),
    "urged": gettext_lazy("催办"),
    "supervised": gettext_lazy("督办"),
    "reworked": gettext_lazy("返工"),
    "redone": gettext_lazy("重办"),
}
"""Columns of a case that count what happened to it."""

LIST_KINDS: dict[str, Any] = {
    "basic": gettext_lazy("基本履职"),
    "assist": gettext_lazy("配合履职"),
    "recalled": gettext_lazy("上级收回"),
}


def english() -> bool:
    return (get_language() or "").startswith("en")


def said(chinese: str, in_english: str) -> str:
    """A text of a pack in the reader's language, in Chinese where there is no English."""
    return (english() and in_english) or chinese


def called(one: Any) -> str:
    """The name of a thing of a pack that has `name` and `name_en`, in the reader's language as far as it is there."""
    return said(one.name, one.name_en)


def aside(name: Any, *more: Any) -> str:
    """A name with what stands behind it in brackets, in the signs of the reader's language."""
    return f"{name} ({', '.join(map(str, more))})" if english() else f"{name}（{'，'.join(map(str, more))}）"


def clause(text: str) -> str:
    """Why a move exists, as the tables of moves say it in Chinese (see the `clause` columns of kernel/*.csv)."""
    return _(text) if text else ""


def category_name(code: str, knowledge: Knowledge) -> str:
    """The category with those above it: 市政设施 / 道路 / 井盖."""
    names: list[str] = []
    while code and len(names) < 6:
        found = knowledge.categories.get(code)
        if found is None:
            names.append(code)
            break
        names.append(called(found))
        code = found.parent
    return " / ".join(reversed(names))


def unit_name(code: str, knowledge: Knowledge) -> str:
    found = knowledge.units.get(code)
    return called(found) if found else code


def place_name(code: str, knowledge: Knowledge) -> str:
    return (english() and knowledge.names_en.get(code)) or knowledge.names.get(code, code)


def named_places(knowledge: Knowledge) -> list[tuple[str, str]]:
    """(code, name) of every division, by code."""
    called = {**knowledge.names, **knowledge.names_en} if english() else knowledge.names
    return sorted(called.items())


def actor_name(actor: str, unit: str, knowledge: Knowledge) -> str:
    """Who did it: the system, a resident, or the unit whose post it was."""
    if actor == SYSTEM:
        return _("系统")
    if actor == RESIDENT:
        return _("市民")
    return unit_name(unit, knowledge) if unit else actor


def ago(moment: datetime) -> str:
    return _("{t}前").format(t=span(timezone.now() - moment))


def limit_text(minutes: int, calendar: str) -> str:
    """Working minutes in words; a calendar without shifts counts every hour."""
    always = calendar.startswith(("always", "24"))
    if minutes < 60:
        return (_("{n} 分钟") if always else _("{n} 个工作分钟")).format(n=minutes)
    return (_("{n} 小时") if always else _("{n} 个工作小时")).format(n=f"{minutes / 60:.4g}")


def case_row(row: dict[str, Any], knowledge: Knowledge) -> dict[str, Any]:
    """A row of data.lists with its names, as the templates want it."""
    due = row["due_at"]
    return {
        **row,
        "category_name": category_name(row["category"], knowledge),
        "unit_name": unit_name(row["host"], knowledge),
        "place_name": place_name(row["place"], knowledge),
        "state_name": STATES.get(row["state"], row["state"]),
        "reports_n": row["reports"],
        "due_soon": due is not None and timedelta(0) <= due - timezone.now() < SOON,
    }
