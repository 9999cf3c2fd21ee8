"""决策 decide: the duty list finds host, assists, legal basis and limits; nothing matches, arbitration."""

from __future__ import annotations

from zhongshu.hub.decide.room import room

__all__ = ["room"]
