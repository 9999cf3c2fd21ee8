"""标注网络 a small recurrent network: what each token of an address may be, read from both sides; plain numpy."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]
Numbers = NDArray[np.int64]

DIRECTIONS = (1, -1)
_SIDED = ("into", "over", "bias")


def names(tables: int) -> list[str]:
    """The names of a net's arrays."""
    sided = [f"{name}{side}" for side in range(len(DIRECTIONS)) for name in _SIDED]
    return [*(f"table{n}" for n in range(tables)), *sided, "out", "out_bias", "moves"]


@dataclass(frozen=True, slots=True)
class Walk:
    """步序: addresses of a batch laid in one row of N tokens, shortest first, read step by step; all end at once.

    At step s the addresses from `begun[s]` on have a token, those at `here[s]` in the row; `count` addresses.
    """

    count: int
    begun: tuple[int, ...]
    here: tuple[Numbers, ...]

    @property
    def tokens(self) -> int:
        return sum(map(len, self.here))


def walk(sizes: Numbers) -> Walk:
    """The steps through addresses of `sizes` (n,) tokens, which must not fall."""
    count, longest = len(sizes), int(sizes[-1]) if len(sizes) else 0
    starts = np.cumsum(sizes) - sizes
    first = longest - sizes
    begun = [int(np.searchsorted(-first, -step)) for step in range(longest)]
    here = [starts[row:] + step - first[row:] for step, row in enumerate(begun)]
    return Walk(count, tuple(begun), tuple(here))


@dataclass(frozen=True)
class Net:
    """标注网络, immutable. `tables` one (V, d) a feature; for each direction `into` (I, 3H), `over` (H, 3H) and `bias`
    (3H,): a gated recurrent unit; `out` (2H, L) and `out_bias` (L,) to the labels; `moves` (L, L) between labels."""

    tables: tuple[Floats, ...]
    into: tuple[Floats, ...]
    over: tuple[Floats, ...]
    bias: tuple[Floats, ...]
    out: Floats
    out_bias: Floats
    moves: Floats

    def parts(self) -> dict[str, Floats]:
        """Every array by its name; `of` reads them again."""
        found = {f"table{n}": table for n, table in enumerate(self.tables)}
        for side in range(len(DIRECTIONS)):
            found |= {f"into{side}": self.into[side], f"over{side}": self.over[side], f"bias{side}": self.bias[side]}
        return found | {"out": self.out, "out_bias": self.out_bias, "moves": self.moves}

    @classmethod
    def of(cls, parts: Mapping[str, Floats]) -> Net:
        tables = tuple(parts[f"table{n}"] for n in range(sum(name.startswith("table") for name in parts)))
        into, over, bias = (tuple(parts[f"{name}{n}"] for n in range(len(DIRECTIONS))) for name in _SIDED)
        return cls(tables, into, over, bias, parts["out"], parts["out_bias"], parts["moves"])

    @cached_property
    def _mapped(self) -> list[list[Floats]]:
        """The tables already multiplied by what follows: reading a row is cheaper than multiplying it."""
        cuts = np.cumsum([table.shape[1] for table in self.tables])[:-1]
        return [
            [table @ part for table, part in zip(self.tables, np.split(into, cuts), strict=True)] for into in self.into
        ]

    def scores(self, features: Numbers, steps: Walk) -> Floats:
        """What speaks for each label at each token; `features` (N, number of tables) row numbers; shape (N, L)."""
        found = np.broadcast_to(self.out_bias, (len(features), len(self.out_bias))).copy()
        width = len(self.over[0])
        for side, direction in enumerate(DIRECTIONS):
            pre = self._mapped[side][0][features[:, 0]] + self.bias[side]
            for column, table in enumerate(self._mapped[side][1:], start=1):
                pre += table[features[:, column]]
            found += read(pre, self.over[side], steps, direction) @ self.out[side * width : (side + 1) * width]
        return found


def sigmoid(values: Floats) -> Floats:
    """In place: it is what the time goes into."""
    np.negative(values, out=values)
    np.exp(values, out=values)
    values += np.float32(1)
    np.reciprocal(values, out=values)
    return values


def ordered(steps: Walk, direction: int) -> Sequence[int]:
    return range(len(steps.begun))[::direction]


def read(pre: Floats, over: Floats, steps: Walk, direction: int) -> Floats:
    """The states (N, H) after each token, coming from one side."""
    width = len(over)
    state = np.zeros((steps.count, width), np.float32)
    found = np.empty((len(pre), width), np.float32)
    # Scores beyond this are 0 or 1 to a float32, and would overflow the exponential.
    np.clip(pre, -40, 40, out=pre)
    for step in ordered(steps, direction):
        row, here = steps.begun[step], steps.here[step]
        now, given = state[row:] @ over, pre[here]
        gates = sigmoid(given[:, : 2 * width] + now[:, : 2 * width])
        fresh = np.tanh(given[:, 2 * width :] + gates[:, width:] * now[:, 2 * width :])
        state[row:] = fresh + gates[:, :width] * (state[row:] - fresh)
        found[here] = state[row:]
    return found
