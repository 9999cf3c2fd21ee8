"""地址特征 what a tagger sees of an address, as numbers: windows, key characters around, names of lexicons."""

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
_NEAR = 7
_SUFFIXES = "省市区县镇乡村路街道巷弄号幢栋座楼层室房单元园苑城厦场口旁内社庄里院店司厂校桥组队"
_GROUPS = ("省市", "区县", "镇乡", "村社", "路街道", "号", "幢栋座", "单元", "楼层", "室房", "园苑城厦场小")
_WINDOWS = (
    *((offset, 1) for offset in range(-3, 4)),
    *((offset, 2) for offset in range(-3, 3)),
    *((offset, 3) for offset in range(-3, 2)),
    *((offset, 4) for offset in range(-3, 1)),
    *((offset, 5) for offset in range(-4, 1)),
)


def fold_address(text: str) -> str:
    """Full width to half width, blanks removed; letters keep their case (a building may be B or b)."""
    return re.sub(r"\s", "", unicodedata.normalize("NFKC", text))


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


def _keyed(laid: Laid) -> list[Keys]:
    """The next and the last key character and how far away they are, three features and their pairs."""
    size = len(laid.shapes)
    places = np.arange(size)
    key = np.isin(laid.shapes, np.array([ord(each) for each in _SUFFIXES], np.uint64)) | (
        (laid.shapes > 0) & (laid.shapes < 12)
    )
    key |= laid.shapes == 0
    ahead = np.minimum.accumulate(np.where(key, places, size - 1)[::-1])[::-1]
    before = np.maximum.accumulate(np.where(key, places, 0))
    last = np.concatenate([[0], before[:-1]])
    beyond = ahead[np.minimum(ahead + 1, size - 1)]
    near = np.minimum(ahead - places, _NEAR).astype(np.uint64)
    far = np.minimum(places - last, _NEAR).astype(np.uint64)
    following = laid.shapes[ahead] * np.uint64(16) + near
    past = laid.shapes[last] * np.uint64(16) + far
    later = laid.shapes[beyond]
    return [
        following,
        past,
        _mixed(following, laid.shapes[last]),
        _mixed(following, later),
        _mixed(_mixed(following, past), laid.shapes),
        _mixed(past, laid.shapes),
    ]


def _repeated(laid: Laid, pairs: Keys) -> list[Keys]:
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
    around = _shifted(marks, -1) * np.uint64(8) + marks
    return [around, _mixed(around, laid.shapes), marks * np.uint64(8) + _shifted(marks, 1)]


def _gathered(laid: Laid) -> list[Keys]:
    """Which groups of key characters stand anywhere before, and anywhere after; alone and with the character here."""
    found = []
    owner = np.repeat(np.arange(len(laid.sizes)), laid.sizes)
    shapes = laid.shapes[laid.where]
    before, after = np.zeros(len(laid.codes), np.uint64), np.zeros(len(laid.codes), np.uint64)
    for number, group in enumerate(_GROUPS):
        hit = np.isin(shapes, np.array([ord(each) for each in group], np.uint64))
        past: Numbers = np.cumsum(hit) - hit
        base: Numbers = past[laid.starts][owner]
        total = np.append(np.cumsum(hit), 0)[laid.starts + laid.sizes - 1][owner]
        before[laid.where] |= (past > base).astype(np.uint64) << np.uint64(number)
        after[laid.where] |= (total > past + hit).astype(np.uint64) << np.uint64(number)
    for values in (before, after):
        found += [values, _mixed(values, laid.shapes)]
    return [*found, _mixed(before, after), _mixed(_mixed(before, after), laid.shapes)]


def _positions(laid: Laid) -> list[Keys]:
    owner = np.repeat(np.arange(len(laid.sizes)), laid.sizes)
    order = np.arange(len(laid.where)) - laid.starts[owner]
    left = laid.sizes[owner] - 1 - order
    both = [np.zeros(len(laid.codes), np.uint64) for _ in range(2)]
    both[0][laid.where] = np.minimum(order, 6)
    both[1][laid.where] = np.minimum(left, 4)
    return [*both, _mixed(both[0] + np.uint64(16), laid.shapes), _mixed(both[1] + np.uint64(16), laid.shapes)]


def _shifted(values: Keys, offset: int) -> Keys:
    return np.roll(values, -offset)


def feature_keys(laid: Laid, lexicons: Sequence[Lexicon]) -> Keys:
    """All features of all real tokens, shape (T, number of templates)."""
    windows = runs(laid.codes, _LONGEST)
    shaped = runs(laid.shapes, 5)
    columns = [_shifted(shaped[size - 1], offset) for offset, size in _WINDOWS]
    columns += [_mixed(_shifted(laid.shapes, -1), _shifted(laid.shapes, 1)), laid.codes]
    columns += _keyed(laid) + _positions(laid) + _repeated(laid, windows[1]) + _gathered(laid)
    painted = [each.paint(windows).astype(np.uint64) for each in lexicons]
    for marks in painted:
        columns += [marks, _shifted(marks, -1), _shifted(marks, 1), _mixed(marks, laid.shapes)]
        columns += [_mixed(_shifted(marks, -1), marks), _mixed(marks, _shifted(marks, 1))]
    if len(painted) > 1:
        joint = painted[0]
        for marks in painted[1:]:
            joint = _mixed(joint, marks)
        columns.append(joint)
    keys = np.empty((len(laid.where), len(columns)), np.uint64)
    for number, column in enumerate(columns):
        keys[:, number] = _mixed(column[laid.where], np.uint64(number + 1) << np.uint64(40))
    return keys
