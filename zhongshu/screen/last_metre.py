"""最后一米的说法 the last metre beside the 30 days before and the same days a year ago, with each change in words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from zhongshu.data import last_metre
from zhongshu.data.last_metre import LastMetre
from zhongshu.data.quality import sampling
from zhongshu.kernel.places import Span
from zhongshu.screen.templatetags.screen import share

CASES: Mapping[str, Any] = {
    "closed": gettext_lazy("近 30 天办结"),
    "community": gettext_lazy("社区办结"),
    "street": gettext_lazy("街镇办结"),
    "visited": gettext_lazy("有人到门"),
    "helped": gettext_lazy("代办"),
    "contacted": gettext_lazy("有过首次联系"),
}
"""Each list of cases by its name in the address."""
WHENS: Mapping[str, Any] = {
    last_metre.NOW: gettext_lazy("近 30 天"),
    last_metre.BEFORE: gettext_lazy("前 30 天"),
    last_metre.YEAR: gettext_lazy("去年同期"),
}
Row = dict[str, Any]


def spell(minutes: float | None) -> str:
    """A span of minutes as a person says it."""
    if minutes is None:
        return "—"
    return _("{n} 分钟").format(n=round(minutes)) if minutes < 120 else _("{n} 小时").format(n=f"{minutes / 60:.1f}")


def numbers(found: LastMetre) -> list[Row]:
    """The figures of the present 30 days, each with its share or its median."""
    door = _("中位 {t}").format(t=spell(found.door_minutes)) if found.visited else _("没有到场签到")
    contact = _("首次联系中位 {t}，{n} 件").format(t=spell(found.contact_minutes), n=found.contacted)
    rows = (
        ("closed", found.closed, contact),
        ("community", found.at_community, share(found.share(found.at_community))),
        ("street", found.at_street, share(found.share(found.at_street))),
        ("visited", found.visited, door),
        ("helped", found.helped, _("为不便的人上报")),
    )
    return [{"code": code, "label": CASES[code], "n": n, "under": under} for code, n, under in rows]


def compared(span: Span, now: LastMetre, windows: Mapping[str, last_metre.Window]) -> Row:
    """`heads`, `rows` of figures by window with the change in words; `since` when an older window isn't on record."""
    began = last_metre.began()
    kept = {name: one for name, one in windows.items() if began is not None and one[0] >= began}
    past = {name: last_metre.measured(span, kept[name]) for name in kept if name != last_metre.NOW}
    every: dict[str, LastMetre | None] = {last_metre.NOW: now, **{name: past.get(name) for name in _PAST}}
    return {
        "heads": list(WHENS.values()),
        "rows": [row(code, every) for code in ("closed", "community", "street", "contacted", "visited", "helped")],
        "since": None if len(past) == len(_PAST) else began,
    }


_PAST = (last_metre.BEFORE, last_metre.YEAR)


def row(code: str, every: Mapping[str, LastMetre | None]) -> Row:
    """One figure of NAMES by window, None where there is no record, and what each change is in words. Pure."""
    now = every[last_metre.NOW]
    cells = [{"when": when, "text": _cell(code, one) if one else ""} for when, one in every.items()]
    said = [
        _("比{when}：{change}").format(when=WHENS[when], change=_change(code, now, one))
        for when, one in every.items()
        if when != last_metre.NOW and one and now
    ]
    return {"code": code, "label": NAMES[code], "cells": cells, "said": said}


NAMES: Mapping[str, Any] = {
    "closed": gettext_lazy("办结"),
    "community": gettext_lazy("社区办结占比"),
    "street": gettext_lazy("街镇办结占比"),
    "contacted": gettext_lazy("首次联系中位"),
    "visited": gettext_lazy("到门中位"),
    "helped": gettext_lazy("代办"),
}


def _cell(code: str, one: LastMetre) -> str:
    if code in ("closed", "helped"):
        return str(one.closed if code == "closed" else one.helped)
    if code in ("community", "street"):
        return share(one.share(_part(code, one))) or "—"
    minutes, of = _minutes(code, one)
    return _("{t}，{n} 件").format(t=spell(minutes), n=of)


def _part(code: str, one: LastMetre) -> int:
    return one.at_community if code == "community" else one.at_street


def _minutes(code: str, one: LastMetre) -> tuple[float | None, int]:
    return (one.contact_minutes, one.contacted) if code == "contacted" else (one.door_minutes, one.visited)


def _change(code: str, now: LastMetre, past: LastMetre) -> str:
    if code in ("closed", "helped"):
        return _more(now.closed - past.closed if code == "closed" else now.helped - past.helped)
    if code in ("community", "street"):
        return _points((_part(code, now), now.closed), (_part(code, past), past.closed))
    return _slower(_minutes(code, now)[0], _minutes(code, past)[0])


def _more(n: int) -> str:
    if not n:
        return _("一样多")
    return (_("多 {n} 件") if n > 0 else _("少 {n} 件")).format(n=abs(n))


def _points(now: tuple[int, int], past: tuple[int, int]) -> str:
    """Two shares apart in points; within what chance alone makes of so few cases it is no change."""
    bounds = sampling.difference(now, past)
    if bounds is None:
        return _("没有案件可比")
    points = 100 * (now[0] / now[1] - past[0] / past[1])
    said = (_("高 {n} 个百分点") if points >= 0 else _("低 {n} 个百分点")).format(n=f"{abs(points):.1f}")
    return said if bounds[0] > 0 or bounds[1] < 0 else _("{said}，在偶然波动之内").format(said=said)


def _slower(now: float | None, past: float | None) -> str:
    if now is None or past is None:
        return _("没有案件可比")
    if round(now) == round(past):
        return _("一样快")
    return (_("慢 {t}") if now > past else _("快 {t}")).format(t=spell(abs(now - past)))
