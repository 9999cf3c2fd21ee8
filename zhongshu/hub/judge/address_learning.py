"""网络训练 teaching a network: gradients of the likelihood of whole label paths, steps by Adam; numpy only."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from zhongshu.hub.judge.address_net import DIRECTIONS, Net, Walk, ordered, sigmoid, tables, walk

Floats = NDArray[np.float32]
Numbers = NDArray[np.int64]
Weights = dict[str, Floats]

UNKNOWN = 0
"""Row of every table for what was not seen in training."""
LEAST = 400
"""Batches gone through at least, however few addresses there are."""


@dataclass(frozen=True, slots=True)
class Course:
    """课程: sizes and rates; measured on a part of the training addresses that was held back (docs/models/place.md).

    `dims` of the tables, `hidden` units a side, `rounds` over all addresses, `batch` addresses a step; `forget` the
    share of values of each feature shown as unknown; `drop_in`, `drop_out` shares of inputs and states left out.
    """

    dims: tuple[int, ...] = (64, 24, 48, 8, 24)
    hidden: int = 64
    rounds: int = 8
    batch: int = 48
    rate: float = 3e-3
    forget: tuple[float, ...] = (0.1, 0.0, 0.1, 0.0, 0.15)
    drop_in: float = 0.3
    drop_out: float = 0.4


@dataclass(frozen=True, slots=True)
class Lesson:
    """课文: `features` (N, K) row numbers and `labels` (N,) of all tokens; `sizes` (n,) of the addresses in the row."""

    features: Numbers
    labels: Numbers
    sizes: Numbers


def beginning(rows: Sequence[int], labels: int, course: Course, random: np.random.Generator) -> Weights:
    """Small random weights: `rows` of each table."""
    wide = sum(course.dims)

    def drawn(*shape: int, scale: float) -> Floats:
        return (random.standard_normal(shape) * scale).astype(np.float32)

    hidden, states = course.hidden, len(DIRECTIONS) * course.hidden
    sizes = enumerate(zip(rows, course.dims, strict=True))
    found: Weights = {f"table{n}": drawn(v, d, scale=0.1) for n, (v, d) in sizes}
    for side in range(len(DIRECTIONS)):
        found[f"into{side}"] = drawn(wide, 3 * hidden, scale=wide**-0.5)
        found[f"over{side}"] = drawn(hidden, 3 * hidden, scale=hidden**-0.5)
        found[f"bias{side}"] = np.zeros(3 * hidden, np.float32)
    found["out"] = drawn(states, labels, scale=states**-0.5)
    found["out_bias"] = np.zeros(labels, np.float32)
    found["moves"] = np.zeros((labels, labels), np.float32)
    return found


def teach(lesson: Lesson, rows: Sequence[int], labels: int, course: Course, seed: int) -> Net:
    """A network that has gone over all addresses `course.rounds` times, or more often when they are few."""
    random = np.random.default_rng(seed)
    weights = beginning(rows, labels, course, random)
    batches = -(-len(lesson.sizes) // course.batch)
    rounds = max(course.rounds, -(-LEAST // batches))
    adam = _Adam(weights, course.rate, rounds * batches)
    for _ in range(rounds):
        for part in _parts(lesson, course, random):
            adam.step(gradients(weights, part, course, random)[1])
    return Net(weights)


def _parts(lesson: Lesson, course: Course, random: np.random.Generator) -> Iterator[Lesson]:
    """Batches of addresses of about one length, in random order."""
    starts = np.cumsum(lesson.sizes) - lesson.sizes
    order = np.argsort(lesson.sizes + random.uniform(0, 4, len(lesson.sizes)))
    groups = [order[n : n + course.batch] for n in range(0, len(order), course.batch)]
    for number in random.permutation(len(groups)).tolist():
        group = groups[number][np.argsort(lesson.sizes[groups[number]], kind="stable")]
        where = np.concatenate([np.arange(starts[n], starts[n] + lesson.sizes[n]) for n in group])
        features = lesson.features[where].copy()
        for column, share in enumerate(course.forget):
            features[random.random(len(features)) < share, column] = UNKNOWN
        yield Lesson(features, lesson.labels[where], lesson.sizes[group])


@dataclass(slots=True)
class _Trace:
    """What one direction remembers of its way, per step: state before, gates, fresh, and the fresh part of `over`."""

    states: Floats
    steps: dict[int, tuple[Floats, Floats, Floats, Floats]]


def gradients(weights: Weights, part: Lesson, course: Course, random: np.random.Generator) -> tuple[float, Weights]:
    """Loss per token (minus the log likelihood of the true labels) and its gradient by every weight."""
    steps = walk(part.sizes)
    found_tables = tables(weights)
    embedded = np.concatenate([table[part.features[:, n]] for n, table in enumerate(found_tables)], axis=1)
    kept_in = _mask(embedded.shape, course.drop_in, random)
    given = embedded * kept_in
    reader = _SidedPass(weights, given, steps)
    kept_out = _mask(reader.states.shape, course.drop_out, random)
    shown: Floats = reader.states * kept_out
    loss, by_scores, by_moves = likelihood(shown @ weights["out"] + weights["out_bias"], weights["moves"], part, steps)
    found: Weights = {"moves": by_moves, "out": shown.T @ by_scores, "out_bias": by_scores.sum(axis=0)}
    by_given, slopes = reader.back((by_scores @ weights["out"].T) * kept_out)
    found |= slopes
    by_given *= kept_in
    cuts = np.cumsum([table.shape[1] for table in found_tables])[:-1]
    for number, slope in enumerate(np.split(by_given, cuts, axis=1)):
        found[f"table{number}"] = _gathered(part.features[:, number], slope, len(found_tables[number]))
    return loss, found


class _SidedPass:
    """One way from both sides while teaching: `states` (N, 2H) of the tokens, and the way back."""

    def __init__(self, weights: Weights, given: Floats, steps: Walk) -> None:
        self._weights, self._given, self._steps = weights, given, steps
        self._traces = [
            _forward(given @ weights[f"into{side}"] + weights[f"bias{side}"], weights[f"over{side}"], steps, direction)
            for side, direction in enumerate(DIRECTIONS)
        ]
        self.states: Floats = np.concatenate([trace.states for trace in self._traces], axis=1)

    def back(self, by_states: Floats) -> tuple[Floats, Weights]:
        """The gradient by what was given (N, I), and by the weights."""
        found: Weights = {}
        by_given = np.zeros_like(self._given)
        for side, (direction, slope) in enumerate(zip(DIRECTIONS, np.split(by_states, 2, axis=1), strict=True)):
            over, into = self._weights[f"over{side}"], self._weights[f"into{side}"]
            by_pre, found[f"over{side}"] = _back(slope, self._traces[side], over, self._steps, direction)
            found[f"into{side}"], found[f"bias{side}"] = self._given.T @ by_pre, by_pre.sum(axis=0)
            by_given += by_pre @ into.T
        return by_given, found


def _mask(shape: tuple[int, ...], share: float, random: np.random.Generator) -> Floats:
    if not share:
        return np.ones(shape, np.float32)
    return (random.random(shape, np.float32) >= share).astype(np.float32) / np.float32(1 - share)


def _gathered(rows: Numbers, slopes: Floats, size: int) -> Floats:
    ones = np.ones(len(rows), np.float32)
    one_hot = sparse.csr_matrix((ones, (rows, np.arange(len(rows)))), shape=(size, len(rows)))
    summed: Floats = one_hot @ slopes
    return summed


def _forward(pre: Floats, over: Floats, steps: Walk, direction: int) -> _Trace:
    width = len(over)
    state = np.zeros((steps.count, width), np.float32)
    trace = _Trace(np.empty((len(pre), width), np.float32), {})
    for step in ordered(steps, direction):
        row, here = steps.begun[step], steps.here[step]
        before = state[row:].copy()
        now, given = before @ over, pre[here]
        gates = sigmoid(given[:, : 2 * width] + now[:, : 2 * width])
        fresh = np.tanh(given[:, 2 * width :] + gates[:, width:] * now[:, 2 * width :])
        state[row:] = fresh + gates[:, :width] * (before - fresh)
        trace.states[here] = state[row:]
        trace.steps[step] = (before, gates, fresh, now[:, 2 * width :])
    return trace


def _back(by_states: Floats, trace: _Trace, over: Floats, steps: Walk, direction: int) -> tuple[Floats, Floats]:
    width = len(over)
    carried = np.zeros((steps.count, width), np.float32)
    by_pre = np.empty((len(by_states), 3 * width), np.float32)
    by_over = np.zeros_like(over)
    for step in ordered(steps, -direction):
        row, here = steps.begun[step], steps.here[step]
        before, gates, fresh, above = trace.steps[step]
        keep, reset = gates[:, :width], gates[:, width:]
        slope = carried[row:] + by_states[here]
        by_fresh = slope * (1 - keep) * (1 - fresh * fresh)
        by_gates = np.concatenate([slope * (before - fresh), by_fresh * above], axis=1) * gates * (1 - gates)
        by_pre[here] = np.concatenate([by_gates, by_fresh], axis=1)
        by_now = np.concatenate([by_gates, by_fresh * reset], axis=1)
        by_over += before.T @ by_now
        carried[row:] = slope * keep + by_now @ over.T
    return by_pre, by_over


def likelihood(scores: Floats, moves: Floats, part: Lesson, steps: Walk) -> tuple[float, Floats, Floats]:
    """Minus the mean log likelihood per token of the labels, and its gradient by `scores` and by `moves`."""
    tops = scores.max(axis=1, keepdims=True)
    odds, steady = np.exp(scores - tops), np.exp(moves)
    ahead, sums = np.empty_like(odds), np.empty(len(odds), np.float32)
    for step in range(len(steps.begun)):
        here, old = steps.here[step], _old(steps, step)
        reached = odds[here]
        if old is not None:
            reached[old[0] :] *= ahead[old[1]] @ steady
        sums[here] = reached.sum(axis=1)
        ahead[here] = reached / sums[here][:, None]
    behind = np.ones_like(odds)
    pairs = np.zeros_like(moves)
    for step in range(len(steps.begun) - 1, 0, -1):
        old = _old(steps, step)
        assert old is not None
        later = steps.here[step][old[0] :]
        coming = odds[later] * behind[later] / sums[later][:, None]
        pairs += ahead[old[1]].T @ coming
        behind[old[1]] = coming @ steady.T
    total = len(odds)
    by_scores = ahead * behind
    by_scores[np.arange(total), part.labels] -= 1
    inside = np.ones(total, bool)
    inside[np.cumsum(part.sizes) - 1] = False
    first = np.flatnonzero(inside)
    by_moves = pairs * steady
    np.subtract.at(by_moves, (part.labels[first], part.labels[first + 1]), 1)
    true = scores[np.arange(total), part.labels].sum() + moves[part.labels[first], part.labels[first + 1]].sum()
    loss = float(np.log(sums).sum() + tops.sum() - true) / total
    return loss, (by_scores / total).astype(np.float32), (by_moves / total).astype(np.float32)


def _old(steps: Walk, step: int) -> tuple[int, Numbers] | None:
    """Of a step's addresses how many have only begun, and where the others stood the step before; None at the start."""
    if not step:
        return None
    return steps.begun[step - 1] - steps.begun[step], steps.here[step - 1]


class _Adam:
    """Adam with a rate that falls as a cosine, decay of weights, and gradients cut at a length of 5."""

    def __init__(self, weights: Weights, rate: float, steps: int) -> None:
        self._weights, self._rate, self._steps, self._done = weights, rate, steps, 0
        self._mean = {name: np.zeros_like(value) for name, value in weights.items()}
        self._square = {name: np.zeros_like(value) for name, value in weights.items()}

    def step(self, slopes: Weights) -> None:
        length = float(np.sqrt(sum(float((slope * slope).sum()) for slope in slopes.values())))
        cut = np.float32(min(1.0, 5.0 / max(length, 1e-12)))
        rate = self._rate * (0.02 + 0.98 * 0.5 * (1 + np.cos(np.pi * self._done / self._steps)))
        self._done += 1
        for name, slope in slopes.items():
            mean, square, weight = self._mean[name], self._square[name], self._weights[name]
            mean += np.float32(0.1) * (slope * cut - mean)
            square += np.float32(0.001) * (np.square(slope * cut) - square)
            step = (mean / (1 - 0.9**self._done)) / (np.sqrt(square / (1 - 0.999**self._done)) + np.float32(1e-8))
            weight -= np.float32(rate) * (step + np.float32(1e-4) * weight)
