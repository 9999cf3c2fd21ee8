"""The law of rotations: counted, computed and by hand; false-discovery control."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from scipy.stats import false_discovery_control

from zhongshu.hub.judge.causes.chance import chances, exceedances, false_discovery, tail
from zhongshu.hub.judge.causes.strata import Tables


def tables(seed: int, classes: int = 2, pieces: int = 40, weeks: int = 8) -> Tables:
    near = np.random.default_rng(seed).poisson(3.0, (1, classes, classes, pieces, weeks)).astype(np.float32)
    near[..., ::2, -1] = 0
    turns = np.where(np.arange(pieces) % 2, weeks, weeks - 1)
    return Tables(near[..., 0].sum(axis=-1).astype(int), near, turns, near.sum(axis=(-1, -2)).astype(int))


def test_the_tail_is_that_of_every_combination() -> None:
    table = np.random.default_rng(2).gamma(2.0, 1.0, (6, 5))
    sums = np.array([sum(choice) for choice in itertools.product(*table)])
    for share in (0.9, 0.99, 0.999):
        observed = float(np.quantile(sums, share))
        exact = float(np.mean(sums >= observed))
        assert tail(table, np.full(6, 5), observed) == pytest.approx(exact, rel=0.3)


def test_the_greatest_sum_has_the_chance_of_its_one_combination() -> None:
    table = np.random.default_rng(3).gamma(2.0, 1.0, (4, 6))
    assert tail(table, np.full(4, 6), float(table.max(axis=1).sum())) == pytest.approx(6.0**-4)
    assert tail(np.ones((4, 6)), np.full(4, 6), 4.0) == 1.0


def test_rotations_that_do_not_exist_are_never_drawn() -> None:
    short = np.array([[1.0, 2.0, 0.0], [3.0, 4.0, 0.0]])
    assert tail(short, np.array([2, 2]), 6.0) == pytest.approx(0.25)


def test_counting_agrees_with_the_computed_tail() -> None:
    table = tables(4)
    tested = np.array([[[False, True], [True, False]]])
    found = exceedances(table, tested, 4000, 1)
    for a, b in ((0, 1), (1, 0)):
        observed = float(table.observed()[0, a, b])
        counted = (found[0, a, b] + 1) / 4001
        assert tail(table.near[0, a, b], table.turns, observed) == pytest.approx(counted, rel=0.35)


def test_what_is_not_tested_has_no_chance_of_being_told() -> None:
    p, _beaten = chances(tables(5), np.array([[[False, True], [False, False]]]), 99, 0)
    assert p[0, 1, 0] == p[0, 0, 0] == p[0, 1, 1] == 1.0
    assert p[0, 0, 1] <= 1.0


def test_false_discovery_is_that_of_scipy() -> None:
    p = np.random.default_rng(6).uniform(0, 1, 50) ** 3
    np.testing.assert_allclose(false_discovery(p), false_discovery_control(p, method="by"))
    np.testing.assert_allclose(false_discovery(p, dependent=False), false_discovery_control(p, method="bh"))
    assert len(false_discovery(np.zeros(0))) == 0
