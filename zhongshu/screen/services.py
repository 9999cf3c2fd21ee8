"""共性支撑 the shared services that every module stands on, and the offline way of each online act.

The table describes this software, so it stands in code; a test holds that every page, API path and command is there.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True, slots=True)
class Service:
    """一项共性支撑: what it does, its paths in the API's description ("GET /api/…"), its commands, its page.

    `held` says what the count of its state counts; `offline` is how the same is had without a screen.
    """

    code: str
    name: Any
    does: Any
    api: tuple[str, ...]
    commands: tuple[str, ...]
    page: str
    held: Any
    offline: Any


SERVICES: tuple[Service, ...] = (
    Service(
        "identity",
        _("身份与权限"),
        _("人、岗位、角色、代班；数据库按岗位的区划范围放行每一行；对外系统凭令牌。"),
        ("GET /api/me",),
        ("token create", "token list", "token revoke"),
        "/rota",
        _("人次在岗"),
        _("任免文件送数据局登记；代班由值班领导电话指定，事后补记。"),
    ),
    Service(
        "organisation",
        _("组织机构"),
        _("单位、层级、上下级与所管区划，分版本生效。"),
        ("GET /api/knowledge/units",),
        ("city check", "city load"),
        "/powers",
        _("单位"),
        _("三定方案、责任清单文本，改动随城市包载入。"),
    ),
    Service(
        "address",
        _("标准地址与区划"),
        _("从文字、坐标或地点名找到社区与网格；上报的答复即带落点。"),
        ("POST /api/reports", "GET /api/data/blocks"),
        ("model places",),
        "/data/blocks",
        _("地址（约）"),
        _("门牌、电线杆编号念给话务员，由话务员选点。"),
    ),
    Service(
        "map",
        _("地图"),
        _("案件、部件、感知、区划的矢量切片，旁有同样内容的表格。"),
        ("GET /api/map", "GET /api/map/{layer}"),
        (),
        "/map",
        _("区划"),
        _("表格页可打印，带到现场。"),
    ),
    Service(
        "workflow",
        _("流程"),
        _("受理、研判、决策、指挥、处置、评价一条路；谁在何状态可做何事只有一张表；限时由时钟算。"),
        ("GET /api/cases", "POST /api/cases/{case}/acts", "POST /api/acts"),
        ("clock explain", "replay", "runner"),
        "/cases",
        _("条事实在路上等候"),
        _("打印案卷当派工单，办完由本单位岗位补录动作与照片。"),
    ),
    Service(
        "messages",
        _("呼应与指令"),
        _("呼叫、响应、到场、指令、签收、例外，各有时限，呼而不应自动升级。"),
        ("POST /api/calls", "POST /api/directives", "POST /api/directives/{subject}/acts"),
        (),
        "/calls",
        _("未结的呼叫与指令"),
        _("电话呼叫或书面令，值班台记录，随后补录。"),
    ),
    Service(
        "telephone",
        _("来电"),
        _("电话系统告知来电，话务台弹屏，边听边录。"),
        ("POST /api/telephone/calls",),
        (),
        "/operator",
        _("近一天来电"),
        _("电话本身就是线下的路；系统停时用纸单记，恢复后按原时间导入。"),
    ),
    Service(
        "rules",
        _("规则"),
        _("责任清单、时限、紧急绕行、阈值、权重：城市包里的表，分版本，启用前可试行。"),
        ("GET /api/knowledge/categories",),
        ("duties check", "duties try", "powers"),
        "/powers",
        _("责任条目"),
        _("清单文本公布于窗口，改动经会议决定后载入。"),
    ),
    Service(
        "judging",
        _("模型与研判"),
        _("登记、比对、批准、部署、回滚、漂移监测；没把握的留给人。"),
        ("GET /api/models",),
        ("model list", "model deploy", "model drift"),
        "/models",
        _("在用部署"),
        _("话务员或值班人员人工选类。"),
    ),
    Service(
        "sensing",
        _("感知"),
        _("读数入库、越限预警立案、按日入湖。"),
        ("POST /api/readings", "GET /api/data/lake/cut"),
        ("lake status", "weather set"),
        "/map?layer=sensors",
        _("感知设备"),
        _("网格员现场看尺、看表后上报。"),
    ),
    Service(
        "ledger",
        _("账本与审计"),
        _("凡事是一条不改的事实，成链；屏幕所见都可由它重算；看过个人信息的留痕。"),
        ("GET /api/data/audit",),
        ("ledger verify", "ledger rebuild"),
        "/data/audit",
        _("事实"),
        _("案卷可打印盖章存档，编号与账本一致。"),
    ),
    Service(
        "catalogue",
        _("目录与标准"),
        _("有哪些数据、谁提供、多新、标准怎么说；来件按标准检查。"),
        ("GET /api/data/catalogue", "GET /api/data/standards", "POST /api/data/standards/{standard}/checks"),
        ("catalogue gather", "catalogue conform"),
        "/data/catalogue",
        _("数据资源"),
        _("目录可导出；没有接口的单位交表格文件，由归集命令读入。"),
    ),
    Service(
        "sharing",
        _("共享与回流"),
        _("申请、授权、遮蔽、按行留痕；采上来的还给采的人。"),
        ("GET /api/data/shared/{grant}", "GET /api/data/returns"),
        ("sharing fill", "sharing verify"),
        "/data/sharing",
        _("有效授权"),
        _("书面申请由数据局岗位代为提出，答复打印送达。"),
    ),
    Service(
        "signs",
        _("统计与体征"),
        _("同一条语句算出数、各区的数和背后的清单。"),
        ("GET /api/signs",),
        ("signs show", "evaluate figures"),
        "/signs",
        _("已算的体征"),
        _("页面可打印成日报。"),
    ),
)


@dataclass(frozen=True, slots=True)
class Act:
    """一件线上的事 at `page`, how it is done offline, and at which page somebody enters that afterwards."""

    name: Any
    page: str
    offline: Any
    entered: str


ACTS: tuple[Act, ...] = (
    Act(_("反映问题"), "/report", _("拨打政务服务热线，或到镇街窗口、社区当面说"), "/operator"),
    Act(_("查办理进度"), "/track", _("报编号打电话或到窗口问"), "/operator"),
    Act(_("自己不便上报"), "/report", _("请网格员代办"), "/field"),
    Act(_("看谁查过我的记录"), "/looked", _("到社区当面领一次性查询码"), "/data/registers"),
    Act(_("参加社区议事与表决"), "/community", _("线下会议；凭证当面发给居民"), "/community"),
    Act(_("处置并反馈"), "/cases", _("打印案卷作派工单，办后由本单位补录"), "/cases"),
    Act(_("现场巡查与填报"), "/field", _("无网时存在手机里；没有手机用纸表，回来录一次"), "/data/fill"),
    Act(_("回访"), "/cases?state=calling", _("打电话或上门问"), "/cases?state=calling"),
    Act(_("裁定"), "/arbitration", _("联席会议，会后由裁定岗位录入理由与依据"), "/arbitration"),
    Act(_("吹哨呼叫"), "/calls/new", _("电话呼叫，值班台先记"), "/duty"),
    Act(_("下达指令"), "/directives/new", _("书面令签收，回执随后补录"), "/directives"),
    Act(_("交接班"), "/duty", _("当面交接，另一人签字"), "/duty"),
    Act(_("申请数据"), "/data/sharing", _("书面申请，由数据局岗位代录"), "/data"),
)
