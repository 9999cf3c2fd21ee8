"""呼应与指令的用词与表单 how calls and directives are called on the screens, and what each move asks for."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from zhongshu.kernel.access import Viewer
from zhongshu.kernel.convening import CALL, KINDS, Matter
from zhongshu.kernel.desk import Knowledge
from zhongshu.kernel.facts import Kind
from zhongshu.kernel.places import Level
from zhongshu.screen import naming

Field = dict[str, Any]
Words = Mapping[str, Any]

CALL_KINDS: Words = {
    "resident": gettext_lazy("民呼"),
    "street": gettext_lazy("街镇呼"),
    "enterprise": gettext_lazy("企业呼"),
    "party": gettext_lazy("党呼"),
}
FORMS: Words = {"order": gettext_lazy("令"), "ban": gettext_lazy("禁")}
PROOFS: Words = {"text": gettext_lazy("文字说明"), "photos": gettext_lazy("照片")}
STATES: Mapping[str, tuple[Any, str, str]] = {
    "open": (gettext_lazy("进行中"), "info", "dots"),
    "ended": (gettext_lazy("已结束"), "ok", "check"),
    "withdrawn": (gettext_lazy("已撤回"), "", "back"),
    "notified": (gettext_lazy("待响应"), "warn", "bell"),
    "acknowledged": (gettext_lazy("已响应"), "info", "send"),
    "arrived": (gettext_lazy("已到场"), "info", "pin"),
    "acted": (gettext_lazy("已处置，待放行"), "info", "tool"),
    "released": (gettext_lazy("已放行，待评分"), "info", "check"),
    "scored": (gettext_lazy("已评分"), "ok", "check"),
    "sent": (gettext_lazy("待签收"), "warn", "bell"),
    "received": (gettext_lazy("执行中"), "info", "tool"),
    "executed": (gettext_lazy("待认可"), "info", "eye"),
    "excepted": (gettext_lazy("例外待答复"), "warn", "question"),
    "accepted": (gettext_lazy("已认可"), "ok", "check"),
    "exempt": (gettext_lazy("准予例外"), "ok", "check"),
}
"""State -> its word, and tone and picture of its badge."""

CLOCKS: Words = {
    "acknowledge": gettext_lazy("响应"),
    "arrive": gettext_lazy("到场"),
    "act": gettext_lazy("处置"),
    "receive": gettext_lazy("签收"),
    "execute": gettext_lazy("执行"),
}
OWED: Mapping[str, frozenset[str]] = {
    "acknowledge": frozenset({"notified"}),
    "arrive": frozenset({"notified", "acknowledged"}),
    "act": frozenset({"notified", "acknowledged", "arrived"}),
    "receive": frozenset({"sent"}),
    "execute": frozenset({"sent", "received"}),
}
"""Clock -> the states of a unit in which what it times is still to be done, however late."""


def owed(part: Mapping[str, Any], open_: bool) -> list[dict[str, Any]]:
    """The limits that one unit of a matter still has to meet, the first on top: name, due_at, overdue.

    A limit that ran out stops and is remembered as missed; until the unit does what it was for, it is shown as overdue.
    """
    found = [
        {"name": CLOCKS[clock], "due_at": datetime.fromisoformat(due), "overdue": clock in part["missed"]}
        for clock, due in part["limits"].items()
        if open_ and part["state"] in OWED[clock] and (clock in part["missed"] or clock not in part["stopped"])
    ]
    return sorted(found, key=lambda one: one["due_at"])


def met_late(part: Mapping[str, Any], open_: bool) -> list[Any]:
    """The limits that were missed and of which no clock is shown any more."""
    shown = {str(one["name"]) for one in owed(part, open_)}
    return [CLOCKS[one] for one in part["missed"] if str(CLOCKS[one]) not in shown]


FACTS: Words = {
    "Called": gettext_lazy("呼叫"),
    "CallWidened": gettext_lazy("加呼"),
    "CallAcknowledged": gettext_lazy("响应"),
    "CallArrived": gettext_lazy("到场"),
    "CallActed": gettext_lazy("到场处置"),
    "CallReleased": gettext_lazy("放行"),
    "CallExcused": gettext_lazy("免到"),
    "CallScored": gettext_lazy("评分"),
    "CallUnanswered": gettext_lazy("呼而不应"),
    "CallRaised": gettext_lazy("呼叫升级"),
    "CallWithdrawn": gettext_lazy("撤呼"),
    "CallEnded": gettext_lazy("呼应结束"),
    "Directed": gettext_lazy("下达指令"),
    "DirectiveReceived": gettext_lazy("签收"),
    "DirectiveExecuted": gettext_lazy("执行反馈"),
    "DirectiveExcepted": gettext_lazy("例外报告"),
    "ExceptionGranted": gettext_lazy("准予例外"),
    "ExceptionDeclined": gettext_lazy("不准例外"),
    "ProofAccepted": gettext_lazy("执行认可"),
    "ProofReturned": gettext_lazy("执行退回"),
    "DirectiveMissed": gettext_lazy("令而不行"),
    "HeldAccountable": gettext_lazy("问责"),
    "DirectiveWithdrawn": gettext_lazy("撤令"),
    "DirectiveEnded": gettext_lazy("指令办结"),
    "LakeFiled": gettext_lazy("入湖"),
    "LakeErased": gettext_lazy("到期销毁"),
    "CauseFound": gettext_lazy("发现候选病因"),
    "CauseConfirmed": gettext_lazy("确认病因"),
    "CauseDismissed": gettext_lazy("排除"),
    "CauseTasked": gettext_lazy("立联合任务"),
    "CauseUntasked": gettext_lazy("联合任务已撤"),
    "CauseTreated": gettext_lazy("治理到位"),
    "CauseSettled": gettext_lazy("销号"),
    "Gathered": gettext_lazy("归集数据"),
    "GatherFailed": gettext_lazy("归集失败"),
    "FeedChecked": gettext_lazy("检查来件"),
    "ProceedingBegun": gettext_lazy("事项立项"),
    "ProceedingMoved": gettext_lazy("事项流转"),
    "ProceedingOverdue": gettext_lazy("事项逾期"),
    "FormFilled": gettext_lazy("填报"),
    "TableGiven": gettext_lazy("取表"),
    "SampleDrawn": gettext_lazy("抽样核实"),
    "RowConfirmed": gettext_lazy("核实一行"),
    "CourseTaken": gettext_lazy("参加培训"),
    "DataUsed": gettext_lazy("数据使用"),
    "DataUseFailed": gettext_lazy("使用未成"),
    "ReturnOpened": gettext_lazy("回流开通"),
    "DataFlowed": gettext_lazy("上报或回流"),
    "CheckedIn": gettext_lazy("签到"),
    "Helped": gettext_lazy("代办"),
    "MemberAdmitted": gettext_lazy("发放居民凭证"),
    "MemberMoved": gettext_lazy("凭证变更"),
    "TopicPosted": gettext_lazy("社区发布"),
    "TopicReplied": gettext_lazy("社区回帖"),
    "BallotCast": gettext_lazy("社区表决"),
    "TopicMoved": gettext_lazy("社区流转"),
    "TaskPosted": gettext_lazy("志愿任务"),
    "TaskMoved": gettext_lazy("志愿任务流转"),
    "NeighbourLooked": gettext_lazy("邻里核实"),
    "LookSettled": gettext_lazy("核实采信"),
    "PointsReckoned": gettext_lazy("记分"),
    "PointsMoved": gettext_lazy("积分流转"),
    "PointsUsed": gettext_lazy("积分兑换"),
}

SCORES: tuple[Any, ...] = (
    gettext_lazy("1 非常不满意"),
    gettext_lazy("2 不满意"),
    gettext_lazy("3 基本满意"),
    gettext_lazy("4 满意"),
    gettext_lazy("5 非常满意"),
)


def _field(name: str, label: Any, kind: str = "textarea", must: bool = True, options: Any = ()) -> Field:
    return {"name": name, "label": label, "type": kind, "required": must, "options": list(options)}


def fields(kind: str, units: list[tuple[str, str]]) -> list[Field]:
    """What the dialog of one move asks for; `units` are those that could be called as well."""
    reason = _field("reason", _("理由"))
    photos = _field("photos", _("照片"), "file", must=False)
    deadline = _field("deadline", _("新的期限"), "datetime-local", must=False)
    asked: dict[str, list[Field]] = {
        Kind.CALL_WIDENED: [_field("units", _("再呼哪些单位"), "several", options=units), reason],
        Kind.CALL_ACKNOWLEDGED: [_field("text", _("备注"), must=False)],
        Kind.CALL_ARRIVED: [
            _field("here", _("您在哪里"), "here"),
            {**photos, "label": _("现场照片"), "required": True},
            _field("reason", _("不在现场或无法定位的原因"), must=False),
        ],
        Kind.CALL_ACTED: [_field("result", _("做了什么")), photos],
        Kind.CALL_RELEASED: [_field("text", _("备注"), must=False)],
        Kind.CALL_EXCUSED: [reason],
        Kind.CALL_SCORED: [
            _field("score", _("评分"), "radio", options=enumerate(SCORES, 1)),
            _field("word", _("评语")),
        ],
        Kind.CALL_WITHDRAWN: [reason],
        Kind.DIRECTIVE_EXECUTED: [_field("result", _("怎样执行的")), photos],
        Kind.DIRECTIVE_EXCEPTED: [_field("reason", _("不能执行的原因")), photos],
        Kind.EXCEPTION_GRANTED: [reason],
        Kind.EXCEPTION_DECLINED: [reason, deadline],
        Kind.PROOF_ACCEPTED: [_field("text", _("备注"), must=False)],
        Kind.PROOF_RETURNED: [reason, deadline],
        Kind.HELD_ACCOUNTABLE: [_field("measure", _("问责措施")), reason],
        Kind.DIRECTIVE_WITHDRAWN: [reason],
    }
    return asked.get(kind, [])


def posted(kind: str, given: Any) -> dict[str, Any]:
    """A posted form as the payload of a move or of a new matter: lists, numbers and local times by their fields."""
    found: dict[str, Any] = {}
    for name in given:
        value = given.get(name, "").strip()[:4000]
        if name in ("csrfmiddlewaretoken", "move", "photos") or not value:
            continue
        found[name] = _typed(name, value, given)
    return found


def _typed(name: str, value: str, given: Any) -> Any:
    if name == "units":
        return [one for one in given.getlist(name) if one]
    if name in ("urgent",):
        return value == "1"
    if name in ("arrive_by", "deadline"):
        return _aware(value)
    return value


def _aware(text: str) -> str:
    """A local time of a form, with its zone; anything else stays as it is and is refused further on."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return text
    return (moment if moment.tzinfo else timezone.make_aware(moment)).isoformat()


