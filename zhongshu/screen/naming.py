"""称谓 naming: how codes of the hub are called on screens, in the reader's language."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as later

from zhongshu.data.lists import SOON
from zhongshu.kernel.desk import Knowledge
from zhongshu.kernel.facts import RESIDENT, SYSTEM
from zhongshu.screen.templatetags.screen import span

STATES: dict[str, Any] = {
    "judged": later("已研判"),
    "unclear": later("待人工研判"),
    "decided": later("已决策"),
    "undecided": later("待裁定"),
    "dispatched": later("待签收"),
    "handling": later("办理中"),
    "returned": later("已退单"),
    "checking": later("待核查"),
    "calling": later("待回访"),
    "closed": later("已办结"),
}

FACTS: dict[str, Any] = {
    "Reported": later("诉求上报"),
    "Judged": later("研判"),
    "Unclear": later("转人工研判"),
    "Merged": later("并案"),
    "MergeProposed": later("疑似重复"),
    "MergeDeclined": later("不是同一件事"),
    "Split": later("拆案"),
    "Classified": later("人工研判"),
    "Warned": later("预警"),
    "Decided": later("决策"),
    "Undecided": later("待裁定"),
    "Ruled": later("裁定"),
    "Dispatched": later("派遣"),
    "Signed": later("签收"),
    "Returned": later("退单"),
    "Escalated": later("提级"),
    "Overdue": later("逾期"),
    "Handled": later("处理反馈"),
    "CheckPassed": later("核查通过"),
    "CheckFailed": later("核查不通过"),
    "CalledBack": later("回访"),
    "Closed": later("办结"),
    "Reopened": later("重新办理"),
    "Evaluated": later("评价"),
    "Stuck": later("卡住"),
    "Unstuck": later("重新送上流程"),
    "Sensed": later("感知读数"),
    "Cleared": later("预警解除"),
}

PUBLIC_FACTS: dict[str, Any] = {
    "Judged": later("已收到"),
    "Unclear": later("已收到，由人工研判"),
    "Classified": later("已确定类别"),
    "Dispatched": later("已派往承办单位"),
    "Signed": later("承办单位已签收"),
    "Returned": later("正在重新确定承办单位"),
    "Escalated": later("已提级督办"),
    "Handled": later("已反馈结果"),
    "CheckPassed": later("核查通过"),
    "CheckFailed": later("核查未通过，重新办理"),
    "CalledBack": later("已回访"),
    "Closed": later("已办结"),
    "Reopened": later("重新办理"),
}

CHANNELS: dict[str, Any] = {
    "web": later("网页"),
    "phone": later("热线电话"),
    "letter": later("来信"),
    "media": later("媒体"),
    "patrol": later("巡查"),
    "superior": later("上级交办"),
    "api": later("接口"),
    "open311": later("Open311"),
    "import": later("批量导入"),
    "sensor": later("感知设备"),
}

CLOCKS: dict[str, Any] = {"sign": later("签收"), "contact": later("先行联系"), "handle": later("办结")}
LIST_KINDS: dict[str, Any] = {"basic": later("基本履职"), "assist": later("配合履职"), "recalled": later("上级收回")}


def english() -> bool:
    return (get_language() or "").startswith("en")


def category_name(code: str, knowledge: Knowledge) -> str:
    """The category with those above it: 市政设施 / 道路 / 井盖."""
    names: list[str] = []
    while code and len(names) < 6:
        found = knowledge.categories.get(code)
        if found is None:
            names.append(code)
            break
        names.append((english() and found.name_en) or found.name)
        code = found.parent
    return " / ".join(reversed(names))


def unit_name(code: str, knowledge: Knowledge) -> str:
    found = knowledge.units.get(code)
    return ((english() and found.name_en) or found.name) if found else code


def place_name(code: str, knowledge: Knowledge) -> str:
    return knowledge.names.get(code, code)


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
    hours = minutes / 60
    amount = f"{hours:g}"
    return (
        _("{n} 小时").format(n=amount)
        if calendar.startswith(("always", "24"))
        else _("{n} 个工作小时").format(n=amount)
    )


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
