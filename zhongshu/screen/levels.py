"""三级平台五级应用 the three platforms and the five levels that work in them: what each is for, which pages it uses.

The table describes this software, so it stands in code, as the shared services do; a test opens every page.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True, slots=True)
class Application:
    """一级应用: its `level` (5 is the grid), whether it has a platform of its own, what it does, (page, name) used."""

    level: int
    name: Any
    platform: Any
    does: Any
    pages: tuple[tuple[str, Any], ...]


_IN_COMMUNITY = _("用街道平台，不另建")

APPLICATIONS: tuple[Application, ...] = (
    Application(
        1,
        _("市级"),
        _("市级平台"),
        _("总受理、跨区裁定、指令与值班；全市核查与评价；规则、模型、标准在这里启用。"),
        (
            ("/operator", _("受理")),
            ("/arbitration", _("裁定")),
            ("/directives", _("指令")),
            ("/duty", _("值班台")),
            ("/evaluation", _("评价")),
        ),
    ),
    Application(
        2,
        _("区级"),
        _("区级平台"),
        _("响应街道的呼叫，区内裁定与督办；区监督中心核查；部门在这里办理。"),
        (
            ("/calls", _("呼应")),
            ("/cases?state=checking", _("待核查")),
            ("/issues", _("热点")),
            ("/cockpit", _("驾驶舱")),
        ),
    ),
    Application(
        3,
        _("街道级"),
        _("街道平台"),
        _("四支力量在一处签收、办理、反馈；办不了的呼叫部门；监督站核查。"),
        (("/cases?queue=team", _("我的组")), ("/calls/new", _("发起呼叫")), ("/officers", _("网格队伍"))),
    ),
    Application(
        4,
        _("社区级"),
        _IN_COMMUNITY,
        _("办理社区的事，社区小事自办自结；议事、核实、填表一次采集。"),
        (("/cases", _("工作台")), ("/community", _("社区")), ("/data/fill", _("填报"))),
    ),
    Application(
        5,
        _("网格级"),
        _IN_COMMUNITY,
        _("网格员在手机上巡查、签到、核实、核查、代办；楼组长只在名册的兼职一栏里，没有自己的岗位。"),
        (("/field", _("外勤")), ("/data/fill", _("填报"))),
    ),
)

DUTIES: dict[str, Any] = {"checks": _("监督"), "rules": _("指挥"), "handles": _("处置")}
"""What units are counted by: who checks, who rules who is responsible, who handles."""
EXPLAINED: dict[str, Any] = {
    "checks": _("核实、核查、评价，不派单也不办理"),
    "rules": _("派单、裁定、督办"),
    "handles": _("签收、办理、反馈"),
}
