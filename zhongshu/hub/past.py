"""相似往案 past cases as reasons: which closed cases of the same class read most like a text."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from zhongshu.data import past
from zhongshu.hub.judge.similar import similar
from zhongshu.kernel.access import Viewer

SHOWN = 3
LEAST = 0.1
"""Likeness below which a past case says nothing."""


def alike(viewer: Viewer, category: str, text: str, but: int = 0) -> list[tuple[Mapping[str, Any], float]]:
    """Up to SHOWN (case, likeness 0..1), most alike first: asked when somebody opens the page, never on the road."""
    known = past.confirmed(viewer, category, but) if category else []
    scores = similar(text, [row["text"] for row in known])
    ranked = sorted(zip(known, scores, strict=True), key=lambda pair: -pair[1])
    return [(row, round(score, 3)) for row, score in ranked[:SHOWN] if score >= LEAST]
