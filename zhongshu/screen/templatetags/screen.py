"""Tags and filters of the screens: icons, clock chips, how a state or an urgency is shown."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any

from django import template
from django.template import loader
from django.templatetags.static import static
from django.utils import timezone
from django.utils.html import escape, format_html
from django.utils.safestring import SafeData, SafeString, mark_safe
from django.utils.translation import get_language
from django.utils.translation import gettext as _

register = template.Library()

SOON = timedelta(hours=4)
"""A clock is marked as nearly due this long before its end when the view does not say (default, no standard)."""

STATE_LOOK: dict[str, tuple[str, str]] = {
    "judged": ("inbox", ""),
    "unclear": ("question", "warn"),
    "verifying": ("here", "info"),
    "decided": ("building", ""),
    "undecided": ("scale", "warn"),
    "dispatched": ("send", "info"),
    "handling": ("tool", "info"),
    "waiting": ("dots", "warn"),
    "hung": ("pause", "warn"),
    "returned": ("back", "warn"),
    "checking": ("eye", "info"),
    "calling": ("phone", "info"),
    "closed": ("check", "ok"),
    "archived": ("archive", ""),
    "rejected": ("barred", ""),
    "not_filed": ("minus", ""),
    "void": ("close", ""),
}
"""State -> icon and tone of its badge, no two with one icon; the word comes with the case."""


RUNNING = frozenset({"dispatched", "handling"})
"""States in which the time to close is counted; in every other the clock stands still or there is none."""


HAN = re.compile(r"[\u3400-\u9fff]")
_LATIN_WORD = re.compile(r"[A-Za-z]{2}")
_HAN_RUN = re.compile(r"[\u3400-\u9fff](?:(?:(?![A-Za-z]{2}).)*[\u3400-\u9fff])?", re.DOTALL)
_WHOLE = re.compile(r"\S(?:.*\S)?", re.DOTALL)
_TAG = re.compile(r"(<[^>]*>)")
_MARKED = 'lang="zh-CN"'
_AS_CHINESE = rf"<span {_MARKED}>\g<0></span>"


@register.filter
def zh(value: Any) -> Any:
    """What people, packs and laws said, marked as Chinese where the page is in another language (WCAG 3.1.2).

    A text without an English word is marked whole, of a mixed one the Chinese stretches. For text between tags, never
    in an attribute; on a Chinese page, and of a text without Chinese, the value comes back as it is.
    """
    if _chinese_page():
        return value
    text = str(value)
    if not HAN.search(text) or _MARKED in text:
        return value
    safe = text if isinstance(value, SafeData) else str(escape(text))
    pattern = _HAN_RUN if _LATIN_WORD.search(text) else _WHOLE
    return mark_safe("".join(part if part[:1] == "<" else pattern.sub(_AS_CHINESE, part) for part in _TAG.split(safe)))


@register.filter
def listed(names: Iterable[Any]) -> str:
    """Names one after the other, with the comma of the reader's language."""
    return ("、" if _chinese_page() else ", ").join(map(str, names))


@register.filter
def runs(state: str) -> bool:
    """Whether a case in this state is being timed."""
    return str(state) in RUNNING


@register.simple_tag
@lru_cache(maxsize=256)
def icon(name: str) -> SafeString:
    """A picture from the sprite; always beside a word, so it is hidden from screen readers."""
    return format_html(
        '<svg class="icon" aria-hidden="true" focusable="false"><use href="{}#{}"></use></svg>',
        static("screen/icons.svg"),
        name,
    )


@register.simple_tag
def badge(label: Any, tone: str = "", picture: str = "") -> SafeString:
    """A word with an optional picture; `tone` is "", info, ok, warn or danger."""
    return _badge(str(zh(label)), tone, picture)


@lru_cache(maxsize=4096, typed=True)
def _badge(label: str, tone: str, picture: str) -> SafeString:
    """A page has a hundred badges and a city a few hundred different ones: each is rendered once."""
    drawn = loader.get_template("parts/badge.html")
    return SafeString(drawn.render({"label": label, "tone": tone, "picture": picture}))


