"""找源头 causes: which kinds of matters go together in place and time more than chance allows, and where."""

from __future__ import annotations

from zhongshu.hub.judge.causes.association import Association, Plan, associate
from zhongshu.hub.judge.causes.events import Events
from zhongshu.hub.judge.causes.knox import Knox, knox
from zhongshu.hub.judge.causes.scan import Alarm, Window, scan

__all__ = ["Alarm", "Association", "Events", "Knox", "Plan", "Window", "associate", "knox", "scan"]
