"""命令 the command words of this package; the command line assembles them with everybody else's."""

from __future__ import annotations

from zhongshu.kernel.plugins import Command

COMMANDS: list[Command] = []