@register.simple_tag
def state_badge(state: str, state_name: Any) -> SafeString:
    picture, tone = STATE_LOOK.get(str(state), ("dots", ""))
    return _badge(str(state_name), tone, picture)


@register.simple_tag
def urgency_badge(urgency: int) -> SafeString:
    """Nothing for 0 (ordinary); 1 rather urgent, 2 urgent, 3 very urgent."""
    step = min(max(int(urgency or 0), 0), 3)
    word = ("", _("较急"), _("紧急"), _("特急"))[step] if step else ""
    return _badge(word, ("", "", "warn", "danger")[step], "flag")


@register.simple_tag
def options(pairs: Iterable[tuple[Any, Any]], chosen: Any) -> SafeString:
    """The choices of a select as (value, text), `chosen` marked: there are hundreds, and a template takes its time."""
    chosen, foreign = str(chosen), not _chinese_page()
    return mark_safe(
        "".join(
            f'<option value="{escape(value)}"{" selected" if str(value) == chosen else ""}'
            f"{_in_chinese(text) if foreign else ''}>{escape(text)}</option>"
            for value, text in pairs or ()
        )
    )


def _chinese_page() -> bool:
    return (get_language() or "zh").startswith("zh")


def _in_chinese(text: Any) -> str:
    return f" {_MARKED}" if HAN.search(str(text)) else ""


@register.simple_tag
def spoken(text: Any) -> SafeString:
    """The lang attribute of an element that can hold no other (an option, a text area), where its text is Chinese."""
    return mark_safe("" if _chinese_page() else _in_chinese(text))


def span(left: timedelta) -> str:
    """How long, in the largest unit or two: 3 days 4 hours, 5 hours, 12 minutes."""
    minutes = int(abs(left.total_seconds()) // 60)
    days, hours, rest = minutes // 1440, minutes % 1440 // 60, minutes % 60
    if days:
        pattern = _("{d} 天 {h} 小时") if hours else _("{d} 天")
    elif hours:
        pattern = _("{h} 小时 {m} 分") if rest else _("{h} 小时")
    else:
        pattern = _("{m} 分钟")
    return pattern.format(d=days, h=hours, m=rest)


@register.filter
def lasting(minutes: float) -> str:
    """1440 -> 1 day."""
    return span(timedelta(minutes=minutes))


@register.inclusion_tag("parts/clock.html")
def clock(due_at: datetime | None, overdue: Any = None, due_soon: Any = None) -> dict[str, Any]:
    """Time left or overdue. `overdue` and `due_soon` come from the case (working time); without them, wall time."""
    if due_at is None:
        return {"due_at": None}
    left = due_at - timezone.now()
    late = bool(overdue) or left < timedelta(0)
    soon = left < SOON if due_soon is None else bool(due_soon)
    look = "late" if late else "soon" if soon else "ok"
    pattern = _("逾期 {t}") if left < timedelta(0) else _("剩 {t}")
    return {
        "due_at": due_at,
        "look": look,
        "text": pattern.format(t=span(left)),
        "picture": {"late": "alert", "soon": "bell", "ok": "clock"}[look],
    }


@register.filter
def share(value: float | None) -> str:
    """0.873 -> 87%; 0.003 -> 0.3%: a share near to nothing or to all is told to a tenth of a percent."""
    if value is None:
        return ""
    near = 0.0005 <= value < 0.005 or 0.995 <= value < 0.9995
    return f"{value:.1%}" if near else f"{value:.0%}"


@register.filter
def amount(value: Any) -> Any:
    """A number as a person reads it: thousands apart, at most two figures behind the point; a text as it is."""
    if value is None:
        return "—"
    if isinstance(value, bool) or not isinstance(value, int | float):
        return value
    return f"{value:,.0f}" if value == int(value) or abs(value) >= 1000 else f"{value:,.2f}".rstrip("0").rstrip(".")


@register.filter
def get(mapping: Any, key: str) -> Any:
    """A dictionary's value by a key that is only known at run time; "" when absent."""
    return (mapping or {}).get(key, "")


@register.filter
def same(left: Any, right: Any) -> bool:
    """Equal as text: a query string holds "3" where a choice holds 3."""
    return str(left) == str(right)
