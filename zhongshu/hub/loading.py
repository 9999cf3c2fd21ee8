"""备料 loading: rules, models and indexes from the database and the model registry into the hub's tools."""

from __future__ import annotations

from pathlib import Path

from zhongshu.hub.desk import Tools
from zhongshu.kernel.settings import Settings


def load_tools(settings: Settings, scenarios: Path) -> Tools:
    """Everything that the rooms ask for, from the pack in force and the newest approved model."""
    raise NotImplementedError
