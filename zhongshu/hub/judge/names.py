"""题眼 name words: what titles share with few others (places, estates, firms, schemes), learnt from titles."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from scipy import sparse

from zhongshu.hub.judge.ngrams import EMPTY, Ngrams, learn

TITLE, BODY = 40, 120
"""Characters of a title and of a body that are looked at: both say at their beginning where and what."""

_MOST = 1 << 20
_FEWEST = 3
_SINGLE = np.uint64(1 << 16)
_BLANK = re.compile(r"\W+")


@dataclass(frozen=True, slots=True)
class Share:
    """取词 which strings are names: of 2 to 4 characters, in at least three titles and at most `common` of all.

    Rarer ones tie nothing together; commoner ones (the city, the greeting, "problem") tie everything together. What
    stands in the body counts `body` times as much as in the title: bodies also name what they only pass by.
    """

    common: float = 0.02
    body: float = 0.5


SHARE = Share()


def tight(text: str) -> str:
    """The text without blanks and punctuation: people write one name in several ways."""
    return _BLANK.sub("", text)


@dataclass(frozen=True, slots=True)
class Names:
    """题眼词表 the name words of a stream of titles."""

    grams: Ngrams
    share: Share = SHARE

    @classmethod
    def learnt(cls, titles: Sequence[str], share: Share = SHARE) -> Names:
        """The name words of these titles; none when there are fewer than three titles."""
        shape = replace(EMPTY, longest=4, limit=TITLE, head=0, boost=0.0)
        if len(titles) < _FEWEST:
            return cls(shape, share)
        every = learn([tight(title) for title in titles], shape, _FEWEST, _MOST)
        often = max(_FEWEST, share.common * len(titles))
        kept = (every.keys >= _SINGLE) & (every.weights >= np.log((1 + len(titles)) / (1 + often)) + 1 - 1e-6)
        return cls(replace(every, keys=every.keys[kept], weights=every.weights[kept]), share)

    def matrix(self, titles: Sequence[str], bodies: Sequence[str]) -> sparse.csr_matrix:
        """Rows of unit length, shape (len(titles), words), float32; a text that names nothing is a row of zeros."""
        title = self.grams.matrix([tight(text) for text in titles])
        body = replace(self.grams, limit=BODY).matrix([tight(text) for text in bodies])
        both = sparse.csr_matrix(title + np.float32(self.share.body) * body)
        norms = np.sqrt(np.asarray(both.multiply(both).sum(axis=1)).ravel())
        return sparse.csr_matrix(sparse.diags(1 / np.maximum(norms, np.float32(1e-12))).astype(np.float32) @ both)
