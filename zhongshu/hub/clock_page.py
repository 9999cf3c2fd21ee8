"""时限说明页 the page that explains a case's clocks, as text and as JSON: Chinese first, English second."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict
from datetime import datetime, timedelta
from itertools import groupby
from typing import Any

from zhongshu.data.counting import Change, Count, Pause, Stretch
from zhongshu.kernel.clocks import CITY_TIME
from zhongshu.kernel.facts import Kind
from zhongshu.kernel.lifecycle import BY_KIND

NAMES = {
    "accept": "受理 accept",
    "verify": "核实 verify",
    "file": "立案 file",
    "dispatch": "派遣 dispatch",
    "rule": "裁定 ruling",
    "sign": "签收 sign",
    "contact": "首次联系 first contact",
    "make_safe": "安全措施 make safe",
    "handle": "处置 handle",
    "bundled": "捆绑 bundled",
    "check": "核查 check",
    "call_back": "回访 call-back",
    "supervise": "督办答复 supervise",
    "supplement": "待补充 supplement",
    "review": "挂账复查 review",
    "overall": "整体 overall",
}
_BIRTHS = {Kind.JUDGED: "受理", Kind.UNCLEAR: "待人工研判", Kind.WARNED: "预警立案"}
_DAYS = "一二三四五六日"


def page(counts: Iterable[Count], title: str, at: datetime) -> str:
    """The explanation of one case as a person reads it; moments in city time, minutes as counted."""
    lines = [f"{title}", f"截至 as of {_moment(at)} (UTC+8)"]
    for count in counts:
        lines += ["", *_count(count)]
    return "\n".join(lines) + "\n"


def _count(count: Count) -> Iterator[str]:
    name = NAMES.get(count.name, count.name)
    if count.automatic:
        yield f"【{name}】 {_moment(count.starts_at)}  自动完成 automatic: 0 分 min  (事实 fact {count.fact})"
        return
    yield f"【{name}】 限 limit {count.limit} 分 min · {count.calendar}"
    yield f"  起 start  {_moment(count.starts_at)}  {_kind(count.kind)}  (事实 fact {count.fact})"
    for _, line in sorted(_lines(count), key=lambda pair: pair[0]):
        yield line
    if count.stopped_at:
        yield f"  止 stop   {_moment(count.stopped_at)}  {_kind(count.stopped_kind)}  (事实 fact {count.stopped_by})"
    yield f"  合计 used {_number(count.used)} / {count.limit} 分 min · 到期 due {_due(count)} · {_verdict(count)}"


def _lines(count: Count) -> Iterator[tuple[datetime, str]]:
    for change in count.changes:
        yield change.at, _change(change)
    for pause in count.pauses:
        yield pause.start, _pause(pause)
    for stretch in count.stretches:
        yield stretch.start, "\n".join(_stretch(stretch))


def _stretch(stretch: Stretch) -> Iterator[str]:
    span = f"{_moment(stretch.start)} → {_moment(stretch.end)}"
    yield f"  计 count  {span}  = {_number(stretch.minutes)} 分 min · {stretch.calendar}"
    for day, windows in groupby(stretch.windows, key=lambda pair: pair[0].astimezone(CITY_TIME).date()):
        parts = list(windows)
        spans = " ".join(f"{_clock(start)}–{_clock(end)}" for start, end in parts)
        total = sum((end - start for start, end in parts), timedelta()).total_seconds() / 60
        yield f"      {day} 周{_DAYS[day.weekday()]}  {spans}  {_number(total)}{_special(stretch, day.isoformat())}"
    off = [day for day, works in stretch.special.items() if not works]
    if off:
        yield f"      放假不计 holidays not counted: {'、'.join(off)}"


def _special(stretch: Stretch, day: str) -> str:
    return "  （调休上班 make-up workday）" if stretch.special.get(day) else ""


def _pause(pause: Pause) -> str:
    end = _moment(pause.end) if pause.end else "未恢复 not resumed"
    why = f"{_kind(pause.kind)}: {pause.reason} (事实 fact {pause.fact})"
    return f"  停 pause  {_moment(pause.start)} → {end}  不计 not counted · {why}"


def _change(change: Change) -> str:
    due = f"到期 due {_moment(change.due_at)}"
    head = f"  变 change {_moment(change.at)}  {_kind(change.kind)} (事实 fact {change.fact})"
    return f"{head}: 限 limit {change.minutes} min · {due} · {change.calendar}"


def _verdict(count: Count) -> str:
    if count.late:
        seen = f"，{_moment(count.overdue_at)} 记录 recorded" if count.overdue_at else ""
        return f"已逾期 LATE{seen}"
    if count.stopped_at:
        return "按时 in time"
    return "停表中，未逾期 standing, not late" if count.paused else "在计，未逾期 running, not late"


def _due(count: Count) -> str:
    return _moment(count.due_at) if count.due_at and not count.paused else "停表未定 open while paused"


def _kind(kind: str) -> str:
    arrow = BY_KIND.get(kind)
    return f"{arrow.name if arrow else _BIRTHS.get(Kind(kind), kind)} {kind}"


def _moment(moment: datetime) -> str:
    return f"{moment.astimezone(CITY_TIME):%Y-%m-%d %H:%M}"


def _clock(moment: datetime) -> str:
    return f"{moment.astimezone(CITY_TIME):%H:%M}"


def _number(minutes: float) -> str:
    return f"{minutes:.1f}".removesuffix(".0")


def as_json(counts: Sequence[Count]) -> list[dict[str, Any]]:
    """The same as plain JSON values: moments as ISO 8601 in UTC, with `used` and `paused` beside the fields."""
    return [_plain({**asdict(one), "used": round(one.used, 3), "paused": one.paused}) for one in counts]


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _plain(one) for name, one in value.items() if name != "since"}
    if isinstance(value, (list, tuple)):
        return [_plain(one) for one in value]
    return value.isoformat() if isinstance(value, datetime) else value
