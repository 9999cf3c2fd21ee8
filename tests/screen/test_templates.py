"""Templates: every one compiles, renders in both languages, holds nothing inline, and has its English."""

from __future__ import annotations

import importlib.util
import re
from pathlib import Path
from types import ModuleType

import httpx
import polib
import pytest

from tests.screen.screen_english import Unmarked
from tests.screen.screen_samples import PARTIAL, SAMPLES

ROOT = Path(__file__).resolve().parents[2]
SCREEN = ROOT / "zhongshu" / "screen"
TEMPLATES = sorted((SCREEN / "templates").rglob("*.html"))
CHINESE = re.compile(r"[\u4e00-\u9fff]")
WHOLE = sorted(set(SAMPLES) - PARTIAL)


def load_script(name: str) -> ModuleType:
    spec = importlib.util.spec_from_file_location(name, ROOT / "scripts" / f"{name}.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def identity(path: Path) -> str:
    return path.relative_to(SCREEN / "templates").as_posix()


@pytest.mark.parametrize("language", ["zh-hans", "en"])
@pytest.mark.parametrize("name", sorted(SAMPLES))
def test_page_renders(preview: str, name: str, language: str) -> None:
    answer = httpx.get(f"{preview}/_/{name}", params={"lang": language})
    assert answer.status_code == 200, answer.text[-2000:]
    assert "{%" not in answer.text
    assert "{{" not in answer.text
    assert language != "en" or Unmarked(answer.text).found == []


@pytest.mark.parametrize("name", WHOLE)
def test_page_says_its_language_and_theme(preview: str, name: str) -> None:
    text = httpx.get(f"{preview}/_/{name}", params={"lang": "en", "theme": "dark"}).text
    assert '<html lang="en" data-theme="dark">' in text
    assert '<html lang="zh-Hans">' in httpx.get(f"{preview}/_/{name}", params={"theme": "no<such"}).text


def test_every_page_template_has_a_sample() -> None:
    """So that every page is looked at by axe, on a phone, in both themes and both languages."""
    pages = {identity(path) for path in TEMPLATES if '{% extends "' in path.read_text("utf-8")}
    # The library's own pages are rendered into this one by the library.
    assert pages - {"allauth/layouts/base.html"} <= {template for template, _context in SAMPLES.values()}


@pytest.mark.parametrize("path", TEMPLATES, ids=identity)
def test_nothing_inline(path: Path) -> None:
    text = path.read_text("utf-8")
    assert not re.search(r"\sstyle\s*=|\son[a-z]+\s*=\s*[\"']|hx-on|<style|javascript:|hx-vals='js", text)
    assert all("src=" in tag for tag in re.findall(r"<script[^>]*>", text))
    assert not re.search(r"(?:src|href)=\"(?:https?:)?//", text)


@pytest.mark.parametrize("path", TEMPLATES, ids=identity)
def test_no_word_outside_translation(path: Path) -> None:
    text = path.read_text("utf-8")
    bare = re.sub(r"{% blocktranslate.*?{% endblocktranslate %}|{% translate .*?%}|{#.*?#}", "", text, flags=re.S)
    assert CHINESE.findall(bare) == []


def test_every_sentence_has_its_english() -> None:
    assert load_script("compile_messages").untranslated() == []


def test_catalogue_and_compiled_files_are_in_step() -> None:
    script = load_script("compile_messages")
    source = polib.pofile(str(script.catalogue("en")))
    assert {entry.msgid for entry in source} == set(script.sentences())
    for language in ("en", "zh_Hans"):
        compiled = polib.mofile(str(script.catalogue(language).with_suffix(".mo")))
        assert {entry.msgid for entry in compiled} == {entry.msgid for entry in source}
    english = {entry.msgid: entry.msgstr for entry in polib.mofile(str(script.catalogue("en").with_suffix(".mo")))}
    assert english == {entry.msgid: entry.msgstr for entry in source}


def test_english_fits_where_it_is_put() -> None:
    """Sentences stand in attributes and in JSON inside attributes; their blanks must be those of the Chinese."""
    source = polib.pofile(str(load_script("compile_messages").catalogue("en")))
    for entry in source:
        for text in [entry.msgstr, *entry.msgstr_plural.values()]:
            assert not set(text) & set("\"'<>&"), text
            assert not CHINESE.search(text), text
        blanks = re.compile(r"\{\w+\}|%\(\w+\)s")
        shown = entry.msgstr or entry.msgstr_plural[1]
        assert sorted(blanks.findall(entry.msgid)) == sorted(blanks.findall(shown)), entry.msgid
