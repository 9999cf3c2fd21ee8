"""窗口网络 the tagger's other kind of small network: tokens read with their neighbours, ever wider; plain numpy."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from zhongshu.hub.judge.address_net import Floats, Net, Numbers, SidedNet, Walk, gather, sigmoid

GAPS = (1, 2, 4, 4)
"""How far each layer's neighbours stand; with all four layers a token sees eleven to either side."""
MARGIN = max(GAPS)
_CHUNK = 768
"""Tokens taken at once: more would leave the processor's cache."""


def layers(weights: Mapping[str, Floats]) -> int:
    """How many layers a net of windows has, at most as many as there are `GAPS`."""
    return sum(name.startswith("kernel") for name in weights)


def margined(sizes: Numbers) -> tuple[Numbers, NDArray[np.bool_]]:
    """Addresses of `sizes` laid in one row with empty places around each: where the tokens are, and which are empty."""
    owner = np.repeat(np.arange(len(sizes)), sizes)
    where = np.arange(len(owner)) + (owner + 1) * MARGIN
    empty = np.ones(len(owner) + (len(sizes) + 1) * MARGIN, bool)
    empty[where] = False
    return where, empty


def sights(values: Floats, gap: int) -> list[Floats]:
    """The values (R, W) as the tokens between the outer margins see them: before, here, behind; (R - 2 MARGIN, W)."""
    last = len(values) - MARGIN
    return [values[MARGIN + offset : last + offset] for offset in (-gap, 0, gap)]


class WindowNet(Net):
    """卷积网络: `inner` (I, W) and `inner_bias` (W,); for each layer `kernel` (3, W, 2W) and `shift` (2W,): what is
    added to a token from its neighbours, and how much of it."""

    @cached_property
    def _ready(self) -> tuple[list[Floats], list[tuple[Floats, Floats]]]:
        """Kernels are halved: a gate is (1 + tanh(x / 2)) / 2, and its last half goes to what it lets in."""
        half = np.float32(0.5)
        names = [(f"kernel{n}", f"shift{n}") for n in range(layers(self.weights))]
        halved = [
            (self.weights[kernel].reshape(-1, len(self.weights[shift])) * half, self.weights[shift] * half)
            for kernel, shift in names
        ]
        return self.mapped(self.weights["inner"], self.weights["inner_bias"]), halved

    def states(self, features: Numbers, steps: Walk) -> Floats:
        """What is known at each token from its neighbours; `features` (N, tables) row numbers; shape (N, W)."""
        asked = self.asked(features)
        found = np.empty((len(features), len(self.weights["inner_bias"])), np.float32)
        for start, end, sizes in chunks(steps.sizes):
            found[start:end] = self._read(asked[:, start:end], sizes)
        return found

    def _read(self, asked: Numbers, sizes: Numbers) -> Floats:
        """Only tokens are multiplied here, not the empty places between addresses."""
        mapped, halved = self._ready
        where, empty = margined(sizes)
        width = mapped[0].shape[1]
        tokens, more = np.empty((2, len(where), width), np.float32)
        gather(mapped, asked, tokens, more)
        laid = np.zeros((len(empty), width), np.float32)
        seen = np.empty((len(where), 3, width), np.float32)
        for (kernel, shift), gap in zip(halved, GAPS, strict=False):
            laid[where] = tokens
            np.take(laid, where[:, None] + np.array([-gap, 0, gap]), axis=0, out=seen, mode="clip")
            both = seen.reshape(len(where), 3 * width) @ kernel
            both += shift
            gates = np.tanh(both[:, width:])
            gates += np.float32(1)
            gates *= both[:, :width]
            tokens += gates
        return tokens


def chunks(sizes: Numbers) -> Iterator[tuple[int, int, Numbers]]:
    """Neighbouring addresses of about as many tokens as are taken at once: first token, last, and their sizes."""
    ends = np.cumsum(sizes)
    turns = np.flatnonzero(np.diff(ends // _CHUNK)) + 1
    for part, after in zip(np.split(sizes, turns), np.split(ends, turns), strict=True):
        if len(part):
            yield int(after[0] - part[0]), int(after[-1]), part


def net_of(weights: Mapping[str, Floats]) -> Net:
    """The network that has these weights; KeyError when some of them are missing."""
    needed = {"table0", "out", "out_bias", "moves"} | ({"inner"} if "kernel0" in weights else {"over0", "over1"})
    if lacking := needed - set(weights):
        raise KeyError(f"a network lacks {sorted(lacking)}")
    return WindowNet(weights) if "kernel0" in weights else SidedNet(weights)


class WindowPass:
    """One way through the layers while teaching: `states` (N, W) of the tokens, and the way back."""

    def __init__(
        self, weights: Mapping[str, Floats], given: Floats, steps: Walk, mask: Callable[[tuple[int, ...]], Floats]
    ) -> None:
        """`given` (N, I) of each token; `mask` draws which inputs of a layer are left out."""
        self._weights, self._given = weights, given
        self._where, self._empty = margined(steps.sizes)
        wide = np.zeros((len(self._empty), len(weights["inner_bias"])), given.dtype)
        wide[self._where] = given @ weights["inner"] + weights["inner_bias"]
        self._layers: list[tuple[Floats, Floats, Floats, Floats]] = []
        for number, gap in enumerate(GAPS[: layers(weights)]):
            kept = mask(wide.shape)
            shown = wide * kept
            kernel = weights[f"kernel{number}"]
            both = sum(seen @ part for seen, part in zip(sights(shown, gap), kernel, strict=True))
            let, gates = np.split(both + weights[f"shift{number}"], 2, axis=1)
            gates = sigmoid(gates.copy())
            self._layers.append((shown, kept, let, gates))
            wide[MARGIN:-MARGIN] += let * gates
            wide[self._empty] = 0
        self.states: Floats = wide[self._where]

    def back(self, by_states: Floats) -> tuple[Floats, dict[str, Floats]]:
        """The gradient by what was given (N, I), and by the weights."""
        slope = np.zeros((len(self._empty), by_states.shape[1]), by_states.dtype)
        slope[self._where] = by_states
        found: dict[str, Floats] = {}
        for number in reversed(range(len(self._layers))):
            shown, kept, let, gates = self._layers[number]
            added = slope[MARGIN:-MARGIN]
            by_both = np.concatenate([added * gates, added * let * gates * (1 - gates)], axis=1)
            kernel, by_shown = self._weights[f"kernel{number}"], np.zeros_like(slope)
            found[f"kernel{number}"] = np.stack([seen.T @ by_both for seen in sights(shown, GAPS[number])])
            found[f"shift{number}"] = by_both.sum(axis=0)
            for seen, part in zip(sights(by_shown, GAPS[number]), kernel, strict=True):
                np.add(seen, by_both @ part.T, out=seen)
            slope += by_shown * kept
            slope[self._empty] = 0
        by_tokens = slope[self._where]
        found["inner"], found["inner_bias"] = self._given.T @ by_tokens, by_tokens.sum(axis=0)
        return by_tokens @ self._weights["inner"].T, found
