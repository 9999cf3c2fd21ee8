"""志愿与积分用词 what pages of tasks, looks and points call things, and how their rows look to readers."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from zhongshu.data import points as accounts
from zhongshu.hub import community_rules, point_rules
from zhongshu.hub import volunteer_rules as rules
from zhongshu.hub.community_rules import Speaker, Turn
from zhongshu.hub.points import TURNS
from zhongshu.hub.volunteer_rules import Step
from zhongshu.kernel.desk import Knowledge
from zhongshu.screen import commons, naming

STATES: Mapping[str, tuple[Any, str]] = {
    "open": (gettext_lazy("可报名"), "ok"),
    "full": (gettext_lazy("人数已满"), ""),
    "running": (gettext_lazy("进行中"), "info"),
    "waiting": (gettext_lazy("待确认到场"), "warn"),
    "over": (gettext_lazy("已结束"), ""),
    "cancelled": (gettext_lazy("已取消"), ""),
}
ENROLMENTS: Mapping[str, tuple[Any, str]] = {
    "enrolled": (gettext_lazy("已报名"), "info"),
    "withdrawn": (gettext_lazy("已退出"), ""),
    "came": (gettext_lazy("到场"), "ok"),
    "absent": (gettext_lazy("未到"), "warn"),
}
LOOKS: Mapping[str, tuple[Any, str]] = {
    "said": (gettext_lazy("待社区采信"), "info"),
    "accepted": (gettext_lazy("已采信"), "ok"),
    "declined": (gettext_lazy("未采信"), ""),
}
ACTS: Mapping[str, Any] = {
    "report": gettext_lazy("上报属实"),
    "verify": gettext_lazy("邻里核实"),
    "adopt": gettext_lazy("认领办成"),
    "volunteer": gettext_lazy("志愿服务"),
}
ENTRIES: Mapping[str, Any] = {
    "earned": gettext_lazy("记分"),
    "reversed": gettext_lazy("冲销"),
    "restored": gettext_lazy("申诉成立，恢复"),
    "used": gettext_lazy("兑换"),
}
WHY: Mapping[str, Any] = {
    "ceiling": gettext_lazy("超过本户当月上限"),
    "same_day": gettext_lazy("同一人同一天同类已计"),
    "own_household": gettext_lazy("涉及自家的事"),
    "no_household": gettext_lazy("没有登记住户"),
    "duplicate": gettext_lazy("同一户重复上报"),
    "untrue": gettext_lazy("上报不属实或未受理"),
    "reversed": gettext_lazy("已冲销"),
}
GROUNDS: Mapping[str, Any] = {
    "untrue": gettext_lazy("后来查明不属实"),
    "not_done": gettext_lazy("没有做或没有做完"),
    "household": gettext_lazy("同一户互相确认"),
    "mistake": gettext_lazy("记错"),
}
LINES: Mapping[str, tuple[Any, str]] = {
    "hidden": (gettext_lazy("已冲销"), "warn"),
    "appealed": (gettext_lazy("申诉中"), "info"),
    "upheld": (gettext_lazy("维持冲销"), ""),
}
MOVES: Mapping[str, Any] = {
    "hide": gettext_lazy("冲销"),
    "appeal": gettext_lazy("申诉"),
    "restore": gettext_lazy("恢复记分"),
    "uphold": gettext_lazy("维持冲销"),
}
BASES: Mapping[str, Any] = {
    "law": gettext_lazy("法律法规"),
    "standard": gettext_lazy("标准"),
    "statistics": gettext_lazy("统计"),
    "expert": gettext_lazy("专家意见"),
    "default": gettext_lazy("本系统示范自定"),
}


def _state(task: Mapping[str, Any], now: datetime) -> str:
    if task["state"] != "open":
        return "cancelled"
    if now < task["begins_at"]:
        return "full" if task["enrolled"] >= task["wanted"] else "open"
    if now < task["ends_at"]:
        return "running"
    return "waiting" if task["waiting"] else "over"


def task(row: Mapping[str, Any], now: datetime, names: Mapping[str, str]) -> dict[str, Any]:
    """A task with the name of its kind and how it stands."""
    state = _state(row, now)
    word, tone = STATES[state]
    hours = f"{rules.planned(row):g}"
    shown = {name: commons.public(row[name]) for name in ("title", "text", "spot")}
    return {
        **row,
        **shown,
        "kind_name": names.get(row["rule"], row["rule"]),
        "state_name": word,
        "tone": tone,
        "planned": hours,
        "given": f"{row['hours']:g}",
    }


def enrolment(
    row: Mapping[str, Any], task: Mapping[str, Any], speaker: Speaker, now: datetime, knowledge: Knowledge
) -> dict[str, Any]:
    """One who enrolled, as the community's post sees him."""
    word, tone = ENROLMENTS[row["state"]]
    finds = not rules.refusal(rules.CAME, Step(task, row, speaker, now))
    named = commons.author({**row, "unit": ""}, knowledge)
    return {**row, "author": named, "state_name": word, "tone": tone, "finds": finds, "given": f"{row['hours']:g}"}


