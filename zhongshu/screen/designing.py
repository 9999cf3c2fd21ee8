"""设计样张 designing: what /design shows: the tokens as measured, and the parts with made-up content."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from zhongshu.screen import drawing, naming, palette, signs
from zhongshu.screen.templatetags.screen import STATE_LOOK

SIZES = ("xs", "s", "m", "l", "xl", "2xl", "3xl")
STEPS = ("s1", "s2", "s3", "s4", "s5", "s6", "s7")
SERIES = tuple(f"data-{n}" for n in range(1, 7))
HEAT = tuple(f"heat-{n}" for n in range(1, 6))
ROOT_PX = 16
COUNTS = (3, 5, 2, 8, 13, 9, 7, 4, 6, 11, 15, 12, 9, 10)


def pixels(value: str) -> float:
    """A length of the tokens in CSS pixels; 0 for what is none."""
    for unit, factor in (("rem", ROOT_PX), ("px", 1)):
        if value.endswith(unit):
            return round(float(value.removesuffix(unit)) * factor, 2)
    return 0.0


def themes() -> list[dict[str, Any]]:
    """Each theme with its name, swatches (ink on ground, hexadecimal), their contrast and what they must reach."""
    names = {"light": _("浅色桌面"), "dark": _("深色桌面"), "wall": _("大屏")}
    found = palette.themes(palette.sheet())
    return [_theme(name, names[name], found[name]) for name in palette.THEMES if name in found]


def _theme(name: str, label: str, tokens: palette.Tokens) -> dict[str, Any]:
    pairs = palette.measured(name, tokens)
    shown = [
        {
            "ink": one.ink,
            "ground": one.ground,
            "ink_colour": tokens[one.ink],
            "ground_colour": tokens[one.ground],
            "ratio": f"{one.ratio:.1f}",
            "passes": one.passes,
        }
        for one in pairs
    ]
    read = [one for one, pair in zip(shown, pairs, strict=True) if pair.text]
    seen = [one for one, pair in zip(shown, pairs, strict=True) if not pair.text and pair.ground == "surface"]
    return {
        "name": name,
        "label": label,
        "read": read,
        "seen": seen,
        "heat": [tokens[one] for one in HEAT if one in tokens],
        "pairs": len(pairs),
        "least": f"{min(pair.ratio for pair in pairs if pair.text):.1f}",
        "asked": f"{palette.READABLE[name]:g}",
    }


def scales() -> dict[str, list[dict[str, Any]]]:
    """Sizes of text, steps of space and heights of targets: token and pixels on a desk, in large print, on a wall."""
    found = palette.themes(palette.sheet())
    kinds = {
        "text": [f"text-{one}" for one in SIZES] + ["text-figure"],
        "space": list(STEPS),
        "target": ["control", "control-s", "target", "tick", "icon"],
    }
    return {
        kind: [
            {"token": token, **{name: pixels(found.get(name, {}).get(token, "")) for name in ("light", "elder")}}
            for token in tokens
        ]
        for kind, tokens in kinds.items()
    }


def cases(now: datetime) -> list[dict[str, Any]]:
    """Three made-up rows of a work list: on time, nearly due, overdue."""
    about = [
        (1, _("路口井盖松动，车辆经过时响声很大"), "handling", 0, timedelta(hours=30)),
        (2, _("小区加压水泵故障，十二楼以上停水"), "dispatched", 2, timedelta(hours=2)),
        (3, _("桥下积水约三十厘米"), "handling", 3, timedelta(hours=-5)),
    ]
    return [
        {
            "id": number,
            "number": f"20260101-{number}",
            "title": title,
            "category_name": _("示例类别"),
            "state": state,
            "state_name": naming.STATES[state],
            "urgency": urgency,
            "due_at": now + left,
            "overdue": left < timedelta(0),
            "unit_name": _("示例单位"),
            "place_name": _("示例街道"),
            "opened_at": now - timedelta(hours=40),
            "reports_n": number,
        }
        for number, title, state, urgency, left in about
    ]


def shapes() -> list[tuple[Any, str, str, str]]:
    """The shapes that say how something stands: word, tone, picture, and what each means wherever it is met."""
    said = {
        "red": _("三角：过了线，要人处理"),
        "amber": _("铃：快到线，要人看一眼"),
        "stale": _("圆钟：数太旧，不算数"),
        "ok": _("圈里一勾：在线内"),
        "none": _("圈里一横：有数，没有线可判"),
        "empty": _("三点：近期没有样本"),
        "nosource": _("圈里一斜：没有数据来源"),
    }
    return [(*signs.LOOKS[look], words) for look, words in said.items()]


def move() -> dict[str, Any]:
    """A made-up move whose dialog asks for one of each kind of field."""
    yes_no = [("yes", _("是")), ("no", _("否"))]
    return {
        "kind": "Example",
        "label": _("示例动作"),
        "fields": [
            {"name": "reason", "type": "textarea", "label": _("理由"), "required": True},
            {"name": "unit", "type": "select", "label": _("单位"), "options": [("1", _("示例单位"))]},
            {"name": "done", "type": "radio", "label": _("是否办结"), "options": yes_no, "required": True},
            {"name": "tell", "type": "checkbox", "label": _("告知诉求人")},
        ],
    }


def context() -> dict[str, Any]:
    """Everything that desk/design.html shows."""
    now = timezone.now()
    return {
        "themes": themes(),
        "scales": scales(),
        "samples": cases(now),
        "states": [(code, naming.STATES[code]) for code in STATE_LOOK if code in naming.STATES],
        "shapes": shapes(),
        "clocks": [
            (now + timedelta(days=3), False, _("还早：圆钟")),
            (now + timedelta(hours=2), True, _("快到：铃，加粗")),
            (now - timedelta(hours=5), False, _("已过：三角，加粗，写“逾期”")),
        ],
        "ends": [
            (_("停表"), "warn", "pause", _("按规则停着，不计入时限")),
            (_("按时完成"), "ok", "check", _("停在时限之内")),
            (_("逾期完成"), "danger", "alert", _("停在时限之后，永远写明")),
        ],
        "contents": [("rules", _("原则"), 6), ("charts", _("数字与图"), 0), ("ways", _("换个方式看"), 0)],
        "looks": [(code, *look, n) for n, (code, look) in enumerate(signs.LOOKS.items(), 2)][:4],
        "folded": [(*signs.LOOKS["ok"], 2), (*signs.LOOKS["nosource"], 1)],
        "spark": drawing.bars([(str(n + 1), count) for n, count in enumerate(COUNTS)]),
        "series": SERIES,
        "heat": HEAT,
        "button": move(),
        "errors": {"": _("请写明理由。")},
        "path": [("done", _("已签收")), ("here", _("办理中")), ("", _("待核查")), ("", _("待回访"))],
    }
