"""紧急词 emergencies: words that no doubt of a classifier may hold up: gas, fire, a life in danger."""

from __future__ import annotations

from collections.abc import Sequence

from zhongshu.hub.judge.needs import clauses, negated
from zhongshu.kernel.desk import Emergency

Hit = dict[str, str]
"""{code of the row, the word that was heard, the channel to call}."""


def emergency(text: str, rows: Sequence[Emergency]) -> Hit | None:
    """The first row whose words the text affirms in a clause that holds none of the row's `not_words`; else None."""
    for row in rows:
        words = [word for word in row.words if word in text]
        if words and (word := _heard(text, words, row.not_words)):
            return {"code": row.code, "word": word, "channel": row.channel}
    return None


def _heard(text: str, words: Sequence[str], not_words: Sequence[str]) -> str:
    for clause in clauses(text):
        if any(word in clause for word in not_words):
            continue
        for word in words:
            start = clause.find(word)
            if start >= 0 and not negated(clause, start, start + len(word)):
                return word
    return ""
