"""评价 evaluate: response, solve and satisfaction rates over valid call-backs, on-time closure over due-to-close."""

from __future__ import annotations

from zhongshu.hub.evaluate.room import room

__all__ = ["room"]
