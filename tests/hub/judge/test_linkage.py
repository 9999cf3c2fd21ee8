"""Average linkage and placing into groups."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import sparse
from scipy.cluster.hierarchy import fcluster, linkage
from sklearn.metrics import adjusted_rand_score

from zhongshu.hub.judge.linkage import average, placed


def _rows(count: int, seed: int) -> sparse.csr_matrix:
    dense = np.random.default_rng(seed).random((count, 6)).astype(np.float32)
    return sparse.csr_matrix(dense / np.linalg.norm(dense, axis=1, keepdims=True))


@settings(max_examples=30)
@given(st.integers(2, 40), st.integers(0, 999), st.sampled_from([0.6, 0.75, 0.85, 0.95]))
def test_the_same_groups_as_scipy(count: int, seed: int, least: float) -> None:
    rows = _rows(count, seed)
    expected = fcluster(linkage(rows.toarray(), "average", "cosine"), 1 - least, "distance")
    assert adjusted_rand_score(expected, average(rows, least)) == pytest.approx(1)


def test_groups_that_are_given_stay_together() -> None:
    rows = sparse.csr_matrix(np.eye(4, dtype=np.float32))
    np.testing.assert_array_equal(average(rows, 0.5, np.array([3, 3, 8, 9])), [0, 0, 1, 2])


def test_nothing_to_group_and_too_much() -> None:
    assert average(sparse.csr_matrix(np.zeros((0, 3), np.float32)), 0.5).shape == (0,)
    with pytest.raises(ValueError, match="at most"):
        average(sparse.csr_matrix(np.zeros((12_001, 1), np.float32)), 0.5)


def test_a_newcomer_goes_where_it_is_most_alike_on_average() -> None:
    known = sparse.csr_matrix(np.array([[1, 0, 0], [1, 0, 0], [0, 1, 0]], np.float32))
    new = sparse.csr_matrix(np.array([[0.8, 0.6, 0], [0, 0, 1], [0, 0, 1], [0, 0, 0]], np.float32))
    assert placed(new, known, np.array([5, 5, 2]), 0.3).tolist() == [5, 6, 6, 7]
    assert placed(new[:1], known[:0], np.zeros(0, np.int64), 0.3).tolist() == [0]
