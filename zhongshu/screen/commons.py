"""社区用词 what communities' pages call things, and how topics and replies look to whoever reads them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from zhongshu.data import casefile
from zhongshu.hub import community_rules as rules
from zhongshu.hub.community_rules import Speaker, Turn
from zhongshu.kernel.access import mask_phone
from zhongshu.kernel.desk import Knowledge
from zhongshu.screen import naming
from zhongshu.screen.frame import URLS
from zhongshu.screen.tracking import track_url

KINDS: Mapping[str, Any] = {
    "notice": gettext_lazy("公告"),
    "topic": gettext_lazy("话题"),
    "vote": gettext_lazy("表决"),
}
MEMBERS: Mapping[str, Any] = {
    "resident": gettext_lazy("居民"),
    "firm": gettext_lazy("企业商户"),
    "body": gettext_lazy("社会组织"),
}
GROUNDS: Mapping[str, Any] = {
    "privacy": gettext_lazy("泄露他人隐私"),
    "abuse": gettext_lazy("辱骂、人身攻击"),
    "false": gettext_lazy("已查实为不实"),
    "illegal": gettext_lazy("违法内容"),
    "advert": gettext_lazy("广告"),
    "off_topic": gettext_lazy("与社区无关"),
}
STATES: Mapping[str, tuple[Any, str]] = {
    "open": (gettext_lazy("公开"), ""),
    "hidden": (gettext_lazy("已隐藏"), "warn"),
    "appealed": (gettext_lazy("申诉中"), "info"),
    "upheld": (gettext_lazy("维持隐藏"), ""),
    "ended": (gettext_lazy("已结束"), ""),
}
ADOPTIONS: Mapping[str, Any] = {
    "adopted": gettext_lazy("已被认领"),
    "done": gettext_lazy("认领人报完成，待社区确认"),
    "confirmed": gettext_lazy("认领完成，社区已确认"),
}
MOVES: Mapping[str, Any] = {
    "hide": gettext_lazy("隐藏"),
    "appeal": gettext_lazy("申诉"),
    "restore": gettext_lazy("恢复公开"),
    "uphold": gettext_lazy("维持隐藏"),
    "file": gettext_lazy("转为案件办理"),
    "adopt": gettext_lazy("认领"),
    "done": gettext_lazy("报完成"),
    "confirm": gettext_lazy("确认完成"),
    "drop": gettext_lazy("放弃认领"),
    "end": gettext_lazy("结束"),
}
ACTS: Mapping[str, Any] = {
    "any": gettext_lazy("至少参与一次"),
    "said": gettext_lazy("发过言"),
    "voted": gettext_lazy("投过票"),
    "adopted": gettext_lazy("认领并办成"),
    "looked": gettext_lazy("核实过邻里事项"),
    "volunteered": gettext_lazy("参加过志愿服务"),
}
_NUMBERS = re.compile(r"\d{7,}")


def public(text: str) -> str:
    """Words as strangers see them: long numbers, of telephones or identity cards, are masked."""
    return _NUMBERS.sub(lambda found: mask_phone(found[0]), text)


def author(row: Mapping[str, Any], knowledge: Knowledge) -> str:
    """Who said it, as others see it: a resident by his number, a firm or body by its name, a post by its unit."""
    if not row["member"]:
        return naming.unit_name(row["unit"], knowledge)
    if row["member_kind"] == rules.RESIDENT:
        return _("居民 {n}").format(n=row["member_name"])
    return str(row["member_name"] or "")


def shown(row: Mapping[str, Any], speaker: Speaker, now: datetime, knowledge: Knowledge) -> dict[str, Any]:
    """A topic or a reply with its names and what this speaker may do to it."""
    word, tone = STATES[row["state"]]
    return {
        **row,
        "text": public(row["text"]),
        "title": public(str(row.get("title") or "")),
        "author": author(row, knowledge),
        "official": not row["member"],
        "own": bool(speaker.number) and speaker.number == row["member"],
        "kind_name": KINDS.get(row.get("kind", ""), ""),
        "state_name": word,
        "tone": tone,
        "adoption_name": ADOPTIONS.get(row.get("adoption") or "", ""),
        "moves": [
            {"name": name, "label": MOVES[name], "needs": rules.MOVES[name].needs}
            for name in rules.open_moves(Turn(row, speaker, now))
        ],
    }


def case_of(topic: Mapping[str, Any], speaker: Speaker) -> dict[str, Any] | None:
    """What became of the case that a topic led to: its state, what was told to its reporter, and the way there."""
    if not topic["report"]:
        return None
    found = casefile.tracked(topic["report"])
    case = found["case"] if found else None
    if found is None or case is None:
        return {"number": str(topic["report"]), "state": "", "state_name": _("已收到"), "told": [], "url": ""}
    own = bool(speaker.number) and speaker.number == topic["member"]
    staff = speaker.viewer is not None and speaker.viewer.span.holds(case["place"])
    told = [one["text"] for one in found["steps"] if one["kind"] == "Handled" and one["text"]]
    way = f"{URLS['case']}{case['id']}" if staff else track_url(topic["report"]) if own else ""
    return {
        "number": case["number"],
        "state": case["state"],
        "state_name": naming.STATES.get(case["state"], ""),
        "told": told[-1:],
        "url": way,
    }
