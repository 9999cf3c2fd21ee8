"""急难 urgency and special need, from the words of the pack's lexicon."""

from __future__ import annotations

from zhongshu.kernel.desk import Words


def needs(text: str, words: Words) -> tuple[int, list[tuple[str, str]]]:
    """(urgency 0-3, [(word, reason)])."""
    special = [(word, why) for word, why in words.special.items() if word in text]
    return (3 if any(word in text for word in words.urgent) else 0), special
