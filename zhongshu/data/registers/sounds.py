"""读音 names as they sound: the same key for 张伟 and 章玮, for whole columns at once."""

from __future__ import annotations

from functools import cache

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray
from pypinyin import pinyin_dict

FIRST, LAST = 0x3400, 0x9FFF
NAME = 6
"""Characters of a name that are looked at."""
_TONES = str.maketrans("āáǎàēéěèīíǐìōóǒòūúǔùǖǘǚǜüńňǹḿ", "aaaaeeeeiiiioooouuuuvvvvvnnnm")


@cache
def _syllables() -> tuple[list[str], NDArray[np.int16]]:
    """(syllables without tones, for each code point from FIRST to LAST the number of its syllable; 0 is none)."""
    known: dict[str, int] = {"": 0}
    of = np.zeros(LAST - FIRST + 1, dtype=np.int16)
    for point, said in pinyin_dict.pinyin_dict.items():
        if FIRST <= point <= LAST:
            plain = said.split(",")[0].translate(_TONES)
            of[point - FIRST] = known.setdefault(plain, len(known))
    return list(known), of


def tidy(names: pa.Array) -> pa.Array:
    """Names without spaces, dots and brackets, wide letters made plain; empty texts for nothing."""
    if isinstance(names, pa.ChunkedArray):
        names = names.combine_chunks()
    plain = pc.utf8_upper(pc.utf8_normalize(pc.fill_null(names, ""), "NFKC"))
    return pc.replace_substring_regex(plain, r"[\s·•\.,，。()（）\-]", "")


def keys(names: pa.Array) -> pa.Array:
    """The toneless syllables of tidied names, one after the other; other signs stay themselves."""
    spelt, of = _syllables()
    words = pc.dictionary_encode(names)
    fixed = np.asarray(words.dictionary.to_numpy(zero_copy_only=False), dtype=f"U{NAME}")
    points = fixed.view(np.uint32).reshape(len(fixed), NAME)
    inside = (points >= FIRST) & (points <= LAST)
    syllable = np.where(inside, of[np.where(inside, points, FIRST) - FIRST], 0)
    table = pa.array([*spelt, *_others(points[(syllable == 0) & (points > 0)])])
    number = np.where(syllable > 0, syllable, 0)
    strange = (syllable == 0) & (points > 0)
    number[strange] = len(spelt) + np.searchsorted(np.unique(points[strange]), points[strange])
    columns = [table.take(pa.array(number[:, n])) for n in range(NAME)]
    return pc.binary_join_element_wise(*columns, "").take(words.indices)


def _others(points: NDArray[np.uint32]) -> list[str]:
    return [chr(point) for point in np.unique(points).tolist()]
