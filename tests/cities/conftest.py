"""A small demo city, grown once."""

from __future__ import annotations

import shutil
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest

from zhongshu.cities.demo.generate import generate


class Late:
    """A module that needs Django: imported when first used, after the fixtures have configured it."""

    def __init__(self, name: str) -> None:
        self.name = name

    def __getattr__(self, key: str) -> Any:
        return getattr(import_module(self.name), key)


@pytest.fixture(scope="session")
def small(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("small")
    generate(folder, "small", 7)
    return folder


@pytest.fixture
def own(small: Path, tmp_path: Path) -> Path:
    """A copy of the small city that a test may spoil."""
    return Path(shutil.copytree(small, tmp_path / "pack"))
