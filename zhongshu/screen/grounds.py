"""判断依据 what spoke for a class or a merge, in the reader's language; a rule's word is not on the model's scale."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext_lazy

SHOWN = 0.005
"""The smallest weight of a word that is shown."""

MERGING: dict[str, Any] = {
    "similarity": gettext_lazy("文字相似"),
    "metres": gettext_lazy("相距（米）"),
    "hours": gettext_lazy("相隔（小时）"),
    "same_category": gettext_lazy("同一类别"),
    "same_name": gettext_lazy("同一地名"),
}
"""并案依据 what speaks for two reports being one matter, by the code that the ledger keeps."""


_MARKS = {
    "规则": gettext_lazy("关键词规则 {rule}"),
    "规则另指": gettext_lazy("关键词规则另指 {rule}"),
    "来源指定": gettext_lazy("来源指定"),
}


def reasons(found: Iterable[tuple[str, float]]) -> list[tuple[str, float | None]]:
    """What spoke for a class: n-grams with the weight they had in the model, but for those that would show as nothing.

    A rule and a source have no weight: theirs is no part of the model's scale (a first one without decided).
    """
    return [_reason(word, weight) for word, weight in found if abs(weight) >= SHOWN]


def _reason(word: str, weight: float) -> tuple[str, float | None]:
    """An n-gram as it is; what a keyword rule says, and what speaks for a merge, in the reader's language."""
    mark, gap, said = word.partition(" ")
    if gap and mark in _MARKS:
        return str(_MARKS[mark]).format(rule=said), None
    return str(MERGING.get(word, word)), weight
