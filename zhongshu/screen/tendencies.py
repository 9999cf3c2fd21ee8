"""三种倾向的用词 what the self-audit says of each number: its name, how it is counted, and where one acts on it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from zhongshu.data.tendencies import FORM, HARD, UPPER

NAMES: Mapping[str, tuple[Any, Any]] = {
    HARD: (_("重硬轻软"), _("设备、系统建了，有没有用起来；人有没有学会。")),
    FORM: (_("重表轻里"), _("清单上列了、表上办结了，背后有没有数据、有没有人满意。")),
    UPPER: (_("重上轻下"), _("事、权、数据有没有到镇街和社区。")),
}
"""Tendency -> its name, and what the numbers ask."""


@dataclass(frozen=True, slots=True)
class Words:
    """一项的用词: `basis` how it is counted, `act` what one can do about it, at `page`."""

    name: Any
    basis: Any
    act: Any
    page: str


WORDS: Mapping[str, Words] = {
    "sensors_led": Words(
        _("引出过案件的感知设备"),
        _("在册感知设备中，至少有一次预警立案的；自有账本以来。"),
        _("看设备分布与状态"),
        "/map?layer=sensors",
    ),
    "models_deployed": Words(
        _("部署过的模型版本"),
        _("发布的模型版本中，曾在任何区划部署过的；自有账本以来，全市。"),
        _("批准、部署或停用"),
        "/models",
    ),
    "people_taught": Words(
        _("培训有效的在岗人员"),
        _("在岗人员中，至少有一门培训已通过且未过期的；按人，所属单位所在区划。"),
        _("安排培训"),
        "/data/training",
    ),
    "signs_sourced": Words(
        _("有数据源的体征"),
        _("清单上的体征中，已由数据算出的（含代理指标）；全市。"),
        _("补数据源"),
        "/data/sources",
    ),
    "answers_content": Words(
        _("满意的回访答复"),
        _("近 30 天打通并打分的回访中，四分及以上的；五分制。"),
        _("看不满意的案件"),
        "/cases?queue=unhappy",
    ),
    "forms_cut": Words(
        _("已停、并、免的表单"),
        _("要求基层填报的表单中，已决定停用、合并或由数据代填的；全市。"),
        _("清理表单"),
        "/data/forms",
    ),
    "closed_below": Words(
        _("镇街、社区办结的案件"),
        _("近 30 天办结的案件中，主办单位是镇街级或社区级的。"),
        _("看各街镇权与责"),
        "/powers?tab=burdens",
    ),
    "acts_below": Words(
        _("镇街、社区岗位做的动作"),
        _("近 7 天各岗位记入账本的动作中，镇街级、社区级岗位做的；系统与市民的不计，按事发区划。"),
        _("看网格队伍与负担"),
        "/officers",
    ),
    "spent_soft": Words(
        _("花在软件、数据、培训、运维上的支出"),
        _("城市包支出表最近一年的金额中，软件、数据、培训、运维的；其余是设备、大屏、网络。单位：元，按受益区划。"),
        _("看支出构成"),
        "/audit/spending",
    ),
    "spent_below": Words(
        _("花到镇街、社区的支出"),
        _("城市包支出表最近一年的金额中，受益区划是镇街或社区的。单位：元。"),
        _("看支出构成"),
        "/audit/spending",
    ),
    "uses_below": Words(
        _("镇街、社区用数的次数"),
        _("近 90 天授权用数成功的次数中，由镇街级、社区级单位用的。"),
        _("催还与回流"),
        "/data/returns",
    ),
}
KINDS: Mapping[str, tuple[Any, str]] = {
    "case": (_("案件"), "/cases/{ref}"),
    "sensor": (_("感知设备"), "/map?layer=sensors&q={ref}"),
    "model": (_("模型"), "/models/{ref}"),
    "unit": (_("单位"), "/cases?unit={ref}&open=1"),
    "sign": (_("体征"), "/signs/{ref}"),
    "form": (_("表单"), "/data/forms/{ref}"),
    "spending": (_("支出项目"), "/audit/spending?code={ref}"),
}
"""What a list holds, and the page of one."""

NO_MONEY: tuple[tuple[str, Any, Any], ...] = (
    (
        HARD,
        _("硬件与软件、数据、培训、运维的支出之比，按层级"),
        _("无数据源。需要财政的预算执行明细，填进城市包 spending.csv：单位、受益区划、年份、类别、项目、金额、来源。"),
    ),
)
"""What a city without a table of its spending is told."""

MISSING: tuple[tuple[str, Any, Any], ...] = (
    (
        HARD,
        _("别的系统建成后的使用率"),
        _("无数据源。需要各系统的建设项目台账（立项、验收）和登录日志；本平台只知道自己的模块有没有人用。"),
    ),
    (
        HARD,
        _("只看不办的页面有没有人看"),
        _("不计。看一眼不留事实，本平台也不为此记录谁看过什么。"),
    ),
    (
        UPPER,
        _("下沉到镇街、社区的编制"),
        _("无数据源。需要编制部门按层级的人数。"),
    ),
)
"""Tendency, what one would like to know, and what that would need. No figure is invented for it."""
