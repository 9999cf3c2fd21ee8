"""真实数据 real data that a bench reads: its folder is named by a setting, and nothing of it is in the project."""

from __future__ import annotations

import csv
from pathlib import Path

from zhongshu.kernel.errors import NotFound
from zhongshu.kernel.settings import load


def real(*parts: str) -> Path:
    """The path of one real file; NotFound with what to set when it isn't there."""
    path = Path(load().real_data).joinpath(*parts)
    if not path.exists():
        raise NotFound(f"this bench needs {path}; set ZHONGSHU_REAL_DATA to the folder of real data")
    return path


def rows(*parts: str) -> list[dict[str, str]]:
    """The rows of one real CSV file by their columns' names; NotFound as `real`."""
    with real(*parts).open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))
