"""The sources of the browser's part: the lock file, and the figures of the design language."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

FRONT = Path(__file__).resolve().parents[2] / "zhongshu" / "screen" / "front"
TOKENS = (FRONT / "src" / "style" / "tokens.css").read_text("utf-8")


def block(opening: str) -> dict[str, str]:
    """The declarations after `opening` up to its closing brace."""
    inside = TOKENS.split(opening, 1)[1].split("}", 1)[0]
    return dict(re.findall(r"--([a-z-]+):\s*([^;]+);", inside))


LIGHT = block(":root {")
DARK = block(':root[data-theme="dark"] {')


def luminance(colour: str) -> float:
    """Relative luminance of #rrggbb (WCAG 2.2)."""
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


def test_lock_file_names_no_registry_and_every_package_has_its_hash() -> None:
    packages = json.loads((FRONT / "package-lock.json").read_text())["packages"]
    bought = {name: facts for name, facts in packages.items() if name}
    assert [name for name, facts in bought.items() if "resolved" in facts] == []
    assert [name for name, facts in bought.items() if "integrity" not in facts] == []


def test_lock_file_serves_other_machines_too() -> None:
    packages = json.loads((FRONT / "package-lock.json").read_text())["packages"]
    for machine in ("linux-x64-gnu", "linux-arm64-gnu", "darwin-arm64", "darwin-x64", "win32-x64-msvc"):
        assert f"node_modules/@rollup/rollup-{machine}" in packages


def test_dark_is_the_same_when_chosen_and_when_preferred() -> None:
    assert block(":root:not([data-theme]) {") == DARK


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=["light", "dark"])
@pytest.mark.parametrize("ground", ["ground", "surface", "sunk", "hover", "picked"])
@pytest.mark.parametrize("ink", ["text", "muted", "accent", "danger", "warn", "ok"])
def test_text_is_readable(theme: dict[str, str], ground: str, ink: str) -> None:
    assert contrast(theme[ink], theme[ground]) >= 4.5


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=["light", "dark"])
@pytest.mark.parametrize(
    ("ink", "ground"),
    [
        ("accent", "accent-soft"),
        ("danger", "danger-soft"),
        ("warn", "warn-soft"),
        ("ok", "ok-soft"),
        ("text", "quiet-soft"),
        ("on-accent", "accent-solid"),
        ("on-accent", "accent-hover"),
    ],
)
def test_badges_and_buttons_are_readable(theme: dict[str, str], ink: str, ground: str) -> None:
    assert contrast(theme[ink], theme[ground]) >= 4.5


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=["light", "dark"])
def test_edges_of_fields_and_focus_can_be_seen(theme: dict[str, str]) -> None:
    for edge in ("line-strong", "focus"):
        assert contrast(theme[edge], theme["surface"]) >= 3
        assert contrast(theme[edge], theme["ground"]) >= 3


def test_sources_hold_no_words() -> None:
    """Every word a person reads comes from a template."""
    for path in (FRONT / "src").glob("*.ts"):
        code = re.sub(r"//.*|/\*[\s\S]*?\*/", "", path.read_text("utf-8"))
        assert not re.search(r"[\u4e00-\u9fff]", code), path.name
