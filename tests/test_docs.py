"""The documentation is true: commands and addresses exist, links resolve, generated pages are in step."""

from __future__ import annotations

import re
from dataclasses import fields
from pathlib import Path
from urllib.parse import unquote

import pytest

from scripts import bench_page, packs_page, settings_page
from zhongshu import app
from zhongshu.bench import commands
from zhongshu.kernel.settings import Settings

ROOT = Path(__file__).resolve().parent.parent
PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])
CODE = re.compile(r"```.*?```|`[^`\n]+`|^    .+$", re.DOTALL | re.MULTILINE)
COMMAND = re.compile(r"(?<![\w/.-])zhongshu (?!zhongshu)([a-z][a-z-]*(?: [a-z][a-z-]*)?)")
MAKE = re.compile(r"^(?:`| {4})make ([a-z-]+)")
LINK = re.compile(r"\]\(([^)\s]+)\)")
ADDRESS = re.compile(r"(?:\$A|`(?:GET |POST )?)(/(?:api|open311)/[^\s\"'`?]*)")
FEATURES = [
    f"{group}{n:02}" for group, most in zip("ABCDEF", (20, 21, 9, 10, 15, 15), strict=True) for n in range(1, most + 1)
]
STATES = {"works", "first form", "not yet"}


def name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def text(path: Path) -> str:
    return path.read_text(encoding="utf-8")


def words() -> set[str]:
    """Every command, and every group of commands."""
    names = {command.name for command in app.commands()}
    return names | {one.split(" ")[0] for one in names}


def known(said: str) -> bool:
    return said in words() or said.split(" ", maxsplit=1)[0] in {one.name for one in app.commands()}


@pytest.mark.parametrize("page", PAGES, ids=name)
def test_every_command_exists(page: Path) -> None:
    said = {found for code in CODE.findall(text(page)) for found in COMMAND.findall(code)}
    assert sorted(one for one in said if not known(one)) == []


@pytest.mark.parametrize("page", PAGES, ids=name)
def test_every_link_resolves(page: Path) -> None:
    targets = [unquote(target.partition("#")[0]) for target in LINK.findall(text(page))]
    inside = [target for target in targets if target and "://" not in target and not target.startswith("mailto:")]
    assert [target for target in inside if not (page.parent / target).exists()] == []


def test_every_make_verb_exists() -> None:
    verbs = set(re.findall(r"^([a-z-]+):", text(ROOT / "Makefile"), re.MULTILINE))
    said = {verb for page in PAGES for code in CODE.findall(text(page)) for verb in MAKE.findall(code)}
    assert said - verbs == set()
    assert said


def test_every_feature_has_its_row() -> None:
    rows = re.findall(r"^\| ([A-F]\d\d) \|[^|]+\| ([^|]+) \|", text(ROOT / "docs" / "features.md"), re.MULTILINE)
    assert [row for row, _ in rows] == FEATURES
    assert {state for _, state in rows} <= STATES


def test_what_works_says_where_it_is_seen() -> None:
    rows = re.findall(
        r"^\| ([A-F]\d\d) \|[^|]+\| (works|first form) \|(.*)\|$", text(ROOT / "docs" / "features.md"), re.M
    )
    assert [row for row, _, shown in rows if len(shown.strip()) < 10] == []


def test_settings_page_is_in_step() -> None:
    assert text(ROOT / "docs" / "settings.md") == settings_page.page()
    assert len(settings_page.page().splitlines()) == len(fields(Settings)) + 6


def test_packs_page_is_in_step() -> None:
    page = text(ROOT / "docs" / "packs.md")
    assert page == packs_page.page(page)


def test_bench_page_is_in_step() -> None:
    assert text(bench_page.PAGE) == bench_page.page()


def test_every_bench_says_what_it_measures() -> None:
    assert set(commands.names()) == set(bench_page.WHAT)


@pytest.mark.parametrize(("page", "language"), bench_page.READMES.items(), ids=["en", "zh"])
def test_figures_of_the_readme_are_in_step(page: Path, language: str) -> None:
    assert text(page) == bench_page.readme(text(page), language)


def test_both_readmes_show_the_same_pages() -> None:
    english, chinese = (set(LINK.findall(text(page))) for page in bench_page.READMES)
    pictures = {target for target in english if target.startswith("docs/images")}
    assert {target.replace("-en.png", "-zh.png") for target in pictures} <= chinese
    assert english - pictures - {"README.zh-CN.md"} <= chinese


@pytest.mark.usefixtures("template")
def test_every_address_of_the_api_page_exists() -> None:
    from django.urls import Resolver404, resolve

    from zhongshu.screen.api import stream

    said = {address.replace("ID", "1") for address in ADDRESS.findall(text(ROOT / "docs" / "api.md"))}
    missing = []
    for address in sorted(said - {stream.PATH, "/open311/test/v2"}):
        try:
            resolve(address)
        except Resolver404:
            missing.append(address)
    assert missing == []
    assert len(said) > 12
