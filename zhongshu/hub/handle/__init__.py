"""处置·反馈 handle: what happens after the unit has answered: check, call back, close, reopen."""

from __future__ import annotations

from zhongshu.hub.handle.room import room

__all__ = ["room"]
