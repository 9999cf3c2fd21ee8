"""检索词元 search tokens: character pairs of Chinese, whole words of other scripts, as 32-bit numbers.

The embedded server has no Chinese text search; pairs need none, and a recheck on the text removes chance hits.
"""

from __future__ import annotations

import re
import zlib
from functools import lru_cache
from operator import add

_RUNS = re.compile(r"[\u3400-\u9fff]+|[0-9a-z]+")


def grams(text: str, limit: int = 400) -> list[int]:
    """The sorted distinct tokens of a text; at most `limit`, so that one very long letter can't bloat the index."""
    found: set[str] = set()
    for run in _RUNS.findall(text.lower()):
        if run[0] >= "\u3400" and len(run) > 1:
            found.update(map(add, run, run[1:]))
        else:
            found.add(run)
        if len(found) >= limit:
            break
    return sorted(map(_number, found))


@lru_cache(1 << 16)
def _number(token: str) -> int:
    """Kept: a city's reports are made of the same few thousand pairs."""
    return zlib.crc32(token.encode()) - (1 << 31)
