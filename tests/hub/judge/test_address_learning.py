"""The network of the address tagger: its gradients against differences, its two ways to read against each other."""

from __future__ import annotations

import itertools
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from zhongshu.hub.judge.address_learning import Course, Lesson, beginning, gradients, likelihood, teach
from zhongshu.hub.judge.address_net import Net, walk

SMALL = replace(Course(), hidden=4, dims=(3, 2, 2), forget=(0.0, 0.0, 0.0), drop_in=0.0, drop_out=0.0)
LABELS, ROWS = 3, (5, 4, 3)


def lesson(sizes: list[int], seed: int) -> Lesson:
    random = np.random.default_rng(seed)
    total = sum(sizes)
    features = np.stack([random.integers(0, rows, total) for rows in ROWS], axis=1)
    return Lesson(features, random.integers(0, LABELS, total), np.array(sorted(sizes)))


@settings(max_examples=20, deadline=None)
@given(st.lists(st.integers(1, 5), min_size=1, max_size=5), st.integers(0, 1000))
def test_gradients_are_those_of_the_loss(sizes: list[int], seed: int) -> None:
    random = np.random.default_rng(seed)
    part = lesson(sizes, seed)
    weights = {name: value.astype(np.float64) for name, value in beginning(ROWS, LABELS, SMALL, random).items()}
    weights["moves"] = random.standard_normal((LABELS, LABELS))
    _, slopes = gradients(weights, part, SMALL, random)
    for name, value in weights.items():
        direction = random.standard_normal(value.shape)
        ahead, behind = (
            gradients({**weights, name: value + step * direction}, part, SMALL, random)[0] for step in (1e-3, -1e-3)
        )
        assert (ahead - behind) / 2e-3 == pytest.approx(float((slopes[name] * direction).sum()), abs=2e-3)


def test_the_likelihood_is_over_all_paths() -> None:
    random = np.random.default_rng(1)
    scores, moves = random.standard_normal((3, LABELS)), random.standard_normal((LABELS, LABELS))
    part = Lesson(np.zeros((3, 2), np.int64), np.array([0, 2, 1]), np.array([3]))

    def worth(path: tuple[int, ...]) -> float:
        steps = sum(moves[a, b] for a, b in itertools.pairwise(path))
        return float(sum(scores[n, label] for n, label in enumerate(path)) + steps)

    every = np.log(sum(np.exp(worth(path)) for path in itertools.product(range(LABELS), repeat=3)))
    loss, *_ = likelihood(scores, moves, part, walk(part.sizes))
    assert loss * 3 == pytest.approx(every - worth((0, 2, 1)), abs=1e-5)


def test_an_address_is_read_the_same_alone_and_in_a_batch() -> None:
    net = Net(beginning(ROWS, LABELS, SMALL, np.random.default_rng(2)))
    part = lesson([2, 3, 5], 4)
    together = net.scores(part.features, walk(part.sizes))
    alone = net.scores(part.features[2:5], walk(np.array([3])))
    assert together[2:5] == pytest.approx(alone, abs=1e-5)


def test_what_is_taught_is_what_is_read() -> None:
    """Reading folds tables and halves into the weights; the loss of its scores is that of teaching."""
    random = np.random.default_rng(5)
    weights = beginning(ROWS, LABELS, SMALL, random)
    part = lesson([1, 3, 4, 6], 6)
    steps = walk(part.sizes)
    loss, *_ = likelihood(Net(weights).scores(part.features, steps), weights["moves"], part, steps)
    assert loss == pytest.approx(gradients(weights, part, SMALL, random)[0], abs=1e-5)


def test_a_net_that_lacks_a_part_is_refused() -> None:
    weights = beginning(ROWS, LABELS, SMALL, np.random.default_rng(2))
    with pytest.raises(KeyError, match="lacks.*over1"):
        Net({name: value for name, value in weights.items() if name != "over1"})


def test_it_learns_what_stands_before_and_behind() -> None:
    """The label of the middle token hangs on both neighbours: no token alone tells it."""
    random = np.random.default_rng(3)
    first, last = random.integers(1, 3, 60), random.integers(1, 3, 60)
    labels = np.zeros((60, 3), np.int64)
    labels[:, 1] = np.where((first == 2) & (last == 2), 1, 2)
    rows = np.stack([first, np.full(60, 3), last], axis=1).reshape(-1)
    part = Lesson(
        np.stack([rows, np.zeros(180, np.int64), np.zeros(180, np.int64)], axis=1), labels.reshape(-1), np.full(60, 3)
    )
    net = teach(part, ROWS, LABELS, replace(SMALL, rounds=300, hidden=8), 2)
    said = net.scores(part.features, walk(part.sizes)).argmax(axis=1).reshape(60, 3)
    assert (said == labels).all()
