"""配色 palette: the tokens of the design language as the style sheet states them, and their contrast."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

BUILT = Path(__file__).parent / "static" / "built" / "style.css"
"""The style sheet as pages get it."""

Tokens = Mapping[str, str]

THEMES = ("light", "dark", "wall")
GROUNDS = ("ground", "surface", "sunk", "hover", "picked")
"""What text may stand on."""
INKS = ("text", "muted", "accent", "danger", "warn", "ok")
"""What text may be written in, on every ground."""
PAIRS: tuple[tuple[str, str], ...] = (
    ("accent", "accent-soft"),
    ("danger", "danger-soft"),
    ("warn", "warn-soft"),
    ("ok", "ok-soft"),
    ("text", "quiet-soft"),
    ("text", "accent-soft"),
    ("text", "danger-soft"),
    ("text", "warn-soft"),
    ("text", "ok-soft"),
    ("on-accent", "accent-solid"),
    ("on-accent", "accent-hover"),
)
"""(ink, ground) that belong together: badges, notices, filled buttons."""
EDGES = ("line-strong", "focus", "accent-solid", "danger-solid", "warn-solid", *(f"data-{n}" for n in range(1, 7)))
"""What is seen and not read: edges of fields, the ring of the focus, dots, series of a chart."""
READABLE = {"light": 4.5, "dark": 4.5, "wall": 7.0}
"""Least contrast of a text in each theme (WCAG 2.2 1.4.3; 1.4.6 for the wall)."""
VISIBLE = 3.0
"""Least contrast of what is seen and not read (WCAG 2.2 1.4.11)."""


@dataclass(frozen=True, slots=True)
class Pair:
    """A colour on a ground in one theme: `ratio` from 1 to 21, `least` what it must reach, `text` if it is read."""

    ink: str
    ground: str
    ratio: float
    least: float
    text: bool

    @property
    def passes(self) -> bool:
        return self.ratio >= self.least


def luminance(colour: str) -> float:
    """Relative luminance of #rgb or #rrggbb, 0 to 1 (WCAG 2.2)."""
    digits = colour.strip().lstrip("#")
    long = "".join(two * 2 for two in digits) if len(digits) == 3 else digits
    parts = [int(long[at : at + 2], 16) / 255 for at in (0, 2, 4)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    """Contrast of two colours, 1 to 21 (WCAG 2.2)."""
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


def _declared(body: str) -> dict[str, str]:
    return {name: value.strip() for name, value in re.findall(r"--([a-z0-9-]+):([^;}]+)", body)}


def rules(sheet: str) -> Iterator[tuple[str, str]]:
    """(selector, body) of every rule outside any at-rule; comments left out."""
    depth, start, opening = 0, 0, ""
    text = re.sub(r"/\*.*?\*/", "", sheet, flags=re.DOTALL)
    for at, sign in enumerate(text):
        if sign == "{":
            depth += 1
            if depth == 1:
                opening, start = text[start:at].strip(), at + 1
        elif sign == "}":
            depth -= 1
            if depth == 0:
                if not opening.startswith("@"):
                    yield opening, text[start:at]
                start = at + 1
        elif sign == ";" and depth == 0:
            start = at + 1


def themes(sheet: str) -> dict[str, dict[str, str]]:
    """Theme -> its tokens by name, those of the light theme where it says nothing of its own.

    `elder` is the light theme with the sizes of the large print.
    """
    found: dict[str, dict[str, str]] = {}
    for selector, body in rules(sheet):
        named = re.fullmatch(r':root(?:\[data-(?:theme|size)="?(\w+)"?\])?', selector)
        if named and "--" in body:
            name = named.group(1) or "light"
            found.setdefault(name, {}).update(_declared(body))
    base = found.get("light", {})
    return {name: {**base, **own} for name, own in found.items()}


def measured(theme: str, tokens: Tokens) -> list[Pair]:
    """Every pair that a page may show in this theme, with its contrast."""
    pairs = [
        *((ink, ground, READABLE[theme], True) for ink in INKS for ground in GROUNDS),
        *((ink, ground, READABLE[theme], True) for ink, ground in PAIRS),
        *((edge, ground, VISIBLE, False) for edge in EDGES for ground in ("surface", "ground")),
    ]
    return [Pair(ink, ground, contrast(tokens[ink], tokens[ground]), least, text) for ink, ground, least, text in pairs]


def sheet() -> str:
    """The style sheet as it is served; "" when the front end is not built."""
    return BUILT.read_text("utf-8") if BUILT.exists() else ""
