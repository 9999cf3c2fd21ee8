"""社区管理数据库 what the registers, components and cases hold of one community, for its own post and nobody else."""

from __future__ import annotations

from typing import Any

from zhongshu.data.registers import blocks
from zhongshu.hub.community_rules import keeps
from zhongshu.kernel.access import Viewer
from zhongshu.screen import gate, naming
from zhongshu.screen import registers as words
from zhongshu.screen.frame import URLS
from zhongshu.screen.pages.blocks import digits, list_url, total

SHOWN = (
    ("people", ""),
    ("households", ""),
    ("houses", ""),
    ("firms", ""),
    ("components", ""),
    ("care", ""),
    ("cases", "open"),
)
"""Measure and band of each count of the panel."""


def panel(viewer: Viewer | None, place: str) -> dict[str, Any] | None:
    """The counts of the community as /data/blocks counts them, each with its list; None for who doesn't keep it.

    The lists are those of the registers: masked, and each read in clear is logged there.
    """
    if viewer is None or not keeps(viewer, place):
        return None
    knowledge = gate.hub().tools.knowledge
    under = digits(place, knowledge)
    cells = blocks.counts(viewer, under, len(under))
    return {
        "url": f"{URLS['data']}/blocks?under={under}",
        "rows": [{"name": _name(key), "n": total(cells, key), "url": list_url(under, key)} for key in SHOWN],
    }


def _name(key: tuple[str, str]) -> Any:
    measure, band = key
    return naming.aside(words.MEASURES[measure], words.band(measure, band)) if band else words.MEASURES[measure]
