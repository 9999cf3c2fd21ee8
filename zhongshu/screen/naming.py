"""称谓 naming: how codes of the hub are called on screens, in the reader's language."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from zhongshu.data.lists import SOON
from zhongshu.kernel.desk import Knowledge
from zhongshu.kernel.facts import RESIDENT, SYSTEM
from zhongshu.screen.templatetags.screen import span

SHOWN = 0.005
"""The smallest weight of a word that is shown."""

STATES: dict[str, Any] = {
    "judged": gettext_lazy("已研判"),
    "unclear": gettext_lazy("待人工研判"),
    "decided": gettext_lazy("已决策"),
    "undecided": gettext_lazy("待裁定"),
    "dispatched": gettext_lazy("待签收"),
    "handling": gettext_lazy("办理中"),
    "returned": gettext_lazy("已退单"),
    "checking": gettext_lazy("待核查"),
    "calling": gettext_lazy("待回访"),
    "closed": gettext_lazy("已办结"),
}

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
    "Merged": gettext_lazy("并案"),
    "MergeProposed": gettext_lazy("疑似重复"),
    "MergeDeclined": gettext_lazy("不是同一件事"),
    "Absorbed": gettext_lazy("已并入他案"),
    "Split": gettext_lazy("拆案"),
    "Classified": gettext_lazy("人工研判"),
    "Warned": gettext_lazy("预警"),
    "Decided": gettext_lazy("决策"),
    "Undecided": gettext_lazy("待裁定"),
    "Ruled": gettext_lazy("裁定"),
    "Dispatched": gettext_lazy("派遣"),
    "Signed": gettext_lazy("签收"),
    "Returned": gettext_lazy("退单"),
    "Escalated": gettext_lazy("提级"),
    "Overdue": gettext_lazy("逾期"),
    "Handled": gettext_lazy("处理反馈"),
    "CheckPassed": gettext_lazy("核查通过"),
    "CheckFailed": gettext_lazy("核查不通过"),
    "CalledBack": gettext_lazy("回访"),
    "Closed": gettext_lazy("办结"),
    "Reopened": gettext_lazy("重新办理"),
    "Evaluated": gettext_lazy("评价"),
    "Stuck": gettext_lazy("卡住"),
    "Unstuck": gettext_lazy("重新送上流程"),
    "Sensed": gettext_lazy("感知读数"),
    "Cleared": gettext_lazy("预警解除"),
    "PrecedentWithdrawn": gettext_lazy("撤销先例"),
}

ROUTES: dict[str, Any] = {
    "emergency": gettext_lazy("紧急绕行"),
    "owner": gettext_lazy("先属主"),
    "duty": gettext_lazy("先属地（责任清单）"),
    "fallback": gettext_lazy("兜底"),
    "precedent": gettext_lazy("裁定先例"),
    "ruling": gettext_lazy("本案已裁定"),
}

PUBLIC_FACTS: dict[str, Any] = {
    "Judged": gettext_lazy("已收到"),
    "Unclear": gettext_lazy("已收到，由人工研判"),
    "Classified": gettext_lazy("已确定类别"),
    "Dispatched": gettext_lazy("已派往承办单位"),
    "Signed": gettext_lazy("承办单位已签收"),
    "Returned": gettext_lazy("正在重新确定承办单位"),
    "Escalated": gettext_lazy("已提级督办"),
    "Handled": gettext_lazy("已反馈结果"),
    "CheckPassed": gettext_lazy("核查通过"),
    "CheckFailed": gettext_lazy("核查未通过，重新办理"),
    "CalledBack": gettext_lazy("已回访"),
    "Closed": gettext_lazy("已办结"),
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
}

CLOCKS: dict[str, Any] = {
    "sign": gettext_lazy("签收"),
    "contact": gettext_lazy("先行联系"),
    "handle": gettext_lazy("办结"),
}
LIST_KINDS: dict[str, Any] = {
    "basic": gettext_lazy("基本履职"),
    "assist": gettext_lazy("配合履职"),
    "recalled": gettext_lazy("上级收回"),
}


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


def reasons(found: Iterable[tuple[str, float]]) -> list[tuple[str, float]]:
    """Words with the weight they had; those that two decimal places would show as nothing are left out."""
    return [(word, weight) for word, weight in found if abs(weight) >= SHOWN]


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
