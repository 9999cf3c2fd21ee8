"""A small demo city, grown once."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from zhongshu.cities.demo.generate import generate


@pytest.fixture(scope="session")
def small(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("small")
    generate(folder, "small", 7)
    return folder


@pytest.fixture
def own(small: Path, tmp_path: Path) -> Path:
    """A copy of the small city that a test may spoil."""
    return Path(shutil.copytree(small, tmp_path / "pack"))
