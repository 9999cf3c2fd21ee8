"""体征的用词 how signs are shown: colour and its word, number with unit, age, basis of the limit, trend as a line."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from zhongshu.data.signs.book import Bar, Sign
from zhongshu.data.signs.measures import MEASURES
from zhongshu.data.signs.reading import Now
from zhongshu.hub.signs import every
from zhongshu.kernel.desk import Knowledge
from zhongshu.screen import drawing, naming
from zhongshu.screen.frame import URLS
from zhongshu.screen.templatetags.screen import amount, span

SYSTEMS: Mapping[str, Any] = {
    "economy": gettext_lazy("经济"),
    "society": gettext_lazy("社会"),
    "survival": gettext_lazy("生存"),
    "ecology": gettext_lazy("生态"),
    "culture": gettext_lazy("文化"),
    "platform": gettext_lazy("平台"),
}
CYCLES: Mapping[str, Any] = {
    "RT": gettext_lazy("实时"),
    "H": gettext_lazy("每时"),
    "D": gettext_lazy("每日"),
    "M": gettext_lazy("每月"),
    "Q": gettext_lazy("每季"),
    "Y": gettext_lazy("每年"),
}
BASES: Mapping[str, Any] = {
    "law": gettext_lazy("法规"),
    "standard": gettext_lazy("标准"),
    "statistics": gettext_lazy("历史统计"),
    "expert": gettext_lazy("专家经验"),
    "default": gettext_lazy("默认值"),
}
LOOKS: Mapping[str, tuple[Any, str, str]] = {
    "red": (gettext_lazy("红"), "danger", "alert"),
    "amber": (gettext_lazy("黄"), "warn", "bell"),
    "stale": (gettext_lazy("已过时"), "warn", "clock"),
    "ok": (gettext_lazy("正常"), "ok", "check"),
    "none": (gettext_lazy("无阈值"), "", "minus"),
    "empty": (gettext_lazy("近期无样本"), "", "dots"),
    "nosource": (gettext_lazy("无数据源"), "", "barred"),
}
"""What is said of a sign: word, tone and picture; the worst first."""
FIRST = ("red", "amber")
"""Looks that somebody has to act on."""
UNJUDGED = ("stale", "none")
"""Numbers without a judgement: too old for one, or nothing to judge them by."""
TOGETHER: Mapping[str, Any] = {
    "sum": gettext_lazy("计数"),
    "share": gettext_lazy("占比：{a} / {b}"),
    "mean": gettext_lazy("平均：{a} / {b}"),
    "max": gettext_lazy("最大值，共 {n} 个"),
    "median": gettext_lazy("中位数，共 {n} 个"),
}


def look(sign: Sign, now: Now | None, moment: datetime) -> str:
    """A key of LOOKS; a stale number has no other."""
    if not sign.measure or now is None:
        return "nosource"
    if now.fresh_at is None and now.value is None:
        return "empty"
    if now.stale(moment, sign.staleness_minutes, every(sign)):
        return "stale"
    return "empty" if now.value is None else now.colour


def name(sign: Sign) -> str:
    return naming.said(sign.name, sign.name_en)


def unit(sign: Sign) -> str:
    """What it is counted in; "" for a plain number."""
    return naming.said(sign.unit, sign.unit_en) if sign.unit != "—" else ""


def owner(sign: Sign, knowledge: Knowledge) -> str:
    """The city's unit of this line of work, or the line's own name where the city has none."""
    code = knowledge.unit_at.get((knowledge.city, sign.owner), "")
    return naming.unit_name(code, knowledge) if code else sign.owner


def limit_text(bar: Bar | None, now: Now | None) -> str:
    """The limits in force as one line: by history with the values that they are here."""
    if bar is None:
        return ""
    held = (now.amber, now.red) if now and bar.how == "history" else (bar.limit.amber, bar.limit.red)
    if bar.how == "history" and held == (None, None):
        return _("历史不足，暂不判色")
    sign = "≥" if bar.limit.up else "≤"
    parts = [(_("黄"), held[0]), (_("红"), held[1])]
    return " · ".join(f"{word} {sign} {amount(value)}" for word, value in parts if value is not None)


def basis(sign: Sign, now: Now | None) -> str:
    """What the number is made of, and of which time: the same thing is counted for today elsewhere, of now here."""
    if not sign.measure or now is None:
        return ""
    measure = MEASURES[sign.measure]
    words = str(TOGETHER[measure.together]).format(a=amount(now.a), b=amount(now.b), n=amount(now.rows))
    if "%(since)s" in measure.sql:
        return _("近 {t}").format(t=span(measure.window)) + " · " + words
    return _("此刻在册") + " · " + words if measure.live else words


def row(sign: Sign, now: Now | None, moment: datetime, knowledge: Knowledge) -> dict[str, Any]:
    """One sign as the table shows it."""
    seen = look(sign, now, moment)
    word, tone, picture = LOOKS[seen]
    place = now.place if now else knowledge.city
    return {
        "code": sign.code,
        "no": sign.no or "",
        "name": name(sign),
        "unit": unit(sign),
        "system": sign.system,
        "system_name": SYSTEMS[sign.system],
        "cycle_name": CYCLES[sign.cycle],
        "source": naming.said(sign.source, sign.source_en),
        "standin": sign.standin,
        "computed": bool(sign.measure),
        "value": amount(now.value) if now else "—",
        "stale": seen == "stale",
        "look": seen,
        "look_name": word,
        "tone": tone,
        "picture": picture,
        "as_of": now.fresh_at if now else None,
        "measured_at": now.at if now else None,
        "age": naming.ago(now.fresh_at) if now and now.fresh_at else "",
        "since": now.since if now else None,
        "basis": basis(sign, now),
        "limits": limit_text(sign.bar, now),
        "ground": BASES[sign.bar.basis] if sign.bar else "",
        "ground_text": naming.said(sign.bar.basis_text, sign.bar.basis_text_en) if sign.bar else "",
        "author": naming.said(sign.bar.author, sign.bar.author_en) if sign.bar else "",
        "owner": owner(sign, knowledge),
        "url": f"{URLS['signs']}/{sign.code}?place={place}",
        "list_url": f"{URLS['signs']}/{sign.code}/objects?place={place}" if now else "",
    }


def trend(values: Sequence[float]) -> dict[str, Any] | None:
    """A line of the last numbers; None with fewer than two."""
    return drawing.line(list(values)) if len(values) > 1 else None