def kinds_for(viewer: Viewer, knowledge: Knowledge) -> list[tuple[str, Any]]:
    """The kinds of call that this post may begin; those that only few may begin come first."""
    own = knowledge.units.get(viewer.unit)
    line, level = own.kind if own else "", viewer.level.name.lower()
    open_ = {
        rule.kind: bool(rule.levels or rule.lines)
        for rule in knowledge.calls.values()
        if (not rule.levels or level in rule.levels) and (not rule.lines or line in (*rule.lines, "leading_group"))
    }
    found = [kind for kind in KINDS if kind in open_]
    return [(kind, CALL_KINDS[kind]) for kind in sorted(found, key=lambda kind: not open_[kind])]


AT_MOST = 600
_LEVELS: Words = {
    "CITY": gettext_lazy("市级"),
    "DISTRICT": gettext_lazy("区级"),
    "STREET": gettext_lazy("街镇"),
    "COMMUNITY": gettext_lazy("社区"),
}


def unit_options(viewer: Viewer, matter: Matter[Any], knowledge: Knowledge) -> list[tuple[str, str]]:
    """Whom this post may name: all of a line of work below it, then units around it, the nearest level first.

    A call may name units above; a directive only those at or below the issuer's own place.
    """
    scheme, place = knowledge.scheme, viewer.place or knowledge.city
    around = {scheme.at(place, level) for level in Level if level <= scheme.level(place)}
    below = min(Level.COMMUNITY, viewer.level + 1)
    found = [
        unit
        for unit in knowledge.units.values()
        if unit.code != viewer.unit
        and (unit.place in around if matter is CALL else False)
        or (viewer.span.holds(unit.place) and unit.level <= below and unit.level >= viewer.level)
    ]
    found = [unit for unit in dict.fromkeys(found) if unit.code != viewer.unit]
    found.sort(key=lambda unit: (abs(unit.level - viewer.level), unit.code))
    named = [(unit.code, naming.unit_name(unit.code, knowledge)) for unit in found]
    return [*_groups(viewer, knowledge), *named][:AT_MOST]


def _groups(viewer: Viewer, knowledge: Knowledge) -> list[tuple[str, str]]:
    """ "全部社区党支部": each line of work of the levels below, as one choice."""
    seen: dict[str, str] = {}
    for unit in knowledge.units.values():
        if unit.level > viewer.level and viewer.span.holds(unit.place):
            code = f"{unit.level.name.lower()}/{unit.kind}"
            around = naming.place_name(unit.place, knowledge)
            plain = naming.unit_name(unit.code, knowledge).removeprefix(around).strip()
            seen.setdefault(code, _("全部{level}：{line}").format(level=_LEVELS[unit.level.name], line=plain))
    return sorted(seen.items())
