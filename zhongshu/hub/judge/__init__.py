"""研判 judge: classify, locate, merge duplicates, grade urgency and special need; abstain when unsure."""

from __future__ import annotations

from zhongshu.hub.judge.room import room

__all__ = ["room"]
