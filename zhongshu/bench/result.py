"""实测结果 one bench result: the JSON object that every bench prints."""

from __future__ import annotations

import os
import platform
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from importlib.metadata import version
from pathlib import Path
from typing import Any

import orjson


@dataclass(frozen=True, slots=True)
class Result:
    """`figures` are ours, `baseline` what others reach in the same run on the same machine; shares are 0..1."""

    bench: str
    machine: Mapping[str, Any]
    versions: Mapping[str, str]
    size: Mapping[str, Any]
    figures: Mapping[str, float]
    baseline: Mapping[str, float] = field(default_factory=dict)

    def to_json(self) -> str:
        return orjson.dumps(asdict(self)).decode()


def _processor() -> str:
    info = Path("/proc/cpuinfo")
    if info.exists():
        names = [
            line.partition(":")[2].strip() for line in info.read_text().splitlines() if line.startswith("model name")
        ]
        return names[0] if names else platform.machine()
    return platform.processor() or platform.machine()


def machine() -> dict[str, Any]:
    """What the figures were measured on; `load` is the one-minute load average at this moment (-1 if unknown)."""
    load = os.getloadavg()[0] if hasattr(os, "getloadavg") else -1.0
    return {
        "system": platform.platform(),
        "processor": _processor(),
        "cores": os.cpu_count() or 1,
        "python": platform.python_version(),
        "load": round(load, 2),
    }


def libraries(*names: str) -> dict[str, str]:
    """Installed versions of the libraries a bench depends on, our own first."""
    return {name: version(name) for name in ("zhongshu", *names)}
