"""What a page makes a browser fetch: the built files, compressed as they are sent."""

from __future__ import annotations

import gzip
import re
from functools import cache
from pathlib import Path

import pytest

SCREEN = Path(__file__).resolve().parents[2] / "zhongshu" / "screen"
BUILT = SCREEN / "static" / "built"
TEMPLATES = sorted((SCREEN / "templates").rglob("*.html"))
SCRIPT = re.compile(r"built/([\w-]+)\.js")
IMPORTED = re.compile(r"""(?:from|import)\s*\(?\s*["']\./([\w-]+)\.js["']""")
MAP = {"maplibre", "maplibre-gl-csp-worker"}
BUDGET = 150_000
"""Bytes of JavaScript of a desk page, compressed, without the map."""
STYLE_BUDGET = 30_000

pytestmark = pytest.mark.skipif(not BUILT.exists(), reason="the front end is not built; run scripts/build_front.py")


@cache
def packed(name: str) -> int:
    return len(gzip.compress((BUILT / name).read_bytes()))


def needed(names: set[str]) -> set[str]:
    """These scripts and whatever they import, the map's library left out."""
    found: set[str] = set()
    todo = set(names)
    while todo:
        name = todo.pop()
        found.add(name)
        todo |= set(IMPORTED.findall((BUILT / f"{name}.js").read_text("utf-8"))) - MAP - found
    return found


def entries(path: Path) -> set[str]:
    """The scripts that a page names itself, and those of the frame."""
    return {"app", *SCRIPT.findall(path.read_text("utf-8"))}


PAGES = [path for path in TEMPLATES if '{% extends "' in path.read_text("utf-8")]


@pytest.mark.parametrize("page", PAGES, ids=lambda path: path.stem)
def test_script_of_a_page_is_within_budget(page: Path) -> None:
    sizes = {name: packed(f"{name}.js") for name in needed(entries(page))}
    assert sizes["app"] > 1000
    assert sum(sizes.values()) <= BUDGET, sizes


def test_no_page_of_words_fetches_the_map() -> None:
    """The map's library comes only with an island that draws one, never with the frame."""
    assert MAP & set(IMPORTED.findall((BUILT / "app.js").read_text("utf-8"))) == set()


def test_style_is_within_budget() -> None:
    assert packed("style.css") <= STYLE_BUDGET
