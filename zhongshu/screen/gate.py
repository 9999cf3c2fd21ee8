"""门厅 the gate: where the screens find the hub that the application gave them."""

from __future__ import annotations

from dataclasses import dataclass

from zhongshu.hub.hub import Hub


@dataclass(slots=True)
class _Gate:
    hub: Hub | None = None


_gate = _Gate()


def install(hub: Hub) -> None:
    """Called once by the application when it starts."""
    _gate.hub = hub


def hub() -> Hub:
    if _gate.hub is None:
        raise RuntimeError("the application has not installed a hub yet")
    return _gate.hub
