"""研判规则 what the judge room knows by word: emergencies, danger words and special needs, keyword rules."""

from __future__ import annotations

from datetime import datetime

from zhongshu.data import models as rows
from zhongshu.data import versions
from zhongshu.data.versions import in_force
from zhongshu.kernel.desk import Emergency, KeywordRule, Raise, Words

split = versions.split


def emergencies(at: datetime, using: str) -> list[Emergency]:
    """In the order of their codes, which is the order in which they are tried."""
    names = ("code", "words", "not_words", "channel", "host", "assists")
    limits = ("sign_minutes", "contact_minutes", "handle_minutes", "basis")
    found = in_force(rows.Emergency, at, using).order_by("code").values_list(*names, *limits)
    return [
        Emergency(code, split(words), split(not_words), channel, host, split(assists), *more)
        for code, words, not_words, channel, host, assists, *more in found
    ]


def words(at: datetime, using: str) -> Words:
    held: dict[str, dict[str, str]] = {"urgent": {}, "special": {}, "discreet": {}}
    for word, kind, reason in in_force(rows.Lexicon, at, using).order_by("word").values_list("word", "kind", "reason"):
        held[kind][word] = reason
    return Words(**held)


def keywords(at: datetime, using: str) -> tuple[KeywordRule, ...]:
    """By code."""
    names = ("code", "category", "words", "not_words", "weight", "basis")
    found = in_force(rows.KeywordRule, at, using).order_by("code").values_list(*names)
    return tuple(
        KeywordRule(code, category, split(said), split(barred), weight, basis)
        for code, category, said, barred, weight, basis in found
    )


def raises(at: datetime, using: str) -> tuple[Raise, ...]:
    """By code."""
    names = ("code", "on", "what", "category", "step", "reason", "begins", "ends")
    return tuple(Raise(*row) for row in in_force(rows.Raise, at, using).order_by("code").values_list(*names))
