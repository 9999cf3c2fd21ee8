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
_JOINED = 20_000
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
    def _joined(self) -> int:
        """The last two tables, of the smallest features, are read as one when that is no bigger than the others."""
        return len(self.tables) - 2 if len(self.tables) > 2 and self._together <= _JOINED else len(self.tables)

    @property
    def _together(self) -> int:
        return len(self.tables[-2]) * len(self.tables[-1])

    @cached_property
    def _mapped(self) -> list[list[Floats]]:
        """The tables already multiplied by what follows: reading a row is cheaper than multiplying it."""
        cuts = np.cumsum([table.shape[1] for table in self.tables])[:-1]
        found = []
        for into, bias in zip(self.into, self.bias, strict=True):
            mapped = [table @ part for table, part in zip(self.tables, np.split(into, cuts), strict=True)]
            mapped[0] = mapped[0] + bias
            if self._joined < len(mapped):
                both = mapped[-2][:, None] + mapped[-1]
                mapped = [*mapped[:-2], both.reshape(self._together, -1)]
            found.append(mapped)
        return found

    def scores(self, features: Numbers, steps: Walk) -> Floats:
        """What speaks for each label at each token; `features` (N, number of tables) row numbers; shape (N, L)."""
        found = np.broadcast_to(self.out_bias, (len(features), len(self.out_bias))).copy()
        width = len(self.over[0])
        if self._joined < len(self.tables):
            joint = features[:, -2] * len(self.tables[-1]) + features[:, -1]
            features = np.concatenate([features[:, : self._joined], joint[:, None]], axis=1)
        for side, direction in enumerate(DIRECTIONS):
            states = self._read(side, features, steps, direction)
            found += states @ self.out[side * width : (side + 1) * width]
        return found

    def _read(self, side: int, features: Numbers, steps: Walk, direction: int) -> Floats:
        """The states (N, H) after each token, coming from one side. What is given is gathered step by step: all of it
        at once would leave the processor's cache."""
        over, tables = self.over[side], self._mapped[side]
        width = len(over)
        state = np.zeros((steps.count, width), np.float32)
        found = np.empty((len(features), width), np.float32)
        with np.errstate(over="ignore"):
            for step in ordered(steps, direction):
                row, here = steps.begun[step], steps.here[step]
                now, asked = state[row:] @ over, features[here]
                given = tables[0][asked[:, 0]]
                for column, table in enumerate(tables[1:], start=1):
                    given += table[asked[:, column]]
                gates = sigmoid(given[:, : 2 * width] + now[:, : 2 * width])
                fresh = np.tanh(given[:, 2 * width :] + gates[:, width:] * now[:, 2 * width :])
                state[row:] = fresh + gates[:, :width] * (state[row:] - fresh)
                found[here] = state[row:]
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
