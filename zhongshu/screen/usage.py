"""建与用的用词 how the self-audit names the modules of the hub, where each is found, and how their use is told."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from zhongshu.data.usage import ITSELF, MODULES, PEOPLE, UNUSED, Hand, Use
from zhongshu.hub.resources.moves import STATES
from zhongshu.kernel.desk import Knowledge
from zhongshu.kernel.facts import Kind
from zhongshu.kernel.places import Level
from zhongshu.screen import convening, naming
from zhongshu.screen.frame import URLS

ADDRESS = f"{URLS['audit']}/used"
NAMES: Mapping[str, tuple[Any, str]] = {
    "intake": (_("受理上报"), "/operator"),
    "judging": (_("研判分类"), "/cases"),
    "verifying": (_("立案核实"), "/cases"),
    "merging": (_("并案拆案"), "/cases"),
    "ruling": (_("派单与裁定"), "/arbitration"),
    "handling": (_("签收处置"), "/cases"),
    "checking": (_("核查"), "/cases"),
    "calling_back": (_("回访"), "/cases"),
    "limits": (_("时限、延期、挂账"), "/cases"),
    "supervising": (_("催办督办"), "/cases"),
    "evaluating": (_("评价与剔除"), "/evaluation"),
    "summaries": (_("案件摘要"), "/cases"),
    "stuck": (_("卡单"), "/stuck"),
    "scenarios": (_("感知与应用场景"), "/map?layer=sensors"),
    "calls": (_("呼应"), "/calls"),
    "directives": (_("指令"), "/directives"),
    "duty": (_("值班台"), "/duty"),
    "signs": (_("体征告警"), "/signs"),
    "issues": (_("热点"), "/issues"),
    "causes": (_("找源头"), "/causes"),
    "models": (_("模型管理"), "/models"),
    "field": (_("外勤签到与代办"), "/field"),
    "community": (_("社区网站与论坛"), "/community"),
    "taking_part": (_("志愿与积分"), "/community"),
    "registers": (_("登记库归并"), "/data/registers"),
    "gathering": (_("数据归集"), "/data/sources"),
    "standards": (_("标准与争议"), "/data/standards"),
    "quality": (_("数据质量"), "/data/quality"),
    "filling": (_("填报"), "/data/fill"),
    "forms": (_("表单清理与准入"), "/data/forms"),
    "training": (_("培训上岗"), "/data/training"),
    "sharing": (_("数据共享"), "/data/sharing"),
    "returns": (_("数据回流"), "/data/returns"),
    "lake": (_("数据湖"), "/data/lake"),
}
"""Module -> its name and its page."""
STATES_OF_USE: Mapping[str, tuple[Any, str]] = {
    PEOPLE: (_("有人用"), "ok"),
    ITSELF: (_("只有系统在跑"), "warn"),
    UNUSED: (_("没有用过"), ""),
}
SEEN_ONLY: tuple[tuple[Any, str], ...] = (
    (_("驾驶舱"), "/cockpit"),
    (_("地图"), "/map"),
    (_("无呼也应"), "/proactive"),
    (_("块数据"), "/data/blocks"),
    (_("缺口"), "/data/gaps"),
    (_("血缘"), "/data/lineage"),
    (_("权责"), "/powers"),
    (_("网格队伍"), "/officers"),
    (_("共性支撑"), "/services"),
    (_("自查"), "/audit"),
)
"""Pages that are only read: nothing of theirs goes to the ledger, so nobody can say who used them."""


def rows(found: Mapping[str, Use], place: str) -> list[dict[str, Any]]:
    """Every module with its use."""
    return [_row(one.code, found[one.code], place) for one in MODULES]


def _row(code: str, use: Use, place: str) -> dict[str, Any]:
    name, page = NAMES[code]
    label, tone = STATES_OF_USE[use.state]
    return {
        "code": code,
        "name": name,
        "page": page,
        "state": use.state,
        "state_name": label,
        "tone": tone,
        "levels": [use.by_level[int(level)] for level in Level],
        "residents": use.residents,
        "system": use.system,
        "posts": use.posts,
        "share": f"{use.lower / use.posts:.0%}" if use.posts else "",
        "newest": use.newest,
        "url": f"{ADDRESS}/{code}?place={place}" if use.posts else "",
    }


def summary(found: Mapping[str, Use], place: str) -> dict[str, Any]:
    """Built so many, used so many, and what streets and communities did of all acts; each with its list."""
    states = [use.state for use in found.values()]
    posts, lower = sum(use.posts for use in found.values()), sum(use.lower for use in found.values())
    return {
        "built": len(states),
        "built_url": f"{ADDRESS}?place={place}",
        "parts": [
            {"state": state, "name": label, "n": states.count(state), "url": f"{ADDRESS}?place={place}&state={state}"}
            for state, (label, _tone) in STATES_OF_USE.items()
        ],
        "posts": posts,
        "lower": lower,
        "share": f"{lower / posts:.1%}" if posts else "",
    }


def hand(one: Hand, knowledge: Knowledge) -> dict[str, Any]:
    """One line of who used a module."""
    unit = knowledge.units.get(one.unit)
    return {
        "unit_name": naming.unit_name(one.unit, knowledge),
        "level_name": naming.LEVELS.get(int(unit.level), "") if unit else "",
        "kind_name": kind_name(one.kind, one.family),
        "acts": one.acts,
        "newest": one.newest,
    }


def kind_name(kind: str, family: str) -> Any:
    """What was done: the family of a proceeding, else the kind of fact."""
    if family:
        state = STATES[family, ""]
        return state.english if naming.english() else state.label
    return naming.FACTS.get(kind) or convening.FACTS.get(kind) or MORE.get(kind, kind)


MORE: Mapping[str, Any] = {
    Kind.CHECKED_IN: _("签到"),
    Kind.HELPED: _("代办"),
    Kind.FORM_FILLED: _("填报"),
    Kind.TABLE_GIVEN: _("取表"),
    Kind.SAMPLE_DRAWN: _("抽样"),
    Kind.ROW_CONFIRMED: _("核实"),
    Kind.COURSE_TAKEN: _("参加培训"),
    Kind.DATA_USED: _("使用数据"),
    Kind.DATA_USE_FAILED: _("使用未成"),
    Kind.RETURN_OPENED: _("回流开通"),
    Kind.DATA_FLOWED: _("上报或回流"),
    Kind.GATHERED: _("归集"),
    Kind.GATHER_FAILED: _("归集失败"),
    Kind.FEED_CHECKED: _("符合性检查"),
    Kind.LAKE_FILED: _("入湖"),
    Kind.LAKE_ERASED: _("到期销毁"),
    Kind.MEMBER_ADMITTED: _("发居民凭证"),
    Kind.MEMBER_MOVED: _("凭证变更"),
    Kind.TOPIC_POSTED: _("社区发布"),
    Kind.TOPIC_REPLIED: _("社区回帖"),
    Kind.BALLOT_CAST: _("社区表决"),
    Kind.TOPIC_MOVED: _("社区流转"),
    Kind.TASK_POSTED: _("志愿任务发布"),
    Kind.TASK_MOVED: _("志愿任务流转"),
    Kind.NEIGHBOUR_LOOKED: _("邻里核实"),
    Kind.LOOK_SETTLED: _("核实采信"),
    Kind.POINTS_RECKONED: _("记分"),
    Kind.POINTS_MOVED: _("积分流转"),
    Kind.POINTS_USED: _("积分兑换"),
}
"""Kinds that no story of a case or matter tells."""
