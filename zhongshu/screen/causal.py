"""病因的用词与画法 how causes are called and explained on the screens, and the drawing of what goes together."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from zhongshu.kernel.desk import Knowledge
from zhongshu.screen import naming

STATES: Mapping[str, tuple[Any, str, str]] = {
    "found": (gettext_lazy("候选，待确认"), "warn", "question"),
    "confirmed": (gettext_lazy("已确认"), "info", "check"),
    "tasked": (gettext_lazy("联合治理中"), "info", "tool"),
    "treated": (gettext_lazy("治理到位，看复发"), "info", "eye"),
    "settled": (gettext_lazy("已销号"), "ok", "archive"),
    "dismissed": (gettext_lazy("已排除"), "", "barred"),
}
"""State -> its word, and tone and picture of its badge."""

REFUSALS: Mapping[str, Any] = {
    "early": gettext_lazy("治理到位不足 {after} 天，尚不能评估（已过 {days} 天）"),
    "few": gettext_lazy("与治理地点情况相近的未治理地点只有 {matched} 处，不足 {least} 处，不作评估"),
    "none": gettext_lazy("治理前这些地点没有这两类诉求，无从比较"),
}


def leaf(code: str, knowledge: Knowledge) -> str:
    """The last part of a category's name."""
    return naming.category_name(code, knowledge).rpartition(" / ")[2]


def lag_text(hours: int) -> str:
    if hours % 24:
        return ngettext("{n} 小时", "{n} 小时", hours).format(n=hours)
    return ngettext("{n} 天", "{n} 天", hours // 24).format(n=hours // 24)


def p_text(p: float) -> str:
    """A chance as one reads it: no more digits than mean something."""
    return "< 0.0001" if p < 0.0001 else f"{p:.2g}"


def explained(link: Mapping[str, Any], shuffles: int, knowledge: Knowledge) -> list[str]:
    """A link in plain words: what was seen, against what, and how often chance brought as much."""
    said = _(
        "“{first}”之后，{distance} 米、{lag}之内出现“{second}”，是偶然情形的 {strength} 倍："
        "实有 {pairs} 次，偶然约 {expected} 次。"
    )
    seen = said.format(
        first=leaf(link["first"], knowledge),
        second=leaf(link["second"], knowledge),
        distance=f"{link['distance']:.0f}",
        lag=lag_text(link["lag"]),
        strength=f"{link['strength']:.1f}",
        pairs=link["pairs"],
        expected=f"{link['expected']:.1f}",
    )
    never = _("在同一片区、同一时段内把时间按周打乱 {n} 次，没有一次达到这么多。")
    times = _("在同一片区、同一时段内把时间按周打乱 {n} 次，有 {k} 次达到这么多。")
    law = (times if link["beaten"] else never).format(n=shuffles, k=link["beaten"])
    return [seen, law, _("一同出现不等于因果：请先核许可、看现场，再确认或排除。")]


def rows(links: Sequence[Mapping[str, Any]], knowledge: Knowledge) -> list[dict[str, Any]]:
    """Links with their names, for the table beside the drawing."""
    return [
        {
            **one,
            "first_name": leaf(one["first"], knowledge),
            "second_name": leaf(one["second"], knowledge),
            "lag_name": lag_text(one["lag"]),
            "p_name": p_text(one["p"]),
            "q_name": p_text(one["q"]),
        }
        for one in links
    ]


WIDTH = 720
HEIGHTS = {2: 130, 3: 220, 4: 260}
"""By the number of classes; HEIGHT for more."""
HEIGHT = 420
_BOX = (132, 34)
"""Of one class; the drawing scales with the page."""


def drawing(
    links: Sequence[Mapping[str, Any]], knowledge: Knowledge, chosen: tuple[str, str] = ("", "")
) -> dict[str, Any]:
    """关联图: classes on an ellipse, an arrow for each link from what came first, as numbers for the template.

    `nodes` {name, x, y, left, top}, `edges` {path, label, x, y, title, chosen, wide}; all lengths as text.
    """
    codes = list(dict.fromkeys(code for one in links for code in (one["first"], one["second"])))
    height = HEIGHTS.get(len(codes), HEIGHT)
    at = _ellipse(codes, height)
    pairs = {(one["first"], one["second"]) for one in links}
    nodes = [
        {
            "name": leaf(code, knowledge)[:14],
            "title": naming.category_name(code, knowledge),
            "x": f"{x:.1f}",
            "y": f"{y + 5:.1f}",
            "left": f"{x - _BOX[0] / 2:.1f}",
            "top": f"{y - _BOX[1] / 2:.1f}",
            "chosen": code in chosen,
        }
        for code, (x, y) in at.items()
    ]
    edges = [_edge(one, at, (one["second"], one["first"]) in pairs, chosen, knowledge) for one in links]
    return {"nodes": nodes, "edges": edges, "width": WIDTH, "height": height, "box": _BOX}


def _ellipse(codes: Sequence[str], height: int) -> dict[str, tuple[float, float]]:
    wide, high = WIDTH / 2 - _BOX[0] / 2 - 10, height / 2 - _BOX[1] / 2 - 14
    turn = 2 * math.pi / max(len(codes), 1)
    return {
        code: (WIDTH / 2 - wide * math.cos(turn * n), height / 2 - high * math.sin(turn * n))
        for n, code in enumerate(codes)
    }


def _edge(
    link: Mapping[str, Any],
    at: Mapping[str, tuple[float, float]],
    twice: bool,
    chosen: tuple[str, str],
    knowledge: Knowledge,
) -> dict[str, Any]:
    start, end = (_rim(at[link[a]], at[link[b]]) for a, b in (("first", "second"), ("second", "first")))
    (x1, y1), (x2, y2) = start, end
    length = math.hypot(x2 - x1, y2 - y1) or 1.0
    # Two links between the same classes bend away from one another.
    bend = 46.0 if twice else 0.0
    cx, cy = (x1 + x2) / 2 - (y2 - y1) / length * bend, (y1 + y2) / 2 + (x2 - x1) / length * bend
    name = "{} → {}".format(*(leaf(link[end], knowledge) for end in ("first", "second")))
    return {
        "path": f"M{x1:.1f} {y1:.1f}Q{cx:.1f} {cy:.1f} {x2:.1f} {y2:.1f}",
        "label": f"×{link['strength']:.1f}",
        "x": f"{(x1 + 2 * cx + x2) / 4:.1f}",
        "y": f"{(y1 + 2 * cy + y2) / 4 + 4:.1f}",
        "title": f"{name} ×{link['strength']:.1f}",
        "chosen": (link["first"], link["second"]) == chosen,
        "wide": f"{min(6.0, 1.0 + link['strength'] * 0.7):.1f}",
    }


def _rim(own: tuple[float, float], other: tuple[float, float]) -> tuple[float, float]:
    """Where the line from a class's middle to another's leaves its box."""
    dx, dy = other[0] - own[0], other[1] - own[1]
    scale = min(
        (_BOX[0] / 2 + 3) / abs(dx) if dx else math.inf,
        (_BOX[1] / 2 + 3) / abs(dy) if dy else math.inf,
        1.0,
    )
    return own[0] + dx * scale, own[1] + dy * scale
