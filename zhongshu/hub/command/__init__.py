"""指挥 command: dispatch to posts over four levels, escalate what runs late."""

from __future__ import annotations

from zhongshu.hub.command.room import room

__all__ = ["room"]
