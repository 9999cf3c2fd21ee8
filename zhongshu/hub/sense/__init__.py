"""感知 sense: take in from every channel, normalise, make idempotent; hand readings to the scenarios."""

from __future__ import annotations

from zhongshu.hub.sense.room import room

__all__ = ["room"]
