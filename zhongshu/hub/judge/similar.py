"""相似 likeness of two texts, and what it means together with distance and time."""

from __future__ import annotations

from collections.abc import Sequence


def similar(text: str, others: Sequence[str]) -> list[float]:
    """1 for the same text, else 0."""
    return [float(other == text) for other in others]


def verdict(metres: float | None, hours: float, same: bool, likeness: float) -> tuple[str, float, list[str]]:
    """merge | propose | new, with score and reasons."""
    if likeness > 0.9 and metres is not None and metres < 100:
        return "merge", likeness, ["same text, same place"]
    return "new", likeness, []
