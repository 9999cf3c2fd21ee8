"""小图 small pictures drawn by the server: bars of a trend, a plot of points; their numbers stand beside as a table."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

BAR, GAP, TALL = 4, 1, 28
SIDE = 320
EDGE = 14
LEAST = 0.002
"""Degrees that a plot shows at least, so that cases of one door do not fill it."""


def bars(days: Sequence[Sequence[Any]]) -> dict[str, Any]:
    """Bars for [name, count] pairs: `bars` {x, y, height}, `width`, `height`, `most`, `total` and the `rows`."""
    most = max((count for _name, count in days), default=0)
    drawn = []
    for n, (name, count) in enumerate(days):
        height = max(1, round(count / most * TALL)) if count and most else 0
        drawn.append({"x": n * (BAR + GAP), "y": TALL - height, "height": height, "name": name, "count": count})
    return {
        "bars": [one for one in drawn if one["count"]],
        "width": len(days) * (BAR + GAP),
        "bar": BAR,
        "height": TALL,
        "most": most,
        "total": sum(count for _name, count in days),
        "rows": [(one["name"], one["count"]) for one in drawn],
    }


def plot(points: Sequence[Mapping[str, Any]]) -> dict[str, Any] | None:
    """Dots {id, x, y, closed} of rows with id, lon and lat in a square of SIDE, north up, and a rule of `metres`."""
    if not points:
        return None
    lons, lats = [one["lon"] for one in points], [one["lat"] for one in points]
    middle, centre = (min(lons) + max(lons)) / 2, (min(lats) + max(lats)) / 2
    narrow = math.cos(math.radians(centre))
    span = max((max(lons) - min(lons)) * narrow, max(lats) - min(lats), LEAST)
    scale = (SIDE - 2 * EDGE) / span
    dots = [
        {
            "id": one["id"],
            "x": round(SIDE / 2 + (one["lon"] - middle) * narrow * scale),
            "y": round(SIDE / 2 - (one["lat"] - centre) * scale),
            "closed": one["closed"],
        }
        for one in points
    ]
    metres = _round(span * 111_195 / 4)
    return {"dots": dots, "side": SIDE, "metres": metres, "rule": round(metres / 111_195 * scale)}


def _round(metres: float) -> int:
    """A length that a scale bar may have: 1, 2 or 5 times a power of ten, at most this."""
    power = 10 ** math.floor(math.log10(max(metres, 1)))
    return int(max(step * power for step in (1, 2, 5) if step * power <= max(metres, 1)))


def line(values: Sequence[float], size: tuple[int, int] = (96, TALL), marks: Sequence[float] = ()) -> dict[str, Any]:
    """A line of numbers one after the other, from left to right: `points` for a polyline, `marks` heights of levels.

    The scale holds every number and every mark; `least` and `most` say it, `last` is the newest number.
    """
    width, height = size
    shown = [*values, *marks]
    low, high = min(shown), max(shown)
    if high == low:
        low, high = low - 1, high + 1

    def up(value: float) -> float:
        return round(height - 2 - (value - low) / (high - low) * (height - 4), 1)

    step = width / max(1, len(values) - 1)
    return {
        "points": " ".join(f"{n * step:.1f},{up(value)}" for n, value in enumerate(values)),
        "marks": [up(value) for value in marks],
        "width": width,
        "height": height,
        "least": min(values),
        "most": max(values),
        "last": values[-1],
        "count": len(values),
    }
