"""The house stays as drawn: budgets on the tail, SQL in one place, every package named in its own words."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import fields
from pathlib import Path
from statistics import quantiles

import pytest

import zhongshu
from zhongshu import app
from zhongshu.kernel.settings import Settings, load, variable

ROOT = Path(zhongshu.__file__).parent
REPOSITORY = ROOT.parent
FILES = sorted(
    path for path in ROOT.rglob("*.py") if "migrations" not in path.parts and "node_modules" not in path.parts
)
SQL = re.compile(
    r"^\s*(SELECT\s.+\sFROM\s|INSERT\s+INTO\s|UPDATE\s.+\sSET\s|DELETE\s+FROM\s|CREATE\s+(TABLE|INDEX)|TRUNCATE\s|WITH\s+\w+\s+AS)",
    re.IGNORECASE | re.DOTALL,
)


def parsed(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def functions() -> Iterator[tuple[str, ast.FunctionDef | ast.AsyncFunctionDef]]:
    for path in FILES:
        for node in ast.walk(parsed(path)):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                yield f"{path.relative_to(ROOT)}:{node.lineno} {node.name}", node


def length(node: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    return (node.end_lineno or node.lineno) - node.lineno + 1


def test_functions_are_short() -> None:
    lengths = {name: length(node) for name, node in functions()}
    assert {name: n for name, n in lengths.items() if n > 60} == {}
    assert quantiles(lengths.values(), n=10)[8] <= 30


def test_modules_are_short() -> None:
    lengths = {str(path.relative_to(ROOT)): len(path.read_text(encoding="utf-8").splitlines()) for path in FILES}
    assert {name: n for name, n in lengths.items() if n > 400} == {}


def test_classes_have_few_methods() -> None:
    heavy = {
        f"{path.relative_to(ROOT)} {node.name}": sum(isinstance(one, ast.FunctionDef) for one in node.body)
        for path in FILES
        for node in ast.walk(parsed(path))
        if isinstance(node, ast.ClassDef)
    }
    assert {name: n for name, n in heavy.items() if n > 20} == {}


def test_the_kernel_is_small() -> None:
    assert len(list((ROOT / "kernel").glob("[!_]*.py"))) <= 10


def test_sql_is_in_data_only() -> None:
    found = [
        f"{path.relative_to(ROOT)}:{node.lineno}"
        for path in FILES
        for node in ast.walk(parsed(path))
        if path.relative_to(ROOT).parts[0] != "data" and isinstance(node, ast.Constant) and isinstance(node.value, str)
        if SQL.match(node.value)
    ]
    assert found == []


def test_packages_open_with_their_chinese_name() -> None:
    opened = {str(path.relative_to(ROOT)): ast.get_docstring(parsed(path)) or "" for path in ROOT.rglob("__init__.py")}
    unnamed = [name for name, text in opened.items() if "migrations" not in name and not re.search("[一-鿿]", text)]
    assert unnamed == []


def test_no_drawers_for_odds_and_ends() -> None:
    assert [
        str(p)
        for p in ROOT.rglob("*")
        if p.stem in {"utils", "common", "helpers", "misc"} and "node_modules" not in p.parts
    ] == []


def test_no_city_in_the_code() -> None:
    cities = re.compile("广州|北京|上海|深圳|杭州|越秀|Guangzhou|Los Angeles|440100|4401\\d\\d")
    assert [str(path.relative_to(ROOT)) for path in FILES if cities.search(path.read_text(encoding="utf-8"))] == []


def test_no_address_of_a_registry_or_a_machine() -> None:
    listed = subprocess.run(["git", "ls-files"], cwd=REPOSITORY, capture_output=True, text=True, check=True).stdout
    texts = [
        REPOSITORY / name for name in listed.splitlines() if not name.endswith((".png", ".mo", ".gz", ".npz", ".jpg"))
    ]
    word = re.compile("registry" + r"\.npmjs|files\.python" + r"hosted|/work/" + "main|/opt/" + "pypi")
    assert [
        str(path)
        for path in texts
        if path.is_file() and word.search(path.read_text(encoding="utf-8", errors="replace"))
    ] == []


def test_every_setting_is_documented() -> None:
    page = (REPOSITORY / "docs" / "settings.md").read_text(encoding="utf-8")
    assert [variable(one.name) for one in fields(Settings) if f"`{variable(one.name)}`" not in page] == []


@pytest.mark.parametrize("name", [one.name for one in fields(Settings)])
def test_every_setting_is_read_from_the_environment(name: str) -> None:
    assert getattr(load({variable(name): "given"}), name) == "given"
    assert getattr(load({variable(name): ""}), name) == getattr(Settings(), name)


def test_help_tells_every_command_in_both_languages() -> None:
    out = subprocess.run(
        [sys.executable, "-m", "zhongshu", "--help"], capture_output=True, text=True, check=True
    ).stdout
    lines = {
        command.name: next((line for line in out.splitlines() if line.startswith(f"  {command.name} ")), "")
        for command in app.commands()
    }
    assert {
        name
        for name, line in lines.items()
        if not re.search("[一-鿿]", line) or not re.search("[a-z]{3}.* · .*[a-z]{3}", line)
    } == set()
