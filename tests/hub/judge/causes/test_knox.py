"""Knox: the same statistic as counting by hand and as pointpats."""

from __future__ import annotations

import warnings

import numpy as np
import pytest

from zhongshu.hub.judge.causes.knox import knox


def some(seed: int, whole: bool, count: int = 150) -> tuple[np.ndarray, np.ndarray]:
    random = np.random.default_rng(seed)
    t = random.uniform(0, 400, count)
    return random.uniform(0, 1000, (count, 2)), np.floor(t) if whole else t


@pytest.mark.parametrize("whole", [True, False])
def test_counts_every_pair(whole: bool) -> None:
    points, t = some(3, whole)
    apart = np.hypot(*(points[:, None] - points[None]).transpose(2, 0, 1))
    close = (apart <= 90) & (np.abs(t[:, None] - t[None]) <= 30)
    found = knox(points, t, (90.0, 30.0), 99)
    assert found.pairs == (int(close.sum()) - len(t)) // 2
    assert len(found.shuffled) == 99


def test_whole_hours_take_the_short_way_to_the_same_counts() -> None:
    points, t = some(4, True)
    short, long = knox(points, t, (120.0, 24.0), 130, 5), knox(points, t + 0.5, (120.0, 24.0), 130, 5)
    np.testing.assert_array_equal(short.shuffled, long.shuffled)


def test_shuffling_keeps_the_mean_of_independence() -> None:
    points, t = some(5, True, 400)
    found = knox(points, t, (100.0, 40.0), 499)
    near = np.sum(np.hypot(*(points[:, None] - points[None]).transpose(2, 0, 1)) <= 100) - 400
    soon = np.sum(np.abs(t[:, None] - t[None]) <= 40) - 400
    assert found.expected == pytest.approx(near / 2 * soon / 2 / (400 * 399 / 2), rel=0.03)
    assert found.p > 0.01


def test_a_cluster_is_found() -> None:
    points, t = some(6, True)
    points[:12], t[:12] = points[0] + np.arange(24).reshape(12, 2), t[0] + np.arange(12)
    found = knox(points, t, (60.0, 24.0), 199)
    assert found.p == 1 / 200
    assert found.strength > 2


def test_nothing_to_test() -> None:
    assert knox(np.zeros((0, 2)), np.zeros(0), (10.0, 10.0), 9).pairs == 0


def test_same_as_pointpats() -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        peer = pytest.importorskip("pointpats", reason="pointpats is not installed")
        points, t = some(7, True, 200)
        theirs = peer.Knox(points, t.reshape(-1, 1), 100, 48, permutations=199, keep=True)
    ours = knox(points, t, (100.0, 48.0), 199)
    assert ours.pairs == theirs.statistic_
    assert ours.p == pytest.approx(theirs.p_sim, abs=0.15)
