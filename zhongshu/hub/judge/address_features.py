"""地址特征 what a tagger sees of each token of an address, as numbers: characters, shapes, names of lexicons."""

from __future__ import annotations

import re
import unicodedata
import zlib
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache

import numpy as np
from numpy.typing import NDArray

from zhongshu.hub.judge.ngrams import Ngrams

Keys = NDArray[np.uint64]
Numbers = NDArray[np.int64]
Tokens = Sequence[str]

_TOKEN = re.compile(r"[0-9]+|[^0-9]", re.S)
_MARGIN = 4
"""Empty places between two addresses of a batch, so that no window reaches into the neighbour."""
_PRIME = np.uint64(0x9E3779B97F4A7C15)
_SHIFT = np.uint64(29)
_LONGEST = 12


def fold_address(text: str) -> str:
    """Full width to half width, blanks removed; letters keep their case (a building may be B or b)."""
    return "".join(unicodedata.normalize("NFKC", text).split())


def tokens_of(text: str) -> list[str]:
    """An address cut into what gets one tag each: a run of digits or one character."""
    return _TOKEN.findall(fold_address(text))


@lru_cache(200_000)
def _code(token: str) -> int:
    """A number for a token: its code point, or a checksum of several characters, above all code points."""
    return ord(token) if len(token) == 1 else 0x110000 + zlib.crc32(token.encode())


@lru_cache(200_000)
def _shape(token: str) -> int:
    """The same for all numbers of as many digits, all ranges, all Latin letters of one case."""
    if token.isdecimal():
        return 1 + min(len(token), 5)
    if token.isascii() and token.isalpha():
        return 7 + token.islower() + 2 * (len(token) > 1)
    if any(part.isdecimal() for part in token):
        return 11
    return _code(token)


def _mixed(value: Keys, more: Keys | np.uint64) -> Keys:
    with np.errstate(over="ignore"):
        mixed = (value ^ more) * _PRIME
    return mixed ^ (mixed >> _SHIFT)


def name_key(name: str) -> int:
    """The key under which a lexicon knows a name."""
    codes = np.array([_code(token) for token in tokens_of(name)], np.uint64)
    key = np.zeros(1, np.uint64)
    for code in codes:
        key = _mixed(key, code)
    return int(key[0])


@dataclass(frozen=True)
class Lexicon:
    """词表 names known for certain kinds: `keys` (N,) uint64 of names, `kinds` (N,) a number 1.. each."""

    keys: Keys
    kinds: NDArray[np.int32]

    @cached_property
    def _table(self) -> Ngrams:
        return Ngrams(self.keys, np.zeros(0, np.float32))

    def paint(self, windows: Sequence[Keys]) -> Numbers:
        """For every token the longest known name over it: 0 without one, else kind, place in the name and length.

        `windows[n]` are the keys of all runs of n + 1 tokens. Of equal length the leftmost wins.
        """
        painted = np.zeros(len(windows[0]), np.int64)
        for number, keys in enumerate(windows[1:], start=2):
            found = self._table.find(keys)
            starts = np.flatnonzero(found >= 0)[::-1]
            kinds = self.kinds[found[starts]].astype(np.int64)
            for step in range(number):
                place = 0 if step == 0 else 2 if step == number - 1 else 1
                painted[starts + step] = kinds * 16 + place * 4 + min(number, 5) - 2
        return painted


def lexicon(names: Iterable[tuple[str, str]]) -> Lexicon:
    """A lexicon of (kind, name); a name of several kinds gets a kind of its own: the set of them."""
    kinds_of: dict[int, set[str]] = defaultdict(set)
    for kind, name in names:
        if len(name) > 1:
            kinds_of[name_key(name)].add(kind)
    keys = sorted(kinds_of)
    kinds = [zlib.crc32("|".join(sorted(kinds_of[key])).encode()) % (1 << 26) for key in keys]
    return Lexicon(np.array(keys, np.uint64), np.array(kinds, np.int32))


def learnt_lexicon(spans: Iterable[tuple[str, str]], least: int = 1) -> Lexicon:
    """A lexicon of (kind, name) as people tagged them: each name with the kind it had most often."""
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    for kind, name in spans:
        counts[name][kind] += 1
    best = ((each.most_common(1)[0], name) for name, each in counts.items())
    return lexicon([(kind, name) for (kind, often), name in best if often >= least])


@dataclass(frozen=True, slots=True)
class Laid:
    """A batch laid in one row: `codes` and `shapes` with margins, `where` (T,) the places of real tokens,
    `starts` and `sizes` (n,) of each address among the real tokens."""

    codes: Keys
    shapes: Keys
    where: Numbers
    starts: Numbers
    sizes: Numbers


def lay(batch: Sequence[Tokens]) -> Laid:
    """Lay addresses in one row of numbers."""
    sizes = np.fromiter(map(len, batch), np.int64, len(batch))
    starts = np.cumsum(sizes) - sizes
    total = int(sizes.sum())
    owner = np.repeat(np.arange(len(batch)), sizes)
    where = np.arange(total) + (owner + 1) * _MARGIN
    codes = np.zeros(total + (len(batch) + 1) * _MARGIN + _LONGEST, np.uint64)
    shapes = codes.copy()
    flat = [token for tokens in batch for token in tokens]
    codes[where] = np.fromiter(map(_code, flat), np.uint64, total)
    shapes[where] = np.fromiter(map(_shape, flat), np.uint64, total)
    return Laid(codes, shapes, where, starts, sizes)


def runs(values: Keys, longest: int) -> list[Keys]:
    """Keys of all runs of 1, 2 .. `longest` numbers, each as long as `values` (the last ones are cut short)."""
    found = [_mixed(np.zeros(len(values), np.uint64), values)]
    for number in range(1, longest):
        following = np.zeros(len(values), np.uint64)
        following[: len(values) - number] = values[number:]
        found.append(_mixed(found[-1], following))
    return found


def _repeated(laid: Laid, pairs: Keys) -> Keys:
    """Whether the two characters here stand in the same address before, or again later (a repeated division)."""
    owner = np.repeat(np.arange(len(laid.sizes), dtype=np.uint64), laid.sizes)
    keys = _mixed(pairs[laid.where], owner)
    order = np.argsort(keys, kind="stable")
    same = np.zeros(len(keys), bool)
    same[1:] = keys[order][1:] == keys[order][:-1]
    marks = np.zeros(len(laid.codes), np.uint64)
    before, after = np.zeros(len(keys), np.uint64), np.zeros(len(keys), np.uint64)
    before[order[same]] = 1
    after[order[np.flatnonzero(same) - 1]] = 2
    marks[laid.where] = before + after + np.uint64(1)
    return _shifted(marks, -1) * np.uint64(8) + marks


def _shifted(values: Keys, offset: int) -> Keys:
    return np.roll(values, -offset)


def columns(laid: Laid, lexicons: Sequence[Lexicon]) -> Keys:
    """What is known of each real token, shape (T, 4 + number of lexicons): the character, its shape, its shape with
    the next one's, whether the two characters here stand in the address again, and the name of a lexicon over it."""
    windows = runs(laid.codes, _LONGEST)
    pairs = _mixed(_mixed(np.zeros(len(laid.shapes), np.uint64), laid.shapes), _shifted(laid.shapes, 1))
    found = [laid.codes, laid.shapes, pairs, _repeated(laid, windows[1])]
    found += [each.paint(windows).astype(np.uint64) for each in lexicons]
    return np.stack([column[laid.where] for column in found], axis=1)
