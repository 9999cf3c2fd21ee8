"""插件约定 contracts of what is found and assembled, never imported by name: scenarios, connectors, commands."""

from __future__ import annotations

import argparse
import tomllib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from importlib import import_module
from pathlib import Path
from typing import Any

from zhongshu.kernel.desk import Desk
from zhongshu.kernel.errors import BadInput
from zhongshu.kernel.facts import Fact
from zhongshu.kernel.settings import Settings


@dataclass(frozen=True, slots=True)
class Scenario:
    """应用场景: a pure function over facts. `listens` are the fact kinds it wants."""

    name: str
    title: str
    title_en: str
    owner: str
    listens: tuple[str, ...]
    run: Callable[[Sequence[Fact], Desk], list[Fact]]


@dataclass(frozen=True, slots=True)
class Connector:
    """门: reads one outside format. `read` turns a file or a request into dictionaries, one per row.

    `calls` are further functions of its own that its manifest offers by name.
    """

    name: str
    title: str
    title_en: str
    read: Callable[..., Iterable[dict[str, Any]]]
    calls: Mapping[str, Callable[..., Any]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Command:
    """命令: one command of the command line. `name` is its words apart by spaces; `run` returns the exit code."""

    name: str
    zh: str
    en: str
    configure: Callable[[argparse.ArgumentParser], None]
    run: Callable[[argparse.Namespace, Settings], int]


def no_arguments(parser: argparse.ArgumentParser) -> None:
    """`configure` of a command that takes no arguments."""


def period_arguments(parser: argparse.ArgumentParser, required: bool = True) -> None:
    """The days that a command is about, `start` and `end` inclusive, for `clocks.period` to make moments of."""
    parser.add_argument("--from", dest="start", type=date.fromisoformat, required=required, help="起始日 · first day")
    parser.add_argument("--to", dest="end", type=date.fromisoformat, required=required, help="截止日（含） · last day")


def _manifests(folder: Path) -> list[tuple[Path, dict[str, Any]]]:
    found = []
    for path in sorted(folder.glob("*/manifest.toml")):
        with path.open("rb") as file:
            try:
                found.append((path, tomllib.load(file)))
            except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
                raise BadInput(f"{path}: {error}; expected TOML") from error
    return found


def _need(path: Path, data: dict[str, Any], key: str) -> Any:
    if key not in data:
        raise BadInput(f"{path}: {key} is missing from the manifest")
    return data[key]


def _function(package: str, path: Path, name: str) -> Callable[..., Any]:
    module = f"{package}.{path.parent.name}"
    found: Callable[..., Any] | None = getattr(import_module(module), name, None)
    if not callable(found):
        raise BadInput(f"{module} has no function {name}, which its manifest {path} promises")
    return found


def scenarios(folder: Path, package: str) -> list[Scenario]:
    """Every scenario under `folder`, by its manifest.toml; BadInput names a manifest that lacks a key."""
    return [
        Scenario(
            name=path.parent.name,
            title=_need(path, data, "title"),
            title_en=_need(path, data, "title_en"),
            owner=_need(path, data, "owner"),
            listens=tuple(_need(path, data, "listens")),
            run=_function(package, path, "run"),
        )
        for path, data in _manifests(folder)
    ]


def connectors(folder: Path, package: str) -> dict[str, Connector]:
    """Every connector under `folder`, by name."""
    found = {}
    for path, data in _manifests(folder):
        found[path.parent.name] = Connector(
            name=path.parent.name,
            title=_need(path, data, "title"),
            title_en=_need(path, data, "title_en"),
            read=_function(package, path, "read"),
            calls={name: _function(package, path, name) for name in data.get("calls", ())},
        )
    return found
