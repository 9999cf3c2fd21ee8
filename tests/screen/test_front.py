"""The sources of the browser's part: the lock file, and the figures of the design language."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from zhongshu.screen import palette

FRONT = Path(__file__).resolve().parents[2] / "zhongshu" / "screen" / "front"
TOKENS = (FRONT / "src" / "style" / "tokens.css").read_text("utf-8")


THEMES = palette.themes(TOKENS)
STYLES = sorted((FRONT / "src" / "style").glob("*.css"))
COLOUR = re.compile(r"#[0-9a-f]{3,8}\b|\brgba?\(|\bhsla?\(")


def written_on(sheet: str) -> set[tuple[str, str]]:
    """(ink, ground) of every rule that sets both by tokens."""
    found = set()
    for _selector, body in palette.rules(sheet):
        ink = re.search(r"(?<![-a-z])color:\s*var\(--([a-z0-9-]+)\)", body)
        ground = re.search(r"background(?:-color)?:\s*var\(--([a-z0-9-]+)\)", body)
        found |= {(one.group(1), two.group(1)) for one, two in [(ink, ground)] if one and two}
    return found


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
    preferred = TOKENS.split(":root:not([data-theme]) {", 1)[1].split("}", 1)[0]
    chosen = TOKENS.split(':root[data-theme="dark"] {', 1)[1].split("}", 1)[0]
    assert preferred.split() == chosen.split()


@pytest.mark.parametrize("theme", palette.THEMES)
def test_every_pair_of_tokens_reaches_its_contrast(theme: str) -> None:
    pairs = palette.measured(theme, THEMES[theme])
    assert len(pairs) >= 60
    assert [one for one in pairs if not one.passes] == []


@pytest.mark.parametrize("theme", palette.THEMES)
@pytest.mark.parametrize("sheet", STYLES, ids=lambda path: path.stem)
def test_what_a_rule_writes_on_its_own_ground_is_readable(sheet: Path, theme: str) -> None:
    tokens = THEMES[theme]
    pairs = written_on(sheet.read_text("utf-8"))
    assert [pair for pair in pairs if palette.contrast(*(tokens[one] for one in pair)) < palette.READABLE[theme]] == []


@pytest.mark.parametrize(
    "sheet", [one for one in STYLES if one.stem not in {"tokens", "print"}], ids=lambda path: path.stem
)
def test_no_style_has_a_colour_of_its_own(sheet: Path) -> None:
    assert COLOUR.findall(sheet.read_text("utf-8")) == []


def test_every_token_that_is_used_is_there() -> None:
    used = {name for path in STYLES for name in re.findall(r"var\(--([a-z0-9-]+)\)", path.read_text("utf-8"))}
    assert used - set(THEMES["light"]) == set()


def test_the_themes_name_the_same_colours() -> None:
    colours = {name for name, value in THEMES["light"].items() if value.startswith(("#", "rgb"))}
    for theme in ("dark", "wall"):
        said = TOKENS.split(f':root[data-theme="{theme}"] {{', 1)[1].split("}", 1)[0]
        assert colours <= set(re.findall(r"--([a-z0-9-]+):", said)), theme


def test_large_print_is_as_large_as_the_rule_asks() -> None:
    """MIIT 2021: text from 18, the largest from 30, targets of main components from 60."""
    elder = THEMES["elder"]
    assert float(elder["text-m"].removesuffix("rem")) * 16 >= 18
    assert float(elder["text-figure"].removesuffix("rem")) * 16 >= 30
    assert [elder[name] for name in ("control", "control-s", "target")] == ["60px"] * 3
    assert float(elder["leading"]) >= 1.3


def test_sources_hold_no_words() -> None:
    """Every word a person reads comes from a template."""
    for path in (FRONT / "src").glob("*.ts"):
        code = re.sub(r"//.*|/\*[\s\S]*?\*/", "", path.read_text("utf-8"))
        assert not re.search(r"[\u4e00-\u9fff]", code), path.name
