"""查评分表 what may be wrong with a pack's rows of the rubric of a reply."""

from __future__ import annotations

import re
from collections.abc import Iterator

from zhongshu.cities.read import LINE, Pack
from zhongshu.cities.reply_tables import FLAGS
from zhongshu.kernel.errors import Flaw

LONGEST = 2000
"""Characters of one pattern."""


def faults(pack: Pack) -> Iterator[Flaw]:
    """Patterns must be readable, short, and match something that is not empty; only a flag can hold a reply."""
    for row in pack.rows("reply_words"):
        yield from (
            Flaw("reply_words.csv", row[LINE], "pattern", row["pattern"][:60], expected)
            for expected in _unfit(row["pattern"])
        )
    for row in pack.rows("reply_criteria"):
        if row["holds"] and row["code"] not in FLAGS:
            yield Flaw("reply_criteria.csv", row[LINE], "holds", "1", f"0: only {', '.join(FLAGS)} can hold a reply")


def _unfit(pattern: str) -> Iterator[str]:
    if len(pattern) > LONGEST:
        yield f"at most {LONGEST} characters"
        return
    try:
        empty = re.compile(pattern).search("")
    except re.error as error:
        yield f"a regular expression ({error})"
        return
    if empty:
        yield "a regular expression that does not match an empty text"
