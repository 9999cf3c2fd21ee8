"""造说法 made-up ways to say the rows of an address base, with the row that is meant: to fit what a match is worth."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from zhongshu.hub.judge.address_match import AddressBase

_ENDS = ("门口有人摆摊，影响通行", "附近路灯坏了", "半夜施工吵得睡不着", "有一堆垃圾没人清", "路面塌了一块", "")
_ABSENT = 6
"""One text in so many names a place that the base doesn't have."""
_MISTYPED = 3


def tell(base: AddressBase, count: int, seed: int = 0) -> tuple[list[str], NDArray[np.int64]]:
    """`count` texts and the row each means, -1 where none. A third is mistyped by one character; divisions and numbers
    are often left out. The absent names are put together from halves of two names."""
    random = np.random.default_rng(seed)
    rows = random.integers(0, len(base.name), count)
    known = set(base.names)
    texts = []
    for number, row in enumerate(rows.tolist()):
        name = base.names[base.name[row]]
        if number % _ABSENT == 0:
            other = base.names[int(random.integers(len(base.names)))]
            name = name[: len(name) // 2] + other[len(other) // 2 :]
            rows[number] = row if name in known else -1
        elif number % _MISTYPED == 1:
            name = mistyped(name, base.names, random)
        said = "".join(area for area in base.areas[base.area[row]] if random.random() < 0.4)
        unit = "栋" if base.building[row] else "号"
        house = f"{base.number[row]}{unit}" if base.number[row] and random.random() < 0.8 else ""
        texts.append(f"{said}{name}{house}{_ENDS[number % len(_ENDS)]}")
    return texts, rows


def mistyped(name: str, names: Sequence[str], random: np.random.Generator) -> str:
    """One character replaced, lost, doubled or swapped with the next; the last one is left alone."""
    place = int(random.integers(0, max(1, len(name) - 1)))
    other = names[int(random.integers(len(names)))][0]
    ways = (
        name[:place] + other + name[place + 1 :],
        name[:place] + name[place + 1 :],
        name[:place] + name[place] + name[place:],
        name[:place] + name[place + 1 : place + 2] + name[place] + name[place + 2 :],
    )
    return ways[int(random.integers(len(ways)))]