def look(row: Mapping[str, Any], speaker: Speaker, knowledge: Knowledge) -> dict[str, Any]:
    """What a neighbour saw, as others see it."""
    word, tone = LOOKS[row["state"]]
    return {
        **row,
        "text": commons.public(row["text"]),
        "reason": commons.public(row["reason"]),
        "author": commons.author({**row, "unit": ""}, knowledge),
        "own": speaker.number == row["member"],
        "done_name": _("看到已办好") if row["done"] else _("看到没有办好"),
        "state_name": word,
        "tone": tone,
        "settles": not rules.settle_refusal(speaker, row),
    }


def rule_names(at: datetime) -> dict[str, str]:
    """Code -> name of the rules in force, in the reader's language."""
    return {row["code"]: naming.said(row["name"], row["name_en"]) for row in accounts.rules(at)}


def rule_rows(at: datetime) -> list[dict[str, Any]]:
    """The rules in force with their grounds: what is law, and what somebody set."""
    return [
        {
            **row,
            "called": naming.said(row["name"], row["name_en"]),
            "basis_name": BASES.get(row["basis"], row["basis"]),
            "ground": naming.said(row["basis_text"], row["basis_text_en"]),
            "lawful": naming.said(row["law"], row["law_en"]),
            "set_by": naming.said(row["author"], row["author_en"]),
        }
        for row in accounts.rules(at)
    ]


def line(
    row: Mapping[str, Any], speaker: Speaker, now: datetime, names: Mapping[str, str], knowledge: Knowledge
) -> dict[str, Any]:
    """One line of an account: what it came from, by which rule, what of it counted and why not the rest."""
    word, tone = LINES.get(row["state"], ("", ""))
    way = "tasks" if row["act"] == point_rules.VOLUNTEER else "topics"
    return {
        **row,
        "author": commons.author({**row, "unit": ""}, knowledge),
        "title": commons.public(row["title"]),
        "text": commons.public(row["text"]),
        "signed": f"{row['points']:+d}" if row["points"] else "0",
        "entry_name": ENTRIES[row["entry"]],
        "act_name": ACTS.get(row["act"], ""),
        "rule_name": names.get(row["rule"], row["rule"]),
        "since": row["version"][:10],
        "why_name": WHY.get(row["why"], ""),
        "ground_name": GROUNDS.get(row["ground"], ""),
        "state_name": word,
        "tone": tone,
        "way": f"{way}/{row['source']}" if row["source"] else "",
        "moves": _moves(row, speaker, now),
    }


def _moves(row: Mapping[str, Any], speaker: Speaker, now: datetime) -> list[dict[str, Any]]:
    if row["entry"] != "earned" or not row["points"]:
        return []
    open_ = community_rules.open_moves(Turn(row, speaker, now))
    return [
        {"name": name, "label": MOVES[name], "needs": community_rules.MOVES[name].needs}
        for name in TURNS
        if name in open_
    ]
