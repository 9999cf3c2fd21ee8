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
NEEDED = {"table0", "into0", "over0", "bias0", "into1", "over1", "bias1", "out", "out_bias", "moves"}
_JOINED = 8_000
"""Rows up to which two tables are read as one: more would leave the processor's cache."""


@dataclass(frozen=True, slots=True)
class Walk:
    """步序: addresses of a batch laid in one row of N tokens, shortest first, read step by step; all end at once.

    `sizes` (n,) of the addresses. At step s those from `begun[s]` on have a token, at `here[s]` in the row.
    """

    sizes: Numbers
    begun: tuple[int, ...]
    here: tuple[Numbers, ...]

    @property
    def count(self) -> int:
        return len(self.sizes)


def walk(sizes: Numbers) -> Walk:
    """The steps through addresses of `sizes` (n,) tokens, which must not fall."""
    longest = int(sizes[-1]) if len(sizes) else 0
    starts = np.cumsum(sizes) - sizes
    first = longest - sizes
    begun = [int(np.searchsorted(-first, -step)) for step in range(longest)]
    here = [starts[row:] + step - first[row:] for step, row in enumerate(begun)]
    return Walk(sizes, tuple(begun), tuple(here))


@dataclass(frozen=True)
class Net:
    """标注网络, immutable. `weights` by name: `table0`.. one (V, d) a feature; for each direction `into` (I, 3H),
    `over` (H, 3H) and `bias` (3H,): a gated recurrent unit; `out` (2H, L) and `out_bias` (L,) from a token's states to
    the labels; `moves` (L, L) between labels."""

    weights: Mapping[str, Floats]

    def __post_init__(self) -> None:
        """KeyError when weights are missing."""
        if lacking := NEEDED - set(self.weights):
            raise KeyError(f"a network lacks {sorted(lacking)}")

    @property
    def moves(self) -> Floats:
        return self.weights["moves"]

    @cached_property
    def tables(self) -> list[Floats]:
        return tables(self.weights)

    @property
    def width(self) -> int:
        """2H, how many states there are of a token."""
        return len(self.weights["out"])

    def scores(self, features: Numbers, steps: Walk) -> Floats:
        """What speaks for each label at each token; shape (N, L)."""
        states = np.empty((len(features), self.width), np.float32)
        self.read(features, steps, states)
        found: Floats = states @ self.weights["out"] + self.weights["out_bias"]
        return found

    @cached_property
    def _joined(self) -> int:
        """The number of the first of the two neighbouring tables that are read as one; 0: none are small enough."""
        sizes = [len(table) for table in self.tables]
        rows = {n: sizes[n] * sizes[n + 1] for n in range(1, len(sizes) - 1)}
        best = min(rows, key=lambda n: rows[n], default=0)
        return best if rows.get(best, _JOINED + 1) <= _JOINED else 0

    def mapped(self, into: Floats, bias: Floats) -> list[Floats]:
        """The tables already multiplied by what follows: reading a row is cheaper than multiplying it."""
        cuts = np.cumsum([table.shape[1] for table in self.tables])[:-1]
        found = [table @ part for table, part in zip(self.tables, np.split(into, cuts), strict=True)]
        found[0] = found[0] + bias
        if self._joined:
            first, second = found[self._joined : self._joined + 2]
            found[self._joined : self._joined + 2] = [(first[:, None] + second).reshape(-1, into.shape[1])]
        return found

    def asked(self, features: Numbers) -> Numbers:
        """The rows to read of each mapped table, shape (number of mapped tables, N)."""
        columns = list(features.T)
        if self._joined:
            first, second = columns[self._joined : self._joined + 2]
            columns[self._joined : self._joined + 2] = [first * len(self.tables[self._joined + 1]) + second]
        return np.stack(columns)

    @cached_property
    def _halves(self) -> tuple[Floats, Floats]:
        """What the values for gates and fresh part are taken by, given and carried: a gate is (1 + tanh(x / 2)) / 2,
        and tanh is several times as fast as exp and a division."""
        half, whole = np.full(self.width // 2, 0.5, np.float32), np.ones(self.width // 2, np.float32)
        return np.concatenate([half, half, whole]), np.concatenate([half, half, half])

    @cached_property
    def _ready(self) -> list[tuple[list[Floats], Floats]]:
        given, carried = self._halves
        return [
            (
                self.mapped(self.weights[f"into{n}"] * given, self.weights[f"bias{n}"] * given),
                self.weights[f"over{n}"] * carried,
            )
            for n in range(len(DIRECTIONS))
        ]

    def read(self, features: Numbers, steps: Walk, states: Floats) -> None:
        """Fill `states` (N, 2H) with what is known at each token from both sides."""
        asked = self.asked(features)
        for side, (direction, half) in enumerate(zip(DIRECTIONS, np.split(states, 2, axis=1), strict=True)):
            self._read(side, asked, (steps, direction), half)

    def _read(self, side: int, asked: Numbers, way: tuple[Walk, int], found: Floats) -> None:
        """The states (N, H) after each token, coming from one side. What is given is gathered step by step: all of it
        at once would leave the processor's cache."""
        (steps, direction), (mapped, over), width = way, self._ready[side], self.width // 2
        state = np.zeros((steps.count, width), np.float32)
        given, more, now = np.empty((3, steps.count, 3 * width), np.float32)
        for step in ordered(steps, direction):
            row, here = steps.begun[step], steps.here[step]
            size = len(here)
            gather(mapped, asked[:, here], given[:size], more[:size])
            np.matmul(state[row:], over, out=now[:size])
            gates = given[:size, : 2 * width]
            gates += now[:size, : 2 * width]
            np.tanh(gates, out=gates)
            gates += np.float32(1)
            fresh, carried = given[:size, 2 * width :], now[:size, 2 * width :]
            carried *= gates[:, width:]
            fresh += carried
            np.tanh(fresh, out=fresh)
            keep, old = gates[:, :width], state[row:]
            keep *= np.float32(0.5)
            old -= fresh
            old *= keep
            old += fresh
            found[here] = old


def tables(weights: Mapping[str, Floats]) -> list[Floats]:
    """The tables of features among the weights, in their order."""
    return [weights[f"table{n}"] for n in range(sum(name.startswith("table") for name in weights))]


def gather(mapped: Sequence[Floats], asked: Numbers, given: Floats, more: Floats) -> None:
    """The sum of a row of each table into `given`; `more` is room of the same shape. "clip": numpy buffers what it
    checks."""
    np.take(mapped[0], asked[0], axis=0, out=given, mode="clip")
    for table, rows in zip(mapped[1:], asked[1:], strict=True):
        np.take(table, rows, axis=0, out=more, mode="clip")
        given += more


def sigmoid(values: Floats) -> Floats:
    """In place."""
    values *= np.float32(0.5)
    np.tanh(values, out=values)
    values += np.float32(1)
    values *= np.float32(0.5)
    return values


def ordered(steps: Walk, direction: int) -> Sequence[int]:
    return range(len(steps.begun))[::direction]
