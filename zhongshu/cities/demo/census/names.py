"""姓名 made-up names as characters in columns, and how people and machines get them wrong."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray
from pypinyin import lazy_pinyin

from zhongshu.cities.demo.content import TABLES

Codes = NDArray[np.uint32]
"""Code points, n x 4: up to two of the surname, up to two of the given name; 0 is none, always at the end."""

WIDTH = 4
SINGLE = 0.16
"""Share of given names of one character."""
RARE = 0.03
BOX = ord("□")


@dataclass(frozen=True, slots=True)
class Pool:
    """用字: surnames (k x 2 code points) with shares, and given characters of men, women and both, with rare ones."""

    surnames: Codes
    shares: NDArray[np.float64]
    men: Codes
    women: Codes
    rare: Codes
    same_sound: dict[int, list[int]]
    alike: dict[int, int]


@cache
def pool() -> Pool:
    """The characters of tables/names.toml."""
    with (TABLES / "names.toml").open("rb") as file:
        table: dict[str, Any] = tomllib.load(file)
    parts = table["surnames"].split()
    surnames = np.array([_two(name) for name in parts[::2]], dtype=np.uint32)
    shares = np.array(parts[1::2], dtype=float)
    men, women, rare = (_points(table[a] + table[b] if b else table[a]) for a, b in _GIVEN)
    sounds: dict[str, list[int]] = {}
    for char in sorted({*table["men"], *table["women"], *table["both"], *table["rare"], *"".join(parts[::2])}):
        sounds.setdefault(lazy_pinyin(char)[0], []).append(ord(char))
    same = {one: [c for c in group if c != one] for group in sounds.values() for one in group if len(group) > 1}
    pairs = [pair for pair in table["alike"].split() if pair[0] != pair[1]]
    alike = {ord(a): ord(b) for a, b in pairs} | {ord(b): ord(a) for a, b in pairs}
    return Pool(surnames, shares / shares.sum(), men, women, rare, same, alike)


_GIVEN = (("men", "both"), ("women", "both"), ("rare", ""))


def _two(name: str) -> tuple[int, int]:
    return ord(name[0]), ord(name[1]) if len(name) > 1 else 0


def _points(text: str) -> Codes:
    return np.array([ord(char) for char in text], dtype=np.uint32)


def draw_surnames(count: int, rng: np.random.Generator) -> Codes:
    """`count` surnames, n x 2."""
    held = pool()
    found: Codes = held.surnames[rng.choice(len(held.shares), count, p=held.shares)]
    return found


def draw_given(male: NDArray[np.bool_], rng: np.random.Generator) -> Codes:
    """Given names, n x 2; the commonest characters come first in each list and are drawn most."""
    held, count = pool(), len(male)
    found = np.zeros((count, 2), dtype=np.uint32)
    for chars, who in ((held.men, male), (held.women, ~male)):
        shares = 1 / (np.arange(len(chars)) + 12.0)
        found[who] = rng.choice(chars, (int(who.sum()), 2), p=shares / shares.sum())
    odd = rng.random(count) < RARE
    found[odd, rng.integers(0, 2, int(odd.sum()))] = rng.choice(held.rare, int(odd.sum()))
    single = rng.random(count) < SINGLE
    found[single, 1] = 0
    return found


def whole(surnames: Codes, given: Codes) -> Codes:
    """Surname and given name without the gap, n x 4."""
    joined = np.concatenate([surnames, given], axis=1)
    order = np.argsort(joined == 0, axis=1, kind="stable")
    return np.take_along_axis(joined, order, axis=1)


def texts(codes: Codes) -> NDArray[Any]:
    """Names as numpy strings."""
    plain = np.ascontiguousarray(codes)
    return plain.view(f"<U{plain.shape[1]}").ravel()


def misheard(codes: Codes, who: NDArray[np.int64], rng: np.random.Generator) -> None:
    """同音 and 形近: in these rows one given character becomes another of the same sound, or one that looks like it."""
    held = pool()
    for row in who.tolist():
        spots = [n for n in range(1, WIDTH) if codes[row, n]]
        spot = spots[int(rng.integers(len(spots)))]
        char = int(codes[row, spot])
        others = held.same_sound.get(char, [])
        if char in held.alike and (not others or rng.random() < 0.3):
            codes[row, spot] = held.alike[char]
        elif others:
            codes[row, spot] = others[int(rng.integers(len(others)))]


def unwritable(codes: Codes, rng: np.random.Generator, share: float) -> None:
    """生僻字: a system without the character writes a box, or another of the same sound."""
    held = pool()
    rare = np.isin(codes, held.rare)
    for row, spot in np.argwhere(rare & (rng.random(codes.shape) < share)).tolist():
        others = held.same_sound.get(int(codes[row, spot]), [])
        codes[row, spot] = BOX if not others or rng.random() < 0.5 else others[int(rng.integers(len(others)))]
